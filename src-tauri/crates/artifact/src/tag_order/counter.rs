//! Tags that are counters: `build-9`, `42`, `run7`.

use super::natural::KeyBytes;

/// Numbers behind these words name something else than the order of versions.
const NO_COUNTERS: [&str; 10] = [
    "pr", "mr", "pull", "sha", "commit", "issue", "branch", "feature", "sha256", "sha512",
];

/// A tag read as a word with a number.
#[derive(Debug)]
pub(super) struct CounterName<'a> {
    /// With its separator; empty for a number alone.
    pub(super) prefix: &'a str,
    pub(super) digits: &'a str,
    /// What follows the number, its separator in front.
    pub(super) rest: &'a str,
}

impl<'a> CounterName<'a> {
    pub(super) fn read(tag: &'a str) -> Option<Self> {
        let (prefix, number) = tag.split_at(tag.find(|character: char| character.is_ascii_digit())?);
        let word = prefix.trim_end_matches(['-', '_', '.']);
        if NO_COUNTERS.iter().any(|other| other.eq_ignore_ascii_case(word)) {
            return None;
        }
        let (digits, rest) = number.split_at(number.bytes().take_while(u8::is_ascii_digit).count());
        let ends = rest.is_empty() || (rest.starts_with(['-', '_', '.']) && rest.len() > 1);
        ends.then_some(Self { prefix, digits, rest })
    }

    /// A counter ranks by its number; what stands behind it makes a variant that ranks just below.
    pub(super) fn write(&self, key: &mut KeyBytes) {
        key.text(self.digits);
        key.byte(u8::from(self.rest.is_empty()));
        key.text(self.rest);
    }
}
