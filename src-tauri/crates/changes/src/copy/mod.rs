//! Copies between any two repositories: what is read of the source and of the target, and the plan that follows.
//!
//! Nothing here writes. Reading goes through [`registry::Registry`] with an operation that can be cancelled; planning is
//! pure. Must not depend on the journal or on how steps are executed.

mod choice;
mod plan;
mod platforms;
mod read;
mod referrers;
mod source;
mod target;
#[cfg(test)]
mod tests;
mod transfer;

pub use choice::{ReferrerChoice, UnknownReferrers};
pub use plan::plan_copy;
pub(crate) use plan::{plan_of, plan_transfer, tag_step};
pub use read::read_artifact;
pub(crate) use referrers::{cosign_tags, found, listed};
pub(crate) use source::schema1;
pub use source::{Needed, PlatformChoice, Selection, SourceArtifact, SourceBlob, SourceManifest};
pub use target::{TargetState, TargetTag, read_target};
pub use transfer::{BlobRole, Transfer, TransferBlob, transfer_of};
