//! Bad input gets a clear error with a hint, never a panic, a hang or a lost row.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    process::{Command, Stdio},
    thread,
};

use super::{Terminal, list, sample, text};
use crate::support::{
    fault_server::{FaultServer, Reply},
    process::{program, run, tool},
};

/// A web server that answers everything with the same bytes, until the process ends.
fn page(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut request = [0; 4096];
                while stream.read(&mut request).is_ok_and(|count| count > 0) {
                    if stream.write_all(answer.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    format!("http://{address}")
}

fn refused(terminal: &Terminal, code: i32, address: &str) -> serde_json::Value {
    let error = terminal.error(code, &["connection", "add", "x", address]);
    assert!(!text(&error["hint"]).is_empty(), "{address}: {error}");
    assert!(
        list(&terminal.json(&["connection", "list"])).is_empty(),
        "{address} left a connection"
    );
    error
}

#[test]
fn addresses_that_are_no_registry_are_refused_with_a_hint() {
    let terminal = Terminal::new();
    terminal.done(&["settings", "set", "tries", "1"]);
    assert_eq!(refused(&terminal, 1, "http://127.0.0.1:1")["code"], "unreachable");
    let html = page("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<html>Log in</html>\n");
    assert_eq!(refused(&terminal, 1, &html)["code"], "not_a_registry");
    let broken = page("not even HTTP\r\n\r\n");
    assert!(refused(&terminal, 1, &broken)["code"].is_string());
    for address in [
        "",
        "http://",
        "https://exa mple.org",
        "ftp://example.org",
        "user:password@example.org",
        "not an address",
    ] {
        let error = refused(&terminal, 2, address);
        assert_eq!(error["code"], "invalid_input", "{address}");
        assert!(!error.to_string().contains("password@"), "{error}");
    }
}

#[test]
fn folders_that_hold_no_layout_are_refused_with_a_hint() {
    let terminal = Terminal::new();
    let home = terminal.home.path();
    fs::create_dir(home.join("letters")).expect("a folder");
    fs::write(home.join("letters/one.txt"), "hello").expect("a file");
    fs::write(home.join("text.txt"), "hello").expect("a file");
    fs::create_dir(home.join("broken")).expect("a folder");
    fs::write(home.join("broken/oci-layout"), "{").expect("a file");
    for name in ["letters", "missing", "text.txt", "broken"] {
        refused(&terminal, 1, &home.join(name).display().to_string());
    }
}

#[test]
fn a_folder_that_went_away_is_told_and_what_was_seen_stays() {
    let terminal = Terminal::new();
    let folder = terminal.home.path().join("models").display().to_string();
    terminal.done(&["sample", &folder]);
    terminal.done(&["sync"]);
    fs::remove_dir_all(&folder).expect("its own folder");
    let error = terminal.error(1, &["sync"]);
    assert!(
        error["code"] == "not_found" && !text(&error["hint"]).is_empty(),
        "{error}"
    );
    assert_eq!(list(&terminal.json(&["--offline", "repositories"])).len(), 6);
}

#[test]
fn odd_names_are_refused_or_shown_as_text() {
    let terminal = Terminal::new();
    let folder = sample().display().to_string();
    for name in ["", "a/b", "a:b", "a@b", "a\nb", " a"] {
        assert_eq!(
            terminal.error(2, &["connection", "add", name, &folder])["code"],
            "invalid_input",
            "{name:?}"
        );
    }
    terminal.done(&["connection", "add", "Modèles d'Ada", &folder]);
    let rows = terminal.json(&["tags", "modèles d'ada/llm/tiny-bert"]);
    assert!(list(&rows).len() > 5);
    for reference in [
        "Modèles d'Ada/../../etc",
        "Modèles d'Ada/UPPER",
        "Modèles d'Ada/llm/tiny-bert:a b",
        "Modèles d'Ada/llm/tiny-bert@sha256:12",
    ] {
        assert_eq!(
            terminal.error(2, &["show", reference])["code"],
            "invalid_input",
            "{reference}"
        );
    }
    let ended = terminal.run(&["tags", "\u{1b}[31mred/x"]);
    assert!(
        ended.code != Some(0) && !ended.errors.contains('\u{1b}'),
        "{:?}",
        ended.errors
    );
}

#[test]
fn broken_settings_are_told_with_their_line_and_kept() {
    let terminal = Terminal::new();
    fs::create_dir(terminal.data_folder()).expect("a folder");
    let file = terminal.data_folder().join("settings.toml");
    fs::write(&file, "theme = \"dark\"\ntries = \"many\"\n").expect("a file");
    let error = terminal.error(1, &["connection", "list"]);
    assert!(
        text(&error["message"]).contains("line 2") && text(&error["hint"]).contains("line 2"),
        "{error}"
    );
    assert_eq!(
        fs::read_to_string(&file).expect("it is there"),
        "theme = \"dark\"\ntries = \"many\"\n"
    );
}

#[test]
fn a_damaged_index_is_kept_aside_and_read_again() {
    let terminal = Terminal::new();
    terminal.done(&["connection", "add", "s", &sample().display().to_string()]);
    terminal.done(&["sync"]);
    let index = terminal.data_folder().join("index.sqlite");
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(terminal.data_folder().join(format!("index.sqlite{ending}")));
    }
    fs::write(&index, "no database any more, ".repeat(500)).expect("it is overwritten");
    let ended = terminal.run(&["repositories"]);
    assert!(
        ended.code == Some(0) && ended.errors.contains("kept as"),
        "{}",
        ended.errors
    );
    assert_eq!(terminal.json(&["sync"])["connections"][0]["repositories"], 6);
    assert!(
        !terminal.run(&["repositories"]).errors.contains("kept as"),
        "it is said once"
    );
}

#[test]
fn a_data_folder_that_cannot_be_is_told_with_a_hint() {
    let terminal = Terminal::new();
    fs::write(terminal.data_folder(), "a file where the folder should be").expect("a file");
    let error = terminal.error(1, &["connection", "list"]);
    assert!(
        error["code"] == "storage" && text(&error["hint"]).contains("--data-dir"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn a_read_only_data_folder_is_told_with_a_hint() {
    use std::os::unix::fs::PermissionsExt as _;
    let terminal = Terminal::new();
    terminal.done(&["connection", "add", "s", &sample().display().to_string()]);
    let readable = |path: &std::path::Path| {
        fs::set_permissions(path, fs::Permissions::from_mode(0o555)).expect("its own file");
    };
    readable(terminal.home.path());
    let folder = terminal.data_folder();
    for entry in fs::read_dir(&folder).expect("it is there").flatten() {
        readable(&entry.path());
    }
    readable(&folder);
    for arguments in [&["settings", "set", "theme", "dark"][..], &["sync"]] {
        let mut command = as_nobody(&terminal, &[arguments, &["--json"]].concat());
        let ended = super::Ended::of(&command.output().expect("berthctl starts"));
        assert_eq!(ended.code, Some(1), "{arguments:?}: {}{}", ended.output, ended.errors);
        let error = ended.error();
        assert!(
            error["code"] == "storage" && !text(&error["hint"]).is_empty(),
            "{arguments:?}: {error}"
        );
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("its own folder");
    fs::set_permissions(terminal.home.path(), fs::Permissions::from_mode(0o700)).expect("its own folder");
}

/// Berthctl as a user who may not write: root may write everywhere.
#[cfg(unix)]
fn as_nobody(terminal: &Terminal, arguments: &[&str]) -> Command {
    let is_root = run(Command::new("id").arg("-u")).trim() == "0";
    if !is_root {
        return terminal.command(arguments);
    }
    // The program may lie where only root may look. Copied by another process: a file that this one has open for
    // writing cannot be run as long as any of its children, those of other tests too, has it open as well.
    let shared = terminal.home.path().join("berthctl");
    run(Command::new("cp").arg(program("berthctl")).arg(&shared));
    let mut command = tool("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&shared)
        .args(arguments);
    command
        .env_clear()
        .env("HOME", terminal.home.path())
        .env("BERTH_DATA_DIR", terminal.data_folder())
        .stdin(Stdio::null());
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_registry_warns_of_is_told_once_and_not_to_who_wants_quiet() {
    let terminal = Terminal::new();
    let server = FaultServer::start(|asked| {
        let body = if asked.path() == "/v2/_catalog" {
            r#"{"repositories":[]}"#
        } else {
            "{}"
        };
        Reply::json(200, body).header("Warning", "299 - \"closes in May\"")
    })
    .await;
    let added = terminal.run(&["connection", "add", "r", &server.url()]);
    assert_eq!(added.errors.matches("closes in").count(), 1, "{}", added.errors);
    let synced = terminal.run(&["sync", "--quiet"]);
    assert!(!synced.errors.contains("closes in"), "{}", synced.errors);
}
