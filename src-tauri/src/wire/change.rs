//! Changes: what the window asks for, the plan that it is shown, how it ended, and the journal.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{ErrorCode, GoingVersion, KeepReason, ProtectionReason, RepositoryPlace};

/// What somebody wants to change. Repositories are named relative to their connection's path.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum ChangeRequest {
    Prune {
        repositories: Vec<RepositoryPlace>,
        rules: PruneRules,
        /// Null: none.
        backup: Option<BackupPlace>,
    },
    /// Chosen by hand.
    Delete {
        connection_id: String,
        repository: String,
        tags: Vec<String>,
        digests: Vec<String>,
        /// Only the tags go, their versions stay.
        each_tag: bool,
        /// Protected tags go too: somebody typed the repository's name.
        protected_too: bool,
        /// Null: none.
        backup: Option<BackupPlace>,
    },
    /// To a tag of the same repository.
    Promote {
        connection_id: String,
        repository: String,
        digest: String,
        to: String,
    },
    /// A channel back to where it pointed before.
    Rollback {
        connection_id: String,
        repository: String,
        channel: String,
    },
    /// To another repository or connection.
    Copy {
        connection_id: String,
        repository: String,
        digest: String,
        target_connection_id: String,
        target_repository: String,
        /// In the order in which they are put.
        target_tags: Vec<String>,
        /// Null: all.
        referrers: Option<Vec<ReferrerKind>>,
        /// Empty: all.
        platforms: Vec<String>,
        /// It is called a promotion, and what the channels ask for is checked either way.
        promotes: bool,
    },
    Undo {
        id: String,
    },
    Resume {
        id: String,
    },
}

/// Where all that goes is copied before anything is deleted.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BackupPlace {
    /// Of a folder.
    pub connection_id: String,
    /// Before the repositories' names there; empty: nothing.
    pub prefix: String,
}

/// What may point at a version and travel with it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ReferrerKind {
    Signature,
    Sbom,
    Attestation,
    /// None of the others.
    Other,
}

/// A route as it takes one version.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FittingRoute {
    pub name: String,
    pub target_connection_id: String,
    pub target_repository: String,
    /// In the order in which they are put.
    pub tags: Vec<String>,
    /// Null: all.
    pub referrers: Option<Vec<ReferrerKind>>,
    /// Empty: all.
    pub platforms: Vec<String>,
}

/// Of a copy: what happens to each blob.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Transfer {
    /// What is copied.
    pub found: String,
    /// What arrives: the same, unless platforms were chosen.
    pub arrives: String,
    pub blobs: Vec<TransferBlob>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferBlob {
    pub digest: String,
    pub bytes: u64,
    /// `layer`, `config`, `signature`, `sbom`, `attestation`.
    pub role: String,
    /// The platforms that need it; empty for what belongs to none.
    pub platforms: Vec<String>,
    /// The step that brings it; null: it is there already.
    pub step: Option<u64>,
}

/// The rules of a clean-up; what is absent rules nothing.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PruneRules {
    /// A glob; absent: all tags.
    pub matching: Option<String>,
    pub keep_last: Option<u32>,
    pub keep_last_releases: Option<u32>,
    /// A regular expression.
    pub group_by: Option<String>,
    /// Such as `30d`.
    pub older_than: Option<String>,
    /// Such as `90d`.
    pub not_pulled_for: Option<String>,
    /// Globs.
    pub keep: Vec<String>,
    pub keep_semver: bool,
    pub untagged: bool,
    pub each_tag: bool,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the front end reads the names alone")]
pub(crate) struct Plan {
    /// `prune`, `delete`, `promote`, `rollback`, `copy`, `undo`.
    pub kind: String,
    /// What `executeChange` takes; the same for the same steps.
    pub plan_id: String,
    pub steps: Vec<PlannedStep>,
    pub kept: Vec<KeptTag>,
    pub protected: Vec<ProtectedDigest>,
    pub unreadable: Vec<UnreadablePart>,
    pub reclaimed_bytes: u64,
    pub deleted_tags: u64,
    pub warnings: Vec<String>,
    pub requirements: Vec<Requirement>,
    /// A name that a person has to type before the change is made.
    pub typed_name: Option<String>,
    pub transfer: Option<Transfer>,
    /// A plan that deletes, told by versions, in the order in which people read them.
    pub versions: Vec<GoingVersion>,
    /// What the repositories of such a plan hold now, each blob once.
    pub stored_bytes: Option<u64>,
    /// Where such a plan puts what goes before anything is deleted: `CONNECTION/REPOSITORY`.
    pub backups: Vec<String>,
    /// Tags of what is left of a change that hold something else by now.
    pub overtaken: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlannedStep {
    /// `delete-tag`, `delete-manifest`, `put-manifest`, `copy-blob`, `mount-blob`.
    pub action: String,
    pub reference: String,
    pub digest: String,
    pub expected_digest: Option<String>,
    pub tags: Vec<String>,
    pub reason: String,
    pub bytes: u64,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptTag {
    pub repository: String,
    pub tag: String,
    pub digest: String,
    /// As scripts read it.
    pub reason: String,
    pub why: KeepReason,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProtectedDigest {
    pub repository: String,
    pub digest: String,
    /// As scripts read it.
    pub because: String,
    pub why: ProtectionReason,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UnreadablePart {
    /// `CONNECTION/REPOSITORY`.
    pub repository: String,
    pub reference: String,
    pub problem: String,
}

/// What a channel asks for before a version may move there.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the front end reads the names alone")]
pub(crate) struct Requirement {
    pub requirement: String,
    pub met: bool,
    pub detail: String,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outcome {
    pub plan: Plan,
    /// None: there was nothing to do.
    pub journal_id: Option<String>,
    /// `done`, `partial`, `failed`, `cancelled`.
    pub state: String,
    /// Places in the plan's steps.
    pub done: Vec<u64>,
    pub failed: Vec<FailedStep>,
    pub skipped: Vec<SkippedStep>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FailedStep {
    pub step: u64,
    pub code: ErrorCode,
    pub message: String,
    pub hint: Option<String>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SkippedStep {
    pub step: u64,
    pub reason: String,
}

/// Where a channel pointed for a while.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pointing {
    pub digest: String,
    pub tags: Vec<String>,
    /// None: since before Berth looked.
    pub since: Option<String>,
    /// None: still.
    pub until: Option<String>,
    pub by: Option<String>,
}
