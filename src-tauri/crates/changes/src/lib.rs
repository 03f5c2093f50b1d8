//! What we will do: plans for pruning, promoting and copying; their execution, the journal, and undo.
//!
//! The only caller of [`registry::WritableRegistry`]. Depends on `catalog`, `registry` and `artifact`; must not depend on
//! `application` or the shell. Plans are computed purely from a [`Snapshot`]; time and the network are passed in.

mod backup;
mod copy;
#[cfg(test)]
mod double;
mod error;
mod journal;
mod plan;
mod policy;
mod promote;
mod prune;
mod reading;
mod requirements;
mod run;
mod snapshot;
#[cfg(any(test, feature = "synthetic"))]
pub mod synthetic;
mod undo;

pub use backup::{Going, read_going, with_backup};
pub use copy::{
    BlobRole, Needed, PlatformChoice, ReferrerChoice, Selection, SourceArtifact, SourceBlob, SourceManifest,
    TargetState, TargetTag, Transfer, TransferBlob, UnknownReferrers, plan_copy, read_artifact, read_target,
    transfer_of,
};
pub use error::ChangeError;
pub use journal::{
    AuditOutcome, AuditRow, ChangeId, ChangeIdError, ChangeState, Entry, EntryDetail, EntryFilter, EntryPage,
    EntryStep, Journal, JournalError, JournalSize, JournaledMove, Origin, Party, StepState, Tally, Unsettled,
};
pub use plan::{
    Action, ChangeKind, KeepReason, KeptTag, Located, Plan, ProtectedDigest, ProtectionReason, Step, Unreadable,
};
pub use policy::{GroupBy, Pattern, PatternError, Period, PeriodError, Policy, PolicyError, PolicySet, ProtectedTags};
pub use promote::{Rollback, plan_promote, plan_promote_to, plan_rollback, read_rollback, version_before};
pub use prune::{
    Along, Chosen, ChosenError, Explanation, GoReason, GoingVersion, Pruning, explain_delete, explain_prune,
    plan_delete, plan_prune,
};
pub use reading::Reading;
pub use requirements::{
    Comparison, Confirmation, Evidence, FoundSignature, MetricBound, MetricBoundError, Requirement, RequirementOutcome,
    check_requirements, read_evidence, require_all,
};
pub use run::{
    Context, FailedStep, Outcome, OvertakenTag, Parties, SkippedStep, execute, execute_undo, plan_resume,
    read_overtaken, resume,
};
pub use snapshot::{Snapshot, SnapshotManifest, SnapshotTag};
pub use undo::plan_undo;
