//! Reading: one change with its steps, its manifests, and where a tag was moved.

use std::collections::BTreeMap;

use artifact::{Digest, Tag};
use chrono::{DateTime, Utc};
use registry::RawManifest;
use rusqlite::{Connection, OptionalExtension, Row, types::Type};
use serde::de::DeserializeOwned;

use super::{
    ChangeId, ChangeState, Entry, EntryDetail, EntryStep, Journal, JournalError, JournaledMove, Origin, StepState,
    Tally, lists::filled, write::Manifests,
};
use crate::{Action, ChangeKind, Located, Step};

pub(super) const COLUMNS: &str =
    "changes.id, kind, started_at, finished_at, outcome, undoes, undone_by, first_tags, policy,
    version, computer, program";

const MANIFESTS: &str = "SELECT digest, media_type, bytes FROM change_manifests JOIN manifests USING (digest)
    WHERE change = ?1";

pub(super) const STEP_COLUMNS: &str = "step, state, begun_at, ended_at, code, message, hint, unsure";

impl Journal {
    /// One change with its steps.
    ///
    /// # Errors
    /// [`JournalError::NoSuchChange`].
    pub fn entry(&self, id: ChangeId) -> Result<EntryDetail, JournalError> {
        let found = self.read(|reading| {
            let select = format!("SELECT {COLUMNS} FROM changes WHERE id = ?1");
            let Some(found) = reading.query_row(&select, [id.0], entry).optional()? else {
                return Ok(None);
            };
            let entry = filled(reading, vec![found])?.pop();
            let steps = steps(reading, id)?;
            Ok(entry.map(|entry| EntryDetail { entry, steps }))
        })?;
        let mut detail = found.ok_or(JournalError::NoSuchChange(id))?;
        self.look_at_locks(std::slice::from_mut(&mut detail.entry))?;
        Ok(detail)
    }

    /// Where Berth moved, put or deleted a tag, oldest first.
    pub fn tag_moves(&self, at: &Located, tag: &Tag) -> Result<Vec<JournaledMove>, JournalError> {
        self.read(|reading| {
            let select = "SELECT steps.change, kind, coalesce(ended_at, begun_at), step, user FROM steps
                JOIN changes ON changes.id = steps.change
                LEFT JOIN parties ON parties.change = steps.change AND parties.connection = steps.connection
                WHERE steps.connection = ?1 AND repository = ?2 AND state = 'done'
                AND (tag = ?3 OR (tag IS NULL AND EXISTS (SELECT 1 FROM json_each(step, '$.tags') WHERE value = ?3)))
                ORDER BY steps.change, place";
            let mut select = reading.prepare_cached(select)?;
            let named = (at.connection.as_str(), at.repository.as_str(), tag.as_str());
            let rows = select.query_map(named, |row| moved(row, tag))?;
            rows.collect()
        })
    }

    /// A manifest that the change kept.
    pub fn manifest(&self, id: ChangeId, digest: &Digest) -> Result<Option<RawManifest>, JournalError> {
        self.read(|reading| {
            let select = format!("{MANIFESTS} AND digest = ?2");
            let named = (id.0, digest.to_string());
            reading.prepare_cached(&select)?.query_row(named, manifest).optional()
        })
    }

    /// The bytes of every manifest that the change kept.
    pub(crate) fn manifests(&self, id: ChangeId) -> Result<Manifests, JournalError> {
        self.read(|reading| {
            let mut select = reading.prepare_cached(MANIFESTS)?;
            let rows = select.query_map([id.0], |row| manifest(row).map(|kept| (kept.digest.clone(), kept)))?;
            rows.collect::<rusqlite::Result<BTreeMap<_, _>>>()
        })
    }

    /// The word that the change's dummy manifests are made with.
    pub(crate) fn word(&self, id: ChangeId) -> Result<String, JournalError> {
        let select = "SELECT word FROM changes WHERE id = ?1";
        let found = self.read(|reading| reading.query_row(select, [id.0], |row| row.get(0)).optional())?;
        found.ok_or(JournalError::NoSuchChange(id))
    }
}

pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let outcome: Option<String> = row.get(4)?;
    let undone_by: Option<i64> = row.get(6)?;
    let state = match outcome.as_deref() {
        _ if undone_by.is_some() => ChangeState::Undone,
        None => ChangeState::Interrupted,
        Some("done") => ChangeState::Done,
        Some("failed") => ChangeState::Failed,
        Some("cancelled") => ChangeState::Cancelled,
        Some(_) => ChangeState::Partial,
    };
    let undoes: Option<i64> = row.get(5)?;
    Ok(Entry {
        id: ChangeId(row.get(0)?),
        kind: kind(row, 1)?,
        started: time(row, 2)?.unwrap_or_default(),
        finished: time(row, 3)?,
        state,
        planned: Tally::default(),
        done: Tally::default(),
        tags: from_json(row, 7)?,
        origin: Origin {
            policy: row.get(8)?,
            version: row.get(9)?,
            computer: row.get(10)?,
            program: row.get(11)?,
        },
        undoes: undoes.map(ChangeId),
        undone_by: undone_by.map(ChangeId),
        repositories: Vec::new(),
        backups: Vec::new(),
        parties: Vec::new(),
    })
}

fn steps(reading: &Connection, id: ChangeId) -> rusqlite::Result<Vec<EntryStep>> {
    let select = format!("SELECT {STEP_COLUMNS} FROM steps WHERE change = ?1 ORDER BY place");
    let mut select = reading.prepare_cached(&select)?;
    select.query_map([id.0], entry_step)?.collect()
}

pub(super) fn entry_step(row: &Row<'_>) -> rusqlite::Result<EntryStep> {
    Ok(EntryStep {
        step: from_json(row, 0)?,
        state: step_state(row, 1)?,
        begun: time(row, 2)?,
        ended: time(row, 3)?,
        code: row.get(4)?,
        message: row.get(5)?,
        hint: row.get(6)?,
        unsure: row.get(7)?,
    })
}

fn manifest(row: &Row<'_>) -> rusqlite::Result<RawManifest> {
    let bytes: Vec<u8> = row.get(2)?;
    Ok(RawManifest {
        digest: parsed(row, 0)?,
        media_type: row.get(1)?,
        bytes: bytes.into(),
    })
}

fn moved(row: &Row<'_>, tag: &Tag) -> rusqlite::Result<JournaledMove> {
    let step: Step = from_json(row, 3)?;
    let (from, to) = match step.action {
        Action::PutManifest => (step.expected, Some(step.digest)),
        _ => (Some(step.digest), None),
    };
    Ok(JournaledMove {
        change: ChangeId(row.get(0)?),
        kind: kind(row, 1)?,
        at: time(row, 2)?.unwrap_or_default(),
        tag: tag.clone(),
        from,
        to,
        by: row.get(4)?,
    })
}

pub(super) fn kind(row: &Row<'_>, column: usize) -> rusqlite::Result<ChangeKind> {
    let text: String = row.get(column)?;
    serde_json::from_value(serde_json::Value::String(text)).map_err(|error| unreadable(column, error.into()))
}

pub(super) fn step_state(row: &Row<'_>, column: usize) -> rusqlite::Result<StepState> {
    let text: String = row.get(column)?;
    let states = [
        StepState::Waiting,
        StepState::Begun,
        StepState::Done,
        StepState::Failed,
        StepState::Skipped,
    ];
    let found = states.into_iter().find(|state| state.as_str() == text);
    found.ok_or_else(|| unreadable(column, format!("{text:?} is no state of a step").into()))
}

pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<DateTime<Utc>>> {
    let milliseconds: Option<i64> = row.get(column)?;
    Ok(milliseconds.and_then(DateTime::from_timestamp_millis))
}

pub(super) fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| unreadable(column, error.into()))
}

pub(super) fn parsed<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|error: T::Err| unreadable(column, error.into()))
}

fn unreadable(column: usize, error: Box<dyn std::error::Error + Send + Sync>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error)
}
