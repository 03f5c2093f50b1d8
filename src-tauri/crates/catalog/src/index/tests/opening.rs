//! Starting again: without a network, on a damaged or newer file, where nothing can be written.

use std::{fs, path::Path};

use registry::{ErrorCode, Operation};
use rusqlite::Connection;

use crate::{
    CatalogError, Index,
    double::{CONNECTION, MemoryRegistry, Seen, name},
};

#[tokio::test]
async fn a_second_start_shows_everything_with_its_age_and_asks_nobody() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0", "2.0"]);
    seen.sync(&registry).await;
    registry.forget_questions();
    let again = seen.opened_again();
    assert_eq!(again.tags("team/model"), ["2.0", "1.0"]);
    let row = again
        .index
        .repository(&CONNECTION.into(), &name("team/model"))
        .expect("read")
        .expect("a row");
    assert_eq!(
        (row.tags, row.versions, row.synced, row.complete),
        (2, 2, Some(seen.now()), true)
    );
    let digest = again.rows("team/model")[0].digest.clone().expect("a digest");
    let record = again
        .index
        .version(&CONNECTION.into(), &name("team/model"), &digest, seen.now());
    assert_eq!(record.expect("read").expect("it is known").summary.platforms.len(), 1);
    let (_, bytes) = again
        .index
        .manifest_bytes(&digest)
        .expect("read")
        .expect("its bytes are kept");
    assert_eq!(artifact::Digest::of(&bytes), digest);
    assert!(registry.asked("").is_empty());
}

#[tokio::test]
async fn a_damaged_index_is_kept_aside_said_and_built_anew() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0", "2.0"]);
    seen.sync(&registry).await;
    let folder = seen.closed();
    let path = folder.path().join("index.sqlite");
    let mut bytes = fs::read(&path).expect("it is there");
    let middle = bytes.len() / 2;
    bytes[4096..middle].fill(0x5a);
    fs::write(&path, &bytes).expect("it is damaged");
    let opened = Index::open(&path).expect("a new one is begun");
    let notice = opened.notice.expect("it is said");
    let aside = fs::read_dir(folder.path()).expect("a folder").filter_map(Result::ok);
    let aside = aside
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|end| end == "corrupt"));
    let aside = aside.expect("the damaged file is kept");
    assert!(notice.contains(&aside.display().to_string()), "{notice}");
    assert_eq!(fs::read(&aside).expect("it can be read"), bytes);
    drop(opened.index);
    let fresh = Seen::of(folder);
    fresh.sync(&registry).await;
    assert_eq!(fresh.tags("team/model"), ["2.0", "1.0"]);
}

#[test]
fn a_newer_schema_is_refused_with_a_hint_and_left_as_it_is() {
    let seen = Seen::new();
    let path = seen.folder.path().join("index.sqlite");
    Connection::open(&path)
        .and_then(|raw| raw.pragma_update(None, "user_version", 7))
        .expect("written");
    let error = Index::open(&path).expect_err("it is newer");
    assert!(
        matches!(error, CatalogError::TooNew { found: 7, known: 3, .. }),
        "{error}"
    );
    assert_eq!(error.code(), ErrorCode::IndexTooNew);
    assert!(error.hint().is_some_and(|hint| hint.contains("--data-dir")));
    let version = Connection::open(&path).and_then(|raw| raw.query_row("PRAGMA user_version", [], |row| row.get(0)));
    assert_eq!(version, Ok(7));
}

/// The system's own folders take no new files, not even from root.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_said() {
    let error = Index::open(Path::new("/sys/kernel/index.sqlite")).expect_err("nothing can be written there");
    assert!(matches!(error, CatalogError::ReadOnly { .. }), "{error}");
    assert_eq!(error.code(), ErrorCode::Storage);
    assert!(error.hint().is_some());
}

#[tokio::test]
async fn a_full_disk_ends_a_sync_with_a_hint_and_loses_nothing_older() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0"]);
    seen.sync(&registry).await;
    let many: Vec<String> = (0..200).map(|number| format!("2.{number}")).collect();
    registry.fill("team/model", &many.iter().map(String::as_str).collect::<Vec<_>>());
    set_pages(&seen.index, 1);
    let error = seen
        .try_sync(&registry, CONNECTION, &Operation::unobserved())
        .await
        .expect_err("it does not fit");
    assert!(matches!(error, CatalogError::DiskFull { .. }), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("free some space")));
    assert!(seen.tags("team/model").contains(&"1.0".to_owned()));
    set_pages(&seen.index, 1_000_000);
    seen.sync(&registry).await;
    assert_eq!(seen.rows("team/model").len(), 201);
}

/// `SQLite` answers beyond this many pages as it does where the disk has no more.
fn set_pages(index: &Index, pages: u32) {
    let limited = index.store().maintain(|connection| {
        connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| {
            row.get::<_, i64>(0)
        })
    });
    limited.expect("it is set");
}
