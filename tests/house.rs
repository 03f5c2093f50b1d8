//! The walls of the house: each crate sees only those below it, and the front end reaches Tauri through one folder (and its tests through Tauri's own mocks).

use std::{fs, path::Path};

/// From the bottom up: a crate may depend on what stands before it.
const HOUSE: [&str; 7] = [
    "artifact",
    "registry",
    "catalog",
    "changes",
    "application",
    "cli",
    "berth",
];

#[test]
fn arrows_point_one_way() {
    for (floor, name) in HOUSE.iter().enumerate() {
        let manifest = match *name {
            "berth" => "Cargo.toml".to_owned(),
            member => format!("src-tauri/crates/{member}/Cargo.toml"),
        };
        let text = fs::read_to_string(root().join(&manifest)).expect("each crate has a manifest");
        for above in &HOUSE[floor + 1..] {
            assert!(!depends_on(&text, above), "{manifest} must not depend on {above}");
        }
        if ["cli", "berth"].contains(name) {
            for hidden in ["registry", "catalog", "changes"] {
                assert!(
                    !depends_on(&text, hidden),
                    "{manifest} reaches {hidden} through application alone"
                );
            }
        }
    }
}

/// Whether a crate stands under `[dependencies]`; what tests use does not count.
fn depends_on(manifest: &str, name: &str) -> bool {
    let (_, after) = manifest
        .split_once("\n[dependencies]")
        .expect("a crate has dependencies");
    let section = after.split("\n[").next().unwrap_or_default();
    section
        .lines()
        .any(|line| line.split(['.', ' ', '=']).next() == Some(name))
}

#[test]
fn what_is_stored_is_understood_without_network_disk_or_clock() {
    for file in sources(&root().join("src-tauri/crates/artifact/src"), "rs") {
        let text = fs::read_to_string(&file).expect("a source file is text");
        if file
            .file_name()
            .is_some_and(|name| name.to_string_lossy().ends_with("tests.rs"))
        {
            continue;
        }
        for outside in [
            "fs::",
            "File::open",
            "File::create",
            "std::net",
            "std::env",
            "env::var",
            "SystemTime",
            "thread::",
            "Utc::now",
            "Instant::now",
            "tokio::",
        ] {
            assert!(!text.contains(outside), "{} uses {outside}", file.display());
        }
    }
}

/// Requests that may change a registry stand in the files that are made for them: tokens, the probes of what a login
/// may do, and the write primitives.
#[test]
fn registries_are_written_to_in_few_places() {
    let allowed = [
        "http/message.rs",
        "http/wire.rs",
        "http/authority.rs",
        "http/deletes.rs",
        "http/check/rights.rs",
        "http/session.rs",
        "http/uploads.rs",
        "http/writes.rs",
        "http/removals.rs",
    ];
    for (name, text) in shipped_sources() {
        if allowed
            .iter()
            .any(|end| name.ends_with(&format!("crates/registry/src/{end}")))
        {
            continue;
        }
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let written = [format!("Method::{method}"), format!("\"{method}\"")];
            assert!(
                !written.iter().any(|word| text.contains(word.as_str())),
                "{name} sends {method}"
            );
        }
        for sender in ["reqwest::Client", "hyper::client"] {
            assert!(
                !text.contains(sender) || name.contains("crates/registry/src/http/"),
                "{name} sends by itself"
            );
        }
    }
}

/// A write is a step of a plan: nobody but `changes` calls the write primitives.
#[test]
fn only_changes_writes_to_a_registry() {
    let primitives = [
        "put_manifest",
        "put_blob",
        "mount_blob",
        "delete_tag",
        "delete_manifest",
    ];
    for (name, text) in shipped_sources() {
        if ["crates/registry/", "crates/changes/"]
            .iter()
            .any(|part| name.contains(part))
        {
            continue;
        }
        for primitive in primitives {
            assert!(!text.contains(&format!("{primitive}(")), "{name} calls {primitive}");
        }
        assert!(!text.contains("WritableRegistry::"), "{name} calls a write primitive");
    }
}

/// The sources of the program, without its tests: each with its path.
fn shipped_sources() -> impl Iterator<Item = (String, String)> {
    let files = sources(&root().join("src-tauri"), "rs").into_iter();
    let named = files.map(|file| (file.to_string_lossy().replace('\\', "/"), file));
    named
        .filter(|(name, _)| !name.contains("/tests") && !name.ends_with("tests.rs"))
        .map(|(name, file)| {
            let text = fs::read_to_string(file).expect("a source file is text");
            (name, text)
        })
}

#[test]
fn the_front_end_reaches_tauri_through_one_folder() {
    for file in sources(&root().join("ui/src"), "ts")
        .into_iter()
        .chain(sources(&root().join("ui/src"), "tsx"))
    {
        let text = fs::read_to_string(&file).expect("a source file is text");
        let inside = ["ui/src/ipc", "ui/src/testing"]
            .iter()
            .any(|folder| file.starts_with(root().join(folder)));
        let is_test = file.to_string_lossy().contains(".test.");
        assert!(
            inside || is_test || !text.contains("@tauri-apps/"),
            "{} imports Tauri",
            file.display()
        );
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, extension: &str) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() {
            found.extend(sources(&path, extension));
        } else if path.extension().is_some_and(|kind| kind == extension) {
            found.push(path);
        }
    }
    found
}
