//! Which scheme the tags of a repository follow, told from all their names.

use std::collections::{HashMap, HashSet};

use super::{TagOrder, TagScheme, counter::CounterName, date::DateName, version::VersionName};

/// Versions are the scheme if at least one in this many of the ordered names is one: builds and nightlies beside the
/// releases are many, but the releases are what people look for.
const VERSIONS_AMONG: usize = 10;

/// The shortest commit hash that tools make.
const HASH_LENGTH: usize = 7;

/// What was counted.
#[derive(Default)]
struct Count<'a> {
    versions: usize,
    dates: usize,
    counters: HashMap<&'a str, usize>,
    /// Plain numbers as long as a hash, by length.
    long_numbers: HashMap<usize, usize>,
    majors: HashSet<u64>,
    has_plain_releases: bool,
    hash_lengths: u128,
}

pub(super) fn recognise<'a>(tags: impl Iterator<Item = &'a str>, channels: &[String]) -> TagOrder {
    let channels: HashSet<String> = channels.iter().cloned().collect();
    let mut count = Count::default();
    for tag in tags.filter(|tag| !channels.contains(*tag)) {
        count.add(tag);
    }
    let (prefix, counters) = count.best_counter();
    let scheme = if count.versions > 0 && count.versions * VERSIONS_AMONG >= count.dates + counters {
        TagScheme::Version
    } else if count.dates > 0 && count.dates >= counters {
        TagScheme::Date
    } else if counters > 0 {
        TagScheme::Counter
    } else {
        TagScheme::None
    };
    TagOrder {
        scheme,
        channels,
        majors: count.majors,
        has_plain_releases: count.has_plain_releases,
        counter_prefix: prefix.to_owned(),
        hash_lengths: count.hash_lengths,
    }
}

impl<'a> Count<'a> {
    fn add(&mut self, tag: &'a str) {
        if is_hash(tag) {
            self.hash_lengths |= length_bit(tag);
            return;
        }
        // A dotted date without zeros in front may be a version as well, and as such keeps its place among them.
        if DateName::read(tag).is_some_and(|date| !date.dotted || date.padded) {
            self.dates += 1;
        } else if let Some(version) = VersionName::read(tag).filter(|version| version.parts > 1 || version.marked) {
            self.versions += 1;
            self.has_plain_releases |= version.is_plain();
            if version.parts > 1 {
                self.majors.insert(version.version.major);
            }
        } else if let Some(counter) = CounterName::read(tag).filter(|counter| counter.rest.is_empty()) {
            *self.counters.entry(counter.prefix).or_default() += 1;
            if counter.prefix.is_empty() && counter.digits.len() >= HASH_LENGTH {
                *self.long_numbers.entry(counter.digits.len()).or_default() += 1;
            }
        }
    }

    /// The commonest prefix of counters and how many have it. Ties go to the first in the alphabet, so that the answer
    /// never depends on the order of the tags.
    fn best_counter(&mut self) -> (&'a str, usize) {
        let hashes: usize = self
            .long_numbers
            .iter()
            .filter(|(length, _)| bit(**length) & self.hash_lengths != 0)
            .map(|(_, numbers)| numbers)
            .sum();
        if let Some(plain) = self.counters.get_mut("") {
            *plain = plain.saturating_sub(hashes);
        }
        let best = self
            .counters
            .iter()
            .max_by_key(|(prefix, numbers)| (**numbers, std::cmp::Reverse(**prefix)));
        best.map_or(("", 0), |(prefix, numbers)| (*prefix, *numbers))
    }
}

/// A commit hash: hex with both letters and digits. One of digits alone is told by the lengths of the others.
fn is_hash(tag: &str) -> bool {
    let is_hex = tag.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let has_letter = tag.bytes().any(|byte| byte.is_ascii_lowercase());
    let has_digit = tag.bytes().any(|byte| byte.is_ascii_digit());
    (HASH_LENGTH..=64).contains(&tag.len()) && is_hex && has_letter && has_digit
}

/// The bit that stands for the text's length.
pub(super) fn length_bit(text: &str) -> u128 {
    if text.len() < HASH_LENGTH { 0 } else { bit(text.len()) }
}

fn bit(length: usize) -> u128 {
    u32::try_from(length)
        .ok()
        .and_then(|length| 1u128.checked_shl(length))
        .unwrap_or(0)
}
