//! The diagnosis of a connection: step by step from the name to a delete, each with its likely cause in plain words.
//!
//! Changes nothing: the upload is begun and cancelled, and what is deleted is not there.

mod greeting;
mod rights;
mod way;

use std::time::Instant;

use super::HttpRegistry;
use crate::{CheckName, CheckStep, Clock, Operation, RegistryError};

/// All steps in their order; after a failure that makes the rest pointless these are told as not tried.
pub(super) async fn run(registry: &HttpRegistry, operation: &Operation, clock: &Clock) -> Vec<CheckStep> {
    let mut diagnosis = Diagnosis {
        registry,
        operation,
        clock,
        steps: Vec::with_capacity(CheckName::ALL.len()),
    };
    diagnosis.run().await;
    for step in CheckName::ALL {
        if !diagnosis.steps.iter().any(|done| done.step == step) {
            diagnosis
                .steps
                .push(CheckStep::skipped(step, "not tried, because of the step before"));
        }
    }
    diagnosis
        .steps
        .sort_by_key(|step| CheckName::ALL.iter().position(|name| *name == step.step));
    diagnosis.steps
}

struct Diagnosis<'a> {
    registry: &'a HttpRegistry,
    operation: &'a Operation,
    clock: &'a Clock,
    steps: Vec<CheckStep>,
}

/// Why the diagnosis ends early: the step that says it has been noted.
struct Ended;

impl Diagnosis<'_> {
    async fn run(&mut self) {
        // Each part notes its own steps; an early end is noted there, too.
        let _ended = self.all().await;
    }

    async fn all(&mut self) -> Result<(), Ended> {
        self.reach().await?;
        self.greet_and_log_in().await?;
        let listed = self.list().await;
        let repository = self.pull(listed).await;
        match repository {
            Some(repository) => {
                self.push(&repository).await;
                self.delete(&repository).await;
            }
            None => {
                for step in [CheckName::Push, CheckName::Delete] {
                    self.steps.push(CheckStep::skipped(step, "no repository to try it on"));
                }
            }
        }
        Ok(())
    }

    fn note(&mut self, step: CheckName, ok: bool, detail: impl Into<String>, hint: Option<String>, began: Instant) {
        let milliseconds = u64::try_from(began.elapsed().as_millis()).ok();
        self.steps.push(CheckStep {
            step,
            ok: Some(ok),
            detail: detail.into(),
            hint,
            code: None,
            milliseconds,
        });
    }

    fn fail(&mut self, step: CheckName, error: &RegistryError, began: Instant) -> Ended {
        if matches!(error, RegistryError::Cancelled) {
            self.steps.push(CheckStep::skipped(step, "cancelled"));
        } else {
            self.note(step, false, error.to_string(), error.hint(), began);
            if let Some(noted) = self.steps.last_mut() {
                noted.code = Some(error.code());
            }
        }
        Ended
    }
}
