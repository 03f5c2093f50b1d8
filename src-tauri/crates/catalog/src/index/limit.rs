//! The bound of index and layer lists together.
//!
//! Layer lists take what the index leaves, the least recently used go first. An index that is over the bound by itself is
//! swept whole: versions without a tag go, also those that tags were moved away from lately. What tags lead to never goes:
//! an index of nothing else may be larger than the bound.

use std::sync::atomic::Ordering;

use artifact::ByteSize;
use rusqlite::Connection;

use super::{Shared, tidying, upkeep};
use crate::{
    CatalogError,
    store::{Store, folder_failure},
};

/// Until the settings say otherwise.
pub(super) const LIMIT: u64 = 2_000_000_000;
/// An index that stays over the bound is swept again once it has grown by this part of itself.
const GROWN: u64 = 16;
/// The file is written anew where this part of it is free, or where that brings it under the bound.
const FREE: u64 = 4;

/// Versions that nothing but the history of a tag refers to, and what is known of them besides.
const FORGET_UNTAGGED: &str = "
    DELETE FROM versions
        WHERE NOT EXISTS (SELECT 1 FROM tags WHERE tags.digest = versions.digest AND tags.repository = versions.repository)
        AND NOT EXISTS (SELECT 1 FROM listed_manifests
            WHERE listed_manifests.repository = versions.repository AND listed_manifests.digest = versions.digest);
    DELETE FROM labels WHERE NOT EXISTS (SELECT 1 FROM versions
        WHERE versions.digest = labels.digest AND versions.repository = labels.repository);";

/// Bounds the layer lists by what the index leaves of `limit`.
pub(super) fn set(shared: &Shared, limit: ByteSize) -> Result<(), CatalogError> {
    shared.limit.store(limit.bytes(), Ordering::Relaxed);
    shared.layers.set_limit(layers_share(shared))
}

/// The same where it is another limit, and makes the index itself smaller where that alone is over it.
pub(super) fn change(shared: &Shared, limit: ByteSize) -> Result<(), CatalogError> {
    if shared.limit.load(Ordering::Relaxed) == limit.bytes() {
        return Ok(());
    }
    set(shared, limit)?;
    if index_size(shared) > limit.bytes() {
        let again = "UPDATE counts SET swept = 0";
        shared
            .store
            .write(|writing| writing.transaction.execute(again, []).map(drop))?;
    }
    unless_syncing(shared, || keep(shared))
}

/// What the index leaves to the layer lists.
pub(super) fn layers_share(shared: &Shared) -> ByteSize {
    ByteSize(shared.limit.load(Ordering::Relaxed).saturating_sub(index_size(shared)))
}

/// Collects what syncs let go of, and keeps to the bound.
pub(super) fn after_sync(shared: &Shared) -> Result<(), CatalogError> {
    unless_syncing(shared, || {
        tidying::tidy(&shared.store)?;
        keep(shared)
    })
}

/// Content that a sync has found in the index, and does not fetch, must not be collected before its tag is written: while
/// anybody syncs, this is left to who ends last.
fn unless_syncing(shared: &Shared, work: impl FnOnce() -> Result<(), CatalogError>) -> Result<(), CatalogError> {
    let lock = shared.locks.try_tidying();
    match lock.map_err(|error| folder_failure(shared.store.path(), &error))? {
        Some(_lock) => work(),
        None => Ok(()),
    }
}

fn keep(shared: &Shared) -> Result<(), CatalogError> {
    let limit = shared.limit.load(Ordering::Relaxed);
    if index_size(shared) + shared.layers.size()?.bytes() > limit {
        // What stands in the log twice does not count.
        shared.store.maintain(|connection| fold(connection))?;
    }
    shared.layers.set_limit(layers_share(shared))?;
    let size = index_size(shared);
    if size <= limit || !has_grown(&shared.store, size)? {
        return Ok(());
    }
    sweep(&shared.store, limit)?;
    shared.layers.set_limit(layers_share(shared))
}

fn index_size(shared: &Shared) -> u64 {
    upkeep::files_size(shared.store.path()).bytes()
}

/// Since it was last swept.
fn has_grown(store: &Store, size: u64) -> Result<bool, CatalogError> {
    let swept = store.read(|reading| reading.query_row("SELECT swept FROM counts", [], |row| row.get::<_, i64>(0)))?;
    let swept = swept.cast_unsigned();
    Ok(size > swept + swept / GROWN)
}

fn sweep(store: &Store, limit: u64) -> Result<(), CatalogError> {
    store.write(|writing| {
        writing.transaction.execute_batch(FORGET_UNTAGGED)?;
        writing.transaction.execute_batch(upkeep::COLLECT)?;
        writing.ids.clear();
        Ok(())
    })?;
    store.maintain(|connection| {
        let (pages, free, page) = (
            pragma(connection, "page_count")?,
            pragma(connection, "freelist_count")?,
            pragma(connection, "page_size")?,
        );
        let fits = (pages - free) * page <= limit && pages * page > limit;
        if fits || free * FREE >= pages {
            vacuum(connection);
        }
        let size = pragma(connection, "page_count")? * page;
        connection.execute("UPDATE counts SET swept = ?1", [size.cast_signed()])?;
        fold(connection)
    })
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<u64> {
    connection
        .query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0))
        .map(i64::cast_unsigned)
}

/// Writes the file anew without its free pages. Where that fails, for want of room say, they are used again later.
fn vacuum(connection: &Connection) {
    // The copy is as large as the index: on disk, not in memory.
    let outcome = connection.execute_batch("PRAGMA temp_store = FILE; VACUUM;");
    let restored = connection.execute_batch("PRAGMA temp_store = MEMORY");
    if let Err(error) = outcome.and(restored) {
        tracing::warn!(%error, "the index could not be made smaller");
    }
}

/// Folds the write-ahead log into the file.
fn fold(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}
