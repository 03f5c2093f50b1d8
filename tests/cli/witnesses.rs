//! What berthctl shows of a registry agrees with what skopeo and crane say of it.

use std::{collections::BTreeSet, process::Command};

use serde_json::Value;

use super::{DETECTOR, TAGS, Terminal, filled, list, sample, skopeo, skopeo_json, text};
use crate::support::process::{find_tool, run, tool};

const CONFIG_SIZE: &str = "/config/size";

fn layers(manifest: &Value) -> Vec<(String, u64)> {
    let layer = |layer: &Value| {
        (
            text(&layer["digest"]).to_owned(),
            layer["size"].as_u64().unwrap_or_default(),
        )
    };
    list(&manifest["layers"]).iter().map(layer).collect()
}

#[test]
fn repositories_tags_and_digests_are_those_that_skopeo_sees() {
    let (terminal, server) = (Terminal::new(), filled());
    terminal.connect(&server);
    let synced = &terminal.json(&["sync"])["connections"][0];
    assert_eq!(
        (&synced["repositories"], &synced["tags"], &synced["new"]),
        (&3.into(), &5.into(), &5.into())
    );
    let rows = terminal.json(&["repositories"]);
    let names: Vec<&str> = list(&rows).iter().map(|row| text(&row["repository"])).collect();
    assert_eq!(names, ["charts/inference-gateway", "llm/tiny-bert", DETECTOR]);

    let rows = terminal.json(&["tags", &format!("r/{DETECTOR}"), "--sort", "name"]);
    let shown: Vec<&str> = list(&rows).iter().map(|row| text(&row["tag"])).collect();
    assert_eq!(shown, TAGS);
    for row in list(&rows) {
        let reference = format!("{}/{DETECTOR}:{}", server.host, text(&row["tag"]));
        let said = skopeo(&["--format", "{{.Digest}}"], &reference);
        // skopeo names the platform's digest; the raw bytes are the index's.
        let index = skopeo(&["--raw"], &reference);
        assert_eq!(
            text(&row["digest"]),
            crate::support::fill::digest(index.as_bytes()),
            "{said}"
        );
        assert_eq!(row["platforms"], serde_json::json!(["linux/amd64", "linux/arm64"]));
    }
    let again = &terminal.json(&["sync", "r"])["connections"][0];
    assert_eq!(
        (&again["new"], &again["moved"], &again["gone"]),
        (&0.into(), &0.into(), &0.into())
    );
}

#[test]
fn a_version_has_the_layers_sizes_and_configs_that_skopeo_and_crane_see() {
    let (terminal, server) = (Terminal::new(), filled());
    terminal.connect(&server);
    let reference = format!("{}/{DETECTOR}:1.4.2", server.host);
    let shown = terminal.json(&["show", &reference]);
    let index = skopeo_json(&["--raw"], &reference);
    let platforms: Vec<&Value> = list(&index["manifests"])
        .iter()
        .filter(|child| child["platform"]["os"] == "linux")
        .collect();
    assert_eq!(list(&shown["platforms"]).len(), platforms.len());
    let mut blobs = BTreeSet::new();
    for (platform, child) in list(&shown["platforms"]).iter().zip(platforms) {
        assert_eq!(platform["digest"], child["digest"]);
        let repository = format!("{}/{DETECTOR}@{}", server.host, text(&child["digest"]));
        let manifest = skopeo_json(&["--raw"], &repository);
        let expected = layers(&manifest);
        let actual: Vec<(String, u64)> = list(&platform["layers"])
            .iter()
            .map(|layer| {
                (
                    text(&layer["digest"]).to_owned(),
                    layer["size_bytes"].as_u64().unwrap_or_default(),
                )
            })
            .collect();
        assert_eq!(actual, expected);
        let config = manifest
            .pointer(CONFIG_SIZE)
            .and_then(Value::as_u64)
            .unwrap_or_default();
        let distinct: BTreeSet<(String, u64)> = expected.into_iter().collect();
        let size: u64 = config + distinct.iter().map(|(_, size)| size).sum::<u64>();
        assert_eq!(platform["size_bytes"], size);
        blobs.extend(distinct);
        blobs.insert((text(&manifest["config"]["digest"]).to_owned(), config));
        let said: Value = serde_json::from_str(&skopeo(&["--raw", "--config"], &repository)).expect("a config is JSON");
        assert_eq!(platform["config"], said);
        if find_tool("crane").is_some() {
            let said = run(tool("crane").args(["config", "--insecure", &repository]));
            assert_eq!(
                platform["config"],
                serde_json::from_str::<Value>(&said).expect("a config is JSON")
            );
        }
    }
    let all: u64 = blobs.iter().map(|(_, size)| size).sum();
    assert_eq!(shown["size_bytes"], all, "each blob once over all platforms");
    if find_tool("crane").is_some() {
        let said = run(tool("crane").args(["digest", "--insecure", &reference]));
        assert_eq!(text(&shown["digest"]), said.trim());
    }
}

#[test]
fn storage_is_the_sum_of_distinct_blobs() {
    let (terminal, server) = (Terminal::new(), filled());
    terminal.connect(&server);
    let usage = terminal.json(&["usage", &format!("r/{DETECTOR}")]);
    let mut of_tags = Vec::new();
    for tag in TAGS {
        let mut blobs = BTreeSet::new();
        let index = skopeo_json(&["--raw"], &format!("{}/{DETECTOR}:{tag}", server.host));
        for child in list(&index["manifests"])
            .iter()
            .filter(|child| child["platform"]["os"] == "linux")
        {
            let manifest = skopeo_json(
                &["--raw"],
                &format!("{}/{DETECTOR}@{}", server.host, text(&child["digest"])),
            );
            blobs.extend(layers(&manifest));
            blobs.extend(layers(&serde_json::json!({ "layers": [manifest["config"]] })));
        }
        of_tags.push((tag, blobs));
    }
    let sum = |blobs: &BTreeSet<(String, u64)>| -> u64 { blobs.iter().map(|(_, size)| size).sum() };
    let all: BTreeSet<(String, u64)> = of_tags.iter().flat_map(|(_, blobs)| blobs.clone()).collect();
    assert_eq!(usage["stored_bytes"], sum(&all));
    for (tag, blobs) in &of_tags {
        let others: BTreeSet<_> = of_tags
            .iter()
            .filter(|(other, _)| other != tag)
            .flat_map(|(_, blobs)| blobs)
            .cloned()
            .collect();
        let row = list(&usage["tags"])
            .iter()
            .find(|row| row["tag"] == *tag)
            .expect("every tag is there");
        let unique: u64 = blobs.difference(&others).map(|(_, size)| size).sum();
        assert_eq!(
            (&row["size_bytes"], &row["unique_bytes"]),
            (&sum(blobs).into(), &unique.into()),
            "{tag}"
        );
    }
}

#[test]
fn files_are_those_that_tar_unpacks() {
    let (terminal, server) = (Terminal::new(), filled());
    terminal.connect(&server);
    let reference = format!("r/{DETECTOR}:1.4.2");
    let shown = terminal.json(&["show", &reference]);
    let amd64 = list(&shown["platforms"])
        .iter()
        .find(|platform| platform["platform"] == "linux/amd64")
        .expect("it has it");
    let layer = text(&list(&amd64["layers"])[0]["digest"]).to_owned();
    let blob = sample().join(DETECTOR).join("blobs").join(layer.replace(':', "/"));
    let said = run(Command::new("tar").arg("-tzf").arg(blob));
    let mut expected: Vec<&str> = said
        .lines()
        .map(|line| line.trim_start_matches("./").trim_end_matches('/'))
        .collect();
    let files = terminal.json(&["files", &reference, "--platform", "linux/amd64", "--layer", &layer]);
    let mut actual: Vec<&str> = list(&files).iter().map(|file| text(&file["path"])).collect();
    expected.retain(|path| !path.is_empty());
    expected.sort_unstable();
    actual.sort_unstable();
    assert_eq!(actual, expected);
    let merged = terminal.json(&["files", &reference, "--platform", "linux/amd64"]);
    let model = list(&merged)
        .iter()
        .find(|file| file["path"] == "app/model.safetensors")
        .expect("the weights");
    assert!(model["mode"] == "0644" && model["kind"] == "file" && model["size_bytes"].as_u64() > Some(1_000));
    let offline = terminal.json(&["--offline", "files", &reference, "--platform", "linux/amd64"]);
    assert_eq!(offline, merged, "what was read once needs no network");
}

#[test]
fn search_finds_what_was_pushed() {
    let (terminal, server) = (Terminal::new(), filled());
    terminal.connect(&server);
    assert!(
        list(&terminal.json(&["search", "detector"])).is_empty(),
        "search reads the index alone"
    );
    terminal.done(&["sync"]);
    let hits = terminal.json(&["search", "detector", "1.4.2"]);
    assert_eq!(
        (&list(&hits)[0]["tag"], &list(&hits)[0]["connection"]),
        (&"1.4.2".into(), &"r".into())
    );
    let digest =
        crate::support::fill::digest(skopeo(&["--raw"], &format!("{}/llm/tiny-bert:2.0.0", server.host)).as_bytes());
    let hits = terminal.json(&["search", &digest[..16]]);
    assert_eq!(list(&hits)[0]["digest"], digest);
}

#[test]
fn a_pull_command_pulls() {
    let (terminal, server) = (Terminal::new(), filled());
    terminal.connect(&server);
    let folder = tempfile::tempdir().expect("a folder to pull to");
    for flags in [&[][..], &["--by-digest"]] {
        let line = terminal.done(
            &[
                &["pull-command", &format!("r/{DETECTOR}:1.4.2"), "--tool", "skopeo"],
                flags,
            ]
            .concat(),
        );
        let target = tempfile::tempdir_in(folder.path()).expect("a folder");
        run(Command::new("sh").arg("-c").arg(line.trim()).current_dir(target.path()));
        let layout = std::fs::read_dir(target.path())
            .expect("it is there")
            .flatten()
            .next()
            .expect("skopeo wrote it");
        let index = std::fs::read_to_string(layout.path().join("index.json")).expect("a layout");
        let digest =
            crate::support::fill::digest(skopeo(&["--raw"], &format!("{}/{DETECTOR}:1.4.2", server.host)).as_bytes());
        assert!(index.contains(&digest), "{line}: {index}");
    }
    let model = terminal.json(&["pull-command", "r/llm/tiny-bert:2.0.0"]);
    let tools: Vec<&str> = list(&model).iter().map(|line| text(&line["tool"])).collect();
    assert_eq!(tools[0], "modctl");
    assert!(!tools.contains(&"docker"), "docker cannot pull a model: {tools:?}");
}

#[test]
fn a_moved_and_a_vanished_tag_are_counted() {
    let (terminal, server) = (Terminal::new(), filled());
    terminal.connect(&server);
    terminal.done(&["sync"]);
    server.push_layout(&sample().join(DETECTOR), "1.4.1", &format!("{DETECTOR}:latest"));
    server.push_layout(&sample().join(DETECTOR), "1.3.0", &format!("{DETECTOR}:1.3.0"));
    std::fs::remove_dir_all(server.storage().join(format!(
        "docker/registry/v2/repositories/{DETECTOR}/_manifests/tags/1.4.2"
    )))
    .expect("the registry's own file of the tag");
    let synced = &terminal.json(&["sync", &format!("r/{DETECTOR}")])["connections"][0];
    assert_eq!(
        (&synced["new"], &synced["moved"], &synced["gone"]),
        (&1.into(), &1.into(), &1.into()),
        "{synced}"
    );
}

#[test]
fn a_version_that_lost_its_tag_before_any_sync_is_shown_by_its_digest() {
    let (terminal, server) = (Terminal::new(), filled());
    let place = |tag: &str| format!("docker://{}/{DETECTOR}:{tag}", server.host);
    let lost =
        crate::support::fill::digest(skopeo(&["--raw"], &format!("{}/{DETECTOR}:1.4.2", server.host)).as_bytes());
    let copy = [
        "copy",
        "--quiet",
        "--all",
        "--src-tls-verify=false",
        "--dest-tls-verify=false",
    ];
    run(tool("skopeo").args(copy).args([place(TAGS[0]), place("1.4.2")]));
    terminal.connect(&server);
    let shown = terminal.json(&["show", &format!("r/{DETECTOR}@{lost}")]);
    assert_eq!(text(&shown["digest"]), lost);
    assert_eq!(list(&shown["platforms"]).len(), 2);
    assert_eq!(shown["tags"], serde_json::json!([]));
    let rows = terminal.json(&["tags", &format!("r/{DETECTOR}")]);
    assert!(list(&rows).iter().all(|row| text(&row["digest"]) != lost));

    let nowhere = format!("r/{DETECTOR}@sha256:{}", "0".repeat(64));
    let refused = terminal.error(1, &["show", &nowhere]);
    assert_eq!(text(&refused["code"]), "not_found");
}
