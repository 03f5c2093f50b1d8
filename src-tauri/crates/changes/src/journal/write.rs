//! Writing: a new change with all that its steps will need, and the marks of how they go.

use std::collections::BTreeSet;

use artifact::{Digest, Tag};
use chrono::{DateTime, Utc};
use registry::RawManifest;
use rusqlite::{OptionalExtension, Transaction, params};

use super::{ChangeId, ChangeState, Failure, Journal, JournalError, Origin, Party, RunLock, StepState};
use crate::{Action, ChangeKind, Plan, Step};

/// Tags of a change that lists show; the others are counted.
const TAGS_LISTED: usize = 4;

/// A change that is about to begin.
pub(crate) struct NewChange<'a> {
    pub(crate) plan: &'a Plan,
    /// Those of the plan, and of what tags hold before they move.
    pub(crate) manifests: Vec<&'a RawManifest>,
    pub(crate) parties: Vec<&'a Party>,
    pub(crate) undoes: Option<ChangeId>,
    pub(crate) origin: &'a Origin,
    pub(crate) started: DateTime<Utc>,
}

/// A change that may be run: nobody else runs it while the lock is held.
pub(crate) struct Unfinished {
    pub(crate) id: ChangeId,
    /// What dummy manifests of this change are made with.
    pub(crate) word: String,
    pub(crate) lock: RunLock,
}

/// One thing to note of a running change.
#[derive(Clone, Debug)]
pub(crate) enum Mark {
    Begun {
        place: usize,
        at: DateTime<Utc>,
    },
    Ended {
        place: usize,
        at: DateTime<Utc>,
        end: StepEnd,
    },
    /// Skipped without having been begun in this run.
    Passed {
        place: usize,
        at: DateTime<Utc>,
        reason: String,
    },
    Finished {
        at: DateTime<Utc>,
        ending: Ending,
    },
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StepEnd {
    Done,
    Failed {
        code: String,
        message: String,
        hint: Option<String>,
    },
    Skipped {
        reason: String,
    },
}

/// How a run ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Done,
    Partial,
    Failed,
    Cancelled,
}

impl Ending {
    pub(crate) const fn state(self) -> ChangeState {
        match self {
            Self::Done => ChangeState::Done,
            Self::Partial => ChangeState::Partial,
            Self::Failed => ChangeState::Failed,
            Self::Cancelled => ChangeState::Cancelled,
        }
    }
}

impl Journal {
    /// Writes a new change with all its steps and every manifest that they or their undo need, and holds its lock.
    pub(crate) fn begin(&self, new: &NewChange<'_>) -> Result<Unfinished, JournalError> {
        self.write(|writing| {
            let insert =
                "INSERT INTO changes (kind, started_at, undoes, policy, version, computer, program, first_tags)
                          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id, word";
            let (id, word) = writing.query_row(
                insert,
                params![
                    new.plan.kind.as_str(),
                    new.started.timestamp_millis(),
                    new.undoes.map(|id| id.0),
                    new.origin.policy,
                    new.origin.version,
                    new.origin.computer,
                    new.origin.program,
                    first_tags(&new.plan.steps),
                ],
                |row| Ok((ChangeId(row.get(0)?), row.get(1)?)),
            )?;
            insert_names(writing, id, &new.plan.steps)?;
            insert_parties(writing, id, &new.parties)?;
            insert_manifests(writing, id, &new.manifests)?;
            insert_steps(writing, id, &new.plan.steps).map_err(|error| self.unless_written(error))?;
            // Before the commit: whoever sees the change finds it locked.
            let lock = self.lock(id)?;
            Ok(Unfinished { id, word, lock })
        })
    }

    /// Takes a change up again that was begun before, and holds its lock.
    ///
    /// # Errors
    /// [`JournalError::Running`] while somebody runs it.
    pub(crate) fn take_up(&self, id: ChangeId) -> Result<Unfinished, JournalError> {
        let select = "SELECT word FROM changes WHERE id = ?1";
        let word: Option<String> =
            self.read(|reading| reading.query_row(select, [id.0], |row| row.get(0)).optional())?;
        let word = word.ok_or(JournalError::NoSuchChange(id))?;
        let lock = self.lock(id)?;
        Ok(Unfinished { id, word, lock })
    }

    /// Notes that a change runs again.
    pub(crate) fn reopen(&self, id: ChangeId) -> Result<(), JournalError> {
        self.write(|writing| {
            let update = "UPDATE changes SET outcome = NULL, finished_at = NULL WHERE id = ?1";
            writing.execute(update, [id.0])?;
            Ok(())
        })
    }

    /// Writes marks in one transaction: they are on disk when it answers.
    pub(super) fn note(&self, id: ChangeId, marks: &[Mark]) -> Result<(), JournalError> {
        self.write(|writing| {
            for mark in marks {
                note_one(writing, id, mark)?;
            }
            Ok(())
        })
    }

    fn lock(&self, id: ChangeId) -> Result<RunLock, JournalError> {
        let locks = &self.shared.locks;
        let taken = locks
            .take(id)
            .map_err(|error| JournalError::of_file(locks.path(id), &error))?;
        taken.ok_or(JournalError::Running(id))
    }

    fn unless_written(&self, error: StepFailure) -> Failure {
        match error {
            StepFailure::Sqlite(error) => Failure::Sqlite(error),
            StepFailure::Json(error) => Failure::Journal(JournalError::Storage {
                path: self.shared.path.clone(),
                detail: error.to_string(),
            }),
        }
    }
}

enum StepFailure {
    Sqlite(rusqlite::Error),
    Json(serde_json::Error),
}

fn insert_parties(writing: &Transaction<'_>, id: ChangeId, parties: &[&Party]) -> rusqlite::Result<()> {
    let insert = "INSERT INTO parties (change, connection, name, host, user) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut insert = writing.prepare_cached(insert)?;
    for party in parties {
        insert.execute(params![
            id.0,
            party.connection.as_str(),
            party.name,
            party.host,
            party.user
        ])?;
    }
    Ok(())
}

fn insert_manifests(writing: &Transaction<'_>, id: ChangeId, manifests: &[&RawManifest]) -> rusqlite::Result<()> {
    let mut keep = writing.prepare_cached("INSERT OR IGNORE INTO manifests (digest, bytes) VALUES (?1, ?2)")?;
    let name = "INSERT OR IGNORE INTO change_manifests (change, digest, media_type) VALUES (?1, ?2, ?3)";
    let mut name = writing.prepare_cached(name)?;
    for manifest in manifests {
        let digest = manifest.digest.to_string();
        keep.execute(params![digest, manifest.bytes.as_ref()])?;
        name.execute(params![id.0, digest, manifest.media_type])?;
    }
    Ok(())
}

fn insert_steps(writing: &Transaction<'_>, id: ChangeId, steps: &[Step]) -> Result<(), StepFailure> {
    let insert = "INSERT INTO steps (change, place, connection, repository, tag, step, bytes, tags, deletes)
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let mut insert = writing.prepare_cached(insert).map_err(StepFailure::Sqlite)?;
    for (place, step) in steps.iter().enumerate() {
        let json = serde_json::to_string(step).map_err(StepFailure::Json)?;
        let row = params![
            id.0,
            number(place),
            step.at.connection.as_str(),
            step.at.repository.as_str(),
            step.tag.as_ref().map(Tag::as_str),
            json,
            i64::try_from(step.bytes.bytes()).unwrap_or(i64::MAX),
            number(listed_tags(step).count()),
            matches!(step.action, Action::DeleteManifest)
        ];
        insert.execute(row).map_err(StepFailure::Sqlite)?;
    }
    Ok(())
}

/// What lists show of the tags.
fn first_tags(steps: &[Step]) -> String {
    let tags = steps.iter().flat_map(listed_tags).take(TAGS_LISTED);
    tags.map(Tag::as_str).collect::<serde_json::Value>().to_string()
}

/// The tags of a step, without those of signatures and fallback lists.
fn listed_tags(step: &Step) -> impl Iterator<Item = &Tag> {
    step.tags.iter().filter(|tag| !tag.is_referrer_name())
}

/// What a search for a repository or a tag looks through.
fn insert_names(writing: &Transaction<'_>, id: ChangeId, steps: &[Step]) -> rusqlite::Result<()> {
    let names: BTreeSet<&str> = steps
        .iter()
        .flat_map(|step| step.tags.iter().map(Tag::as_str).chain([step.at.repository.as_str()]))
        .collect();
    let names = names.into_iter().collect::<Vec<_>>().join("\n");
    let insert = "INSERT INTO change_names (change, names) VALUES (?1, ?2)";
    writing.prepare_cached(insert)?.execute(params![id.0, names])?;
    Ok(())
}

fn note_one(writing: &Transaction<'_>, id: ChangeId, mark: &Mark) -> rusqlite::Result<()> {
    match mark {
        Mark::Begun { place, at } => {
            note_unsure(writing, id, *place)?;
            let update =
                "UPDATE steps SET state = 'begun', begun_at = ?3, ended_at = NULL, code = NULL, message = NULL,
                          hint = NULL WHERE change = ?1 AND place = ?2";
            writing
                .prepare_cached(update)?
                .execute(params![id.0, number(*place), at.timestamp_millis()])?;
        }
        Mark::Ended { place, at, end } => note_end(writing, id, *place, *at, end)?,
        Mark::Passed { place, at, reason } => {
            note_unsure(writing, id, *place)?;
            let end = StepEnd::Skipped { reason: reason.clone() };
            note_end(writing, id, *place, *at, &end)?;
        }
        Mark::Finished { at, ending } => finish(writing, id, *at, *ending)?,
    }
    Ok(())
}

/// Keeps in mind what an earlier run may have sent before its mark is written over.
fn note_unsure(writing: &Transaction<'_>, id: ChangeId, place: usize) -> rusqlite::Result<()> {
    let update = "UPDATE steps SET unsure = 1 WHERE change = ?1 AND place = ?2 AND state IN ('begun', 'failed')";
    writing.prepare_cached(update)?.execute(params![id.0, number(place)])?;
    Ok(())
}

fn note_end(
    writing: &Transaction<'_>,
    id: ChangeId,
    place: usize,
    at: DateTime<Utc>,
    end: &StepEnd,
) -> rusqlite::Result<()> {
    let (state, code, message, hint) = match end {
        StepEnd::Done => (StepState::Done, None, None, None),
        StepEnd::Failed { code, message, hint } => (
            StepState::Failed,
            Some(code.as_str()),
            Some(message.as_str()),
            hint.as_deref(),
        ),
        StepEnd::Skipped { reason } => (StepState::Skipped, None, Some(reason.as_str()), None),
    };
    let update = "UPDATE steps SET state = ?3, ended_at = ?4, code = ?5, message = ?6, hint = ?7
                  WHERE change = ?1 AND place = ?2";
    writing.prepare_cached(update)?.execute(params![
        id.0,
        number(place),
        state.as_str(),
        at.timestamp_millis(),
        code,
        message,
        hint
    ])?;
    Ok(())
}

/// A step's place as the file has it.
fn number(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

/// Ends a change. One that undid another in full marks it; if that was an undo itself, what it undid counts again.
fn finish(writing: &Transaction<'_>, id: ChangeId, at: DateTime<Utc>, ending: Ending) -> rusqlite::Result<()> {
    let at = at.timestamp_millis();
    let update = "UPDATE changes SET outcome = ?2, finished_at = ?3 WHERE id = ?1 RETURNING undoes";
    let row = params![id.0, ending.state().as_str(), at];
    let undoes: Option<i64> = writing.prepare_cached(update)?.query_row(row, |row| row.get(0))?;
    let Some(undone) = undoes.filter(|_| ending == Ending::Done) else {
        return Ok(());
    };
    let update = "UPDATE changes SET undone_by = ?2, finished_at = coalesce(finished_at, ?3) WHERE id = ?1";
    writing.execute(update, params![undone, id.0, at])?;
    writing.execute("UPDATE changes SET undone_by = NULL WHERE undone_by = ?1", [undone])?;
    Ok(())
}

impl ChangeKind {
    /// The name in the journal and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prune => "prune",
            Self::Delete => "delete",
            Self::Promote => "promote",
            Self::Rollback => "rollback",
            Self::Copy => "copy",
            Self::Undo => "undo",
        }
    }
}

/// The manifests of a change by digest, as the plan had them.
pub(crate) type Manifests = std::collections::BTreeMap<Digest, RawManifest>;
