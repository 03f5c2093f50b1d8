//! Lists that come in pages: read to the last one, or marked as partial with the reason. Nothing is silently cut.

use std::collections::HashSet;

use artifact::ByteSize;
use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, LINK},
};
use url::Url;

use super::{
    body::PAGE,
    exchange::{Ask, Exchange, Fetched},
    failure::looks_like_html,
    link::{Next, next},
};
use crate::{Completeness, Operation, Place, ProgressEvent, RegistryError};

/// How many pages and items a list may have: beyond it the list is partial.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    pub(super) pages: usize,
    pub(super) items: usize,
}

impl Most {
    pub(super) const OF_ANY_LIST: Self = Self {
        pages: 20_000,
        items: 5_000_000,
    };
}

/// What was read of a list, each item once.
#[derive(Debug)]
pub(super) struct Pages<T> {
    pub(super) items: Vec<T>,
    pub(super) complete: Completeness,
}

/// How the items of a list are read from a page, and what tells them apart.
pub(super) struct Format<T> {
    /// Ends the sentence "a page of …".
    pub(super) what: &'static str,
    pub(super) read: fn(&Fetched, &Place) -> Result<Vec<T>, RegistryError>,
    pub(super) key: fn(&T) -> &str,
    pub(super) most: Most,
}

impl Exchange {
    /// Reads the pages after and including `page`, which was fetched with `ask`.
    ///
    /// # Errors
    /// Only if the first page cannot be used; later trouble makes the list partial, but for a cancelling.
    pub(super) async fn pages<T>(
        &self,
        mut ask: Ask,
        first: Fetched,
        format: &Format<T>,
        operation: &Operation,
    ) -> Result<Pages<T>, RegistryError> {
        let place = ask.message.place.clone();
        let mut seen = HashSet::new();
        let mut items = Vec::new();
        let mut page = first;
        for count in 1..=format.most.pages {
            // A redirect may have led elsewhere for the content, but the list goes on where it was asked for.
            let following = next_page(&page, &ask.message.url);
            let before = items.len();
            let found = match (format.read)(&page, &place) {
                Ok(found) => found,
                Err(error) if count == 1 => return Err(error),
                Err(error) => return Ok(Pages::partial(items, error.to_string())),
            };
            items.extend(
                found
                    .into_iter()
                    .filter(|item| seen.insert((format.key)(item).to_owned())),
            );
            let url = match following {
                Next::End => {
                    return Ok(Pages {
                        items,
                        complete: Completeness::Complete,
                    });
                }
                Next::Page(url) => url,
                Next::Foreign(host) => {
                    let error = RegistryError::ForeignLink { place, host };
                    return Ok(Pages::partial(items, format!("the list ends early: {error}")));
                }
                Next::Broken => return Ok(Pages::partial(items, "the registry's link to the next page is broken")),
            };
            if items.len() == before {
                return Ok(Pages::partial(
                    items,
                    "the registry repeats its pages: the list may not be whole",
                ));
            }
            if items.len() > format.most.items {
                break;
            }
            let what = format!("reading {}", format.what);
            operation.report(&ProgressEvent::Step {
                what,
                done: items.len() as u64,
                total: None,
            });
            ask.message.url = url;
            page = match self.page(&ask, operation).await {
                Ok(page) => page,
                Err(RegistryError::Cancelled) => return Err(RegistryError::Cancelled),
                Err(error) => {
                    return Ok(Pages::partial(
                        items,
                        format!("a later page could not be read: {error}"),
                    ));
                }
            };
        }
        Ok(Pages::partial(items, "the list is longer than Berth reads"))
    }

    /// One page, if it is one.
    async fn page(&self, ask: &Ask, operation: &Operation) -> Result<Fetched, RegistryError> {
        let page = self.fetch(ask, PAGE, operation).await?;
        if page.status == StatusCode::OK {
            return Ok(page);
        }
        Err(page.into_error(ask.message.place.clone(), ask.action))
    }
}

impl<T> Pages<T> {
    fn partial(items: Vec<T>, reason: impl Into<String>) -> Self {
        Self {
            items,
            complete: Completeness::Partial { reason: reason.into() },
        }
    }
}

/// The next page as the answer names it, relative to the address that answered if that is still the registry's.
fn next_page(page: &Fetched, asked: &Url) -> Next {
    let base = if page.url.origin() == asked.origin() {
        &page.url
    } else {
        asked
    };
    next(
        page.headers
            .get_all(LINK)
            .iter()
            .filter_map(|value| value.to_str().ok()),
        base,
    )
}

/// The page's JSON, which is an object.
///
/// # Errors
/// [`RegistryError::NotARegistry`] for a web page, [`RegistryError::InvalidAnswer`] for anything else.
pub(super) fn json<'a, T: serde::Deserialize<'a>>(page: &'a Fetched, place: &Place) -> Result<T, RegistryError> {
    let is_object = page.body.trim_ascii_start().starts_with(b"{");
    let parsed = if is_object {
        serde_json::from_slice(&page.body).map_err(|problem| problem.to_string())
    } else {
        // Where all fields may be missing, the parser would take a bare list for an object.
        Err("no object".to_owned())
    };
    parsed.map_err(|problem| {
        let place = place.clone();
        if looks_like_html(&page.headers, &page.body) {
            return RegistryError::NotARegistry {
                place,
                reason: "a web page came instead of a list".to_owned(),
            };
        }
        let said = page.header(CONTENT_TYPE.as_str()).unwrap_or("no content type");
        let size = ByteSize(page.body.len() as u64);
        let reason = format!(
            "the list is not the JSON expected ({problem}; {}, {size})",
            crate::text::visible(said, 60)
        );
        RegistryError::InvalidAnswer { place, reason }
    })
}
