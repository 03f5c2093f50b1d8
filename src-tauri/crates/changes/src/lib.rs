//! What we will do: plans for pruning, promoting and copying; their execution, the journal, and undo.
//!
//! The only caller of [`registry::WritableRegistry`]. Depends on `catalog`, `registry` and `artifact`; must not depend on
//! `application` or the shell. Plans are computed purely from a [`Snapshot`]; time and the network are passed in.

mod error;
mod journal;
mod plan;
mod snapshot;

pub use error::ChangeError;
pub use plan::{
    Action, ChangeKind, KeepReason, KeptTag, Located, Plan, ProtectedDigest, ProtectionReason, Step, Unreadable,
};
pub use snapshot::{Snapshot, SnapshotManifest, SnapshotTag};
