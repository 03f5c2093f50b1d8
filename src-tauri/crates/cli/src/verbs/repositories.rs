//! `repositories [CONNECTION]`: from the index alone.

use application::{ApplicationError, ConnectionInfo, RepositoryRow, pull_commands::quoted};

use super::connection::NO_CONNECTIONS;
use crate::{
    arguments::Repositories,
    exit::Exit,
    output::{
        documents,
        tables::{Column, table},
    },
    terminal::Terminal,
};

pub(super) async fn run(arguments: &Repositories, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let mut rows = Vec::new();
    for connection in wanted(arguments.connection.as_deref(), terminal).await? {
        if connection.synced.is_none() {
            terminal.warn(&format!(
                "the repositories of {0} were not listed yet: run `berthctl sync {1}`",
                connection.name,
                quoted(&connection.name)
            ));
        }
        let found = terminal
            .berth
            .all_repositories(&connection.id, arguments.matching.as_deref())
            .await?;
        rows.extend(found.into_iter().map(|row| (connection.name.clone(), row)));
    }
    let documents: Vec<_> = rows
        .iter()
        .map(|(name, row)| documents::RepositoryLine::of(name, row))
        .collect();
    terminal.answer(&documents, || shown(&rows, terminal))?;
    Ok(Exit::Done)
}

async fn wanted(name: Option<&str>, terminal: &Terminal) -> Result<Vec<ConnectionInfo>, ApplicationError> {
    if let Some(name) = name {
        let found = terminal.find(name).await?;
        return Ok(vec![terminal.berth.connection_info(&found.connection).await?]);
    }
    let connections = terminal.berth.connections().await?;
    if connections.is_empty() {
        terminal.warn(NO_CONNECTIONS);
    }
    Ok(connections)
}

fn shown(rows: &[(String, RepositoryRow)], terminal: &Terminal) -> String {
    const COLUMNS: [Column; 4] = [
        Column::Left("REPOSITORY"),
        Column::Right("TAGS"),
        Column::Right("SIZE"),
        Column::Right("UPDATED"),
    ];
    let lines = rows.iter().map(|(connection, row)| {
        vec![
            format!("{connection}/{}", row.name),
            row.tags.to_string(),
            terminal.known_size(row.size),
            terminal.time(row.updated),
        ]
    });
    table(&COLUMNS, lines)
}
