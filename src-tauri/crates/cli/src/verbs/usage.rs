//! `usage CONNECTION[/REPOSITORY]`: honest storage.

use application::{ApplicationError, Usage as Storage};

use crate::{
    arguments::Usage,
    exit::Exit,
    output::{
        documents,
        tables::{Column, facts, section, table},
    },
    terminal::Terminal,
};

pub(super) async fn run(arguments: &Usage, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let found = terminal.find(&arguments.target).await?;
    let (berth, age, operation) = (&terminal.berth, terminal.max_age(), &terminal.operation);
    let repository = match &found.repository {
        Some(_) => Some(found.need_only_repository()?),
        None => None,
    };
    let report = match repository {
        Some(repository) => berth.refresh(&found.connection, repository, age, operation).await?,
        None => berth.refresh_connection(&found.connection, age, operation).await?,
    };
    terminal.warn_of_report(report.as_ref());
    let usage = berth.usage(&found.connection, repository).await?;
    let document = documents::Usage::of(&usage);
    terminal.answer(&document, || {
        shown(&usage, &document.counted, repository.is_none(), terminal)
    })?;
    Ok(Exit::Done)
}

fn shown(usage: &Storage, counted: &str, whole_connection: bool, terminal: &Terminal) -> String {
    const COLUMNS: [Column; 4] = [
        Column::Left("TAG"),
        Column::Right("SIZE"),
        Column::Right("UNIQUE"),
        Column::Right("SHARED"),
    ];
    let totals = facts(
        &[
            ("stored", terminal.size(usage.stored)),
            ("untagged", terminal.known_size(usage.untagged)),
            ("counted", counted.to_owned()),
        ],
        "",
    );
    let lines = usage.tags.iter().map(|tag| {
        let name = if whole_connection {
            format!("{}:{}", tag.repository, tag.tag)
        } else {
            tag.tag.to_string()
        };
        vec![
            name,
            terminal.known_size(tag.size),
            terminal.known_size(tag.unique),
            terminal.known_size(tag.shared),
        ]
    });
    totals + &section("", &table(&COLUMNS, lines)).replacen("\n\n", "\n", 1)
}
