//! The settings file: whole or not at all, honest about what is wrong, kind to what it does not know.

use std::{fs, path::Path, sync::Barrier, thread};

use tempfile::TempDir;

use super::*;
use crate::LoginMethod;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn put(folder: &Path, text: &str) {
    fs::write(folder.join("settings.toml"), text).expect("the file is written");
}

fn text(folder: &Path) -> String {
    fs::read_to_string(folder.join("settings.toml")).expect("the file is there")
}

fn connection(name: &str) -> SavedConnection {
    SavedConnection {
        id: catalog::ConnectionId::new(format!("id-of-{name}")),
        login: LoginMethod::Password,
        username: Some("ada".to_owned()),
        pinned: vec!["vision/x".parse().expect("a fixed name")],
        ..SavedConnection::anonymous(name, "ghcr.io/acme")
    }
}

fn add(file: &SettingsFile, name: &str) {
    file.update(|saved| {
        saved.connections.push(connection(name));
        Ok::<_, SettingsError>(())
    })
    .expect("it is written");
}

fn broken(text: &str) -> (usize, String) {
    let folder = folder();
    put(folder.path(), text);
    match SettingsFile::new(folder.path()).read() {
        Err(SettingsError::Broken { line, reason, .. }) => (line, reason),
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_a_file_everything_has_its_default_and_none_is_made() {
    let folder = folder();
    let saved = SettingsFile::new(folder.path()).read().expect("defaults");
    assert_eq!(*saved, Saved::default());
    assert!(!folder.path().join("settings.toml").exists());
}

#[test]
fn what_is_written_is_read_by_another_process() {
    let folder = folder();
    let (first, second) = (SettingsFile::new(folder.path()), SettingsFile::new(folder.path()));
    assert!(second.read().expect("empty").connections.is_empty());
    add(&first, "GHCR");
    let read = second.read().expect("it is whole");
    assert_eq!(read.connections, vec![connection("GHCR")]);
}

#[test]
fn comments_and_keys_of_other_versions_stay() {
    let folder = folder();
    put(
        folder.path(),
        "# mine\ntheme = \"dark\" # I like it\nfuture_key = [1, 2]\n\n[[connection]]\nid = \"a\" # first\nname = \"a\"\naddress = \"ghcr.io\"\nfuture = true\n\n[future_table]\nx = 1\n",
    );
    let file = SettingsFile::new(folder.path());
    add(&file, "GHCR");
    file.update(|saved| {
        saved.settings.theme = Theme::Light;
        Ok::<_, SettingsError>(())
    })
    .expect("it is written");
    let text = text(folder.path());
    for kept in [
        "# mine",
        "theme = \"light\" # I like it",
        "future_key = [1, 2]",
        "id = \"a\" # first",
        "future = true",
        "[future_table]",
    ] {
        assert!(text.contains(kept), "{kept} is missing in:\n{text}");
    }
    assert_eq!(file.read().expect("still whole").connections.len(), 2);
}

#[test]
fn a_removed_connection_is_gone_and_the_others_stay_in_their_order() {
    let folder = folder();
    let file = SettingsFile::new(folder.path());
    for name in ["a", "b", "c"] {
        add(&file, name);
    }
    file.update(|saved| {
        saved.connections.retain(|connection| connection.name != "b");
        Ok::<_, SettingsError>(())
    })
    .expect("it is written");
    let names: Vec<String> = file
        .read()
        .expect("whole")
        .connections
        .iter()
        .map(|connection| connection.name.clone())
        .collect();
    assert_eq!(names, ["a", "c"]);
    assert!(!text(folder.path()).contains("id-of-b"));
}

#[test]
fn a_broken_file_is_told_with_its_line_and_left_as_it_is() {
    let folder = folder();
    put(folder.path(), "theme = \"dark\"\nsizes = \n");
    let file = SettingsFile::new(folder.path());
    let problem = file.read().expect_err("line 2 is broken");
    assert!(matches!(problem, SettingsError::Broken { line: 2, .. }), "{problem:?}");
    assert!(problem.hint().is_some_and(|hint| hint.contains("line 2")));
    let refused = file.update(|saved| {
        saved.settings.theme = Theme::Light;
        Ok::<_, SettingsError>(())
    });
    assert!(refused.is_err());
    assert_eq!(text(folder.path()), "theme = \"dark\"\nsizes = \n");
}

#[test]
fn values_that_do_not_fit_are_told_with_their_line() {
    assert_eq!(broken("\n\ntheme = \"pink\"\n").0, 3);
    assert_eq!(broken("theme = \"dark\"\ntries = 0\n").0, 2);
    let (line, reason) = broken("protected_tags = [\"[\"]\n");
    assert!(line == 1 && reason.starts_with("protected_tags"), "{line}: {reason}");
    let twice = "[[connection]]\nid = \"1\"\nname = \"a\"\naddress = \"x.io\"\n[[connection]]\nid = \"2\"\nname = \"A\"\naddress = \"y.io\"\n";
    assert!(broken(twice).1.contains("two connections"));
    assert!(
        broken("[[connection]]\nid = \"1\"\nname = \"a/b\"\naddress = \"x.io\"\n")
            .1
            .contains("'/'")
    );
    assert!(
        broken("[[connection]]\nid = \"1\"\nname = \"a\"\n")
            .1
            .contains("needs an address or a folder")
    );
}

#[test]
fn a_change_that_does_not_hold_together_is_refused_and_writes_nothing() {
    let folder = folder();
    let file = SettingsFile::new(folder.path());
    add(&file, "a");
    let before = text(folder.path());
    let refused = file.update(|saved| {
        saved.connections.push(SavedConnection {
            name: "A".to_owned(),
            ..connection("b")
        });
        Ok::<_, SettingsError>(())
    });
    assert!(matches!(refused, Err(SettingsError::Value { .. })));
    assert_eq!(text(folder.path()), before);
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let folder = folder();
    let start = Barrier::new(8);
    thread::scope(|scope| {
        for number in 0..8 {
            let (start, folder) = (&start, folder.path());
            scope.spawn(move || {
                let file = SettingsFile::new(folder);
                start.wait();
                add(&file, &format!("c{number}"));
            });
        }
    });
    assert_eq!(
        SettingsFile::new(folder.path())
            .read()
            .expect("whole")
            .connections
            .len(),
        8
    );
    let names: Vec<String> = fs::read_dir(folder.path())
        .expect("the folder is there")
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    assert!(
        names.iter().all(|name| !name.starts_with(".settings-")),
        "a temporary file was left: {names:?}"
    );
}

#[test]
fn nothing_is_written_where_nothing_changed() {
    let folder = folder();
    let file = SettingsFile::new(folder.path());
    file.update(|_| Ok::<_, SettingsError>(())).expect("nothing to do");
    assert!(!folder.path().join("settings.toml").exists());
}

#[test]
fn a_file_without_a_right_to_write_is_told_with_a_hint() {
    let folder = folder();
    // A folder where the file should be: nobody, not even root, can write there.
    fs::create_dir(folder.path().join("settings.toml")).expect("a folder");
    let file = SettingsFile::new(folder.path());
    let problem = file.read().expect_err("a folder is no file");
    assert!(matches!(problem, SettingsError::Unreadable { .. }), "{problem:?}");
    assert!(problem.hint().is_some());
    let nowhere = SettingsFile::new(&folder.path().join("missing"));
    let problem = nowhere.update(|saved| {
        saved.settings.tries = 3;
        Ok::<_, SettingsError>(())
    });
    assert!(matches!(problem, Err(SettingsError::Unwritable { .. })), "{problem:?}");
}

#[test]
fn single_settings_are_read_and_written_by_key() {
    let settings = Settings::default();
    assert_eq!(get(&settings, Some("theme")).expect("a key"), "system");
    assert!(get(&settings, None).expect("all").get("pull_tools").is_some());
    assert!(matches!(
        get(&settings, Some("nothing")),
        Err(SettingsError::UnknownKey(_))
    ));
    let set = |key: &str, text: &str| set(&settings, key, text);
    assert_eq!(set("theme", "dark").expect("a theme").theme, Theme::Dark);
    assert_eq!(set("tries", "7").expect("a number").tries, 7);
    assert!(set("less_motion", "true").expect("a flag").less_motion);
    assert_eq!(
        set("protected_tags", "a, b-*").expect("a list").protected_tags,
        ["a", "b-*"]
    );
    assert!(
        set("protected_tags", "[]")
            .expect("an empty list")
            .protected_tags
            .is_empty()
    );
    let printed = r#"[{"name":"live","mark":"full"}]"#;
    assert_eq!(set("channels", printed).expect("as printed").channels.len(), 1);
    assert_eq!(set("trusted_ca", "/a,/b").expect("files").trusted_ca.len(), 2);
    let channels = set("channels", "[{ name = \"live\", mark = \"full\" }]")
        .expect("tables")
        .channels;
    assert_eq!(
        channels,
        [ChannelSetting {
            asks_first: None,
            requires: Vec::new(),
            name: "live".to_owned(),
            mark: ChannelMark::Full
        }]
    );
    for (key, text) in [
        ("theme", "pink"),
        ("tries", "0"),
        ("tries", "many"),
        ("nothing", "1"),
        ("proxy", "own"),
    ] {
        assert!(set(key, text).is_err(), "{key} = {text}");
    }
}

#[test]
fn two_connections_of_one_id_are_told_with_their_line() {
    let (line, reason) = broken(
        "theme = \"dark\"\n\n[[connection]]\nid = \"a\"\nname = \"one\"\naddress = \"ghcr.io\"\n\n[[connection]]\nid = \"a\"\nname = \"two\"\naddress = \"quay.io\"\n",
    );
    assert_eq!(line, 3);
    assert!(
        reason.contains("\"one\"") && reason.contains("\"two\"") && reason.contains("id"),
        "{reason}"
    );
}
