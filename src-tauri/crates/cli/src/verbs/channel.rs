//! `channel history` and `channel rollback`.

use application::{ApplicationError, ChangeRequest};

use super::change::show_or_do;
use crate::{
    arguments::ChannelVerb,
    exit::Exit,
    output::{
        changes::Pointed,
        tables::{Column, table},
        times::UNKNOWN,
    },
    terminal::Terminal,
};

pub(super) async fn run(verb: ChannelVerb, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    match verb {
        ChannelVerb::History { repository, channel } => history(&repository, &channel, terminal).await,
        ChannelVerb::Rollback {
            repository,
            channel,
            yes,
        } => {
            let (at, channel) = (terminal.repository(&repository).await?, channel.parse()?);
            show_or_do(ChangeRequest::Rollback { at, channel }, yes, terminal).await
        }
    }
}

async fn history(repository: &str, channel: &str, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    const COLUMNS: [Column; 5] = [
        Column::Left("DIGEST"),
        Column::Left("TAGS"),
        Column::Left("SINCE"),
        Column::Left("UNTIL"),
        Column::Left("BY"),
    ];
    let at = terminal.repository(repository).await?;
    let (berth, age, operation) = (&terminal.berth, terminal.max_age(), &terminal.operation);
    let report = berth.refresh(&at.connection, &at.repository, age, operation).await?;
    terminal.warn_of_report(report.as_ref());
    let history = berth.channel_history(&at, &channel.parse()?).await?;
    let document: Vec<Pointed> = history.iter().map(Pointed::of).collect();
    terminal.answer(&document, || {
        let lines = history.iter().map(|pointed| {
            let tags: Vec<&str> = pointed.tags.iter().map(application::Tag::as_str).collect();
            vec![
                pointed.digest.short().to_owned(),
                tags.join(", "),
                terminal.time(pointed.since),
                pointed
                    .until
                    .map_or_else(|| "now".to_owned(), |until| terminal.time(Some(until))),
                pointed.by.clone().unwrap_or_else(|| UNKNOWN.to_owned()),
            ]
        });
        table(&COLUMNS, lines)
    })?;
    Ok(Exit::Done)
}
