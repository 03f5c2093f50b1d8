//! What a repository's list is made from: every tagged version of it, in memory, packed as it was kept.
//!
//! Loaded in two statements without parsing JSON; kept by the repository's revision.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use artifact::{Digest, Kind, RepositoryName, SizeCounts};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

use super::sharing::Sharing;
use crate::{
    CatalogError, ConnectionId, Problem,
    store::{PackedContent, PackedWords, Store, digest_of, time},
};

/// A repository at one revision.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) repository: RepositoryFacts,
    pub(crate) versions: Vec<VersionFacts>,
    pub(crate) tags: Vec<TagFacts>,
    pub(crate) sharing: Sharing,
    pub(crate) metrics: Vec<String>,
    pub(crate) label_keys: Vec<String>,
    pub(crate) platforms: Vec<String>,
    pub(crate) kinds: Vec<Kind>,
}

#[derive(Clone, Debug)]
pub(crate) struct RepositoryFacts {
    pub(crate) id: i64,
    pub(crate) revision: u64,
    pub(crate) synced: Option<DateTime<Utc>>,
    pub(crate) partial_reason: Option<String>,
    pub(crate) lists_manifests: bool,
}

/// A tagged digest; or a tag whose digest is not known (then `id` is `None`).
#[derive(Debug)]
pub(crate) struct VersionFacts {
    /// Of the digest.
    pub(crate) id: Option<i64>,
    pub(crate) digest: Option<Digest>,
    /// Places in [`Facts::tags`].
    pub(crate) tags: Vec<u32>,
    pub(crate) signed: bool,
    pub(crate) problem: Option<Box<Problem>>,
    /// `None`: its manifest is not read yet, or could not be.
    pub(crate) read: Option<ReadFacts>,
}

/// What the manifest told.
#[derive(Debug)]
pub(crate) struct ReadFacts {
    pub(crate) media_type: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) size: Option<u64>,
    pub(crate) size_counts: SizeCounts,
    pub(crate) created: Option<i64>,
    pub(crate) pushed: Option<i64>,
    pub(crate) layer_count: u64,
    content: Box<[u8]>,
    words: Box<[u8]>,
}

#[derive(Debug)]
pub(crate) struct TagFacts {
    pub(crate) name: Box<str>,
    /// Place in [`Facts::versions`].
    pub(crate) version: u32,
}

impl ReadFacts {
    /// Blobs and platforms. What cannot be unpacked was checked when it was loaded, and reads as nothing.
    pub(crate) fn content(&self) -> PackedContent {
        PackedContent::unpack(&self.content).unwrap_or_default()
    }

    /// Labels and metrics.
    pub(crate) fn words(&self) -> PackedWords<'_> {
        PackedWords::unpack(&self.words).unwrap_or_default()
    }
}

impl RepositoryFacts {
    /// Of a repository whose row is not looked at.
    pub(crate) fn unknown() -> Self {
        Self {
            id: 0,
            revision: 0,
            synced: None,
            partial_reason: None,
            lists_manifests: false,
        }
    }
}

/// Finds the repository's row.
pub(crate) fn find_repository(
    connection: &Connection,
    id: &ConnectionId,
    name: &RepositoryName,
) -> rusqlite::Result<Option<RepositoryFacts>> {
    let select = "SELECT repositories.id, revision, repositories.synced_at, partial_reason, lists_manifests
        FROM repositories JOIN connections ON connections.id = repositories.connection
        WHERE connections.name = ?1 AND repositories.name = ?2
          AND (repositories.synced_at IS NOT NULL OR EXISTS (SELECT 1 FROM tags WHERE tags.repository = repositories.id))";
    connection
        .prepare_cached(select)?
        .query_row((id.as_str(), name.as_str()), |row| {
            Ok(RepositoryFacts {
                id: row.get(0)?,
                revision: row.get::<_, i64>(1)?.cast_unsigned(),
                synced: row.get::<_, Option<i64>>(2)?.and_then(time),
                partial_reason: row.get(3)?,
                lists_manifests: row.get(4)?,
            })
        })
        .optional()
}

/// The repository's row.
///
/// # Errors
/// [`CatalogError::NeverSynced`] if there is none.
pub(crate) fn require_repository(
    store: &Store,
    id: &ConnectionId,
    name: &RepositoryName,
) -> Result<RepositoryFacts, CatalogError> {
    let found = store.read(|connection| find_repository(connection, id, name))?;
    found.ok_or_else(|| CatalogError::NeverSynced(name.to_string()))
}

/// The ids that rows of a repository have in `tags` and `versions`.
pub(crate) fn id_range(repository: i64) -> (i64, i64) {
    (repository << 32, (repository << 32) | 0xffff_ffff)
}

impl Facts {
    pub(crate) fn load(connection: &Connection, repository: RepositoryFacts) -> rusqlite::Result<Self> {
        let mut loading = Loading::default();
        loading.tags(connection, repository.id)?;
        loading.versions(connection, repository.id)?;
        let sharing = Sharing::count(loading.versions.iter().map(|version| version.read.as_ref()));
        let mut facts = Self {
            repository,
            versions: loading.versions,
            tags: loading.tags,
            sharing,
            metrics: Vec::new(),
            label_keys: Vec::new(),
            platforms: Vec::new(),
            kinds: Vec::new(),
        };
        facts.gather_choices();
        Ok(facts)
    }

    /// What lists of choices offer.
    fn gather_choices(&mut self) {
        let (mut metrics, mut labels) = (BTreeSet::new(), BTreeSet::new());
        let (mut platforms, mut kinds) = (BTreeSet::new(), BTreeSet::new());
        for read in self.versions.iter().filter_map(|version| version.read.as_ref()) {
            let words = read.words();
            for (name, _) in words.metrics {
                insert(&mut metrics, name);
            }
            for (key, _) in words.labels {
                insert(&mut labels, key);
            }
            for platform in read.content().platforms {
                if let Some(name) = platform.name {
                    insert(&mut platforms, &name);
                }
            }
            kinds.insert(read.kind);
        }
        self.metrics = metrics.into_iter().collect();
        self.label_keys = labels.into_iter().collect();
        self.platforms = platforms.into_iter().collect();
        self.kinds = kinds.into_iter().collect();
    }

    /// The place of a version by the id of its digest.
    pub(crate) fn position(&self, digest: i64) -> Option<usize> {
        self.versions.iter().position(|version| version.id == Some(digest))
    }

    pub(crate) fn tag_names<'a>(&'a self, version: &'a VersionFacts) -> impl Iterator<Item = &'a str> {
        version
            .tags
            .iter()
            .filter_map(|place| self.tags.get(*place as usize))
            .map(|tag| &*tag.name)
    }
}

fn insert(set: &mut BTreeSet<String>, text: &str) {
    if !set.contains(text) {
        set.insert(text.to_owned());
    }
}

/// The two statements that a repository is loaded by.
#[derive(Default)]
struct Loading {
    versions: Vec<VersionFacts>,
    tags: Vec<TagFacts>,
    by_digest: HashMap<i64, u32>,
    media_types: HashMap<String, Arc<str>>,
}

impl Loading {
    fn tags(&mut self, connection: &Connection, repository: i64) -> rusqlite::Result<()> {
        let select = "SELECT name, tags.digest, problem, digests.digest
            FROM tags LEFT JOIN digests ON digests.id = tags.digest
            WHERE tags.id BETWEEN ?1 AND ?2 AND hidden = 0";
        let mut statement = connection.prepare_cached(select)?;
        let mut rows = statement.query(id_range(repository))?;
        while let Some(row) = rows.next()? {
            self.tag(row)?;
        }
        Ok(())
    }

    fn tag(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let id: Option<i64> = row.get(1)?;
        let problem = row
            .get_ref(2)?
            .as_str_or_null()?
            .and_then(Problem::from_text)
            .map(Box::new);
        let known = id.and_then(|id| self.by_digest.get(&id).copied());
        let place = u32::try_from(self.tags.len()).unwrap_or(u32::MAX);
        let version = known.unwrap_or_else(|| u32::try_from(self.versions.len()).unwrap_or(u32::MAX));
        if known.is_none() {
            let digest = row.get_ref(3)?.as_blob_or_null()?.and_then(digest_of);
            self.versions.push(VersionFacts {
                id,
                digest,
                tags: Vec::new(),
                signed: false,
                problem: None,
                read: None,
            });
            if let Some(id) = id {
                self.by_digest.insert(id, version);
            }
        }
        if let Some(entry) = self.versions.get_mut(version as usize) {
            entry.tags.push(place);
            entry.problem = entry.problem.take().or(problem);
        }
        self.tags.push(TagFacts {
            name: row.get_ref(0)?.as_str()?.into(),
            version,
        });
        Ok(())
    }

    fn versions(&mut self, connection: &Connection, repository: i64) -> rusqlite::Result<()> {
        let select = "SELECT digest, media_type, kind, size, size_counts, created_at, pushed_at, layer_count,
                content, words, signed, problem
            FROM versions WHERE id BETWEEN ?1 AND ?2";
        let mut statement = connection.prepare_cached(select)?;
        let mut rows = statement.query(id_range(repository))?;
        while let Some(row) = rows.next()? {
            let digest: i64 = row.get(0)?;
            let Some(version) = self.by_digest.get(&digest).copied() else {
                continue;
            };
            let read = self.read(row)?;
            let problem = row
                .get_ref(11)?
                .as_str_or_null()?
                .and_then(Problem::from_text)
                .map(Box::new);
            if let Some(entry) = self.versions.get_mut(version as usize) {
                entry.signed = row.get(10)?;
                entry.problem = problem.or_else(|| entry.problem.take());
                entry.read = Some(read);
            }
        }
        Ok(())
    }

    fn read(&mut self, row: &Row<'_>) -> rusqlite::Result<ReadFacts> {
        let media_type = row.get_ref(1)?.as_str()?;
        let media_type = if let Some(known) = self.media_types.get(media_type) {
            Arc::clone(known)
        } else {
            let new: Arc<str> = media_type.into();
            self.media_types.insert(media_type.to_owned(), Arc::clone(&new));
            new
        };
        Ok(ReadFacts {
            media_type,
            kind: row.get_ref(2)?.as_str()?.parse().unwrap_or(Kind::Other),
            size: row.get::<_, Option<i64>>(3)?.map(i64::cast_unsigned),
            size_counts: row.get_ref(4)?.as_str()?.parse().unwrap_or(SizeCounts::Unknown),
            created: row.get(5)?,
            pushed: row.get(6)?,
            layer_count: row.get::<_, i64>(7)?.cast_unsigned(),
            content: row.get_ref(8)?.as_blob()?.into(),
            words: row.get_ref(9)?.as_blob()?.into(),
        })
    }
}
