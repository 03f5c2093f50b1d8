//! `pull-command REFERENCE`: the line to paste.

use application::{ApplicationError, PullCommand as Line};

use crate::{arguments::PullCommand, exit::Exit, output::documents, terminal::Terminal};

pub(super) async fn run(arguments: &PullCommand, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let found = terminal.find(&arguments.reference).await?;
    let (digest, report) = terminal
        .berth
        .locate(&found, terminal.max_age(), &terminal.operation)
        .await?;
    terminal.warn_of_report(report.as_ref());
    // Who names a version by its digest alone wants that and nothing that may have moved.
    let by_digest = arguments.by_digest || found.tag.is_none();
    let (connection, repository) = (&found.connection, found.need_repository()?);
    let mut lines = terminal
        .berth
        .pull_commands(connection, repository, &digest, found.tag.as_ref(), by_digest)
        .await?;
    if let Some(tool) = &arguments.tool {
        let known: Vec<&str> = lines.iter().map(|line| line.tool).collect();
        let known = known.join(", ");
        lines.retain(|line| line.tool == tool);
        if lines.is_empty() {
            return Err(unfit(tool, &found.reference(), &known));
        }
    }
    let documents: Vec<_> = lines.iter().map(documents::Command::of).collect();
    let alone = arguments.tool.is_some();
    let notes_are_shown = !alone && !terminal.is_json();
    terminal.answer(&documents, || if alone { bare(&lines) } else { all(&lines) })?;
    if !notes_are_shown {
        for (line, note) in lines.iter().filter_map(|line| Some((line, line.note.as_ref()?))) {
            terminal.warn(&format!("{}: {note}", line.tool));
        }
    }
    Ok(Exit::Done)
}

fn unfit(tool: &str, reference: &str, known: &str) -> ApplicationError {
    let hint = if known.is_empty() {
        "no tool that Berth knows can".to_owned()
    } else {
        format!("these can: {known}")
    };
    ApplicationError::not_found(format!("{tool} cannot pull {reference}")).with_hint(hint)
}

/// The line alone, for `eval` and `$(…)`.
fn bare(lines: &[Line]) -> String {
    lines.iter().flat_map(|line| [line.command.as_str(), "\n"]).collect()
}

/// Every line under its tool's name; what a shell does not read as a command is a comment.
fn all(lines: &[Line]) -> String {
    let block = |line: &Line| {
        let note = line.note.as_ref().map(|note| format!("# {note}\n")).unwrap_or_default();
        format!("# {}\n{note}{}\n", line.label, line.command)
    };
    lines.iter().map(block).collect::<Vec<_>>().join("\n")
}
