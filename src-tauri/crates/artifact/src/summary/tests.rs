//! Summaries of versions as registries hold them, and what counts as what.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::*;
use crate::{MAXIMUM_INDEX_DEPTH, media_type};

/// Content by digest, as the index holds it.
#[derive(Default)]
pub(super) struct Store {
    manifests: HashMap<Digest, Arc<Manifest>>,
    configs: HashMap<Digest, Arc<[u8]>>,
}

impl ContentSource for Store {
    fn manifest(&self, digest: &Digest) -> Option<Arc<Manifest>> {
        self.manifests.get(digest).cloned()
    }

    fn config(&self, digest: &Digest) -> Option<Arc<[u8]>> {
        self.configs.get(digest).cloned()
    }
}

impl Store {
    pub(super) fn put_manifest(&mut self, document: &Value) -> Digest {
        let bytes = document.to_string();
        let digest = Digest::of(bytes.as_bytes());
        let manifest = Manifest::parse(None, bytes.as_bytes()).expect("a manifest by construction");
        self.manifests.insert(digest.clone(), Arc::new(manifest));
        digest
    }

    pub(super) fn put_config(&mut self, bytes: &str) -> Value {
        let digest = Digest::of(bytes.as_bytes());
        self.configs.insert(digest.clone(), Arc::from(bytes.as_bytes()));
        json!({ "mediaType": media_type::OCI_CONFIG, "digest": digest.to_string(), "size": bytes.len() })
    }

    pub(super) fn put_image(&mut self, config: &Value, layers: &[(&str, u64)]) -> Digest {
        let config = self.put_config(&config.to_string());
        self.put_manifest(&image(&config, layers))
    }

    pub(super) fn summarize(&self, digest: &Digest) -> Summary {
        summarize(digest, self, now())
    }
}

fn now() -> DateTime<Utc> {
    "2026-09-15T12:00:00Z".parse().expect("a time")
}

pub(super) fn digest_of(content: &str) -> String {
    Digest::of(content.as_bytes()).to_string()
}

fn layer(content: &str, size: u64) -> Value {
    json!({ "mediaType": media_type::OCI_LAYER_GZIP, "digest": digest_of(content), "size": size })
}

pub(super) fn image(config: &Value, layers: &[(&str, u64)]) -> Value {
    let layers: Vec<Value> = layers.iter().map(|(content, size)| layer(content, *size)).collect();
    json!({ "schemaVersion": 2, "mediaType": media_type::OCI_MANIFEST, "config": config, "layers": layers })
}

pub(super) fn child(digest: &Digest, platform: &str) -> Value {
    let (os, architecture) = platform.split_once('/').expect("os/architecture");
    json!({
        "mediaType": media_type::OCI_MANIFEST, "digest": digest.to_string(), "size": 500,
        "platform": { "os": os, "architecture": architecture },
    })
}

pub(super) fn index(children: &[Value]) -> Value {
    json!({ "schemaVersion": 2, "mediaType": media_type::OCI_INDEX, "manifests": children })
}

pub(super) fn config(created: &str, labels: &Value) -> Value {
    json!({ "os": "linux", "architecture": "amd64", "created": created, "config": { "Labels": labels } })
}

#[test]
fn an_image_counts_its_config_and_each_layer_once() {
    let mut store = Store::default();
    let config = config(
        "2026-09-01T10:00:00Z",
        &json!({ "ml.metrics.accuracy": "0.9", "team": "vision" }),
    );
    let length = config.to_string().len() as u64;
    let digest = store.put_image(&config, &[("base", 1000), ("torch", 500), ("base", 1000)]);
    let summary = store.summarize(&digest);
    assert_eq!(summary.kind, Kind::Image);
    assert_eq!(
        (summary.size, summary.size_counts),
        (Some(ByteSize(1500 + length)), SizeCounts::DistinctBlobs)
    );
    assert_eq!(summary.layer_count, 2);
    assert_eq!(summary.blobs.len(), 3);
    assert_eq!(summary.labels.get("team").map(String::as_str), Some("vision"));
    assert_eq!(summary.card.metrics.get("accuracy"), Some(&0.9));
    assert_eq!(summary.created, Some("2026-09-01T10:00:00Z".parse().expect("a time")));
    let platform = summary.platforms.first().expect("an image is a platform");
    assert_eq!(
        platform.platform.as_ref().map(ToString::to_string).as_deref(),
        Some("linux/amd64")
    );
    assert_eq!((platform.layers.len(), platform.size), (3, ByteSize(1500 + length)));
    assert_eq!(summary.problems, [] as [&str; 0]);
}

#[test]
fn history_is_matched_to_layers_past_the_empty_steps() {
    let mut store = Store::default();
    let config = json!({
        "os": "linux", "architecture": "amd64",
        "rootfs": { "type": "layers", "diff_ids": [digest_of("a"), digest_of("b")] },
        "history": [
            { "created_by": "/bin/sh -c #(nop) ADD file:abc in / " },
            { "created_by": "ENV A=1", "empty_layer": true },
            { "created_by": "RUN /bin/sh -c pip install torch # buildkit" },
            { "created_by": "CMD [\"python\"]", "empty_layer": true },
        ],
    });
    let digest = store.put_image(&config, &[("base", 10), ("torch", 20)]);
    let summary = store.summarize(&digest);
    let commands: Vec<Option<&str>> = summary.platforms[0]
        .layers
        .iter()
        .map(|layer| layer.created_by.as_deref())
        .collect();
    assert_eq!(commands, [Some("ADD file:abc in /"), Some("RUN pip install torch")]);
    let digest = store.put_image(&config, &[("base", 10)]);
    let summary = store.summarize(&digest);
    assert_eq!(
        summary.platforms[0].layers[0].created_by, None,
        "another layer's command would be a lie"
    );
    assert_eq!(
        summary.problems,
        ["the history of linux/amd64 does not match the layers"].map(|it| it.replace(" of linux/amd64", ""))
    );
}

#[test]
fn an_index_counts_shared_blobs_once_and_leaves_attestations_out() {
    let mut store = Store::default();
    let amd64 = config("2026-09-01T10:00:00Z", &json!({ "a": "amd64", "b": "amd64" }));
    let arm64 = config("2026-09-02T10:00:00Z", &json!({ "a": "arm64" }));
    let lengths = (amd64.to_string().len() + arm64.to_string().len()) as u64;
    let arm64 = store.put_image(&arm64, &[("shared", 100), ("arm", 10)]);
    let amd64 = store.put_image(&amd64, &[("shared", 100), ("amd", 20)]);
    let attestation = Digest::of(b"attestation");
    let mut document = index(&[
        child(&arm64, "linux/arm64"),
        child(&amd64, "linux/amd64"),
        child(&attestation, "unknown/unknown"),
    ]);
    document["annotations"] = json!({ "a": "index" });
    let digest = store.put_manifest(&document);
    let summary = store.summarize(&digest);
    assert_eq!((summary.kind, summary.layer_count), (Kind::Image, 3));
    assert_eq!(summary.size, Some(ByteSize(130 + lengths)));
    assert_eq!(
        summary.created,
        Some("2026-09-02T10:00:00Z".parse().expect("a time")),
        "the newest platform's"
    );
    let labels: Vec<(&str, &str)> = summary
        .labels
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    assert_eq!(labels, [("a", "index"), ("b", "amd64")]);
    let platforms: Vec<String> = summary
        .platforms
        .iter()
        .filter_map(|it| it.platform.as_ref())
        .map(ToString::to_string)
        .collect();
    assert_eq!(platforms, ["linux/arm64", "linux/amd64"]);
    assert_eq!(
        summary.attestations.iter().map(|it| &it.digest).collect::<Vec<_>>(),
        [&attestation]
    );
    assert!(summary.problems.is_empty());
}

#[test]
fn a_platform_that_is_not_at_hand_makes_the_size_unknown_but_stays_in_the_list() {
    let mut store = Store::default();
    let amd64 = store.put_image(&config("2026-09-01T10:00:00Z", &json!({})), &[("a", 1)]);
    let digest = store.put_manifest(&index(&[
        child(&amd64, "linux/amd64"),
        child(&Digest::of(b"absent"), "linux/arm64"),
    ]));
    let summary = store.summarize(&digest);
    assert_eq!((summary.size, summary.size_counts), (None, SizeCounts::Unknown));
    assert_eq!(summary.platforms.len(), 2);
    assert_eq!(summary.problems.len(), 1);
    assert!(summary.problems[0].contains("linux/arm64"), "{:?}", summary.problems);
    let unknown = store.summarize(&Digest::of(b"never seen"));
    assert_eq!((unknown.size, unknown.problems.len()), (None, 1));
}

#[test]
fn indexes_inside_indexes_are_read_to_a_depth() {
    let mut store = Store::default();
    let image = store.put_image(&config("2026-09-01T10:00:00Z", &json!({})), &[("a", 1)]);
    let nested = |store: &mut Store, depth: usize| {
        (0..depth).fold(image.clone(), |inner, _| {
            store.put_manifest(&index(&[child(&inner, "linux/amd64")]))
        })
    };
    let deepest = nested(&mut store, MAXIMUM_INDEX_DEPTH);
    assert_eq!(store.summarize(&deepest).platforms.len(), 1);
    let too_deep = nested(&mut store, MAXIMUM_INDEX_DEPTH + 1);
    let summary = store.summarize(&too_deep);
    assert_eq!(
        (summary.platforms.len(), summary.size, summary.problems.len()),
        (0, None, 1)
    );
}

#[test]
fn an_index_that_holds_itself_ends() {
    let mut store = Store::default();
    let itself = Digest::of(b"itself");
    let bytes = index(&[child(&itself, "linux/amd64"), child(&itself, "linux/amd64")]).to_string();
    store.manifests.insert(
        itself.clone(),
        Arc::new(Manifest::parse(None, bytes.as_bytes()).expect("an index")),
    );
    assert!(store.summarize(&itself).platforms.is_empty());
}

#[test]
fn times_that_nobody_can_believe_are_none() {
    let mut store = Store::default();
    let mut created = |time: &str| {
        let digest = store.put_image(&config(time, &json!({})), &[("a", 1)]);
        store.summarize(&digest).created
    };
    let unbelievable = [
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "1980-01-01T00:00:01Z",
        "2026-09-16T00:00:00Z",
        "9999-12-31T00:00:00Z",
        "yesterday",
        "",
    ];
    for time in unbelievable {
        assert_eq!(created(time), None, "{time}");
    }
    assert!(created("1980-01-02T00:00:00Z").is_some());
    assert!(created("2026-09-15T12:01:00Z").is_some(), "clocks differ");
    assert!(created("2026-09-01T10:00:00.123456789+02:00").is_some());
}

#[test]
fn a_filler_in_the_config_gives_way_to_the_annotation() {
    let mut store = Store::default();
    let config = store.put_config(&config("1970-01-01T00:00:00Z", &json!({})).to_string());
    let mut document = image(&config, &[("a", 1)]);
    document["annotations"] = json!({ "org.opencontainers.image.created": "2026-01-02T03:04:05Z" });
    let digest = store.put_manifest(&document);
    assert_eq!(
        store.summarize(&digest).created,
        Some("2026-01-02T03:04:05Z".parse().expect("a time"))
    );
}

#[test]
fn models_are_made_when_their_descriptor_says() {
    let mut store = Store::default();
    let written =
        json!({ "descriptor": { "createdAt": "2026-01-02T03:04:05Z", "name": "m" }, "config": { "format": "gguf" } });
    let mut config = store.put_config(&written.to_string());
    config["mediaType"] = json!(media_type::MODELPACK_CONFIG);
    let mut document = image(&config, &[]);
    document["annotations"] = json!({ "loss": "0.25" });
    document["layers"] = json!([{
        "mediaType": "application/vnd.cncf.model.weight.v1.raw", "digest": digest_of("w"), "size": 9,
        "annotations": { "org.cncf.model.filepath": "weights/model.gguf" },
    }]);
    let digest = store.put_manifest(&document);
    let summary = store.summarize(&digest);
    assert_eq!(summary.kind, Kind::ModelPack);
    assert_eq!(summary.created, Some("2026-01-02T03:04:05Z".parse().expect("a time")));
    assert_eq!(summary.platforms[0].platform, None, "a model runs anywhere");
    assert_eq!(
        summary.platforms[0].layers[0].title.as_deref(),
        Some("weights/model.gguf")
    );
    assert_eq!(summary.card.name.as_deref(), Some("m"));
    assert_eq!(summary.card.metrics.get("loss"), Some(&0.25));
    assert_eq!(summary.labels.get("loss").map(String::as_str), Some("0.25"));
}

#[test]
fn layers_of_a_modelkit_are_named_by_its_kitfile() {
    let mut store = Store::default();
    let written = json!({
        "model": { "path": "./model.onnx", "layerInfo": { "digest": digest_of("weights") } },
        "docs": [{ "path": "README.md", "digest": digest_of("readme") }],
    });
    let mut config = store.put_config(&written.to_string());
    config["mediaType"] = json!("application/vnd.kitops.modelkit.config.v1+json");
    let digest = store.put_manifest(&image(&config, &[("weights", 9), ("readme", 1), ("other", 1)]));
    let summary = store.summarize(&digest);
    let titles: Vec<Option<&str>> = summary.platforms[0]
        .layers
        .iter()
        .map(|layer| layer.title.as_deref())
        .collect();
    assert_eq!(titles, [Some("./model.onnx"), Some("README.md"), None]);
}

#[test]
fn a_config_that_is_no_json_is_a_problem_and_the_row_stays() {
    let mut store = Store::default();
    for bytes in ["<html>", "[]", "{"] {
        let config = store.put_config(bytes);
        let digest = store.put_manifest(&image(&config, &[("a", 5)]));
        let summary = store.summarize(&digest);
        assert_eq!(summary.problems, ["the config is not JSON"]);
        assert_eq!(
            summary.size,
            Some(ByteSize(5 + bytes.len() as u64)),
            "sizes are in the manifest"
        );
        assert_eq!(summary.kind, Kind::Image);
    }
    let config = json!({ "mediaType": media_type::OCI_CONFIG, "digest": digest_of("absent"), "size": 3 });
    let digest = store.put_manifest(&image(&config, &[]));
    assert_eq!(store.summarize(&digest).problems, ["the config has not been read"]);
}

#[test]
fn labels_of_any_type_are_read() {
    let mut store = Store::default();
    let digest = store.put_image(
        &config("", &json!({ "accuracy": 0.5, "ok": true, "none": null, "o": {} })),
        &[],
    );
    let labels: Vec<(String, String)> = store.summarize(&digest).labels.into_iter().collect();
    let expected = [("accuracy", "0.5"), ("o", "{}"), ("ok", "true")];
    assert_eq!(labels, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
}

#[test]
fn a_signature_points_at_its_subject() {
    let mut store = Store::default();
    let empty = json!({ "mediaType": media_type::OCI_EMPTY, "digest": digest_of("{}"), "size": 2 });
    let mut document = image(&empty, &[("bundle", 7)]);
    document["artifactType"] = json!(media_type::SIGSTORE_BUNDLE);
    document["subject"] = json!({ "mediaType": media_type::OCI_MANIFEST, "digest": digest_of("image"), "size": 1 });
    let digest = store.put_manifest(&document);
    let summary = store.summarize(&digest);
    assert_eq!(summary.kind, Kind::Signature);
    assert_eq!(
        summary.subject.map(|subject| subject.to_string()),
        Some(digest_of("image"))
    );
    assert_eq!(summary.size, Some(ByteSize(9)), "the empty config is stored, too");
    assert!(summary.problems.is_empty());
}

#[test]
fn schema_1_has_layers_but_no_size() {
    let mut store = Store::default();
    let inner = json!({ "created": "2015-01-02T00:00:00Z", "config": { "Labels": { "a": "b" } } }).to_string();
    let digest = store.put_manifest(&json!({
        "schemaVersion": 1, "architecture": "amd64",
        "fsLayers": [{ "blobSum": digest_of("a") }], "history": [{ "v1Compatibility": inner }],
    }));
    let summary = store.summarize(&digest);
    assert_eq!(
        (summary.kind, summary.layer_count, summary.size),
        (Kind::Image, 1, None)
    );
    assert_eq!(summary.labels.get("a").map(String::as_str), Some("b"));
    assert_eq!(summary.created, Some("2015-01-02T00:00:00Z".parse().expect("a time")));
}

#[test]
fn ten_thousand_layers_are_summed_up() {
    let mut store = Store::default();
    let names: Vec<String> = (0..10_000).map(|number| number.to_string()).collect();
    let layers: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 1)).collect();
    let digest = store.put_image(&config("", &json!({})), &layers);
    assert_eq!(store.summarize(&digest).layer_count, 10_000);
}

#[test]
fn a_summary_is_kept_as_json_and_comes_back() {
    let mut store = Store::default();
    let amd64 = store.put_image(&config("2026-09-01T10:00:00Z", &json!({ "loss": "0.1" })), &[("a", 1)]);
    let digest = store.put_manifest(&index(&[child(&amd64, "linux/amd64")]));
    let summary = store.summarize(&digest);
    let json = serde_json::to_string(&summary).expect("a summary serialises");
    assert_eq!(serde_json::from_str::<Summary>(&json).expect("and comes back"), summary);
}
