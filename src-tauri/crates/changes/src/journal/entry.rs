//! What the journal holds, as values. Knows nothing of `SQLite`.

use std::{fmt, str::FromStr};

use artifact::{ByteSize, Digest, RepositoryName, Tag};
use catalog::ConnectionId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};

use crate::{ChangeKind, Located, Step};

/// The number of a change in the journal of a data folder; text wherever it leaves the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChangeId(pub(super) i64);

/// How a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeState {
    /// Somebody holds its lock.
    Running,
    /// Without an end, and nobody holds its lock: a crash, or a journal that could not be written.
    Interrupted,
    Done,
    /// Some of it was done, some not.
    Partial,
    /// Nothing of it was done.
    Failed,
    Cancelled,
    Undone,
}

impl ChangeState {
    /// The name in lists and outcomes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Interrupted => "interrupted",
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Undone => "undone",
        }
    }
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StepState {
    /// Nothing of it was sent.
    Waiting,
    /// Sent or about to be: only a look at the registry tells what became of it.
    Begun,
    Done,
    Failed,
    Skipped,
}

impl StepState {
    /// The name in lists and in the file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Begun => "begun",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// A connection that a change touches, as it was called then. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Party {
    pub connection: ConnectionId,
    /// The connection's name.
    pub name: String,
    /// The registry's host, or the folder's path.
    pub host: String,
    /// The login's user name, where there is one.
    pub user: Option<String>,
}

/// Where a change came from, as far as it was noted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The retention policy by its name.
    pub policy: Option<String>,
    /// What the version is called that a tag was moved to.
    pub version: Option<String>,
    /// The computer's own name.
    pub computer: Option<String>,
    /// `window` or `berthctl`.
    pub program: Option<String>,
}

/// What a number of steps comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub steps: u64,
    /// Without those of signatures and fallback lists.
    pub tags: u64,
    /// Manifests that are deleted.
    pub digests: u64,
    /// Those of them that tags go with.
    pub versions: u64,
    /// Sent, or freed.
    pub bytes: ByteSize,
}

/// One change in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: ChangeId,
    pub kind: ChangeKind,
    pub started: DateTime<Utc>,
    /// `None` until a run ends, or the change is resumed or undone.
    pub finished: Option<DateTime<Utc>>,
    pub state: ChangeState,
    /// Of all its steps.
    pub planned: Tally,
    /// Of those that were done.
    pub done: Tally,
    /// The first tags that its steps name.
    pub tags: Vec<Tag>,
    pub origin: Origin,
    /// The change that this one undoes.
    pub undoes: Option<ChangeId>,
    /// The change that undid this one.
    pub undone_by: Option<ChangeId>,
    /// Where it writes, each repository once; without those of its backup.
    pub repositories: Vec<Located>,
    /// Where it put what it deleted before, if anywhere. Tallies count the steps of that, and nothing else of it.
    pub backups: Vec<Located>,
    pub parties: Vec<Party>,
}

/// One change with its steps.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryDetail {
    pub entry: Entry,
    pub steps: Vec<EntryStep>,
}

/// A step, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryStep {
    pub step: Step,
    pub state: StepState,
    /// A run before the last may have sent it, whatever its state says of the last.
    pub unsure: bool,
    pub begun: Option<DateTime<Utc>>,
    pub ended: Option<DateTime<Utc>>,
    /// Of the error that it failed with.
    pub code: Option<String>,
    /// Why it failed or was skipped.
    pub message: Option<String>,
    pub hint: Option<String>,
}

/// Which changes a list holds; `None` is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryFilter {
    pub connection: Option<ConnectionId>,
    pub repository: Option<RepositoryName>,
    pub kind: Option<ChangeKind>,
    pub state: Option<ChangeState>,
    /// A part of the name of a repository or tag.
    pub text: Option<String>,
    /// Begun at that time or later.
    pub since: Option<DateTime<Utc>>,
}

/// A part of a list, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPage {
    /// How many there are in all pages together.
    pub total: u64,
    pub entries: Vec<Entry>,
}

/// What somebody has to know of the journal before looking into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsettled {
    /// Those without an end that nobody runs, newest first; some of them.
    pub interrupted: Vec<Entry>,
    /// How many there are.
    pub interrupted_total: u64,
    /// The newest that can be undone as far as the journal tells.
    pub undoable: Option<Entry>,
}

/// What the journal holds, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JournalSize {
    pub changes: u64,
    pub interrupted: u64,
    /// When the first change began.
    pub since: Option<DateTime<Utc>>,
    /// Of all manifests that it kept, each once.
    pub manifests: ByteSize,
}

/// A tag that Berth moved, put or deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournaledMove {
    pub change: ChangeId,
    pub kind: ChangeKind,
    pub at: DateTime<Utc>,
    pub tag: Tag,
    pub from: Option<Digest>,
    /// `None`: it was deleted.
    pub to: Option<Digest>,
    /// The login's user name.
    pub by: Option<String>,
}

/// Why text is no number of a change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no number of a change: `berthctl journal` lists them")]
pub struct ChangeIdError(String);

impl fmt::Display for ChangeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl FromStr for ChangeId {
    type Err = ChangeIdError;

    fn from_str(text: &str) -> Result<Self, ChangeIdError> {
        let number = text.parse().ok().filter(|number| *number > 0);
        number
            .map(Self)
            .ok_or_else(|| ChangeIdError(text.chars().take(40).collect()))
    }
}

impl Serialize for ChangeId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
