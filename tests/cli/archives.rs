//! Archives as places to write to: copies into a new one and out of it, undo, and backups of a clean-up. What is in them
//! is said by skopeo, tar and, where it is here, regctl.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    DETECTOR, Terminal, actions,
    changing::{REPOSITORY, assert_whole, deletes_on, seen},
    list, sample, text,
};
use crate::support::{
    fill,
    process::{has_go_tools, run, tool},
    registry_server::{RegistryServer, Setup},
};

const VERSIONS: [&str; 4] = ["1.4.0", "1.4.1", "1.4.4", "1.5.0-rc.1"];

/// A registry with versions, and a new archive `attic`.
fn yard() -> (RegistryServer, Terminal, PathBuf) {
    let server = RegistryServer::distribution2(&deletes_on());
    for tag in VERSIONS {
        server.push_layout(&sample().join(DETECTOR), tag, &format!("{DETECTOR}:{tag}"));
    }
    let terminal = Terminal::new();
    terminal.connect(&server);
    let archive = terminal.home.path().join("attic.tar");
    terminal.done(&["connection", "add", "attic", &archive.display().to_string(), "--new"]);
    (server, terminal, archive)
}

/// What skopeo finds under a name in an archive.
fn digest_in(archive: &Path, tag: &str) -> String {
    let manifest = run(tool("skopeo")
        .args(["inspect", "--raw"])
        .arg(format!("oci-archive:{}:{tag}", archive.display())));
    fill::digest(manifest.as_bytes())
}

/// All platforms of a version, with all their layers, unpacked by skopeo.
fn assert_whole_in(archive: &Path, tag: &str) {
    let target = tempfile::tempdir().expect("a folder");
    run(tool("skopeo")
        .args(["copy", "--all", "--quiet"])
        .arg(format!("oci-archive:{}:{tag}", archive.display()))
        .arg(format!("dir:{}", target.path().display())));
}

/// The names of the members; tar itself has nothing to complain of.
fn members(archive: &Path) -> Vec<String> {
    let listed = tool("tar").arg("-tf").arg(archive).output().expect("tar runs");
    assert!(listed.status.success() && listed.stderr.is_empty(), "{listed:?}");
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    names.lines().map(str::to_owned).collect()
}

fn copy<'a>(from: &'a str, to: &'a str) -> [&'a str; 5] {
    ["copy", from, to, "--referrers", "--yes"]
}

fn done(outcome: &Value) -> &str {
    assert_eq!(text(&outcome["state"]), "done", "{outcome}");
    text(&outcome["journal_id"])
}

#[test]
fn a_version_goes_into_a_new_archive_and_from_there_into_another_registry() {
    let (server, terminal, archive) = yard();
    let before = seen(&server);
    assert_eq!(members(&archive), ["oci-layout", "index.json"]);
    let first = terminal.json(&copy(&format!("{REPOSITORY}:1.4.0"), "attic/attic:1.4.0"));
    done(&first);
    let second = terminal.json(&copy(&format!("{REPOSITORY}:1.4.4"), "attic/attic:kept"));
    let id = done(&second);
    for (tag, origin) in [("1.4.0", "1.4.0"), ("kept", "1.4.4")] {
        assert_eq!(digest_in(&archive, tag), before[origin], "{tag}");
        assert_whole_in(&archive, tag);
    }
    let names = members(&archive);
    let mut once = names.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), names.len(), "nothing is there twice: {names:?}");
    if has_go_tools() {
        assert_regctl_imports(&archive, "kept", &before["1.4.4"]);
    }

    let undone = terminal.json(&["journal", "undo", id, "--yes"]);
    done(&undone);
    let tags = terminal.json(&["tags", "attic/attic"]);
    let tags: Vec<&str> = list(&tags).iter().map(|tag| text(&tag["tag"])).collect();
    assert_eq!(tags, ["1.4.0"]);
    assert_eq!(digest_in(&archive, "1.4.0"), before["1.4.0"]);

    let other = RegistryServer::distribution2(&Setup::default());
    terminal.done(&["connection", "add", "other", &other.url()]);
    let target = format!("other/{DETECTOR}:1.4.0");
    done(&terminal.json(&copy("attic/attic:1.4.0", &target)));
    let arrived = seen(&other);
    assert_eq!(arrived.get("1.4.0"), before.get("1.4.0"));
    assert_whole(&other, &arrived);
}

/// A reader that takes the first list that it finds.
fn assert_regctl_imports(archive: &Path, tag: &str, digest: &str) {
    let layout = tempfile::tempdir().expect("a folder");
    let target = format!("ocidir://{}:imported", layout.path().join("layout").display());
    run(tool("regctl")
        .args(["image", "import", "--name", tag, &target])
        .arg(archive));
    let imported = run(tool("regctl").args(["image", "digest", &target]));
    assert_eq!(imported.trim(), digest);
}

#[test]
fn an_archive_of_skopeo_takes_another_version() {
    let (server, terminal, _archive) = yard();
    let before = seen(&server);
    let theirs = terminal.home.path().join("theirs.tar");
    run(tool("skopeo")
        .args([
            "copy",
            "--all",
            "--quiet",
            "--preserve-digests",
            "--src-tls-verify=false",
        ])
        .arg(format!("docker://{}/{DETECTOR}:1.4.1", server.host))
        .arg(format!("oci-archive:{}:1.4.1", theirs.display())));
    terminal.done(&["connection", "add", "theirs", &theirs.display().to_string()]);
    done(&terminal.json(&copy(&format!("{REPOSITORY}:1.4.4"), "theirs/theirs:1.4.4")));
    for tag in ["1.4.1", "1.4.4"] {
        assert_eq!(digest_in(&theirs, tag), before[tag]);
        assert_whole_in(&theirs, tag);
    }
    let names = members(&theirs);
    assert_eq!(
        names.iter().filter(|name| name.ends_with("index.json")).count(),
        1,
        "{names:?}"
    );
}

#[test]
fn what_the_garbage_collection_took_comes_back_from_an_archive() {
    let (server, terminal, archive) = yard();
    let before = seen(&server);
    let prune = ["prune", REPOSITORY, "--keep-last", "2", "--backup", "attic"];
    let empty = fs::read(&archive).expect("it is there");
    let plan = terminal.json(&prune);
    assert!(actions(&plan).contains(&"copy-blob"), "{plan}");
    assert_eq!(
        fs::read(&archive).expect("it is there"),
        empty,
        "a plan changes nothing"
    );
    let outcome = terminal.json(&[&prune[..], &["--yes"]].concat());
    let id = done(&outcome);
    assert_eq!(outcome["plan_id"], plan["plan_id"], "just this plan");
    for tag in ["1.4.0", "1.4.1"] {
        assert!(!seen(&server).contains_key(tag));
        assert_eq!(digest_in(&archive, tag), before[tag]);
        assert_whole_in(&archive, tag);
    }
    server.collect_garbage();
    done(&terminal.json(&["journal", "undo", id, "--yes"]));
    assert_eq!(seen(&server), before, "the same tags with the same digests");
    assert_whole(&server, &before);
}

#[test]
fn places_that_an_archive_does_not_have_are_refused_with_what_to_do() {
    let (server, terminal, archive) = yard();
    let before = seen(&server);
    server.push_layout(&sample().join("llm/tiny-bert"), "2.0.0", "llm/tiny-bert:2.0.0");
    server.push_layout(&sample().join("llm/tiny-bert"), "1.0.0", "llm/tiny-bert:1.0.0");
    let error = |code: i32, arguments: &[&str]| {
        let error = terminal.error(code, arguments);
        format!("{}: {}", text(&error["message"]), text(&error["hint"]))
    };
    let other = error(1, &copy(&format!("{REPOSITORY}:1.4.0"), "attic/other:1.4.0"));
    assert!(other.contains("one repository, attic"), "{other}");
    let part = error(
        2,
        &[
            "prune",
            REPOSITORY,
            "--keep-last",
            "2",
            "--backup",
            "attic/before",
            "--yes",
        ],
    );
    assert!(part.contains("--backup attic"), "{part}");
    let rules = ["--keep-last", "1", "--backup", "attic", "--yes"];
    let several = error(2, &[&["prune", REPOSITORY, "r/llm/tiny-bert"][..], &rules[..]].concat());
    assert!(several.contains("an archive of its own"), "{several}");
    assert_eq!(seen(&server), before);
    let missing = terminal.home.path().join("missing.tar").display().to_string();
    let missing = error(1, &["connection", "add", "missing", &missing]);
    assert!(missing.contains("--new"), "{missing}");
    let taken = archive.display().to_string();
    terminal.done(&["connection", "remove", "attic"]);
    let taken = error(2, &["connection", "add", "again", &taken, "--new"]);
    assert!(taken.contains("is there already"), "{taken}");
    let checked = terminal.json(&["connection", "list"]);
    assert_eq!(list(&checked).len(), 1, "{checked}");
}

/// How long a run may take to come to an end.
const PATIENCE: Duration = Duration::from_mins(2);

/// A run that is killed when the archive has grown by so much; false: it came to its end before.
fn killed_at(terminal: &Terminal, archive: &Path, grown: u64, arguments: &[&str]) -> bool {
    let length = || fs::metadata(archive).expect("it is there").len();
    let wanted = length() + grown;
    let mut child = terminal
        .command(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("berthctl starts");
    let started = Instant::now();
    while length() < wanted {
        if child.try_wait().expect("it can be asked").is_some() {
            return false;
        }
        assert!(started.elapsed() < PATIENCE, "it neither writes nor ends");
        thread::yield_now();
    }
    // SIGKILL: nothing of it can run any more.
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
    true
}

#[test]
fn a_copy_that_is_killed_anywhere_leaves_a_whole_archive_and_is_finished() {
    let (server, terminal, archive) = yard();
    let before = seen(&server);
    done(&terminal.json(&copy(&format!("{REPOSITORY}:1.4.0"), "attic/attic:1.4.0")));
    let from = format!("{REPOSITORY}:1.4.4");
    let change = copy(&from, "attic/attic:1.4.4");
    let mut kills = 0;
    for grown in [1, 2_000, 20_000, 100_000, 400_000] {
        if !killed_at(&terminal, &archive, grown, &change) {
            continue;
        }
        kills += 1;
        members(&archive);
        assert_eq!(digest_in(&archive, "1.4.0"), before["1.4.0"], "what was there is there");
        assert_whole_in(&archive, "1.4.0");
        let interrupted = terminal.json(&["journal", "--state", "interrupted"]);
        for entry in list(&interrupted) {
            done(&terminal.json(&["journal", "resume", text(&entry["id"]), "--yes"]));
            assert_eq!(digest_in(&archive, "1.4.4"), before["1.4.4"]);
            assert_whole_in(&archive, "1.4.4");
            done(&terminal.json(&["journal", "undo", text(&entry["id"]), "--yes"]));
        }
    }
    assert!(kills > 0, "nothing was killed");
    done(&terminal.json(&change));
    assert_eq!(digest_in(&archive, "1.4.4"), before["1.4.4"]);
    assert_whole_in(&archive, "1.4.4");
}
