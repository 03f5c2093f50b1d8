//! Manifests as registries really deliver them, and bytes that are none.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::ByteSize;

const A: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

fn parse(document: &Value) -> Result<Manifest, ManifestError> {
    Manifest::parse(None, document.to_string().as_bytes())
}

fn image(document: &Value) -> ImageManifest {
    match parse(document).expect("a manifest") {
        Manifest::Image(image) => image,
        other => panic!("{other:?} is no image manifest"),
    }
}

fn index(document: &Value) -> Index {
    match parse(document).expect("a manifest") {
        Manifest::Index(index) => index,
        other => panic!("{other:?} is no index"),
    }
}

fn layer(size: &Value) -> Value {
    json!({ "mediaType": media_type::OCI_LAYER_GZIP, "digest": B, "size": size })
}

fn with_layers(layers: &Value) -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": media_type::OCI_MANIFEST,
        "config": { "mediaType": media_type::OCI_CONFIG, "digest": A, "size": 7 },
        "layers": layers,
    })
}

#[test]
fn a_manifest_as_the_specification_writes_it() {
    let mut document = with_layers(&json!([layer(&json!(42))]));
    document["annotations"] = json!({ "a": "b" });
    document["subject"] = json!({ "mediaType": media_type::OCI_MANIFEST, "digest": B, "size": 3 });
    let manifest = parse(&document).expect("a manifest");
    assert_eq!(manifest.media_type(), media_type::OCI_MANIFEST);
    assert_eq!(manifest.config().map(|config| config.size), Some(ByteSize(7)));
    assert_eq!(
        manifest.layers().iter().map(|layer| layer.size).sum::<ByteSize>(),
        ByteSize(42)
    );
    assert_eq!(
        manifest.subject().map(|subject| subject.digest.to_string()).as_deref(),
        Some(B)
    );
    assert_eq!(manifest.annotations().get("a").map(String::as_str), Some("b"));
    assert_eq!(manifest.artifact_type(), None);
    assert!(manifest.problems().is_empty());
}

#[test]
fn what_foreign_writers_leave_out_is_mended() {
    let document = json!({
        "schemaVersion": "two",
        "config": { "mediaType": media_type::DOCKER_CONFIG, "digest": A, "size": 7, "annotations": null },
        "layers": null,
        "annotations": null,
        "unknown": { "field": [1, 2] },
    });
    let image = image(&document);
    assert_eq!(image.media_type, media_type::OCI_MANIFEST);
    assert!(
        image.layers.is_empty() && image.sizes_known && image.problems.is_empty(),
        "{image:?}"
    );
}

#[test]
fn the_fields_that_ollama_adds_are_passed_over() {
    let document = json!({
        "schemaVersion": 2,
        "mediaType": media_type::DOCKER_MANIFEST,
        "config": { "mediaType": media_type::DOCKER_CONFIG, "digest": A, "size": 485 },
        "layers": [{
            "mediaType": "application/vnd.ollama.image.model", "digest": B, "size": 4_661_211_808u64,
            "from": "/root/.ollama/models/blobs/sha256-6a0746a1ec1a", "name": "model",
        }],
    });
    assert_eq!(
        image(&document).layers.first().map(|layer| layer.size),
        Some(ByteSize(4_661_211_808))
    );
}

#[test]
fn annotations_that_are_no_text_are_read_as_it() {
    let mut document = with_layers(&json!([]));
    document["annotations"] = json!({ "accuracy": 0.9, "final": true, "none": null, "list": [1] });
    let annotations = image(&document).annotations;
    let read: Vec<(&str, &str)> = annotations
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    assert_eq!(read, [("accuracy", "0.9"), ("final", "true"), ("list", "[1]")]);
}

#[test]
fn sizes_that_cannot_be_are_said_and_not_summed() {
    for size in [
        json!(-1),
        json!(null),
        json!("7"),
        json!(1.5),
        json!(u64::MAX),
        json!(1e300),
    ] {
        let image = image(&with_layers(&json!([layer(&size)])));
        assert_eq!(image.layers.len(), 1, "{size} loses the layer");
        assert!(!image.sizes_known, "{size} counts as a size");
        assert_eq!(image.problems, ["layer 1 gives no usable size"]);
    }
    let huge = image(&with_layers(&json!([
        layer(&json!(i64::MAX)),
        layer(&json!(i64::MAX)),
        layer(&json!(i64::MAX))
    ])));
    assert_eq!(
        huge.layers.iter().map(|layer| layer.size).sum::<ByteSize>(),
        ByteSize(u64::MAX)
    );
}

#[test]
fn digests_of_unknown_algorithms_are_left_out_and_said() {
    let document = with_layers(&json!([
        { "mediaType": "a/b", "digest": "blake3:00", "size": 1 },
        { "mediaType": "a/b", "digest": B, "size": 1 },
        7,
    ]));
    let image = image(&document);
    assert_eq!(image.layers.len(), 1);
    assert!(!image.sizes_known);
    assert_eq!(
        image.problems.first().map(String::as_str),
        Some(r#"layer 1 cannot be read: the digest algorithm "blake3" is not supported"#)
    );
    assert_eq!(image.problems.len(), 2);
}

#[test]
fn ten_thousand_layers_are_read() {
    let layers: Vec<Value> = (0..10_000).map(|number| layer(&json!(number))).collect();
    assert_eq!(image(&with_layers(&json!(layers))).layers.len(), 10_000);
    let bad: Vec<Value> = (0..10_000).map(|_| json!({})).collect();
    assert!(image(&with_layers(&json!(bad))).problems.len() < 30);
}

#[test]
fn indexes_name_platforms_and_attestations() {
    let document = json!({
        "schemaVersion": 2,
        "mediaType": media_type::OCI_INDEX,
        "manifests": [
            { "mediaType": media_type::OCI_MANIFEST, "digest": A, "size": 1, "platform": { "os": "linux", "architecture": "arm", "variant": "v7" } },
            { "mediaType": media_type::OCI_MANIFEST, "digest": B, "size": 1, "platform": { "os": "unknown", "architecture": "unknown" } },
            { "mediaType": media_type::OCI_MANIFEST, "digest": B, "size": 1, "platform": { "os": "", "architecture": "" } },
            { "mediaType": media_type::OCI_MANIFEST, "digest": B, "size": 1, "platform": { "os": "plan9", "architecture": "abacus" }, "artifactType": "" },
        ],
    });
    let manifest = parse(&document).expect("an index");
    let platforms: Vec<Option<String>> = manifest
        .children()
        .iter()
        .map(|child| child.platform.as_ref().map(ToString::to_string))
        .collect();
    let expected = [
        Some("linux/arm/v7"),
        Some("unknown/unknown"),
        None,
        Some("plan9/abacus"),
    ];
    assert_eq!(platforms, expected.map(|platform| platform.map(str::to_owned)));
    let attestations: Vec<bool> = manifest.children().iter().map(Descriptor::is_attestation).collect();
    assert_eq!(attestations, [false, true, false, false]);
}

#[test]
fn odd_indexes_are_mended() {
    let document = json!({
        "manifests": [{ "digest": A, "platform": { "os": "linux" } }, { "digest": "no" }, "text"],
        "subject": { "digest": B },
        "artifactType": 7,
    });
    let index = index(&document);
    assert_eq!(index.media_type, media_type::OCI_INDEX);
    assert_eq!(index.manifests.len(), 1);
    assert_eq!(
        index
            .manifests
            .first()
            .and_then(|child| child.platform.clone())
            .map(|it| it.to_string())
            .as_deref(),
        Some("linux/unknown")
    );
    assert_eq!(
        index.subject.map(|subject| subject.digest.to_string()).as_deref(),
        Some(B)
    );
    assert!(!index.sizes_known);
    assert!(index.artifact_type.is_none());
    assert!(
        parse(&json!({ "manifests": null }))
            .expect("an empty index")
            .children()
            .is_empty()
    );
}

#[test]
fn the_withdrawn_artifact_manifest_is_read() {
    let document = json!({
        "mediaType": media_type::OCI_ARTIFACT_MANIFEST,
        "artifactType": "application/spdx+json",
        "blobs": [{ "mediaType": "application/spdx+json", "digest": A, "size": 9 }],
        "subject": { "mediaType": media_type::OCI_MANIFEST, "digest": B, "size": 1 },
    });
    let image = image(&document);
    assert_eq!(
        (image.layers.len(), image.config.is_none(), image.subject.is_some()),
        (1, true, true)
    );
    assert_eq!(image.artifact_type.as_deref(), Some("application/spdx+json"));
    assert!(image.problems.is_empty());
}

#[test]
fn schema_1_is_read_lowest_layer_first() {
    let step = |inner: Value| json!({ "v1Compatibility": inner.to_string() });
    let document = json!({
        "schemaVersion": 1,
        "name": "library/old", "tag": "1", "architecture": "amd64",
        "fsLayers": [{ "blobSum": B }, { "blobSum": B }, { "blobSum": A }],
        "history": [
            step(json!({ "created": "2015-01-02T00:00:00Z", "config": { "Labels": { "a": "b" } }, "throwaway": true })),
            step(json!({ "container_config": { "Cmd": ["/bin/sh", "-c", "make"] } })),
            { "v1Compatibility": "not JSON" },
        ],
        "signatures": [],
    });
    let Manifest::Schema1(schema1) = parse(&document).expect("schema 1") else {
        panic!("not read as schema 1")
    };
    let layers: Vec<(String, Option<&str>)> = schema1
        .layers
        .iter()
        .map(|layer| (layer.digest.to_string(), layer.created_by.as_deref()))
        .collect();
    assert_eq!(layers, [(A.to_owned(), None), (B.to_owned(), Some("/bin/sh -c make"))]);
    assert_eq!(schema1.media_type, media_type::DOCKER_SCHEMA1_SIGNED);
    assert_eq!(
        schema1.created.map(|time| time.to_rfc3339()).as_deref(),
        Some("2015-01-02T00:00:00+00:00")
    );
}

#[test]
fn what_the_document_says_goes_before_how_it_was_delivered() {
    let document = with_layers(&json!([])).to_string();
    let odd = Some("text/plain; charset=utf-8");
    assert_eq!(
        Manifest::parse(odd, document.as_bytes())
            .expect("a manifest")
            .media_type(),
        media_type::OCI_MANIFEST
    );
    let mut unstated = with_layers(&json!([]));
    unstated["mediaType"] = Value::Null;
    let declared = Some("application/vnd.docker.distribution.manifest.v2+json; charset=utf-8");
    let manifest = Manifest::parse(declared, unstated.to_string().as_bytes()).expect("a manifest");
    assert_eq!(manifest.media_type(), media_type::DOCKER_MANIFEST);
}

#[test]
fn documents_with_two_faces_are_refused() {
    let mut both = with_layers(&json!([]));
    both["manifests"] = json!([]);
    let contradiction = Manifest::parse(Some(media_type::OCI_INDEX), both.to_string().as_bytes());
    assert!(matches!(contradiction, Err(ManifestError::Contradiction { .. })));
    both["mediaType"] = Value::Null;
    assert_eq!(parse(&both), Err(ManifestError::Ambiguous));
}

#[test]
fn what_is_no_manifest_is_refused_with_a_reason() {
    let deep = "[".repeat(100_000);
    for bytes in ["", "<html>log in</html>", "{", deep.as_str(), "\u{0}"] {
        assert!(
            matches!(Manifest::parse(None, bytes.as_bytes()), Err(ManifestError::NotJson(_))),
            "{bytes:.20}"
        );
    }
    assert!(matches!(
        Manifest::parse(None, &[0xff, 0xfe]),
        Err(ManifestError::NotJson(_))
    ));
    assert_eq!(parse(&json!([])), Err(ManifestError::NotAnObject));
    assert!(matches!(
        parse(&json!({ "errors": [] })),
        Err(ManifestError::UnknownForm(_))
    ));
    assert!(matches!(
        parse(&json!({ "schemaVersion": 1 })),
        Err(ManifestError::Malformed(_))
    ));
}

/// JSON that looks like manifests here and there.
fn foreign() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop_oneof![
            Just(A.to_owned()),
            Just(media_type::OCI_INDEX.to_owned()),
            Just("linux".to_owned()),
            "\\PC{0,6}"
        ]
        .prop_map(Value::from),
    ];
    plain.prop_recursive(4, 48, 6, |inner| {
        let field = prop::sample::select(vec![
            "schemaVersion",
            "mediaType",
            "config",
            "layers",
            "manifests",
            "subject",
            "digest",
            "size",
            "annotations",
            "platform",
            "os",
            "architecture",
            "artifactType",
            "blobs",
            "fsLayers",
            "history",
            "blobSum",
            "v1Compatibility",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map(field.prop_map(str::to_owned), inner, 0..8)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(document in foreign()) {
        let bytes = document.to_string();
        prop_assert_eq!(Manifest::parse(None, bytes.as_bytes()), Manifest::parse(None, bytes.as_bytes()));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = Manifest::parse(Some("application/json"), &bytes);
    }
}
