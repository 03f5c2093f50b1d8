//! Commands as the window invokes them: what they answer, how they fail, that they can be cancelled.

use std::{net::TcpListener, process::Command, thread};

use serde_json::{Value, json};

use super::shell::Program;
use crate::support::{
    process::{program as built, run},
    registry_server::{RegistryServer, Setup},
};

fn draft(address: &str) -> Value {
    json!({ "id": null, "name": "Somewhere", "address": address, "loginMethod": "anonymous", "username": null, "password": null,
        "plainHttp": true, "caFile": null, "clientCertificate": null, "storeSecret": false, "makeNew": false })
}

#[test]
fn the_first_start_has_everything_and_nothing() {
    let program = Program::start();
    let start = program.ask("start", json!({}));
    assert_eq!(start["connections"], json!([]));
    assert_eq!(
        start["settings"]["protectedTags"],
        json!(["production", "staging", "latest"])
    );
    assert_eq!(start["notices"], json!([]));
}

#[test]
fn the_sample_is_listed_opened_and_pulled() {
    let program = Program::start();
    let sample = program.ask(
        "create_sample",
        json!({ "operation": "1", "progress": "__CHANNEL__:1" }),
    );
    let connection = sample["id"].as_str().expect("a connection has an id");
    let report = program.ask(
        "sync",
        json!({ "connectionId": connection, "repository": null, "first": "llm/tiny-bert", "operation": "2", "progress": "__CHANNEL__:7" }),
    );
    assert_eq!(report["problems"], json!([]), "the sample is whole");
    let repositories = program.ask(
        "repositories",
        json!({ "connectionId": connection, "offset": 0, "limit": 100 }),
    );
    assert!(repositories["total"].as_u64() >= Some(3), "{repositories}");

    let query = json!({ "connectionId": connection, "repository": "vision/defect-detector", "sort": "version", "descending": true,
        "filter": { "text": "", "kinds": [], "platform": null, "labels": [], "createdAfter": null, "createdBefore": null },
        "platform": null, "metrics": ["accuracy"] });
    let versions = program.ask("versions", json!({ "query": query, "offset": 0, "limit": 5 }));
    assert!(versions["total"].as_u64() >= Some(40), "{versions}");
    let first = &versions["rows"][0];
    let digest = first["digest"].as_str().expect("the sample's versions are read");
    let here = json!({ "connectionId": connection, "repository": "vision/defect-detector", "digest": digest });
    let detail = program.ask("version", with(&here, json!({ "platform": null })));
    assert_eq!(detail["digest"], digest);
    let commands = program.ask("pull_commands", with(&here, json!({ "tag": null, "byDigest": true })));
    let commands = commands.as_array().expect("a list of commands");
    assert!(
        commands
            .iter()
            .any(|command| command["command"].as_str().is_some_and(|line| line.contains(digest)))
    );
}

#[test]
fn a_failure_says_what_it_is_and_what_to_do() {
    let program = Program::start();
    let refused = program.invoke(
        "check_draft",
        json!({ "draft": draft("not an address"), "operation": "1", "progress": "__CHANNEL__:1" }),
    );
    let problem = refused.expect_err("an address with spaces is none");
    assert_eq!(problem["code"], "invalidInput", "{problem}");
    assert!(
        problem["message"]
            .as_str()
            .is_some_and(|message| message.contains("not an address")),
        "{problem}"
    );

    let unknown = "3f1c1b56-7e0e-4a38-9a0e-3b1e0e6f0f00";
    let gone = program.invoke(
        "repositories",
        json!({ "connectionId": unknown, "offset": 0, "limit": 10 }),
    );
    assert_eq!(gone.expect_err("nobody added this connection")["code"], "notFound");
}

#[test]
fn a_password_goes_in_and_never_comes_out() {
    const PASSWORD: &str = "correct-horse-battery-staple";
    let server = RegistryServer::distribution2(&Setup {
        login: Some(("grace".to_owned(), PASSWORD.to_owned())),
        ..Setup::default()
    });
    let program = Program::start();
    let with_password = |password: &str| {
        let mut draft = draft(&server.url());
        draft["loginMethod"] = json!("password");
        draft["username"] = json!("grace");
        draft["password"] = json!(password);
        json!({ "draft": draft, "operation": "1", "progress": "__CHANNEL__:1" })
    };
    let checked = [
        program.ask("check_draft", with_password(PASSWORD)),
        program.ask("check_draft", with_password(&format!("{PASSWORD}-wrong"))),
    ];
    assert_eq!(checked[0][4]["ok"], true, "the password was used: {}", checked[0]);
    let saved = program.ask("save_connection", with_password(PASSWORD));
    let id = json!({ "id": saved["id"], "operation": "1", "progress": "__CHANNEL__:1" });
    let said = [
        program
            .invoke("save_connection", with_password(&format!("{PASSWORD}-twice")))
            .expect_err("its name is taken"),
        program.ask("check_connection", id),
        program.ask("connections", json!({})),
        program.ask("start", json!({})),
        saved,
    ];
    for answer in said.into_iter().chain(checked) {
        assert!(!answer.to_string().contains(PASSWORD), "{answer}");
    }
}

#[test]
fn what_runs_can_be_cancelled() {
    // Accepts connections, and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").expect("the system has a free port");
    let address = format!("http://{}", silent.local_addr().expect("it has an address"));
    let program = Program::start();
    let page = program.page.clone();
    thread::scope(|scope| {
        let checked = scope.spawn(|| {
            page.invoke(
                "check_draft",
                json!({ "draft": draft(&address), "operation": "slow", "progress": "__CHANNEL__:1" }),
            )
        });
        let _connection = silent.accept().expect("the check connects");
        program.ask("cancel", json!({ "operation": "slow" }));
        let problem = checked.join().expect("the check ends").expect_err("it was cancelled");
        assert_eq!(problem["code"], "cancelled", "{problem}");
    });
}

#[test]
fn addresses_of_the_web_alone_are_opened() {
    let program = Program::start();
    program.ask("open_address", json!({ "url": "https://example.com/models?a=b" }));
    for refused in ["file:///etc/passwd", "javascript:alert(1)", "vscode://x", "example.com"] {
        let problem = program.invoke("open_address", json!({ "url": refused }));
        assert_eq!(
            problem.expect_err("only the web is opened")["code"],
            "invalidInput",
            "{refused}"
        );
    }
    assert_eq!(program.desktop.opened(), ["https://example.com/models?a=b"]);
}

#[test]
fn settings_are_kept_and_opened() {
    let program = Program::start();
    let seen = program.ask("settings", json!({}));
    let revision = program.ask("revision", json!({}));
    run(Command::new(built("berthctl"))
        .arg("--data-dir")
        .arg(program.data_folder().join("berth"))
        .args(["settings", "set", "sizes", "iec"]));
    assert_ne!(program.ask("revision", json!({})), revision, "the window can notice it");
    let mut wanted = seen.clone();
    wanted["theme"] = json!("dark");
    program.ask("update_settings", json!({ "seen": seen, "wanted": wanted }));
    let settings = &program.ask("start", json!({}))["settings"];
    assert_eq!(
        (&settings["theme"], &settings["sizes"]),
        (&json!("dark"), &json!("iec"))
    );
    assert_eq!(program.ask("default_settings", json!({}))["theme"], "system");
    program.ask("open_settings_file", json!({}));
    let file = program.data_folder().join("berth/settings.toml");
    assert_eq!(program.desktop.opened(), [file.display().to_string()]);
    assert!(file.is_file(), "there is something to open");
}

/// Two JSON objects as one.
fn with(first: &Value, second: Value) -> Value {
    let mut both = first.clone();
    if let (Value::Object(both), Value::Object(second)) = (&mut both, second) {
        both.extend(second);
    }
    both
}
