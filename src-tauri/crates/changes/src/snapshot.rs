//! What was read of a repository, as a value that plans are computed from.

use std::collections::HashMap;

use artifact::{ByteSize, Digest, Tag};
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

/// What a manifest needs, and what belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SnapshotManifest {
    pub media_type: String,
    /// Of the manifest itself, in bytes.
    pub size: ByteSize,
    /// As `cli.md` counts it: null for unknown, of an index its newest platform's.
    pub created: Option<DateTime<Utc>>,
    pub children: Vec<Digest>,
    /// Config and layers.
    pub blobs: Vec<(Digest, ByteSize)>,
    pub subject: Option<Digest>,
    /// What the registry, or a fallback tag, names as pointing at it.
    pub referrers: Vec<Digest>,
}
