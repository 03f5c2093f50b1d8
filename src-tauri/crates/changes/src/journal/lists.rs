//! Lists of changes: filtered, in pages, each with what it comes to. A list takes the same number of queries whatever
//! the journal holds.

use std::collections::{BTreeMap, BTreeSet};

use artifact::{ByteSize, RepositoryName};
use catalog::ConnectionId;
use chrono::DateTime;
use rusqlite::{Connection, Row, ToSql, named_params};

use super::{
    ChangeId, ChangeState, Entry, EntryFilter, EntryPage, EntryStep, Journal, JournalError, JournalSize, Party, Tally,
    Unsettled,
    read::{self, COLUMNS, STEP_COLUMNS},
};
use crate::{ChangeKind, Located};

/// Interrupted changes that are told of at once.
const INTERRUPTED_TOLD: usize = 10;

const WITHOUT_END: &str = "SELECT id FROM changes WHERE outcome IS NULL AND undone_by IS NULL ORDER BY id DESC";

/// Which changes a filter lets through; parameters are those of [`Chosen`].
pub(super) const FILTER: &str = "(:kind IS NULL OR kind = :kind) AND (:since IS NULL OR started_at >= :since)
    AND (:state IS NULL OR :state = CASE
        WHEN undone_by IS NOT NULL THEN 'undone'
        WHEN outcome IS NOT NULL THEN outcome
        WHEN changes.id IN (SELECT value FROM json_each(:running)) THEN 'running'
        ELSE 'interrupted' END)
    AND (:connection IS NULL OR EXISTS (
        SELECT 1 FROM parties WHERE parties.change = changes.id AND parties.connection = :connection))
    AND (:repository IS NULL OR EXISTS (
        SELECT 1 FROM steps WHERE steps.change = changes.id
        AND (:connection IS NULL OR steps.connection = :connection) AND steps.repository = :repository))
    AND (:text IS NULL OR EXISTS (
        SELECT 1 FROM change_names WHERE change = changes.id AND names LIKE :text ESCAPE '\\'))";

/// A filter as the statements take it.
pub(super) struct Chosen {
    connection: Option<String>,
    repository: Option<String>,
    kind: Option<&'static str>,
    state: Option<&'static str>,
    text: Option<String>,
    since: Option<i64>,
    /// The changes that somebody runs, in JSON; looked up only where the filter asks.
    running: String,
}

impl Chosen {
    /// The parameters of [`FILTER`], with those of the rest of the statement.
    pub(super) fn with<'a>(&'a self, others: &[(&'static str, &'a dyn ToSql)]) -> Vec<(&'static str, &'a dyn ToSql)> {
        let own: [(&str, &dyn ToSql); 7] = [
            (":connection", &self.connection),
            (":repository", &self.repository),
            (":kind", &self.kind),
            (":state", &self.state),
            (":text", &self.text),
            (":since", &self.since),
            (":running", &self.running),
        ];
        own.into_iter().chain(others.iter().copied()).collect()
    }
}

impl Journal {
    /// Changes, newest first.
    pub fn entries(&self, filter: &EntryFilter, offset: u32, limit: u32) -> Result<EntryPage, JournalError> {
        let chosen = self.chosen(filter)?;
        let (total, mut entries) = self.read(|reading| {
            let count = format!("SELECT count(*) FROM changes WHERE {FILTER}");
            let mut count = reading.prepare_cached(&count)?;
            let total: u32 = count.query_row(chosen.with(&[]).as_slice(), |row| row.get(0))?;
            let select =
                format!("SELECT {COLUMNS} FROM changes WHERE {FILTER} ORDER BY id DESC LIMIT :limit OFFSET :offset");
            let named = chosen.with(&[(":limit", &limit), (":offset", &offset)]);
            let mut select = reading.prepare_cached(&select)?;
            let entries = select.query_map(named.as_slice(), read::entry)?;
            Ok((total, filled(reading, entries.collect::<rusqlite::Result<_>>()?)?))
        })?;
        self.look_at_locks(&mut entries)?;
        Ok(EntryPage {
            total: u64::from(total),
            entries,
        })
    }

    /// What was interrupted, and what could be undone: cheap however long the history is.
    pub fn unsettled(&self) -> Result<Unsettled, JournalError> {
        let (interrupted, running) = self.without_end()?;
        let told = ids_of(interrupted.iter().take(INTERRUPTED_TOLD));
        let (mut entries, mut undoable) = self.read(|reading| {
            let select = format!(
                "SELECT {COLUMNS} FROM changes WHERE undone_by IS NULL AND kind <> 'undo'
                 AND id NOT IN (SELECT value FROM json_each(?1))
                 AND EXISTS (SELECT 1 FROM steps WHERE change = changes.id AND state = 'done')
                 ORDER BY id DESC LIMIT 1"
            );
            let undoable = reading
                .prepare_cached(&select)?
                .query_map([ids_of(&running)], read::entry)?
                .collect::<rusqlite::Result<_>>()?;
            Ok((by_ids(reading, &told)?, filled(reading, undoable)?))
        })?;
        self.look_at_locks(&mut entries)?;
        let read = entries.len();
        // Some may have ended since they were counted.
        entries.retain(|entry| entry.state == ChangeState::Interrupted);
        self.look_at_locks(&mut undoable)?;
        Ok(Unsettled {
            interrupted_total: interrupted.len().saturating_sub(read - entries.len()) as u64,
            interrupted: entries,
            undoable: undoable.pop(),
        })
    }

    /// What the journal holds, in numbers.
    pub fn size(&self) -> Result<JournalSize, JournalError> {
        let interrupted = self.without_end()?.0.len() as u64;
        self.read(|reading| {
            let select = "SELECT count(*), min(started_at), (SELECT coalesce(sum(length(bytes)), 0) FROM manifests)
                          FROM changes";
            reading.prepare_cached(select)?.query_row([], |row| {
                Ok(JournalSize {
                    changes: u64::from(row.get::<_, u32>(0)?),
                    interrupted,
                    since: read::time(row, 1)?,
                    manifests: ByteSize(row.get::<_, i64>(2)?.cast_unsigned()),
                })
            })
        })
    }

    /// The steps of each of these changes.
    pub fn steps_of(&self, changes: &[ChangeId]) -> Result<BTreeMap<ChangeId, Vec<EntryStep>>, JournalError> {
        self.read(|reading| {
            let select = format!(
                "SELECT {STEP_COLUMNS}, change FROM steps WHERE change IN (SELECT value FROM json_each(?1))
                 ORDER BY change, place"
            );
            let mut select = reading.prepare_cached(&select)?;
            let mut rows = select.query([ids_of(changes)])?;
            let mut found: BTreeMap<ChangeId, Vec<EntryStep>> = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let change = ChangeId(row.get("change")?);
                found.entry(change).or_default().push(read::entry_step(row)?);
            }
            Ok(found)
        })
    }

    pub(super) fn chosen(&self, filter: &EntryFilter) -> Result<Chosen, JournalError> {
        let asks_for_locks = matches!(filter.state, Some(ChangeState::Running | ChangeState::Interrupted));
        let running = if asks_for_locks {
            self.without_end()?.1
        } else {
            Vec::new()
        };
        let text = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        Ok(Chosen {
            connection: filter.connection.as_ref().map(|id| id.as_str().to_owned()),
            repository: filter.repository.as_ref().map(|name| name.as_str().to_owned()),
            kind: filter.kind.map(ChangeKind::as_str),
            state: filter.state.map(ChangeState::as_str),
            text: text.map(containing),
            since: filter.since.as_ref().map(DateTime::timestamp_millis),
            running: ids_of(&running),
        })
    }

    /// Changes that were interrupted, and those that somebody runs.
    fn without_end(&self) -> Result<(Vec<ChangeId>, Vec<ChangeId>), JournalError> {
        let ids: Vec<ChangeId> = self.read(|reading| {
            let mut select = reading.prepare_cached(WITHOUT_END)?;
            let ids = select.query_map([], |row| row.get(0).map(ChangeId))?;
            ids.collect()
        })?;
        Ok(ids.into_iter().partition(|id| !self.shared.locks.is_held(*id)))
    }

    /// Tells changes that run from those that were interrupted.
    pub(super) fn look_at_locks(&self, entries: &mut [Entry]) -> Result<(), JournalError> {
        let mut free = BTreeSet::new();
        for entry in entries
            .iter_mut()
            .filter(|entry| entry.state == ChangeState::Interrupted)
        {
            if self.shared.locks.is_held(entry.id) {
                entry.state = ChangeState::Running;
            } else {
                free.insert(entry.id);
            }
        }
        if free.is_empty() {
            return Ok(());
        }
        // They may have ended since they were read: an end is written before the lock is let go.
        let again = self.read(|reading| by_ids(reading, &ids_of(&free)))?;
        let mut again: BTreeMap<ChangeId, Entry> = again.into_iter().map(|entry| (entry.id, entry)).collect();
        for entry in entries {
            if let Some(newer) = again.remove(&entry.id) {
                *entry = newer;
            }
        }
        Ok(())
    }
}

fn by_ids(reading: &Connection, ids: &str) -> rusqlite::Result<Vec<Entry>> {
    let select =
        format!("SELECT {COLUMNS} FROM changes WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY id DESC");
    let mut select = reading.prepare_cached(&select)?;
    let entries = select.query_map([ids], read::entry)?;
    filled(reading, entries.collect::<rusqlite::Result<_>>()?)
}

/// Adds what stands in other tables, for all entries at once.
pub(super) fn filled(reading: &Connection, mut entries: Vec<Entry>) -> rusqlite::Result<Vec<Entry>> {
    if entries.is_empty() {
        return Ok(entries);
    }
    let ids = ids_of(entries.iter().map(|entry| &entry.id));
    let places: BTreeMap<ChangeId, usize> = entries
        .iter()
        .enumerate()
        .map(|(place, entry)| (entry.id, place))
        .collect();
    let counted = "SELECT change, connection, repository, state = 'done' AS done, count(*) AS steps, sum(tags) AS tags,
        sum(deletes) AS digests, sum(deletes AND tags > 0) AS versions, CAST(total(bytes) AS INTEGER) AS bytes,
        sum(sum(deletes)) OVER place = 0 AND total(total(bytes)) OVER place > 0 AS only_put
        FROM steps WHERE change IN (SELECT value FROM json_each(:ids))
        GROUP BY change, connection, repository, state = 'done'
        WINDOW place AS (PARTITION BY change, connection, repository)
        ORDER BY change, connection, repository";
    let mut counted = reading.prepare_cached(counted)?;
    let mut rows = counted.query(named_params! { ":ids": ids })?;
    while let Some(row) = rows.next()? {
        let change = ChangeId(row.get("change")?);
        if let Some(entry) = places.get(&change).and_then(|place| entries.get_mut(*place)) {
            count_in(entry, row)?;
        }
    }
    let parties = "SELECT change, connection, name, host, user FROM parties
        WHERE change IN (SELECT value FROM json_each(:ids)) ORDER BY change, connection";
    let mut parties = reading.prepare_cached(parties)?;
    let mut rows = parties.query(named_params! { ":ids": ids })?;
    while let Some(row) = rows.next()? {
        let change = ChangeId(row.get("change")?);
        if let Some(entry) = places.get(&change).and_then(|place| entries.get_mut(*place)) {
            entry.parties.push(Party {
                connection: ConnectionId::new(row.get::<_, String>("connection")?),
                name: row.get("name")?,
                host: row.get("host")?,
                user: row.get("user")?,
            });
        }
    }
    Ok(entries)
}

/// Adds the steps of one repository that were done, or those that were not.
fn count_in(entry: &mut Entry, row: &Row<'_>) -> rusqlite::Result<()> {
    let repository: RepositoryName = read::parsed(row, 2)?;
    let at = Located {
        connection: ConnectionId::new(row.get::<_, String>("connection")?),
        repository,
    };
    // Where a change that deletes has sent something and deleted nothing, there its backup is: see `EntryDetail::backups`.
    let is_backup = matches!(entry.kind, ChangeKind::Prune | ChangeKind::Delete) && row.get("only_put")?;
    let places = if is_backup {
        &mut entry.backups
    } else {
        &mut entry.repositories
    };
    if places.last() != Some(&at) {
        places.push(at);
    }
    let number = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
    let counted = Tally {
        steps: number("steps")?,
        ..Tally::default()
    };
    let counted = if is_backup {
        counted
    } else {
        Tally {
            steps: number("steps")?,
            tags: number("tags")?,
            digests: number("digests")?,
            versions: number("versions")?,
            bytes: ByteSize(number("bytes")?),
        }
    };
    entry.planned.add(counted);
    if row.get("done")? {
        entry.done.add(counted);
    }
    Ok(())
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.steps += other.steps;
        self.tags += other.tags;
        self.digests += other.digests;
        self.versions += other.versions;
        self.bytes += other.bytes;
    }
}

/// Numbers as a JSON list, which takes the place of a list of parameters.
fn ids_of<'a>(ids: impl IntoIterator<Item = &'a ChangeId>) -> String {
    let ids: Vec<String> = ids.into_iter().map(ToString::to_string).collect();
    format!("[{}]", ids.join(","))
}

/// The pattern of texts that contain this one, as it stands.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
