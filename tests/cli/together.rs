//! Several processes on one data folder, and one that is killed.

use std::{
    process::{Child, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use serde_json::json;

use super::{DETECTOR, Ended, Terminal, filled, list, sample, text};
use crate::support::{
    fault_server::{Asked, FaultServer, Reply},
    fill,
};

fn start(terminal: &Terminal, arguments: &[&str]) -> Child {
    terminal
        .command(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("berthctl starts")
}

fn end(child: Child) -> Ended {
    Ended::of(&child.wait_with_output().expect("it ends"))
}

#[test]
fn many_processes_sync_and_read_one_data_folder_at_once() {
    let (terminal, server) = (Terminal::new(), filled());
    terminal.connect(&server);
    terminal.done(&["connection", "add", "s", &sample().display().to_string()]);
    let running: Vec<Child> = (0..3)
        .flat_map(|_| {
            [
                start(&terminal, &["sync", "--json"]),
                start(&terminal, &["tags", &format!("r/{DETECTOR}"), "--json"]),
            ]
        })
        .collect();
    for child in running {
        let ended = end(child);
        assert_eq!(ended.code, Some(0), "{}{}", ended.output, ended.errors);
    }
    let rows = terminal.json(&["--offline", "tags", &format!("r/{DETECTOR}")]);
    assert!(
        list(&rows).len() == 3 && list(&rows).iter().all(|row| row["size_bytes"].is_u64()),
        "{rows}"
    );
}

#[test]
fn many_processes_change_the_settings_at_once() {
    let terminal = Terminal::new();
    terminal.done(&["connection", "add", "first", &sample().display().to_string()]);
    let names: Vec<String> = (0..6).map(|number| format!("x/n{number}")).collect();
    let running: Vec<Child> = names
        .iter()
        .map(|name| start(&terminal, &["connection", "pin", "first", name]))
        .collect();
    for child in running {
        let ended = end(child);
        assert_eq!(ended.code, Some(0), "{}", ended.errors);
    }
    let settings = std::fs::read_to_string(terminal.data_folder().join("settings.toml")).expect("it is there");
    assert!(
        names.iter().all(|name| settings.contains(name.as_str())),
        "a pin was lost:\n{settings}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_before_a_kill_is_kept_and_the_rest_is_read_later() {
    let terminal = Terminal::new();
    let stuck = Arc::new(AtomicBool::new(true));
    let server = FaultServer::start(half_a_registry(Arc::clone(&stuck))).await;
    terminal.done(&["connection", "add", "r", &server.url()]);

    let mut child = start(&terminal, &["sync"]);
    let read = || {
        let hits = terminal.json(&["search", "1.", "--limit", "1000"]);
        let read = list(&hits)
            .iter()
            .filter(|hit| hit["tag"].is_string() && hit["digest"].is_string());
        read.map(|hit| text(&hit["tag"]).to_owned()).collect::<Vec<_>>()
    };
    let kept = (0..500).map(|_| read()).find(|kept| kept.len() >= ANSWERED / 2);
    let kept = kept.expect("what was read is in the index while the rest is waited for");
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");

    stuck.store(false, Ordering::Relaxed);
    let before = server.asked().len();
    let synced = &terminal.json(&["sync"])["connections"][0];
    assert_eq!((&synced["tags"], &synced["problems"]), (&MODELS.into(), &json!([])));
    let fetched: Vec<String> = server.asked()[before..]
        .iter()
        .filter(|asked| asked.method == "GET")
        .map(|asked| asked.path().to_owned())
        .collect();
    for tag in &kept {
        let again = [
            format!("/v2/{MODEL}/manifests/{tag}"),
            format!("/v2/{MODEL}/blobs/{}", fill::digest(config(tag).as_bytes())),
        ];
        assert!(
            again.iter().all(|path| !fetched.contains(path)),
            "{tag} was fetched twice"
        );
    }
}

const MODEL: &str = "team/model";
const MODELS: usize = 40;
/// Manifests that come before the registry falls silent.
const ANSWERED: usize = 20;

fn config(tag: &str) -> String {
    json!({ "architecture": "amd64", "os": "linux", "config": { "Labels": { "tag": tag } } }).to_string()
}

/// A registry that answers some manifests and then, while it is stuck, no more.
fn half_a_registry(stuck: Arc<AtomicBool>) -> impl Fn(&Asked) -> Reply + Send + Sync {
    let answered = AtomicUsize::new(0);
    let tags: Vec<String> = (0..MODELS).map(|number| format!("1.{number}.0")).collect();
    move |asked| {
        let path = asked.path().trim_start_matches("/v2/").to_owned();
        if path.is_empty() {
            return Reply::json(200, "{}");
        }
        if path == "_catalog" {
            return Reply::json(200, json!({ "repositories": [MODEL] }).to_string());
        }
        match path.trim_start_matches(MODEL).split_once('/').map(|(_, rest)| rest) {
            Some("tags/list") => Reply::json(200, json!({ "name": MODEL, "tags": tags }).to_string()),
            Some(rest) if rest.starts_with("blobs/sha256:") => {
                let wanted = rest.trim_start_matches("blobs/");
                let found = tags
                    .iter()
                    .map(|tag| config(tag))
                    .find(|config| fill::digest(config.as_bytes()) == wanted);
                found.map_or_else(|| Reply::json(404, "{}"), |config| Reply::new(200, config))
            }
            Some(rest) if tags.iter().any(|tag| rest == format!("manifests/{tag}")) => {
                if stuck.load(Ordering::Relaxed) && answered.fetch_add(1, Ordering::Relaxed) >= ANSWERED {
                    return Reply::silence();
                }
                let config = config(rest.trim_start_matches("manifests/"));
                let manifest = json!({ "schemaVersion": 2, "mediaType": fill::IMAGE, "layers": [],
                    "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "size": config.len(),
                        "digest": fill::digest(config.as_bytes()) } })
                .to_string();
                let digest = fill::digest(manifest.as_bytes());
                let body = if asked.method == "HEAD" {
                    String::new()
                } else {
                    manifest
                };
                Reply::new(200, body)
                    .header("Content-Type", fill::IMAGE)
                    .header("Docker-Content-Digest", digest)
            }
            _ => Reply::json(404, "{}"),
        }
    }
}

#[test]
fn two_connections_are_read_side_by_side_by_their_names() {
    let (terminal, server) = (Terminal::new(), filled());
    terminal.connect(&server);
    terminal.done(&["connection", "add", "s", &sample().display().to_string()]);
    let document = terminal.json(&["sync"]);
    let names: Vec<&str> = list(&document["connections"])
        .iter()
        .map(|synced| text(&synced["name"]))
        .collect();
    assert_eq!(names, ["r", "s"]);
    drop(server);
    terminal.done(&["settings", "set", "tries", "1"]);
    let ended = terminal.run(&["sync", "--json"]);
    assert_eq!(ended.code, Some(3), "one of two: {}{}", ended.output, ended.errors);
    let document: serde_json::Value = serde_json::from_str(&ended.output).expect("a document");
    assert_eq!(document["connections"][0]["problems"][0]["code"], "unreachable");
    assert_eq!(document["connections"][1]["repositories"], 6);
    assert_eq!(terminal.error(1, &["sync", "r"])["code"], "unreachable");
}
