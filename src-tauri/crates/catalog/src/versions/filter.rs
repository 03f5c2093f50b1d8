//! Which versions a list shows.

use memchr::memmem::Finder;

use super::facts::{Facts, VersionFacts};
use crate::{VersionFilter, store::milliseconds};

/// A filter made ready for many versions.
pub(super) struct Matcher<'a> {
    filter: &'a VersionFilter,
    words: Vec<(String, Finder<'static>)>,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(filter: &'a VersionFilter) -> Self {
        let words = filter.text.split_whitespace().map(str::to_lowercase);
        let words = words
            .map(|word| (word.clone(), Finder::new(word.as_bytes()).into_owned()))
            .collect();
        Self { filter, words }
    }

    pub(super) fn matches(&self, facts: &Facts, version: &VersionFacts) -> bool {
        self.matches_text(facts, version) && self.matches_read(version)
    }

    fn matches_text(&self, facts: &Facts, version: &VersionFacts) -> bool {
        self.words.iter().all(|(word, finder)| {
            let in_tag = |name: &str| finder.find(name.to_ascii_lowercase().as_bytes()).is_some();
            facts.tag_names(version).any(in_tag) || matches_digest(version, word)
        })
    }

    fn matches_read(&self, version: &VersionFacts) -> bool {
        let filter = self.filter;
        let asks = !filter.kinds.is_empty()
            || filter.platform.is_some()
            || !filter.labels.is_empty()
            || filter.created_after.is_some()
            || filter.created_before.is_some();
        if !asks {
            return true;
        }
        let Some(read) = &version.read else { return false };
        let of_kind = filter.kinds.is_empty() || filter.kinds.contains(&read.kind);
        let after = filter
            .created_after
            .is_none_or(|after| read.created >= Some(milliseconds(after)));
        let before = filter
            .created_before
            .is_none_or(|before| read.created.is_some_and(|created| created <= milliseconds(before)));
        let on_platform = filter.platform.as_ref().is_none_or(|wanted| {
            read.content()
                .platforms
                .iter()
                .any(|platform| platform.name.as_ref() == Some(wanted))
        });
        of_kind && after && before && on_platform && self.matches_labels(&read.words().labels)
    }

    fn matches_labels(&self, labels: &[(&str, &str)]) -> bool {
        let holds = |key: &str, value: &str| labels.contains(&(key, value));
        self.filter.labels.iter().all(|(key, value)| holds(key, value))
    }
}

/// `sha256:ab…` or at least four digits of the value's start.
fn matches_digest(version: &VersionFacts, word: &str) -> bool {
    let Some(digest) = &version.digest else { return false };
    let value = word.split_once(':').map_or(word, |(_, value)| value);
    value.len() >= 4 && digest.hex().starts_with(value)
}

/// The tag most like `text`, for "did you mean".
pub(super) fn closest(facts: &Facts, text: &str) -> Option<String> {
    const COMPARED: usize = 20_000;
    let wanted = text.trim().to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&wanted, &name.to_lowercase());
    let scored = facts
        .tags
        .iter()
        .take(COMPARED)
        .map(|tag| (likeness(&tag.name), &tag.name));
    let (score, name) = scored.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (score > 0.6).then(|| name.to_string())
}
