//! What we will do: plans for pruning, promoting and copying; their execution, the journal, and undo.
//!
//! The only caller of [`registry::WritableRegistry`]. Depends on `catalog`, `registry` and `artifact`; must not depend on
//! `application` or the shell. Plans are computed purely from a [`Snapshot`]; time and the network are passed in.

mod copy;
mod error;
mod plan;
mod promote;
mod requirements;
mod snapshot;

pub use copy::{
    Needed, PlatformChoice, ReferrerChoice, Selection, SourceArtifact, SourceBlob, SourceManifest, TargetState,
    TargetTag, blob_size, plan_copy, read_artifact, read_target,
};
pub use error::ChangeError;
pub use plan::{
    Action, ChangeKind, KeepReason, KeptTag, Located, Plan, ProtectedDigest, ProtectionReason, Step, Unreadable,
};
pub use promote::{Rollback, plan_promote, plan_promote_to, plan_rollback, read_rollback, version_before};
pub use requirements::{
    Comparison, Confirmation, Evidence, FoundSignature, MetricBound, MetricBoundError, Requirement, RequirementOutcome,
    check_requirements, read_evidence, require_all,
};
pub use snapshot::{Snapshot, SnapshotManifest, SnapshotTag};
