//! Promotions within a repository and elsewhere, and the way back.

use artifact::{Digest, Tag};
use bytes::Bytes;
use proptest::prelude::*;
use registry::{ErrorCode, Operation, Provider, RawManifest, Registry, Target};

use crate::{
    Action, ChangeError, ChangeKind, Needed, Plan, TargetState,
    double::{MemoryRegistry, Semantics, at, tag},
    plan_promote, plan_rollback, read_rollback, read_target, version_before,
};

const MODEL: &str = "model";

async fn target(registry: &MemoryRegistry, tags: &[&str]) -> TargetState {
    let tags: Vec<Tag> = tags.iter().map(|name| tag(name)).collect();
    read_target(
        registry,
        &at(MODEL),
        &Needed::default(),
        &tags,
        &Operation::unobserved(),
    )
    .await
    .expect("it answers")
}

/// Two versions; `production` holds the older one.
fn two_versions() -> (std::sync::Arc<MemoryRegistry>, Digest, Digest) {
    let registry = MemoryRegistry::new(Semantics::Distribution2);
    let older = registry.state().image(MODEL, &["older weights"]);
    let newer = registry.state().image(MODEL, &["newer weights"]);
    registry.state().tag(MODEL, "production", &older);
    (registry, older, newer)
}

#[tokio::test]
async fn a_promotion_puts_the_tag_alone_byte_for_byte() {
    let (registry, older, newer) = two_versions();
    let version = registry.state().raw(&newer);
    let state = target(&registry, &["production", "stable"]).await;
    let plan = plan_promote(&version, &state).expect("it can be promoted");
    assert_eq!(plan.kind, ChangeKind::Promote);
    assert!(
        plan.steps
            .iter()
            .all(|step| step.action == Action::PutManifest && step.digest == newer)
    );
    let tags: Vec<_> = plan
        .steps
        .iter()
        .map(|step| (step.tag.clone(), step.expected.clone()))
        .collect();
    assert_eq!(
        tags,
        vec![
            (Some(tag("production")), Some(older.clone())),
            (Some(tag("stable")), None)
        ]
    );
    assert_eq!(plan.manifests[&newer].bytes, version.bytes);
    assert!(plan.manifests.contains_key(&older), "for undo");
}

#[tokio::test]
async fn what_is_promoted_already_is_no_step() {
    let (registry, older, _) = two_versions();
    let version = registry.state().raw(&older);
    let plan = plan_promote(&version, &target(&registry, &["production"]).await).expect("it can be promoted");
    assert_eq!(plan.steps, vec![]);
    assert!(plan.warnings[0].contains("already there"), "{:?}", plan.warnings);
}

#[tokio::test]
async fn schema_1_is_refused_whatever_it_was_delivered_as() {
    let (registry, ..) = two_versions();
    let bytes = Bytes::from_static(br#"{"schemaVersion":1,"fsLayers":[],"history":[]}"#);
    let state = target(&registry, &["production"]).await;
    for media_type in [
        "application/vnd.docker.distribution.manifest.v1+prettyjws",
        "application/json",
    ] {
        let version = RawManifest {
            digest: Digest::of(&bytes),
            media_type: media_type.to_owned(),
            bytes: bytes.clone(),
        };
        let error = plan_promote(&version, &state).expect_err("its digest would not stay");
        assert_eq!(error.code(), ErrorCode::Refused, "{media_type}");
    }
}

#[tokio::test]
async fn what_the_provider_does_later_is_told() {
    let (registry, _, newer) = two_versions();
    let version = registry.state().raw(&newer);
    let mut state = target(&registry, &["production"]).await;
    state.provider = Provider::Ecr;
    let plan = plan_promote(&version, &state).expect("it can be promoted");
    assert!(
        plan.warnings.iter().any(|warning| warning.contains("lifecycle")),
        "{:?}",
        plan.warnings
    );
}

async fn roll_back(registry: &MemoryRegistry, history: &[Digest]) -> Result<Plan, ChangeError> {
    let operation = Operation::unobserved();
    let channel = tag("production");
    plan_rollback(&read_rollback(registry, &at(MODEL), &channel, history, &operation).await?)
}

#[tokio::test]
async fn a_channel_goes_back_to_the_version_before() {
    let (registry, older, newer) = two_versions();
    registry.state().tag(MODEL, "production", &newer);
    let plan = roll_back(&registry, &[newer.clone(), older.clone()])
        .await
        .expect("it is there");
    let [step] = plan.steps.as_slice() else {
        panic!("one step, not {:#?}", plan.steps);
    };
    assert_eq!(plan.kind, ChangeKind::Rollback);
    assert_eq!((&step.digest, step.expected.as_ref()), (&older, Some(&newer)));
}

#[tokio::test]
async fn there_is_no_way_back_to_what_is_gone() {
    let (registry, older, newer) = two_versions();
    registry.state().tag(MODEL, "production", &newer);
    let refused = |outcome: Result<Plan, ChangeError>| outcome.expect_err("it would be incomplete").code();
    assert_eq!(
        refused(roll_back(&registry, std::slice::from_ref(&newer)).await),
        ErrorCode::Refused
    );
    registry.state().collect(MODEL, &Digest::of(b"older weights"));
    let history = [newer, older.clone()];
    assert_eq!(refused(roll_back(&registry, &history).await), ErrorCode::Refused);
    let operation = Operation::unobserved();
    registry::WritableRegistry::delete_manifest(&*registry, &at(MODEL).repository, &older, &operation)
        .await
        .expect("it can be deleted");
    assert_eq!(refused(roll_back(&registry, &history).await), ErrorCode::Refused);
    let target = Target::Tag(tag("production"));
    assert!(
        registry
            .resolve(&at(MODEL).repository, &target, &operation)
            .await
            .is_ok(),
        "nothing was changed"
    );
}

proptest! {
    #[test]
    fn the_version_before_is_the_last_other_one(history in prop::collection::vec(0..4_u8, 0..8), present in prop::option::of(0..4_u8)) {
        let digest = |number: &u8| Digest::of(&[*number]);
        let digests: Vec<Digest> = history.iter().map(digest).collect();
        let present = present.as_ref().map(digest);
        let before = version_before(&digests, present.as_ref());
        prop_assert!(before != present.as_ref() || before.is_none());
        let skipped = digests.iter().take_while(|digest| Some(*digest) != before);
        prop_assert!(skipped.into_iter().all(|digest| Some(digest) == present.as_ref()));
    }
}
