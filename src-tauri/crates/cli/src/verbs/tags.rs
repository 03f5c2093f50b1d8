//! `tags CONNECTION/REPOSITORY`.

use application::{ApplicationError, TagRow, TagsWanted};

use crate::{
    arguments::Tags,
    exit::Exit,
    output::{
        documents,
        tables::{Column, cut, table},
        times::UNKNOWN,
    },
    terminal::Terminal,
};

pub(super) async fn run(arguments: &Tags, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let found = terminal.find(&arguments.repository).await?;
    let repository = found.need_only_repository()?;
    let berth = &terminal.berth;
    let report = berth
        .refresh(&found.connection, repository, terminal.max_age(), &terminal.operation)
        .await?;
    terminal.warn_of_report(report.as_ref());
    let wanted = TagsWanted {
        sort: arguments.sort.into(),
        matching: arguments.matching.clone(),
        all: arguments.all,
    };
    let rows = berth.tags(&found.connection, repository, wanted).await?;
    if report.is_none() {
        for (row, problem) in rows.iter().filter_map(|row| Some((row, row.problem.as_ref()?))) {
            terminal.warn(&format!("{}: {}", row.tag, problem.message));
        }
    }
    if report.is_none()
        && let Some(reason) = berth.listing_gap(&found.connection, repository).await?
    {
        terminal.warn(&format!("the list of tags is not complete: {reason}"));
    }
    let documents: Vec<_> = rows.iter().map(documents::TagLine::of).collect();
    terminal.answer(&documents, || shown(&rows, terminal))?;
    Ok(Exit::Done)
}

fn shown(rows: &[TagRow], terminal: &Terminal) -> String {
    const COLUMNS: [Column; 8] = [
        Column::Left("TAG"),
        Column::Left("DIGEST"),
        Column::Left("KIND"),
        Column::Right("SIZE"),
        Column::Right("LAYERS"),
        Column::Right("CREATED"),
        Column::Left("PLATFORMS"),
        Column::Left("ALSO TAGGED"),
    ];
    table(&COLUMNS, rows.iter().map(|row| line(row, terminal)))
}

fn line(row: &TagRow, terminal: &Terminal) -> Vec<String> {
    let unknown = || UNKNOWN.to_owned();
    let also: Vec<&str> = row.also_tagged.iter().map(application::Tag::as_str).collect();
    vec![
        row.tag.to_string(),
        row.digest
            .as_ref()
            .map_or_else(unknown, |digest| digest.short().to_owned()),
        row.kind.map_or_else(unknown, |kind| kind.as_str().to_owned()),
        terminal.known_size(row.size),
        row.layers.map_or_else(unknown, |layers| layers.to_string()),
        terminal.time(row.created),
        cut(&row.platforms.join(", "), 40),
        cut(&also.join(", "), 40),
    ]
}
