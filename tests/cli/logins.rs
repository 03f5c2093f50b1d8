//! Secrets: in by standard input, kept by a real keychain and nowhere else, never shown, and used afterwards.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
    thread,
};

use super::{Ended, Terminal, list, sample, text};
use crate::support::{
    certificates::Authority,
    process::{program, run, tool},
    registry_server::{RegistryServer, Setup},
};

const PASSWORD: &str = "correct-horse-battery-staple";

fn locked() -> RegistryServer {
    RegistryServer::distribution2(&Setup {
        login: Some(("ada".to_owned(), PASSWORD.to_owned())),
        ..Setup::default()
    })
}

fn add<'a>(address: &'a str, flags: &[&'a str]) -> Vec<&'a str> {
    [
        &[
            "connection",
            "add",
            "r",
            address,
            "--username",
            "ada",
            "--password-stdin",
        ],
        flags,
    ]
    .concat()
}

/// Runs a script in a session of its own with a real keychain; `$SECRET` is the secret, `$URL` the registry's address.
fn with_keychain(terminal: &Terminal, script: &str, secret: &str, url: &str) -> Ended {
    let unlock = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
    let mut command = tool("dbus-run-session");
    command
        .args(["--", "bash", "-euc", &format!("{unlock}\n{script}")])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", terminal.home.path())
        .env("XDG_RUNTIME_DIR", terminal.home.path())
        .env("XDG_DATA_HOME", terminal.home.path().join("share"))
        .env("BERTH_DATA_DIR", terminal.data_folder())
        .env("BERTHCTL", program("berthctl"))
        .env("SECRET", secret)
        .env("URL", url);
    Ended::of(&command.output().expect("a session starts"))
}

/// As the command of that name writes it.
fn base64(text: &str) -> String {
    let mut command = Command::new("sh");
    run(command
        .args(["-c", "printf '%s' \"$TEXT\" | base64 -w0"])
        .env("TEXT", text))
}

/// Whether any file below a folder holds these bytes.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    let entries = fs::read_dir(folder).expect("the folder can be read").flatten();
    entries.map(|entry| entry.path()).any(|path| {
        if path.is_dir() {
            return holds(&path, bytes);
        }
        let content = fs::read(&path).unwrap_or_default();
        content.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn a_secret_is_kept_by_the_keychain_and_is_nowhere_in_the_data_folder() {
    let (terminal, server) = (Terminal::new(), locked());
    let script = r#"
        printf '%s\n' "$SECRET" | "$BERTHCTL" connection add r "$URL" --username ada --password-stdin --json
        "$BERTHCTL" sync --json
        "$BERTHCTL" connection edit r --name renamed --json
        "$BERTHCTL" --max-age 0 sync renamed --json
        "$BERTHCTL" connection list --json
    "#;
    let ended = with_keychain(&terminal, script, PASSWORD, &server.url());
    assert_eq!(ended.code, Some(0), "{}{}", ended.output, ended.errors);
    assert!(
        ended.output.contains("\"status\": \"ready\"") && ended.output.contains("\"name\": \"renamed\""),
        "{}",
        ended.output
    );
    assert!(!ended.output.contains(PASSWORD) && !ended.errors.contains(PASSWORD));
    assert!(!holds(&terminal.data_folder(), PASSWORD.as_bytes()));
    assert!(!holds(
        &terminal.data_folder(),
        base64(&format!("ada:{PASSWORD}")).as_bytes()
    ));
    let removed = r#"
        "$BERTHCTL" sync renamed --json >/dev/null
        "$BERTHCTL" connection remove renamed --json
    "#;
    let ended = with_keychain(&terminal, removed, PASSWORD, &server.url());
    assert_eq!(
        ended.code,
        Some(0),
        "the keychain outlives its session: {}{}",
        ended.output,
        ended.errors
    );
}

#[test]
fn a_long_secret_is_kept_in_parts_and_comes_back_whole() {
    let terminal = Terminal::new();
    // Longer than an entry of Windows may be, as keys of service accounts are.
    let secret = (0..900)
        .map(|number| format!("{number:05}"))
        .collect::<Vec<_>>()
        .concat();
    let url = strict_registry(&secret);
    let script = r#"
        printf '%s' "$SECRET" | "$BERTHCTL" connection add r "$URL" --username ada --password-stdin --json
        "$BERTHCTL" sync --json
        "$BERTHCTL" connection remove r --json
    "#;
    let ended = with_keychain(&terminal, script, &secret, &url);
    assert_eq!(ended.code, Some(0), "{}{}", ended.output, ended.errors);
    assert!(!holds(&terminal.data_folder(), &secret.as_bytes()[..100]));
    let left = with_keychain(&terminal, r#"grep -rl "00042" "$XDG_DATA_HOME" || true"#, &secret, &url);
    assert_eq!(left.output.trim(), "", "no part is left in the keychain");
}

#[test]
fn without_a_keychain_it_is_said_what_is_missing_and_nothing_is_kept() {
    let (terminal, server) = (Terminal::new(), locked());
    let ended = terminal.run_with(&add(&server.url(), &["--json"]), PASSWORD);
    assert_eq!(ended.code, Some(1), "{}{}", ended.output, ended.errors);
    let error = ended.error();
    assert_eq!(error["code"], "keychain_unavailable");
    assert!(
        text(&error["hint"]).contains("--no-store") && text(&error["hint"]).contains("gnome-keyring"),
        "{error}"
    );
    assert!(list(&terminal.json(&["connection", "list"])).is_empty());
    assert!(!holds(&terminal.data_folder(), PASSWORD.as_bytes()));
}

#[test]
fn a_connection_without_a_stored_secret_takes_it_with_every_verb() {
    let (terminal, server) = (Terminal::new(), locked());
    let ended = terminal.run_with(&add(&server.url(), &["--no-store", "--json"]), PASSWORD);
    assert_eq!(ended.code, Some(0), "{}{}", ended.output, ended.errors);
    let list = terminal.json(&["connection", "list"]);
    assert_eq!(list[0]["status"], "login missing");
    let error = terminal.error(1, &["sync"]);
    assert!(
        error["code"] == "login_required" && text(&error["hint"]).contains("--password-stdin"),
        "{error}"
    );
    for arguments in [
        &["sync", "--password-stdin"][..],
        &["sync", "r", "--password-stdin"],
        &["connection", "check", "r", "--password-stdin"],
    ] {
        let ended = terminal.run_with(arguments, PASSWORD);
        assert_eq!(ended.code, Some(0), "{arguments:?}: {}{}", ended.output, ended.errors);
    }
    let wrong = terminal.run_with(&["sync", "r", "--password-stdin", "--json"], "wrong");
    assert_eq!(
        (wrong.code, wrong.error()["code"].clone()),
        (Some(1), "login_expired".into())
    );
    assert_eq!(
        terminal.run(&["sync", "r", "--password-stdin"]).code,
        Some(2),
        "there is no password"
    );
    assert!(!holds(&terminal.data_folder(), PASSWORD.as_bytes()));
}

#[test]
fn a_wrong_login_leaves_no_connection_and_is_never_shown() {
    let (terminal, server) = (Terminal::new(), locked());
    let ended = terminal.run_with(&add(&server.url(), &["--no-store", "--json"]), "not-the-password");
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.error()["code"] == "login_expired" && !ended.errors.contains("not-the-password"),
        "{}",
        ended.errors
    );
    let ended = terminal.run(&["connection", "add", "r", &server.url(), "--json"]);
    assert_eq!(
        (ended.code, ended.error()["code"].clone()),
        (Some(1), "login_required".into())
    );
    assert!(list(&terminal.json(&["connection", "list"])).is_empty());
    assert_eq!(
        terminal
            .run(&["connection", "add", "r", &server.url(), "--username", "ada"])
            .code,
        Some(2)
    );
}

#[test]
fn a_docker_login_is_used_in_place() {
    let (terminal, server) = (Terminal::new(), locked());
    let folder = terminal.home.path().join(".docker");
    fs::create_dir(&folder).expect("a folder");
    let login = base64(&format!("ada:{PASSWORD}"));
    let config = format!(
        r#"{{ "auths": {{ "{}": {{ "auth": "{login}" }}, "127.0.0.1:1": {{ "auth": "{login}" }} }} }}"#,
        server.host
    );
    fs::write(folder.join("config.json"), config).expect("a file");
    let ended = terminal.run(&["connection", "import-docker", "--json"]);
    assert_eq!(ended.code, Some(3), "one of two: {}{}", ended.output, ended.errors);
    let added: serde_json::Value = serde_json::from_str(&ended.output).expect("a document");
    assert_eq!(
        (list(&added).len(), &added[0]["location"], &added[0]["login"]),
        (1, &server.host.clone().into(), &"docker".into())
    );
    assert!(ended.errors.contains("127.0.0.1:1: "), "{}", ended.errors);
    terminal.done(&["sync", text(&added[0]["name"])]);
    assert!(!holds(&terminal.data_folder(), login.as_bytes()) && !holds(&terminal.data_folder(), PASSWORD.as_bytes()));
    terminal.done(&["connection", "remove", text(&added[0]["name"])]);
    let by_hand = terminal.json(&["connection", "add", "hand", &server.url()]);
    assert_eq!(by_hand["login"], "docker", "it is the usual login where there is one");
}

#[test]
fn a_private_authority_is_trusted_by_its_file_alone() {
    let authority = Authority::new("Acme Root");
    let identity = authority.issue("registry");
    let server = RegistryServer::distribution2(&Setup {
        tls: Some((identity.certificate, identity.key)),
        ..Setup::default()
    });
    let terminal = Terminal::new();
    let error = terminal.error(1, &["connection", "add", "r", &server.host]);
    assert!(
        error["code"] == "untrusted_certificate" && text(&error["hint"]).contains("Acme Root"),
        "{error}"
    );
    let ca = authority.file().display().to_string();
    terminal.done(&["connection", "add", "r", &server.host, "--ca", &ca]);
    let tags = ["copy", "--quiet", "--dest-tls-verify=false"];
    run(tool("skopeo").args(tags).args([
        format!("oci:{}:1.4.2", sample().join(super::DETECTOR).display()),
        format!("docker://{}/a/b:1", server.host),
    ]));
    assert_eq!(terminal.json(&["sync"])["connections"][0]["tags"], 1);
    let missing = terminal.error(1, &["connection", "edit", "r", "--no-ca"]);
    assert_eq!(missing["code"], "untrusted_certificate");
    assert_eq!(
        terminal.json(&["sync"])["connections"][0]["tags"],
        1,
        "a change that fails changes nothing"
    );
}

/// A registry without repositories that knows exactly one login, of any length; htpasswd sees 72 bytes only.
fn strict_registry(password: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let login = format!("Basic {}", base64(&format!("ada:{password}")));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let login = login.clone();
            thread::spawn(move || answer(&stream, &login));
        }
    });
    url
}

fn answer(mut stream: &TcpStream, login: &str) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    while let Some(first) = lines.next() {
        let headers: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        let is_known = headers
            .iter()
            .any(|line| line.split_once(": ").is_some_and(|(_, value)| value == login));
        let (head, body) = match (is_known, first.contains("/_catalog")) {
            (false, _) => ("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"strict\"", "{}"),
            (true, true) => ("200 OK", r#"{"repositories":[]}"#),
            (true, false) => ("200 OK\r\nDocker-Distribution-Api-Version: registry/2.0", "{}"),
        };
        let answer = format!(
            "HTTP/1.1 {head}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}
