//! What we will do: plans for pruning, promoting and copying; their execution, the journal, and undo.
//!
//! The only caller of [`registry::WritableRegistry`]. Depends on `catalog`, `registry` and `artifact`; must not depend on
//! `application` or the shell. Plans are computed purely from a [`Snapshot`]; time and the network are passed in.

mod plan;
mod policy;
mod prune;
mod snapshot;
#[cfg(any(test, feature = "synthetic"))]
pub mod synthetic;

pub use plan::{
    Action, ChangeKind, KeepReason, KeptTag, Located, Plan, ProtectedDigest, ProtectionReason, Step, Unreadable,
};
pub use policy::{GroupBy, Pattern, PatternError, Period, PeriodError, Policy, PolicyError, PolicySet, ProtectedTags};
pub use prune::{Chosen, ChosenError, Pruning, plan_delete, plan_prune};
pub use snapshot::{Snapshot, SnapshotManifest, SnapshotTag};
