//! Opening the journal file: creating it and bringing it to the newest schema. A damaged one is left as it is.

use std::{fs, path::Path, time::Duration};

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::{JournalError, Locks};

/// The schema's steps, oldest first. A step that was released is never edited: a new one follows it.
const STEPS: &[M<'static>] = &[M::up(include_str!("schema.sql")), M::up(include_str!("lists.sql"))];
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);
/// Files up to this size are checked page by page when they are opened; larger ones show damage as it is read.
const CHECKED_BYTES: u64 = 32 << 20;
const BUSY: Duration = Duration::from_secs(15);
const STATEMENTS: usize = 32;

pub(super) fn open(path: &Path, locks: &Locks) -> Result<Connection, JournalError> {
    let fail = |error: rusqlite::Error| JournalError::of_sqlite(path, &error);
    let _opening = locks
        .opening()
        .map_err(|error| JournalError::of_file(path.to_owned(), &error))?;
    let mut connection = Connection::open(path).map_err(fail)?;
    connection.busy_timeout(BUSY).map_err(fail)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    let taken = refuse_newer(path, &connection)?;
    if taken == 0 {
        refuse_foreign(path, &connection)?;
    }
    prepare(&connection).map_err(fail)?;
    MIGRATIONS.to_latest(&mut connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => JournalError::of_sqlite(path, &err),
        other => JournalError::Storage {
            path: path.to_owned(),
            detail: other.to_string(),
        },
    })?;
    check(path, &connection)?;
    Ok(connection)
}

/// Answers how many of the steps were taken.
fn refuse_newer(path: &Path, connection: &Connection) -> Result<usize, JournalError> {
    let found: i64 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(|error| JournalError::of_sqlite(path, &error))?;
    let found = usize::try_from(found).unwrap_or_default();
    let known = STEPS.len();
    if found > known {
        return Err(JournalError::TooNew {
            path: path.to_owned(),
            found,
            known,
        });
    }
    Ok(found)
}

/// A file without our schema must be empty: nothing is made inside another program's tables.
fn refuse_foreign(path: &Path, connection: &Connection) -> Result<(), JournalError> {
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|error| JournalError::of_sqlite(path, &error))?;
    if tables == 0 {
        return Ok(());
    }
    Err(foreign(path))
}

fn foreign(path: &Path) -> JournalError {
    JournalError::Corrupt {
        path: path.to_owned(),
        detail: "it has another program's tables".to_owned(),
    }
}

/// A write-ahead log that is synced with each commit (FULL): one sync per commit where a rollback journal takes three,
/// and who lists the history never waits for who writes it.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA journal_size_limit = 16777216;",
    )
}

fn check(path: &Path, connection: &Connection) -> Result<(), JournalError> {
    let fail = |error: rusqlite::Error| JournalError::of_sqlite(path, &error);
    let tables: i64 = connection
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table'
             AND name IN ('changes', 'steps', 'parties', 'manifests', 'change_manifests')",
            [],
            |row| row.get(0),
        )
        .map_err(fail)?;
    if tables != 5 {
        return Err(foreign(path));
    }
    if fs::metadata(path).is_ok_and(|file| file.len() > CHECKED_BYTES) {
        return Ok(());
    }
    let verdict: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(fail)?;
    if verdict != "ok" {
        return Err(JournalError::Corrupt {
            path: path.to_owned(),
            detail: verdict,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_valid() {
        MIGRATIONS.validate().expect("every step runs");
    }
}
