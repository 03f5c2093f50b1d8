//! Labels and card fields for search: each pair once per repository, with the newest version that has it.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use artifact::{ModelCard, Summary};

use crate::store::Writing;

/// The longest label that is searched, in characters.
const LONGEST: usize = 200;
/// Pairs of one version that are searched.
const MOST: usize = 64;
/// Pairs that are remembered between batches.
const REMEMBERED: usize = 200_000;

/// Remembers which pairs were written lately: versions of one repository share most of theirs.
#[derive(Default)]
pub(crate) struct LabelGate {
    newest: HashMap<u64, Option<i64>>,
}

impl LabelGate {
    /// Whether the pair has to be written: it is new, or its version is newer than the one written.
    fn passes(&mut self, repository: i64, label: &str, created: Option<i64>) -> bool {
        let mut hasher = DefaultHasher::new();
        (repository, label).hash(&mut hasher);
        if self.newest.len() >= REMEMBERED {
            self.newest.clear();
        }
        match self.newest.entry(hasher.finish()) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(created);
                true
            }
            std::collections::hash_map::Entry::Occupied(mut entry) if created > *entry.get() => {
                entry.insert(created);
                true
            }
            std::collections::hash_map::Entry::Occupied(_) => false,
        }
    }
}

pub(super) fn keep_labels(
    writing: &mut Writing<'_>,
    repository: i64,
    digest: i64,
    created: Option<i64>,
    summary: &Summary,
    gate: &mut LabelGate,
) -> rusqlite::Result<()> {
    for label in searched(summary) {
        if !gate.passes(repository, &label, created) {
            continue;
        }
        let insert = "INSERT INTO labels (repository, label, digest, created_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (repository, label) DO UPDATE SET digest = excluded.digest, created_at = excluded.created_at
                WHERE coalesce(excluded.created_at > created_at, excluded.created_at IS NOT NULL)";
        writing
            .transaction
            .prepare_cached(insert)?
            .execute((repository, &label, digest, created))?;
    }
    Ok(())
}

/// The pairs of a version that a search may find, as `key=value`.
pub(crate) fn searched(summary: &Summary) -> Vec<String> {
    let mut pairs: Vec<String> = summary
        .labels
        .iter()
        .filter(|(_, value)| !value.is_empty() && !is_time(value))
        .map(|(key, value)| pair(key, value))
        .collect();
    for (field, value) in card_fields(&summary.card) {
        if !summary.labels.values().any(|known| known == value) {
            pairs.push(pair(field, value));
        }
    }
    pairs.truncate(MOST);
    pairs
}

fn pair(key: &str, value: &str) -> String {
    format!("{key}={value}").chars().take(LONGEST).collect()
}

fn card_fields(card: &ModelCard) -> Vec<(&'static str, &str)> {
    let single = [
        ("name", &card.name),
        ("format", &card.format),
        ("architecture", &card.architecture),
        ("parameters", &card.parameters),
        ("precision", &card.precision),
        ("quantization", &card.quantization),
        ("framework", &card.framework),
        ("dataset", &card.dataset),
        ("source", &card.source),
        ("base", &card.base),
        ("description", &card.description),
    ];
    let single = single
        .into_iter()
        .filter_map(|(field, value)| Some((field, value.as_deref()?)));
    let licenses = card.licenses.iter().map(|license| ("license", license.as_str()));
    let authors = card.authors.iter().map(|author| ("author", author.as_str()));
    single
        .chain(licenses)
        .chain(authors)
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// `2026-09-15T…`: nobody looks for a label by its time.
fn is_time(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.len() >= 19
        && bytes.iter().take(4).all(u8::is_ascii_digit)
        && bytes.get(4) == Some(&b'-')
        && bytes.get(10) == Some(&b'T')
}
