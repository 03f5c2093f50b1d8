//! Keeping the index small: its size, forgetting a connection, emptying everything.

use std::{fs, path::Path};

use artifact::{ByteSize, RepositoryName};
use rusqlite::Connection;

use super::Shared;
use crate::{
    CatalogError, ConnectionId, Statistics,
    store::{LayerStore, SCHEMA, Store, folder_failure},
};

/// Content that nothing leads to any more. Ids of digests go last.
pub(super) const COLLECT: &str = "
    CREATE TEMP TABLE needed (id INTEGER PRIMARY KEY);
    WITH RECURSIVE reached (id) AS (
        SELECT digest FROM tags WHERE digest IS NOT NULL
        UNION SELECT digest FROM versions
        UNION SELECT digest FROM referrers
        UNION SELECT digest FROM listed_manifests
        UNION SELECT child FROM manifest_children JOIN reached ON manifest = reached.id
    ) INSERT INTO temp.needed SELECT id FROM reached;
    DELETE FROM manifests WHERE digest NOT IN (SELECT id FROM temp.needed);
    DELETE FROM manifest_children WHERE manifest NOT IN (SELECT id FROM temp.needed);
    DELETE FROM manifest_blobs WHERE manifest NOT IN (SELECT id FROM temp.needed);
    DELETE FROM manifest_configs WHERE manifest NOT IN (SELECT id FROM temp.needed);
    DELETE FROM dropped WHERE digest NOT IN (SELECT digest FROM manifests);
    INSERT OR IGNORE INTO temp.needed SELECT blob FROM manifest_blobs;
    DELETE FROM configs WHERE digest NOT IN (SELECT id FROM temp.needed);
    INSERT OR IGNORE INTO temp.needed SELECT child FROM manifest_children;
    INSERT OR IGNORE INTO temp.needed SELECT subject FROM manifests WHERE subject IS NOT NULL;
    INSERT OR IGNORE INTO temp.needed SELECT subject FROM referrers;
    INSERT OR IGNORE INTO temp.needed SELECT digest FROM labels;
    INSERT OR IGNORE INTO temp.needed SELECT from_digest FROM tag_moves WHERE from_digest IS NOT NULL;
    INSERT OR IGNORE INTO temp.needed SELECT to_digest FROM tag_moves WHERE to_digest IS NOT NULL;
    DELETE FROM digests WHERE id NOT IN (SELECT id FROM temp.needed);
    UPDATE counts SET manifests = (SELECT count(*) FROM manifests);
    DROP TABLE temp.needed;";

/// Writes only where there is a problem: others would read the index again for nothing.
pub(super) fn clear_problem(store: &Store, connection: &ConnectionId) -> Result<(), CatalogError> {
    let known = "SELECT 1 FROM connections WHERE name = ?1 AND problem IS NOT NULL";
    if !store.read(|reading| reading.prepare_cached(known)?.exists([connection.as_str()]))? {
        return Ok(());
    }
    store.write(|writing| {
        let update = "UPDATE connections SET problem = NULL WHERE name = ?1";
        writing.transaction.execute(update, [connection.as_str()]).map(drop)
    })
}

/// What is only here goes at once, unless somebody syncs: then what it let go of is collected after that.
pub(super) fn forget(
    shared: &Shared,
    connection: &ConnectionId,
    repository: Option<&RepositoryName>,
) -> Result<(), CatalogError> {
    let store = &shared.store;
    let lock = shared.locks.try_tidying();
    let lock = lock.map_err(|error| folder_failure(store.path(), &error))?;
    store.write(|writing| {
        let transaction = &writing.transaction;
        let dropped = match repository {
            None => transaction.execute("DELETE FROM connections WHERE name = ?1", [connection.as_str()])?,
            Some(name) => transaction.execute(
                "DELETE FROM repositories WHERE name = ?2
                    AND connection = (SELECT id FROM connections WHERE name = ?1)",
                (connection.as_str(), name.as_str()),
            )?,
        };
        if dropped > 0 && lock.is_some() {
            transaction.execute_batch(COLLECT)?;
            writing.ids.clear();
        }
        Ok(())
    })
}

pub(super) fn statistics(store: &Store, layers: &LayerStore) -> Result<Statistics, CatalogError> {
    let contents_size = layers.size()?;
    let (repositories, tags, manifests) = store.read(|reading| {
        let select = "SELECT count(*), coalesce(sum(tags), 0), (SELECT manifests FROM counts)
            FROM repositories WHERE gone_at IS NULL";
        reading.query_row(select, [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        })
    })?;
    Ok(Statistics {
        index_size: files_size(store.path()),
        contents_size,
        repositories: repositories.cast_unsigned(),
        tags: tags.cast_unsigned(),
        manifests: manifests.cast_unsigned(),
    })
}

/// The index file and its write-ahead log.
pub(super) fn files_size(path: &Path) -> ByteSize {
    let log = path.with_file_name(format!(
        "{}-wal",
        path.file_name().unwrap_or_default().to_string_lossy()
    ));
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    ByteSize(size(path) + size(&log))
}

/// Drops every table and makes them anew: emptying large ones row by row would take minutes.
pub(super) fn clear(store: &Store) -> Result<(), CatalogError> {
    store.maintain(|connection| {
        connection.execute_batch("PRAGMA foreign_keys = OFF")?;
        let cleared = rebuild(connection);
        connection.execute_batch("PRAGMA foreign_keys = ON")?;
        cleared?;
        connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
    })
}

fn rebuild(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Dropping a virtual table drops the tables behind it.
    for kind in ["CREATE VIRTUAL%", "CREATE TABLE%"] {
        let select = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE ?1 AND name NOT LIKE 'sqlite_%'";
        let names: Vec<String> = transaction
            .prepare(select)?
            .query_map([kind], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for name in names {
            transaction.execute_batch(&format!("DROP TABLE \"{name}\""))?;
        }
    }
    for step in SCHEMA {
        transaction.execute_batch(step)?;
    }
    transaction.commit()
}
