//! Tests of undo: what comes back, what cannot, and what somebody else has touched since.

use artifact::Digest;
use registry::{ErrorCode, Operation};

use crate::{
    ChangeError, ChangeId, ChangeKind, ChangeState, Outcome, Plan,
    double::{MemoryRegistry, Semantics, delete_manifest, delete_tag, denied, plan, put},
    execute_undo, plan_undo,
    run::tests::Stage,
};

const R: &str = "team/model";

async fn planned(stage: &Stage, id: ChangeId) -> Result<Plan, ChangeError> {
    plan_undo(id, &stage.context, &Operation::unobserved()).await
}

async fn undo(stage: &Stage, id: ChangeId) -> Outcome {
    let plan = planned(stage, id).await.expect("it can be undone");
    let outcome = execute_undo(id, &plan, &stage.context, &Operation::unobserved()).await;
    outcome.expect("an outcome")
}

/// A registry with an index of two images on `v1`, whose versions were all deleted.
async fn deleted(semantics: Semantics) -> (std::sync::Arc<MemoryRegistry>, Stage, ChangeId, [Digest; 3]) {
    let registry = MemoryRegistry::new(semantics);
    let [one, other, index] = {
        let mut state = registry.state();
        let (one, other) = (state.image(R, &["one", "shared"]), state.image(R, &["other", "shared"]));
        let index = state.index(R, &[&one, &other]);
        state.tag(R, "v1", &index);
        [one, other, index]
    };
    let mut steps = vec![delete_tag(R, "v1", &index), delete_manifest(R, &index, &[])];
    steps[1].after = vec![0];
    for part in [&one, &other] {
        let mut delete = delete_manifest(R, part, &[]);
        delete.after = vec![1];
        steps.push(delete);
    }
    let stage = Stage::new(&registry);
    let prune = plan(ChangeKind::Prune, &registry, steps);
    let id = stage.make(&prune).await.journal_id;
    assert_eq!(registry.state().held(R, "v1"), None);
    (registry, stage, id, [one, other, index])
}

#[tokio::test]
async fn a_deleted_index_comes_back_with_its_parts_and_its_tag() {
    for semantics in Semantics::DELETING {
        let (registry, stage, id, [.., index]) = deleted(semantics).await;
        let plan = planned(&stage, id).await.expect("it can be undone");
        assert_eq!(plan.kind, ChangeKind::Undo);
        let puts: Vec<String> = plan
            .steps
            .iter()
            .map(|step| {
                step.tag
                    .as_ref()
                    .map_or_else(|| step.digest.to_string(), ToString::to_string)
            })
            .collect();
        assert_eq!(
            (puts.len(), puts[2].as_str(), puts[3].as_str()),
            (4, index.to_string().as_str(), "v1")
        );
        assert_eq!(undo(&stage, id).await.state, ChangeState::Done, "{semantics:?}");
        assert_eq!(registry.state().held(R, "v1"), Some(index));
        let again = planned(&stage, id).await.expect_err("it was undone");
        assert_eq!(again.code(), ErrorCode::Refused);
    }
}

#[tokio::test]
async fn what_lost_a_blob_is_left_out_and_named() {
    let (registry, stage, id, [one, ..]) = deleted(Semantics::Distribution3).await;
    registry.state().collect(R, &Digest::of(b"other"));
    let plan = planned(&stage, id).await.expect("a part can be undone");
    let digests: Vec<&Digest> = plan.steps.iter().map(|step| &step.digest).collect();
    assert_eq!(digests, [&one]);
    let told = plan.warnings.join("\n");
    assert!(
        told.contains(&format!("its blob {} is gone", Digest::of(b"other"))),
        "{told}"
    );
    assert!(told.contains("team/model:v1 cannot be put back"), "{told}");
}

#[tokio::test]
async fn an_undo_that_brings_nothing_back_is_refused() {
    let (registry, stage, id, _) = deleted(Semantics::Distribution3).await;
    registry.state().collect(R, &Digest::of(b"shared"));
    let error = planned(&stage, id).await.expect_err("nothing is left");
    assert_eq!(error.code(), ErrorCode::Refused);
    assert!(
        error.to_string().contains(&Digest::of(b"shared").to_string()),
        "{error}"
    );
}

/// A promotion of `production` from an old version, or from nothing.
async fn promoted(registry: &std::sync::Arc<MemoryRegistry>, from_nothing: bool) -> (Stage, ChangeId, Digest) {
    let (old, new) = {
        let mut state = registry.state();
        (state.image(R, &["old"]), state.image(R, &["new"]))
    };
    if !from_nothing {
        registry.state().tag(R, "production", &old);
    }
    let expected = (!from_nothing).then_some(&old);
    let stage = Stage::new(registry);
    let promotion = plan(
        ChangeKind::Promote,
        registry,
        vec![put(R, "production", &new, expected)],
    );
    let id = stage.make(&promotion).await.journal_id;
    (stage, id, old)
}

#[tokio::test]
async fn a_promoted_tag_goes_back_and_a_new_one_goes() {
    for semantics in Semantics::DELETING {
        let registry = MemoryRegistry::new(semantics);
        let (stage, id, old) = promoted(&registry, false).await;
        assert_eq!(undo(&stage, id).await.state, ChangeState::Done);
        assert_eq!(registry.state().held(R, "production"), Some(old));

        let registry = MemoryRegistry::new(semantics);
        let (stage, id, _) = promoted(&registry, true).await;
        assert_eq!(undo(&stage, id).await.state, ChangeState::Done);
        assert_eq!(registry.state().held(R, "production"), None);
    }
}

#[tokio::test]
async fn a_new_tag_that_cannot_go_alone_refuses_the_undo() {
    let registry = MemoryRegistry::new(Semantics::Off);
    let (stage, id, _) = promoted(&registry, true).await;
    let error = planned(&stage, id).await.expect_err("it cannot go");
    assert_eq!(error.code(), ErrorCode::Refused);
}

#[tokio::test]
async fn a_tag_that_somebody_moved_since_is_not_moved_back() {
    for gone in [false, true] {
        let registry = MemoryRegistry::new(Semantics::Distribution3);
        let (stage, id, _) = promoted(&registry, false).await;
        let others = registry.state().image(R, &["others"]);
        if gone {
            registry.state().untag(R, "production");
        } else {
            registry.state().tag(R, "production", &others);
        }
        let error = planned(&stage, id).await.expect_err("somebody moved it");
        assert_eq!(error.code(), ErrorCode::Refused);
    }
    // Between the plan of the undo and its step it is left alone as well.
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let (stage, id, _) = promoted(&registry, false).await;
    let plan = planned(&stage, id).await.expect("it can be undone");
    let others = registry.state().image(R, &["others"]);
    registry.state().tag(R, "production", &others);
    let outcome = execute_undo(id, &plan, &stage.context, &Operation::unobserved()).await;
    assert_eq!(outcome.expect("an outcome").state, ChangeState::Failed);
    assert_eq!(registry.state().held(R, "production"), Some(others));
    let entry = stage.context.journal.entry(id).expect("an entry").entry;
    assert_eq!(
        entry.state,
        ChangeState::Done,
        "an undo that did nothing undoes nothing"
    );
}

#[tokio::test]
async fn a_tag_on_our_dummy_manifest_comes_back() {
    let registry = MemoryRegistry::new(Semantics::Distribution2);
    let version = registry.state().image(R, &["a"]);
    registry.state().tag(R, "v1", &version);
    let stage = Stage::new(&registry);
    let delete = plan(ChangeKind::Delete, &registry, vec![delete_tag(R, "v1", &version)]);
    // The dummy is on the tag, and its delete is refused.
    registry.refuse("DELETE", 1, denied());
    let outcome = stage.make(&delete).await;
    assert_eq!(outcome.state, ChangeState::Failed);
    assert_ne!(registry.state().held(R, "v1"), Some(version.clone()));
    assert_eq!(undo(&stage, outcome.journal_id).await.state, ChangeState::Done);
    assert_eq!(registry.state().held(R, "v1"), Some(version));
}

#[tokio::test]
async fn what_was_refused_needs_no_undo_whatever_others_did_since() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let (version, other) = {
        let mut state = registry.state();
        (state.image(R, &["a"]), state.image(R, &["b"]))
    };
    registry.state().tag(R, "v1", &version);
    let stage = Stage::new(&registry);
    registry.refuse("DELETE", 1, denied());
    let delete = plan(ChangeKind::Delete, &registry, vec![delete_tag(R, "v1", &version)]);
    let id = stage.make(&delete).await.journal_id;
    assert_eq!(planned(&stage, id).await.expect("a plan").steps, []);
    registry.state().tag(R, "v1", &other);
    let plan = planned(&stage, id).await.expect("a plan");
    assert!(
        plan.steps.is_empty() && plan.warnings[0].contains("stays as it is"),
        "{plan:?}"
    );
}

#[tokio::test]
async fn a_change_of_another_data_folder_is_not_found() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let id = "7".parse().expect("a number");
    let error = planned(&Stage::new(&registry), id).await.expect_err("there is none");
    assert_eq!(error.code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn an_undo_in_part_leaves_the_rest_to_be_tried_again() {
    let (registry, stage, id, [one, ..]) = deleted(Semantics::Distribution3).await;
    registry.state().collect(R, &Digest::of(b"other"));
    let plan = planned(&stage, id).await.expect("a part can be undone");
    assert!(!plan.unreadable.is_empty(), "it says what does not come back");
    undo(&stage, id).await;
    assert!(registry.state().repository(R).present.contains(&one));
    let entry = stage.context.journal.entry(id).expect("an entry").entry;
    assert_ne!(entry.state, ChangeState::Undone);
    assert!(entry.undone_by.is_none());
}

#[tokio::test]
async fn an_index_whose_part_another_change_deleted_since_is_not_promised() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let [part, index] = {
        let mut state = registry.state();
        let part = state.image(R, &["part"]);
        let index = state.index(R, &[&part]);
        state.tag(R, "v1", &index);
        [part, index]
    };
    let stage = Stage::new(&registry);
    let mut first = vec![delete_tag(R, "v1", &index), delete_manifest(R, &index, &[])];
    first[1].after = vec![0];
    let id = stage.make(&plan(ChangeKind::Prune, &registry, first)).await.journal_id;
    let second = vec![delete_manifest(R, &part, &[])];
    let later = stage.make(&plan(ChangeKind::Prune, &registry, second)).await.journal_id;
    let error = planned(&stage, id).await.expect_err("its part is gone");
    assert_eq!(error.code(), ErrorCode::Refused);
    assert!(error.to_string().contains(part.short()), "{error}");
    undo(&stage, later).await;
    assert_eq!(undo(&stage, id).await.state, ChangeState::Done);
    assert_eq!(registry.state().held(R, "v1"), Some(index));
}

#[tokio::test]
async fn what_a_later_change_did_on_purpose_is_not_taken_back_by_an_earlier_undo() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let (one, two) = {
        let mut state = registry.state();
        (state.image(R, &["one"]), state.image(R, &["two"]))
    };
    let stage = Stage::new(&registry);
    let mut changes = Vec::new();
    for (version, before) in [(&one, None), (&two, Some(&one)), (&one, Some(&two))] {
        let step = put(R, "production", version, before);
        let promotion = plan(ChangeKind::Promote, &registry, vec![step]);
        changes.push(stage.make(&promotion).await.journal_id);
    }
    let error = planned(&stage, changes[0]).await.expect_err("it was moved since");
    assert_eq!(error.code(), ErrorCode::Refused);
    assert_eq!(registry.state().held(R, "production"), Some(one.clone()));
    for id in changes.into_iter().rev() {
        assert_eq!(undo(&stage, id).await.state, ChangeState::Done);
    }
    assert_eq!(registry.state().held(R, "production"), None);
}
