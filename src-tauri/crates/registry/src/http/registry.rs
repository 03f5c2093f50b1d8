//! [`HttpRegistry`]: the `Registry` contract over HTTP.

use std::{path::PathBuf, sync::Arc};

use artifact::{ByteSize, Descriptor, Digest, RepositoryName};
use async_trait::async_trait;

use super::{Address, Network};
use crate::{
    BlobStream, CheckStep, Clock, DeleteRules, ListedTag, Listing, Login, Operation, Place, Provider, RawManifest,
    Registry, RegistryError, RegistryTraits, Resolved, Target,
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
    options: HttpOptions,
    login: Login,
    network: Arc<Network>,
}

impl HttpRegistry {
    /// Makes the client; sends nothing yet.
    ///
    /// # Errors
    /// [`RegistryError::Configuration`] if the CA file or the client certificate cannot be used.
    pub fn connect(options: HttpOptions, login: Login, network: Arc<Network>) -> Result<Self, RegistryError> {
        Ok(Self { options, login, network })
    }
}

#[async_trait]
impl Registry for HttpRegistry {
    async fn repositories(&self, _operation: &Operation) -> Result<Listing<RepositoryName>, RegistryError> {
        Err(self.soon())
    }

    async fn tags(&self, _: &RepositoryName, _: &Operation) -> Result<Listing<ListedTag>, RegistryError> {
        Err(self.soon())
    }

    async fn manifests(
        &self,
        _: &RepositoryName,
        _: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError> {
        Ok(None)
    }

    async fn resolve(&self, _: &RepositoryName, _: &Target, _: &Operation) -> Result<Resolved, RegistryError> {
        Err(self.soon())
    }

    async fn manifest(&self, _: &RepositoryName, _: &Target, _: &Operation) -> Result<RawManifest, RegistryError> {
        Err(self.soon())
    }

    async fn blob(
        &self,
        _: &RepositoryName,
        _: &Digest,
        _: ByteSize,
        _: &Operation,
    ) -> Result<BlobStream, RegistryError> {
        Err(self.soon())
    }

    async fn referrers(
        &self,
        _: &RepositoryName,
        _: &Digest,
        _: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError> {
        Err(self.soon())
    }

    async fn check(&self, _: &Operation, _: &Clock) -> Vec<CheckStep> {
        Vec::new()
    }

    async fn delete_rules(&self, _: &RepositoryName, _: &Operation) -> Result<DeleteRules, RegistryError> {
        Err(self.soon())
    }

    fn traits(&self) -> RegistryTraits {
        RegistryTraits { get_counts_as_pull: false, provider: Provider::Other, requests: 0, concurrency: 32 }
    }

    fn place(&self) -> Place {
        Place::registry(self.options.host.host())
    }
}

impl HttpRegistry {
    fn soon(&self) -> RegistryError {
        let _ = (&self.login, &self.network);
        RegistryError::Unsupported { place: self.place(), what: "being built".into(), hint: None }
    }
}
