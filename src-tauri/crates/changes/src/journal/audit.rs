//! The journal as an audit log: who did what, where, and how it went; as rows, CSV and JSON.

use std::{io::Write, path::PathBuf};

use artifact::{Digest, RepositoryName, Tag};
use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::Row;
use serde::Serialize;

use super::{
    ChangeId, EntryFilter, Journal, JournalError, Origin, StepState,
    lists::{Chosen, FILTER},
    read,
};
use crate::{ChangeKind, Step};

/// Rows that are read at once.
const PAGE: u32 = 1000;

/// One step that was begun or decided upon. Steps that never were do not stand in an audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    pub change: ChangeId,
    pub kind: ChangeKind,
    /// The step's place in its plan, from 0.
    pub step: u32,
    /// When it ended; where that is not known, when it began.
    pub time: Option<DateTime<Utc>>,
    /// The login's user name.
    pub user: Option<String>,
    /// The registry's host, or the folder's path.
    pub host: String,
    /// The connection's name as it was then.
    pub connection: String,
    pub repository: RepositoryName,
    pub action: &'static str,
    /// What is put, moved or deleted with the step.
    pub tags: Vec<Tag>,
    pub digest: Digest,
    pub outcome: AuditOutcome,
    /// Why it failed or was skipped.
    pub message: Option<String>,
    #[serde(flatten)]
    pub origin: Origin,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AuditOutcome {
    Done,
    Failed,
    Skipped,
    /// The program ended before it knew.
    Unknown,
}

impl AuditOutcome {
    /// The word in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Unknown => "unknown",
        }
    }
}

/// The columns of the table, in this order.
const HEADER: [&str; 17] = [
    "time",
    "user",
    "host",
    "repository",
    "action",
    "tags",
    "digest",
    "outcome",
    "message",
    "change",
    "kind",
    "step",
    "connection",
    "policy",
    "version",
    "program",
    "computer",
];

impl Journal {
    /// Writes the log as CSV with a header, oldest first. Cells that a spreadsheet would take for a formula begin with
    /// an apostrophe.
    pub fn write_csv(&self, filter: &EntryFilter, output: impl Write) -> Result<(), JournalError> {
        let mut writer = csv::Writer::from_writer(output);
        writer.write_record(HEADER).map_err(|error| export_failed(&error))?;
        self.each_audit_row(filter, |row| {
            writer.write_record(cells(row)).map_err(|error| export_failed(&error))
        })?;
        writer.flush().map_err(|error| export_failed(&error))
    }

    /// Writes the log as a JSON list, oldest first.
    pub fn write_json(&self, filter: &EntryFilter, mut output: impl Write) -> Result<(), JournalError> {
        let mut before = "[\n";
        self.each_audit_row(filter, |row| {
            let line = serde_json::to_string(&row).map_err(|error| export_failed(&error))?;
            write!(output, "{before}{line}").map_err(|error| export_failed(&error))?;
            before = ",\n";
            Ok(())
        })?;
        let end = if before == "[\n" { "[]\n" } else { "\n]\n" };
        write!(output, "{end}")
            .and_then(|()| output.flush())
            .map_err(|error| export_failed(&error))
    }

    /// The log's rows, oldest first, a page at a time so that a long history needs little memory.
    fn each_audit_row(
        &self,
        filter: &EntryFilter,
        mut take: impl FnMut(AuditRow) -> Result<(), JournalError>,
    ) -> Result<(), JournalError> {
        let chosen = self.chosen(filter)?;
        let mut last = (0, -1);
        loop {
            let page = self.audit_page(&chosen, last)?;
            let Some(end) = page.last() else {
                return Ok(());
            };
            last = (end.change.0, i64::from(end.step));
            for row in page {
                take(row)?;
            }
        }
    }

    /// Of every change that the filter lets through all steps, wherever they write.
    fn audit_page(&self, chosen: &Chosen, (change, place): (i64, i64)) -> Result<Vec<AuditRow>, JournalError> {
        self.read(|reading| {
            let select = format!(
                "SELECT steps.change, kind, place, coalesce(ended_at, begun_at), user, coalesce(host, ''), step, state,
                    message, coalesce(name, ''), policy, version, program, computer
                 FROM steps JOIN changes ON changes.id = steps.change
                 LEFT JOIN parties ON parties.change = steps.change AND parties.connection = steps.connection
                 WHERE state <> 'waiting' AND (steps.change, place) > (:change, :place) AND {FILTER}
                 ORDER BY steps.change, place LIMIT :limit"
            );
            let named = chosen.with(&[(":change", &change), (":place", &place), (":limit", &PAGE)]);
            let mut select = reading.prepare_cached(&select)?;
            select.query_map(named.as_slice(), audit_row)?.collect()
        })
    }
}

fn audit_row(row: &Row<'_>) -> rusqlite::Result<AuditRow> {
    let step: Step = read::from_json(row, 6)?;
    let outcome = match read::step_state(row, 7)? {
        StepState::Done => AuditOutcome::Done,
        StepState::Failed => AuditOutcome::Failed,
        StepState::Skipped => AuditOutcome::Skipped,
        StepState::Begun | StepState::Waiting => AuditOutcome::Unknown,
    };
    Ok(AuditRow {
        change: ChangeId(row.get(0)?),
        kind: read::kind(row, 1)?,
        step: row.get(2)?,
        time: read::time(row, 3)?,
        user: row.get(4)?,
        host: row.get(5)?,
        connection: row.get(9)?,
        repository: step.at.repository,
        action: step.action.as_str(),
        tags: if step.tags.is_empty() {
            step.tag.into_iter().collect()
        } else {
            step.tags
        },
        digest: step.digest,
        outcome,
        message: row.get(8)?,
        origin: Origin {
            policy: row.get(10)?,
            version: row.get(11)?,
            program: row.get(12)?,
            computer: row.get(13)?,
        },
    })
}

fn cells(row: AuditRow) -> [String; HEADER.len()] {
    let time = row.time.map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true));
    let tags: Vec<&str> = row.tags.iter().map(Tag::as_str).collect();
    let cells = [
        time.unwrap_or_default(),
        row.user.unwrap_or_default(),
        row.host,
        row.repository.to_string(),
        row.action.to_owned(),
        tags.join(" "),
        row.digest.to_string(),
        row.outcome.as_str().to_owned(),
        row.message.unwrap_or_default(),
        row.change.to_string(),
        row.kind.as_str().to_owned(),
        row.step.to_string(),
        row.connection,
        row.origin.policy.unwrap_or_default(),
        row.origin.version.unwrap_or_default(),
        row.origin.program.unwrap_or_default(),
        row.origin.computer.unwrap_or_default(),
    ];
    cells.map(harmless)
}

/// A cell that no spreadsheet takes for a formula: an apostrophe makes it text. Full-width signs begin one as well where
/// such letters are written. Source: OWASP, "CSV Injection".
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{cell}")
    } else {
        cell
    }
}

fn export_failed(error: &dyn std::fmt::Display) -> JournalError {
    JournalError::Storage {
        path: PathBuf::from("export"),
        detail: error.to_string(),
    }
}
