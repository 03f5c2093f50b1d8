//! Opening the index file: creating it, bringing it to the newest schema, keeping a damaged one aside.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::{BUSY_MILLISECONDS, Locks, STATEMENTS, Store, failure, time};
use crate::CatalogError;

/// The schema's steps, oldest first. A step that was released is never edited: a new one follows it.
const STEPS: &[M<'static>] = &[M::up(SCHEMA[0]), M::up(SCHEMA[1]), M::up(SCHEMA[2])];
/// What the steps do, for an index that is emptied.
pub(crate) const SCHEMA: [&str; 3] = [
    include_str!("schema.sql"),
    include_str!("dropped.sql"),
    include_str!("doubt.sql"),
];
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// Files up to this size are checked page by page when they are opened; larger ones show damage as it is read.
const CHECKED_BYTES: u64 = 8 << 20;

/// Opens or creates the index; the second value tells where a damaged one was moved.
pub(crate) fn open(path: &Path, locks: &Locks) -> Result<(Store, Option<PathBuf>), CatalogError> {
    let _opening = locks.opening().map_err(|error| folder_failure(path, &error))?;
    let marked = damage_mark(path).exists();
    if !marked {
        match try_open(path) {
            Err(CatalogError::Corrupt { .. }) => {}
            outcome => return outcome.map(|store| (store, None)),
        }
    }
    let aside = move_aside(path).map_err(|error| folder_failure(path, &error))?;
    Ok((try_open(path)?, aside))
}

/// Remembers that damage was met, so that the next start keeps the file aside.
pub(super) fn mark_damaged(path: &Path) {
    if let Err(error) = fs::write(damage_mark(path), b"") {
        tracing::warn!(%error, "the damaged index could not be marked");
    }
}

fn damage_mark(path: &Path) -> PathBuf {
    path.with_extension("damaged")
}

fn try_open(path: &Path) -> Result<Store, CatalogError> {
    let fail = |error: rusqlite::Error| failure::translate(path, &error);
    let mut connection = Connection::open(path).map_err(fail)?;
    connection
        .busy_timeout(Duration::from_millis(u64::from(BUSY_MILLISECONDS)))
        .map_err(fail)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    if refuse_newer(path, &connection)? > 0 {
        check_tables(path, &connection)?;
    }
    prepare(&connection).map_err(fail)?;
    MIGRATIONS.to_latest(&mut connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => failure::translate(path, &err),
        other => CatalogError::Storage {
            path: path.to_owned(),
            detail: other.to_string(),
        },
    })?;
    check(path, &connection)?;
    Store::new(path, connection).map_err(fail)
}

/// Answers how many of the steps were taken.
fn refuse_newer(path: &Path, connection: &Connection) -> Result<usize, CatalogError> {
    let found: i64 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(|error| failure::translate(path, &error))?;
    let found = usize::try_from(found).unwrap_or_default();
    let known = STEPS.len();
    if found > known {
        return Err(CatalogError::TooNew {
            path: path.to_owned(),
            found,
            known,
        });
    }
    Ok(found)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = NORMAL;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -32768;
         PRAGMA journal_size_limit = 67108864;",
    )
}

fn check(path: &Path, connection: &Connection) -> Result<(), CatalogError> {
    let fail = |error: rusqlite::Error| failure::translate(path, &error);
    let small = fs::metadata(path).is_ok_and(|file| file.len() <= CHECKED_BYTES);
    if small {
        let verdict: String = connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(fail)?;
        if verdict != "ok" {
            return Err(CatalogError::Corrupt {
                path: path.to_owned(),
                detail: verdict,
            });
        }
    }
    check_tables(path, connection)?;
    connection
        .execute_batch("SELECT id FROM tags LIMIT 1; SELECT id FROM versions LIMIT 1")
        .map_err(fail)
}

fn check_tables(path: &Path, connection: &Connection) -> Result<(), CatalogError> {
    let tables: i64 = connection
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE name IN ('repositories', 'tags', 'tag_search')",
            [],
            |row| row.get(0),
        )
        .map_err(|error| failure::translate(path, &error))?;
    if tables == 3 {
        return Ok(());
    }
    Err(CatalogError::Corrupt {
        path: path.to_owned(),
        detail: "it has another program's tables".to_owned(),
    })
}

/// Renames the damaged file and what belongs to it; answers its new name, which carries the time of its last change.
fn move_aside(path: &Path) -> std::io::Result<Option<PathBuf>> {
    let changed = fs::metadata(path).and_then(|file| file.modified()).ok();
    let since = changed
        .and_then(|changed| changed.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    let at = time(i64::try_from(since.as_millis()).unwrap_or_default()).unwrap_or_default();
    let name = format!("index-{}", at.format("%Y-%m-%d-%H-%M-%S"));
    let free = (1..).map(|number| {
        if number == 1 {
            name.clone()
        } else {
            format!("{name}-{number}")
        }
    });
    let aside = free
        .map(|name| path.with_file_name(format!("{name}.corrupt")))
        .find(|aside| !aside.exists());
    let Some(aside) = aside.filter(|_| path.exists()) else {
        remove(&damage_mark(path))?;
        return Ok(None);
    };
    // What was not folded in yet stays with it.
    let log = sibling(path, "-wal");
    if log.exists() {
        fs::rename(log, sibling(&aside, "-wal"))?;
    }
    fs::rename(path, &aside)?;
    remove(&sibling(path, "-shm"))?;
    remove(&damage_mark(path))?;
    Ok(Some(aside))
}

fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

pub(crate) fn folder_failure(path: &Path, error: &std::io::Error) -> CatalogError {
    let path = path.to_owned();
    match error.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            CatalogError::ReadOnly { path }
        }
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => CatalogError::DiskFull { path },
        _ => CatalogError::Storage {
            path,
            detail: error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, PathBuf, Locks) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("index.sqlite");
        let locks = Locks::beside(&path);
        (folder, path, locks)
    }

    #[test]
    fn the_schema_is_valid() {
        MIGRATIONS.validate().expect("every step runs");
    }

    #[test]
    fn a_damaged_index_is_kept_aside_and_a_new_one_begun() {
        let (folder, path, locks) = folder();
        fs::write(
            &path,
            b"this is no database, and long enough to have a header of its own: ".repeat(40),
        )
        .expect("written");
        let (store, aside) = open(&path, &locks).expect("it is rebuilt");
        let aside = aside.expect("the old file is kept");
        assert!(aside.file_name().and_then(|name| name.to_str()).is_some_and(|name| {
            name.starts_with("index-20") && Path::new(name).extension().is_some_and(|end| end == "corrupt")
        }));
        assert!(
            fs::read(&aside)
                .expect("it is there")
                .starts_with(b"this is no database")
        );
        let tags: i64 = store
            .read(|connection| connection.query_row("SELECT count(*) FROM tags", [], |row| row.get(0)))
            .expect("read");
        assert_eq!(tags, 0);
        drop((store, folder));
    }

    #[test]
    fn damage_that_is_met_later_is_marked_and_rebuilt_at_the_next_start() {
        let (_folder, path, locks) = folder();
        drop(open(&path, &locks).expect("a new index"));
        mark_damaged(&path);
        let (_, aside) = open(&path, &locks).expect("it is rebuilt");
        assert!(aside.is_some());
        let (_, aside) = open(&path, &locks).expect("it opens");
        assert_eq!(aside, None, "the new index was taken for the damaged one");
    }

    #[test]
    fn a_newer_schema_is_refused_and_left_alone() {
        let (_folder, path, locks) = folder();
        let (store, _) = open(&path, &locks).expect("a new index");
        store
            .maintain(|connection| connection.pragma_update(None, "user_version", 99))
            .expect("written");
        drop(store);
        let error = open(&path, &locks).expect_err("it is newer");
        assert!(matches!(error, CatalogError::TooNew { found: 99, .. }), "{error}");
        assert!(error.hint().is_some());
        assert!(path.exists());
    }

    #[test]
    fn an_index_of_the_first_schema_is_brought_to_the_newest() {
        let (_folder, path, locks) = folder();
        let old = Connection::open(&path).expect("a file");
        old.execute_batch(SCHEMA[0]).expect("the first schema");
        old.execute_batch(
            "PRAGMA user_version = 1;
            INSERT INTO connections (id, name) VALUES (1, 'c');
            INSERT INTO repositories (id, connection, name) VALUES (1, 1, 'r');
            INSERT INTO manifest_blobs VALUES (7, 8, 100), (7, 9, 100);
            INSERT INTO configs VALUES (8, x'');
            INSERT INTO versions (id, repository, digest, media_type, kind, size_counts, layer_count, content, words,
                complete) VALUES (1, 1, 7, '', '', '', 0, x'', x'', 1), (2, 1, 6, '', '', '', 0, x'', x'', 1);
            INSERT INTO tags (id, repository, name, digest, hidden, first_seen) VALUES (1, 1, 't', 6, 0, 0);",
        )
        .expect("rows");
        drop(old);
        let (store, aside) = open(&path, &locks).expect("it opens");
        assert_eq!(aside, None);
        let read = |select: &str| {
            let read = store.read(|reading| reading.query_row(select, [], |row| Ok((row.get(0)?, row.get(1)?))));
            read.expect("one row")
        };
        assert_eq!(read("SELECT config, manifest FROM manifest_configs"), (8, 7));
        assert_eq!(
            read("SELECT digest, swept FROM dropped, counts"),
            (7, 0),
            "no tag is on it"
        );
    }

    #[test]
    fn another_programs_database_is_kept_aside() {
        let (_folder, path, locks) = folder();
        Connection::open(&path)
            .and_then(|other| other.execute_batch("CREATE TABLE theirs (id); PRAGMA user_version = 1"))
            .expect("a database");
        let (_, aside) = open(&path, &locks).expect("it is rebuilt");
        assert!(aside.is_some());
    }
}
