//! The journal: what the window asks for, its entries with their steps, and what nobody has settled yet.

use application as app;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{
    PlannedStep, Problem, RepositoryPlace,
    from::{each, optional_time, sentence, time},
    parse,
};

/// Which changes of the journal are wanted; what is absent filters nothing.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JournalQuery {
    pub connection_id: Option<String>,
    /// Only together with a connection.
    pub repository: Option<String>,
    pub kind: Option<String>,
    pub state: Option<String>,
    /// A part of the name of a repository or a tag.
    pub text: Option<String>,
    /// `30d` ago, a day, or a time.
    pub since: Option<String>,
}

/// The form of an exported journal.
#[derive(Clone, Copy, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum JournalFormat {
    Csv,
    Json,
}

/// What a number of steps comes to.
#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tally {
    pub steps: u64,
    pub tags: u64,
    /// Manifests that are deleted.
    pub digests: u64,
    /// Those of them that tags go with.
    pub versions: u64,
    /// Sent, or freed.
    pub bytes: u64,
}

/// A change in the journal's list.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JournalEntry {
    pub id: String,
    pub kind: String,
    pub started: String,
    pub finished: Option<String>,
    /// `running`, `interrupted`, `done`, `partial`, `failed`, `cancelled`, `undone`.
    pub state: String,
    /// Without those of its backup.
    pub repositories: Vec<String>,
    /// Where it put what it deleted before.
    pub backups: Vec<String>,
    /// Connections that it only read from.
    pub sources: Vec<String>,
    /// Connections that it wrote to.
    pub targets: Vec<String>,
    /// The first tags that its steps name.
    pub tags: Vec<String>,
    pub planned: Tally,
    pub done: Tally,
    /// The login's user name.
    pub by: Option<String>,
    /// What the version is called that a tag was moved to.
    pub version: Option<String>,
    /// The name of a retention policy.
    pub policy: Option<String>,
    pub computer: Option<String>,
    /// `window` or `berthctl`.
    pub program: Option<String>,
    /// The change that this one undoes.
    pub undoes: Option<String>,
    /// The change that undid this one.
    pub undone_by: Option<String>,
}

/// A change with its steps.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JournalDetail {
    pub entry: JournalEntry,
    pub steps: Vec<JournalStep>,
    /// Of a change that deletes versions.
    pub undo: Option<UndoPromise>,
    /// Of a copy: where its blobs were taken from, if that is known and still there.
    pub copied_from: Option<RepositoryPlace>,
}

/// How far the undo of a deletion is promised, by what the registries are known to keep.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum UndoPromise {
    /// For as long as the backup is kept.
    Backup,
    /// The provider keeps what was deleted for some days.
    Kept { days: u16, until: String },
    /// Until the folder or archive is written anew; nothing is collected there.
    OnDisk,
    /// Until the registry collects its garbage; nobody is told when.
    UntilCollected,
    /// The provider may let go of it at any time.
    Nothing,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JournalStep {
    pub step: PlannedStep,
    /// `waiting`, `begun`, `done`, `failed`, `skipped`.
    pub state: String,
    pub at: Option<String>,
    pub message: Option<String>,
}

/// A manifest that a change kept, as it was stored.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JournalManifest {
    pub digest: String,
    pub media_type: String,
    pub text: String,
}

/// What waits for somebody, and what could be undone next.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UnsettledChanges {
    /// Newest first; some of them.
    pub interrupted: Vec<JournalEntry>,
    pub interrupted_total: u64,
    pub undoable: Option<JournalEntry>,
}

/// What the journal holds.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JournalSize {
    pub changes: u64,
    pub interrupted: u64,
    /// When the first change began.
    pub since: Option<String>,
    /// Of all manifests that it kept.
    pub manifest_bytes: u64,
}

impl TryFrom<JournalQuery> for app::JournalFilter {
    type Error = Problem;

    fn try_from(query: JournalQuery) -> Result<Self, Problem> {
        Ok(Self {
            connection: query.connection_id.map(Into::into),
            repository: query.repository.as_deref().map(parse).transpose()?,
            kind: query.kind,
            state: query.state,
            text: query.text,
            since: query.since,
        })
    }
}

impl From<JournalFormat> for app::JournalFormat {
    fn from(format: JournalFormat) -> Self {
        match format {
            JournalFormat::Csv => Self::Csv,
            JournalFormat::Json => Self::Json,
        }
    }
}

impl From<app::Tally> for Tally {
    fn from(tally: app::Tally) -> Self {
        Self {
            steps: tally.steps,
            tags: tally.tags,
            digests: tally.digests,
            versions: tally.versions,
            bytes: tally.bytes.bytes(),
        }
    }
}

impl From<app::JournalLine> for JournalEntry {
    fn from(line: app::JournalLine) -> Self {
        Self {
            id: line.id,
            kind: line.kind.to_owned(),
            started: time(line.started),
            finished: optional_time(line.finished),
            state: line.state.to_owned(),
            repositories: line.repositories,
            backups: line.backups,
            sources: line.sources,
            targets: line.targets,
            tags: line.tags.iter().map(ToString::to_string).collect(),
            planned: line.planned.into(),
            done: line.done.into(),
            by: line.by,
            version: line.origin.version,
            policy: line.origin.policy,
            computer: line.origin.computer,
            program: line.origin.program,
            undoes: line.undoes,
            undone_by: line.undone_by,
        }
    }
}

impl From<app::JournalDetail> for JournalDetail {
    fn from(detail: app::JournalDetail) -> Self {
        Self {
            entry: detail.line.into(),
            steps: each(detail.steps),
            undo: detail.undo.map(Into::into),
            copied_from: detail.copied_from.map(Into::into),
        }
    }
}

impl From<app::UndoPromise> for UndoPromise {
    fn from(promise: app::UndoPromise) -> Self {
        match promise {
            app::UndoPromise::Backup => Self::Backup,
            app::UndoPromise::Kept { days, until } => Self::Kept {
                days,
                until: time(until),
            },
            app::UndoPromise::OnDisk => Self::OnDisk,
            app::UndoPromise::UntilCollected => Self::UntilCollected,
            app::UndoPromise::Nothing => Self::Nothing,
        }
    }
}

impl From<app::JournalStep> for JournalStep {
    fn from(step: app::JournalStep) -> Self {
        Self {
            step: step.step.into(),
            state: step.state.to_owned(),
            at: optional_time(step.at),
            message: step.message.map(sentence),
        }
    }
}

impl From<app::JournalManifest> for JournalManifest {
    fn from(manifest: app::JournalManifest) -> Self {
        Self {
            digest: manifest.digest.to_string(),
            media_type: manifest.media_type,
            text: manifest.text,
        }
    }
}

impl From<app::UnsettledChanges> for UnsettledChanges {
    fn from(unsettled: app::UnsettledChanges) -> Self {
        Self {
            interrupted: each(unsettled.interrupted),
            interrupted_total: unsettled.interrupted_total,
            undoable: unsettled.undoable.map(Into::into),
        }
    }
}

impl From<app::JournalSize> for JournalSize {
    fn from(size: app::JournalSize) -> Self {
        Self {
            changes: size.changes,
            interrupted: size.interrupted,
            since: optional_time(size.since),
            manifest_bytes: size.manifests.bytes(),
        }
    }
}
