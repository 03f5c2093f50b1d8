//! The journal: what a change is about to do, on disk before it does it, and what became of each step.
//!
//! Knows `SQLite` and the shapes of plans; knows nothing of registries. The file is never rebuilt.

mod audit;
mod entry;
mod error;
mod lists;
mod locks;
mod open;
mod read;
mod recorder;
#[cfg(test)]
mod tests;
mod write;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use audit::{AuditOutcome, AuditRow};
pub use entry::{
    ChangeId, ChangeIdError, ChangeState, Entry, EntryDetail, EntryFilter, EntryPage, EntryStep, JournalSize,
    JournaledMove, Origin, Party, StepState, Tally, Unsettled,
};
pub use error::JournalError;
pub(crate) use locks::RunLock;
pub(crate) use recorder::Recorder;
pub(crate) use write::{Ending, Manifests, Mark, NewChange, StepEnd, Unfinished};

use locks::Locks;

/// The journal of a data folder. Cheap to clone; all clones are one. Methods block for milliseconds.
#[derive(Clone)]
pub struct Journal {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    locks: Locks,
    connection: Mutex<Connection>,
    #[cfg(test)]
    observer: Mutex<Option<recorder::Observer>>,
}

impl Journal {
    /// Opens or creates the journal file; its folder must exist.
    ///
    /// # Errors
    /// [`JournalError::TooNew`] if a newer Berth wrote it; [`JournalError::Corrupt`] if it cannot be read: the file stays
    /// where it is.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let locks = Locks::beside(path);
        let connection = open::open(path, &locks)?;
        Ok(Self {
            shared: Arc::new(Shared {
                path: path.to_owned(),
                locks,
                connection: Mutex::new(connection),
                #[cfg(test)]
                observer: Mutex::default(),
            }),
        })
    }

    /// A number that changes with every commit of any process.
    pub fn data_version(&self) -> Result<u64, JournalError> {
        self.read(|reading| {
            // `data_version` leaves out what this connection wrote itself.
            let others: i64 = reading.query_row("PRAGMA data_version", [], |row| row.get(0))?;
            Ok(others.cast_unsigned().saturating_add(reading.total_changes()))
        })
    }

    /// From now on the file cannot grow.
    #[cfg(test)]
    pub(crate) fn fill_disk(&self) {
        let full = self.connection().execute_batch("PRAGMA max_page_count = 1");
        full.expect("a pragma");
    }

    /// Works on the file itself.
    #[cfg(test)]
    pub(crate) fn with_connection<T>(&self, work: impl FnOnce(&mut Connection) -> T) -> T {
        work(&mut self.connection())
    }

    /// From now on the file cannot be written.
    #[cfg(test)]
    pub(crate) fn refuse_writes(&self) {
        let refused = self.connection().execute_batch("PRAGMA query_only = ON");
        refused.expect("a pragma");
    }

    /// Runs `work` on one state of the journal.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, JournalError> {
        let connection = self.connection();
        let outcome = connection.unchecked_transaction().and_then(|snapshot| work(&snapshot));
        outcome.map_err(|error| self.failure(&error))
    }

    /// Runs `work` in one transaction that is on disk when it succeeds, and leaves nothing if it fails.
    fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Failure>) -> Result<T, JournalError> {
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| self.failure(&error))?;
        let outcome = work(&transaction).and_then(|value| {
            transaction.commit()?;
            Ok(value)
        });
        outcome.map_err(|failure| match failure {
            Failure::Sqlite(error) => self.failure(&error),
            Failure::Journal(error) => error,
        })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // After a panic elsewhere too: a transaction that was under way has been rolled back.
        self.shared.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failure(&self, error: &rusqlite::Error) -> JournalError {
        JournalError::of_sqlite(&self.shared.path, error)
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Journal")
            .field("path", &self.shared.path)
            .finish_non_exhaustive()
    }
}

/// What ends a transaction.
enum Failure {
    Sqlite(rusqlite::Error),
    Journal(JournalError),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}
