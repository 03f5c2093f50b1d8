//! Backups before a clean-up: the registry's garbage is collected, and undo brings everything back all the same. What is
//! where is said by skopeo.

use std::{fs, path::Path};

use super::{
    DETECTOR, Terminal, actions,
    changing::{REPOSITORY, assert_whole, deletes_on, seen},
    list, sample, text,
};
use crate::support::{
    fill,
    process::{run, tool},
    registry_server::RegistryServer,
};

/// A registry with versions, and an empty folder `kept` for the backup.
fn yard() -> (RegistryServer, Terminal, std::path::PathBuf) {
    let server = RegistryServer::distribution2(&deletes_on());
    for tag in ["1.4.0", "1.4.1", "1.4.4", "1.5.0-rc.1"] {
        server.push_layout(&sample().join(DETECTOR), tag, &format!("{DETECTOR}:{tag}"));
    }
    let terminal = Terminal::new();
    terminal.connect(&server);
    let folder = terminal.home.path().join("kept");
    fs::create_dir(&folder).expect("a folder");
    terminal.done(&["connection", "add", "kept", &folder.display().to_string()]);
    (server, terminal, folder)
}

const PRUNE: [&str; 6] = ["prune", REPOSITORY, "--keep-last", "2", "--backup", "kept/before"];

/// What skopeo finds under a name in a layout.
fn digest_in(layout: &Path, tag: &str) -> String {
    let manifest = run(tool("skopeo")
        .args(["inspect", "--raw"])
        .arg(format!("oci:{}:{tag}", layout.display())));
    fill::digest(manifest.as_bytes())
}

fn blobs(server: &RegistryServer) -> usize {
    let list =
        run(std::process::Command::new("find")
            .arg(server.storage())
            .args(["-path", "*/blobs/*", "-name", "data"]));
    list.lines().count()
}

#[test]
fn what_the_garbage_collection_took_comes_back_from_the_backup() {
    let (server, terminal, folder) = yard();
    let before = seen(&server);
    let plan = terminal.json(&PRUNE);
    let warnings: Vec<&str> = list(&plan["warnings"]).iter().map(text).collect();
    assert!(
        warnings.contains(&"this can be undone for as long as the backup is kept"),
        "{warnings:?}"
    );
    let kinds = actions(&plan);
    let first_delete = kinds.iter().position(|action| action.starts_with("delete"));
    let first_delete = first_delete.expect("something goes");
    assert!(
        kinds[first_delete..].iter().all(|action| action.starts_with("delete")),
        "{kinds:?}"
    );
    assert!(kinds[..first_delete].contains(&"copy-blob") && kinds[..first_delete].contains(&"put-manifest"));
    assert_eq!(
        fs::read_dir(&folder).expect("a folder").count(),
        0,
        "a plan changes nothing"
    );

    let outcome = terminal.json(&[&PRUNE[..], &["--yes"]].concat());
    assert_eq!(text(&outcome["state"]), "done", "{outcome}");
    assert_eq!(outcome["plan_id"], plan["plan_id"], "just this plan");
    let after = seen(&server);
    let gone: Vec<&String> = before.keys().filter(|tag| !after.contains_key(*tag)).collect();
    assert_eq!(gone, ["1.4.0", "1.4.1"]);
    let layout = folder.join("before").join(DETECTOR);
    for tag in &gone {
        assert_eq!(digest_in(&layout, tag), before[*tag], "{tag} is in the backup");
        let target = tempfile::tempdir().expect("a folder");
        run(tool("skopeo")
            .args(["copy", "--all", "--quiet"])
            .arg(format!("oci:{}:{tag}", layout.display()))
            .arg(format!("dir:{}", target.path().display())));
    }

    let stored = blobs(&server);
    server.collect_garbage();
    assert!(blobs(&server) < stored, "the garbage is gone");
    let id = text(&outcome["journal_id"]);
    let entry = terminal.json(&["journal", "show", id]);
    assert_eq!(entry["backups"], serde_json::json!([format!("kept/before/{DETECTOR}")]));
    assert_eq!(entry["repositories"], serde_json::json!([REPOSITORY]));
    let shown = terminal.done(&["journal", "show", id]);
    assert!(shown.contains("for as long as the backup is kept"), "{shown}");
    let undo = terminal.json(&["journal", "undo", id]);
    assert!(actions(&undo).contains(&"copy-blob"), "{undo}");
    let undone = terminal.json(&["journal", "undo", id, "--yes"]);
    assert_eq!(text(&undone["state"]), "done", "{undone}");
    assert_eq!(seen(&server), before, "the same tags with the same digests");
    assert_whole(&server, &before);
    assert_eq!(digest_in(&layout, "1.4.0"), before["1.4.0"], "the backup stays");
}

#[test]
fn without_the_whole_backup_nothing_is_deleted() {
    let (server, terminal, folder) = yard();
    let before = seen(&server);
    let layout = folder.join("before").join(DETECTOR);
    fs::create_dir_all(&layout).expect("a folder");
    // Nothing can be stored where a file stands in the way.
    fs::write(layout.join("blobs"), "").expect("a file");
    let ended = terminal.run(&[&PRUNE[..], &["--yes"]].concat());
    assert_eq!(ended.code, Some(1), "{}{}", ended.output, ended.errors);
    assert_eq!(seen(&server), before);
    assert_whole(&server, &before);
    // With the way free the same change is finished.
    fs::remove_file(layout.join("blobs")).expect("it goes");
    let resumed = terminal.json(&["journal", "resume", "1", "--yes"]);
    assert_eq!(text(&resumed["state"]), "done", "{resumed}");
    assert_eq!(digest_in(&layout, "1.4.0"), before["1.4.0"]);
    assert!(!seen(&server).contains_key("1.4.0"));
}

#[test]
fn an_undo_needs_no_backup_while_the_registry_has_everything() {
    let (server, terminal, folder) = yard();
    let before = seen(&server);
    let outcome = terminal.json(&[&PRUNE[..], &["--yes"]].concat());
    fs::remove_dir_all(&folder).expect("it goes");
    let undone = terminal.json(&["journal", "undo", text(&outcome["journal_id"]), "--yes"]);
    assert_eq!(text(&undone["state"]), "done", "{undone}");
    assert_eq!(seen(&server), before);
}

#[test]
fn places_that_are_none_for_a_backup_are_refused_with_what_to_do() {
    let (server, terminal, _folder) = yard();
    let before = seen(&server);
    let prune = |place: &str| terminal.error(2, &[&PRUNE[..5], &[place, "--yes"]].concat());
    let registry = prune("r/old");
    assert!(text(&registry["hint"]).contains("connection add"), "{registry}");
    let version = prune("kept/old:1.0");
    assert!(text(&version["hint"]).contains("--backup kept"), "{version}");
    terminal.error(1, &[&PRUNE[..5], &["nowhere", "--yes"]].concat());
    assert_eq!(seen(&server), before);
}
