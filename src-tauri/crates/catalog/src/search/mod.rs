//! Search over everything that was seen: repositories, tags, digests, labels and cards.
//!
//! Words are AND-ed, each may match another part. Candidates come from indexes in bounded numbers and are compared and
//! ranked here, so that a million tags answer as fast as a thousand.

mod candidates;
mod names;
mod rank;
mod words;

#[cfg(test)]
mod tests;

use std::{collections::HashSet, sync::Arc};

pub(crate) use names::Names;

use self::{
    candidates::{Nearness, Reader, TagCandidate},
    names::NameList,
    rank::{Closeness, Hit, Ranked},
    words::Word,
};
use crate::{CatalogError, SearchHit, SearchHitKind, SearchQuery, store::Store};

/// Words that may be split between repository and tag; further ones are only compared.
const SPLIT_WORDS: usize = 4;

/// Answers a search; see [`crate::Index::search`].
pub(crate) fn search(store: &Store, names: &Names, query: &SearchQuery) -> Result<Vec<SearchHit>, CatalogError> {
    let words = words::parse(&query.words);
    if words.is_empty() || query.limit == 0 {
        return Ok(Vec::new());
    }
    let list = names.current(store)?;
    let mut searching = Searching::new(list, &words, query);
    searching.repositories();
    store.read(|reading| {
        let reader = Reader::new(reading);
        searching.tags(&reader)?;
        searching.digests(&reader)?;
        searching.labels(&reader)?;
        let Searching { names, ranked, .. } = searching;
        let best = ranked.best(query.limit);
        best.into_iter()
            .filter_map(|hit| write_out(&names, &reader, hit).transpose())
            .collect()
    })
}

/// A hit as it is answered; `None` for a tag that breaks the grammar, which only a damaged index holds.
fn write_out(names: &NameList, reader: &Reader<'_>, hit: Hit) -> rusqlite::Result<Option<SearchHit>> {
    let Some(name) = names.get(hit.repository) else {
        return Ok(None);
    };
    let Ok(tag) = hit.tag.as_deref().map(str::parse).transpose() else {
        return Ok(None);
    };
    let digest = reader.digest(hit.digest)?;
    let matched = match hit.kind {
        SearchHitKind::Repository => Some(name.repository.to_string()),
        SearchHitKind::Tag => hit.tag,
        SearchHitKind::Digest => digest.as_ref().map(ToString::to_string),
        SearchHitKind::Label => hit.label,
    };
    Ok(Some(SearchHit {
        connection: name.connection.clone(),
        repository: name.repository.clone(),
        tag,
        digest,
        matched: matched.unwrap_or_default(),
        kind: hit.kind,
    }))
}

struct Searching<'a> {
    names: Arc<NameList>,
    words: &'a [Word],
    query: &'a SearchQuery,
    /// Per word, per place in the names: whether the word is in the repository's name.
    in_names: Vec<Vec<bool>>,
    /// Per place in the names: whether the connection asked for has it.
    allowed: Vec<bool>,
    ranked: Ranked,
    seen_tags: HashSet<i64>,
}

impl<'a> Searching<'a> {
    fn new(names: Arc<NameList>, words: &'a [Word], query: &'a SearchQuery) -> Self {
        let in_names = words.iter().map(|word| names.matches(word)).collect();
        let allowed = names.of_connection(query.connection.as_ref());
        let ranked = Ranked::new(names.named(words));
        Self {
            names,
            words,
            query,
            in_names,
            allowed,
            ranked,
            seen_tags: HashSet::new(),
        }
    }

    /// Repositories whose name holds every word.
    fn repositories(&mut self) {
        let names = Arc::clone(&self.names);
        for (place, name) in names.iter() {
            let all = self
                .in_names
                .iter()
                .all(|matches| matches.get(place).copied().unwrap_or_default());
            if !all || !self.is_allowed(place) {
                continue;
            }
            let closeness = self.words.iter().map(|word| word.closeness_to_name(&name.lower)).min();
            let hit = Hit {
                repository: place,
                tag: None,
                digest: None,
                label: None,
                kind: SearchHitKind::Repository,
            };
            self.ranked
                .add(hit, closeness.unwrap_or(Closeness::Part), false, name.updated);
        }
    }

    /// Tags: every way to split the words between the repository's name and the tag's.
    fn tags(&mut self, reader: &Reader<'_>) -> rusqlite::Result<()> {
        let split = self.words.len().min(SPLIT_WORDS);
        // The set bits are the words that stand in the tag; none at all would be a hit on the repository.
        for in_tag in (1..1_usize << split).rev() {
            let in_name = |place: &usize| *place < split && in_tag & (1 << place) == 0;
            let places: Vec<usize> = (0..self.words.len()).filter(in_name).collect();
            let tag_words: Vec<&Word> = (0..split)
                .filter(|place| in_tag & (1 << place) != 0)
                .filter_map(|place| self.words.get(place))
                .collect();
            let repositories = self.repositories_with(&places);
            if repositories.as_ref().is_some_and(Vec::is_empty) {
                continue;
            }
            for candidate in reader.tags(&tag_words, repositories.as_deref())? {
                self.consider(reader, &candidate)?;
            }
        }
        Ok(())
    }

    /// Ids of the repositories whose names hold these words and that are allowed; `None`: all.
    fn repositories_with(&self, words: &[usize]) -> Option<Vec<i64>> {
        if words.is_empty() && self.query.connection.is_none() {
            return None;
        }
        let holds = |place: usize| self.is_allowed(place) && words.iter().all(|word| self.is_in_name(*word, place));
        Some(
            self.names
                .iter()
                .filter(|(place, _)| holds(*place))
                .map(|(_, name)| name.id)
                .collect(),
        )
    }

    /// Whether a word, by its place, is in a repository's name, by its place among the names.
    fn is_in_name(&self, word: usize, place: usize) -> bool {
        let matches = self.in_names.get(word).and_then(|matches| matches.get(place));
        matches.copied().unwrap_or_default()
    }

    fn is_allowed(&self, place: usize) -> bool {
        self.allowed.get(place).copied().unwrap_or_default()
    }

    fn consider(&mut self, reader: &Reader<'_>, candidate: &TagCandidate) -> rusqlite::Result<()> {
        let names = Arc::clone(&self.names);
        let Some(place) = names
            .place(candidate.repository)
            .filter(|place| self.is_allowed(*place))
        else {
            return Ok(());
        };
        let lower = candidate.name.to_lowercase();
        if self.seen_tags.contains(&candidate.id) || !self.all_match(reader, place, &lower, candidate)? {
            return Ok(());
        }
        self.seen_tags.insert(candidate.id);
        let hit = Hit {
            repository: place,
            tag: Some(candidate.name.clone()),
            digest: candidate.digest,
            label: None,
            kind: SearchHitKind::Tag,
        };
        let closeness = self.words.iter().filter_map(|word| word.closeness_to_tag(&lower)).min();
        let channel = self.query.channels.contains(&candidate.name);
        let recent = Some(candidate.recent);
        self.ranked
            .add(hit, closeness.unwrap_or(Closeness::Part), channel, recent);
        Ok(())
    }

    fn all_match(
        &self,
        reader: &Reader<'_>,
        place: usize,
        tag: &str,
        candidate: &TagCandidate,
    ) -> rusqlite::Result<bool> {
        let open: Vec<&Word> = self
            .words
            .iter()
            .enumerate()
            .filter(|(index, word)| !word.is_in_tag(tag) && !self.is_in_name(*index, place))
            .map(|(_, word)| word)
            .collect();
        // One word at least stands in the tag; the others may be in its version's labels or digest.
        if open.is_empty() {
            return Ok(true);
        }
        if open.len() == self.words.len() {
            return Ok(false);
        }
        reader.version_says(candidate.repository, candidate.digest, &open)
    }

    /// Versions whose digest begins with one of the words.
    fn digests(&mut self, reader: &Reader<'_>) -> rusqlite::Result<()> {
        for (index, word) in self.words.iter().enumerate() {
            let Some(prefix) = word.digest_prefix() else { continue };
            let others: Vec<usize> = (0..self.words.len()).filter(|other| *other != index).collect();
            for found in reader.by_digest(&prefix, |repository| self.nearness(repository, &others))? {
                let others: Vec<&Word> = others.iter().filter_map(|other| self.words.get(*other)).collect();
                self.version(reader, &found, &others, SearchHitKind::Digest, None)?;
            }
        }
        Ok(())
    }

    /// How likely a version of this repository is meant, by the words besides its digest.
    fn nearness(&self, repository: i64, words: &[usize]) -> Nearness {
        match self.names.place(repository) {
            Some(place) if self.is_allowed(place) => {
                if words.iter().all(|word| self.is_in_name(*word, place)) {
                    Nearness::Named
                } else {
                    Nearness::Allowed
                }
            }
            _ => Nearness::Excluded,
        }
    }

    /// Versions that a label or a field of the card leads to.
    fn labels(&mut self, reader: &Reader<'_>) -> rusqlite::Result<()> {
        let longest = self.words.iter().filter(|word| word.has_trigrams());
        let mut drivers: Vec<&Word> = longest.collect();
        drivers.sort_by_key(|word| std::cmp::Reverse(word.text().len()));
        for word in drivers.into_iter().take(SPLIT_WORDS) {
            for (label, found) in reader.by_label(word)? {
                let lower = label.to_lowercase();
                let others: Vec<&Word> = self
                    .words
                    .iter()
                    .filter(|other| !lower.contains(other.text()))
                    .collect();
                self.version(reader, &found, &others, SearchHitKind::Label, Some(label))?;
            }
        }
        Ok(())
    }

    fn version(
        &mut self,
        reader: &Reader<'_>,
        found: &candidates::VersionCandidate,
        others: &[&Word],
        kind: SearchHitKind,
        label: Option<String>,
    ) -> rusqlite::Result<()> {
        let names = Arc::clone(&self.names);
        let Some(place) = names.place(found.repository).filter(|place| self.is_allowed(*place)) else {
            return Ok(());
        };
        let Some(name) = names.get(place) else { return Ok(()) };
        let tags = reader.tags_of(found)?;
        let Some(tag) = tags.iter().max_by_key(|tag| artifact::natural_key(tag)) else {
            return Ok(());
        };
        let open: Vec<&Word> = others
            .iter()
            .filter(|word| !word.is_in_name(&name.lower) && !tags.iter().any(|tag| word.is_in_tag(&tag.to_lowercase())))
            .copied()
            .collect();
        if !open.is_empty() && !reader.version_says(found.repository, Some(found.digest), &open)? {
            return Ok(());
        }
        let hit = Hit {
            repository: place,
            tag: Some(tag.clone()),
            digest: Some(found.digest),
            label,
            kind,
        };
        self.ranked.add(hit, Closeness::Part, false, found.created);
        Ok(())
    }
}
