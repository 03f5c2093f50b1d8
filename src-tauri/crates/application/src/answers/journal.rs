//! The journal as answers: changes in a list, one with its steps, and what nobody has settled yet.

use artifact::{Digest, Tag};
use changes::{Origin, Tally};
use chrono::{DateTime, Utc};

use super::{PlannedStep, RepositoryAt};

/// One change in the journal's list.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalLine {
    pub id: String,
    pub kind: &'static str,
    pub started: DateTime<Utc>,
    /// None until a run ends, or is resumed or undone.
    pub finished: Option<DateTime<Utc>>,
    /// `running`, `interrupted`, `done`, `partial`, `failed`, `cancelled`, `undone`.
    pub state: &'static str,
    /// `CONNECTION/REPOSITORY`; without those of its backup.
    pub repositories: Vec<String>,
    /// Where it put what it deleted before.
    pub backups: Vec<String>,
    /// Connections that it only read from, by their names; those that are gone as they were called then.
    pub sources: Vec<String>,
    /// Connections that it wrote to.
    pub targets: Vec<String>,
    /// The first tags that its steps name.
    pub tags: Vec<Tag>,
    /// What all its steps come to.
    pub planned: Tally,
    /// What those that were done come to.
    pub done: Tally,
    /// The login's user name, before all that of a connection that it wrote to.
    pub by: Option<String>,
    pub origin: Origin,
    /// The change that this one undoes.
    pub undoes: Option<String>,
    /// The change that undid this one.
    pub undone_by: Option<String>,
}

/// One change with its steps.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalDetail {
    pub line: JournalLine,
    pub steps: Vec<JournalStep>,
    /// Of a change that deletes versions: how far its undo is promised.
    pub undo: Option<UndoPromise>,
    /// Of a copy: where its blobs were taken from.
    pub copied_from: Option<RepositoryAt>,
}

/// How far the undo of a deletion is promised, by what the registries are known to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoPromise {
    /// For as long as the backup is kept.
    Backup,
    /// The provider keeps what was deleted for some days.
    Kept { days: u16, until: DateTime<Utc> },
    /// Until the folder or archive is written anew; nothing is collected there.
    OnDisk,
    /// Until the registry collects its garbage; nobody is told when.
    UntilCollected,
    /// The provider may let go of it at any time.
    Nothing,
}

/// A step as the journal holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalStep {
    pub step: PlannedStep,
    /// `waiting`, `begun`, `done`, `failed`, `skipped`.
    pub state: &'static str,
    pub at: Option<DateTime<Utc>>,
    pub message: Option<String>,
}

/// A manifest that the journal kept, as it was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalManifest {
    pub digest: Digest,
    pub media_type: String,
    pub text: String,
}

/// What waits for somebody, and what could be undone next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnsettledChanges {
    /// Newest first; some of them.
    pub interrupted: Vec<JournalLine>,
    pub interrupted_total: u64,
    pub undoable: Option<JournalLine>,
}

/// The form of an exported journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalFormat {
    Csv,
    Json,
}
