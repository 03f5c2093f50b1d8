//! Execution: the steps of a plan, each noted in the journal before anything of it is sent, each checked against the
//! registry just before it writes.
//!
//! The only caller of the write primitives. Knows nothing of why a plan is as it is.

mod check;
mod delete;
mod engine;
mod guard;
mod outcome;
mod parties;
mod progress;
mod put;
mod resume;
mod schedule;
mod step;
#[cfg(test)]
pub(crate) mod tests;
mod work;

use std::sync::Arc;

use artifact::Digest;
use catalog::Index;
use registry::{Clock, Operation};

pub(crate) use check::children;
pub use outcome::{FailedStep, Outcome, SkippedStep};
pub use parties::Parties;
pub use resume::{OvertakenTag, plan_resume, read_overtaken, resume};
pub(crate) use work::{dummy, held};

use self::{
    engine::Ended,
    work::{Parts, Work},
};
use crate::{
    Action, ChangeError, ChangeId, ChangeState, Journal, JournalError, KeptTag, Origin, Party, Plan, Step,
    journal::{Manifests, NewChange, Recorder, Unfinished},
};

/// What a run needs beside its plan.
#[derive(Clone, Debug)]
pub struct Context {
    pub journal: Journal,
    /// Every connection that the plan names.
    pub parties: Parties,
    /// Where verified manifests are found without asking the registry again.
    pub index: Option<Index>,
    pub clock: Clock,
    /// What the journal notes of where the change comes from.
    pub origin: Origin,
}

/// Carries out a plan.
///
/// Every step is in the journal before anything of it is sent, and is refused by itself if its tag or digest holds
/// something else than the plan saw. What a step meets stands in the outcome and does not end the run.
///
/// # Errors
/// Before anything was written: [`ChangeError::Refused`] for a plan that could not be undone,
/// [`ChangeError::NotFound`] for a connection that is not there, [`ChangeError::Journal`], [`ChangeError::Registry`],
/// [`ChangeError::Cancelled`]. After that only [`ChangeError::Stopped`], with what was done.
pub async fn execute(plan: &Plan, context: &Context, operation: &Operation) -> Result<Outcome, ChangeError> {
    begin(plan, None, context, operation).await
}

/// Carries out what [`crate::plan_undo`] planned; the change that it undoes counts as undone when all of it is done.
///
/// # Errors
/// As [`execute`]; and [`ChangeError::Journal`] with [`JournalError::Running`] while the change to be undone runs.
pub async fn execute_undo(
    undoes: ChangeId,
    plan: &Plan,
    context: &Context,
    operation: &Operation,
) -> Result<Outcome, ChangeError> {
    let journal = context.journal.clone();
    // Nobody resumes it meanwhile.
    let undone = blocking(move || journal.take_up(undoes)).await?;
    // What is not brought back whole can be tried again.
    let counts = plan.unreadable.is_empty().then_some(undoes);
    let outcome = begin(plan, counts, context, operation).await;
    drop(undone.lock);
    outcome
}

async fn begin(
    plan: &Plan,
    undoes: Option<ChangeId>,
    context: &Context,
    operation: &Operation,
) -> Result<Outcome, ChangeError> {
    check::check(plan)?;
    let parties = parties_of(&plan.steps, &context.parties)?;
    let before = check::read_for_undo(plan, &context.parties, operation).await?;
    operation.check()?;
    let (journal, plan_copy, started) = (context.journal.clone(), plan.clone(), context.clock.now());
    let origin = context.origin.clone();
    let unfinished = blocking(move || {
        journal.begin(&NewChange {
            plan: &plan_copy,
            manifests: plan_copy.manifests.values().chain(before.values()).collect(),
            parties: parties.iter().collect(),
            undoes,
            origin: &origin,
            started,
        })
    });
    let run = Run {
        steps: plan.steps.clone(),
        done_before: vec![false; plan.steps.len()],
        kept: plan.kept.clone(),
        manifests: plan.manifests.clone(),
    };
    run.carry_out(unfinished.await?, context, operation).await
}

/// The steps of a change that are carried out now.
struct Run {
    steps: Vec<Step>,
    done_before: Vec<bool>,
    kept: Vec<KeptTag>,
    manifests: Manifests,
}

impl Run {
    /// Holds the change's lock to the end.
    async fn carry_out(
        self,
        unfinished: Unfinished,
        context: &Context,
        operation: &Operation,
    ) -> Result<Outcome, ChangeError> {
        let Unfinished { id, word, lock } = unfinished;
        let recorder = Recorder::start(context.journal.clone(), id);
        let work = Work::new(Parts {
            steps: self.steps,
            done_before: self.done_before,
            kept: self.kept,
            manifests: self.manifests,
            parties: context.parties.clone(),
            index: context.index.clone(),
            clock: context.clock.clone(),
            recorder: recorder.clone(),
            word,
            operation: operation.clone(),
        });
        let Ended {
            ends,
            cancelled,
            failure,
        } = engine::run(Arc::new(work)).await;
        let ending = outcome::ending(&ends, cancelled);
        let finished = match failure {
            Some(failure) => Err(failure),
            None => recorder.finish(context.clock.now(), ending).await,
        };
        drop(lock);
        match finished {
            Ok(()) => Ok(Outcome::of(id, ending.state(), &ends)),
            Err(cause) => Err(ChangeError::Stopped {
                cause,
                outcome: Box::new(Outcome::of(id, ChangeState::Interrupted, &ends)),
            }),
        }
    }
}

/// What the journal notes of every connection that the steps write to or read from.
fn parties_of(steps: &[Step], parties: &Parties) -> Result<Vec<Party>, ChangeError> {
    let sources = steps.iter().filter_map(|step| match &step.action {
        Action::CopyBlob { from } => Some(&from.connection),
        _ => None,
    });
    let targets = steps.iter().map(|step| &step.at.connection);
    let mut connections: Vec<_> = targets.chain(sources).collect();
    connections.sort_unstable();
    connections.dedup();
    connections
        .into_iter()
        .map(|connection| parties.party(connection).cloned())
        .collect()
}

/// The dummy manifest of a step of this run.
fn dummy_of(work: &Work, place: usize) -> Digest {
    registry::dummy_manifest(&work.unique(place)).digest
}

/// Runs work on the journal away from the task that the requests run on.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, JournalError> + Send + 'static,
) -> Result<T, ChangeError> {
    Ok(tokio::task::spawn_blocking(work).await??)
}
