//! `journal`, `journal show`, `journal undo`, `journal resume`, `journal export`.

use std::{
    io::{self, Write},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use application::{
    ApplicationError, ChangeRequest, JournalDetail, JournalFilter, JournalFormat, JournalLine, UndoPromise,
};

use super::change::show_or_do;
use crate::{
    arguments::{ExportFormat, Journal, JournalFilters, JournalVerb},
    exit::Exit,
    output::{
        changes::Entry,
        errors,
        tables::{Column, facts, section, table},
    },
    terminal::Terminal,
};

/// Tags of a change that the list shows.
const TAGS_SHOWN: usize = 3;

pub(super) async fn run(arguments: Journal, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    match arguments.verb {
        None => list(arguments.filters, arguments.limit.unwrap_or(usize::MAX), terminal).await,
        Some(JournalVerb::Show { id }) => show(&id, terminal).await,
        Some(JournalVerb::Undo { id, yes }) => show_or_do(ChangeRequest::Undo { id }, yes, terminal).await,
        Some(JournalVerb::Resume { id, yes }) => show_or_do(ChangeRequest::Resume { id }, yes, terminal).await,
        Some(JournalVerb::Export {
            filters,
            format,
            output,
        }) => export(filters, format, output.as_deref(), terminal).await,
    }
}

async fn list(filters: JournalFilters, limit: usize, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let filter = filter(filters, terminal).await?;
    if terminal.is_json() {
        let details = terminal.berth.journal_details(&filter, 0, limit).await?.items;
        let document: Vec<Entry> = details.iter().map(Entry::of).collect();
        terminal.answer(&document, String::new)?;
        return Ok(Exit::Done);
    }
    let lines = terminal.berth.journal(&filter, 0, limit).await?.items;
    terminal.answer(&(), || listed(&lines, terminal))?;
    Ok(Exit::Done)
}

fn listed(lines: &[JournalLine], terminal: &Terminal) -> String {
    const COLUMNS: [Column; 7] = [
        Column::Right("ID"),
        Column::Left("KIND"),
        Column::Left("STATE"),
        Column::Left("STARTED"),
        Column::Right("STEPS"),
        Column::Left("TAGS"),
        Column::Left("REPOSITORIES"),
    ];
    let rows = lines.iter().map(|line| {
        vec![
            line.id.clone(),
            line.kind.to_owned(),
            line.state.to_owned(),
            terminal.time(Some(line.started)),
            line.planned.steps.to_string(),
            tags_of(line),
            line.repositories.join(", "),
        ]
    });
    table(&COLUMNS, rows)
}

fn tags_of(line: &JournalLine) -> String {
    let shown: Vec<&str> = line
        .tags
        .iter()
        .take(TAGS_SHOWN)
        .map(application::Tag::as_str)
        .collect();
    let more = line.planned.tags.saturating_sub(shown.len() as u64);
    match more {
        0 => shown.join(", "),
        more => format!("{} +{more}", shown.join(", ")),
    }
}

async fn show(id: &str, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let detail = terminal.berth.journal_entry(id).await?;
    terminal.answer(&Entry::of(&detail), || shown(&detail, terminal))?;
    Ok(Exit::Done)
}

fn shown(JournalDetail { line, steps, undo, .. }: &JournalDetail, terminal: &Terminal) -> String {
    const COLUMNS: [Column; 5] = [
        Column::Left("ACTION"),
        Column::Left("REFERENCE"),
        Column::Left("STATE"),
        Column::Left("TIME"),
        Column::Left("MESSAGE"),
    ];
    let origin = [line.origin.computer.as_deref(), line.origin.program.as_deref()];
    let origin: Vec<&str> = origin.into_iter().flatten().collect();
    let known = [
        ("change", Some(format!("{} {}", line.kind, line.id))),
        ("state", Some(line.state.to_owned())),
        ("started", Some(terminal.time(Some(line.started)))),
        ("finished", Some(terminal.time(line.finished))),
        ("login", line.by.clone()),
        ("from", Some(origin.join(", ")).filter(|origin| !origin.is_empty())),
        ("policy", line.origin.policy.clone()),
        (
            "backup",
            Some(line.backups.join(", ")).filter(|places| !places.is_empty()),
        ),
        (
            "undo",
            undo.filter(|_| line.undone_by.is_none())
                .map(|undo| promise(undo, terminal)),
        ),
        ("undoes", line.undoes.clone()),
        ("undone by", line.undone_by.clone()),
    ];
    let known: Vec<(&str, String)> = known
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    let rows = steps.iter().map(|step| {
        vec![
            step.step.action.to_owned(),
            step.step.reference.clone(),
            step.state.to_owned(),
            terminal.time(step.at),
            step.message.clone().unwrap_or_default(),
        ]
    });
    facts(&known, "") + &section("", &table(&COLUMNS, rows)).replacen("\n\n", "\n", 1)
}

fn promise(undo: UndoPromise, terminal: &Terminal) -> String {
    match undo {
        UndoPromise::Backup => "for as long as the backup is kept".to_owned(),
        UndoPromise::Kept { days, until } => {
            let until = terminal.time(Some(until));
            format!("until {until}: the provider keeps what was deleted for {days} days")
        }
        UndoPromise::OnDisk => "for as long as the folder or archive is not written anew".to_owned(),
        UndoPromise::UntilCollected => "until the registry collects its garbage".to_owned(),
        UndoPromise::Nothing => "not promised: the registry may let go of what was deleted at any time".to_owned(),
    }
}

async fn export(
    filters: JournalFilters,
    format: Option<ExportFormat>,
    output: Option<&Path>,
    terminal: &Terminal,
) -> Result<Exit, ApplicationError> {
    let filter = filter(filters, terminal).await?;
    let format = format_of(format, output, terminal.is_json());
    let Some(path) = output else {
        let closed = Arc::new(AtomicBool::new(false));
        let output = StandardOutput {
            closed: Arc::clone(&closed),
        };
        let written = terminal.berth.export_journal(&filter, format, output).await;
        if closed.load(Ordering::Relaxed) {
            return Err(errors::of_output(&io::ErrorKind::BrokenPipe.into()));
        }
        return written.map(|()| Exit::Done);
    };
    terminal
        .berth
        .export_journal_to_file(&filter, format, path.to_owned())
        .await?;
    Ok(Exit::Done)
}

fn format_of(format: Option<ExportFormat>, output: Option<&Path>, json: bool) -> JournalFormat {
    let named_json = output.is_some_and(|path| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json")));
    match format {
        Some(ExportFormat::Json) => JournalFormat::Json,
        None if named_json || json => JournalFormat::Json,
        Some(ExportFormat::Csv) | None => JournalFormat::Csv,
    }
}

/// Notes when nobody wants the rest, as with `| head`.
struct StandardOutput {
    closed: Arc<AtomicBool>,
}

impl StandardOutput {
    fn noted<T>(&self, outcome: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &outcome
            && error.kind() == io::ErrorKind::BrokenPipe
        {
            self.closed.store(true, Ordering::Relaxed);
        }
        outcome
    }
}

impl Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = io::stdout().lock().write(bytes);
        self.noted(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = io::stdout().lock().flush();
        self.noted(flushed)
    }
}

async fn filter(filters: JournalFilters, terminal: &Terminal) -> Result<JournalFilter, ApplicationError> {
    let JournalFilters {
        connection,
        repository,
        kind,
        state,
        text,
        since,
    } = filters;
    let (connection, repository) = match (connection, repository) {
        (_, Some(reference)) => {
            let at = terminal.repository(&reference).await?;
            (Some(at.connection), Some(at.repository))
        }
        (Some(name), None) => (Some(terminal.find(&name).await?.connection), None),
        (None, None) => (None, None),
    };
    Ok(JournalFilter {
        connection,
        repository,
        kind,
        state,
        text,
        since,
    })
}
