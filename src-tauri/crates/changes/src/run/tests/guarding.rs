//! What came since the plan was made keeps what it needs.

use artifact::Digest;

use super::Stage;
use crate::{
    ChangeKind, ChangeState, KeepReason, KeptTag, Outcome, Step,
    double::{MemoryRegistry, Semantics, at, delete_manifest, delete_tag, plan, tag, unreachable},
};

const R: &str = "team/model";

fn images(registry: &MemoryRegistry, one: &str, other: &str) -> (Digest, Digest) {
    let mut state = registry.state();
    (state.image(R, &[one]), state.image(R, &[other]))
}

fn reasons(outcome: &Outcome) -> Vec<&str> {
    outcome.skipped.iter().map(|skipped| skipped.reason.as_str()).collect()
}

fn after(mut step: Step, after: &[usize]) -> Step {
    step.after = after.to_vec();
    step
}

#[tokio::test]
async fn a_new_tag_keeps_the_version_that_it_is_on() {
    for semantics in Semantics::DELETING {
        let registry = MemoryRegistry::new(semantics);
        let version = registry.state().image(R, &["a"]);
        registry.state().tag(R, "v1", &version);
        let prune = plan(
            ChangeKind::Prune,
            &registry,
            vec![delete_manifest(R, &version, &["v1"])],
        );
        registry.state().tag(R, "new", &version);
        let outcome = Stage::new(&registry).make(&prune).await;
        assert_eq!(outcome.state, ChangeState::Failed);
        assert!(reasons(&outcome)[0].contains("new"), "{outcome:?}");
        assert!(registry.asked("DELETE").is_empty());
        assert_eq!(registry.state().held(R, "v1"), Some(version));
    }
}

#[tokio::test]
async fn a_new_index_keeps_its_parts_and_what_belongs_to_them() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let (part, other) = images(&registry, "part", "other");
    let signature = registry.state().referrer(R, "signature", &part);
    let signature_tag = format!("sha256-{}.sig", part.hex());
    registry.state().tag(R, &signature_tag, &signature);
    let steps = vec![
        delete_manifest(R, &part, &[]),
        delete_manifest(R, &signature, &[&signature_tag]),
        delete_manifest(R, &other, &[]),
    ];
    let prune = plan(ChangeKind::Prune, &registry, steps);
    // Pushed by somebody else just now: two levels above the part.
    let inner = registry.state().index(R, &[&part]);
    let outer = registry.state().index(R, &[&inner]);
    registry.state().tag(R, "nightly", &outer);
    let outcome = Stage::new(&registry).make(&prune).await;
    assert_eq!(outcome.done, [2], "{outcome:?}");
    assert_eq!(reasons(&outcome).len(), 2);
    assert!(
        reasons(&outcome).iter().all(|reason| reason.contains("nightly")),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_tag_that_goes_but_moved_to_another_version_that_goes_keeps_that() {
    let registry = MemoryRegistry::new(Semantics::Distribution2);
    let (one, other) = images(&registry, "one", "other");
    registry.state().tag(R, "v1", &one);
    registry.state().tag(R, "v2", &other);
    let steps = vec![delete_manifest(R, &one, &["v1"]), delete_manifest(R, &other, &["v2"])];
    let prune = plan(ChangeKind::Prune, &registry, steps);
    registry.state().tag(R, "v1", &other);
    Stage::new(&registry).make(&prune).await;
    assert_eq!(registry.state().held(R, "v1"), Some(other.clone()));
    assert_eq!(registry.state().held(R, "v2"), Some(other));
}

#[tokio::test]
async fn a_kept_tag_that_moved_onto_a_version_that_goes_keeps_it() {
    let registry = MemoryRegistry::new(Semantics::Distribution2);
    let (kept, going) = images(&registry, "kept", "going");
    registry.state().tag(R, "production", &kept);
    registry.state().tag(R, "v1", &going);
    let mut prune = plan(ChangeKind::Prune, &registry, vec![delete_manifest(R, &going, &["v1"])]);
    prune.kept.push(crate::KeptTag {
        at: crate::double::at(R),
        tag: crate::double::tag("production"),
        digest: kept,
        reason: crate::KeepReason::Protected,
    });
    registry.state().tag(R, "production", &going);
    let outcome = Stage::new(&registry).make(&prune).await;
    assert!(reasons(&outcome)[0].contains("production"), "{outcome:?}");
    assert_eq!(registry.state().held(R, "production"), Some(going));
}

#[tokio::test]
async fn a_spared_version_keeps_its_tags_and_what_comes_after_it_too() {
    let registry = MemoryRegistry::new(Semantics::GoContainerregistry);
    let (part, index) = {
        let mut state = registry.state();
        let part = state.image(R, &["part"]);
        (part.clone(), state.index(R, &[&part]))
    };
    registry.state().tag(R, "v1", &index);
    let steps = vec![
        delete_tag(R, "v1", &index),
        after(delete_manifest(R, &index, &[]), &[0]),
        after(delete_manifest(R, &part, &[]), &[1]),
    ];
    let prune = plan(ChangeKind::Prune, &registry, steps);
    registry.state().tag(R, "new", &index);
    let before = registry.contents();
    let outcome = Stage::new(&registry).make(&prune).await;
    assert_eq!(outcome.skipped.len(), 3, "{outcome:?}");
    assert_eq!(registry.contents(), before);
}

#[tokio::test]
async fn a_repository_that_cannot_be_read_just_before_is_left_alone() {
    for question in ["TAGS", "HEAD team/model:other", "GET"] {
        let registry = MemoryRegistry::new(Semantics::Distribution3);
        let version = registry.state().image(R, &["a"]);
        registry.state().tag(R, "v1", &version);
        let prune = plan(
            ChangeKind::Prune,
            &registry,
            vec![delete_manifest(R, &version, &["v1"])],
        );
        let index = registry.state().index(R, &[]);
        registry.state().tag(R, "other", &index);
        registry.refuse(question, 1, unreachable());
        let outcome = Stage::new(&registry).make(&prune).await;
        assert!(
            reasons(&outcome)[0].contains("could not be read in full"),
            "{question}: {outcome:?}"
        );
        assert!(registry.asked("DELETE").is_empty());
    }
}

#[tokio::test]
async fn unread_neighbours_cost_no_reading_of_their_manifests() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let (version, other) = images(&registry, "a", "b");
    registry.state().tag(R, "v1", &version);
    registry.state().tag(R, "other", &other);
    let prune = plan(
        ChangeKind::Prune,
        &registry,
        vec![delete_manifest(R, &version, &["v1"])],
    );
    assert_eq!(Stage::new(&registry).make(&prune).await.state, ChangeState::Done);
    assert!(registry.asked("GET").is_empty(), "{:?}", registry.asked("GET"));
    assert_eq!(registry.asked("TAGS").len(), 1);
}

#[tokio::test]
async fn an_error_of_one_repository_does_not_stop_another() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let one = registry.state().image(R, &["a"]);
    let other = registry.state().image("b", &["b"]);
    registry.state().tag(R, "v1", &one);
    registry.state().tag("b", "v1", &other);
    let steps = vec![delete_manifest(R, &one, &["v1"]), delete_manifest("b", &other, &["v1"])];
    let prune = plan(ChangeKind::Prune, &registry, steps);
    registry.refuse("TAGS team/model", 1, unreachable());
    let outcome = Stage::new(&registry).make(&prune).await;
    assert_eq!((outcome.state, outcome.done), (ChangeState::Partial, vec![1]));
}

/// After the first look: what was tagged in between is not lost.
#[tokio::test]
async fn a_tag_that_comes_or_moves_while_deletes_go_on_keeps_what_it_is_on() {
    for (name, reason) in [("pinned", None), ("latest", Some(KeepReason::Protected))] {
        let registry = MemoryRegistry::new(Semantics::Distribution3);
        let (one, other) = images(&registry, "one", "other");
        let steps = vec![
            delete_manifest(R, &one, &[]),
            after(delete_manifest(R, &other, &[]), &[0]),
        ];
        let kept = registry.state().image(R, &["kept"]);
        registry.state().tag(R, "latest", &kept);
        let mut prune = plan(ChangeKind::Prune, &registry, steps);
        prune.kept = vec![KeptTag {
            at: at(R),
            tag: tag("latest"),
            digest: kept,
            reason: reason.unwrap_or(KeepReason::NoRule),
        }];
        let digest = other.clone();
        registry.before(&format!("DELETE {R}@{one}"), move |state| state.tag(R, name, &digest));
        let outcome = Stage::new(&registry).make(&prune).await;
        assert_eq!(outcome.done, [0], "{name}: {outcome:?}");
        assert!(reasons(&outcome)[0].contains(name), "{outcome:?}");
        assert_eq!(registry.state().held(R, name), Some(other));
    }
}
