//! What a delete takes along here, found out without deleting anything: DELETE of what is not there.
//! Source: distribution-spec 1.1, "Deleting tags"; whether a registry follows it is found out.

use std::hash::{BuildHasher, Hasher, RandomState};

use artifact::{ByteSize, Digest, RepositoryName};
use reqwest::{Method, StatusCode};

use super::{
    body::Bound,
    exchange::{Ask, Exchange, Fetched},
    host::Scheme,
    message::Message,
    scope::Scope,
};
use crate::{ChildProtection, DeleteRules, DigestDelete, Operation, Provider, RegistryError, TagDelete, Undo};

pub(super) const DELETE: &str = "delete";
const ANSWER: Bound = Bound {
    what: "answer",
    limit: ByteSize(1 << 20),
};

impl Exchange {
    /// The rules of this host: known of its provider, learned before, or asked for now.
    pub(super) async fn find_delete_rules(
        &self,
        provider: Provider,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<DeleteRules, RegistryError> {
        if let Some(rules) = DeleteRules::known(provider).or_else(|| self.authority.host.delete_rules()) {
            return Ok(rules);
        }
        if let Some(rules) = rules_by_scheme(&*self.scheme(operation).await?) {
            return Ok(rules);
        }
        let tag = self.probe_tag(repository, operation).await?;
        let digest = self.probe_digest(repository, operation).await?;
        // Without deletes by digest the detour over a dummy manifest would leave the tag on the dummy.
        let (tag, digest) = match (tag, digest) {
            (TagDelete::DummyManifest, DigestDelete::Unsupported) => (TagDelete::Unsupported, digest),
            // Only distribution 2.8 answers so, and of it this is known.
            (TagDelete::DummyManifest, DigestDelete::Unknown) => (tag, DigestDelete::TakesAllTags),
            both => both,
        };
        let undo = match (tag, digest) {
            (TagDelete::Unsupported, DigestDelete::Unsupported) => Undo::None,
            _ => Undo::PutAgain,
        };
        let rules = DeleteRules {
            tag,
            digest,
            children: ChildProtection::Unprotected,
            undo,
        };
        self.authority.host.learn_delete_rules(rules);
        Ok(rules)
    }

    /// Whether a tag goes alone: DELETE of a random tag that is not there.
    async fn probe_tag(&self, repository: &RepositoryName, operation: &Operation) -> Result<TagDelete, RegistryError> {
        let answer = self
            .delete_absent(repository, &format!("berth-absent-{:016x}", random()), operation)
            .await?;
        Ok(match answer.status {
            status if status.is_success() => TagDelete::Alone,
            StatusCode::NOT_FOUND if answer.complaint().is_json => TagDelete::Alone,
            StatusCode::BAD_REQUEST if answer.complaint().has("DIGEST_INVALID") => TagDelete::DummyManifest,
            StatusCode::FORBIDDEN => return Err(self.denied(repository, answer)),
            _ => TagDelete::Unsupported,
        })
    }

    /// Whether deletes by digest are on: DELETE of a digest that is not there.
    pub(super) async fn probe_digest(
        &self,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<DigestDelete, RegistryError> {
        let absent = Digest::of(format!("berth-absent-{:016x}", random()).as_bytes());
        let answer = self.delete_absent(repository, &absent.to_string(), operation).await?;
        Ok(match answer.status {
            status if status.is_success() => DigestDelete::Unknown,
            StatusCode::NOT_FOUND if answer.complaint().is_json => DigestDelete::Unknown,
            StatusCode::FORBIDDEN => return Err(self.denied(repository, answer)),
            _ => DigestDelete::Unsupported,
        })
    }

    async fn delete_absent(
        &self,
        repository: &RepositoryName,
        reference: &str,
        operation: &Operation,
    ) -> Result<Fetched, RegistryError> {
        let place = self.wire.place.with(repository.as_str());
        let url = self.url(&format!("{repository}/manifests/{reference}"))?;
        let ask = Ask {
            message: Message::new(Method::DELETE, url, place),
            scope: Scope::delete(repository),
            action: DELETE,
        };
        let answer = self.fetch(&ask, ANSWER, operation).await?;
        if answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS {
            return Err(answer.into_error(ask.message.place, DELETE));
        }
        Ok(answer)
    }

    fn denied(&self, repository: &RepositoryName, answer: Fetched) -> RegistryError {
        answer.into_error(self.wire.place.with(repository.as_str()), DELETE)
    }
}

/// What products say of themselves by the way they hand out tokens; their answers to the probe would mislead.
/// Source: the documentation of Harbor, GitLab and Gitea on their container registries.
fn rules_by_scheme(scheme: &Scheme) -> Option<DeleteRules> {
    let Scheme::Bearer { realm, service } = scheme else {
        return None;
    };
    let is_package_registry = service.as_deref() == Some("container_registry");
    match realm.path() {
        "/service/token" => DeleteRules::known(Provider::Harbor),
        path if is_package_registry && path.ends_with("/jwt/auth") => DeleteRules::known(Provider::GitLab),
        // Gitea and Forgejo: each tag is a version of a package, and the last one takes the digest with it.
        path if is_package_registry && path.ends_with("/v2/token") => Some(DeleteRules {
            tag: TagDelete::TakesVersion,
            digest: DigestDelete::TakesAllTags,
            children: ChildProtection::Unprotected,
            undo: Undo::None,
        }),
        _ => None,
    }
}

/// A number that nobody has used for a tag; the standard library's hasher is seeded at random.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
