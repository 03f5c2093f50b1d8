//! Listing repositories and tags: their names as the registry gives them, checked one by one.

use std::str::FromStr;

use artifact::{RepositoryName, Tag};
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    body::PAGE,
    exchange::{Ask, Exchange, Fetched},
    message::Message,
    pages::{Format, Most, Pages, json},
    scope::Scope,
};
use crate::{ListedTag, Listing, Operation, Place, RegistryError, text::visible};

/// How many names are asked for at once; a registry may give fewer. 1,000 is the most that several allow.
const PAGE_SIZE: u32 = 1000;

/// How many refused names are told one by one.
const MAXIMUM_PROBLEMS: usize = 50;

pub(super) const LIST_REPOSITORIES: &str = "list the repositories";
const LIST_TAGS: &str = "list the tags";

/// `{"repositories":[…]}`; null and a missing list are empty ones.
#[derive(Deserialize)]
struct CatalogPage<'a> {
    #[serde(borrow, default)]
    repositories: Option<Vec<&'a RawValue>>,
}

/// `{"name":…,"tags":[…]}`; null and a missing list are empty ones.
#[derive(Deserialize)]
struct TagsPage<'a> {
    #[serde(borrow, default)]
    tags: Option<Vec<&'a RawValue>>,
}

impl Exchange {
    /// Every repository, limited to those at or below `prefix`.
    pub(super) async fn list_repositories(
        &self,
        prefix: Option<&str>,
        operation: &Operation,
    ) -> Result<Listing<RepositoryName>, RegistryError> {
        let place = self.wire.place.clone();
        let ask = self.list_ask("_catalog", Scope::catalog(), LIST_REPOSITORIES, place.clone())?;
        let first = self.first_page(&ask, operation).await?;
        let first = match first.status {
            StatusCode::OK => first,
            status if has_no_list(status) => return Err(cannot_list(place)),
            _ => return Err(first.into_error(place, LIST_REPOSITORIES)),
        };
        let format = Format {
            what: "the list of repositories",
            read: catalog_names,
            key: String::as_str,
            most: Most::OF_ANY_LIST,
        };
        let mut pages = self.pages(ask, first, &format, operation).await?;
        pages
            .items
            .retain(|name| prefix.is_none_or(|prefix| is_within(name, prefix)));
        Ok(checked::<RepositoryName>(pages, "repository"))
    }

    /// Every tag of a repository.
    pub(super) async fn list_tags(
        &self,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<Listing<ListedTag>, RegistryError> {
        let place = self.wire.place.with(repository.as_str());
        let path = format!("{repository}/tags/list");
        let ask = self.list_ask(&path, Scope::pull(repository), LIST_TAGS, place.clone())?;
        let first = self.first_page(&ask, operation).await?;
        if first.status != StatusCode::OK {
            return Err(first.into_error(place, LIST_TAGS));
        }
        let format = Format {
            what: "the list of tags",
            read: tag_names,
            key: String::as_str,
            most: Most::OF_ANY_LIST,
        };
        let pages = self.pages(ask, first, &format, operation).await?;
        let Listing {
            items,
            complete,
            problems,
        } = checked::<Tag>(pages, "tag");
        let items = items.into_iter().map(|tag| ListedTag { tag, digest: None }).collect();
        Ok(Listing {
            items,
            complete,
            problems,
        })
    }

    /// The repositories of the first page: enough to see whether listing is allowed.
    pub(super) async fn list_some_repositories(
        &self,
        prefix: Option<&str>,
        operation: &Operation,
    ) -> Result<Vec<RepositoryName>, RegistryError> {
        let place = self.wire.place.clone();
        let ask = self.list_ask("_catalog", Scope::catalog(), LIST_REPOSITORIES, place.clone())?;
        let page = self.first_page(&ask, operation).await?;
        match page.status {
            StatusCode::OK => {}
            status if has_no_list(status) => return Err(cannot_list(place)),
            _ => return Err(page.into_error(place, LIST_REPOSITORIES)),
        }
        let names = catalog_names(&page, &place)?;
        let within = names
            .into_iter()
            .filter(|name| prefix.is_none_or(|prefix| is_within(name, prefix)));
        Ok(within.filter_map(|name| name.parse().ok()).collect())
    }

    /// The tags of the first page.
    pub(super) async fn list_some_tags(
        &self,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<Vec<Tag>, RegistryError> {
        let place = self.wire.place.with(repository.as_str());
        let ask = self.list_ask(
            &format!("{repository}/tags/list"),
            Scope::pull(repository),
            LIST_TAGS,
            place.clone(),
        )?;
        let page = self.first_page(&ask, operation).await?;
        if page.status != StatusCode::OK {
            return Err(page.into_error(place, LIST_TAGS));
        }
        Ok(tag_names(&page, &place)?
            .into_iter()
            .filter_map(|name| name.parse().ok())
            .collect())
    }

    fn list_ask(&self, path: &str, scope: Scope, action: &'static str, place: Place) -> Result<Ask, RegistryError> {
        let url = self.url(&format!("{path}?n={PAGE_SIZE}"))?;
        Ok(Ask {
            message: Message::new(Method::GET, url, place),
            scope,
            action,
        })
    }

    /// The first page; where the registry does not like the number asked for, without one.
    async fn first_page(&self, ask: &Ask, operation: &Operation) -> Result<Fetched, RegistryError> {
        let page = self.fetch(ask, PAGE, operation).await?;
        let number_refused = page.status == StatusCode::BAD_REQUEST
            && (page.complaint().has("PAGINATION_NUMBER_INVALID") || page.complaint().is_json);
        if !number_refused {
            return Ok(page);
        }
        let mut without = ask.clone();
        without.message.url.set_query(None);
        self.fetch(&without, PAGE, operation).await
    }
}

fn has_no_list(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED
    )
}

/// Registries that keep their list to themselves.
pub(super) fn cannot_list(place: Place) -> RegistryError {
    RegistryError::Unsupported {
        place,
        what: "listing its repositories".to_owned(),
        hint: Some("pin repositories by name: they can be used without listing"),
    }
}

fn catalog_names(page: &Fetched, place: &Place) -> Result<Vec<String>, RegistryError> {
    let page: CatalogPage<'_> = json(page, place)?;
    Ok(texts(page.repositories))
}

pub(super) fn tag_names(page: &Fetched, place: &Place) -> Result<Vec<String>, RegistryError> {
    let page: TagsPage<'_> = json(page, place)?;
    Ok(texts(page.tags))
}

/// Each entry as text; what is no text is put in brackets, to be refused and shown as a name later.
fn texts(entries: Option<Vec<&RawValue>>) -> Vec<String> {
    let text = |entry: &RawValue| serde_json::from_str(entry.get()).unwrap_or_else(|_| format!("({})", entry.get()));
    entries.unwrap_or_default().into_iter().map(text).collect()
}

/// Whether a repository is the prefix itself or below it.
fn is_within(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The names that are names; each other one becomes a sentence.
fn checked<T: FromStr>(pages: Pages<String>, kind: &str) -> Listing<T> {
    let mut items = Vec::with_capacity(pages.items.len());
    let mut refused = Vec::new();
    for name in pages.items {
        match name.parse() {
            Ok(item) => items.push(item),
            Err(_) => refused.push(name),
        }
    }
    let mut problems: Vec<_> = refused
        .iter()
        .take(MAXIMUM_PROBLEMS)
        .map(|name| {
            format!(
                "the {kind} “{}” is left out: that is no name that a {kind} may have",
                visible(name, 80)
            )
        })
        .collect();
    if let Some(more) = refused.len().checked_sub(MAXIMUM_PROBLEMS).filter(|more| *more > 0) {
        problems.push(format!("{more} more names are left out"));
    }
    Listing {
        items,
        complete: pages.complete,
        problems,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Completeness;

    #[test]
    fn odd_names_are_told_not_lost() {
        let items = vec!["v1".to_owned(), "<b>\u{1b}[31m".to_owned(), "x".repeat(200)];
        let listing = checked::<Tag>(
            Pages {
                items,
                complete: Completeness::Complete,
            },
            "tag",
        );
        assert_eq!(listing.items.len(), 1);
        assert_eq!(listing.problems.len(), 2);
        assert!(
            !listing
                .problems
                .iter()
                .any(|problem| problem.contains('\u{1b}') || problem.len() > 250)
        );
    }

    #[test]
    fn many_odd_names_are_counted() {
        let items = (0..1000).map(|number| format!("-{number}")).collect();
        let listing = checked::<Tag>(
            Pages {
                items,
                complete: Completeness::Complete,
            },
            "tag",
        );
        assert_eq!(listing.problems.len(), MAXIMUM_PROBLEMS + 1);
        assert_eq!(
            listing.problems.last().map(String::as_str),
            Some("950 more names are left out")
        );
    }

    #[test]
    fn a_prefix_ends_at_a_slash() {
        assert!(is_within("team/a", "team") && is_within("team", "team"));
        assert!(!is_within("teams/a", "team") && !is_within("a/team", "team"));
    }
}
