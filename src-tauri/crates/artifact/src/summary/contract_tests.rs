//! "What counts as what" of the command line's contract, where the plain cases of `tests.rs` leave a line open.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{
    tests::{Store, child, config, digest_of, image, index},
    *,
};
use crate::media_type;

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

/// A version with this config, and layers `w` and `x`.
fn with_config(store: &mut Store, media_type: &str, written: &Value) -> Digest {
    let mut config = store.put_config(&written.to_string());
    config["mediaType"] = json!(media_type);
    store.put_manifest(&image(&config, &[("w", 9), ("x", 1)]))
}

const DOCKER_MODEL: &str = "application/vnd.docker.ai.model.config.v0.1+json";

#[test]
fn docker_models_were_created_when_their_descriptor_says_in_either_spelling() {
    let mut store = Store::default();
    for field in ["created", "createdAt"] {
        let written = json!({ "config": { "format": "gguf" }, "descriptor": { field: "2025-03-19T12:00:00Z" } });
        let digest = with_config(&mut store, DOCKER_MODEL, &written);
        let summary = store.summarize(&digest);
        assert_eq!(summary.kind, Kind::DockerModel);
        assert_eq!(summary.created, Some(time("2025-03-19T12:00:00Z")), "{field}");
        assert_eq!(summary.card.created, summary.created);
    }
}

#[test]
fn the_config_of_a_version_goes_before_its_annotation() {
    let mut store = Store::default();
    let config = store.put_config(&config("2026-09-01T10:00:00Z", &json!({})).to_string());
    let mut document = image(&config, &[("a", 1)]);
    document["annotations"] = json!({ "org.opencontainers.image.created": "2020-01-02T03:04:05Z" });
    let digest = store.put_manifest(&document);
    assert_eq!(store.summarize(&digest).created, Some(time("2026-09-01T10:00:00Z")));
}

#[test]
fn an_unbelievable_time_of_a_descriptor_or_annotation_is_none_too() {
    let mut store = Store::default();
    let written = json!({ "descriptor": { "createdAt": "0001-01-01T00:00:00Z" } });
    let digest = with_config(&mut store, media_type::MODELPACK_CONFIG, &written);
    assert_eq!(store.summarize(&digest).created, None);
    let mut document = image(&store.put_config("{}"), &[]);
    document["annotations"] = json!({ "org.opencontainers.image.created": "2999-01-01T00:00:00Z" });
    let digest = store.put_manifest(&document);
    assert_eq!(store.summarize(&digest).created, None);
}

#[test]
fn the_labels_of_an_index_without_linux_amd64_are_those_of_its_first_platform() {
    let mut store = Store::default();
    let arm = store.put_image(&config("", &json!({ "a": "arm64", "c": "arm64" })), &[("x", 1)]);
    let power = store.put_image(&config("", &json!({ "a": "ppc64le" })), &[("y", 1)]);
    let mut document = index(&[child(&arm, "linux/arm64"), child(&power, "linux/ppc64le")]);
    document["annotations"] = json!({ "a": "index" });
    let digest = store.put_manifest(&document);
    let labels: Vec<(String, String)> = store.summarize(&digest).labels.into_iter().collect();
    assert_eq!(
        labels,
        [("a", "index"), ("c", "arm64")].map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
}

#[test]
fn attestations_count_nowhere_even_where_they_are_at_hand() {
    let mut store = Store::default();
    let amd64 = config("2026-09-01T10:00:00Z", &json!({}));
    let length = amd64.to_string().len() as u64;
    let amd64 = store.put_image(&amd64, &[("a", 100)]);
    // An attestation has the config of an image, a later time, and layers of its own.
    let attestation = store.put_image(
        &config("2026-09-03T10:00:00Z", &json!({ "x": "y" })),
        &[("statement", 999)],
    );
    let mut marked = child(&attestation, "linux/amd64");
    marked["annotations"] = json!({ "vnd.docker.reference.type": "attestation-manifest" });
    let document = index(&[marked, child(&amd64, "linux/amd64")]);
    let digest = store.put_manifest(&document);
    let summary = store.summarize(&digest);
    assert_eq!((summary.size, summary.layer_count), (Some(ByteSize(100 + length)), 1));
    assert_eq!(summary.created, Some(time("2026-09-01T10:00:00Z")));
    assert_eq!(summary.platforms.len(), 1);
    assert_eq!(
        summary.attestations.iter().map(|it| &it.digest).collect::<Vec<_>>(),
        [&attestation]
    );
    assert!(summary.labels.is_empty());
}

#[test]
fn an_index_is_what_its_artifact_type_says_else_what_its_platforms_are() {
    let mut store = Store::default();
    let model = with_config(&mut store, media_type::MODELPACK_CONFIG, &json!({}));
    let entry = json!({ "mediaType": media_type::OCI_MANIFEST, "digest": model.to_string(), "size": 1 });
    let unstated = store.put_manifest(&index(std::slice::from_ref(&entry)));
    assert_eq!(store.summarize(&unstated).kind, Kind::ModelPack);
    let mut stated = index(&[entry]);
    stated["artifactType"] = json!("application/vnd.kitops.modelkit.index.v1+json");
    let stated = store.put_manifest(&stated);
    assert_eq!(store.summarize(&stated).kind, Kind::ModelKit);
}

#[test]
fn unknown_media_types_are_shown_and_counted() {
    let mut store = Store::default();
    let written = json!({ "anything": [1, 2] });
    let digest = with_config(&mut store, "application/vnd.acme.thing.config.v7+json", &written);
    let summary = store.summarize(&digest);
    assert_eq!((summary.kind, summary.layer_count), (Kind::Other, 2));
    assert_eq!(summary.size, Some(ByteSize(10 + written.to_string().len() as u64)));
    assert_eq!(
        summary.artifact_type.as_deref(),
        Some("application/vnd.acme.thing.config.v7+json")
    );
    assert!(summary.problems.is_empty());
}

#[test]
fn a_card_has_the_keys_of_the_contract_and_nothing_is_null_or_empty_but_what_is_unknown() {
    let card = serde_json::to_value(ModelCard::default()).expect("a card is JSON");
    let card = card.as_object().expect("an object");
    let keys: HashSet<&str> = card.keys().map(String::as_str).collect();
    for key in [
        "name",
        "version",
        "format",
        "architecture",
        "parameters",
        "precision",
        "quantization",
        "context_length",
        "licenses",
        "authors",
        "source",
        "created",
        "metrics",
    ] {
        assert!(keys.contains(key), "{key} is missing");
    }
    for (key, value) in card {
        match key.as_str() {
            "licenses" | "authors" => assert_eq!(value, &json!([]), "{key}: a plural is a list"),
            "metrics" => assert_eq!(value, &json!({})),
            _ => assert_eq!(value, &Value::Null, "{key}: unknown is null"),
        }
    }
}

#[test]
fn the_same_config_under_two_platforms_counts_once() {
    let mut store = Store::default();
    let shared = config("2026-09-01T10:00:00Z", &json!({}));
    let one = store.put_image(&shared, &[("a", 1)]);
    let other = store.put_image(&shared, &[("b", 2)]);
    let digest = store.put_manifest(&index(&[child(&one, "linux/amd64"), child(&other, "linux/arm64")]));
    let summary = store.summarize(&digest);
    assert_eq!(summary.size, Some(ByteSize(3 + shared.to_string().len() as u64)));
    assert_eq!(
        summary
            .blobs
            .iter()
            .filter(|(blob, _)| blob.to_string() == digest_of(&shared.to_string()))
            .count(),
        1
    );
}
