//! The JSON documents of plans, outcomes and the journal. Scripts rely on their keys.

use application::{JournalDetail, JournalStep, OutcomeAnswer, PlanAnswer, PlannedStep, Pointing};
use serde::Serialize;

use super::times::precise;

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the contract names them")]
pub(crate) struct Plan {
    kind: &'static str,
    plan_id: String,
    steps: Vec<Step>,
    kept: Vec<Kept>,
    protected: Vec<Protected>,
    unreadable: Vec<Unreadable>,
    reclaimed_bytes: u64,
    deleted_tags: u64,
    warnings: Vec<String>,
    /// Of a copy: what is there already and is not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped_blobs: Option<Vec<SkippedBlob>>,
}

#[derive(Debug, Serialize)]
struct SkippedBlob {
    digest: String,
    bytes: u64,
}

#[derive(Debug, Serialize)]
struct Step {
    action: &'static str,
    reference: String,
    digest: String,
    expected_digest: Option<String>,
    tags: Vec<String>,
    reason: String,
    bytes: u64,
}

#[derive(Debug, Serialize)]
struct Kept {
    repository: String,
    tag: String,
    digest: String,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Protected {
    repository: String,
    digest: String,
    because: String,
}

#[derive(Debug, Serialize)]
struct Unreadable {
    reference: String,
    problem: String,
}

impl Step {
    fn of(step: &PlannedStep) -> Self {
        Self {
            action: step.action,
            reference: step.reference.clone(),
            digest: step.digest.to_string(),
            expected_digest: step.expected.as_ref().map(ToString::to_string),
            tags: step.tags.iter().map(ToString::to_string).collect(),
            reason: step.reason.clone(),
            bytes: step.bytes.bytes(),
        }
    }
}

impl Plan {
    pub(crate) fn of(plan: &PlanAnswer) -> Self {
        let kept = plan.kept.iter().map(|kept| Kept {
            repository: kept.repository.clone(),
            tag: kept.tag.to_string(),
            digest: kept.digest.to_string(),
            reason: kept.reason.clone(),
        });
        let protected = plan.protected.iter().map(|protected| Protected {
            repository: protected.repository.clone(),
            digest: protected.digest.to_string(),
            because: protected.because.clone(),
        });
        let unreadable = plan.unreadable.iter().map(|unread| Unreadable {
            reference: unread.reference.clone(),
            problem: unread.problem.clone(),
        });
        Self {
            kind: plan.kind,
            plan_id: plan.plan_id.clone(),
            steps: plan.steps.iter().map(Step::of).collect(),
            kept: kept.collect(),
            protected: protected.collect(),
            unreadable: unreadable.collect(),
            reclaimed_bytes: plan.reclaimed.bytes(),
            deleted_tags: plan.deleted_tags,
            warnings: plan.warnings.clone(),
            skipped_blobs: plan.transfer.as_ref().map(|transfer| {
                let skipped = transfer.skipped().map(|blob| SkippedBlob {
                    digest: blob.digest.to_string(),
                    bytes: blob.size.bytes(),
                });
                skipped.collect()
            }),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    #[serde(flatten)]
    plan: Plan,
    journal_id: Option<String>,
    state: &'static str,
    done: Vec<usize>,
    failed: Vec<Failed>,
    skipped: Vec<Skipped>,
}

#[derive(Debug, Serialize)]
struct Failed {
    step: usize,
    code: &'static str,
    message: String,
    hint: Option<String>,
}

#[derive(Debug, Serialize)]
struct Skipped {
    step: usize,
    reason: String,
}

impl Outcome {
    pub(crate) fn of(outcome: &OutcomeAnswer) -> Self {
        let failed = outcome.failed.iter().map(|failed| Failed {
            step: failed.step,
            code: failed.code.as_str(),
            message: failed.message.clone(),
            hint: failed.hint.clone(),
        });
        let skipped = outcome.skipped.iter().map(|skipped| Skipped {
            step: skipped.step,
            reason: skipped.reason.clone(),
        });
        Self {
            plan: Plan::of(&outcome.plan),
            journal_id: outcome.journal_id.clone(),
            state: outcome.state,
            done: outcome.done.clone(),
            failed: failed.collect(),
            skipped: skipped.collect(),
        }
    }
}

/// A change in the journal.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    id: String,
    kind: &'static str,
    started: String,
    finished: Option<String>,
    state: &'static str,
    repositories: Vec<String>,
    backups: Vec<String>,
    sources: Vec<String>,
    user: Option<String>,
    policy: Option<String>,
    version: Option<String>,
    program: Option<String>,
    computer: Option<String>,
    undoes: Option<String>,
    undone_by: Option<String>,
    planned_bytes: u64,
    done_bytes: u64,
    steps: Vec<EntryStep>,
}

#[derive(Debug, Serialize)]
struct EntryStep {
    #[serde(flatten)]
    step: Step,
    state: &'static str,
    at: Option<String>,
    message: Option<String>,
}

impl Entry {
    pub(crate) fn of(detail: &JournalDetail) -> Self {
        let step = |step: &JournalStep| EntryStep {
            step: Step::of(&step.step),
            state: step.state,
            at: step.at.map(precise),
            message: step.message.clone(),
        };
        let line = &detail.line;
        Self {
            id: line.id.clone(),
            kind: line.kind,
            started: precise(line.started),
            finished: line.finished.map(precise),
            state: line.state,
            repositories: line.repositories.clone(),
            backups: line.backups.clone(),
            sources: line.sources.clone(),
            user: line.by.clone(),
            policy: line.origin.policy.clone(),
            version: line.origin.version.clone(),
            program: line.origin.program.clone(),
            computer: line.origin.computer.clone(),
            undoes: line.undoes.clone(),
            undone_by: line.undone_by.clone(),
            planned_bytes: line.planned.bytes.bytes(),
            done_bytes: line.done.bytes.bytes(),
            steps: detail.steps.iter().map(step).collect(),
        }
    }
}

/// Where a channel pointed for a while.
#[derive(Debug, Serialize)]
pub(crate) struct Pointed {
    digest: String,
    tags: Vec<String>,
    since: Option<String>,
    until: Option<String>,
    by: Option<String>,
}

impl Pointed {
    pub(crate) fn of(pointing: &Pointing) -> Self {
        Self {
            digest: pointing.digest.to_string(),
            tags: pointing.tags.iter().map(ToString::to_string).collect(),
            since: pointing.since.map(precise),
            until: pointing.until.map(precise),
            by: pointing.by.clone(),
        }
    }
}
