//! [`HttpRegistry`]: the `Registry` contract over HTTP.

use std::{
    ops::Range,
    path::PathBuf,
    sync::{Arc, atomic::AtomicU64},
};

use artifact::{ByteSize, Descriptor, Digest, RepositoryName, Tag};
use async_trait::async_trait;
use bytes::Bytes;

use super::{Address, Network, authority::Authority, exchange::Exchange, names::cannot_list, wire::Wire};
use crate::{
    BlobSource, BlobStream, CheckStep, Clock, DeleteRules, Deletion, ListedTag, Listing, Login, Operation, Place,
    Provider, RawManifest, Registry, RegistryError, RegistryTraits, Resolved, Target, WritableRegistry,
};

/// Where a registry is and how it is spoken to.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    pub host: Address,
    /// Plain http instead of https: for loopback, or where the user says so.
    pub plain_http: bool,
    /// A PEM file with the authority to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// A PEM file with a client certificate and its key.
    pub client_certificate: Option<PathBuf>,
}

/// A registry over HTTP.
#[derive(Debug)]
pub struct HttpRegistry {
    pub(super) exchange: Arc<Exchange>,
    pub(super) address: Address,
    pub(super) provider: Provider,
    pub(super) known: Vec<RepositoryName>,
}

impl HttpRegistry {
    /// Makes the client; sends nothing yet.
    ///
    /// # Errors
    /// [`RegistryError::Configuration`] if the CA file or the client certificate cannot be used.
    pub fn connect(options: HttpOptions, login: Login, network: Arc<Network>) -> Result<Self, RegistryError> {
        let address = options.host;
        let origin = address
            .origin(options.plain_http)
            .map_err(|problem| RegistryError::Configuration {
                message: problem.to_string(),
                hint: None,
            })?;
        let host = network.host(&origin);
        let account = network.account(&origin, &Authority::identity(&login));
        let wire = Wire {
            client: network.client(options.ca_file.as_deref(), options.client_certificate.as_deref())?,
            limiter: Arc::clone(&host.limiter),
            plain_http: options.plain_http,
            requests: AtomicU64::new(0),
            place: Place::registry(address.host()),
            secrets: Authority::secrets(&login),
            network,
        };
        let authority = Authority::new(login, host, account)?;
        let provider = Provider::guess(&address.host());
        let exchange = Arc::new(Exchange {
            wire,
            authority,
            origin,
        });
        Ok(Self {
            exchange,
            address,
            provider,
            known: Vec::new(),
        })
    }

    /// The same registry with repositories that are known by name (pins): `check` tries what the login may do on them
    /// where the registry does not list any.
    #[must_use]
    pub fn with_known_repositories(mut self, repositories: Vec<RepositoryName>) -> Self {
        self.known = repositories;
        self
    }

    /// Docker Hub's registry has no list of repositories at all.
    pub(super) fn never_lists(&self) -> bool {
        self.provider == Provider::DockerHub
    }
}

#[async_trait]
impl Registry for HttpRegistry {
    async fn repositories(&self, operation: &Operation) -> Result<Listing<RepositoryName>, RegistryError> {
        if self.never_lists() {
            return Err(cannot_list(self.place()));
        }
        self.exchange.list_repositories(self.address.prefix(), operation).await
    }

    async fn tags(
        &self,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<Listing<ListedTag>, RegistryError> {
        self.exchange.list_tags(repository, operation).await
    }

    async fn manifests(
        &self,
        _repository: &RepositoryName,
        _operation: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError> {
        // The distribution protocol has no such list; providers' own interfaces do.
        Ok(None)
    }

    async fn resolve(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<Resolved, RegistryError> {
        let counts = self.traits().get_counts_as_pull;
        self.exchange
            .resolve_target(repository, target, counts, operation)
            .await
    }

    async fn manifest(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<RawManifest, RegistryError> {
        self.exchange.fetch_manifest(repository, target, operation).await
    }

    async fn blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        operation: &Operation,
    ) -> Result<BlobStream, RegistryError> {
        self.exchange.open_blob(repository, digest, size, 0, operation).await
    }

    async fn blob_from(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        offset: u64,
        operation: &Operation,
    ) -> Result<BlobStream, RegistryError> {
        self.exchange
            .open_blob(repository, digest, size, offset, operation)
            .await
    }

    async fn blob_part(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        range: Range<u64>,
        operation: &Operation,
    ) -> Result<Bytes, RegistryError> {
        self.exchange
            .read_part(repository, digest, size, range, operation)
            .await
    }

    async fn referrers(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        operation: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError> {
        self.exchange.list_referrers(repository, subject, operation).await
    }

    async fn check(&self, operation: &Operation, clock: &Clock) -> Vec<CheckStep> {
        super::check::run(self, operation, clock).await
    }

    async fn delete_rules(
        &self,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<DeleteRules, RegistryError> {
        self.exchange
            .find_delete_rules(self.provider, repository, operation)
            .await
    }

    fn traits(&self) -> RegistryTraits {
        RegistryTraits {
            get_counts_as_pull: self.provider == Provider::DockerHub,
            provider: self.provider,
            requests: self.exchange.requests(),
            concurrency: self.exchange.wire.network.options().requests_per_host.max(1),
        }
    }

    fn place(&self) -> Place {
        self.exchange.wire.place.clone()
    }
}

#[async_trait]
impl WritableRegistry for HttpRegistry {
    async fn may_write(&self, repository: &RepositoryName, operation: &Operation) -> Result<(), RegistryError> {
        // Quay makes a repository of a mere wish to push: a plan must not leave one behind.
        // Source: quay/quay, endpoints/v2/v2auth.py.
        if self.provider == Provider::Quay {
            return Ok(());
        }
        self.exchange.try_upload(repository, operation).await
    }

    async fn has_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<bool, RegistryError> {
        self.exchange.holds_blob(repository, digest, operation).await
    }

    async fn put_manifest(
        &self,
        repository: &RepositoryName,
        target: &Target,
        manifest: &RawManifest,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        self.exchange
            .store_manifest(repository, target, manifest, operation)
            .await
    }

    async fn mount_blob(
        &self,
        repository: &RepositoryName,
        from: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<bool, RegistryError> {
        self.exchange.mount(repository, from, digest, operation).await
    }

    async fn put_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        source: &dyn BlobSource,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        self.exchange.upload(repository, digest, size, source, operation).await
    }

    async fn delete_tag(
        &self,
        repository: &RepositoryName,
        tag: &Tag,
        unique: &str,
        operation: &Operation,
    ) -> Result<Deletion, RegistryError> {
        self.exchange
            .remove_tag(self.provider, repository, tag, unique, operation)
            .await
    }

    async fn delete_manifest(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<Deletion, RegistryError> {
        let target = Target::Digest(digest.clone());
        self.exchange.remove(repository, &target, operation).await
    }
}
