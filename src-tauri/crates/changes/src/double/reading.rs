//! The reading half of a registry in memory.

use artifact::{ByteSize, Descriptor, Digest, RepositoryName};
use async_trait::async_trait;
use futures::{StreamExt, stream};
use registry::{
    BlobStream, CheckStep, Clock, DeleteRules, ListedTag, Listing, Operation, Place, Provider, RawManifest, Registry,
    RegistryError, RegistryTraits, Resolved, Target,
};

use super::{MemoryRegistry, faults::place};

impl MemoryRegistry {
    pub(super) async fn ask(&self, question: String, operation: &Operation) -> Result<(), RegistryError> {
        self.faults.ask(&question, &self.state, operation).await
    }

    fn find(&self, repository: &RepositoryName, target: &Target) -> Result<RawManifest, RegistryError> {
        let mut state = self.state();
        let found = state.repositories.entry(repository.clone()).or_default();
        let digest = match target {
            Target::Digest(digest) => found.present.get(digest).cloned(),
            Target::Tag(tag) => found.tags.get(tag).cloned(),
        };
        let found = digest.and_then(|digest| state.manifests.get(&digest).cloned());
        found.ok_or_else(|| not_found(&format!("{repository}{}", target.suffix())))
    }
}

pub(super) fn not_found(subject: &str) -> RegistryError {
    RegistryError::NotFound {
        place: place(subject),
        reason: String::new(),
    }
}

#[async_trait]
impl Registry for MemoryRegistry {
    async fn repositories(&self, operation: &Operation) -> Result<Listing<RepositoryName>, RegistryError> {
        self.ask("REPOSITORIES".to_owned(), operation).await?;
        Ok(Listing::complete(self.state().repositories.keys().cloned().collect()))
    }

    async fn tags(
        &self,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<Listing<ListedTag>, RegistryError> {
        self.ask(format!("TAGS {repository}"), operation).await?;
        let mut state = self.state();
        let tags = &state.repositories.entry(repository.clone()).or_default().tags;
        let listed = tags.keys().map(|tag| ListedTag {
            tag: tag.clone(),
            digest: None,
        });
        Ok(Listing::complete(listed.collect()))
    }

    async fn manifests(
        &self,
        _repository: &RepositoryName,
        _operation: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError> {
        Ok(None)
    }

    async fn resolve(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<Resolved, RegistryError> {
        self.ask(format!("HEAD {repository}{}", target.suffix()), operation)
            .await?;
        let found = self.find(repository, target)?;
        Ok(Resolved {
            size: Some(ByteSize(found.bytes.len() as u64)),
            media_type: Some(found.media_type),
            digest: found.digest,
        })
    }

    async fn manifest(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<RawManifest, RegistryError> {
        self.ask(format!("GET {repository}{}", target.suffix()), operation)
            .await?;
        self.find(repository, target)
    }

    async fn blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        _size: ByteSize,
        operation: &Operation,
    ) -> Result<BlobStream, RegistryError> {
        self.ask(format!("BLOB {repository}@{digest}"), operation).await?;
        let mut state = self.state();
        let blobs = &state.repositories.entry(repository.clone()).or_default().blobs;
        let bytes = blobs.get(digest).cloned();
        let bytes = bytes.ok_or_else(|| not_found(&format!("{repository}@{digest}")))?;
        Ok(stream::iter([Ok(bytes)]).boxed())
    }

    async fn referrers(
        &self,
        _repository: &RepositoryName,
        _subject: &Digest,
        _operation: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError> {
        Ok(None)
    }

    async fn check(&self, _operation: &Operation, _clock: &Clock) -> Vec<CheckStep> {
        Vec::new()
    }

    async fn delete_rules(
        &self,
        _repository: &RepositoryName,
        _operation: &Operation,
    ) -> Result<DeleteRules, RegistryError> {
        Ok(self.semantics.rules())
    }

    fn traits(&self) -> RegistryTraits {
        RegistryTraits {
            get_counts_as_pull: false,
            provider: Provider::Other,
            requests: 0,
            concurrency: self.concurrency,
        }
    }

    fn place(&self) -> Place {
        Place::registry("registry.test")
    }
}
