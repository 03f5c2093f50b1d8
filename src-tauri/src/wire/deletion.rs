//! What a plan that deletes means: its versions, and why each tag and digest goes, stays or is protected. A program reads
//! the kind; the words for people are made of it.

use serde::Serialize;
use specta::Type;

use super::LayerSegment;

/// A version that goes, or of which tags go.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GoingVersion {
    /// `CONNECTION/REPOSITORY`.
    pub repository: String,
    pub digest: String,
    pub tags: Vec<String>,
    /// Whether it goes itself, not only tags of it.
    pub whole: bool,
    /// The steps that make it go, by their places in the plan.
    pub steps: Vec<u64>,
    pub along: Along,
    pub why: Vec<GoReason>,
    /// Of it and what goes along, each blob once.
    pub size_bytes: u64,
    /// The blobs that the plan frees, the largest of them where they are many.
    pub freed: Vec<LayerSegment>,
    /// All that the plan frees of it.
    pub freed_bytes: u64,
    /// Of that, what no other version that goes holds.
    pub only_here_bytes: u64,
}

/// What goes along with a version, counted.
#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Along {
    pub platforms: u64,
    pub sboms: u64,
    pub attestations: u64,
    pub signatures: u64,
    /// What points at it besides.
    pub others: u64,
}

/// Why a version may go: what each rule that was given says of it.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum GoReason {
    Chosen,
    Untagged,
    NotOfLast { count: u32 },
    NotOfLastReleases { count: u32 },
    PreRelease,
    NoRelease,
    Matches { pattern: String },
    Age { days: u64 },
    NotPulled { days: u64 },
}

/// By which rule a tag stays.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum KeepReason {
    Protected,
    SameVersion {
        tag: String,
    },
    KeepLast {
        count: u32,
    },
    Tie {
        count: u32,
    },
    KeepLastReleases {
        count: u32,
    },
    Pattern {
        pattern: String,
    },
    Release,
    /// Such as `90d`.
    Younger {
        than: String,
    },
    PulledLately {
        within: String,
    },
    UnknownAge,
    UnknownPull,
    NoRule,
    Unreadable,
    CannotGoAlone,
    BelongsTo {
        digest: String,
    },
    DeletesOff,
    NoSafeWay,
}

/// What needs a digest that stays.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum ProtectionReason {
    ChildOf { digest: String },
    ReferrerOf { digest: String },
    TaggedAs { tag: String },
    Age,
}
