//! A change as a value: what will be done, what stays and why. Computed from what was read, shown, and executed later.

use std::{collections::BTreeMap, fmt};

use artifact::{ByteSize, Digest, RepositoryName, Tag};
use catalog::ConnectionId;
use registry::RawManifest;
use serde::{Deserialize, Serialize};

use crate::Period;

/// What a change is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// By a retention policy.
    Prune,
    /// Of tags and versions that were chosen by hand.
    Delete,
    Promote,
    Rollback,
    Copy,
    Undo,
}

/// A repository of a connection, by the registry's full name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Located {
    pub connection: ConnectionId,
    pub repository: RepositoryName,
}

/// A change that can be shown, journaled and executed.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub kind: ChangeKind,
    /// In the order of execution: what a step waits for stands before it.
    pub steps: Vec<Step>,
    pub kept: Vec<KeptTag>,
    pub protected: Vec<ProtectedDigest>,
    /// What could not be read. A repository with one of these is not pruned.
    pub unreadable: Vec<Unreadable>,
    /// Blobs that nothing needs any more when all steps are done, each counted once.
    pub reclaimed: ByteSize,
    /// Tags of the policy or the choice that go; signature and fallback tags are not counted.
    pub deleted_tags: u64,
    /// For people: what the registry will do later, what cannot be undone.
    pub warnings: Vec<String>,
    /// The bytes of every manifest that a step puts or deletes, for the journal. Empty in a preview.
    pub manifests: BTreeMap<Digest, RawManifest>,
}

/// One write to a registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub action: Action,
    pub at: Located,
    /// The tag that is put or deleted; none where a digest alone is meant.
    pub tag: Option<Tag>,
    /// What is put, deleted, or what the deleted tag points at.
    pub digest: Digest,
    /// What the tag (or, without a tag, the digest) must hold just before the step. `None`: nothing.
    pub expected: Option<Digest>,
    /// Every tag that goes (or moves) with this step. A tag stands in one step only.
    pub tags: Vec<Tag>,
    /// Why, for people.
    pub reason: String,
    /// Sent, or freed.
    pub bytes: ByteSize,
    /// Steps, by their place in the plan, that must have succeeded before this one starts. All of them are smaller.
    pub after: Vec<usize>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A tag alone, in the way that the registry's delete rules name.
    DeleteTag,
    /// A manifest by its digest.
    DeleteManifest,
    PutManifest,
    /// From another repository, which may be of another connection.
    CopyBlob {
        from: Located,
    },
    /// From another repository of the same registry.
    MountBlob {
        from: RepositoryName,
    },
}

impl Action {
    /// The name in plans and outcomes.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::DeleteTag => "delete-tag",
            Self::DeleteManifest => "delete-manifest",
            Self::PutManifest => "put-manifest",
            Self::CopyBlob { .. } => "copy-blob",
            Self::MountBlob { .. } => "mount-blob",
        }
    }
}

/// A considered tag that stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptTag {
    pub at: Located,
    pub tag: Tag,
    pub digest: Digest,
    pub reason: KeepReason,
}

/// By which rule a tag stays. Its text is what plans show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeepReason {
    Protected,
    SameVersion(Tag),
    /// Among the newest of its group.
    KeepLast(u32),
    /// The same age as the last that `KeepLast` keeps.
    Tie(u32),
    KeepLastReleases(u32),
    /// A pattern of `--keep`.
    Pattern(String),
    Semver,
    /// Not older than this.
    Younger(Period),
    /// Pulled within this.
    PulledLately(Period),
    UnknownAge,
    UnknownPull,
    /// No rule lets a tag go.
    NoRule,
    /// The repository could not be read in full.
    Unreadable,
    /// Nothing that deletes it alone is safe here.
    CannotGoAlone,
    /// A signature or fallback tag that was chosen by hand, of a version that stays.
    BelongsTo(Digest),
    /// The registry deletes nothing.
    DeletesOff,
    /// No way to delete a version is known to be safe here.
    NoSafeWay,
}

impl fmt::Display for KeepReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Protected => formatter.write_str("protected"),
            Self::SameVersion(tag) => write!(formatter, "same version as {tag}"),
            Self::KeepLast(count) => write!(formatter, "one of the last {count}"),
            Self::Tie(count) => write!(formatter, "as old as one of the last {count}"),
            Self::KeepLastReleases(count) => write!(formatter, "one of the last {count} releases"),
            Self::Pattern(pattern) => write!(formatter, "matches {pattern}"),
            Self::Semver => formatter.write_str("a release"),
            Self::Younger(_) => formatter.write_str("too young"),
            Self::PulledLately(_) => formatter.write_str("pulled lately"),
            Self::UnknownAge => formatter.write_str("age unknown"),
            Self::UnknownPull => formatter.write_str("last pull unknown"),
            Self::NoRule => formatter.write_str("no rule lets it go"),
            Self::Unreadable => formatter.write_str("the repository could not be read in full"),
            Self::BelongsTo(subject) => write!(formatter, "belongs to {}", subject.short()),
            Self::DeletesOff => formatter.write_str("deletes are off in this registry"),
            Self::NoSafeWay => formatter.write_str("no safe way to delete it here is known"),
            Self::CannotGoAlone => formatter.write_str("this registry cannot delete it alone"),
        }
    }
}

/// A digest that would go by itself, and stays because something that stays needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedDigest {
    pub at: Located,
    pub digest: Digest,
    pub because: ProtectionReason,
}

/// What needs a protected digest. Its text is what plans show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProtectionReason {
    ChildOf(Digest),
    ReferrerOf(Digest),
    TaggedAs(Tag),
    /// Whoever needs it, its age is under the limit or unknown.
    Age,
}

impl fmt::Display for ProtectionReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChildOf(index) => write!(formatter, "part of {}", index.short()),
            Self::ReferrerOf(subject) => write!(formatter, "belongs to {}", subject.short()),
            Self::TaggedAs(tag) => write!(formatter, "tagged {tag}"),
            Self::Age => formatter.write_str("too young, or of unknown age"),
        }
    }
}

/// What could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub at: Located,
    /// A tag or digest.
    pub reference: String,
    pub problem: String,
}
