//! What the login may do: list, pull, push, delete.

use std::time::Instant;

use artifact::RepositoryName;
use reqwest::{Method, header::LOCATION};

use super::Diagnosis;
use crate::{
    CheckName, CheckStep, DigestDelete, Registry, RegistryError, TagDelete, Target,
    http::{deletes::DELETE, exchange::Ask, failure::Complaint, message::Message, names::cannot_list, scope::Scope},
};

/// How many repositories are looked at for a tag to read.
const REPOSITORIES_TRIED: usize = 3;

const PUSH: &str = "push";

impl Diagnosis<'_> {
    /// The repositories to try the rest on: those known by name, then those listed.
    pub(super) async fn list(&mut self) -> Vec<RepositoryName> {
        let began = Instant::now();
        let registry = self.registry;
        let listing = if registry.never_lists() {
            Err(cannot_list(registry.place()))
        } else {
            registry
                .exchange
                .list_some_repositories(registry.address.prefix(), self.operation)
                .await
        };
        let mut candidates = registry.known.clone();
        candidates.extend(registry.address.prefix().and_then(|prefix| prefix.parse().ok()));
        match listing {
            Ok(found) => {
                let detail = match found.len() {
                    0 => "the list of repositories is empty".to_owned(),
                    1 => "1 repository is listed".to_owned(),
                    number => format!("{number} repositories are listed (of the first page)"),
                };
                self.note(CheckName::List, true, detail, None, began);
                candidates.retain(|candidate| registry.known.contains(candidate) || found.contains(candidate));
                candidates.extend(found);
            }
            Err(error) => {
                self.fail(CheckName::List, &error, began);
            }
        }
        let mut seen = std::collections::HashSet::new();
        candidates.retain(|candidate| seen.insert(candidate.clone()));
        candidates
    }

    /// Reads one tag; gives the repository that the rest is tried on.
    pub(super) async fn pull(&mut self, candidates: Vec<RepositoryName>) -> Option<RepositoryName> {
        let began = Instant::now();
        let mut first_error = None;
        let mut readable = None;
        for repository in candidates.iter().take(REPOSITORIES_TRIED) {
            match self.read_one(repository).await {
                Ok(Some(tag)) => {
                    self.note(
                        CheckName::Pull,
                        true,
                        format!("{repository}:{tag} can be read"),
                        None,
                        began,
                    );
                    self.say_that_listing_is_all_that_fails();
                    return Some(repository.clone());
                }
                Ok(None) => readable = readable.or(Some(repository)),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        if let Some(repository) = readable {
            self.note(
                CheckName::Pull,
                true,
                format!("{repository} can be read; it has no tags"),
                None,
                began,
            );
            return Some(repository.clone());
        }
        let Some(error) = first_error else {
            let mut step = CheckStep::skipped(CheckName::Pull, "no repository to try it on");
            let listing_failed = self
                .steps
                .iter()
                .any(|step| step.step == CheckName::List && step.ok == Some(false));
            step.hint = listing_failed.then(|| "pin a repository by name, then check again".to_owned());
            self.steps.push(step);
            return None;
        };
        self.fail(CheckName::Pull, &error, began);
        // Who may not pull may still push (a robot of a build); absent repositories are of no use.
        candidates
            .into_iter()
            .next()
            .filter(|_| matches!(error, RegistryError::Denied { .. }))
    }

    /// A tag of the repository that was resolved; `None` if it has no tags.
    async fn read_one(&self, repository: &RepositoryName) -> Result<Option<String>, RegistryError> {
        let listing = self
            .registry
            .exchange
            .list_some_tags(repository, self.operation)
            .await?;
        let Some(tag) = listing.into_iter().next() else {
            return Ok(None);
        };
        let target = Target::Tag(tag.clone());
        self.registry.resolve(repository, &target, self.operation).await?;
        Ok(Some(tag.to_string()))
    }

    /// The commonest trouble in the user's words, once it is known that reading works.
    fn say_that_listing_is_all_that_fails(&mut self) {
        let list = self
            .steps
            .iter_mut()
            .find(|step| step.step == CheckName::List && step.ok == Some(false));
        if let Some(list) = list {
            list.detail = format!("denied: the login may pull but not list ({})", list.detail);
            list.hint = Some("pin repositories by name: they can be used without listing".to_owned());
        }
    }

    /// Begins an upload and cancels it.
    pub(super) async fn push(&mut self, repository: &RepositoryName) {
        let began = Instant::now();
        let exchange = &self.registry.exchange;
        let outcome = self.begin_upload(repository).await;
        let (ok, detail, hint) = match outcome {
            Ok(Some(location)) => {
                let scope = Scope::push(repository);
                let message = Message::new(Method::DELETE, location, exchange.wire.place.with(repository.as_str()));
                let ask = Ask {
                    message,
                    scope,
                    action: PUSH,
                };
                // Registries end forgotten uploads by themselves; a refusal here takes nothing away from the answer.
                let _cancelled = exchange
                    .open(&ask, &mut exchange.wire.tries(&ask.message), self.operation)
                    .await;
                (true, format!("an upload to {repository} was begun and cancelled"), None)
            }
            Ok(None) => (true, format!("an upload to {repository} may begin"), None),
            Err(error @ (RegistryError::Denied { .. } | RegistryError::LoginRequired { .. })) => (
                false,
                error.to_string(),
                Some("fine if you only read; else use a login that may write".to_owned()),
            ),
            Err(error) => (false, error.to_string(), error.hint()),
        };
        self.note(CheckName::Push, ok, detail, hint, began);
    }

    /// The address of the upload, if it is on the registry itself.
    async fn begin_upload(&self, repository: &RepositoryName) -> Result<Option<url::Url>, RegistryError> {
        let exchange = &self.registry.exchange;
        let url = exchange.url(&format!("{repository}/blobs/uploads/"))?;
        let place = exchange.wire.place.with(repository.as_str());
        let ask = Ask {
            message: Message::new(Method::POST, url, place),
            scope: Scope::push(repository),
            action: PUSH,
        };
        let answer = exchange
            .open(&ask, &mut exchange.wire.tries(&ask.message), self.operation)
            .await?;
        let status = answer.response.status();
        let headers = answer.response.headers().clone();
        if !status.is_success() {
            let body = exchange
                .wire
                .read_complaint(answer.response, &ask.message, self.operation)
                .await?;
            let complaint = Complaint::read(&headers, &body);
            return Err(complaint.into_error(status, ask.message.place, PUSH));
        }
        let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
        let location = location.and_then(|location| ask.message.url.join(location).ok());
        Ok(location.filter(|location| location.origin() == exchange.origin.origin()))
    }

    /// Deletes what is not there, and says what a delete would take along.
    pub(super) async fn delete(&mut self, repository: &RepositoryName) {
        let began = Instant::now();
        let (ok, detail, hint) = match self.registry.exchange.probe_digest(repository, self.operation).await {
            Ok(DigestDelete::Unsupported) => (
                false,
                "deletes are switched off in the registry, or not offered".to_owned(),
                Some("fine if you only read; its operator can switch them on".to_owned()),
            ),
            Ok(_) => (true, self.what_deletes_take(repository).await, None),
            Err(error @ (RegistryError::Denied { .. } | RegistryError::LoginRequired { .. })) => (
                false,
                error.to_string(),
                Some(format!("fine if you do not {DELETE}; else use a login that may")),
            ),
            Err(error) => (false, error.to_string(), error.hint()),
        };
        self.note(CheckName::Delete, ok, detail, hint, began);
    }

    async fn what_deletes_take(&self, repository: &RepositoryName) -> String {
        let tag = self
            .registry
            .delete_rules(repository, self.operation)
            .await
            .map(|rules| rules.tag);
        let what = match tag {
            Ok(TagDelete::Alone) => "versions can be deleted, and tags alone",
            Ok(TagDelete::DummyManifest) => "versions can be deleted; a tag alone only by a detour that Berth knows",
            Ok(TagDelete::LastTagTakesVersion) => "versions can be deleted; the last tag takes its version along",
            Ok(TagDelete::TakesVersion) => "versions can be deleted; a tag takes its version along",
            Ok(TagDelete::ProviderInterface | TagDelete::Unsupported) | Err(_) => "versions can be deleted",
        };
        what.to_owned()
    }
}
