//! `channel history`, `channel asks` and `channel rollback`.

use application::{ApplicationError, ChangeRequest, ChannelRequirement, public_key_file};

use super::change::show_or_do;
use crate::{
    arguments::{ChannelAsks, ChannelVerb},
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
        ChannelVerb::Asks(asks) => what_it_asks(asks, terminal).await,
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

async fn what_it_asks(asks: ChannelAsks, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let seen = terminal.berth.settings().await?;
    let mut wanted = seen.clone();
    let channel = wanted.channels.iter_mut().find(|one| one.name == asks.channel);
    let channel = channel.ok_or_else(|| {
        ApplicationError::not_found(format!("{} is no channel of the settings", asks.channel)).with_hint(format!(
            "the channels are {}; `berthctl settings set channels` changes them",
            seen.channel_names().join(", ")
        ))
    })?;
    let requires = requirements(&asks).await?;
    if asks.nothing || !requires.is_empty() {
        channel.requires = requires;
    }
    let name = channel.name.clone();
    let saved = if wanted == seen {
        seen
    } else {
        terminal.berth.update_settings(seen, wanted).await?
    };
    let channel = saved.channels.iter().find(|one| one.name == name);
    let requires = channel.map(|one| one.requires.as_slice()).unwrap_or_default();
    terminal.answer(&requires, || match requires {
        [] => "nothing\n".to_owned(),
        some => some.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n") + "\n",
    })?;
    Ok(Exit::Done)
}

async fn requirements(asks: &ChannelAsks) -> Result<Vec<ChannelRequirement>, ApplicationError> {
    let mut requires = Vec::new();
    if let Some(file) = &asks.signature {
        let public_key = match file {
            Some(file) => Some(public_key_file(file.clone()).await?),
            None => None,
        };
        requires.push(ChannelRequirement::Signature { public_key });
    }
    if asks.sbom {
        requires.push(ChannelRequirement::Sbom);
    }
    for bound in &asks.metric {
        requires.push(ChannelRequirement::Metric(
            bound.parse().map_err(ApplicationError::invalid)?,
        ));
    }
    if asks.typed_name {
        requires.push(ChannelRequirement::Confirmation);
    }
    Ok(requires)
}
