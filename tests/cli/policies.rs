//! Saved policies as scripts use them: carried in and out as files, and pruned by over several repositories of a real
//! registry.

use std::fs;

use serde_json::{Value, json};

use super::{DETECTOR, Terminal, keys, list, sample, skopeo_json, text};
use crate::support::registry_server::{RegistryServer, Setup};

const FILE: &str = "# kept in git\n[[policy]]\nname = \"quarterly\"\nrepositories = [\"r/vision/*\"]\nkeep_last = 2\nkeep = [\"line-*\"]\n";

fn saved(terminal: &Terminal, text: &str) {
    let file = terminal.home.path().join("retention.toml");
    fs::write(&file, text).expect("a file");
    terminal.done(&["policy", "import", &file.display().to_string()]);
}

/// Two repositories of four versions.
fn server() -> RegistryServer {
    let server = RegistryServer::distribution2(&Setup {
        deletes: true,
        ..Setup::default()
    });
    for repository in [DETECTOR, "vision/pcb-ocr"] {
        for tag in ["1.4.0", "1.4.1", "1.4.3", "1.4.4"] {
            server.push_layout(&sample().join(DETECTOR), tag, &format!("{repository}:{tag}"));
        }
    }
    server
}

fn tags(server: &RegistryServer, repository: &str) -> Vec<String> {
    let listed = skopeo_json_tags(server, repository);
    list(&listed["Tags"]).iter().map(|tag| text(tag).to_owned()).collect()
}

fn skopeo_json_tags(server: &RegistryServer, repository: &str) -> Value {
    let reference = format!("docker://{}/{repository}", server.host);
    let arguments = ["list-tags", "--tls-verify=false", &reference];
    let listed = crate::support::process::run(crate::support::process::tool("skopeo").args(arguments));
    serde_json::from_str(&listed).expect("skopeo writes JSON")
}

#[test]
fn policies_come_from_a_file_and_go_back_into_one() {
    let terminal = Terminal::new();
    assert_eq!(terminal.json(&["policy", "list"]), json!([]));
    saved(&terminal, FILE);
    let policies = terminal.json(&["policy", "list"]);
    assert_eq!(
        keys(&policies[0]),
        [
            "covers",
            "each_tag",
            "group_by",
            "keep",
            "keep_last",
            "keep_last_releases",
            "keep_semver",
            "match",
            "name",
            "not_pulled_for",
            "older_than",
            "problem",
            "repositories",
            "untagged"
        ]
    );
    assert_eq!(policies[0]["repositories"], json!(["r/vision/*"]));
    let exported = terminal.done(&["policy", "export", "quarterly"]);
    let other = Terminal::new();
    saved(&other, &exported);
    assert_eq!(other.done(&["policy", "export"]), exported);
    assert_eq!(terminal.json(&["policy", "show", "QUARTERLY"])["keep_last"], 2);
    terminal.done(&["policy", "remove", "quarterly"]);
    let error = terminal.error(1, &["policy", "show", "quarterly"]);
    assert_eq!(text(&error["code"]), "not_found");
}

#[test]
fn a_file_that_cannot_be_used_changes_nothing() {
    let terminal = Terminal::new();
    saved(&terminal, FILE);
    let before = fs::read_to_string(terminal.data_folder().join("settings.toml")).expect("it was written");
    let file = terminal.home.path().join("broken.toml");
    let refused = |code: i32, text: &str, more: &[&str]| {
        fs::write(&file, text).expect("a file");
        terminal.error(
            code,
            &[&["policy", "import", &file.display().to_string()], more].concat(),
        )
    };
    let error = refused(
        2,
        "[[policy]]\nname = \"a\"\nkeep_last = 1\n[[policy]]\nname = \"b\"\nkeep_lst = 1\n",
        &[],
    );
    assert!(text(&error["message"]).contains("line 6, column 1"), "{error}");
    assert!(text(&refused(2, "[[policy]]\nkeep_last = 1\n", &[])["message"]).contains("no name"));
    let other = FILE.replace("keep_last = 2", "keep_last = 3");
    let error = refused(1, &other, &[]);
    assert!(text(&error["hint"]).contains("--replace"), "{error}");
    let now = fs::read_to_string(terminal.data_folder().join("settings.toml")).expect("it is there");
    assert_eq!(now, before);
    terminal.done(&["policy", "import", &file.display().to_string(), "--replace"]);
    assert_eq!(terminal.json(&["policy", "show", "quarterly"])["keep_last"], 3);
    let error = terminal.error(2, &["prune", "--saved", "quarterly"]);
    assert!(text(&error["hint"]).contains("berthctl sync"), "{error}");
    terminal.error(2, &["prune", "--saved", "quarterly", "--keep-last", "3"]);
}

#[test]
fn a_saved_policy_prunes_all_that_it_is_for() {
    let server = server();
    let terminal = Terminal::new();
    terminal.connect(&server);
    server.push_layout(&sample().join("llm/tiny-bert"), "2.0.0", "llm/tiny-bert:2.0.0");
    terminal.done(&["sync"]);
    saved(&terminal, FILE);
    let shown = terminal.json(&["policy", "show", "quarterly"]);
    let covered: Vec<&str> = list(&shown["covers"])
        .iter()
        .map(|one| text(&one["repository"]))
        .collect();
    assert_eq!(covered, [DETECTOR, "vision/pcb-ocr"]);
    let outcome = terminal.json(&["prune", "--saved", "quarterly", "--yes"]);
    assert_eq!(
        (text(&outcome["state"]), outcome["deleted_tags"].as_u64()),
        ("done", Some(4))
    );
    for repository in [DETECTOR, "vision/pcb-ocr"] {
        assert_eq!(tags(&server, repository), ["1.4.3", "1.4.4"], "{repository}");
        let reference = format!("{}/{repository}:1.4.4", server.host);
        assert!(skopeo_json(&["--raw"], &reference)["manifests"].is_array());
    }
    assert_eq!(tags(&server, "llm/tiny-bert"), ["2.0.0"]);
    terminal.error(2, &["prune", "r/llm/tiny-bert", "--saved", "quarterly"]);
}

#[test]
fn a_repository_with_an_unreadable_manifest_is_left_alone_and_the_other_one_is_pruned() {
    let server = server();
    // The registry keeps one copy for both repositories: a version of its own is what gets lost.
    server.push_layout(&sample().join(DETECTOR), "1.4.2", "vision/pcb-ocr:1.4.2");
    let raw = skopeo_json(&["--raw"], &format!("{}/vision/pcb-ocr:1.4.2", server.host));
    let lost = text(&raw["manifests"][0]["digest"])
        .trim_start_matches("sha256:")
        .to_owned();
    let blobs = server.storage().join("docker/registry/v2/blobs/sha256");
    fs::remove_file(blobs.join(&lost[..2]).join(&lost).join("data")).expect("the manifest was stored");
    let terminal = Terminal::new();
    terminal.connect(&server);
    terminal.run(&["sync"]);
    saved(&terminal, FILE);
    let before = tags(&server, "vision/pcb-ocr");
    let plan = terminal.json(&["prune", "--saved", "quarterly"]);
    assert!(
        text(&plan["unreadable"][0]["reference"]).starts_with("r/vision/pcb-ocr"),
        "{plan}"
    );
    let ended = terminal.run(&["prune", "--saved", "quarterly", "--yes", "--json"]);
    assert_eq!(ended.code, Some(3), "{}", ended.errors);
    assert_eq!(tags(&server, DETECTOR), ["1.4.3", "1.4.4"]);
    assert_eq!(tags(&server, "vision/pcb-ocr"), before);
    let outcome: Value = serde_json::from_str(&ended.output).expect("a document");
    let kept: Vec<&Value> = list(&outcome["kept"])
        .iter()
        .filter(|kept| kept["repository"] == "r/vision/pcb-ocr")
        .collect();
    assert_eq!(kept.len(), before.len(), "every considered tag is told");
}
