//! What scripts rely on: keys of every document, exit codes, where what is written.

use std::{
    io::{BufRead, BufReader, Read},
    process::Stdio,
};

use serde_json::{Value, json};

use super::{DETECTOR, Ended, Terminal, filled, keys, list, sample, text};

const CONNECTION: [&str; 5] = ["location", "login", "name", "provider", "status"];

fn sampled() -> Terminal {
    let terminal = Terminal::new();
    terminal.done(&["connection", "add", "Sample", &sample().display().to_string()]);
    terminal.done(&["sync"]);
    terminal
}

fn first(rows: &Value) -> &Value {
    list(rows).first().unwrap_or_else(|| panic!("there is none: {rows}"))
}

#[test]
fn connections_have_their_keys() {
    let terminal = Terminal::new();
    let folder = sample().display().to_string();
    assert_eq!(keys(&terminal.json(&["connection", "add", "a", &folder])), CONNECTION);
    assert_eq!(keys(first(&terminal.json(&["connection", "list"]))), CONNECTION);
    assert_eq!(
        keys(&terminal.json(&["connection", "edit", "a", "--name", "b"])),
        CONNECTION
    );
    assert_eq!(keys(&terminal.json(&["connection", "pin", "b", "x/y"])), CONNECTION);
    let check = terminal.json(&["connection", "check", "b"]);
    assert_eq!(keys(&check), ["name", "steps"]);
    assert_eq!(
        keys(first(&check["steps"])),
        ["detail", "hint", "milliseconds", "ok", "step"]
    );
    let steps: Vec<&str> = list(&check["steps"]).iter().map(|step| text(&step["step"])).collect();
    assert_eq!(
        steps,
        [
            "name", "connect", "tls", "api", "login", "list", "pull", "push", "delete"
        ]
    );
    let removed = terminal.json(&["connection", "remove", "b"]);
    assert_eq!((keys(&removed), text(&removed["name"])), (CONNECTION.to_vec(), "b"));
    assert_eq!(terminal.json(&["connection", "list"]), json!([]));
    assert_eq!(terminal.json(&["connection", "import-docker"]), json!([]));
    let second = terminal.home.path().join("second").display().to_string();
    assert_eq!(keys(&terminal.json(&["sample", &second])), CONNECTION);
}

#[test]
fn what_is_read_has_its_keys_and_unknown_is_null() {
    let terminal = sampled();
    let sync = terminal.json(&["sync"]);
    assert_eq!(keys(&sync), ["connections"]);
    assert_eq!(
        keys(first(&sync["connections"])),
        [
            "gone",
            "milliseconds",
            "moved",
            "name",
            "new",
            "problems",
            "repositories",
            "requests",
            "tags"
        ]
    );
    let repositories = terminal.json(&["repositories"]);
    assert_eq!(
        keys(first(&repositories)),
        ["connection", "repository", "size_bytes", "tags", "updated"]
    );
    let tags = terminal.json(&["tags", "Sample/llm/tiny-bert"]);
    let row = first(&tags);
    assert_eq!(
        keys(row),
        [
            "also_tagged",
            "created",
            "digest",
            "kind",
            "labels",
            "layers",
            "media_type",
            "platforms",
            "pushed",
            "size_bytes",
            "size_counts",
            "tag"
        ]
    );
    assert_eq!(
        (&row["pushed"], &row["size_counts"]),
        (&Value::Null, &"distinct blobs".into())
    );
    assert!(row["layers"].is_u64() && row["size_bytes"].is_u64() && text(&row["created"]).ends_with('Z'));
    let search = terminal.json(&["search", "bert"]);
    assert_eq!(
        keys(first(&search)),
        ["connection", "digest", "kind", "matched", "repository", "tag"]
    );
    let usage = terminal.json(&["usage", "Sample/llm/tiny-bert"]);
    assert_eq!(keys(&usage), ["counted", "stored_bytes", "tags", "untagged_bytes"]);
    assert_eq!(
        keys(first(&usage["tags"])),
        ["repository", "shared_bytes", "size_bytes", "tag", "unique_bytes"]
    );
    let files = terminal.json(&["files", "Sample/llm/tiny-bert:2.0.0"]);
    assert_eq!(keys(first(&files)), ["kind", "layer", "mode", "path", "size_bytes"]);
    let lines = terminal.json(&["pull-command", "Sample/llm/tiny-bert:2.0.0"]);
    assert_eq!(keys(first(&lines)), ["command", "tool"]);
}

#[test]
fn a_version_has_its_keys() {
    let terminal = sampled();
    let shown = terminal.json(&["show", &format!("Sample/{DETECTOR}:1.4.2")]);
    assert_eq!(
        keys(&shown),
        [
            "annotations",
            "card",
            "digest",
            "kind",
            "media_type",
            "platforms",
            "reference",
            "referrers",
            "size_bytes",
            "tags"
        ]
    );
    let platform = first(&shown["platforms"]);
    assert_eq!(
        keys(platform),
        ["config", "created", "digest", "layers", "platform", "size_bytes"]
    );
    assert_eq!(
        keys(first(&platform["layers"])),
        ["created_by", "digest", "media_type", "size_bytes"]
    );
    assert_eq!(
        keys(first(&shown["referrers"])),
        ["artifact_type", "digest", "size_bytes"]
    );
    assert_eq!(
        keys(&shown["card"]),
        [
            "architecture",
            "authors",
            "context_length",
            "created",
            "format",
            "licenses",
            "metrics",
            "name",
            "parameters",
            "precision",
            "quantization",
            "source",
            "version"
        ]
    );
    assert!(shown["card"]["context_length"].is_null() && shown["card"]["metrics"]["accuracy"].is_f64());
    let model = terminal.json(&["show", "Sample/llm/tiny-bert:2.0.0"]);
    assert!(
        first(&model["platforms"])["platform"].is_null(),
        "a model states no platform"
    );
    assert_eq!(
        terminal.json(&["show", &format!("Sample/{DETECTOR}@{}", text(&shown["digest"]))])["digest"],
        shown["digest"]
    );
}

#[test]
fn ends_are_told_by_the_exit_code_and_errors_by_their_last_line() {
    let terminal = sampled();
    assert_eq!(terminal.error(1, &["tags", "nope/x"])["code"], "not_found");
    assert_eq!(
        terminal.error(1, &["show", "Sample/llm/tiny-bert:9"])["code"],
        "not_found"
    );
    assert_eq!(
        terminal.error(2, &["show", "Sample/llm/tiny-bert"])["code"],
        "invalid_input"
    );
    assert_eq!(terminal.error(2, &["tags", "Sample"])["code"], "invalid_input");
    assert_eq!(
        terminal.error(2, &["tags", "Sample/x", "--nope"])["code"],
        "invalid_input"
    );
    let missing = terminal.error(2, &["show"]);
    assert!(text(&missing["message"]).contains("<REFERENCE>"), "{missing}");
    let unknown = terminal.error(2, &["connection", "add", "x", "y", "--login", "foo"]);
    assert!(
        text(&unknown["message"]).contains("anonymous, password, docker"),
        "{unknown}"
    );
    assert_eq!(
        terminal.error(2, &["--max-age", "soon", "sync"])["code"],
        "invalid_input"
    );
    assert_eq!(
        terminal.error(2, &["settings", "set", "theme", "pink"])["code"],
        "invalid_input"
    );
    assert_eq!(
        terminal.error(1, &["pull-command", "Sample/llm/tiny-bert:2.0.0", "--tool", "docker"])["code"],
        "not_found"
    );
    assert_eq!(terminal.run(&["--nope"]).code, Some(2));
    assert_eq!(terminal.run(&[]).code, Some(2));
    assert_eq!(terminal.run(&["--help"]).code, Some(0));
    assert_eq!(terminal.run(&["--version"]).code, Some(0));
    let plain = terminal.run(&["tags", "nope/x"]);
    assert!(
        plain.output.is_empty() && plain.errors.starts_with("error: ") && plain.errors.contains("\nhint: "),
        "{}",
        plain.errors
    );
    assert!(!plain.errors.contains('\u{1b}'), "no colours where nobody watches");
}

#[test]
fn a_part_that_cannot_be_read_is_told_beside_the_rest() {
    let (terminal, server) = (Terminal::new(), filled());
    terminal.connect(&server);
    // The registry has lost the manifest that a tag points to.
    let digest = text(&terminal.json(&["tags", "r/llm/tiny-bert"])[0]["digest"]).to_owned();
    let hex = digest.split_once(':').expect("a digest has an algorithm").1;
    let blob = server
        .storage()
        .join(format!("docker/registry/v2/blobs/sha256/{}/{hex}", &hex[..2]));
    std::fs::remove_dir_all(blob).expect("the registry's own file");
    std::fs::remove_dir_all(terminal.data_folder().join("locks")).expect("the index is begun anew");
    for file in std::fs::read_dir(terminal.data_folder())
        .expect("it is there")
        .flatten()
    {
        if file.file_name().to_string_lossy().starts_with("index") {
            std::fs::remove_file(file.path()).expect("the index is begun anew");
        }
    }
    let ended = terminal.run(&["sync", "--json"]);
    assert_eq!(ended.code, Some(3), "{}{}", ended.output, ended.errors);
    let document: Value = serde_json::from_str(&ended.output).expect("a document");
    let synced = first(&document["connections"]);
    assert_eq!(synced["repositories"], 3);
    let problem = first(&synced["problems"]);
    assert_eq!(
        keys(problem),
        ["code", "hint", "message", "reference", "repository", "retryable"]
    );
    assert_eq!(problem["repository"], "llm/tiny-bert");
    let rows = terminal.json(&["tags", "r/llm/tiny-bert"]);
    assert!(
        list(&rows).len() == 1 && first(&rows)["size_bytes"].is_null(),
        "no row is lost: {rows}"
    );
}

#[test]
fn offline_shows_what_was_seen_and_never_asks() {
    let (terminal, server) = (Terminal::new(), filled());
    terminal.connect(&server);
    let repository = format!("r/{DETECTOR}");
    let error = terminal.error(1, &["--offline", "tags", &repository]);
    assert!(
        error["code"] == "never_synced" && text(&error["hint"]).contains("sync"),
        "{error}"
    );
    let seen = terminal.json(&["tags", &repository]);
    drop(server);
    assert_eq!(terminal.json(&["--offline", "tags", &repository]), seen);
    assert_eq!(
        terminal.json(&["--max-age", "1d", "tags", &repository]),
        seen,
        "it is young enough"
    );
    assert_eq!(terminal.error(1, &["--offline", "sync"])["code"], "offline");
    terminal.done(&["settings", "set", "tries", "1"]);
    let error = terminal.error(1, &["--max-age", "0", "tags", &repository]);
    assert!(
        error["code"] == "unreachable" && text(&error["hint"]).contains("--offline") && error["retryable"] == true,
        "{error}"
    );
}

#[test]
fn quiet_says_only_what_failed() {
    let terminal = Terminal::new();
    let loud = terminal.run(&["connection", "list"]);
    assert!(
        loud.code == Some(0) && loud.errors.contains("warning: "),
        "{}",
        loud.errors
    );
    assert_eq!(terminal.run(&["--quiet", "connection", "list"]).errors, "");
    assert!(!terminal.run(&["--quiet", "tags", "nope/x"]).errors.is_empty());
}

#[test]
fn settings_are_read_and_written() {
    let terminal = Terminal::new();
    assert_eq!(terminal.json(&["settings", "get", "theme"]), "system");
    assert_eq!(terminal.done(&["settings", "set", "theme", "dark"]), "dark\n");
    assert_eq!(terminal.json(&["settings", "get"])["theme"], "dark");
    assert_eq!(
        terminal.done(&["settings", "set", "protected_tags", "a,b-*"]),
        "a\nb-*\n"
    );
    let channels = terminal.done(&["settings", "get", "channels", "--json"]);
    terminal.done(&["settings", "set", "channels", &channels]);
    let text = std::fs::read_to_string(terminal.data_folder().join("settings.toml")).expect("it is written");
    assert!(text.starts_with("# Settings of Berth"), "{text}");
    assert!(
        !text.contains("channels"),
        "what was not changed is not written: {text}"
    );
}

#[test]
fn tables_are_for_people() {
    let terminal = sampled();
    let table = terminal.done(&["tags", &format!("Sample/{DETECTOR}")]);
    let mut lines = table.lines();
    assert!(
        lines.next().is_some_and(|heading| heading.starts_with("TAG ")),
        "{table}"
    );
    assert!(
        table.contains(" MB ") && table.contains(" ago") && !table.contains("sha256:"),
        "{table}"
    );
    assert!(lines.all(|line| !line.ends_with(' ')), "{table}");
    terminal.done(&["settings", "set", "sizes", "iec"]);
    assert!(
        terminal
            .done(&["tags", &format!("Sample/{DETECTOR}")])
            .contains(" MiB ")
    );
}

#[test]
fn every_shell_has_completions_and_every_verb_examples() {
    let terminal = Terminal::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(
            terminal.done(&["completions", shell]).contains("pull-command"),
            "{shell}"
        );
    }
    assert!(!terminal.data_folder().exists(), "completions need no data folder");
    for verb in [
        "sync",
        "repositories",
        "tags",
        "show",
        "search",
        "usage",
        "files",
        "pull-command",
        "sample",
        "settings",
        "connection",
        "completions",
    ] {
        assert!(terminal.done(&[verb, "--help"]).contains("Examples:"), "{verb}");
    }
    for verb in ["add", "edit", "pin", "list", "remove", "check", "import-docker"] {
        assert!(
            terminal.done(&["connection", verb, "--help"]).contains("Examples:"),
            "connection {verb}"
        );
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let terminal = sampled();
    let mut child = terminal
        .command(&["files", &format!("Sample/{DETECTOR}:1.4.2"), "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("berthctl starts");
    let mut reader = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    reader.read_line(&mut line).expect("it begins");
    drop(reader);
    let mut errors = String::new();
    child
        .stderr
        .take()
        .expect("it is piped")
        .read_to_string(&mut errors)
        .expect("text");
    assert_eq!((child.wait().expect("it ends").code(), errors.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_with_130() {
    use std::process::Command;
    let terminal = Terminal::new();
    // A registry that takes the connection and never answers.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("it is bound"));
    let child = terminal
        .command(&["connection", "add", "r", &address, "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("berthctl starts");
    let asked = listener.accept().expect("it asks the registry");
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(killed.success());
    let ended = Ended::of(&child.wait_with_output().expect("it ends"));
    drop(asked);
    assert_eq!((ended.code, ended.output.as_str()), (Some(130), ""), "{}", ended.errors);
    assert_eq!(ended.error()["code"], "cancelled");
    assert_eq!(terminal.json(&["connection", "list"]), json!([]), "nothing is left");
}
