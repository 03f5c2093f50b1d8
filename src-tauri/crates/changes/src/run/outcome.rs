//! How a run ended, as a value. Knows nothing of how it ran.

use serde::Serialize;

use crate::{
    ChangeId, ChangeState,
    journal::{Ending, StepEnd},
};

/// What became of a plan's steps; a step is its place in the plan, from 0. Each step stands in one of the lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    pub journal_id: ChangeId,
    pub state: ChangeState,
    pub done: Vec<usize>,
    pub failed: Vec<FailedStep>,
    pub skipped: Vec<SkippedStep>,
}

/// A step that the registry refused, or that did not leave what it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailedStep {
    pub step: usize,
    pub code: String,
    pub message: String,
    pub hint: Option<String>,
}

/// A step that wrote nothing, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SkippedStep {
    pub step: usize,
    pub reason: String,
}

/// Why a step was not started that nothing else stands against.
pub(super) const CANCELLED: &str = "cancelled before it started";
const NOT_STARTED: &str = "not started: the journal could not be written";

impl Outcome {
    /// `None` in `ends` is a step that was not started.
    pub(super) fn of(journal_id: ChangeId, state: ChangeState, ends: &[Option<StepEnd>]) -> Self {
        let mut outcome = Self {
            journal_id,
            state,
            done: Vec::new(),
            failed: Vec::new(),
            skipped: Vec::new(),
        };
        let not_started = if state == ChangeState::Interrupted {
            NOT_STARTED
        } else {
            CANCELLED
        };
        for (step, end) in ends.iter().enumerate() {
            outcome.add(step, end.as_ref(), not_started);
        }
        outcome
    }

    fn add(&mut self, step: usize, end: Option<&StepEnd>, not_started: &str) {
        match end {
            Some(StepEnd::Done) => self.done.push(step),
            Some(StepEnd::Failed { code, message, hint }) => self.failed.push(FailedStep {
                step,
                code: code.clone(),
                message: message.clone(),
                hint: hint.clone(),
            }),
            Some(StepEnd::Skipped { reason }) => self.skipped.push(SkippedStep {
                step,
                reason: reason.clone(),
            }),
            None => self.skipped.push(SkippedStep {
                step,
                reason: not_started.to_owned(),
            }),
        }
    }
}

/// How a run ended whose steps ended so.
pub(super) fn ending(ends: &[Option<StepEnd>], cancelled: bool) -> Ending {
    let done = ends.iter().filter(|end| **end == Some(StepEnd::Done)).count();
    if done == ends.len() {
        Ending::Done
    } else if cancelled {
        Ending::Cancelled
    } else if done > 0 {
        Ending::Partial
    } else {
        Ending::Failed
    }
}
