//! What was derived from layers, by digest, in a file of its own: large, and lost without harm.
//!
//! The least recently used go first once the whole is over its bound.

use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use artifact::{ByteSize, Digest};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{failure, held, key_of};
use crate::CatalogError;

const SCHEMA: &str = "
    PRAGMA auto_vacuum = INCREMENTAL;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA journal_size_limit = 16777216;
    CREATE TABLE IF NOT EXISTS layers (
        digest BLOB PRIMARY KEY, used INTEGER NOT NULL, kept_at INTEGER NOT NULL, size INTEGER NOT NULL, bytes BLOB NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS layers_by_use ON layers (used, size);";

/// What was derived from a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Derived {
    /// The list of its files.
    Contents,
    /// What the headers of weights in it say.
    Weights,
}

#[derive(Debug)]
pub(crate) struct LayerStore {
    path: PathBuf,
    connection: Mutex<Connection>,
    limit: AtomicU64,
}

impl Derived {
    /// The digest; behind it, for all but the lists of files, what was derived.
    fn key(self, layer: &Digest) -> Vec<u8> {
        let mut key = key_of(layer);
        match self {
            Self::Contents => {}
            Self::Weights => key.extend_from_slice(b"/weights"),
        }
        key
    }
}

impl LayerStore {
    /// Opens the store beside the index `path`; a damaged one is dropped, since all of it can be read again.
    pub(crate) fn beside(path: &Path, limit: ByteSize) -> Result<Self, CatalogError> {
        let path = path.with_file_name("contents.sqlite");
        let connection = connect(&path).or_else(|error| {
            if !matches!(failure::translate(&path, &error), CatalogError::Corrupt { .. }) {
                return Err(error);
            }
            for suffix in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
            }
            connect(&path)
        });
        let connection = connection.map_err(|error| failure::translate(&path, &error))?;
        Ok(Self {
            path,
            connection: Mutex::new(connection),
            limit: AtomicU64::new(limit.bytes()),
        })
    }

    pub(crate) fn find(&self, derived: Derived, layer: &Digest) -> Result<Option<Vec<u8>>, CatalogError> {
        let key = derived.key(layer);
        self.run(|connection| {
            let select = "SELECT bytes, used = (SELECT max(used) FROM layers) FROM layers WHERE digest = ?1";
            let found: Option<(Vec<u8>, bool)> = connection
                .prepare_cached(select)?
                .query_row([&key], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            if let Some((_, false)) = found {
                let touch = "UPDATE layers SET used = (SELECT max(used) + 1 FROM layers) WHERE digest = ?1";
                connection.prepare_cached(touch)?.execute([&key])?;
            }
            Ok(found.map(|(bytes, _)| bytes))
        })
    }

    pub(crate) fn contains(&self, derived: Derived, layer: &Digest) -> Result<bool, CatalogError> {
        let key = derived.key(layer);
        self.run(|connection| {
            connection
                .prepare_cached("SELECT 1 FROM layers WHERE digest = ?1")?
                .exists([&key])
        })
    }

    /// Keeps `bytes`; what is larger than the whole bound is not kept.
    pub(crate) fn keep(
        &self,
        derived: Derived,
        layer: &Digest,
        bytes: &[u8],
        kept_at: i64,
    ) -> Result<(), CatalogError> {
        let size = bytes.len() as u64;
        if size > self.limit.load(Ordering::Relaxed) {
            return Ok(());
        }
        let key = derived.key(layer);
        self.run(|connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute(
                "INSERT OR REPLACE INTO layers (digest, used, kept_at, size, bytes)
                 VALUES (?1, (SELECT coalesce(max(used), 0) + 1 FROM layers), ?2, ?3, ?4)",
                (&key, kept_at, size.cast_signed(), bytes),
            )?;
            self.shrink(&transaction)?;
            transaction.commit()?;
            connection.execute_batch("PRAGMA incremental_vacuum")
        })
    }

    /// Sets the bound for what is kept from now on.
    pub(crate) fn bound(&self, limit: ByteSize) {
        self.limit.store(limit.bytes(), Ordering::Relaxed);
    }

    /// Sets the bound, and makes room where more is kept already.
    pub(crate) fn set_limit(&self, limit: ByteSize) -> Result<(), CatalogError> {
        self.bound(limit);
        if self.size()? <= limit {
            return Ok(());
        }
        self.run(|connection| {
            self.shrink(connection)?;
            connection.execute_batch("PRAGMA incremental_vacuum")
        })
    }

    pub(crate) fn size(&self) -> Result<ByteSize, CatalogError> {
        self.run(|connection| total(connection)).map(ByteSize)
    }

    pub(crate) fn clear(&self) -> Result<(), CatalogError> {
        self.run(|connection| connection.execute_batch("DELETE FROM layers; PRAGMA incremental_vacuum"))
    }

    fn shrink(&self, connection: &Connection) -> rusqlite::Result<()> {
        let mut over = total(connection)?.saturating_sub(self.limit.load(Ordering::Relaxed));
        while over > 0 {
            let delete =
                "DELETE FROM layers WHERE digest = (SELECT digest FROM layers ORDER BY used LIMIT 1) RETURNING size";
            let Some(size) = connection
                .query_row(delete, [], |row| row.get::<_, i64>(0))
                .optional()?
            else {
                break;
            };
            over = over.saturating_sub(size.cast_unsigned());
        }
        Ok(())
    }

    fn run<T>(&self, work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> Result<T, CatalogError> {
        work(&mut held(&self.connection)).map_err(|error| failure::translate(&self.path, &error))
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(15))?;
    connection.execute_batch(SCHEMA)?;
    Ok(connection)
}

fn total(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .query_row("SELECT coalesce(sum(size), 0) FROM layers", [], |row| row.get(0))
        .map(i64::cast_unsigned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, LayerStore) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = LayerStore::beside(&folder.path().join("index.sqlite"), ByteSize(1_000_000)).expect("it opens");
        (folder, store)
    }

    #[test]
    fn the_least_recently_used_goes_first() {
        let (_folder, store) = store();
        store.set_limit(ByteSize(250)).expect("set");
        let layers = [b"a", b"b", b"c"].map(|name| Digest::of(name));
        store.keep(Derived::Contents, &layers[0], &[1; 100], 0).expect("kept");
        store.keep(Derived::Contents, &layers[1], &[2; 100], 0).expect("kept");
        assert_eq!(
            store.find(Derived::Contents, &layers[0]).expect("read"),
            Some(vec![1; 100])
        );
        store.keep(Derived::Contents, &layers[2], &[3; 100], 0).expect("kept");
        assert_eq!(
            store.find(Derived::Contents, &layers[1]).expect("read"),
            None,
            "it was used longest ago"
        );
        assert!(
            store.contains(Derived::Contents, &layers[0]).expect("read")
                && store.contains(Derived::Contents, &layers[2]).expect("read")
        );
        assert_eq!(store.size().expect("read"), ByteSize(200));
        store.clear().expect("cleared");
        assert_eq!(store.size().expect("read"), ByteSize(0));
    }

    #[test]
    fn what_is_larger_than_everything_is_not_kept() {
        let (_folder, store) = store();
        store.set_limit(ByteSize(10)).expect("set");
        store
            .keep(Derived::Contents, &Digest::of(b"large"), &[0; 11], 0)
            .expect("it is no error");
        assert_eq!(store.size().expect("read"), ByteSize(0));
    }

    #[test]
    fn a_damaged_store_begins_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(
            folder.path().join("contents.sqlite"),
            b"not a database at all".repeat(100),
        )
        .expect("written");
        let store = LayerStore::beside(&folder.path().join("index.sqlite"), ByteSize(1)).expect("it is begun anew");
        assert_eq!(store.size().expect("read"), ByteSize(0));
    }
}
