//! What we will do: plans for pruning, promoting and copying; their execution, the journal, and undo.
//!
//! The only caller of [`registry::WritableRegistry`]. Depends on `catalog`, `registry` and `artifact`; must not depend on
//! `application` or the shell. Plans are computed purely from a [`Snapshot`]; time and the network are passed in.

#[cfg(test)]
mod double;
mod error;
mod journal;
mod plan;
mod run;
mod snapshot;
mod undo;

pub use error::ChangeError;
pub use journal::{
    AuditOutcome, AuditRow, ChangeId, ChangeIdError, ChangeState, Entry, EntryDetail, EntryFilter, EntryPage,
    EntryStep, Journal, JournalError, JournaledMove, Party, StepState,
};
pub use plan::{
    Action, ChangeKind, KeepReason, KeptTag, Located, Plan, ProtectedDigest, ProtectionReason, Step, Unreadable,
};
pub use run::{Context, FailedStep, Outcome, Parties, SkippedStep, execute, execute_undo, plan_resume, resume};
pub use snapshot::{Snapshot, SnapshotManifest, SnapshotTag};
pub use undo::plan_undo;
