//! Each kind of step: what it checks just before, and what it looks at afterwards.

use artifact::{Digest, Tag};
use registry::RegistryError;

use super::Stage;
use crate::{
    ChangeKind, ChangeState, Step, StepState,
    double::{MemoryRegistry, Semantics, delete_manifest, delete_tag, plan, put, unreachable},
};

const R: &str = "team/model";

fn images(registry: &MemoryRegistry, one: &str, other: &str) -> (Digest, Digest) {
    let mut state = registry.state();
    (state.image(R, &[one]), state.image(R, &[other]))
}

#[tokio::test]
async fn a_tag_goes_alone_whatever_the_registry_does_on_delete() {
    for semantics in Semantics::DELETING {
        let registry = MemoryRegistry::new(semantics);
        let version = registry.state().image(R, &["a"]);
        registry.state().tag(R, "v1", &version);
        registry.state().tag(R, "alias", &version);
        let stage = Stage::new(&registry);
        let outcome = stage
            .make(&plan(
                ChangeKind::Delete,
                &registry,
                vec![delete_tag(R, "v1", &version)],
            ))
            .await;
        assert_eq!(
            (outcome.state, outcome.done),
            (ChangeState::Done, vec![0]),
            "{semantics:?}"
        );
        assert_eq!(registry.state().held(R, "v1"), None);
        assert_eq!(registry.state().held(R, "alias"), Some(version.clone()));
        assert_eq!(
            registry.asked("HEAD team/model:v1").len(),
            2,
            "looked at before and after"
        );
    }
}

#[tokio::test]
async fn a_tag_that_moved_just_before_is_left_alone() {
    for semantics in Semantics::DELETING {
        let registry = MemoryRegistry::new(semantics);
        let (version, other) = images(&registry, "a", "b");
        registry.state().tag(R, "v1", &version);
        let plan = plan(ChangeKind::Delete, &registry, vec![delete_tag(R, "v1", &version)]);
        let moved = other.clone();
        registry.before("HEAD team/model:v1", move |state| state.tag(R, "v1", &moved));
        let outcome = Stage::new(&registry).make(&plan).await;
        assert_eq!(outcome.state, ChangeState::Failed);
        assert!(outcome.skipped[0].reason.starts_with("moved"), "{outcome:?}");
        assert_eq!(registry.state().held(R, "v1"), Some(other));
        assert!(registry.asked("DELETE").is_empty() && registry.asked("PUT").is_empty());
    }
}

#[tokio::test]
async fn what_is_gone_already_is_done() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let version = registry.state().image(R, &["a"]);
    let steps = vec![delete_tag(R, "v1", &version), delete_manifest(R, &version, &["v2"])];
    let plan = plan(ChangeKind::Delete, &registry, steps);
    registry.state().repository(R).present.clear();
    let outcome = Stage::new(&registry).make(&plan).await;
    assert_eq!((outcome.state, outcome.done), (ChangeState::Done, vec![0, 1]));
}

#[tokio::test]
async fn a_version_stays_whole_if_one_of_its_tags_moved() {
    let registry = MemoryRegistry::new(Semantics::Distribution2);
    let (version, other) = images(&registry, "a", "b");
    registry.state().tag(R, "v1", &version);
    registry.state().tag(R, "v2", &version);
    let plan = plan(
        ChangeKind::Prune,
        &registry,
        vec![delete_manifest(R, &version, &["v1", "v2"])],
    );
    // After the look at the whole repository, just before the delete itself.
    let stage = Stage::new(&registry);
    let moved = other.clone();
    registry.before("HEAD team/model:v2", |_| {});
    registry.before("HEAD team/model:v1", |_| {});
    registry.before("HEAD team/model:v2", move |state| state.tag(R, "v2", &moved));
    let outcome = stage.make(&plan).await;
    assert!(outcome.skipped[0].reason.starts_with("moved: v2"), "{outcome:?}");
    assert!(registry.asked("DELETE").is_empty());
    assert_eq!(registry.state().held(R, "v1"), Some(version));
}

#[tokio::test]
async fn a_delete_that_left_something_is_told() {
    let registry = MemoryRegistry::new(Semantics::GoContainerregistry);
    let version = registry.state().image(R, &["a"]);
    registry.state().tag(R, "v1", &version);
    let plan = plan(
        ChangeKind::Delete,
        &registry,
        vec![delete_manifest(R, &version, &["v1"])],
    );
    let outcome = Stage::new(&registry).make(&plan).await;
    assert_eq!(outcome.state, ChangeState::Failed);
    assert_eq!(outcome.failed[0].code, "conflict");
    assert!(outcome.failed[0].message.contains("v1 is still there"), "{outcome:?}");
}

#[tokio::test]
async fn a_tag_moves_only_from_what_was_seen() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let (old, new, others) = {
        let mut state = registry.state();
        (
            state.image(R, &["old"]),
            state.image(R, &["new"]),
            state.image(R, &["others"]),
        )
    };
    registry.state().tag(R, "production", &others);
    let stage = Stage::new(&registry);
    let promotion = plan(
        ChangeKind::Promote,
        &registry,
        vec![put(R, "production", &new, Some(&old))],
    );
    let outcome = stage.make(&promotion).await;
    assert!(outcome.skipped[0].reason.starts_with("moved"), "{outcome:?}");
    assert_eq!(registry.state().held(R, "production"), Some(others));
    let fresh = plan(ChangeKind::Promote, &registry, vec![put(R, "production", &new, None)]);
    assert_eq!(stage.make(&fresh).await.skipped.len(), 1, "a tag that was to be new");
    registry.state().untag(R, "production");
    assert_eq!(stage.make(&promotion).await.skipped.len(), 1, "a tag that is gone");
    registry.state().tag(R, "production", &old);
    assert_eq!(stage.make(&promotion).await.state, ChangeState::Done);
    assert_eq!(registry.state().held(R, "production"), Some(new));
}

#[tokio::test]
async fn a_tag_that_holds_the_wanted_digest_is_not_put_again() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let version = registry.state().image(R, &["a"]);
    registry.state().tag(R, "production", &version);
    let promotion = plan(
        ChangeKind::Promote,
        &registry,
        vec![put(R, "production", &version, None)],
    );
    assert_eq!(Stage::new(&registry).make(&promotion).await.state, ChangeState::Done);
    assert!(registry.asked("PUT").is_empty());
}

#[tokio::test]
async fn a_put_is_only_done_if_the_tag_holds_it_afterwards() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let (version, other) = images(&registry, "a", "b");
    let promotion = plan(
        ChangeKind::Promote,
        &registry,
        vec![put(R, "production", &version, None)],
    );
    registry.before("HEAD team/model:production", |_| {});
    registry.before("HEAD team/model:production", move |state| {
        state.tag(R, "production", &other);
    });
    let outcome = Stage::new(&registry).make(&promotion).await;
    assert_eq!(outcome.state, ChangeState::Failed);
    assert_eq!(outcome.failed[0].code, "invalid_answer");
}

#[tokio::test]
async fn a_plan_that_could_not_be_undone_is_refused_before_anything_is_written() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let (version, other) = images(&registry, "a", "b");
    registry.state().tag(R, "v1", &version);
    let stage = Stage::new(&registry);
    let whole = plan(
        ChangeKind::Delete,
        &registry,
        vec![delete_manifest(R, &version, &["v1"])],
    );
    let mut missing = whole.clone();
    missing.manifests.clear();
    let mut wrong = whole.clone();
    let bytes = registry.state().raw(&other).bytes;
    wrong.manifests.get_mut(&version).expect("its manifest").bytes = bytes;
    let mut another = whole.clone();
    another.manifests.insert(version.clone(), registry.state().raw(&other));
    let mut backwards = whole.clone();
    backwards.steps[0].after = vec![0];
    for plan in [missing, wrong, another, backwards] {
        let error = stage.execute(&plan).await.expect_err("it is refused");
        assert_eq!(error.code(), registry::ErrorCode::Refused, "{error}");
    }
    assert!(registry.asked("").is_empty(), "{:?}", registry.asked(""));
    let entries = stage
        .context
        .journal
        .entries(&crate::EntryFilter::default(), 0, 10)
        .expect("a list");
    assert_eq!(entries.total, 0);
}

#[tokio::test]
async fn what_a_tag_held_before_is_kept_for_the_undo() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let (old, new) = images(&registry, "old", "new");
    registry.state().tag(R, "production", &old);
    let promotion = plan(
        ChangeKind::Promote,
        &registry,
        vec![put(R, "production", &new, Some(&old))],
    );
    let stage = Stage::new(&registry);
    registry.refuse("GET", 1, unreachable());
    let error = stage.execute(&promotion).await.expect_err("it cannot be kept");
    assert!(matches!(
        error,
        crate::ChangeError::Registry(RegistryError::Unreachable { .. })
    ));
    assert!(registry.asked("PUT").is_empty());
    let id = stage.make(&promotion).await.journal_id;
    let kept = stage.context.journal.manifests(id).expect("they are there");
    assert_eq!(
        kept.get(&old).map(|raw| raw.bytes.clone()),
        Some(registry.state().raw(&old).bytes)
    );
}

#[tokio::test]
async fn the_journal_tells_who_did_what() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let version = registry.state().image(R, &["a"]);
    registry.state().tag(R, "v1", &version);
    let stage = Stage::new(&registry);
    let outcome = stage
        .make(&plan(
            ChangeKind::Delete,
            &registry,
            vec![delete_tag(R, "v1", &version)],
        ))
        .await;
    let detail = stage.context.journal.entry(outcome.journal_id).expect("an entry");
    assert_eq!(detail.entry.kind, ChangeKind::Delete);
    assert_eq!(
        (detail.entry.state, detail.entry.finished),
        (ChangeState::Done, Some(super::noon()))
    );
    assert_eq!((detail.entry.planned.steps, detail.entry.done.steps), (1, 1));
    assert_eq!(detail.entry.parties, [super::party("c")]);
    assert_eq!(detail.steps[0].state, StepState::Done);
    assert_eq!(detail.steps[0].step, delete_tag(R, "v1", &version));
}

#[tokio::test]
async fn a_referrer_that_nothing_lists_is_put_again_where_the_plan_asks_for_it() {
    let registry = MemoryRegistry::new(Semantics::Distribution2);
    let version = registry.state().image(R, &["a"]);
    let signature = registry.state().referrer(R, "signature", &version);
    let list = Tag::of_referrers(&version);
    let again = Step {
        tag: None,
        tags: Vec::new(),
        ..put(R, "unused", &signature, Some(&signature))
    };
    let plan = plan(ChangeKind::Copy, &registry, vec![again]);
    assert_eq!(registry.state().held(R, list.as_str()), None);
    let outcome = Stage::new(&registry).make(&plan).await;
    assert_eq!(outcome.state, ChangeState::Done);
    assert!(registry.state().held(R, list.as_str()).is_some(), "it is listed");
}
