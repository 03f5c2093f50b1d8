//! A disk without space, as a limit on the size of files: a step does not start whose journal cannot be written, and no tag
//! of a folder points at what is not whole.

use std::process::Command;

use serde_json::json;

use super::{
    DETECTOR, Ended, Terminal,
    changing::{REPOSITORY, deletes_on, seen},
    list, sample, text,
};
use crate::support::{
    fill::{self, Filling},
    process::{program, run, tool},
    registry_server::RegistryServer,
};

/// The largest file that may be written, in the blocks of 512 bytes that `ulimit -f` counts.
const BLOCKS: u32 = 2048;
/// More than that.
const LARGE: usize = 3 << 20;

/// The same run with files no larger than a mebibyte. A write beyond that fails as it does on a full disk, once the signal
/// that comes with it is ignored.
fn with_little_space(terminal: &Terminal, arguments: &[&str]) -> Ended {
    let limited = format!("trap '' XFSZ; ulimit -f {BLOCKS}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command
        .args(["-c", &limited])
        .arg(program("berthctl"))
        .args(arguments)
        .arg("--json")
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", terminal.home.path())
        .env("XDG_RUNTIME_DIR", terminal.home.path())
        .env("BERTH_DATA_DIR", terminal.data_folder());
    Ended::of(&command.output().expect("sh starts"))
}

fn fill_with(server: &RegistryServer, work: impl AsyncFnOnce(&Filling<'_>, &reqwest::Client)) {
    let url = server.url();
    let filling = Filling {
        registry: &url,
        repository: DETECTOR,
        tags: 0,
        two_platforms: 0,
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(work(&filling, &fill::client()));
}

#[test]
fn no_step_starts_that_the_journal_has_no_space_for() {
    let server = RegistryServer::distribution2(&deletes_on());
    for tag in ["1.4.1", "1.4.2"] {
        server.push_layout(&sample().join(DETECTOR), tag, &format!("{DETECTOR}:{tag}"));
    }
    fill_with(&server, async |filling, client| {
        let config = filling.put_blob(client, b"{}").await;
        let manifest = json!({ "schemaVersion": 2, "mediaType": fill::IMAGE, "layers": [],
            "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": config, "size": 2 },
            "annotations": { "padding": "x".repeat(LARGE) } });
        let bytes = serde_json::to_vec(&manifest).expect("a JSON value has bytes");
        filling.put_manifest(client, "large", fill::IMAGE, &bytes).await;
    });
    let terminal = Terminal::new();
    terminal.connect(&server);
    // The index has the manifest from now on; the journal has to keep it before it goes.
    terminal.done(&["sync", REPOSITORY]);
    let before = seen(&server);
    let change = ["prune", REPOSITORY, "--match", "large", "--yes"];
    let ended = with_little_space(&terminal, &change);
    assert_eq!(ended.code, Some(1), "{}{}", ended.output, ended.errors);
    let error = ended.error();
    assert_eq!(text(&error["code"]), "storage", "{error}");
    assert!(text(&error["message"]).contains("journal"), "{error}");
    assert!(text(&error["hint"]).contains("space"), "{error}");
    assert_eq!(seen(&server), before, "nothing was deleted");
    assert_eq!(terminal.json(&["journal"]), json!([]), "nothing had begun");
    let outcome = terminal.json(&change);
    assert_eq!(
        (text(&outcome["state"]), seen(&server).contains_key("large")),
        ("done", false)
    );
}

#[test]
fn a_copy_into_a_full_folder_leaves_no_tag_to_anything_incomplete() {
    let server = RegistryServer::distribution2(&deletes_on());
    fill_with(&server, async |filling, client| {
        let config = filling.put_blob(client, b"{}").await;
        let layer = filling.put_blob(client, &vec![7; LARGE]).await;
        let manifest = json!({ "schemaVersion": 2, "mediaType": fill::IMAGE,
            "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": config, "size": 2 },
            "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": layer, "size": LARGE }] });
        let bytes = serde_json::to_vec(&manifest).expect("a JSON value has bytes");
        filling.put_manifest(client, "1.0.0", fill::IMAGE, &bytes).await;
    });
    let terminal = Terminal::new();
    terminal.connect(&server);
    let folder = terminal.home.path().join("sample");
    terminal.done(&["sample", &folder.display().to_string()]);
    let change = ["copy", &format!("{REPOSITORY}:1.0.0"), "Sample/kept:1.0.0", "--yes"];
    let ended = with_little_space(&terminal, &change);
    assert!(
        matches!(ended.code, Some(1 | 3)),
        "{:?}: {}{}",
        ended.code,
        ended.output,
        ended.errors
    );
    let tags = std::fs::read_to_string(folder.join("kept/index.json")).unwrap_or_default();
    assert!(!tags.contains("1.0.0"), "{tags}");
    let found = terminal.json(&["journal"]);
    let (state, id) = (text(&found[0]["state"]), text(&found[0]["id"]));
    assert!(["failed", "partial", "interrupted"].contains(&state), "{found}");
    let failed: Vec<&str> = list(&found[0]["steps"])
        .iter()
        .filter(|step| step["state"] == "failed")
        .map(|step| text(&step["action"]))
        .collect();
    assert_eq!(failed, ["copy-blob"], "{found}");
    // With space again it is finished.
    let outcome = terminal.json(&["journal", "resume", id, "--yes"]);
    assert_eq!(text(&outcome["state"]), "done", "{outcome}");
    let layout = format!("oci:{}:1.0.0", folder.join("kept").display());
    run(tool("skopeo").args(["inspect", &layout]));
}
