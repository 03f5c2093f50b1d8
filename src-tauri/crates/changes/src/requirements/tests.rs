//! What a channel asks for, held against versions that a real cosign signed.

use artifact::{Digest, PublicKey, Tag};
use chrono::DateTime;
use proptest::prelude::*;
use registry::{ErrorCode, Operation};
use serde_json::json;

use super::{
    Comparison, Confirmation, MetricBound, Requirement, RequirementOutcome, check_requirements, read_evidence,
    require_all,
};
use crate::double::{
    ATTESTATION, BUNDLE, BUNDLE_ED25519, Layout, MODEL, SIMPLE_SIGNING, Signed, at, signature_fixture,
};

fn key(pem: &[u8]) -> PublicKey {
    String::from_utf8_lossy(pem).parse().expect("a key that cosign wrote")
}

fn signed_by(pem: &[u8]) -> Requirement {
    Requirement::Signature {
        public_key: Some(key(pem)),
    }
}

const SIGNED: Requirement = Requirement::Signature { public_key: None };

fn bound(text: &str) -> Requirement {
    Requirement::Metric(text.parse().expect("a bound"))
}

async fn outcome(layout: &Layout, version: &Digest, requirement: Requirement) -> RequirementOutcome {
    let now = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
    let (registry, requirements) = (layout.open(), [requirement]);
    let evidence = read_evidence(
        &registry,
        &at(MODEL),
        version,
        &requirements,
        now,
        &Operation::unobserved(),
    )
    .await
    .expect("it can be read");
    let mut outcomes = check_requirements(&requirements, &evidence, Confirmation::default());
    outcomes.pop().expect("one outcome for one requirement")
}

/// The model of the fixtures with this signature.
fn signed_model(signed: Signed) -> (Layout, Digest) {
    let mut layout = Layout::new();
    let model = layout.signed_model();
    let tag = format!("{}.sig", Tag::of_referrers(&model));
    let is_simple = signed.document == SIMPLE_SIGNING.document;
    layout.signed(signed, is_simple.then_some(tag.as_str()));
    (layout, model)
}

#[tokio::test]
async fn a_signature_by_the_key_is_met_in_every_format() {
    let p256 = signature_fixture!("p256.pub");
    let cases = [
        (BUNDLE, p256),
        (SIMPLE_SIGNING, p256),
        (BUNDLE_ED25519, signature_fixture!("ed25519.pub")),
    ];
    for (signed, key) in cases {
        let (layout, model) = signed_model(signed);
        let outcome = outcome(&layout, &model, signed_by(key)).await;
        assert!(outcome.met, "{}", outcome.detail);
    }
}

#[tokio::test]
async fn a_signature_by_another_key_is_not_met() {
    for signed in [BUNDLE, SIMPLE_SIGNING] {
        let (layout, model) = signed_model(signed);
        let outcome = outcome(&layout, &model, signed_by(signature_fixture!("other-p256.pub"))).await;
        assert!(!outcome.met);
        assert_eq!(outcome.detail, "it has a signature, but it is not by this key");
    }
}

#[tokio::test]
async fn a_signature_of_another_version_under_this_ones_tag_is_not_met() {
    let mut layout = Layout::new();
    layout.signed_model();
    let other = layout.image("linux/amd64", &json!({}), &["other weights"]).digest;
    layout.signed(SIMPLE_SIGNING, Some(&format!("{}.sig", Tag::of_referrers(&other))));
    let outcome = outcome(&layout, &other, signed_by(signature_fixture!("p256.pub"))).await;
    assert!(!outcome.met);
    assert_eq!(outcome.detail, "it has a signature, but it is over another digest");
}

#[tokio::test]
async fn an_attestation_is_no_signature() {
    let (layout, model) = signed_model(ATTESTATION);
    for requirement in [SIGNED, signed_by(signature_fixture!("p256.pub"))] {
        let outcome = outcome(&layout, &model, requirement).await;
        assert!(!outcome.met);
        assert_eq!(outcome.detail, "it is not signed");
    }
}

#[tokio::test]
async fn without_a_key_any_signature_of_the_version_is_enough() {
    let (layout, model) = signed_model(BUNDLE);
    assert!(outcome(&layout, &model, SIGNED).await.met);
    let mut unsigned = Layout::new();
    let other = unsigned.image("linux/amd64", &json!({}), &["weights"]).digest;
    assert!(!outcome(&unsigned, &other, SIGNED).await.met);
}

#[tokio::test]
async fn a_signature_of_a_platform_is_none_of_the_index() {
    let (mut layout, model) = signed_model(BUNDLE);
    let size = signature_fixture!("model.manifest.json").len();
    let child = artifact::Descriptor::new(
        "application/vnd.oci.image.manifest.v1+json",
        model,
        artifact::ByteSize(size as u64),
    );
    let index = layout.index(&[child], None).digest;
    let outcome = outcome(&layout, &index, signed_by(signature_fixture!("p256.pub"))).await;
    assert!(!outcome.met, "{}", outcome.detail);
}

#[tokio::test]
async fn a_bill_of_materials_in_the_index_counts() {
    let mut layout = Layout::new();
    let image = layout.image("linux/amd64", &json!({}), &["weights"]);
    let provenance = layout.attestation(&image.digest, "https://slsa.dev/provenance/v1");
    let without = layout.index(&[image.clone(), provenance.clone()], None).digest;
    assert!(!outcome(&layout, &without, Requirement::Sbom).await.met);
    let sbom = layout.attestation(&image.digest, "https://spdx.dev/Document");
    let with = layout.index(&[image, provenance, sbom], None).digest;
    assert!(outcome(&layout, &with, Requirement::Sbom).await.met);
}

#[tokio::test]
async fn a_metric_is_read_from_the_model_card() {
    let mut layout = Layout::new();
    let labels = json!({ "ml.metrics.accuracy": "0.93", "ml.metrics.loss": "0.2" });
    let image = layout.image("linux/amd64", &labels, &["weights"]);
    let version = layout.index(&[image], None).digest;
    for (text, met, detail) in [
        ("accuracy >= 0.93", true, "it is 0.93"),
        ("accuracy > 0.93", false, "it is 0.93"),
        ("f1 > 0", false, "its model card has no f1, but accuracy, loss"),
    ] {
        let outcome = outcome(&layout, &version, bound(text)).await;
        assert_eq!((outcome.met, outcome.detail.as_str()), (met, detail), "{text}");
    }
}

#[tokio::test]
async fn a_name_has_to_be_typed_as_it_is() {
    let mut layout = Layout::new();
    let version = layout.image("linux/amd64", &json!({}), &["weights"]).digest;
    let now = DateTime::UNIX_EPOCH;
    let evidence = read_evidence(&layout.open(), &at(MODEL), &version, &[], now, &Operation::unobserved())
        .await
        .expect("it can be read");
    let met = |asked, typed| {
        let confirmation = Confirmation { asked, typed };
        check_requirements(&[Requirement::Confirmation], &evidence, confirmation)[0].met
    };
    assert!(met("production", Some("production")));
    for typed in [None, Some("Production"), Some("production "), Some("")] {
        assert!(!met("production", typed), "{typed:?}");
    }
    assert!(!met("", Some("")));
}

#[tokio::test]
async fn what_is_missing_is_refused_by_name() {
    let (layout, model) = signed_model(BUNDLE);
    let outcomes = [
        outcome(&layout, &model, SIGNED).await,
        outcome(&layout, &model, Requirement::Sbom).await,
    ];
    assert!(require_all("production", &outcomes[..1]).is_ok());
    let error = require_all("production", &outcomes).expect_err("an SBOM is missing");
    assert_eq!(error.code(), ErrorCode::Refused);
    assert_eq!(error.to_string(), "production asks for an SBOM (it has none)");
}

#[test]
fn settings_hold_requirements_as_people_write_them() {
    let requirements = vec![
        SIGNED,
        signed_by(signature_fixture!("p256.pub")),
        Requirement::Sbom,
        bound("val.loss < 0.5"),
        Requirement::Confirmation,
    ];
    let written = serde_json::to_value(&requirements).expect("plain values");
    assert_eq!(written[3], json!({ "metric": "val.loss < 0.5" }));
    assert_eq!(
        (&written[0], &written[2]),
        (&json!({ "signature": {} }), &json!("sbom"))
    );
    let read: Vec<Requirement> = serde_json::from_value(written).expect("and read");
    assert_eq!(read, requirements);
    assert!(serde_json::from_value::<Requirement>(json!({ "metric": "accuracy is good" })).is_err());
}

#[test]
fn bounds_are_read_as_people_write_them() {
    for (text, comparison) in [
        ("a=1", Comparison::Equal),
        ("a == 1", Comparison::Equal),
        ("a != 1", Comparison::NotEqual),
        ("a<1", Comparison::Less),
        ("a <=1", Comparison::AtMost),
        ("a> 1", Comparison::Greater),
        (" a >= 1.0 ", Comparison::AtLeast),
    ] {
        let bound: MetricBound = text.parse().expect("a bound");
        assert_eq!((bound.name.as_str(), bound.comparison), ("a", comparison), "{text}");
    }
    for text in [
        "",
        "a",
        "a >",
        ">= 1",
        "a >= b",
        "a >= NaN",
        "a >= inf",
        "a => 1",
        "a = 1 = 2",
    ] {
        assert!(text.parse::<MetricBound>().is_err(), "{text:?} was accepted");
    }
}

proptest! {
    #[test]
    fn a_bound_reads_as_it_is_written(name in "[a-z][a-z0-9._ -]{0,12}[a-z]", value in -1e9..1e9_f64, sign in 0..6_usize) {
        let comparison = [Comparison::Equal, Comparison::NotEqual, Comparison::Less, Comparison::AtMost, Comparison::Greater, Comparison::AtLeast][sign];
        let bound = MetricBound { name, comparison, bound: value };
        prop_assert_eq!(bound.to_string().parse::<MetricBound>(), Ok(bound));
    }

    #[test]
    fn any_text_is_refused_or_a_finite_bound(text in "\\PC{0,30}|[a-z]{0,3}[=!<>]{0,3}[0-9.eE+-]{0,6}") {
        if let Ok(bound) = text.parse::<MetricBound>() {
            prop_assert!(bound.bound.is_finite() && !bound.name.is_empty());
        }
    }

    #[test]
    fn what_is_no_number_keeps_no_bound(bound in any::<f64>()) {
        for comparison in [Comparison::Equal, Comparison::NotEqual, Comparison::Less, Comparison::AtMost, Comparison::Greater, Comparison::AtLeast] {
            prop_assert!(!comparison.holds(f64::NAN, bound));
        }
    }
}
