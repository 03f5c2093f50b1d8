//! One step of a run: its mark in the journal, its place among those that may send, its work, and how it ended.

use registry::RegistryError;

use super::{delete, outcome::CANCELLED, put, work::Work};
use crate::{Action, JournalError, Step, journal::StepEnd};

/// Makes a step.
///
/// # Errors
/// [`JournalError`] if the step could not be noted: then nothing of it was sent.
pub(super) async fn make(work: &Work, place: usize) -> Result<StepEnd, JournalError> {
    work.recorder.begin(place, work.clock.now()).await?;
    let end = match work.steps.get(place) {
        Some(step) => attempt(work, place, step).await,
        None => delete::skipped("the plan has no such step"),
    };
    work.recorder.end(place, work.clock.now(), end.clone()).await;
    Ok(end)
}

async fn attempt(work: &Work, place: usize, step: &Step) -> StepEnd {
    let _room = work.enter(&step.at.connection).await;
    if work.operation.cancel.is_cancelled() {
        return delete::skipped(CANCELLED);
    }
    if let Some(reason) = work.halted(step) {
        return delete::skipped(reason);
    }
    let outcome = match &step.action {
        Action::DeleteTag => delete::tag(work, place, step).await,
        Action::DeleteManifest => delete::manifest(work, step).await,
        Action::PutManifest => put::manifest(work, step).await,
        Action::CopyBlob { from } => put::copied_blob(work, place, step, from).await,
        Action::MountBlob { from } => put::mounted_blob(work, place, step, from).await,
    };
    match outcome {
        Ok(end) => {
            if end == StepEnd::Done {
                work.note_success(step);
            }
            end
        }
        Err(RegistryError::Cancelled) => delete::skipped(CANCELLED),
        Err(error) => {
            work.note_failure(step, &error);
            failed(&error)
        }
    }
}

fn failed(error: &RegistryError) -> StepEnd {
    StepEnd::Failed {
        code: error.code().as_str().to_owned(),
        message: error.to_string(),
        hint: error.hint(),
    }
}
