//! Search over everything that the index holds.

use std::time::Instant;

use catalog::{ConnectionId, SearchQuery};

use crate::{ApplicationError, Berth, SearchAnswer, SearchHit, names::relative_name, settings::Saved};

/// The most hits, whatever is asked for.
const HITS: usize = 1_000;

impl Berth {
    /// Repositories, tags, digests and labels that all words match, best first.
    ///
    /// # Errors
    /// If settings or index cannot be read.
    pub async fn search(
        &self,
        text: &str,
        connection: Option<&ConnectionId>,
        limit: usize,
    ) -> Result<SearchAnswer, ApplicationError> {
        let saved = self.saved().await?;
        let query = SearchQuery {
            words: text.to_owned(),
            connection: connection.cloned(),
            limit: limit.min(HITS),
            channels: saved.settings.channel_names(),
        };
        let begun = Instant::now();
        let hits = self.ask(move |index| index.search(&query)).await?;
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(SearchAnswer {
            hits: hits.into_iter().filter_map(|hit| named(&saved, hit)).collect(),
            milliseconds,
        })
    }
}

/// A hit with the names that people use. What belongs to a connection that another process just removed is left out.
fn named(saved: &Saved, hit: catalog::SearchHit) -> Option<SearchHit> {
    let connection = saved.connection(&hit.connection).ok()?;
    Some(SearchHit {
        connection: hit.connection,
        connection_name: connection.name.clone(),
        repository: relative_name(&connection.location, &hit.repository),
        tag: hit.tag,
        digest: hit.digest,
        matched: hit.matched,
        kind: hit.kind,
    })
}
