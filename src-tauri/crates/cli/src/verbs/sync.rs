//! `sync [CONNECTION[/REPOSITORY]]`.

use application::{ApplicationError, SyncReport};

use crate::{
    exit::Exit,
    output::{
        documents,
        tables::{Column, table},
    },
    terminal::Terminal,
};

pub(super) async fn run(target: Option<&str>, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let outcomes = match target {
        Some(target) => vec![one(target, terminal).await?],
        None => all(terminal).await?,
    };
    let failed = outcomes.iter().filter(|(_, outcome)| outcome.is_err()).count();
    let read: Vec<(String, SyncReport)> = outcomes
        .into_iter()
        .map(|(name, outcome)| (name, outcome.unwrap_or_else(unread)))
        .collect();
    for (name, problem) in read
        .iter()
        .flat_map(|(name, report)| report.problems.iter().map(move |it| (name, it)))
    {
        let hint = problem
            .hint
            .as_ref()
            .map(|hint| format!(" ({hint})"))
            .unwrap_or_default();
        terminal.warn(&format!("{name}: {}{hint}", problem.message));
    }
    let document = documents::Sync::of(&read);
    terminal.answer(&document, || shown(&read))?;
    if failed > 0 && failed == read.len() {
        return Err(nothing_read(&read));
    }
    let is_whole = read.iter().all(|(_, report)| report.problems.is_empty());
    Ok(if is_whole { Exit::Done } else { Exit::Part })
}

type Outcome = (String, Result<SyncReport, ApplicationError>);

/// One connection or repository, named: if nothing of it can be read, there is no result.
async fn one(target: &str, terminal: &Terminal) -> Result<Outcome, ApplicationError> {
    let found = terminal.find(target).await?;
    let repository = match &found.repository {
        Some(_) => Some(found.need_only_repository()?),
        None => None,
    };
    let report = terminal
        .berth
        .sync(&found.connection, repository, None, &terminal.operation)
        .await?;
    Ok((found.connection_name.clone(), Ok(report)))
}

async fn all(terminal: &Terminal) -> Result<Vec<Outcome>, ApplicationError> {
    let connections = terminal.berth.connections().await?;
    if connections.is_empty() {
        return Err(ApplicationError::not_found("there are no connections yet")
            .with_hint("add one with `berthctl connection add NAME ADDRESS`, or try `berthctl sample`"));
    }
    terminal.password_for_the_only(&connections).await?;
    terminal.berth.sync_all(&terminal.operation).await
}

/// A connection of which nothing could be read, beside others.
fn unread(problem: ApplicationError) -> SyncReport {
    SyncReport {
        problems: vec![problem.into()],
        ..SyncReport::default()
    }
}

fn nothing_read(read: &[(String, SyncReport)]) -> ApplicationError {
    let first = read.iter().find_map(|(_, report)| report.problems.first());
    let code = first.map_or(application::ErrorCode::Other, |problem| problem.code);
    let mut error = ApplicationError::new(code, "no connection could be read");
    error.hint = first.and_then(|problem| problem.hint.clone());
    error.retryable = first.is_some_and(|problem| problem.retryable);
    error
}

fn shown(read: &[(String, SyncReport)]) -> String {
    const COLUMNS: [Column; 9] = [
        Column::Left("CONNECTION"),
        Column::Right("REPOSITORIES"),
        Column::Right("TAGS"),
        Column::Right("NEW"),
        Column::Right("MOVED"),
        Column::Right("GONE"),
        Column::Right("REQUESTS"),
        Column::Right("TIME"),
        Column::Right("PROBLEMS"),
    ];
    table(&COLUMNS, read.iter().map(|(name, report)| line(name, report)))
}

fn line(name: &str, report: &SyncReport) -> Vec<String> {
    let numbers = [
        report.repositories,
        report.tags,
        report.new,
        report.moved,
        report.gone,
        report.requests,
    ]
    .map(|it| it.to_string());
    let mut cells = vec![name.to_owned()];
    cells.extend(numbers);
    cells.push(span(report.milliseconds));
    cells.push(report.problems.len().to_string());
    cells
}

fn span(milliseconds: u64) -> String {
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        _ => format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100),
    }
}
