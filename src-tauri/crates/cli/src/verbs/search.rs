//! `search WORDS…`: from the index alone.

use application::{ApplicationError, SearchHit};

use crate::{
    arguments::Search,
    exit::Exit,
    output::{
        documents,
        tables::{Column, cut, table},
    },
    terminal::Terminal,
};

pub(super) async fn run(arguments: &Search, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let connection = match &arguments.connection {
        Some(name) => Some(terminal.find(name).await?.connection),
        None => None,
    };
    let words = arguments.words.join(" ");
    let answer = terminal
        .berth
        .search(&words, connection.as_ref(), arguments.limit.into())
        .await?;
    let documents: Vec<_> = answer.hits.iter().map(documents::Hit::of).collect();
    if documents.is_empty() {
        terminal.warn("nothing in the index matches");
    }
    terminal.answer(&documents, || shown(&answer.hits))?;
    Ok(Exit::Done)
}

fn shown(hits: &[SearchHit]) -> String {
    const COLUMNS: [Column; 4] = [
        Column::Left("REFERENCE"),
        Column::Left("DIGEST"),
        Column::Left("FOUND AS"),
        Column::Left("MATCHED"),
    ];
    if hits.is_empty() {
        return String::new();
    }
    table(&COLUMNS, hits.iter().map(line))
}

fn line(hit: &SearchHit) -> Vec<String> {
    let mut reference = format!("{}/{}", hit.connection_name, hit.repository);
    if let Some(tag) = &hit.tag {
        reference = format!("{reference}:{tag}");
    }
    let digest = hit.digest.as_ref().map(|digest| digest.short().to_owned());
    vec![
        reference,
        digest.unwrap_or_default(),
        hit.kind.as_str().to_owned(),
        cut(&hit.matched, 60),
    ]
}
