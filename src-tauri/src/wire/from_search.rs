//! What the search found, and the commands that pull, in their wire form.

use application as app;

use super::{
    HitKind, PullCommand, SearchAnswer, SearchHit,
    from::{each, hint, same_names},
};

same_names!(app::SearchHitKind => HitKind: Repository, Tag, Digest, Label);

impl From<app::SearchHit> for SearchHit {
    fn from(hit: app::SearchHit) -> Self {
        Self {
            connection_id: hit.connection.to_string(),
            connection: hit.connection_name,
            repository: hit.repository.to_string(),
            tag: hit.tag.map(|tag| tag.to_string()),
            digest: hit.digest.map(|digest| digest.to_string()),
            matched: hit.matched,
            kind: hit.kind.into(),
        }
    }
}

impl From<app::SearchAnswer> for SearchAnswer {
    fn from(answer: app::SearchAnswer) -> Self {
        Self {
            hits: each(answer.hits),
            milliseconds: answer.milliseconds,
        }
    }
}

impl From<app::PullCommand> for PullCommand {
    fn from(command: app::PullCommand) -> Self {
        Self {
            tool: command.tool.to_owned(),
            label: command.label.to_owned(),
            command: command.command,
            note: command.note.map(hint),
        }
    }
}
