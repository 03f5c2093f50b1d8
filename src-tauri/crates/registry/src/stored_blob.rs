//! A blob that lies in a registry, as what another one is sent. Knows nothing of where it goes.

use std::sync::Arc;

use artifact::{ByteSize, Digest, RepositoryName};
use async_trait::async_trait;

use crate::{BlobSource, BlobStream, Operation, Registry, RegistryError};

/// A blob of a repository, read each time it is opened.
#[derive(Clone, Debug)]
pub struct StoredBlob {
    pub registry: Arc<dyn Registry>,
    pub repository: RepositoryName,
    pub digest: Digest,
    pub size: ByteSize,
}

#[async_trait]
impl BlobSource for StoredBlob {
    async fn open(&self, offset: u64, operation: &Operation) -> Result<BlobStream, RegistryError> {
        self.registry
            .blob_from(&self.repository, &self.digest, self.size, offset, operation)
            .await
    }
}
