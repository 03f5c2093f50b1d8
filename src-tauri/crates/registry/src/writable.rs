//! What changes a registry. Only `changes` calls it; everything that reads gets a [`Registry`] and cannot.

use artifact::{ByteSize, Digest, RepositoryName, Tag};
use async_trait::async_trait;

use crate::{BlobStream, Operation, RawManifest, Registry, RegistryError, Target};

/// A registry that can be written to: an HTTP server, a folder of OCI image layouts, or an `oci-archive`.
///
/// Each call is one step's work and is final when it returns well; what was expected there before is the caller's to check.
#[async_trait]
pub trait WritableRegistry: Registry {
    /// Whether the login may write to a repository and the registry takes it, as far as that shows without writing: one
    /// upload that is begun and cancelled. Where nothing tells beforehand the first write does.
    ///
    /// # Errors
    /// What the first write would be refused with.
    async fn may_write(&self, _repository: &RepositoryName, _operation: &Operation) -> Result<(), RegistryError> {
        Ok(())
    }

    /// Whether the repository has a blob, without reading it.
    async fn has_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<bool, RegistryError>;

    /// Puts a manifest byte for byte, on a tag or under its digest alone. What it points at must be there.
    ///
    /// Where the manifest has a subject and the registry does not take note of it, the fallback tag of the subject is
    /// brought up to date as well. Source: distribution-spec 1.1, "Pushing Manifests with Subject".
    ///
    /// # Errors
    /// [`RegistryError::InvalidAnswer`] if the registry says that it stored another digest.
    async fn put_manifest(
        &self,
        repository: &RepositoryName,
        target: &Target,
        manifest: &RawManifest,
        operation: &Operation,
    ) -> Result<(), RegistryError>;

    /// Makes a blob of another repository of this registry appear in `repository`. `false`: the registry does not want
    /// to, the blob has to be sent.
    async fn mount_blob(
        &self,
        repository: &RepositoryName,
        from: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<bool, RegistryError>;

    /// Sends a blob of `size` bytes; the registry verifies it. Bounded memory, never through the disk of this computer
    /// (but for a folder, whose disk it is). An upload that breaks off is gone on with where the registry allows it.
    /// Each piece that arrived is reported as progress.
    async fn put_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        source: &dyn BlobSource,
        operation: &Operation,
    ) -> Result<(), RegistryError>;

    /// Deletes a tag alone, whatever other tags are on its version, in the way that [`crate::DeleteRules`] names.
    /// `unique` is a word that nobody has used: where the way leads over a dummy manifest, it makes that one of its own
    /// (see [`crate::dummy_manifest`]).
    ///
    /// # Errors
    /// [`RegistryError::Unsupported`] where a tag cannot go without its version.
    async fn delete_tag(
        &self,
        repository: &RepositoryName,
        tag: &Tag,
        unique: &str,
        operation: &Operation,
    ) -> Result<Deletion, RegistryError>;

    /// Deletes a manifest by its digest, with whatever the registry takes along (see [`crate::DeleteRules`]).
    async fn delete_manifest(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<Deletion, RegistryError>;
}

/// What a delete found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    Deleted,
    /// It was gone before: as good as deleted.
    WasGone,
}

/// A blob that can be read from any place on, as often as it takes.
#[async_trait]
pub trait BlobSource: Send + Sync {
    /// The bytes from `offset` on. From 0 they are verified against the digest as they pass; from elsewhere only their
    /// number is.
    async fn open(&self, offset: u64, operation: &Operation) -> Result<BlobStream, RegistryError>;
}
