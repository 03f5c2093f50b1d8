//! Search over everything that the index holds.

use std::{cmp::Reverse, time::Instant};

use catalog::{ConnectionId, SearchQuery};
use registry::Address;

use crate::{
    ApplicationError, Berth, SearchAnswer, SearchHit,
    names::{covers, relative_name},
    settings::{Saved, SavedConnection},
};

/// The most hits, whatever is asked for.
const HITS: usize = 1_000;

impl Berth {
    /// Repositories, tags, digests and labels that all words match, best first. A reference that begins with a
    /// connection's name or host is looked for there.
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
        let narrowed = narrowed(&saved, &query);
        let begun = Instant::now();
        let hits = self
            .ask(move |index| {
                if let Some(narrowed) = narrowed {
                    let hits = index.search(&narrowed)?;
                    if !hits.is_empty() {
                        return Ok(hits);
                    }
                }
                index.search(&query)
            })
            .await?;
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(SearchAnswer {
            hits: hits.into_iter().filter_map(|hit| named(&saved, hit)).collect(),
            milliseconds,
        })
    }
}

/// The search inside of the connection that a pasted reference begins with, by its name or its host; the index knows
/// neither. `None`: it begins with no connection.
fn narrowed(saved: &Saved, query: &SearchQuery) -> Option<SearchQuery> {
    let text = query.words.trim();
    let allowed = |connection: &&SavedConnection| query.connection.as_ref().is_none_or(|id| *id == connection.id);
    let connections: Vec<&SavedConnection> = saved.connections.iter().filter(allowed).collect();
    let (connection, words) = by_name(&connections, text).or_else(|| by_host(&connections, text))?;
    // A name alone is looked for as it is.
    let says_something = words.contains(char::is_alphanumeric);
    says_something.then(|| SearchQuery {
        words: words.to_owned(),
        connection: connection.or(query.connection.as_ref()).cloned(),
        ..query.clone()
    })
}

type Narrowed<'a> = (Option<&'a ConnectionId>, &'a str);

/// `CONNECTION/…`, in any case; a name may hold spaces.
fn by_name<'a>(connections: &[&'a SavedConnection], text: &'a str) -> Option<Narrowed<'a>> {
    connections.iter().find_map(|connection| {
        let (name, rest) = text.split_once('/')?;
        (name.to_lowercase() == connection.name.to_lowercase()).then_some((Some(&connection.id), rest))
    })
}

/// `HOST/PATH…`, whose names are the full ones, as in the index. Of several connections to the host it is the one with
/// the longest path that covers the name; where none does, all.
fn by_host<'a>(connections: &[&'a SavedConnection], text: &'a str) -> Option<Narrowed<'a>> {
    let (head, rest) = text.split_once('/')?;
    let host = head.parse::<Address>().ok()?.host();
    let at_host = |connection: &&&SavedConnection| connection.location.host().as_deref() == Some(host.as_str());
    let mut connections: Vec<&SavedConnection> = connections.iter().filter(at_host).copied().collect();
    if connections.is_empty() {
        return None;
    }
    connections.sort_by_key(|connection| Reverse(connection.location.prefix().map_or(0, str::len)));
    let name = rest.split([':', '@', ' ']).next().unwrap_or_default().to_lowercase();
    let covering = name.parse().ok().and_then(|name| {
        let covers = |connection: &&&SavedConnection| covers(&connection.location, &name);
        connections.iter().find(covers)
    });
    Some((covering.map(|connection| &connection.id), rest))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// `connection: words` of the narrowed search.
    fn narrow(text: &str, inside: Option<&str>) -> Option<String> {
        let saved = Saved {
            connections: vec![
                SavedConnection::anonymous("GHCR", "ghcr.io/acme"),
                SavedConnection::anonymous("all", "ghcr.io"),
                SavedConnection::anonymous("My models", "/srv/models"),
                SavedConnection::anonymous("local", "127.0.0.1:5000"),
                SavedConnection::anonymous("one", "quay.io/one"),
                SavedConnection::anonymous("two", "quay.io/two"),
            ],
            ..Saved::default()
        };
        let query = SearchQuery {
            words: text.to_owned(),
            connection: inside.map(ConnectionId::new),
            limit: 10,
            channels: Vec::new(),
        };
        let narrowed = narrowed(&saved, &query)?;
        let connection = narrowed.connection.map_or("-".to_owned(), |id| id.to_string());
        Some(format!("{connection}: {}", narrowed.words))
    }

    #[test]
    fn a_reference_is_looked_for_in_the_connection_that_it_begins_with() {
        let found = |text: &str| narrow(text, None).unwrap_or_default();
        assert_eq!(found("ghcr/vision/x:1.4"), "GHCR: vision/x:1.4");
        assert_eq!(found(" My models/vision/x@sha256:81 "), "My models: vision/x@sha256:81");
        assert_eq!(found("ghcr.io/acme/vision/x:1.4"), "GHCR: acme/vision/x:1.4");
        assert_eq!(found("ghcr.io/other/x cuda"), "all: other/x cuda");
        assert_eq!(found("127.0.0.1:5000/a/b:v1"), "local: a/b:v1");
        assert_eq!(found("quay.io/o"), "-: o", "neither covers it yet");
    }

    #[test]
    fn what_begins_with_no_connection_is_looked_for_as_it_is() {
        for text in [
            "",
            "/",
            "vision/x:1.4",
            "GHCR",
            "GHCR/",
            "ghcr.io/",
            "nobody.test/a/b:1",
            "x@sha256:81",
        ] {
            assert_eq!(narrow(text, None), None, "{text:?}");
        }
        assert_eq!(
            narrow("GHCR/x", Some("local")),
            None,
            "another connection was asked for"
        );
        assert_eq!(narrow("GHCR/x", Some("GHCR")).as_deref(), Some("GHCR: x"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_narrowed_or_not(text in "\\PC{0,40}") {
            let _ = narrow(&text, None);
        }
    }
}
