//! Plans of changes, how they ended, and what the journal tells, as a person or a script sees them.

use artifact::{ByteSize, Digest, Tag};
use chrono::{DateTime, Utc};
use registry::ErrorCode;

/// What a change will do, and what it leaves alone.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanAnswer {
    /// `prune`, `delete`, `promote`, `rollback`, `copy`, `undo`.
    pub kind: &'static str,
    /// The same for the same steps: two looks at an unchanged registry give the same plan.
    pub plan_id: String,
    pub steps: Vec<PlannedStep>,
    pub kept: Vec<Kept>,
    pub protected: Vec<Protected>,
    pub unreadable: Vec<Unread>,
    /// Blobs that nothing needs any more afterwards, each counted once.
    pub reclaimed: ByteSize,
    /// Tags of the policy or the choice that go.
    pub deleted_tags: u64,
    pub warnings: Vec<String>,
}

/// One write to a registry.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedStep {
    /// `delete-tag`, `delete-manifest`, `put-manifest`, `copy-blob`, `mount-blob`.
    pub action: &'static str,
    /// `CONNECTION/REPOSITORY:TAG`, or with `@DIGEST`.
    pub reference: String,
    pub digest: Digest,
    /// What must be there just before; none: nothing.
    pub expected: Option<Digest>,
    pub tags: Vec<Tag>,
    pub reason: String,
    pub bytes: ByteSize,
}

/// A considered tag that stays.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// `CONNECTION/REPOSITORY`.
    pub repository: String,
    pub tag: Tag,
    pub digest: Digest,
    pub reason: String,
}

/// A digest that stays because something that stays needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Protected {
    /// `CONNECTION/REPOSITORY`.
    pub repository: String,
    pub digest: Digest,
    pub because: String,
}

/// What could not be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    /// `CONNECTION/REPOSITORY` with the tag or digest.
    pub reference: String,
    pub problem: String,
}

/// How an executed plan ended.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeAnswer {
    pub plan: PlanAnswer,
    pub journal_id: String,
    /// `done`, `partial`, `failed`, `cancelled`.
    pub state: &'static str,
    /// Steps that were done, or were as good as done before.
    pub done: Vec<usize>,
    pub failed: Vec<FailedStep>,
    pub skipped: Vec<SkippedStep>,
}

/// A step that did not succeed.
#[derive(Clone, Debug, PartialEq)]
pub struct FailedStep {
    /// Its place in the plan, from 0.
    pub step: usize,
    pub code: ErrorCode,
    pub message: String,
    pub hint: Option<String>,
}

/// A step that was not tried.
#[derive(Clone, Debug, PartialEq)]
pub struct SkippedStep {
    /// Its place in the plan, from 0.
    pub step: usize,
    pub reason: String,
}

/// One change in the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalLine {
    pub id: String,
    pub kind: &'static str,
    pub started: DateTime<Utc>,
    /// None until a run ends, or is resumed or undone.
    pub finished: Option<DateTime<Utc>>,
    /// `running`, `interrupted`, `done`, `partial`, `failed`, `cancelled`, `undone`.
    pub state: &'static str,
    /// `CONNECTION/REPOSITORY`.
    pub repositories: Vec<String>,
    pub steps: Vec<JournalStep>,
}

/// A step as the journal holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalStep {
    pub step: PlannedStep,
    /// `waiting`, `begun`, `done`, `failed`, `skipped`.
    pub state: &'static str,
    pub at: Option<DateTime<Utc>>,
    pub message: Option<String>,
}
