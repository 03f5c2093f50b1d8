//! What the index knows of a repository's tags, and how a listing differs from it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use artifact::{Digest, RepositoryName, Tag};
use registry::{Completeness, ErrorCode, ListedTag, Listing, RegistryError, Target};

use super::{
    recorder::TagChanges,
    run::{Run, blocking},
};
use crate::{
    CatalogError,
    record::range,
    store::{Store, digest_of},
};

/// What the index holds of a repository before it is read again.
#[derive(Default)]
pub(super) struct Known {
    tags: HashMap<Tag, KnownTag>,
    /// Versions that need nothing more.
    complete: HashSet<Digest>,
    pub(super) listed_manifests: HashSet<Digest>,
}

struct KnownTag {
    digest: Option<Digest>,
    missing: bool,
    problem: bool,
}

impl Known {
    pub(super) fn digest(&self, tag: &Tag) -> Option<&Digest> {
        self.tags.get(tag)?.digest.as_ref()
    }

    /// A tag that pointed somewhere the last time.
    pub(super) fn some_tag(&self) -> Option<&Tag> {
        let pointing = |(_, known): &(&Tag, &KnownTag)| known.digest.is_some() && !known.missing;
        self.tags.iter().find(pointing).map(|(tag, _)| tag)
    }

    pub(super) fn has_problem(&self, tag: &Tag) -> bool {
        self.tags.get(tag).is_some_and(|known| known.problem)
    }

    pub(super) fn is_complete(&self, digest: &Digest) -> bool {
        self.complete.contains(digest)
    }
}

/// Reads what is known, away from the task that the requests run on.
pub(super) async fn load_known(store: &Arc<Store>, repository: i64) -> Result<Known, CatalogError> {
    let store = Arc::clone(store);
    let loading = tokio::task::spawn_blocking(move || store.read(|connection| load(connection, repository)));
    loading.await.unwrap_or(Err(CatalogError::Cancelled))
}

fn load(connection: &rusqlite::Connection, repository: i64) -> rusqlite::Result<Known> {
    let mut known = Known::default();
    let select = "SELECT name, digests.digest, last_seen IS NOT NULL, problem IS NOT NULL
        FROM tags LEFT JOIN digests ON digests.id = tags.digest WHERE tags.id BETWEEN ?1 AND ?2";
    let mut statement = connection.prepare_cached(select)?;
    let mut rows = statement.query(range(repository))?;
    while let Some(row) = rows.next()? {
        let Ok(tag) = row.get_ref(0)?.as_str()?.parse() else {
            continue;
        };
        let digest = row.get_ref(1)?.as_blob_or_null()?.and_then(digest_of);
        known.tags.insert(
            tag,
            KnownTag {
                digest,
                missing: row.get(2)?,
                problem: row.get(3)?,
            },
        );
    }
    let select = "SELECT digests.digest FROM versions JOIN digests ON digests.id = versions.digest
        WHERE versions.id BETWEEN ?1 AND ?2 AND complete = 1";
    let mut statement = connection.prepare_cached(select)?;
    let mut rows = statement.query(range(repository))?;
    while let Some(row) = rows.next()? {
        known.complete.extend(digest_of(row.get_ref(0)?.as_blob()?));
    }
    // The manifests of signatures and fallback lists have no version: what is kept of them is enough.
    let select = "SELECT digests.digest FROM tags JOIN digests ON digests.id = tags.digest
        JOIN manifests ON manifests.digest = tags.digest WHERE tags.id BETWEEN ?1 AND ?2 AND hidden = 1";
    let mut statement = connection.prepare_cached(select)?;
    let mut rows = statement.query(range(repository))?;
    while let Some(row) = rows.next()? {
        known.complete.extend(digest_of(row.get_ref(0)?.as_blob()?));
    }
    let select = "SELECT digests.digest FROM listed_manifests JOIN digests ON digests.id = listed_manifests.digest
        WHERE repository = ?1";
    let mut statement = connection.prepare_cached(select)?;
    let mut rows = statement.query([repository])?;
    while let Some(row) = rows.next()? {
        known.listed_manifests.extend(digest_of(row.get_ref(0)?.as_blob()?));
    }
    Ok(known)
}

/// The tags to read, names of signatures last; and what appeared, vanished or is missing.
pub(super) fn compare(listing: &Listing<ListedTag>, known: &Known) -> (Vec<ListedTag>, TagChanges) {
    let mut seen = HashSet::new();
    let mut tags: Vec<ListedTag> = listing
        .items
        .iter()
        .filter(|item| seen.insert(&item.tag))
        .cloned()
        .collect();
    let mut changes = TagChanges::default();
    for item in &tags {
        match known.tags.get(&item.tag) {
            None => changes.appeared.push(item.tag.clone()),
            Some(tag) if tag.missing => changes.relisted.push(item.tag.clone()),
            Some(_) => {}
        }
    }
    for (tag, state) in &known.tags {
        if seen.contains(tag) {
            continue;
        }
        if listing.is_complete() {
            changes.vanished.push(tag.clone());
        } else if !state.missing {
            changes.missing.push(tag.clone());
        }
    }
    tags.sort_by_key(|item| item.tag.is_referrer_name());
    (tags, changes)
}

/// Where nothing is listed and something was known, one known tag is asked for: some servers answer an empty list, or none,
/// when they are in trouble, and no row shall be lost to that.
pub(super) async fn doubt_emptiness(
    run: &Run<'_>,
    name: &RepositoryName,
    mut listing: Listing<ListedTag>,
    known: &Known,
) -> Result<Listing<ListedTag>, RegistryError> {
    let Some(tag) = known
        .some_tag()
        .filter(|_| listing.items.is_empty() && listing.is_complete())
    else {
        return Ok(listing);
    };
    let reason = match run
        .registry
        .resolve(name, &Target::Tag(tag.clone()), run.operation)
        .await
    {
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(listing),
        Err(RegistryError::Cancelled) => return Err(RegistryError::Cancelled),
        Ok(_) => format!("no tags were listed, but {tag} is still there"),
        Err(error) => format!("no tags were listed, and whether {tag} is still there could not be found out: {error}"),
    };
    listing.complete = Completeness::Partial { reason };
    Ok(listing)
}

/// The same for the list of repositories: one that would be lost is asked whether it still has tags. Pinned ones say
/// nothing: they are kept without being listed.
pub(super) async fn doubt_no_repositories(
    run: &Run<'_>,
    mut listing: Listing<RepositoryName>,
    pinned: &[RepositoryName],
) -> Result<Listing<RepositoryName>, CatalogError> {
    if !listing.items.is_empty() || !listing.is_complete() {
        return Ok(listing);
    }
    let Some(name) = some_repository(run, pinned).await? else {
        return Ok(listing);
    };
    let reason = match run.registry.tags(&name, run.operation).await {
        Ok(tags) if tags.items.is_empty() => return Ok(listing),
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(listing),
        Err(RegistryError::Cancelled) => return Err(CatalogError::Cancelled),
        Ok(_) => format!("no repositories were listed, but {name} is still there"),
        Err(error) => {
            format!("no repositories were listed, and whether {name} is still there could not be found out: {error}")
        }
    };
    listing.complete = Completeness::Partial { reason };
    Ok(listing)
}

/// A repository of the connection that had tags the last time and is not pinned.
async fn some_repository(run: &Run<'_>, pinned: &[RepositoryName]) -> Result<Option<RepositoryName>, CatalogError> {
    let (store, connection, pinned) = (Arc::clone(&run.store), run.connection, pinned.to_vec());
    blocking(move || {
        store.read(|reading| {
            let select = "SELECT name FROM repositories WHERE connection = ?1 AND gone_at IS NULL AND tags > 0";
            let mut statement = reading.prepare_cached(select)?;
            let mut rows = statement.query([connection])?;
            while let Some(row) = rows.next()? {
                let name = row.get_ref(0)?.as_str()?.parse::<RepositoryName>().ok();
                if let Some(name) = name.filter(|name| !pinned.contains(name)) {
                    return Ok(Some(name));
                }
            }
            Ok(None)
        })
    })
    .await
}

/// How many of the tags count.
pub(super) fn count<'a>(tags: impl Iterator<Item = &'a Tag>) -> u64 {
    tags.filter(|tag| !tag.is_referrer_name()).count() as u64
}
