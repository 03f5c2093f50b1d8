//! Channels: where they pointed, and the plans that move them. Transfers to other repositories are planned here too.

use artifact::{Digest, Tag};
use catalog::TagMove;
use changes::JournaledMove;
use chrono::{DateTime, Utc};

use crate::{ApplicationError, Berth, Pointing, RepositoryAt};

/// A move of a tag that Berth made or a sync saw.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Moved {
    at: DateTime<Utc>,
    from: Option<Digest>,
    to: Option<Digest>,
    by: Option<String>,
}

impl Berth {
    /// Where a channel pointed, newest first: from what Berth did, and from what syncs saw.
    ///
    /// # Errors
    /// If the index or the journal cannot be read.
    pub async fn channel_history(&self, at: &RepositoryAt, channel: &Tag) -> Result<Vec<Pointing>, ApplicationError> {
        let (located, journal, channel) = (self.located(at).await?, self.open_journal().await?, channel.clone());
        self.blocking(move |inner| {
            let (connection, repository) = (&located.connection, &located.repository);
            let seen = inner.index.tag_moves(connection, repository, &channel)?;
            let made = journal.tag_moves(&located, &channel)?;
            let now = inner
                .index
                .tag(connection, repository, &channel)?
                .and_then(|record| record.digest);
            let mut history = pointings(&merged(made, seen), now);
            for pointing in &mut history {
                let version = inner
                    .index
                    .version(connection, repository, &pointing.digest, inner.clock.now())?;
                let tags = version.into_iter().flat_map(|version| version.tags);
                pointing.tags = tags.map(|record| record.tag).filter(|tag| *tag != channel).collect();
            }
            Ok::<_, ApplicationError>(history)
        })
        .await
    }
}

/// All moves in order. What Berth did is also seen by the next sync: that counts once, with who did it.
fn merged(made: Vec<JournaledMove>, seen: Vec<TagMove>) -> Vec<Moved> {
    let made = made.into_iter().map(|one| Moved {
        at: one.at,
        from: one.from,
        to: one.to,
        by: Some(one.by.unwrap_or_else(|| "Berth".to_owned())),
    });
    let seen = seen.into_iter().map(|one| Moved {
        at: one.seen,
        from: one.from,
        to: one.to,
        by: None,
    });
    let mut moves: Vec<Moved> = made.chain(seen).collect();
    moves.sort_by_key(|one| one.at);
    moves.dedup_by(|later, earlier| later.to == earlier.to);
    moves
}

/// The times between the moves, newest first.
fn pointings(moves: &[Moved], now: Option<Digest>) -> Vec<Pointing> {
    let pointing = |digest: &Digest, since, until, by: Option<&String>| Pointing {
        digest: digest.clone(),
        tags: Vec::new(),
        since,
        until,
        by: by.cloned(),
    };
    let Some(first) = moves.first() else {
        return now.iter().map(|digest| pointing(digest, None, None, None)).collect();
    };
    let before = first
        .from
        .iter()
        .map(|digest| pointing(digest, None, Some(first.at), None));
    let ends = moves.iter().skip(1).map(|next| Some(next.at)).chain([None]);
    let after = moves.iter().zip(ends).filter_map(|(one, until)| {
        let digest = one.to.as_ref()?;
        Some(pointing(digest, Some(one.at), until, one.by.as_ref()))
    });
    let mut all: Vec<Pointing> = before.chain(after).collect();
    all.reverse();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(text: &str) -> Digest {
        Digest::of(text.as_bytes())
    }

    fn moved(minute: u32, from: Option<&str>, to: Option<&str>, by: Option<&str>) -> Moved {
        Moved {
            at: format!("2026-11-21T12:{minute:02}:00Z").parse().expect("a fixed time"),
            from: from.map(digest),
            to: to.map(digest),
            by: by.map(str::to_owned),
        }
    }

    fn shown(moves: &[Moved], now: Option<&str>) -> Vec<(Digest, bool, bool)> {
        let all = pointings(moves, now.map(digest));
        all.into_iter()
            .map(|one| (one.digest, one.since.is_some(), one.until.is_none()))
            .collect()
    }

    #[test]
    fn a_channel_that_never_moved_points_where_it_does() {
        assert_eq!(shown(&[], Some("a")), [(digest("a"), false, true)]);
        assert_eq!(shown(&[], None), []);
    }

    #[test]
    fn times_lie_between_moves_newest_first() {
        let moves = [
            moved(1, Some("a"), Some("b"), None),
            moved(5, Some("b"), Some("c"), Some("ada")),
        ];
        assert_eq!(
            shown(&moves, Some("c")),
            [
                (digest("c"), true, true),
                (digest("b"), true, false),
                (digest("a"), false, false)
            ]
        );
    }

    #[test]
    fn a_deleted_channel_points_nowhere_for_a_while() {
        let moves = [moved(1, Some("a"), None, None), moved(5, None, Some("b"), None)];
        assert_eq!(
            shown(&moves, Some("b")),
            [(digest("b"), true, true), (digest("a"), false, false)]
        );
    }
}
