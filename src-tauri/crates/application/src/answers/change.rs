//! Plans of changes, how they ended, and what the journal tells, as a person or a script sees them.

use std::path::PathBuf;

use artifact::{ByteSize, Digest, Platform, RepositoryName, Tag};
use catalog::ConnectionId;
use changes::{Along, GoReason, KeepReason, ProtectionReason, ReferrerChoice, Transfer};
use chrono::{DateTime, Utc};
use registry::ErrorCode;

use super::LayerSegment;
use crate::RouteSetting;

/// What somebody wants to change. Repositories are named relative to their connection's path.
#[derive(Clone, Debug)]
pub enum ChangeRequest {
    /// By rules.
    Prune {
        repositories: Vec<RepositoryAt>,
        rules: PruneRules,
        backup: Option<BackupAt>,
    },
    /// What was chosen by hand.
    Delete {
        at: RepositoryAt,
        chosen: ChosenVersions,
        backup: Option<BackupAt>,
    },
    /// To a tag of the same repository.
    Promote {
        at: RepositoryAt,
        version: Version,
        to: Tag,
        also_tags: Vec<Tag>,
    },
    /// A channel back to where it pointed before.
    Rollback {
        at: RepositoryAt,
        channel: Tag,
    },
    /// To another repository or connection, whole: the digest stays.
    PromoteElsewhere {
        at: RepositoryAt,
        version: Version,
        to: CopyTarget,
        wish: CopyWish,
    },
    /// To another repository or connection, or some platforms of it.
    Copy {
        at: RepositoryAt,
        version: Version,
        to: CopyTarget,
        wish: CopyWish,
    },
    Undo {
        id: String,
    },
    Resume {
        id: String,
    },
}

/// A repository by its connection and its name relative to the connection's path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryAt {
    pub connection: ConnectionId,
    pub repository: RepositoryName,
}

/// Where all that goes is copied before anything is deleted: into a folder, each repository under its own name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupAt {
    pub connection: ConnectionId,
    /// Before the repositories' names.
    pub prefix: Option<RepositoryName>,
}

/// A version by a tag that points at it now, or by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Version {
    Tag(Tag),
    Digest(Digest),
}

/// Where the rules of a clean-up come from.
#[derive(Clone, Debug)]
pub enum PruneRules {
    /// A file of policies.
    File(PathBuf),
    /// A saved policy, by its name.
    Saved(String),
    Flags(RuleFlags),
}

/// The rules of a clean-up as they are typed; `cli.md`, "Prune: the rules".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleFlags {
    pub matching: Option<String>,
    pub keep_last: Option<u32>,
    pub keep_last_releases: Option<u32>,
    pub group_by: Option<String>,
    /// Such as `30d`.
    pub older_than: Option<String>,
    /// Such as `90d`.
    pub not_pulled_for: Option<String>,
    pub keep: Vec<String>,
    pub keep_semver: bool,
    pub untagged: bool,
    pub each_tag: bool,
}

/// A saved policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPolicy {
    pub name: String,
    /// Globs over repositories, by their names in their connection or with the connection before it.
    pub patterns: Vec<String>,
    /// None where it cannot be used.
    pub rules: Option<RuleFlags>,
    /// Why it cannot be used.
    pub problem: Option<String>,
    /// The repositories of the index that the patterns match.
    pub covers: Vec<CoveredRepository>,
}

/// A repository that a policy is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoveredRepository {
    pub at: RepositoryAt,
    pub connection_name: String,
    pub tags: u64,
}

/// What was chosen by hand to be deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChosenVersions {
    pub tags: Vec<Tag>,
    pub digests: Vec<Digest>,
    /// Whether only the tags go, and their versions stay.
    pub each_tag: bool,
    /// Whether protected tags go too: somebody said so.
    pub protected_too: bool,
}

/// Where a copy goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyTarget {
    pub at: RepositoryAt,
    pub tags: Vec<Tag>,
}

/// What travels with a copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyWish {
    pub referrers: ReferrerChoice,
    /// None: all.
    pub platforms: Vec<Platform>,
    pub also_tags: Vec<Tag>,
}

/// A route as it takes one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FittingRoute {
    pub name: String,
    /// The version's own tag before the route's, which is put last.
    pub to: CopyTarget,
    /// What the version is called there as well, where the route wants that and it has such a tag.
    pub own_tag: Option<Tag>,
    pub wants_own_tag: bool,
    pub wish: CopyWish,
}

/// A route of the settings, and what stands in its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    pub route: RouteSetting,
    /// A connection of it is gone.
    pub problem: Option<String>,
}

/// What a change will do, and what it leaves alone.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanAnswer {
    /// `prune`, `delete`, `promote`, `rollback`, `copy`, `undo`.
    pub kind: &'static str,
    /// The same for the same steps: two looks at an unchanged registry give the same plan.
    pub plan_id: String,
    pub steps: Vec<PlannedStep>,
    pub kept: Vec<Kept>,
    pub protected: Vec<Protected>,
    pub unreadable: Vec<Unread>,
    /// Blobs that nothing needs any more afterwards, each counted once.
    pub reclaimed: ByteSize,
    /// Tags of the policy or the choice that go.
    pub deleted_tags: u64,
    pub warnings: Vec<String>,
    /// Whether something would go that this registry does not let go.
    pub hindered: bool,
    /// What the channel asks for; empty where it asks for nothing.
    pub requirements: Vec<RequirementAnswer>,
    /// A name that a person has to type first: over half of a repository's tags go, or a protected one.
    pub typed_name: Option<String>,
    /// Of a copy: what happens to each blob.
    pub transfer: Option<Transfer>,
    /// A plan that deletes, told by versions, in the order in which people read them.
    pub versions: Vec<GoingVersion>,
    /// What the repositories of such a plan hold now, each blob once.
    pub stored: Option<ByteSize>,
    /// Where such a plan puts what goes before anything is deleted: `CONNECTION/REPOSITORY`.
    pub backups: Vec<String>,
    /// Tags of what is left of a change that hold something else by now: they stay, and a new plan would judge them again.
    pub overtaken: Vec<Tag>,
}

/// A version that goes, or of which tags go.
#[derive(Clone, Debug, PartialEq)]
pub struct GoingVersion {
    /// `CONNECTION/REPOSITORY`.
    pub repository: String,
    pub digest: Digest,
    pub tags: Vec<Tag>,
    /// Whether it goes itself, not only tags of it.
    pub whole: bool,
    /// The steps that make it go, by their places in the plan.
    pub steps: Vec<usize>,
    pub along: Along,
    pub why: Vec<GoReason>,
    /// Of it and what goes along, each blob once.
    pub size: ByteSize,
    /// The blobs that the plan frees, the largest of them where they are many.
    pub freed: Vec<LayerSegment>,
    /// All that the plan frees of it.
    pub freed_size: ByteSize,
    /// Of that, what no other version that goes holds.
    pub only_here: ByteSize,
}

/// Something that a channel asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct RequirementAnswer {
    pub requirement: String,
    pub met: bool,
    pub detail: String,
}

/// One write to a registry.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedStep {
    /// `delete-tag`, `delete-manifest`, `put-manifest`, `copy-blob`, `mount-blob`.
    pub action: &'static str,
    /// `CONNECTION/REPOSITORY:TAG`, or with `@DIGEST`.
    pub reference: String,
    pub digest: Digest,
    /// What must be there just before; none: nothing.
    pub expected: Option<Digest>,
    pub tags: Vec<Tag>,
    pub reason: String,
    pub bytes: ByteSize,
}

/// A considered tag that stays.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// `CONNECTION/REPOSITORY`.
    pub repository: String,
    pub tag: Tag,
    pub digest: Digest,
    pub reason: String,
    /// The same for a program.
    pub why: KeepReason,
}

/// A digest that stays because something that stays needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Protected {
    /// `CONNECTION/REPOSITORY`.
    pub repository: String,
    pub digest: Digest,
    pub because: String,
    /// The same for a program.
    pub why: ProtectionReason,
}

/// What could not be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    /// `CONNECTION/REPOSITORY`.
    pub repository: String,
    /// `CONNECTION/REPOSITORY` with the tag or digest.
    pub reference: String,
    pub problem: String,
}

/// How an executed plan ended.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeAnswer {
    pub plan: PlanAnswer,
    /// None where there was nothing to do.
    pub journal_id: Option<String>,
    /// `done`, `partial`, `failed`, `cancelled`.
    pub state: &'static str,
    /// Steps that were done, or were as good as done before.
    pub done: Vec<usize>,
    pub failed: Vec<FailedStep>,
    pub skipped: Vec<SkippedStep>,
}

/// A step that did not succeed.
#[derive(Clone, Debug, PartialEq)]
pub struct FailedStep {
    /// Its place in the plan, from 0.
    pub step: usize,
    pub code: ErrorCode,
    pub message: String,
    pub hint: Option<String>,
}

/// A step that was not tried.
#[derive(Clone, Debug, PartialEq)]
pub struct SkippedStep {
    /// Its place in the plan, from 0.
    pub step: usize,
    pub reason: String,
}

/// Where a channel pointed for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct Pointing {
    pub digest: Digest,
    /// Other tags on the version, as far as they are known.
    pub tags: Vec<Tag>,
    /// None: since before Berth looked.
    pub since: Option<DateTime<Utc>>,
    /// None: still.
    pub until: Option<DateTime<Utc>>,
    /// Who moved it, where Berth did; none where a sync saw it.
    pub by: Option<String>,
}
