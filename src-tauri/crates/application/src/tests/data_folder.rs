//! Data folders that are damaged, of a newer Berth, or no folders at all.

use std::fs;

use registry::ErrorCode;

use super::{House, sampled};
use crate::Berth;

#[tokio::test]
async fn a_damaged_index_is_kept_aside_said_once_and_rebuilt() {
    let sampled = sampled().await;
    let house = sampled.house;
    drop(sampled.berth);
    let index = house.data_folder().join("index.sqlite");
    for extra in ["index.sqlite-wal", "index.sqlite-shm"] {
        let _ = fs::remove_file(house.data_folder().join(extra));
    }
    fs::write(
        &index,
        b"this is no database, but it was one, and it is long enough to look like one".repeat(100),
    )
    .expect("it is overwritten");
    let (berth, notices) = Berth::open(house.environment()).expect("a new index is begun");
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].message.contains("kept as"), "{notices:?}");
    assert_eq!(berth.start().await.expect("the first screen").notices, notices);
    let aside = fs::read_dir(house.data_folder()).expect("the folder").flatten();
    assert!(aside.map(|entry| entry.file_name()).any(|name| {
        let name = name.to_string_lossy().into_owned();
        name != "index.sqlite" && name.starts_with("index") && !name.ends_with("-wal") && !name.ends_with("-shm")
    }));
    let report = berth
        .sync(&sampled.id, None, None, &registry::Operation::unobserved())
        .await
        .expect("it is read again");
    assert_eq!(report.repositories, 6);
    drop(berth);
    assert!(Berth::open(house.environment()).expect("whole again").1.is_empty());
}

#[test]
fn a_folder_that_cannot_be_is_told_with_a_hint() {
    let house = House::new();
    fs::write(house.data_folder(), "a file where the folder should be").expect("a file");
    let problem = Berth::open(house.environment()).expect_err("it is no folder");
    assert_eq!(problem.code, ErrorCode::Storage);
    assert!(problem.hint.is_some_and(|hint| hint.contains("--data-dir")));
}

#[test]
fn broken_settings_are_told_with_their_line_before_anything_else() {
    let house = House::new();
    fs::create_dir(house.data_folder()).expect("a folder");
    fs::write(
        house.data_folder().join("settings.toml"),
        "theme = \"dark\"\n\nsizes = 3\n",
    )
    .expect("a file");
    let problem = Berth::open(house.environment()).expect_err("line 3");
    assert_eq!(problem.code, ErrorCode::Storage);
    assert!(problem.message.contains("line 3"), "{problem:?}");
    assert!(!house.data_folder().join("index.sqlite").exists());
}

#[cfg(unix)]
#[test]
fn the_data_folder_is_its_users_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let house = House::new();
    drop(house.open());
    let mode = fs::metadata(house.data_folder())
        .expect("it is made")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}
