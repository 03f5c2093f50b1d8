//! Reading: lists of changes, one with its steps, its manifests, and where a tag was moved.

use std::collections::BTreeMap;

use artifact::{Digest, RepositoryName, Tag};
use catalog::ConnectionId;
use chrono::{DateTime, Utc};
use registry::RawManifest;
use rusqlite::{Connection, OptionalExtension, Row, named_params, types::Type};
use serde::de::DeserializeOwned;

use super::{
    ChangeId, ChangeState, Entry, EntryDetail, EntryFilter, EntryPage, EntryStep, Journal, JournalError, JournaledMove,
    Party, StepState, write::Manifests,
};
use crate::{Action, ChangeKind, Located, Step};

const COLUMNS: &str = "id, kind, started_at, finished_at, outcome, undoes, undone_by,
    (SELECT count(*) FROM steps WHERE change = id),
    (SELECT count(*) FROM steps WHERE change = id AND state = 'done')";

/// Which changes a filter lets through; parameters are named as its fields.
pub(super) const FILTER: &str = "(:kind IS NULL OR kind = :kind)
    AND ((:connection IS NULL AND :repository IS NULL) OR EXISTS (
        SELECT 1 FROM steps WHERE steps.change = changes.id
        AND (:connection IS NULL OR steps.connection = :connection)
        AND (:repository IS NULL OR steps.repository = :repository)))";

impl Journal {
    /// Changes, newest first.
    pub fn entries(&self, filter: &EntryFilter, offset: u32, limit: u32) -> Result<EntryPage, JournalError> {
        let connection = filter.connection.as_ref().map(ConnectionId::as_str);
        let repository = filter.repository.as_ref().map(RepositoryName::as_str);
        let kind = filter.kind.map(ChangeKind::as_str);
        let (total, mut entries) = self.read(|reading| {
            let count = format!("SELECT count(*) FROM changes WHERE {FILTER}");
            let named = named_params! { ":connection": connection, ":repository": repository, ":kind": kind };
            let total: u32 = reading.prepare_cached(&count)?.query_row(named, |row| row.get(0))?;
            let select =
                format!("SELECT {COLUMNS} FROM changes WHERE {FILTER} ORDER BY id DESC LIMIT :limit OFFSET :offset");
            let named = named_params! { ":connection": connection, ":repository": repository, ":kind": kind,
            ":limit": limit, ":offset": offset };
            let mut select = reading.prepare_cached(&select)?;
            let found: Vec<Entry> = select.query_map(named, entry)?.collect::<rusqlite::Result<_>>()?;
            let entries: rusqlite::Result<Vec<Entry>> = found.into_iter().map(|found| with(reading, found)).collect();
            Ok((total, entries?))
        })?;
        for entry in &mut entries {
            self.look_at_lock(entry)?;
        }
        Ok(EntryPage {
            total: u64::from(total),
            entries,
        })
    }

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
            let entry = with(reading, found)?;
            Ok(Some(EntryDetail {
                entry,
                steps: steps(reading, id)?,
            }))
        })?;
        let mut detail = found.ok_or(JournalError::NoSuchChange(id))?;
        self.look_at_lock(&mut detail.entry)?;
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

    /// The bytes of every manifest that the change kept.
    pub(crate) fn manifests(&self, id: ChangeId) -> Result<Manifests, JournalError> {
        self.read(|reading| {
            let select = "SELECT digest, media_type, bytes FROM change_manifests JOIN manifests USING (digest)
                          WHERE change = ?1";
            let mut select = reading.prepare_cached(select)?;
            let rows = select.query_map([id.0], |row| {
                let digest: Digest = parsed(row, 0)?;
                let bytes: Vec<u8> = row.get(2)?;
                let manifest = RawManifest {
                    digest: digest.clone(),
                    media_type: row.get(1)?,
                    bytes: bytes.into(),
                };
                Ok((digest, manifest))
            })?;
            rows.collect::<rusqlite::Result<BTreeMap<_, _>>>()
        })
    }

    /// The word that the change's dummy manifests are made with.
    pub(crate) fn word(&self, id: ChangeId) -> Result<String, JournalError> {
        let select = "SELECT word FROM changes WHERE id = ?1";
        let found = self.read(|reading| reading.query_row(select, [id.0], |row| row.get(0)).optional())?;
        found.ok_or(JournalError::NoSuchChange(id))
    }

    /// Tells a change that runs from one that was interrupted.
    fn look_at_lock(&self, entry: &mut Entry) -> Result<(), JournalError> {
        if entry.state != ChangeState::Interrupted {
            return Ok(());
        }
        if self.shared.locks.is_held(entry.id) {
            entry.state = ChangeState::Running;
            return Ok(());
        }
        // It may have ended since it was read: an end is written before the lock is let go.
        let select = format!("SELECT {COLUMNS} FROM changes WHERE id = ?1");
        let found = self.read(|reading| with(reading, reading.query_row(&select, [entry.id.0], self::entry)?))?;
        *entry = found;
        Ok(())
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
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
        steps: u64::from(row.get::<_, u32>(7)?),
        done: u64::from(row.get::<_, u32>(8)?),
        undoes: undoes.map(ChangeId),
        undone_by: undone_by.map(ChangeId),
        repositories: Vec::new(),
        parties: Vec::new(),
    })
}

/// Adds what stands in other tables.
fn with(reading: &Connection, mut entry: Entry) -> rusqlite::Result<Entry> {
    let select = "SELECT DISTINCT connection, repository FROM steps WHERE change = ?1 ORDER BY connection, repository";
    let mut select = reading.prepare_cached(select)?;
    let located = select.query_map([entry.id.0], |row| {
        let connection: String = row.get(0)?;
        let repository: RepositoryName = parsed(row, 1)?;
        Ok(Located {
            connection: ConnectionId::new(connection),
            repository,
        })
    })?;
    entry.repositories = located.collect::<rusqlite::Result<_>>()?;
    let select = "SELECT connection, name, host, user FROM parties WHERE change = ?1 ORDER BY connection";
    let mut select = reading.prepare_cached(select)?;
    let parties = select.query_map([entry.id.0], |row| {
        let connection: String = row.get(0)?;
        Ok(Party {
            connection: ConnectionId::new(connection),
            name: row.get(1)?,
            host: row.get(2)?,
            user: row.get(3)?,
        })
    })?;
    entry.parties = parties.collect::<rusqlite::Result<_>>()?;
    Ok(entry)
}

fn steps(reading: &Connection, id: ChangeId) -> rusqlite::Result<Vec<EntryStep>> {
    let select =
        "SELECT step, state, begun_at, ended_at, code, message, hint FROM steps WHERE change = ?1 ORDER BY place";
    let mut select = reading.prepare_cached(select)?;
    let rows = select.query_map([id.0], |row| {
        Ok(EntryStep {
            step: from_json(row, 0)?,
            state: step_state(row, 1)?,
            begun: time(row, 2)?,
            ended: time(row, 3)?,
            code: row.get(4)?,
            message: row.get(5)?,
            hint: row.get(6)?,
        })
    })?;
    rows.collect()
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

fn parsed<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|error: T::Err| unreadable(column, error.into()))
}

fn unreadable(column: usize, error: Box<dyn std::error::Error + Send + Sync>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error)
}
