//! What a copy takes along, and what it refuses.

use std::collections::BTreeSet;

use artifact::{Digest, Kind, Tag};
use registry::{ErrorCode, Operation, Registry, Target};
use serde_json::json;

use crate::{
    ChangeError, ReferrerChoice, Selection, SourceArtifact,
    double::{ATTESTATION, BUNDLE, IMAGE, Layout, MODEL, MemoryRegistry, SIMPLE_SIGNING, Semantics, at, tag},
    read_artifact,
};

async fn read(registry: &dyn Registry, referrers: ReferrerChoice) -> Result<SourceArtifact, ChangeError> {
    let selection = Selection {
        referrers,
        ..Selection::default()
    };
    let target = Target::Tag(tag("v1"));
    read_artifact(registry, &at(MODEL), &target, &selection, &Operation::unobserved()).await
}

fn kinds(kinds: &[Kind]) -> ReferrerChoice {
    ReferrerChoice::Kinds(kinds.iter().copied().collect())
}

fn signature_tag(subject: &Digest) -> Tag {
    format!("{}.sig", Tag::of_referrers(subject)).parse().expect("a tag")
}

#[tokio::test]
async fn an_artifact_is_read_with_everything_that_it_needs() {
    let mut layout = Layout::new();
    let amd = layout.image("linux/amd64", &json!({}), &["weights", "code"]);
    let arm = layout.image("linux/arm64", &json!({}), &["weights"]);
    let about = layout.attestation(&amd.digest, "https://slsa.dev/provenance/v1");
    let index = layout.index(&[amd.clone(), arm.clone(), about.clone()], Some("v1"));
    let source = read(&layout.open(), ReferrerChoice::All).await.expect("it is whole");
    assert_eq!((&source.found, &source.root), (&index.digest, &index.digest));
    let read: BTreeSet<_> = source.manifests.keys().collect();
    let there = [&amd.digest, &arm.digest, &about.digest, &index.digest];
    assert_eq!(read, there.into_iter().collect());
    let image = &source.manifests[&amd.digest];
    assert_eq!(image.name, "linux/amd64");
    assert_eq!(
        image.blobs.iter().map(|blob| blob.size.bytes()).sum::<u64>(),
        11 + config_size(&source, &amd.digest)
    );
    assert_eq!(source.warnings, Vec::<String>::new());
}

fn config_size(source: &SourceArtifact, image: &Digest) -> u64 {
    let config = source.manifests[image]
        .blobs
        .iter()
        .find(|blob| blob.media_type.contains("config"));
    config.expect("a config").size.bytes()
}

#[tokio::test]
async fn referrers_travel_as_they_are_chosen() {
    let mut layout = Layout::new();
    let model = layout.signed_model();
    let bundle = layout.signed(BUNDLE, None);
    let attestation = layout.signed(ATTESTATION, None);
    let simple = layout.signed(SIMPLE_SIGNING, Some(signature_tag(&model).as_str()));
    let registry = layout.open();
    let all = read(&registry, ReferrerChoice::All).await.expect("it is whole");
    assert_eq!(
        all.referrers.iter().collect::<BTreeSet<_>>(),
        [&bundle, &attestation].into_iter().collect()
    );
    assert_eq!(all.referrer_tags, vec![(signature_tag(&model), simple.clone())]);
    let signatures = read(&registry, kinds(&[Kind::Signature])).await.expect("it is whole");
    assert_eq!(
        (signatures.referrers, signatures.referrer_tags.len()),
        (vec![bundle], 1)
    );
    let statements = read(&registry, kinds(&[Kind::Attestation])).await.expect("it is whole");
    assert_eq!(
        (statements.referrers, statements.referrer_tags.len()),
        (vec![attestation], 0)
    );
    let none = read(&registry, ReferrerChoice::None).await.expect("it is whole");
    assert_eq!(
        (none.manifests.len(), none.referrers.len(), none.referrer_tags.len()),
        (1, 0, 0)
    );
}

#[tokio::test]
async fn referrers_of_referrers_are_found_by_the_fallback_tag() {
    let registry = MemoryRegistry::new(Semantics::Distribution2);
    let image = registry.state().image(MODEL, &["weights"]);
    let sbom = registry.state().referrer(MODEL, "sbom", &image);
    let signature = registry.state().referrer(MODEL, "signature of the sbom", &sbom);
    for digest in [&sbom, &signature] {
        list_as_referrer(&registry, digest).await;
    }
    registry.state().tag(MODEL, "v1", &image);
    let source = read(&*registry, ReferrerChoice::All).await.expect("it is whole");
    assert_eq!(
        source.referrers,
        vec![sbom, signature],
        "a subject stands before its referrers"
    );
}

async fn list_as_referrer(registry: &MemoryRegistry, digest: &Digest) {
    let raw = registry.state().raw(digest);
    let target = Target::Digest(digest.clone());
    registry::WritableRegistry::put_manifest(registry, &at(MODEL).repository, &target, &raw, &Operation::unobserved())
        .await
        .expect("what it needs is there");
}

#[tokio::test]
async fn what_a_fallback_tag_lists_wrongly_is_left_out_and_told() {
    let registry = MemoryRegistry::new(Semantics::Distribution2);
    let image = registry.state().image(MODEL, &["weights"]);
    let foreign = registry.state().image(MODEL, &["of somebody else"]);
    let list = registry.state().index(MODEL, &[&foreign]);
    registry.state().tag(MODEL, Tag::of_referrers(&image).as_str(), &list);
    registry.state().tag(MODEL, "v1", &image);
    let source = read(&*registry, ReferrerChoice::All).await.expect("it is whole");
    assert_eq!(source.referrers, Vec::<Digest>::new());
    assert!(
        source
            .warnings
            .iter()
            .any(|warning| warning.contains("does not say so itself")),
        "{:?}",
        source.warnings
    );
}

#[tokio::test]
async fn schema_1_is_refused() {
    let mut layout = Layout::new();
    let schema1 = json!({ "schemaVersion": 1, "name": "model", "tag": "v1", "architecture": "amd64", "history": [],
        "fsLayers": [{ "blobSum": Digest::of(b"layer") }] });
    let media_type = "application/vnd.docker.distribution.manifest.v1+json";
    layout.manifest(media_type, schema1.to_string().as_bytes(), Some("v1"));
    let error = read(&layout.open(), ReferrerChoice::None)
        .await
        .expect_err("its digest cannot be kept");
    assert_eq!(error.code(), ErrorCode::Refused);
    assert!(error.to_string().contains("schema 1"), "{error}");
}

#[tokio::test]
async fn an_artifact_with_a_missing_part_is_not_copied_in_part() {
    let mut layout = Layout::new();
    let amd = layout.image("linux/amd64", &json!({}), &["weights"]);
    let arm = layout.image("linux/arm64", &json!({}), &["weights"]);
    layout.index(&[amd, arm.clone()], Some("v1"));
    layout.lose(&arm.digest);
    let error = read(&layout.open(), ReferrerChoice::None)
        .await
        .expect_err("a platform is missing");
    assert_eq!(error.code(), ErrorCode::NotFound);
    assert!(error.to_string().contains(arm.digest.hex()), "{error}");
}

#[tokio::test]
async fn a_manifest_that_names_what_cannot_be_fetched_is_not_copied() {
    let mut layout = Layout::new();
    let config = layout.blob("application/vnd.oci.image.config.v1+json", b"{}");
    let manifest = json!({ "schemaVersion": 2, "mediaType": IMAGE,
        "config": { "mediaType": config.media_type, "digest": config.digest, "size": 2 },
        "layers": [{ "mediaType": "application/x", "digest": "md5:00", "size": 1 }] });
    layout.manifest(IMAGE, manifest.to_string().as_bytes(), Some("v1"));
    let error = read(&layout.open(), ReferrerChoice::None)
        .await
        .expect_err("a layer cannot be told");
    assert_eq!(error.code(), ErrorCode::InvalidAnswer);
    assert!(
        error.to_string().contains("not all that it needs can be told: layer 1"),
        "{error}"
    );
}

#[tokio::test]
async fn layers_that_must_not_be_passed_on_are_left_out_and_told() {
    let mut layout = Layout::new();
    let config = layout.blob("application/vnd.oci.image.config.v1+json", b"{}");
    let manifest = json!({ "schemaVersion": 2, "mediaType": IMAGE,
        "config": { "mediaType": config.media_type, "digest": config.digest, "size": 2 },
        "layers": [{ "mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "size": 9,
            "digest": Digest::of(b"windows"), "urls": ["https://example.org/windows"] }] });
    let image = layout.manifest(IMAGE, manifest.to_string().as_bytes(), Some("v1"));
    let source = read(&layout.open(), ReferrerChoice::None)
        .await
        .expect("the rest is whole");
    let blobs: Vec<_> = source.manifests[&image.digest]
        .blobs
        .iter()
        .map(|blob| &blob.digest)
        .collect();
    assert_eq!(blobs, vec![&config.digest]);
    assert!(
        source.warnings[0].contains("must not be passed on"),
        "{:?}",
        source.warnings
    );
}

#[tokio::test]
async fn a_cancelled_reading_is_cancelled_and_nothing_else() {
    let mut layout = Layout::new();
    layout.signed_model();
    let operation = Operation::unobserved();
    operation.cancel.cancel();
    let target = Target::Tag(tag("v1"));
    let outcome = read_artifact(&layout.open(), &at(MODEL), &target, &Selection::default(), &operation).await;
    assert_eq!(outcome.expect_err("it was cancelled").code(), ErrorCode::Cancelled);
}
