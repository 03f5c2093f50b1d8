//! Blobs: sent, found or mounted, with their bytes told as one sum; manifests only after them.

use std::sync::{Arc, Mutex};

use artifact::ByteSize;
use registry::{Operation, ProgressEvent, Standing};

use super::{Stage, execute, party};
use crate::{
    Action, ChangeKind, ChangeState, Located, Plan, Step,
    double::{MemoryRegistry, Semantics, at, name, plan, put, unreachable},
};

const R: &str = "team/model";
const OTHER: &str = "other/model";

fn blob(action: Action, to: Located, bytes: &[u8]) -> Step {
    Step {
        action,
        at: to,
        tag: None,
        digest: artifact::Digest::of(bytes),
        expected: None,
        tags: Vec::new(),
        reason: String::new(),
        bytes: ByteSize(bytes.len() as u64),
        after: Vec::new(),
    }
}

/// Copies an image of two layers.
fn copy(registry: &MemoryRegistry, action: &Action) -> Plan {
    let version = registry.state().image(R, &["first layer", "second"]);
    let config = b"config of [\"first layer\", \"second\"]";
    let blobs: [&[u8]; 3] = [b"first layer", b"second", config];
    let mut steps: Vec<Step> = blobs
        .iter()
        .map(|bytes| blob(action.clone(), at(OTHER), bytes))
        .collect();
    let mut manifest = put(OTHER, "v1", &version, None);
    manifest.after = vec![0, 1, 2];
    steps.push(manifest);
    plan(ChangeKind::Copy, registry, steps)
}

#[tokio::test]
async fn a_version_is_copied_with_its_blobs() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let copies = copy(&registry, &Action::CopyBlob { from: at(R) });
    registry.state().blob(OTHER, b"second");
    let told = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&told);
    let operation = Operation::observed(move |event| {
        if let ProgressEvent::Bytes { done, total } = event {
            sink.lock().expect("no test panicked").push((*done, *total));
        }
    });
    let stage = Stage::new(&registry);
    let outcome = execute(&copies, &stage.context, &operation).await.expect("an outcome");
    assert_eq!(outcome.state, ChangeState::Done, "{outcome:?}");
    assert_eq!(registry.state().held(OTHER, "v1"), Some(copies.steps[3].digest.clone()));
    assert_eq!(registry.asked("SEND").len(), 2, "one was there");
    let whole = ByteSize(copies.steps[..3].iter().map(|step| step.bytes.bytes()).sum());
    let told = told.lock().expect("no test panicked");
    assert_eq!(told.last(), Some(&(whole, Some(whole))));
    assert!(told.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{told:?}");
}

#[tokio::test]
async fn a_blob_is_mounted_and_where_the_registry_declines_it_is_sent() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let mounts = copy(&registry, &Action::MountBlob { from: name(R) });
    assert_eq!(Stage::new(&registry).make(&mounts).await.state, ChangeState::Done);
    assert_eq!((registry.asked("MOUNT").len(), registry.asked("SEND").len()), (3, 0));

    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let mut mounts = copy(&registry, &Action::MountBlob { from: name(R) });
    for step in &mut mounts.steps[..3] {
        // Nothing is sent by a mount; the size stands in the manifest.
        step.bytes = ByteSize::ZERO;
    }
    registry.decline_mounts();
    assert_eq!(Stage::new(&registry).make(&mounts).await.state, ChangeState::Done);
    assert_eq!(registry.asked("SEND").len(), 3);
}

#[tokio::test]
async fn between_two_registries_the_network_may_die_and_no_tag_is_left() {
    let (from, to) = (
        MemoryRegistry::new(Semantics::Distribution3),
        MemoryRegistry::new(Semantics::Distribution3),
    );
    let source = Located {
        connection: "source".into(),
        repository: name(R),
    };
    let copies = copy(&from, &Action::CopyBlob { from: source });
    let mut stage = Stage::new(&to);
    stage.context.parties.insert(party("source"), from.clone());
    to.refuse("SEND", 1, unreachable());
    let outcome = stage.make(&copies).await;
    assert_eq!(
        (outcome.state, outcome.failed.len(), outcome.skipped.len()),
        (ChangeState::Partial, 1, 1)
    );
    assert_eq!(to.state().held(OTHER, "v1"), None);
    let outcome = crate::resume(outcome.journal_id, &stage.context, &Operation::unobserved()).await;
    assert_eq!(outcome.expect("an outcome").state, ChangeState::Done);
    assert!(to.state().held(OTHER, "v1").is_some());
    assert_eq!(to.asked("SEND").len(), 4, "only what was missing is sent again");
}

#[tokio::test]
async fn cancelling_breaks_a_transfer_off_and_puts_no_tag() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let copies = copy(&registry, &Action::CopyBlob { from: at(R) });
    let stage = Stage::new(&registry);
    registry.hold("BLOB ");
    let operation = Operation::unobserved();
    let (outcome, ()) = tokio::join!(execute(&copies, &stage.context, &operation), async {
        registry.reached().await;
        operation.cancel.cancel();
    });
    assert_eq!(outcome.expect("an outcome").state, ChangeState::Cancelled);
    assert_eq!(registry.state().held(OTHER, "v1"), None);
}

#[tokio::test]
async fn a_blob_that_is_not_what_its_digest_says_is_refused() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let mut copies = copy(&registry, &Action::CopyBlob { from: at(R) });
    copies.steps[0].bytes = ByteSize(3);
    let outcome = Stage::new(&registry).make(&copies).await;
    assert_eq!((outcome.failed.len(), outcome.skipped.len()), (1, 1), "{outcome:?}");
    assert_eq!(registry.state().held(OTHER, "v1"), None);
}

#[tokio::test]
async fn a_connection_that_is_not_there_is_said_before_anything_is_written() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let source = Located {
        connection: "elsewhere".into(),
        repository: name(R),
    };
    let copies = copy(&registry, &Action::CopyBlob { from: source });
    let error = Stage::new(&registry).execute(&copies).await.expect_err("no source");
    assert_eq!(error.code(), registry::ErrorCode::NotFound);
    assert!(registry.asked("").is_empty());
}

#[tokio::test]
async fn each_step_tells_how_far_it_is_and_how_it_ended() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let copies = copy(&registry, &Action::CopyBlob { from: at(R) });
    registry.refuse("PUT", 1, unreachable());
    let told = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&told);
    let operation = Operation::observed(move |event| {
        if let ProgressEvent::Part { place, standing } = event {
            sink.lock().expect("no test panicked").push((*place, *standing));
        }
    });
    let stage = Stage::new(&registry);
    execute(&copies, &stage.context, &operation).await.expect("an outcome");
    let told = told.lock().expect("no test panicked");
    let first = ByteSize("first layer".len() as u64);
    let sent = Standing::Sent {
        done: first,
        total: first,
    };
    assert!(told.contains(&(0, sent)), "{told:?}");
    let last = |place: usize| told.iter().rfind(|(of, _)| *of == place).map(|(_, standing)| *standing);
    assert_eq!(
        (last(0), last(1), last(2)),
        (Some(Standing::Done), Some(Standing::Done), Some(Standing::Done))
    );
    assert_eq!(last(3), Some(Standing::Failed), "the manifest was refused: {told:?}");
}
