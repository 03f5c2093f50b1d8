//! Changes as the window makes them: previewed from the index, planned anew, carried out as shown, told by the journal, undone.

use serde_json::{Value, json};

use super::shell::Program;

const REPOSITORY: &str = "vision/defect-detector";

/// The program with the sample in its index, and the sample's connection.
fn sampled() -> (Program, String) {
    let program = Program::start();
    let sample = program.ask(
        "create_sample",
        json!({ "operation": "1", "progress": "__CHANNEL__:1" }),
    );
    let connection = sample["id"].as_str().expect("a connection has an id").to_owned();
    program.ask(
        "sync",
        json!({ "connectionId": connection, "repository": null, "first": null, "operation": "2", "progress": "__CHANNEL__:2" }),
    );
    (program, connection)
}

fn plan(program: &Program, request: &Value) -> Value {
    program.ask(
        "plan_change",
        json!({ "request": request, "operation": "3", "progress": "__CHANNEL__:3" }),
    )
}

fn execute(program: &Program, plan: &Value) -> Value {
    program.ask(
        "execute_change",
        json!({ "planId": plan["planId"], "typedName": plan["typedName"], "operation": "4", "progress": "__CHANNEL__:4" }),
    )
}

fn digest_of(program: &Program, connection: &str, tag: &str) -> Option<String> {
    let query = json!({ "connectionId": connection, "repository": REPOSITORY, "sort": "version", "descending": true,
        "filter": { "text": "", "kinds": [], "platform": null, "labels": [], "createdAfter": null, "createdBefore": null },
        "platform": null, "metrics": [] });
    let page = program.ask("versions", json!({ "query": query, "offset": 0, "limit": 100 }));
    let rows = page["rows"].as_array().expect("rows").clone();
    let has = |row: &&Value| {
        let tags = row["tags"].as_array().into_iter().flatten();
        tags.into_iter().any(|one| one["name"] == tag)
    };
    rows.iter()
        .find(has)
        .and_then(|row| row["digest"].as_str().map(str::to_owned))
}

#[test]
fn a_deletion_is_previewed_planned_made_told_and_undone() {
    let (program, connection) = sampled();
    let rules = json!({ "matching": null, "keepLast": 5, "keepLastReleases": null, "groupBy": null, "olderThan": null,
        "notPulledFor": null, "keep": [], "keepSemver": false, "untagged": false, "eachTag": false });
    let place = json!({ "connectionId": connection, "repository": REPOSITORY });
    let request = json!({ "kind": "prune", "repositories": [place], "rules": rules });
    let preview = program.ask("preview_change", json!({ "request": request }));
    let planned = plan(&program, &request);
    assert_eq!(planned["deletedTags"], preview["deletedTags"]);
    assert_eq!(planned["typedName"], REPOSITORY, "over half of the tags go");
    let untyped = program.invoke(
        "execute_change",
        json!({ "planId": planned["planId"], "typedName": null, "operation": "6", "progress": "__CHANNEL__:6" }),
    );
    assert_eq!(untyped.expect_err("the name was not typed")["code"], "refused");
    let told = planned["versions"].as_array().expect("versions");
    let with_them = |name: &str| told.iter().filter_map(|one| one["along"][name].as_u64()).sum::<u64>();
    assert!(with_them("platforms") > 0 && with_them("signatures") > 0, "{}", told[0]);
    let alone: u64 = told.iter().filter_map(|one| one["onlyHereBytes"].as_u64()).sum();
    assert!(alone <= planned["reclaimedBytes"].as_u64().expect("a sum"));
    assert!(planned["kept"][0]["why"]["kind"].is_string());
    let outcome = execute(&program, &planned);
    assert_eq!((&outcome["state"], &outcome["failed"]), (&json!("done"), &json!([])));
    assert_eq!(
        digest_of(&program, &connection, "1.0.0"),
        None,
        "the list is up to date"
    );
    let query = json!({ "connectionId": connection, "repository": REPOSITORY, "kind": null });
    let journal = program.ask("journal", json!({ "query": query, "offset": 0, "limit": 10 }));
    let entry = &journal["items"][0];
    assert_eq!((&entry["id"], &entry["state"]), (&outcome["journalId"], &json!("done")));
    let detail = program.ask("journal_detail", json!({ "id": entry["id"] }));
    assert_eq!(
        detail["steps"].as_array().map(Vec::len),
        planned["steps"].as_array().map(Vec::len)
    );
    let undo = plan(&program, &json!({ "kind": "undo", "id": entry["id"] }));
    assert_eq!(execute(&program, &undo)["state"], "done");
    assert!(digest_of(&program, &connection, "1.0.0").is_some());
}

#[test]
fn a_plan_is_carried_out_once() {
    let (program, connection) = sampled();
    let digest = digest_of(&program, &connection, "1.4.1").expect("the sample has it");
    let request = json!({ "kind": "promote", "connectionId": connection, "repository": REPOSITORY, "digest": digest, "to": "staging" });
    let planned = plan(&program, &request);
    assert_eq!(execute(&program, &planned)["state"], "done");
    assert_eq!(digest_of(&program, &connection, "staging"), Some(digest));
    let again = program.invoke(
        "execute_change",
        json!({ "planId": planned["planId"], "typedName": null, "operation": "5", "progress": "__CHANNEL__:5" }),
    );
    let problem = again.expect_err("it was carried out already");
    assert_eq!(problem["code"], "notFound");
    let history = program.ask(
        "channel_history",
        json!({ "connectionId": connection, "repository": REPOSITORY, "channel": "staging" }),
    );
    assert_eq!(history.as_array().map(Vec::len), Some(2));
    let back =
        json!({ "kind": "rollback", "connectionId": connection, "repository": REPOSITORY, "channel": "staging" });
    let planned = plan(&program, &back);
    assert_eq!(execute(&program, &planned)["state"], "done");
    assert_eq!(
        digest_of(&program, &connection, "staging"),
        history[1]["digest"].as_str().map(str::to_owned)
    );
}

#[test]
fn a_policy_is_saved_covers_repositories_and_is_carried_in_a_file() {
    let (program, connection) = sampled();
    let rules = json!({ "matching": null, "keepLast": 5, "keepLastReleases": null, "groupBy": null, "olderThan": "12h",
        "notPulledFor": null, "keep": ["line-*"], "keepSemver": false, "untagged": false, "eachTag": false });
    let policy = json!({ "name": "Quarterly", "patterns": ["Sample*/vision/*"], "rules": rules, "replaces": null });
    program.ask("save_policy", json!({ "policy": policy }));
    let saved = program.ask("policies", json!({}));
    assert_eq!((&saved[0]["name"], &saved[0]["rules"]), (&json!("Quarterly"), &rules));
    let covers = saved[0]["covers"].as_array().expect("a list");
    assert!(covers.len() == 2 && covers.iter().all(|one| one["connectionId"] == connection.as_str()));
    let twin = program.invoke("save_policy", json!({ "policy": policy }));
    assert_eq!(twin.expect_err("it is there")["code"], "conflict");
    let wrong = program
        .invoke("covered_repositories", json!({ "patterns": ["["] }))
        .expect_err("no pattern");
    assert!(wrong["hint"].is_string(), "{wrong}");
    let file = program.ask("pick_new_file", json!({ "title": "Export", "name": "policies.toml" }));
    program.ask("export_policies", json!({ "names": ["Quarterly"], "file": file }));
    program.ask("remove_policy", json!({ "name": "Quarterly" }));
    let read = program.ask("import_policies", json!({ "file": file, "replace": false }));
    assert_eq!(read, json!(["Quarterly"]));
    assert_eq!(program.ask("policies", json!({})), saved);
}
