//! Tags and manifests as they are deleted: a tag never takes along more than itself, whatever the registry does on
//! `DELETE`. Source: distribution-spec 1.1, "Content Management".

use std::sync::Arc;

use artifact::{Digest, RepositoryName, Tag};
use bytes::Bytes;
use futures::stream::{self, StreamExt};
use reqwest::{Method, StatusCode};

use super::{
    deletes::DELETE,
    exchange::{Ask, Exchange, Fetched},
    fallback::absent_is_none,
    message::Message,
    scope::Scope,
    session::ANSWER,
    writes::refusal,
};
use crate::{
    BlobSource, BlobStream, Deletion, DigestDelete, Operation, Place, Provider, RawManifest, RegistryError, TagDelete,
    Target, dummy_manifest, dummy_manifest::EMPTY_CONFIG,
};

const ARE_OFF: &str = "deletes are off in this registry: its administrator has to set REGISTRY_STORAGE_DELETE_ENABLED=true (distribution), or to allow deleting in its settings";
const NOT_ALONE: &str = "here a tag cannot go without its version: delete the whole version, or keep the tag";
const BY_PROVIDER: &str = "here a tag is deleted only through the provider's own interface, which Berth does not speak yet: delete it on the provider's page";

impl Exchange {
    /// Deletes a tag alone, in the way that is known or found to be safe here.
    pub(super) async fn remove_tag(
        self: &Arc<Self>,
        provider: Provider,
        repository: &RepositoryName,
        tag: &Tag,
        unique: &str,
        operation: &Operation,
    ) -> Result<Deletion, RegistryError> {
        let rules = self.find_delete_rules(provider, repository, operation).await?;
        let hint = match rules.tag {
            TagDelete::Alone => {
                let target = Target::Tag(tag.clone());
                return self.remove(repository, &target, operation).await;
            }
            TagDelete::DummyManifest => {
                return Detour::of(self, repository, tag).take(unique, operation).await;
            }
            TagDelete::ProviderInterface => BY_PROVIDER,
            TagDelete::Unsupported if rules.digest == DigestDelete::Unsupported => ARE_OFF,
            TagDelete::LastTagTakesVersion | TagDelete::TakesVersion | TagDelete::Unsupported => NOT_ALONE,
        };
        Err(RegistryError::Unsupported {
            place: self.wire.place.with(format!("{repository}:{tag}")),
            what: "to delete a tag alone".to_owned(),
            hint: Some(hint),
        })
    }

    /// `DELETE` of a tag or digest.
    pub(super) async fn remove(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<Deletion, RegistryError> {
        let place = self.wire.place.with(format!("{repository}{}", target.suffix()));
        let url = self.url(&format!("{repository}/manifests/{target}"))?;
        let ask = Ask {
            message: Message::new(Method::DELETE, url, place),
            scope: Scope::delete(repository),
            action: DELETE,
        };
        let answer = self.fetch(&ask, ANSWER, operation).await?;
        let place = ask.message.place;
        match answer.status {
            status if status.is_success() => Ok(Deletion::Deleted),
            StatusCode::NOT_FOUND if answer.complaint().is_json => Ok(Deletion::WasGone),
            // A 404 that is no registry's word may be said of the way, not of the version: what is there is looked up.
            StatusCode::NOT_FOUND => match self.digest_of(repository, target, operation).await? {
                None => Ok(Deletion::WasGone),
                Some(_) => Err(not_deleted(&answer, place)),
            },
            _ => Err(not_deleted(&answer, place)),
        }
    }

    /// What a target stands for now, if for anything.
    async fn digest_of(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<Option<Digest>, RegistryError> {
        let resolved = self.resolve_target(repository, target, false, operation).await;
        Ok(absent_is_none(resolved)?.map(|resolved| resolved.digest))
    }
}

/// What a refused delete means.
fn not_deleted(answer: &Fetched, place: Place) -> RegistryError {
    let error = refusal(answer.status, answer.complaint(), place.clone(), DELETE);
    let is_off = matches!(error, RegistryError::Unsupported { .. }) || answer.status == StatusCode::NOT_FOUND;
    if is_off {
        return RegistryError::Unsupported {
            place,
            what: "deletes are off".to_owned(),
            hint: Some(ARE_OFF),
        };
    }
    error
}

/// The way over a dummy manifest: put on the tag, it takes the tag off its version; deleted by its digest, it takes
/// the tag along and nothing else.
struct Detour<'a> {
    exchange: &'a Arc<Exchange>,
    repository: &'a RepositoryName,
    target: Target,
    place: Place,
}

impl<'a> Detour<'a> {
    fn of(exchange: &'a Arc<Exchange>, repository: &'a RepositoryName, tag: &Tag) -> Self {
        Self {
            exchange,
            repository,
            target: Target::Tag(tag.clone()),
            place: exchange.wire.place.with(format!("{repository}:{tag}")),
        }
    }

    async fn take(&self, unique: &str, operation: &Operation) -> Result<Deletion, RegistryError> {
        // The dummy would stay on the tag for ever: what cannot be finished is not begun.
        if self.exchange.probe_digest(self.repository, operation).await? == DigestDelete::Unsupported {
            return Err(RegistryError::Unsupported {
                place: self.place.clone(),
                what: "deletes are off".to_owned(),
                hint: Some(ARE_OFF),
            });
        }
        let held = self
            .exchange
            .fetch_manifest(self.repository, &self.target, operation)
            .await;
        let Some(held) = absent_is_none(held)? else {
            return Ok(Deletion::WasGone);
        };
        self.put_empty_config(operation).await?;
        let dummy = dummy_manifest(unique);
        operation.check()?;
        // From here on cancelling would leave the tag on the dummy.
        let to_the_end = Operation::new(Arc::clone(&operation.progress));
        match self.swap_and_delete(&dummy, &to_the_end).await {
            Ok(()) => Ok(Deletion::Deleted),
            Err(error) => Err(self.put_back(&held, &dummy, error, &to_the_end).await),
        }
    }

    async fn put_empty_config(&self, operation: &Operation) -> Result<(), RegistryError> {
        let digest = Digest::of(EMPTY_CONFIG);
        if self.exchange.holds_blob(self.repository, &digest, operation).await? {
            return Ok(());
        }
        let size = (EMPTY_CONFIG.len() as u64).into();
        let source = InMemory(Bytes::from_static(EMPTY_CONFIG));
        self.exchange
            .upload(self.repository, &digest, size, &source, operation)
            .await
    }

    async fn swap_and_delete(&self, dummy: &RawManifest, operation: &Operation) -> Result<(), RegistryError> {
        let exchange = self.exchange;
        exchange
            .push_manifest(self.repository, &self.target, dummy, operation)
            .await?;
        // What is deleted by digest takes every tag along: only if the tag holds the dummy is it the dummy's alone.
        self.expect(Some(&dummy.digest), operation).await?;
        let by_digest = Target::Digest(dummy.digest.clone());
        exchange.remove(self.repository, &by_digest, operation).await?;
        self.expect(None, operation).await
    }

    /// Makes sure of what the tag holds.
    async fn expect(&self, expected: Option<&Digest>, operation: &Operation) -> Result<(), RegistryError> {
        let found = self
            .exchange
            .digest_of(self.repository, &self.target, operation)
            .await?;
        if found.as_ref() == expected {
            return Ok(());
        }
        Err(RegistryError::Conflict {
            place: self.place.clone(),
            reason: "somebody else moved the tag while it was being deleted".to_owned(),
        })
    }

    /// Puts the version back on the tag if the dummy is still there; gives the error with what became of that.
    async fn put_back(
        &self,
        held: &RawManifest,
        dummy: &RawManifest,
        error: RegistryError,
        operation: &Operation,
    ) -> RegistryError {
        let exchange = self.exchange;
        let outcome = match exchange.digest_of(self.repository, &self.target, operation).await {
            Ok(found) if found.as_ref() != Some(&dummy.digest) => return error,
            Ok(_) => exchange
                .push_manifest(self.repository, &self.target, held, operation)
                .await
                .map(drop),
            // Whoever may have moved the tag meanwhile is not overwritten.
            Err(unknown) => Err(unknown),
        };
        let Err(second) = outcome else {
            return error;
        };
        let reason = format!(
            "the tag may stand on a placeholder and could not be put back on {} ({second}); the first trouble was: {error}",
            held.digest
        );
        RegistryError::Conflict {
            place: self.place.clone(),
            reason,
        }
    }
}

/// A few bytes to send.
struct InMemory(Bytes);

#[async_trait::async_trait]
impl BlobSource for InMemory {
    async fn open(&self, offset: u64, _operation: &Operation) -> Result<BlobStream, RegistryError> {
        let from = usize::try_from(offset).map_or(self.0.len(), |offset| offset.min(self.0.len()));
        Ok(stream::iter([Ok(self.0.slice(from..))]).boxed())
    }
}
