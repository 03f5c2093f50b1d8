//! The journal at a terminal: what it can be asked for, and what it exports.

use std::fs;

use serde_json::Value;

use super::{Terminal, list, text};

const REPOSITORY: &str = "Sample/vision/defect-detector";

/// The sample in a folder, with a promotion, a clean-up by a named policy, and the undo of the promotion.
fn with_history() -> Terminal {
    let terminal = Terminal::new();
    terminal.done(&["sample", &terminal.home.path().join("sample").display().to_string()]);
    terminal.done(&["sync"]);
    let policy = terminal.home.path().join("retention.toml");
    let rules = "[[policy]]\nname = \"Quarterly clean-up\"\nrepositories = [\"**\"]\nkeep_last = 5\n";
    fs::write(&policy, rules).expect("the policy is written");
    terminal.done(&["promote", &format!("{REPOSITORY}:1.4.1"), "staging", "--yes"]);
    terminal.done(&["prune", REPOSITORY, "--policy", &policy.display().to_string(), "--yes"]);
    terminal.done(&["journal", "undo", "1", "--yes"]);
    terminal
}

fn ids(found: &Value) -> Vec<&str> {
    list(found).iter().map(|entry| text(&entry["id"])).collect()
}

#[test]
fn filters_say_which_changes_are_listed() {
    let terminal = with_history();
    let ids_of = |filters: &[&str]| {
        let found = terminal.json(&[&["journal"], filters].concat());
        ids(&found).join(" ")
    };
    assert_eq!(ids_of(&[]), "3 2 1");
    assert_eq!(ids_of(&["--limit", "1"]), "3");
    assert_eq!(ids_of(&["--kind", "prune"]), "2");
    assert_eq!(ids_of(&["--state", "undone"]), "1");
    assert_eq!(ids_of(&["--text", "STAG"]), "3 1");
    assert_eq!(ids_of(&["--text", "detector", "--kind", "undo"]), "3");
    assert_eq!(ids_of(&["--connection", "Sample"]), "3 2 1");
    assert_eq!(ids_of(&["--repository", REPOSITORY, "--state", "done"]), "3 2");
    assert_eq!(ids_of(&["--repository", "Sample/llm/tiny-bert"]), "");
    assert_eq!(ids_of(&["--since", "1h"]), "3 2 1");
    assert_eq!(ids_of(&["--since", "2999-01-01"]), "");
    let error = terminal.error(2, &["journal", "--since", "yesterday"]);
    assert!(text(&error["hint"]).contains("30d"), "{error}");
    assert_eq!(terminal.run(&["journal", "--state", "gone"]).code, Some(2));
    let shown = terminal.json(&["journal", "show", "2"]);
    assert_eq!(
        (text(&shown["policy"]), text(&shown["program"])),
        ("Quarterly clean-up", "berthctl")
    );
    assert_eq!(text(&terminal.json(&["journal", "show", "1"])["version"]), "1.4.1");
    assert!(terminal.done(&["journal"]).contains("staging"));
}

#[test]
fn the_log_is_exported_as_the_filters_say() {
    let terminal = with_history();
    let csv = terminal.done(&["journal", "export", "--kind", "promote"]);
    let lines: Vec<&str> = csv.lines().collect();
    assert!(
        lines[0].starts_with("time,user,host,repository,action,tags,digest,outcome,"),
        "{csv}"
    );
    assert_eq!(lines.len(), 2, "{csv}");
    assert!(
        lines[1].contains(",vision/defect-detector,put-manifest,staging,sha256:"),
        "{csv}"
    );
    let file = terminal.home.path().join("audit.json");
    let path = file.display().to_string();
    assert_eq!(terminal.done(&["journal", "export", "--output", &path]), "");
    let rows: Value = serde_json::from_str(&fs::read_to_string(&file).expect("a file")).expect("JSON");
    let outcomes: Vec<&str> = list(&rows).iter().map(|row| text(&row["outcome"])).collect();
    assert!(
        outcomes.len() > 3 && outcomes.iter().all(|outcome| *outcome == "done"),
        "{rows}"
    );
    assert!(
        list(&rows)
            .iter()
            .any(|row| text(&row["policy"]) == "Quarterly clean-up")
    );
    let changes: Vec<&str> = list(&rows).iter().map(|row| text(&row["change"])).collect();
    assert!(changes.is_sorted(), "oldest first: {changes:?}");
    let nowhere = terminal.home.path().join("nowhere/audit.csv").display().to_string();
    let error = terminal.error(1, &["journal", "export", "--output", &nowhere]);
    assert_eq!(text(&error["code"]), "storage", "{error}");
}
