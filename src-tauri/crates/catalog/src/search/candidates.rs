//! What may match, from the indexes, in bounded numbers.

use artifact::Digest;
use rusqlite::{Connection, Row, ToSql};

use super::words::Word;
use crate::store::{DigestIds, PackedWords};

/// Tags that one way of splitting the words brings in at most.
const TAGS: usize = 300;
/// Repositories that are looked into one by one; more are filtered out of what all of them bring.
const ONE_BY_ONE: usize = 24;
/// Versions that a prefix of a digest brings in.
const DIGESTS: usize = 64;
/// Versions that a prefix is looked for among: a short one fits thousands, of which other words want a few.
const LOOKED_AT: usize = 2_000;
const LABELS: usize = 40;
/// Versions whose labels are unpacked for one search.
const UNPACKED: usize = 400;

pub(super) struct Reader<'a> {
    reading: &'a Connection,
    unpacked: std::cell::Cell<usize>,
}

/// A tag that may match.
pub(super) struct TagCandidate {
    pub(super) id: i64,
    pub(super) repository: i64,
    pub(super) name: String,
    pub(super) digest: Option<i64>,
    /// When its version was created, else when the tag was first seen.
    pub(super) recent: i64,
}

/// A version that may match.
pub(super) struct VersionCandidate {
    pub(super) repository: i64,
    /// Id of the digest.
    pub(super) digest: i64,
    pub(super) created: Option<i64>,
}

/// How likely the versions of a repository are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nearness {
    /// Its name holds all other words.
    Named,
    Allowed,
    Excluded,
}

impl<'a> Reader<'a> {
    pub(super) fn new(reading: &'a Connection) -> Self {
        Self {
            reading,
            unpacked: std::cell::Cell::new(0),
        }
    }

    /// Tags that hold all of the words, in these repositories (`None`: in all): exact ones and beginnings first, then
    /// parts, the last seen first.
    pub(super) fn tags(&self, words: &[&Word], repositories: Option<&[i64]>) -> rusqlite::Result<Vec<TagCandidate>> {
        let mut found = Vec::new();
        if let [word] = words {
            self.beginnings(word, repositories, &mut found)?;
        } else if words.iter().all(|word| !word.has_trigrams()) {
            // Two short words cannot both begin one tag unless one begins the other.
            if let Some(longest) = words.iter().max_by_key(|word| word.text().len()) {
                self.beginnings(longest, repositories, &mut found)?;
            }
        }
        let expressions: Vec<String> = words.iter().filter_map(|word| word.expression()).collect();
        if !expressions.is_empty() {
            self.parts(&expressions.join(" AND "), repositories, &mut found)?;
        }
        found.retain(|tag| {
            let lower = tag.name.to_lowercase();
            words.iter().all(|word| word.is_in_tag(&lower))
        });
        Ok(found)
    }

    fn beginnings(
        &self,
        word: &Word,
        repositories: Option<&[i64]>,
        found: &mut Vec<TagCandidate>,
    ) -> rusqlite::Result<()> {
        for text in spellings(word.text()) {
            let Some(end) = after(&text) else { continue };
            match repositories {
                Some(few) if few.len() <= ONE_BY_ONE => {
                    let select = "SELECT id, name, digest, coalesce(created_at, first_seen) FROM tags
                        WHERE repository = ?1 AND name >= ?2 AND name < ?3 AND hidden = 0 LIMIT ?4";
                    for repository in few {
                        self.collect(select, &[repository, &text, &end, &share(few.len())], found)?;
                    }
                }
                _ => {
                    let select = "SELECT id, name, digest, coalesce(created_at, first_seen) FROM tags
                        WHERE name >= ?1 AND name < ?2 AND hidden = 0 LIMIT ?3";
                    self.collect(select, &[&text, &end, &limit(TAGS)], found)?;
                }
            }
        }
        Ok(())
    }

    fn parts(
        &self,
        expression: &str,
        repositories: Option<&[i64]>,
        found: &mut Vec<TagCandidate>,
    ) -> rusqlite::Result<()> {
        let ids: Vec<i64> = match repositories {
            Some(few) if few.len() <= ONE_BY_ONE => {
                let select = "SELECT rowid FROM tag_search
                    WHERE tag_search MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC LIMIT ?4";
                let mut ids = Vec::new();
                for repository in few {
                    let (first, last) = crate::record::range(*repository);
                    ids.extend(self.ids(select, &[&expression, &first, &last, &share(few.len())])?);
                }
                ids
            }
            _ => {
                let select = "SELECT rowid FROM tag_search WHERE tag_search MATCH ?1 ORDER BY rowid DESC LIMIT ?2";
                self.ids(select, &[&expression, &limit(TAGS)])?
            }
        };
        let select = "SELECT id, name, digest, coalesce(created_at, first_seen) FROM tags WHERE id = ?1";
        for id in ids {
            self.collect(select, &[&id], found)?;
        }
        Ok(())
    }

    fn ids(&self, select: &str, parameters: &[&dyn ToSql]) -> rusqlite::Result<Vec<i64>> {
        self.reading
            .prepare_cached(select)?
            .query_map(parameters, |row| row.get(0))?
            .collect()
    }

    fn collect(&self, select: &str, parameters: &[&dyn ToSql], found: &mut Vec<TagCandidate>) -> rusqlite::Result<()> {
        let mut statement = self.reading.prepare_cached(select)?;
        let mut rows = statement.query(parameters)?;
        while let Some(row) = rows.next()? {
            found.push(tag(row)?);
        }
        Ok(())
    }

    /// The digest of an id.
    pub(super) fn digest(&self, id: Option<i64>) -> rusqlite::Result<Option<Digest>> {
        id.map(|id| DigestIds::digest(self.reading, id)).transpose()
    }

    /// Versions whose digest's value begins so, those of the nearest repositories first.
    pub(super) fn by_digest(
        &self,
        prefix: &str,
        nearness: impl Fn(i64) -> Nearness,
    ) -> rusqlite::Result<Vec<VersionCandidate>> {
        let (mut named, mut others) = (Vec::new(), Vec::new());
        for algorithm in ["sha256", "sha512"] {
            let Some((first, last)) = DigestIds::range(algorithm, prefix) else {
                continue;
            };
            let select = "SELECT versions.repository, versions.digest, created_at
                FROM digests CROSS JOIN versions ON versions.digest = digests.id
                WHERE digests.digest BETWEEN ?1 AND ?2 LIMIT ?3";
            let mut statement = self.reading.prepare_cached(select)?;
            let mut rows = statement.query((first, last, limit(LOOKED_AT)))?;
            while let Some(row) = rows.next()?
                && named.len() < DIGESTS
            {
                let found = VersionCandidate {
                    repository: row.get(0)?,
                    digest: row.get(1)?,
                    created: row.get(2)?,
                };
                match nearness(found.repository) {
                    Nearness::Named => named.push(found),
                    Nearness::Allowed if others.len() < DIGESTS => others.push(found),
                    _ => {}
                }
            }
        }
        named.append(&mut others);
        Ok(named)
    }

    /// Labels that hold the word, each with the newest version that has it.
    pub(super) fn by_label(&self, word: &Word) -> rusqlite::Result<Vec<(String, VersionCandidate)>> {
        let Some(expression) = word.expression() else {
            return Ok(Vec::new());
        };
        let select = "SELECT rowid FROM label_search WHERE label_search MATCH ?1 ORDER BY rowid DESC LIMIT ?2";
        let ids = self.ids(select, &[&expression, &limit(LABELS)])?;
        let mut statement = self
            .reading
            .prepare_cached("SELECT label, repository, digest, created_at FROM labels WHERE id = ?1")?;
        let mut found = Vec::new();
        for id in ids {
            let mut rows = statement.query([id])?;
            let Some(row) = rows.next()? else { continue };
            let label: String = row.get(0)?;
            if word.is_in_label(&label.to_lowercase()) {
                let version = VersionCandidate {
                    repository: row.get(1)?,
                    digest: row.get(2)?,
                    created: row.get(3)?,
                };
                found.push((label, version));
            }
        }
        Ok(found)
    }

    /// The names of the tags on a version.
    pub(super) fn tags_of(&self, version: &VersionCandidate) -> rusqlite::Result<Vec<String>> {
        let select = "SELECT name FROM tags WHERE digest = ?1 AND repository = ?2 AND hidden = 0 LIMIT 32";
        let mut statement = self.reading.prepare_cached(select)?;
        statement
            .query_map((version.digest, version.repository), |row| row.get(0))?
            .collect()
    }

    /// Whether each of the words stands in a label of the version, or begins its digest.
    pub(super) fn version_says(&self, repository: i64, digest: Option<i64>, words: &[&Word]) -> rusqlite::Result<bool> {
        let (Some(id), true) = (digest, self.unpacked.get() < UNPACKED) else {
            return Ok(false);
        };
        self.unpacked.set(self.unpacked.get() + 1);
        let digest = DigestIds::digest(self.reading, id)?;
        let select = "SELECT words FROM versions WHERE digest = ?1 AND repository = ?2";
        let mut statement = self.reading.prepare_cached(select)?;
        let mut rows = statement.query((id, repository))?;
        let Some(row) = rows.next()? else { return Ok(false) };
        let packed = PackedWords::unpack(row.get_ref(0)?.as_blob()?).unwrap_or_default();
        let labels: Vec<String> = packed
            .labels
            .iter()
            .map(|(key, value)| format!("{key}={value}").to_lowercase())
            .collect();
        Ok(words.iter().all(|word| {
            let begins = word
                .digest_prefix()
                .is_some_and(|prefix| digest.hex().starts_with(&prefix));
            begins || labels.iter().any(|label| word.is_in_label(label))
        }))
    }
}

fn tag(row: &Row<'_>) -> rusqlite::Result<TagCandidate> {
    let id: i64 = row.get(0)?;
    Ok(TagCandidate {
        id,
        repository: id >> 32,
        name: row.get(1)?,
        digest: row.get(2)?,
        recent: row.get(3)?,
    })
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

/// What each of several repositories may bring in.
fn share(repositories: usize) -> i64 {
    limit((TAGS / repositories.max(1)).max(20))
}

/// How a short word may be written: tags are told apart by case, searches are not.
fn spellings(word: &str) -> Vec<String> {
    let mut spellings = vec![String::new()];
    if word.chars().count() > 2 {
        let mut capital = word.to_owned();
        if let Some(first) = capital.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        let mut all = vec![word.to_owned(), capital];
        all.dedup();
        return all;
    }
    for letter in word.chars() {
        let upper = letter.to_ascii_uppercase();
        let mut next = Vec::new();
        for start in &spellings {
            next.push(format!("{start}{letter}"));
            if upper != letter {
                next.push(format!("{start}{upper}"));
            }
        }
        spellings = next;
    }
    spellings
}

/// The first text after all that begin so; `None` if no tag can begin so.
fn after(text: &str) -> Option<String> {
    let last = text.bytes().last().filter(u8::is_ascii)?;
    let next = char::from(last.checked_add(1)?);
    let start = text.get(..text.len() - 1)?;
    Some(format!("{start}{next}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_are_looked_for_in_every_case() {
        let mut found = spellings("v1");
        found.sort();
        assert_eq!(found, ["V1", "v1"]);
        assert_eq!(spellings("ab").len(), 4);
        assert_eq!(spellings("prod"), ["prod", "Prod"]);
        assert_eq!(spellings("1.4"), ["1.4"]);
    }

    #[test]
    fn a_range_ends_after_everything_that_begins_so() {
        assert_eq!(after("1.4"), Some("1.5".to_owned()));
        assert_eq!(after("v"), Some("w".to_owned()));
        assert_eq!(after("ü"), None);
        assert_eq!(after(""), None);
    }
}
