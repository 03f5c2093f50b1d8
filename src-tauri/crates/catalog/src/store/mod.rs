//! The index file: one writer, a few readers, and how rows are packed.
//!
//! Knows `SQLite` and the schema; knows nothing of registries.

mod digests;
mod failure;
mod layers;
mod locks;
mod open;
mod packed;
mod time;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub(crate) use digests::{DigestIds, digest_of, key_of};
pub(crate) use layers::{Derived, LayerStore};
pub(crate) use locks::{ConnectionLock, Locks};
pub(crate) use open::{SCHEMA, folder_failure, open};
pub(crate) use packed::{Packed, PackedContent, PackedPlatform, PackedWords};
pub(crate) use time::{milliseconds, time};

use crate::CatalogError;

/// Idle reading connections that are kept; more are opened while more are needed at once.
const READERS: usize = 4;
const BUSY_MILLISECONDS: u32 = 15_000;
const STATEMENTS: usize = 96;

/// The opened index file.
pub(crate) struct Store {
    path: PathBuf,
    readers: Mutex<Vec<Connection>>,
    /// Never writes, so that `data_version` sees the writes of this process too.
    watcher: Mutex<Connection>,
    /// Closed last: only a connection that writes folds the write-ahead log into the file.
    writer: Mutex<Writer>,
}

struct Writer {
    connection: Connection,
    ids: DigestIds,
    data_version: i64,
}

/// A transaction that writes, with the ids of digests at hand.
pub(crate) struct Writing<'a> {
    pub(crate) transaction: Transaction<'a>,
    pub(crate) ids: &'a mut DigestIds,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Store")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Store {
    fn new(path: &Path, writer: Connection) -> rusqlite::Result<Self> {
        let watcher = reader(path)?;
        let writer = Writer {
            connection: writer,
            ids: DigestIds::default(),
            data_version: 0,
        };
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            watcher: Mutex::new(watcher),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` on a reading connection, all of it on one state of the index; several run side by side, also beside a
    /// write.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, CatalogError> {
        let idle = held(&self.readers).pop();
        let connection = idle
            .map_or_else(|| reader(&self.path), Ok)
            .map_err(|error| self.failure(&error))?;
        // One transaction takes the file's locks once, however many statements there are.
        let outcome = connection.unchecked_transaction().and_then(|snapshot| work(&snapshot));
        let outcome = outcome.map_err(|error| self.failure(&error));
        let mut readers = held(&self.readers);
        if readers.len() < READERS {
            readers.push(connection);
        }
        outcome
    }

    /// Runs `work` in one transaction that is committed if it succeeds and leaves nothing if it fails.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, CatalogError> {
        let mut writer = held(&self.writer);
        writer.transact(work).map_err(|error| self.failure(&error))
    }

    /// Runs `work` on the writing connection outside of a transaction.
    pub(crate) fn maintain<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, CatalogError> {
        let mut writer = held(&self.writer);
        writer.ids.clear();
        work(&mut writer.connection).map_err(|error| self.failure(&error))
    }

    /// A number that changes with every commit of any process.
    pub(crate) fn data_version(&self) -> Result<u64, CatalogError> {
        let watcher = held(&self.watcher);
        let version: rusqlite::Result<i64> = watcher.query_row("PRAGMA data_version", [], |row| row.get(0));
        version.map(i64::cast_unsigned).map_err(|error| self.failure(&error))
    }

    /// What an error of `SQLite` means for the person; a damaged file is marked, so that the next start rebuilds it.
    pub(crate) fn failure(&self, error: &rusqlite::Error) -> CatalogError {
        let failure = failure::translate(&self.path, error);
        if matches!(failure, CatalogError::Corrupt { .. }) {
            open::mark_damaged(&self.path);
        }
        failure
    }
}

impl Writer {
    fn transact<T>(&mut self, work: impl FnOnce(&mut Writing<'_>) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let Self {
            connection,
            ids,
            data_version: known,
        } = self;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Ids that another process may have dropped since are not trusted.
        let data_version = transaction.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        if data_version != *known {
            ids.clear();
            *known = data_version;
        }
        let mut writing = Writing { transaction, ids };
        let outcome = work(&mut writing);
        let Writing { transaction, ids } = writing;
        let outcome = outcome.and_then(|value| transaction.commit().map(|()| value));
        if outcome.is_err() {
            ids.clear();
        }
        outcome
    }
}

fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_millis(u64::from(BUSY_MILLISECONDS)))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.execute_batch("PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;")?;
    Ok(connection)
}

/// The lock's content also after a panic elsewhere: a transaction that was under way has been rolled back.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
