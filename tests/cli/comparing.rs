//! `compare`: its document, its tables and its exit codes, on the sample.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use super::{DETECTOR, TAGS, Terminal, filled, keys, list, sample, text};
use crate::support::process::{run, tool};

fn sampled() -> Terminal {
    let terminal = Terminal::new();
    terminal.done(&["connection", "add", "Sample", &sample().display().to_string()]);
    terminal.done(&["sync"]);
    terminal
}

fn tagged(tag: &str) -> String {
    format!("Sample/{DETECTOR}:{tag}")
}

/// Digests and sizes of a version's blobs on linux/amd64, as `show` tells them.
fn blobs(terminal: &Terminal, tag: &str) -> (BTreeSet<(String, u64)>, u64) {
    let shown = terminal.json(&["show", &tagged(tag)]);
    let platform = list(&shown["platforms"])
        .iter()
        .find(|platform| platform["platform"] == "linux/amd64")
        .expect("it is built for it");
    let layer = |layer: &Value| {
        (
            text(&layer["digest"]).to_owned(),
            layer["size_bytes"].as_u64().expect("a size"),
        )
    };
    let layers: BTreeSet<(String, u64)> = list(&platform["layers"]).iter().map(layer).collect();
    (layers, platform["size_bytes"].as_u64().expect("a size"))
}

#[test]
fn two_versions_have_the_keys_of_the_contract() {
    let terminal = sampled();
    let (first, last) = (tagged("1.4.2"), tagged("1.5.0-rc.2"));
    let found = terminal.json(&["compare", &first, &last]);
    assert_eq!(
        keys(&found),
        [
            "bytes_to_pull",
            "card",
            "config",
            "history",
            "layers",
            "same",
            "shared_bytes",
            "versions"
        ]
    );
    assert_eq!(found["same"], json!(false));
    let versions = list(&found["versions"]);
    assert_eq!(
        keys(&versions[0]),
        ["created", "digest", "platform", "reference", "size_bytes"]
    );
    assert_eq!(
        (text(&versions[0]["reference"]), text(&versions[1]["reference"])),
        (first.as_str(), last.as_str())
    );
    let accuracy = list(&found["card"])
        .iter()
        .find(|row| row["field"] == "metrics.accuracy");
    assert_eq!(accuracy.map(|row| &row["values"]), Some(&json!([0.944, 0.958])));
    for row in list(&found["config"]).iter().chain(list(&found["card"])) {
        assert_ne!(row["values"][0], row["values"][1], "only differences: {row}");
    }

    let ((had, _), (wanted, size)) = (blobs(&terminal, "1.4.2"), blobs(&terminal, "1.5.0-rc.2"));
    let config = size - wanted.iter().map(|(_, size)| size).sum::<u64>();
    let pulled: u64 = wanted.difference(&had).map(|(_, size)| size).sum();
    assert_eq!(found["bytes_to_pull"], json!(pulled + config));
    assert_eq!(found["shared_bytes"], json!(size - pulled - config));
    let told: BTreeSet<&str> = list(&found["layers"])
        .iter()
        .map(|layer| text(&layer["digest"]))
        .collect();
    let all: BTreeSet<&str> = had.union(&wanted).map(|(digest, _)| digest.as_str()).collect();
    assert_eq!(told, all);
    for layer in list(&found["layers"]) {
        let holds = |blobs: &BTreeSet<(String, u64)>| blobs.iter().any(|(digest, _)| digest == text(&layer["digest"]));
        assert_eq!(layer["in"], json!([holds(&had), holds(&wanted)]));
    }
}

#[test]
fn with_more_than_two_each_is_held_against_the_first() {
    let terminal = sampled();
    let (first, second, third) = (tagged("1.4.2"), tagged("1.4.4"), tagged("1.4.2"));
    let found = terminal.json(&["compare", &first, &second, &third]);
    let pairs = list(&found["pairs"]);
    assert_eq!(pairs.len(), 2);
    assert_eq!((&pairs[0]["same"], &pairs[1]["same"]), (&json!(false), &json!(true)));
    assert_eq!(pairs[1]["bytes_to_pull"], json!(0));
    assert_eq!(found["same"], json!(true), "the last against the first");
    assert!(pairs[0]["bytes_to_pull"].as_u64() > Some(0));
    assert!(list(&found["card"]).iter().all(|row| list(&row["values"]).len() == 3));
}

#[test]
fn scripts_are_told_by_the_exit_code() {
    let terminal = sampled();
    let (first, alias, last) = (tagged("1.4.2"), tagged("production"), tagged("1.4.4"));
    let code = |arguments: &[&str]| terminal.run(arguments).code.unwrap_or(-1);
    assert_eq!(code(&["compare", &first, &last]), 0);
    assert_eq!(code(&["compare", &first, &last, "--exit-code"]), 5);
    assert_eq!(code(&["compare", &first, &alias, "--exit-code"]), 0);
    assert_eq!(
        code(&["compare", &first, &last, "--exit-code", "--only", "card,layers"]),
        5
    );
    assert_eq!(code(&["compare", &first, &alias, "--exit-code", "--only", "config"]), 0);
    let only = terminal.json(&["compare", &first, &last, "--only", "card"]);
    assert_eq!(
        keys(&only),
        ["bytes_to_pull", "card", "same", "shared_bytes", "versions"]
    );
}

#[test]
fn bad_questions_are_refused() {
    let terminal = sampled();
    let first = tagged("1.4.2");
    assert_eq!(terminal.run(&["compare", &first]).code, Some(2));
    assert_eq!(
        terminal.run(&["compare", &first, &first, "--only", "everything"]).code,
        Some(2)
    );
    assert_eq!(
        terminal.run(&[&["compare"][..], &[first.as_str(); 9]].concat()).code,
        Some(2)
    );
    let missing = terminal.error(1, &["compare", &first, &tagged("9.9.9")]);
    assert_eq!(missing["code"], "not_found");
    let platform = terminal.error(1, &["compare", &first, &tagged("1.0.0"), "--platform", "linux/arm64"]);
    assert!(text(&platform["hint"]).contains("linux/amd64"), "{platform}");
    assert_eq!(
        terminal.error(2, &["compare", &first, "Sample"])["code"],
        "invalid_input"
    );
}

#[test]
fn people_see_only_what_differs() {
    let terminal = sampled();
    let (first, last) = (tagged("1.4.2"), tagged("1.5.0-rc.2"));
    let shown = terminal.run(&["compare", &first, &last]).output;
    for part in [
        "A  Sample/",
        "B  Sample/",
        "To pull, having A",
        "Model card · ",
        "accuracy",
        "0.958 (+0.014)",
        "Layers · ",
    ] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
    let markdown = terminal.run(&["compare", &first, &last, "--markdown"]).output;
    assert!(markdown.starts_with(&format!("## {first} ↔ {last}\n")), "{markdown}");
    assert!(markdown.contains("| accuracy | 0.944 | 0.958 (+0.014) |"), "{markdown}");
}

/// The tree that crane makes of an image, on disk.
fn unpacked(reference: &str, folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    let archive = PathBuf::from(format!("{}.tar", folder.display()));
    run(tool("crane")
        .args(["export", "--insecure", "--platform", "linux/amd64", reference])
        .arg(&archive));
    run(Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(folder));
}

/// What is in a folder, or the file itself; paths from `root` on.
fn files_in(root: &Path, path: &Path) -> Vec<String> {
    let kind = fs::symlink_metadata(path).expect("it is there").file_type();
    if kind.is_dir() {
        let entries = fs::read_dir(path)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path());
        return entries.flat_map(|entry| files_in(root, &entry)).collect();
    }
    vec![path.strip_prefix(root).expect("below it").display().to_string()]
}

/// What `diff -r` says: added, removed, changed.
fn difference(before: &Path, after: &Path) -> [BTreeSet<String>; 3] {
    let output = Command::new("diff")
        .args(["-rq", "--no-dereference"])
        .args([before, after])
        .env("LC_ALL", "C")
        .output()
        .expect("diff runs");
    let mut found: [BTreeSet<String>; 3] = Default::default();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        if let Some((folder, name)) = line.strip_prefix("Only in ").and_then(|rest| rest.split_once(": ")) {
            let (root, side) = if Path::new(folder).starts_with(after) {
                (after, 0)
            } else {
                (before, 1)
            };
            found[side].extend(files_in(root, &Path::new(folder).join(name)));
        } else {
            let words: Vec<&str> = line.split(' ').collect();
            let path = words
                .iter()
                .map(Path::new)
                .find(|word| word.starts_with(before))
                .expect("a path");
            found[2].insert(path.strip_prefix(before).expect("below it").display().to_string());
        }
    }
    found
}

/// A layer that removes a file, empties a folder and fills it anew, changes another file, adds a link.
fn layer_with_whiteouts(path: &Path) {
    let mut archive = tar::Builder::new(fs::File::create(path).expect("a file"));
    let mut add = |path: &str, content: &str| {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive
            .append_data(&mut header, path, content.as_bytes())
            .expect("in a file");
    };
    add("app/.wh.README.md", "");
    add("app/static/.wh..wh..opq", "");
    add("app/static/new.txt", "new");
    add("etc/os-release", "another");
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    archive
        .append_link(&mut link, "app/link", "static/new.txt")
        .expect("in a file");
    archive.finish().expect("in a file");
}

#[test]
fn files_are_those_that_unpacking_and_diff_tell() {
    let (terminal, server) = (Terminal::new(), filled());
    terminal.connect(&server);
    let folder = terminal.home.path();
    let at = |tag: &str| format!("{}/{DETECTOR}:{tag}", server.host);
    let layer = folder.join("layer.tar");
    layer_with_whiteouts(&layer);
    run(tool("crane")
        .args(["append", "--insecure", "--platform", "linux/amd64"])
        .args(["-b", &at(TAGS[0]), "-t", &at("changed")])
        .arg("-f")
        .arg(&layer));
    for (first, last) in [(TAGS[0], "changed"), (TAGS[0], TAGS[1]), ("changed", TAGS[2])] {
        let (before, after) = (
            folder.join(format!("{first}-{last}-a")),
            folder.join(format!("{first}-{last}-b")),
        );
        unpacked(&at(first), &before);
        unpacked(&at(last), &after);
        let found = terminal.json(&[
            "compare",
            &at(first),
            &at(last),
            "--only",
            "files",
            "--platform",
            "linux/amd64",
        ]);
        let paths = |what: &str| -> BTreeSet<String> {
            list(&found["files"][what])
                .iter()
                .map(|file| text(&file["path"]).to_owned())
                .collect()
        };
        let told = ["added", "removed", "changed"].map(paths);
        assert_eq!(told, difference(&before, &after), "{first} {last}");
        assert!(told.iter().any(|paths| !paths.is_empty()));
        assert_eq!(found["files"]["same_by_size"], json!(0));
    }
}

#[test]
fn packages_are_told_by_their_ecosystem() {
    let terminal = sampled();
    let (first, last) = (tagged("1.4.2"), tagged("1.5.0-rc.2"));
    let found = terminal.json(&["compare", &first, &last, "--packages"]);
    let python = list(&found["packages"]["python"]);
    let torch = python
        .iter()
        .find(|package| package["name"] == "torch")
        .expect("it differs");
    assert_eq!(torch["versions"], json!(["2.4.1", "2.5.1"]));
    assert!(
        python
            .iter()
            .all(|package| package["versions"][0] != package["versions"][1])
    );
    assert!(found["card"].is_array() && found["files"].is_null());
    let code = |arguments: &[&str]| terminal.run(arguments).code;
    let alias = tagged("production");
    assert_eq!(
        code(&["compare", &first, &last, "--only", "packages", "--exit-code"]),
        Some(5)
    );
    assert_eq!(
        code(&["compare", &first, &alias, "--only", "packages,files", "--exit-code"]),
        Some(0)
    );
}
