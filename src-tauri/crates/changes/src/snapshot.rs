//! What was read of a repository, as a value that plans are computed from.

use std::collections::HashMap;

use artifact::{Digest, Tag};
pub use catalog::ManifestContent as SnapshotManifest;
use chrono::{DateTime, Utc};
use registry::DeleteRules;

use crate::{Located, Unreadable};

/// One repository at one moment: every tag, and every manifest that any of them reaches or that belongs to one of these.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub at: Located,
    /// Every tag, those of signatures and fallback referrers (`Tag::is_referrer_name`) too.
    pub tags: Vec<SnapshotTag>,
    /// By digest. What stands in `tags`, `children`, `referrers` and `listed` stands here, or the repository has an
    /// entry in `unreadable`.
    pub manifests: HashMap<Digest, SnapshotManifest>,
    pub unreadable: Vec<Unreadable>,
    /// Manifests that no tag leads to: all of them where the registry can list them, else those that were seen before.
    pub untagged: Vec<Digest>,
    pub lists_manifests: bool,
    pub rules: DeleteRules,
}

/// Where a tag points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotTag {
    pub tag: Tag,
    pub digest: Digest,
    /// Where the provider tells.
    pub pushed: Option<DateTime<Utc>>,
    /// Where the provider tells.
    pub pulled: Option<DateTime<Utc>>,
}
