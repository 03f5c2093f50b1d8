//! `journal`, `journal show`, `journal undo`, `journal resume`.

use application::{ApplicationError, ChangeRequest, JournalFilter, JournalLine};

use super::change::show_or_do;
use crate::{
    arguments::{Journal, JournalVerb},
    exit::Exit,
    output::{
        changes::Entry,
        tables::{Column, facts, section, table},
    },
    terminal::Terminal,
};

pub(super) async fn run(arguments: Journal, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    match arguments.verb {
        None => list(terminal).await,
        Some(JournalVerb::Show { id }) => show(&id, terminal).await,
        Some(JournalVerb::Undo { id, yes }) => show_or_do(ChangeRequest::Undo { id }, yes, terminal).await,
        Some(JournalVerb::Resume { id, yes }) => show_or_do(ChangeRequest::Resume { id }, yes, terminal).await,
    }
}

async fn list(terminal: &Terminal) -> Result<Exit, ApplicationError> {
    const COLUMNS: [Column; 6] = [
        Column::Right("ID"),
        Column::Left("KIND"),
        Column::Left("STATE"),
        Column::Left("STARTED"),
        Column::Right("STEPS"),
        Column::Left("REPOSITORIES"),
    ];
    let lines = terminal
        .berth
        .journal(&JournalFilter::default(), 0, usize::MAX)
        .await?
        .items;
    let document: Vec<Entry> = lines.iter().map(Entry::of).collect();
    terminal.answer(&document, || {
        let rows = lines.iter().map(|line| {
            vec![
                line.id.clone(),
                line.kind.to_owned(),
                line.state.to_owned(),
                terminal.time(Some(line.started)),
                line.steps.len().to_string(),
                line.repositories.join(", "),
            ]
        });
        table(&COLUMNS, rows)
    })?;
    Ok(Exit::Done)
}

async fn show(id: &str, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let line = terminal.berth.journal_entry(id).await?;
    terminal.answer(&Entry::of(&line), || shown(&line, terminal))?;
    Ok(Exit::Done)
}

fn shown(line: &JournalLine, terminal: &Terminal) -> String {
    const COLUMNS: [Column; 4] = [
        Column::Left("ACTION"),
        Column::Left("REFERENCE"),
        Column::Left("STATE"),
        Column::Left("MESSAGE"),
    ];
    let head = facts(
        &[
            ("change", format!("{} {}", line.kind, line.id)),
            ("state", line.state.to_owned()),
            ("started", terminal.time(Some(line.started))),
            ("finished", terminal.time(line.finished)),
        ],
        "",
    );
    let rows = line.steps.iter().map(|step| {
        vec![
            step.step.action.to_owned(),
            step.step.reference.clone(),
            step.state.to_owned(),
            step.message.clone().unwrap_or_default(),
        ]
    });
    head + &section("", &table(&COLUMNS, rows)).replacen("\n\n", "\n", 1)
}
