//! Several processes on one data folder, and one that is killed.

use std::process::{Child, Stdio};

use super::{DETECTOR, Ended, Terminal, filled, list, sample, text};

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

#[test]
fn what_was_read_before_a_kill_is_kept_and_the_rest_is_read_later() {
    let (terminal, server) = (Terminal::new(), filled());
    terminal.connect(&server);
    let mut child = start(&terminal, &["sync"]);
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    let synced = &terminal.json(&["sync"])["connections"][0];
    assert_eq!(
        (&synced["tags"], &synced["problems"]),
        (&5.into(), &serde_json::json!([]))
    );
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
