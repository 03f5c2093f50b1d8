//! Refusals, silence, cancelling, two at once, and a journal that cannot be written.

use std::sync::{Arc, Mutex};

use registry::{Operation, Place, ProgressEvent, RegistryError};

use super::{Stage, execute};
use crate::{
    ChangeError, ChangeKind, ChangeState, EntryFilter, JournalError, Plan, Step, StepState,
    double::{MemoryRegistry, Semantics, delete_manifest, delete_tag, denied, plan, put, unreachable},
    resume,
};

const R: &str = "team/model";

/// As many versions with a tag each, and a plan that deletes the tags.
fn tags(registry: &MemoryRegistry, count: usize) -> Plan {
    let steps = (0..count).map(|number| {
        let version = registry.state().image(R, &[&format!("layer {number}")]);
        registry.state().tag(R, &format!("v{number}"), &version);
        delete_tag(R, &format!("v{number}"), &version)
    });
    let steps: Vec<Step> = steps.collect();
    plan(ChangeKind::Delete, registry, steps)
}

fn place() -> Place {
    Place::registry("registry.test").with(R)
}

#[tokio::test]
async fn a_refusal_is_told_and_the_rest_goes_on() {
    let refusals = [
        denied(),
        unreachable(),
        RegistryError::Conflict {
            place: place(),
            reason: "TAG_IMMUTABLE".to_owned(),
        },
        RegistryError::ServerFailed {
            place: place(),
            status: 500,
            reason: String::new(),
        },
        RegistryError::RateLimited {
            place: place(),
            until: None,
        },
    ];
    for refusal in refusals {
        let registry = MemoryRegistry::new(Semantics::Distribution3);
        let deletes = tags(&registry, 3);
        registry.refuse("DELETE team/model:v1", 1, refusal.clone());
        let outcome = Stage::new(&registry).make(&deletes).await;
        assert_eq!((outcome.state, outcome.done), (ChangeState::Partial, vec![0, 2]));
        assert_eq!(outcome.failed[0].code, refusal.code().as_str());
        assert_eq!(outcome.failed[0].message, refusal.to_string());
        assert_eq!(outcome.failed[0].hint, refusal.hint());
    }
}

#[tokio::test]
async fn what_follows_a_refused_step_is_skipped() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let (part, index) = {
        let mut state = registry.state();
        let part = state.image(R, &["part"]);
        (part.clone(), state.index(R, &[&part]))
    };
    let mut second = delete_manifest(R, &part, &[]);
    second.after = vec![0];
    let prune = plan(
        ChangeKind::Prune,
        &registry,
        vec![delete_manifest(R, &index, &[]), second],
    );
    registry.refuse("DELETE", 1, denied());
    let stage = Stage::new(&registry);
    let outcome = stage.make(&prune).await;
    assert_eq!((outcome.failed.len(), outcome.skipped.len()), (1, 1));
    assert_eq!(registry.asked("DELETE").len(), 1);
    let detail = stage.context.journal.entry(outcome.journal_id).expect("an entry");
    assert_eq!(detail.steps[1].state, StepState::Skipped);
}

#[tokio::test]
async fn deletes_that_are_off_are_tried_once() {
    let registry = MemoryRegistry::with_room(Semantics::Off, 1);
    let outcome = Stage::new(&registry).make(&tags(&registry, 5)).await;
    assert_eq!(
        (outcome.state, outcome.failed.len(), outcome.skipped.len()),
        (ChangeState::Failed, 1, 4)
    );
    assert!(
        outcome.failed[0]
            .hint
            .as_ref()
            .is_some_and(|hint| hint.contains("REGISTRY_STORAGE_DELETE_ENABLED"))
    );
    assert_eq!(registry.asked("DELETE").len(), 1);
}

#[tokio::test]
async fn a_refused_login_is_tried_once_and_other_kinds_of_steps_go_on() {
    let registry = MemoryRegistry::with_room(Semantics::Distribution3, 1);
    let mut steps = tags(&registry, 3).steps;
    let version = steps[2].digest.clone();
    steps.push(put(R, "production", &version, None));
    let changes = plan(ChangeKind::Delete, &registry, steps);
    let reason = "revoked".to_owned();
    registry.refuse("DELETE", 9, RegistryError::LoginRefused { place: place(), reason });
    let outcome = Stage::new(&registry).make(&changes).await;
    assert_eq!(
        (outcome.failed.len(), outcome.skipped.len(), outcome.done),
        (1, 2, vec![3])
    );
    assert_eq!(registry.asked("DELETE").len(), 1);
}

#[tokio::test]
async fn cancelling_starts_no_further_step_and_lets_writes_end() {
    let registry = MemoryRegistry::with_room(Semantics::Distribution3, 1);
    let deletes = tags(&registry, 6);
    let stage = Stage::new(&registry);
    let operation = Operation::unobserved();
    let cancel = operation.cancel.clone();
    registry.before("DELETE team/model:v1", move |_| cancel.cancel());
    let outcome = execute(&deletes, &stage.context, &operation).await.expect("an outcome");
    assert_eq!((outcome.state, &outcome.done), (ChangeState::Cancelled, &vec![0, 1]));
    assert_eq!(outcome.skipped.len(), 4);
    assert_eq!(registry.asked("DELETE").len(), 2);
    let entry = stage.context.journal.entry(outcome.journal_id).expect("an entry").entry;
    assert_eq!(entry.state, ChangeState::Cancelled);
}

#[tokio::test]
async fn a_look_that_hangs_is_broken_off() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let deletes = tags(&registry, 1);
    let stage = Stage::new(&registry);
    registry.hold("HEAD");
    let operation = Operation::unobserved();
    let (outcome, ()) = tokio::join!(execute(&deletes, &stage.context, &operation), async {
        registry.reached().await;
        operation.cancel.cancel();
    });
    assert_eq!(outcome.expect("an outcome").state, ChangeState::Cancelled);
    assert!(registry.asked("DELETE").is_empty());
}

#[tokio::test]
async fn the_same_plan_twice_or_by_two_at_once_deletes_nothing_more() {
    for semantics in Semantics::DELETING {
        let registry = MemoryRegistry::new(semantics);
        let deletes = tags(&registry, 4);
        let kept = registry.state().image(R, &["kept"]);
        registry.state().tag(R, "kept", &kept);
        let (one, other) = (Stage::new(&registry), Stage::new(&registry));
        let (first, second) = tokio::join!(one.execute(&deletes), other.execute(&deletes));
        first.expect("an outcome");
        second.expect("an outcome");
        let third = one.make(&deletes).await;
        assert_eq!(third.state, ChangeState::Done, "{semantics:?} {third:?}");
        let contents = registry.contents();
        let (tags, present) = &contents[&crate::double::name(R)];
        assert_eq!(tags.keys().map(ToString::to_string).collect::<Vec<_>>(), ["kept"]);
        assert!(
            deletes.steps.iter().all(|step| present.contains(&step.digest)),
            "{semantics:?}"
        );
    }
}

#[tokio::test]
async fn steps_run_side_by_side_as_far_as_the_registry_bears() {
    let registry = MemoryRegistry::with_room(Semantics::Distribution3, 3);
    let deletes = tags(&registry, 9);
    let stage = Stage::new(&registry);
    registry.hold("HEAD");
    let operation = Operation::unobserved();
    let (outcome, ()) = tokio::join!(execute(&deletes, &stage.context, &operation), async {
        registry.reached().await;
        while registry.asked("HEAD").len() < 3 {
            tokio::task::yield_now().await;
        }
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(registry.asked("HEAD").len(), 3);
        operation.cancel.cancel();
    });
    outcome.expect("an outcome");
}

#[tokio::test]
async fn progress_counts_the_steps() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    let operation = Operation::observed(move |event| {
        if let ProgressEvent::Step { done, total, .. } = event {
            sink.lock().expect("no test panicked").push((*done, *total));
        }
    });
    let deletes = tags(&registry, 3);
    let stage = Stage::new(&registry);
    execute(&deletes, &stage.context, &operation).await.expect("an outcome");
    let seen = seen.lock().expect("no test panicked");
    assert_eq!(*seen, [(0, Some(3)), (1, Some(3)), (2, Some(3)), (3, Some(3))]);
}

#[tokio::test]
async fn nothing_is_sent_that_the_journal_could_not_note() {
    let registry = MemoryRegistry::with_room(Semantics::Distribution3, 1);
    let deletes = tags(&registry, 40);
    let stage = Stage::new(&registry);
    // The folder cannot be written any more after some marks.
    let journal = stage.context.journal.clone();
    registry.before("DELETE team/model:v2", move |_| journal.refuse_writes());
    let error = stage.execute(&deletes).await.expect_err("it stops");
    let ChangeError::Stopped { cause, outcome } = error else {
        panic!("{error:?}");
    };
    assert!(matches!(cause, JournalError::ReadOnly { .. }), "{cause:?}");
    assert_eq!(outcome.state, ChangeState::Interrupted);
    let told = outcome.done.len();
    assert_eq!(registry.asked("DELETE").len(), told, "what was done is told");
    assert!(told < 10 && outcome.skipped.len() == 40 - told, "{outcome:?}");
    // When it can be written again, the rest is done.
    let id = outcome.journal_id;
    let again = Stage::on(stage.folder, &registry);
    let entry = again.context.journal.entry(id).expect("an entry").entry;
    assert_eq!(entry.state, ChangeState::Interrupted);
    let outcome = resume(id, &again.context, &Operation::unobserved())
        .await
        .expect("an outcome");
    assert_eq!(outcome.state, ChangeState::Done);
}

#[tokio::test]
async fn a_full_disk_at_the_beginning_sends_nothing() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let deletes = tags(&registry, 60);
    let stage = Stage::new(&registry);
    stage.context.journal.fill_disk();
    let error = stage.execute(&deletes).await.expect_err("it does not begin");
    assert!(
        matches!(error, ChangeError::Journal(JournalError::DiskFull { .. })),
        "{error:?}"
    );
    assert!(registry.asked("DELETE").is_empty() && error.hint().is_some());
    let entries = stage
        .context
        .journal
        .entries(&EntryFilter::default(), 0, 10)
        .expect("a list");
    assert_eq!(entries.total, 0);
}
