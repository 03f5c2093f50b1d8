//! One version, looked at closely, on the sample.

use artifact::{Digest, Kind};
use registry::{ErrorCode, Operation};

use super::{Sampled, repository, sampled};
use crate::VersionDetail;

async fn detail(sampled: &Sampled, reference: &str) -> VersionDetail {
    let digest = sampled.digest(reference).await;
    let name = repository(reference.split_once(':').expect("with a tag").0);
    sampled
        .berth
        .version(&sampled.id, &name, &digest, None)
        .await
        .expect("it is known")
}

#[tokio::test]
async fn an_image_shows_platforms_layers_history_config_and_referrers() {
    let sampled = sampled().await;
    let shown = detail(&sampled, "vision/defect-detector:1.4.2").await;
    assert_eq!(shown.kind, Kind::Image);
    let platforms: Vec<&str> = shown
        .platforms
        .iter()
        .map(|platform| platform.platform.as_str())
        .collect();
    assert_eq!(platforms, ["linux/amd64", "linux/arm64"]);
    assert!(
        shown
            .layers
            .iter()
            .all(|layer| layer.created_by.is_some() && layer.in_versions >= 1)
    );
    assert!(
        shown.layers.iter().any(|layer| layer.in_versions > 10),
        "the base is shared"
    );
    assert!(shown.history.iter().any(|step| step.empty) && shown.history.iter().any(|step| step.layer.is_some()));
    let config = shown.config.as_ref().expect("an image has one");
    assert!(!config.environment.is_empty() && !config.ports.is_empty());
    let kinds: Vec<Kind> = shown.referrers.iter().map(|referrer| referrer.kind).collect();
    assert!(
        kinds.contains(&Kind::Signature) && kinds.contains(&Kind::Sbom),
        "{kinds:?}"
    );
    assert!(shown.signed && shown.files_readable && shown.problems.is_empty());
    assert!(shown.card.metrics.contains_key("accuracy"));
    assert!(shown.only_here.is_some_and(|own| Some(own) < shown.size));
}

#[tokio::test]
async fn the_platform_that_is_asked_for_is_shown_and_no_other() {
    let sampled = sampled().await;
    let digest = sampled.digest("vision/defect-detector:1.4.2").await;
    let (berth, name) = (&sampled.berth, repository("vision/defect-detector"));
    let arm = berth
        .version(&sampled.id, &name, &digest, Some("linux/arm64"))
        .await
        .expect("it has it");
    assert_eq!(arm.platform.as_deref(), Some("linux/arm64"));
    assert_ne!(
        arm.layers,
        detail(&sampled, "vision/defect-detector:1.4.2").await.layers
    );
    let problem = berth
        .version(&sampled.id, &name, &digest, Some("plan9/mips"))
        .await
        .expect_err("it has none");
    assert!(problem.code == ErrorCode::NotFound && problem.hint.is_some_and(|hint| hint.contains("linux/amd64")));
}

#[tokio::test]
async fn each_format_of_models_has_its_card_and_its_documents() {
    let sampled = sampled().await;
    let table = [
        ("llm/tiny-bert:2.0.0", Kind::ModelPack),
        ("forecasting/store-demand:build-10", Kind::ModelKit),
        ("charts/inference-gateway:0.4.0", Kind::Helm),
    ];
    for (reference, kind) in table {
        let shown = detail(&sampled, reference).await;
        assert_eq!(shown.kind, kind, "{reference}");
        assert!(
            shown.card.name.is_some() && shown.card.version.is_some(),
            "{reference}: {:?}",
            shown.card
        );
        assert!(
            shown.config.is_none() && shown.raw_config.is_some(),
            "{reference} has no image's config"
        );
    }
    let bert = detail(&sampled, "llm/tiny-bert:2.0.0").await;
    let readme = bert
        .documents
        .iter()
        .find(|document| document.title == "README.md")
        .expect("it has one");
    let text = sampled
        .berth
        .document(
            &sampled.id,
            &repository("llm/tiny-bert"),
            &bert.digest,
            &readme.digest,
            &Operation::unobserved(),
        )
        .await
        .expect("it can be read");
    assert!(text.markdown && text.text.contains("tiny-bert"));
    let weights = bert
        .layers
        .iter()
        .find(|layer| layer.name.ends_with(".safetensors"))
        .expect("weights");
    let refused = sampled
        .berth
        .document(
            &sampled.id,
            &repository("llm/tiny-bert"),
            &bert.digest,
            &weights.digest,
            &Operation::unobserved(),
        )
        .await;
    assert!(refused.is_err(), "weights are no document");
}

#[tokio::test]
async fn the_raw_manifest_is_what_its_digest_says() {
    let sampled = sampled().await;
    let (digest, name) = (sampled.digest("llm/tiny-bert:2.0.0").await, repository("llm/tiny-bert"));
    let raw = sampled
        .berth
        .raw_manifest(&sampled.id, &name, &digest)
        .await
        .expect("it is kept");
    assert_eq!(Digest::of(raw.text.as_bytes()), digest);
    // What another repository holds is not this one's.
    let foreign = sampled
        .berth
        .raw_manifest(&sampled.id, &repository("vision/defect-detector"), &digest)
        .await;
    assert_eq!(foreign.expect_err("not here").code, ErrorCode::NotFound);
}

#[tokio::test]
async fn what_points_at_a_version_is_read_again() {
    let sampled = sampled().await;
    let (digest, name) = (
        sampled.digest("vision/defect-detector:1.4.2").await,
        repository("vision/defect-detector"),
    );
    let operation = Operation::unobserved();
    let referrers = sampled
        .berth
        .refresh_referrers(&sampled.id, &name, &digest, &operation)
        .await
        .expect("a folder tells");
    assert!(referrers.iter().any(|referrer| referrer.kind == Kind::Signature));
    let shown = detail(&sampled, "vision/defect-detector:1.4.2").await;
    assert_eq!(shown.referrers.len(), referrers.len());
    assert!(shown.referrers_read.is_some());
}

#[tokio::test]
async fn a_reference_without_a_version_or_to_none_is_told() {
    let sampled = sampled().await;
    let (berth, operation, age) = (
        &sampled.berth,
        Operation::unobserved(),
        std::time::Duration::from_mins(1),
    );
    let found = berth
        .find("sample/vision/defect-detector")
        .await
        .expect("names ignore case");
    let problem = berth.locate(&found, age, &operation).await.expect_err("no version");
    assert!(problem.code == ErrorCode::InvalidInput && problem.hint.is_some());
    let found = berth
        .find("Sample/vision/defect-detector:9.9.9")
        .await
        .expect("a reference");
    assert_eq!(
        berth
            .locate(&found, age, &operation)
            .await
            .expect_err("no such tag")
            .code,
        ErrorCode::NotFound
    );
    assert!(found.need_only_repository().is_err(), "a version is no repository");
    assert!(
        berth
            .find("Sample")
            .await
            .expect("a connection")
            .need_repository()
            .is_err()
    );
}
