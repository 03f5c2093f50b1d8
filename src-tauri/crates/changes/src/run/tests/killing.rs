//! Properties over random repositories and plans: a kill at every moment, and others who change things meanwhile.

use std::{collections::BTreeSet, sync::Arc};

use artifact::Digest;
use proptest::prelude::*;
use registry::Operation;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use super::{Stage, execute};
use crate::{
    Action, ChangeId, ChangeState, EntryFilter, StepState,
    double::{Contents, Fuse, MemoryRegistry, REPOSITORY, Semantics, World, name, reach, world},
    execute_undo, plan_undo, resume,
    run::dummy,
};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn semantics() -> impl Strategy<Value = Semantics> {
    proptest::sample::select(Semantics::DELETING.to_vec())
}

fn choices() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 40)
}

/// What a kill left.
struct Killed {
    folder: TempDir,
    registry: Arc<MemoryRegistry>,
    first: Contents,
    /// The run came to its end before the moment.
    survived: bool,
}

/// Runs a world's plan and ends the program after so many moments: before and after each question to the registry, and
/// before and after each commit of the journal.
fn kill(choices: &[u8], semantics: Semantics, moments: i64) -> Killed {
    let World { registry, plan } = world(choices, semantics);
    let first = registry.contents();
    let stage = Stage::new(&registry);
    let fuse = Fuse::after(moments);
    registry.burn(&fuse);
    let burning = fuse.clone();
    stage.context.journal.observe(move |_| burning.burn());
    let runtime = runtime();
    let operation = Operation::unobserved();
    let survived = runtime.block_on(async {
        tokio::select! {
            biased;
            () = fuse.blown() => false,
            outcome = execute(&plan, &stage.context, &operation) => {
                let outcome = outcome.expect("it runs");
                assert_eq!(outcome.state, ChangeState::Done, "{outcome:?}");
                true
            }
        }
    });
    drop(runtime);
    registry.mend_but_remember();
    Killed {
        folder: stage.folder,
        registry,
        first,
        survived,
    }
}

fn only_change(stage: &Stage) -> Option<(ChangeId, ChangeState)> {
    let page = stage
        .context
        .journal
        .entries(&EntryFilter::default(), 0, 10)
        .expect("a list");
    page.entries.first().map(|entry| (entry.id, entry.state))
}

/// Every write that reached the registry belongs to a step that the journal says was begun.
fn assert_journal_tells(stage: &Stage, id: ChangeId) {
    let detail = stage.context.journal.entry(id).expect("an entry");
    let word = stage.context.journal.word(id).expect("its word");
    let mut told = BTreeSet::new();
    for (place, entry) in detail.steps.iter().enumerate() {
        if entry.state == StepState::Waiting {
            continue;
        }
        let step = &entry.step;
        let repository = &step.at.repository;
        match &step.tag {
            Some(tag) => told.insert(format!("{repository}:{tag}")),
            None => told.insert(format!("{repository}@{}", step.digest)),
        };
        if step.action == Action::DeleteTag {
            told.insert(format!("{repository}@{}", dummy(&word, place)));
        }
    }
    for verb in ["PUT ", "DELETE ", "SEND ", "MOUNT "] {
        for write in stage.registry.asked(verb) {
            let target = write.trim_start_matches(verb);
            assert!(told.contains(target), "{write} is not in the journal: {told:?}");
        }
    }
}

/// Tags as they were; manifests at least those that were there.
fn assert_brought_back(now: &Contents, first: &Contents, semantics: Semantics) {
    for (repository, (tags, present)) in first {
        let (tags_now, present_now) = &now[repository];
        assert_eq!(tags_now, tags, "{semantics:?} {repository}");
        assert!(present.is_subset(present_now), "{semantics:?} {repository}");
    }
    let others = now.iter().filter(|(repository, _)| !first.contains_key(*repository));
    assert!(others.flat_map(|(_, (tags, _))| tags).next().is_none(), "a tag is left");
}

async fn undo(stage: &Stage, id: ChangeId) -> ChangeId {
    let operation = Operation::unobserved();
    let plan = plan_undo(id, &stage.context, &operation)
        .await
        .expect("it can be undone");
    let outcome = execute_undo(id, &plan, &stage.context, &operation)
        .await
        .expect("an outcome");
    assert_eq!(outcome.state, ChangeState::Done, "{plan:?} {outcome:?}");
    outcome.journal_id
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 8, ..ProptestConfig::default() })]

    #[test]
    fn killed_at_any_moment_a_run_is_finished_by_resume(choices in choices(), semantics in semantics()) {
        let whole = kill(&choices, semantics, i64::MAX);
        let end = whole.registry.contents();
        for moment in 1.. {
            let killed = kill(&choices, semantics, moment);
            let stage = Stage::on(killed.folder, &killed.registry);
            match only_change(&stage) {
                None => assert_eq!(killed.registry.contents(), killed.first),
                Some((_, ChangeState::Done)) => assert_eq!(killed.registry.contents(), end),
                Some((id, state)) => {
                    assert_eq!(state, ChangeState::Interrupted);
                    assert_journal_tells(&stage, id);
                    let outcome = runtime().block_on(resume(id, &stage.context, &Operation::unobserved()));
                    let outcome = outcome.expect("an outcome");
                    assert_eq!(outcome.state, ChangeState::Done, "{outcome:?}");
                    assert_eq!(killed.registry.contents(), end, "{semantics:?} after {moment}");
                    assert_eq!(only_change(&stage), Some((id, ChangeState::Done)));
                }
            }
            if killed.survived {
                break;
            }
        }
    }

    #[test]
    fn killed_at_any_moment_a_run_is_taken_back_by_undo(choices in choices(), semantics in semantics()) {
        for moment in 1.. {
            let killed = kill(&choices, semantics, moment);
            let stage = Stage::on(killed.folder, &killed.registry);
            if let Some((id, _)) = only_change(&stage) {
                runtime().block_on(undo(&stage, id));
                let undone = stage.context.journal.entry(id).expect("an entry").entry;
                assert_eq!(undone.state, ChangeState::Undone);
                assert!(undone.finished.is_some());
            }
            assert_brought_back(&killed.registry.contents(), &killed.first, semantics);
            if killed.survived {
                break;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn undo_and_undo_of_undo_lead_back_and_forth(choices in choices(), semantics in semantics()) {
        let whole = kill(&choices, semantics, i64::MAX);
        let (first, end) = (whole.first, whole.registry.contents());
        let stage = Stage::on(whole.folder, &whole.registry);
        let (id, _) = only_change(&stage).expect("a change");
        runtime().block_on(async {
            let undone = undo(&stage, id).await;
            assert_brought_back(&whole.registry.contents(), &first, semantics);
            let redone = undo(&stage, undone).await;
            let now = whole.registry.contents();
            for (repository, (tags, _)) in &end {
                assert_eq!(&now[repository].0, tags, "{semantics:?}");
            }
            let state = |id| stage.context.journal.entry(id).expect("an entry").entry.state;
            assert_eq!((state(id), state(undone)), (ChangeState::Done, ChangeState::Undone));
            undo(&stage, redone).await;
            assert_brought_back(&whole.registry.contents(), &first, semantics);
        });
    }

    #[test]
    fn what_others_moved_meanwhile_is_never_touched(
        choices in choices(),
        semantics in semantics(),
        moves in proptest::collection::vec((0..9_usize, any::<prop::sample::Index>()), 1..4),
    ) {
        let World { registry, plan } = world(&choices, semantics);
        let stage = Stage::new(&registry);
        let mut moved: Vec<(String, Digest)> = Vec::new();
        for (tag, to) in moves {
            let tag = if tag == 8 { "production".to_owned() } else { format!("t{tag}") };
            let mut state = registry.state();
            let digests: Vec<Digest> = state.repository(REPOSITORY).present.iter().cloned().collect();
            let to = to.get(&digests).clone();
            if state.held(REPOSITORY, &tag).as_ref() != Some(&to) {
                state.tag(REPOSITORY, &tag, &to);
                moved.retain(|(other, _)| *other != tag);
                moved.push((tag, to));
            }
        }
        let planned = |tag: &str, held: &Digest| plan.steps.iter().any(|step| {
            step.tags.iter().any(|other| other.as_str() == tag)
                && (step.expected.as_ref() == Some(held) || step.digest == *held)
        });
        moved.retain(|(tag, held)| !planned(tag, held));
        runtime().block_on(stage.make(&plan));
        let contents = registry.contents();
        let (tags, present) = &contents[&name(REPOSITORY)];
        for (tag, held) in moved {
            assert_eq!(tags.get(tag.as_str()), Some(&held), "{semantics:?} {tag}");
            let needed = reach(&mut registry.state(), tags, vec![held]);
            assert!(needed.is_subset(present), "{semantics:?} {tag}");
        }
    }
}

#[test]
fn a_run_holds_its_lock_until_it_ends() {
    let World { registry, plan } = world(&[1; 40], Semantics::Distribution3);
    let stage = Stage::new(&registry);
    let other = crate::Journal::open(&stage.path()).expect("the same journal");
    registry.hold("HEAD");
    let operation = Operation::unobserved();
    runtime().block_on(async {
        let looking = async {
            registry.reached().await;
            let page = other.entries(&EntryFilter::default(), 0, 10).expect("a list");
            assert_eq!(page.entries[0].state, ChangeState::Running);
            let id = page.entries[0].id;
            let again = resume(id, &stage.context, &operation).await.expect_err("it runs");
            assert_eq!(again.code(), registry::ErrorCode::Refused);
            let undone = plan_undo(id, &stage.context, &operation).await.expect_err("it runs");
            assert_eq!(undone.code(), registry::ErrorCode::Refused);
            operation.cancel.cancel();
            id
        };
        let (outcome, id) = tokio::join!(execute(&plan, &stage.context, &operation), looking);
        assert_eq!(outcome.expect("an outcome").state, ChangeState::Cancelled);
        assert_eq!(other.entry(id).expect("an entry").entry.state, ChangeState::Cancelled);
        registry.mend();
        let fresh = Operation::unobserved();
        assert_eq!(
            resume(id, &stage.context, &fresh).await.expect("an outcome").state,
            ChangeState::Done
        );
        let again = resume(id, &stage.context, &fresh).await.expect_err("it is done");
        assert_eq!(again.code(), registry::ErrorCode::Refused);
    });
}
