//! Honest storage: each blob once, what only one version needs, what nothing tagged needs.

use std::collections::{HashMap, HashSet};

use artifact::{ByteSize, RepositoryName};
use rusqlite::Connection;

use super::Index;
use crate::{
    CatalogError, ConnectionId, TagUsage, Usage,
    versions::facts::{Facts, id_range},
};

pub(super) fn usage(
    index: &Index,
    connection: &ConnectionId,
    repository: Option<&RepositoryName>,
) -> Result<Usage, CatalogError> {
    let names = if let Some(name) = repository {
        vec![name.clone()]
    } else {
        let rows = index.repositories(Some(connection))?.into_iter();
        rows.filter(|row| row.synced.is_some() || row.tags > 0)
            .map(|row| row.name)
            .collect()
    };
    if repository.is_none() && names.is_empty() && !is_known(index, connection)? {
        return Err(CatalogError::NeverSynced(connection.to_string()));
    }
    let mut all = Total::default();
    for name in &names {
        let facts = index.views().facts(index.store(), connection, name)?;
        all.add(index, name, &facts)?;
    }
    Ok(all.usage)
}

fn is_known(index: &Index, connection: &ConnectionId) -> Result<bool, CatalogError> {
    Ok(index
        .connections()?
        .iter()
        .any(|row| &row.connection == connection && row.synced.is_some()))
}

struct Total {
    usage: Usage,
    /// Blobs of tagged versions of all repositories so far: a registry stores each once.
    tagged: HashSet<i64>,
    untagged: HashMap<i64, u64>,
}

impl Default for Total {
    fn default() -> Self {
        let usage = Usage {
            stored: ByteSize(0),
            tags: Vec::new(),
            untagged: Some(ByteSize(0)),
            unread: 0,
        };
        Self {
            usage,
            tagged: HashSet::new(),
            untagged: HashMap::new(),
        }
    }
}

impl Total {
    fn add(&mut self, index: &Index, name: &RepositoryName, facts: &Facts) -> Result<(), CatalogError> {
        let leftovers = Leftovers::of(index, facts)?;
        for (blob, size) in facts.sharing.iter() {
            if self.tagged.insert(blob) {
                self.usage.stored += ByteSize(size);
            }
        }
        self.usage.unread += facts.sharing.unread as u64;
        self.tags(name, facts, &leftovers);
        if facts.repository.lists_manifests {
            self.untagged.extend(&leftovers.blobs);
            let alone = self.untagged.iter().filter(|(blob, _)| !self.tagged.contains(blob));
            self.usage.untagged = self.usage.untagged.map(|_| ByteSize(alone.map(|(_, size)| size).sum()));
        } else {
            self.usage.untagged = None;
        }
        Ok(())
    }

    fn tags(&mut self, name: &RepositoryName, facts: &Facts, leftovers: &Leftovers) {
        let of_versions: Vec<_> = facts
            .versions
            .iter()
            .map(|version| amounts(facts, version, leftovers))
            .collect();
        for tag in &facts.tags {
            let (size, unique) = of_versions.get(tag.version as usize).copied().unwrap_or_default();
            let Ok(parsed) = tag.name.parse() else { continue };
            let shared = size
                .zip(unique)
                .map(|(size, unique)| ByteSize(size.bytes().saturating_sub(unique.bytes())));
            self.usage.tags.push(TagUsage {
                repository: name.clone(),
                tag: parsed,
                size,
                unique,
                shared,
            });
        }
    }
}

fn amounts(
    facts: &Facts,
    version: &crate::versions::facts::VersionFacts,
    leftovers: &Leftovers,
) -> (Option<ByteSize>, Option<ByteSize>) {
    let Some(read) = &version.read else { return (None, None) };
    let unique = facts
        .sharing
        .unique(&read.content(), |blob| leftovers.blobs.contains_key(&blob));
    (read.size.map(ByteSize), Some(ByteSize(unique)))
}

/// What manifests need that nothing tagged leads to; empty where the registry does not list manifests.
#[derive(Default)]
pub(super) struct Leftovers {
    /// Blobs and their sizes; some of them tagged versions need as well.
    pub(super) blobs: HashMap<i64, u64>,
}

impl Leftovers {
    pub(super) fn of(index: &Index, facts: &Facts) -> Result<Self, CatalogError> {
        if !facts.repository.lists_manifests {
            return Ok(Self::default());
        }
        index.store().read(|reading| Self::load(reading, facts.repository.id))
    }

    fn load(reading: &Connection, repository: i64) -> rusqlite::Result<Self> {
        let reached = reached(reading, repository)?;
        let listed = ids(
            reading,
            "SELECT digest FROM listed_manifests WHERE repository = ?1",
            repository,
        )?;
        let mut blobs = HashMap::new();
        let mut select = reading.prepare_cached("SELECT blob, size FROM manifest_blobs WHERE manifest = ?1")?;
        for manifest in listed.into_iter().filter(|manifest| !reached.contains(manifest)) {
            let mut rows = select.query([manifest])?;
            while let Some(row) = rows.next()? {
                blobs.insert(row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned());
            }
        }
        Ok(Self { blobs })
    }
}

/// Everything that a tag leads to: digests, their children, what points at them, and so on.
fn reached(reading: &Connection, repository: i64) -> rusqlite::Result<HashSet<i64>> {
    let (first, last) = id_range(repository);
    let mut open: Vec<i64> = reading
        .prepare_cached("SELECT DISTINCT digest FROM tags WHERE id BETWEEN ?1 AND ?2 AND digest IS NOT NULL")?
        .query_map((first, last), |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut reached: HashSet<i64> = open.iter().copied().collect();
    while let Some(manifest) = open.pop() {
        let children = ids(
            reading,
            "SELECT child FROM manifest_children WHERE manifest = ?1",
            manifest,
        )?;
        let referrers = reading
            .prepare_cached("SELECT digest FROM referrers WHERE repository = ?1 AND subject = ?2")?
            .query_map((repository, manifest), |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()?;
        open.extend(
            children
                .into_iter()
                .chain(referrers)
                .filter(|next| reached.insert(*next)),
        );
    }
    Ok(reached)
}

fn ids(reading: &Connection, select: &str, of: i64) -> rusqlite::Result<Vec<i64>> {
    reading
        .prepare_cached(select)?
        .query_map([of], |row| row.get(0))?
        .collect()
}
