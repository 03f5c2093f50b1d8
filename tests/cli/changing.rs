//! Changes as scripts make them, on every kind of registry that runs here; what is there is said by skopeo and crane.

use std::{collections::BTreeMap, path::Path};

use serde_json::{Value, json};

use super::{DETECTOR, Terminal, keys, list, sample, skopeo, skopeo_json, text};
use crate::support::{
    cosign, fill,
    process::{has_go_tools, run, tool},
    registry_server::{RegistryServer, Setup},
};

pub(super) const REPOSITORY: &str = "r/vision/defect-detector";
/// Six versions; `latest`, `staging` and `1.4` stand on the last of them, `production` on the third.
pub(super) const VERSIONS: [&str; 9] = [
    "1.4.0",
    "1.4.1",
    "1.4.2",
    "production",
    "1.4.3",
    "1.4.4",
    "staging",
    "latest",
    "1.5.0-rc.1",
];

pub(super) fn deletes_on() -> Setup {
    Setup {
        deletes: true,
        ..Setup::default()
    }
}

fn servers() -> Vec<RegistryServer> {
    let mut servers = vec![RegistryServer::distribution2(&deletes_on())];
    if has_go_tools() {
        servers.push(RegistryServer::distribution3(&deletes_on()));
        servers.push(RegistryServer::with_referrers());
    }
    for server in &servers {
        for tag in VERSIONS {
            server.push_layout(&sample().join(DETECTOR), tag, &format!("{DETECTOR}:{tag}"));
        }
    }
    servers
}

/// Every tag with its digest, as skopeo sees them.
pub(super) fn seen(server: &RegistryServer) -> BTreeMap<String, String> {
    let repository = format!("{}/{DETECTOR}", server.host);
    let listed: Value = serde_json::from_str(&run(tool("skopeo").args([
        "list-tags",
        "--tls-verify=false",
        &format!("docker://{repository}"),
    ])))
    .expect("skopeo writes JSON");
    let digest = |tag: &str| fill::digest(skopeo(&["--raw"], &format!("{repository}:{tag}")).as_bytes());
    list(&listed["Tags"])
        .iter()
        .map(|tag| (text(tag).to_owned(), digest(text(tag))))
        .collect()
}

/// Every version with all its platforms can be pulled.
pub(super) fn assert_whole(server: &RegistryServer, tags: &BTreeMap<String, String>) {
    for tag in tags.keys() {
        let target = tempfile::tempdir().expect("a folder");
        run(tool("skopeo")
            .args(["copy", "--all", "--quiet", "--src-tls-verify=false"])
            .arg(format!("docker://{}/{DETECTOR}:{tag}", server.host))
            .arg(format!("dir:{}", target.path().display())));
    }
}

fn tags_of(steps: &Value) -> Vec<&str> {
    let mut tags: Vec<&str> = list(steps)
        .iter()
        .flat_map(|step| list(&step["tags"]))
        .map(text)
        .collect();
    tags.sort_unstable();
    tags
}

#[test]
fn a_clean_up_is_shown_first_then_done_as_shown_and_brought_back_by_undo() {
    for server in servers() {
        let terminal = Terminal::new();
        terminal.connect(&server);
        let before = seen(&server);
        let rules = ["prune", REPOSITORY, "--keep-last", "2"];
        let plan = terminal.json(&rules);
        assert_eq!(
            keys(&plan),
            [
                "deleted_tags",
                "kept",
                "kind",
                "plan_id",
                "protected",
                "reclaimed_bytes",
                "steps",
                "unreadable",
                "warnings"
            ]
        );
        assert_eq!(seen(&server), before, "a plan changes nothing");
        assert_eq!(tags_of(&plan["steps"]), ["1.4.0", "1.4.1", "1.4.3"]);
        assert_eq!(plan["deleted_tags"], 3);
        assert!(plan["reclaimed_bytes"].as_u64().is_some_and(|bytes| bytes > 0));
        let reason = |tag: &str| {
            let kept = list(&plan["kept"]).iter().find(|kept| kept["tag"] == tag);
            text(&kept.expect("every considered tag is told")["reason"]).to_owned()
        };
        assert_eq!(reason("production"), "protected");
        assert_eq!(reason("1.4.2"), "same version as production");
        let outcome = terminal.json(&[&rules[..], &["--yes"]].concat());
        assert_eq!(outcome["plan_id"], plan["plan_id"], "just this plan");
        assert_eq!((text(&outcome["state"]), &outcome["failed"]), ("done", &json!([])));
        let after = seen(&server);
        let gone: Vec<&String> = before.keys().filter(|tag| !after.contains_key(*tag)).collect();
        assert_eq!(gone, ["1.4.0", "1.4.1", "1.4.3"]);
        assert_whole(&server, &after);
        let id = text(&outcome["journal_id"]);
        let entry = terminal.json(&["journal", "show", id]);
        assert_eq!((text(&entry["kind"]), text(&entry["state"])), ("prune", "done"));
        let undone = terminal.json(&["journal", "undo", id, "--yes"]);
        assert_eq!((text(&undone["kind"]), text(&undone["state"])), ("undo", "done"));
        assert_eq!(seen(&server), before, "the same tags with the same digests");
        assert_whole(&server, &before);
        assert_eq!(terminal.json(&["journal", "show", id])["state"], "undone");
        terminal.error(4, &["journal", "undo", id, "--yes"]);
    }
}

#[test]
fn a_tag_goes_alone_where_that_is_asked() {
    for server in servers() {
        let terminal = Terminal::new();
        terminal.connect(&server);
        let before = seen(&server);
        let rules = ["prune", REPOSITORY, "--match", "1.4.2", "--each-tag", "--yes"];
        let outcome = terminal.json(&rules);
        assert_eq!(
            (text(&outcome["state"]), outcome["deleted_tags"].as_u64()),
            ("done", Some(1))
        );
        let mut expected = before.clone();
        expected.remove("1.4.2");
        assert_eq!(seen(&server), expected, "production stands on the same version");
        assert_whole(&server, &expected);
        terminal.done(&["journal", "undo", text(&outcome["journal_id"]), "--yes"]);
        assert_eq!(seen(&server), before);
    }
}

#[test]
fn channels_move_tell_where_they_were_and_roll_back() {
    for server in servers() {
        let terminal = Terminal::new();
        terminal.connect(&server);
        let before = seen(&server);
        let from = format!("{REPOSITORY}:1.4.4");
        let plan = terminal.json(&["promote", &from, "production"]);
        assert_eq!(list(&plan["steps"]).len(), 1);
        assert_eq!(plan["steps"][0]["expected_digest"], before["production"].as_str());
        let promoted = terminal.json(&["promote", &from, "production", "--yes"]);
        assert_eq!(
            seen(&server)["production"],
            before["1.4.4"],
            "the digest does not change"
        );
        let history = terminal.json(&["channel", "history", REPOSITORY, "production"]);
        assert_eq!(keys(&history[0]), ["by", "digest", "since", "tags", "until"]);
        let digests: Vec<&str> = list(&history).iter().map(|one| text(&one["digest"])).collect();
        assert_eq!(digests, [&before["1.4.4"], &before["1.4.2"]]);
        terminal.done(&["channel", "rollback", REPOSITORY, "production", "--yes"]);
        assert_eq!(seen(&server), before);
        // The channel moved on since: what the promotion did cannot be taken back over somebody's head.
        let from = format!("{REPOSITORY}:1.4.3");
        terminal.done(&["promote", &from, "production", "--yes"]);
        terminal.error(4, &["journal", "undo", text(&promoted["journal_id"]), "--yes"]);
        let new = terminal.json(&["promote", &from, "canary", "--also-tag", "blue", "--yes"]);
        assert_eq!(seen(&server)["blue"], before["1.4.3"]);
        terminal.done(&["journal", "undo", text(&new["journal_id"]), "--yes"]);
        assert!(!seen(&server).contains_key("canary") && !seen(&server).contains_key("blue"));
        assert_eq!(seen(&server)["1.4.3"], before["1.4.3"], "only the new tags go");
    }
}

#[test]
fn a_signature_travels_and_verifies_at_the_other_registry() {
    if !has_go_tools() {
        return;
    }
    let source = RegistryServer::with_referrers();
    source.push_layout(&sample().join(DETECTOR), "1.4.4", &format!("{DETECTOR}:1.4.4"));
    let digest = seen(&source)["1.4.4"].clone();
    let key = tempfile::tempdir().expect("a folder");
    cosign::sign(&format!("{}/{DETECTOR}@{digest}", source.host), key.path());
    for target in [
        RegistryServer::distribution2(&deletes_on()),
        RegistryServer::with_referrers(),
    ] {
        let terminal = Terminal::new();
        terminal.connect(&source);
        terminal.done(&["connection", "add", "far", &target.url()]);
        let (from, to) = (format!("{REPOSITORY}:1.4.4"), format!("far/{DETECTOR}:1.4.4"));
        let outcome = terminal.json(&["promote", &from, &to, "--referrers", "--yes"]);
        assert_eq!(text(&outcome["state"]), "done");
        assert_eq!(seen(&target)["1.4.4"], digest);
        cosign::verify(&format!("{}/{DETECTOR}@{digest}", target.host), key.path());
        let again = terminal.json(&["copy", &from, &to, "--referrers"]);
        assert_eq!(again["steps"], json!([]), "everything is there");
    }
}

#[test]
fn a_copy_within_a_registry_sends_nothing_and_one_of_a_platform_says_that_it_differs() {
    for server in servers() {
        let terminal = Terminal::new();
        terminal.connect(&server);
        let from = format!("{REPOSITORY}:1.4.4");
        let plan = terminal.json(&["copy", &from, "r/mirror/detector:stable", "--yes"]);
        assert!(list(&plan["steps"]).iter().all(|step| step["action"] != "copy-blob"));
        let part = terminal.json(&["copy", &from, "r/part/detector", "--platform", "linux/amd64", "--yes"]);
        assert!(
            list(&part["warnings"])
                .iter()
                .any(|warning| text(warning).contains("digest"))
        );
        let raw = skopeo_json(&["--raw"], &format!("{}/part/detector:1.4.4", server.host));
        let platforms: Vec<&str> = list(&raw["manifests"])
            .iter()
            .map(|entry| text(&entry["platform"]["architecture"]))
            .filter(|architecture| *architecture != "unknown")
            .collect();
        assert_eq!(platforms, ["amd64"]);
        let error = terminal.error(2, &["copy", &from, "r/part/detector", "--platform", "linux/s390x"]);
        assert!(text(&error["message"]).contains("arm64") || text(&error["hint"]).contains("arm64"));
    }
}

#[test]
fn a_folder_is_changed_as_a_registry_is() {
    let terminal = Terminal::new();
    let folder = terminal.home.path().join("models");
    terminal.done(&["sample", &folder.display().to_string()]);
    let tags =
        |terminal: &Terminal| terminal.json(&["tags", "Sample/vision/defect-detector", "--all", "--max-age", "0s"]);
    let before = tags(&terminal);
    let outcome = terminal.json(&["prune", "Sample/vision/defect-detector", "--keep-last", "5", "--yes"]);
    assert_eq!(text(&outcome["state"]), "done");
    assert!(outcome["deleted_tags"].as_u64().is_some_and(|count| count > 10));
    assert_ne!(tags(&terminal), before);
    assert_layout(&folder.join(DETECTOR));
    terminal.done(&["journal", "undo", text(&outcome["journal_id"]), "--yes"]);
    assert_eq!(tags(&terminal), before);
    assert_layout(&folder.join(DETECTOR));
}

/// Another client reads the layout.
fn assert_layout(layout: &Path) {
    run(tool("skopeo")
        .args(["inspect", "--raw"])
        .arg(format!("oci:{}:production", layout.display())));
}

#[test]
fn nothing_is_deleted_where_deletes_are_off_and_the_reason_is_told() {
    let server = RegistryServer::distribution2(&Setup::default());
    server.push_layout(&sample().join(DETECTOR), "1.4.1", &format!("{DETECTOR}:1.4.1"));
    server.push_layout(&sample().join(DETECTOR), "1.4.2", &format!("{DETECTOR}:1.4.2"));
    let terminal = Terminal::new();
    terminal.connect(&server);
    let rules = ["prune", REPOSITORY, "--keep-last", "1"];
    let plan = terminal.json(&rules);
    assert_eq!(plan["steps"], json!([]));
    assert!(text(&plan["warnings"][0]).contains("REGISTRY_STORAGE_DELETE_ENABLED"));
    let error = terminal.error(1, &[&rules[..], &["--yes"]].concat());
    assert!(text(&error["message"]).contains("REGISTRY_STORAGE_DELETE_ENABLED"));
    assert_eq!(seen(&server).len(), 2);
}

#[test]
fn rules_that_cannot_be_used_are_refused_with_what_to_do() {
    let terminal = Terminal::new();
    terminal.done(&["connection", "add", "r", &sample().display().to_string()]);
    let error = terminal.error(2, &["prune", REPOSITORY]);
    assert!(text(&error["hint"]).contains("--keep-last"));
    terminal.error(2, &["prune", REPOSITORY, "--older-than", "soon"]);
    terminal.error(2, &["prune", REPOSITORY, "--match", "[", "--yes"]);
    let file = terminal.home.path().join("policy.toml");
    std::fs::write(&file, "[[policy]]\nname = \"old\"\nkeep_lst = 3\n").expect("a file");
    let error = terminal.error(2, &["prune", REPOSITORY, "--policy", &file.display().to_string()]);
    assert!(text(&error["message"]).contains("line 3"), "{error}");
    assert!(text(&error["hint"]).contains("keep_last"));
    terminal.error(1, &["journal", "show", "7"]);
    assert_eq!(terminal.json(&["journal"]), json!([]));
}

#[test]
fn a_channel_that_asks_for_something_takes_only_what_has_it() {
    let terminal = Terminal::new();
    let folder = terminal.home.path().join("models");
    terminal.done(&["sample", &folder.display().to_string()]);
    assert_eq!(terminal.json(&["channel", "asks", "production"]), json!([]));
    let asks = terminal.json(&["channel", "asks", "production", "--metric", "accuracy >= 0.999"]);
    assert_eq!(asks, json!([{"metric": "accuracy >= 0.999"}]));
    let promote = ["promote", "Sample/vision/defect-detector:1.4.1", "production"];
    for yes in [&[][..], &["--yes"]] {
        let error = terminal.error(4, &[&promote[..], yes].concat());
        assert_eq!(text(&error["code"]), "refused");
        assert!(text(&error["message"]).contains("accuracy >= 0.999"), "{error}");
    }
    terminal.error(2, &["channel", "asks", "production", "--signature", "absent.pub"]);
    terminal.error(1, &["channel", "asks", "productoin", "--sbom"]);
    terminal.error(2, &["channel", "asks", "production", "--metric", "accuracy"]);
    assert_eq!(
        terminal.json(&["channel", "asks", "production"]),
        asks,
        "a wrong wish changes nothing"
    );
    let met = terminal.json(&["channel", "asks", "production", "--sbom", "--metric", "accuracy >= 0.5"]);
    assert_eq!(met, json!(["sbom", {"metric": "accuracy >= 0.5"}]));
    assert_eq!(
        terminal.json(&["channel", "asks", "production", "--nothing"]),
        json!([])
    );
    terminal.done(&[&promote[..], &["--yes"]].concat());
}

#[test]
fn a_copy_makes_a_new_repository_in_a_folder() {
    let terminal = Terminal::new();
    let folder = terminal.home.path().join("models");
    terminal.done(&["sample", &folder.display().to_string()]);
    let from = "Sample/vision/defect-detector:1.4.2";
    let outcome = terminal.json(&["copy", from, "Sample/mirror/new/detector:1.0", "--referrers", "--yes"]);
    assert_eq!((text(&outcome["state"]), &outcome["failed"]), ("done", &json!([])));
    run(tool("skopeo")
        .args(["inspect", "--raw"])
        .arg(format!("oci:{}:1.0", folder.join("mirror/new/detector").display())));
    let again = terminal.json(&["copy", from, "Sample/mirror/new/detector:1.0", "--referrers"]);
    assert_eq!(again["steps"], json!([]));
}

#[test]
fn a_repository_named_twice_is_planned_once() {
    let terminal = Terminal::new();
    let folder = terminal.home.path().join("models");
    terminal.done(&["sample", &folder.display().to_string()]);
    let name = "Sample/vision/defect-detector";
    let once = terminal.json(&["prune", name, "--keep-last", "5"]);
    let twice = terminal.json(&["prune", name, name, "--keep-last", "5"]);
    assert_eq!(once["plan_id"], twice["plan_id"]);
}

/// Other clients delete a signature or an SBOM and leave its name in the list of referrers.
#[test]
fn what_a_list_of_referrers_still_names_does_not_stop_a_prune() {
    if !has_go_tools() {
        return;
    }
    let server = RegistryServer::distribution2(&deletes_on());
    for tag in VERSIONS {
        server.push_layout(&sample().join(DETECTOR), tag, &format!("{DETECTOR}:{tag}"));
    }
    let terminal = Terminal::new();
    let file = terminal.home.path().join("sbom.json");
    std::fs::write(&file, "{}").expect("it is written");
    let host = format!("reg={},tls=disabled", server.host);
    let regctl = |arguments: &[&str]| run(tool("regctl").args(["--host", &host]).args(arguments));
    let version = format!("{}/{DETECTOR}:1.4.4", server.host);
    let put = [
        "artifact",
        "put",
        "--subject",
        &version,
        "--artifact-type",
        "application/spdx+json",
        "--file",
    ];
    regctl(&[&put[..], &[&file.display().to_string()]].concat());
    let list = [
        "artifact",
        "list",
        &version,
        "--format",
        "{{(index .Descriptors 0).Digest}}",
    ];
    let referrer = regctl(&list).trim().to_owned();
    terminal.done(&["connection", "add", "r", &server.url()]);
    let rules = ["prune", REPOSITORY, "--keep-last-releases", "1"];
    let before = terminal.json(&rules);
    run(tool("crane").args([
        "delete",
        "--insecure",
        &format!("{}/{DETECTOR}@{referrer}", server.host),
    ]));
    let after = terminal.json(&rules);
    assert_eq!(after["unreadable"], json!([]));
    assert!(!tags_of(&after["steps"]).is_empty());
    assert_eq!(tags_of(&after["steps"]), tags_of(&before["steps"]));
    let outcome = terminal.json(&[&rules[..], &["--yes"]].concat());
    assert_eq!((text(&outcome["state"]), &outcome["failed"]), ("done", &json!([])));
}

#[test]
fn a_route_takes_a_version_with_its_signature_and_its_own_tag() {
    if !has_go_tools() {
        return;
    }
    let (source, target) = (RegistryServer::with_referrers(), RegistryServer::with_referrers());
    for tag in ["1.4.4", "staging"] {
        source.push_layout(&sample().join(DETECTOR), tag, &format!("{DETECTOR}:{tag}"));
    }
    let digest = seen(&source)["1.4.4"].clone();
    let key = tempfile::tempdir().expect("a folder");
    cosign::sign(&format!("{}/{DETECTOR}@{digest}", source.host), key.path());
    let terminal = Terminal::new();
    terminal.connect(&source);
    terminal.done(&["connection", "add", "far", &target.url()]);
    let unknown = terminal.error(
        2,
        &["route", "add", "out", "r/vision/*", "nowhere/*", "--tag", "production"],
    );
    assert!(text(&unknown["message"]).contains("nowhere"));
    terminal.error(
        2,
        &["route", "add", "out", "r/vision/*", "far/prod", "--tag", "production"],
    );
    let added = terminal.json(&["route", "add", "out", "r/vision/*", "far/prod/*", "--tag", "production"]);
    assert_eq!(
        keys(&added),
        [
            "from",
            "name",
            "own_tag",
            "platforms",
            "problem",
            "referrers",
            "tag",
            "to"
        ]
    );
    assert_eq!(terminal.json(&["route", "list"]), json!([added]));
    let from = format!("{REPOSITORY}:staging");
    terminal.error(2, &["promote", &from, "production", "--route", "out"]);
    terminal.error(1, &["promote", &from, "--route", "elsewhere"]);
    let plan = terminal.json(&["promote", &from, "--route", "out"]);
    assert_eq!(list(&plan["skipped_blobs"]).len(), 0);
    let tags = tags_of(&plan["steps"]);
    assert!(
        tags.contains(&"1.4.4") && tags.contains(&"production") && !tags.contains(&"staging"),
        "{tags:?}"
    );
    let outcome = terminal.json(&["promote", &from, "--route", "out", "--yes"]);
    assert_eq!((text(&outcome["kind"]), text(&outcome["state"])), ("promote", "done"));
    let there =
        |tag: &str| fill::digest(skopeo(&["--raw"], &format!("{}/prod/defect-detector:{tag}", target.host)).as_bytes());
    assert_eq!((there("production"), there("1.4.4")), (digest.clone(), digest.clone()));
    cosign::verify(&format!("{}/prod/defect-detector@{digest}", target.host), key.path());
    let again = terminal.json(&["promote", &from, "--route", "out"]);
    assert_eq!(again["steps"], json!([]), "everything is there");
    assert!(!list(&again["skipped_blobs"]).is_empty());
    let bare = terminal.json(&["copy", &from, "far/bare:1", "--referrers=sboms", "--yes"]);
    assert_eq!(text(&bare["state"]), "done");
    let signature = tool("cosign")
        .args(["tree", &format!("{}/bare:1", target.host)])
        .output()
        .expect("cosign runs");
    assert!(
        !String::from_utf8_lossy(&signature.stdout).contains("Signatures"),
        "only SBOMs were asked for"
    );
    terminal.error(2, &["copy", &from, "far/bare:1", "--referrers=sigs"]);
    terminal.done(&["route", "remove", "out"]);
    assert_eq!(terminal.json(&["route", "list"]), json!([]));
    terminal.json(&["route", "add", "out", "r/vision/*", "far/prod/*", "--tag", "production"]);
    let removed = terminal.done(&["connection", "remove", "far"]);
    assert!(removed.ends_with("with it went the route \"out\"\n"), "{removed}");
    assert_eq!(terminal.json(&["route", "list"]), json!([]));
}

#[test]
fn a_target_that_takes_nothing_is_found_before_anything_is_sent() {
    let source = RegistryServer::distribution2(&Setup::default());
    source.push_layout(&sample().join(DETECTOR), "1.4.4", &format!("{DETECTOR}:1.4.4"));
    let target = RegistryServer::distribution2(&Setup {
        read_only: true,
        ..Setup::default()
    });
    let terminal = Terminal::new();
    terminal.connect(&source);
    terminal.done(&["connection", "add", "far", &target.url()]);
    let from = format!("{REPOSITORY}:1.4.4");
    let refused = terminal.error(1, &["copy", &from, "far/x:1"]);
    assert_ne!(refused["message"], "", "a plan alone tells it");
    terminal.error(1, &["promote", &from, "far/x:1", "--yes"]);
    assert_eq!(terminal.json(&["journal"]), json!([]), "nothing was begun");
}
