//! The one contract of every place that artifacts are stored in. Implemented over HTTP and in a folder.

use std::{
    fmt::{self, Debug},
    ops::Range,
};

use artifact::{ByteSize, Descriptor, Digest, RepositoryName, Tag};
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::{StreamExt, TryStreamExt, stream::BoxStream};

use crate::{CheckStep, Clock, DeleteRules, ListedTag, Listing, Operation, Place, Provider, RegistryError};

/// The content of a blob as it arrives. It is verified on the way: if it is not what its digest says, the last item is
/// an error, so what came before must not be trusted until the stream has ended well.
pub type BlobStream = BoxStream<'static, Result<Bytes, RegistryError>>;

/// A registry: an HTTP server or a folder of OCI image layouts.
///
/// Repository names are always the registry's full names (a connection's path prefix included).
#[async_trait]
pub trait Registry: Send + Sync + Debug {
    /// Every repository that the login may see, limited to the connection's prefix.
    async fn repositories(&self, operation: &Operation) -> Result<Listing<RepositoryName>, RegistryError>;

    /// Every tag of a repository.
    async fn tags(
        &self,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<Listing<ListedTag>, RegistryError>;

    /// Every manifest of a repository, tagged or not. `None`: this registry cannot list them.
    async fn manifests(
        &self,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError>;

    /// What a tag points at, without reading it.
    async fn resolve(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<Resolved, RegistryError>;

    /// A manifest's bytes, at most 4 MiB, verified against its digest.
    async fn manifest(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<RawManifest, RegistryError>;

    /// A blob as a verified stream of exactly `size` bytes.
    async fn blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        operation: &Operation,
    ) -> Result<BlobStream, RegistryError>;

    /// The bytes of a blob from `offset` on, exactly up to its end at `size`. Only a stream from 0 is verified; of a
    /// later part nobody can say more than its length.
    ///
    /// What is written here reads past what is not wanted; who can begin later does better.
    async fn blob_from(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        offset: u64,
        operation: &Operation,
    ) -> Result<BlobStream, RegistryError> {
        let whole = self.blob(repository, digest, size, operation).await?;
        let mut left_out = offset;
        let part = whole.map_ok(move |mut piece| {
            let skipped = left_out.min(piece.len() as u64);
            left_out -= skipped;
            piece.split_off(usize::try_from(skipped).unwrap_or(piece.len()))
        });
        Ok(part.boxed())
    }

    /// A part of a blob in memory: exactly these bytes, as far as the blob has them. Nobody can say whether they are
    /// what the digest means.
    ///
    /// # Errors
    /// [`RegistryError::RangeIgnored`] if only the whole blob can be had; then nothing of it was read.
    async fn blob_part(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        range: Range<u64>,
        operation: &Operation,
    ) -> Result<Bytes, RegistryError> {
        let wanted = usize::try_from(range.end.min(size.0).saturating_sub(range.start)).unwrap_or(usize::MAX);
        let mut part = BytesMut::new();
        if wanted == 0 {
            return Ok(part.freeze());
        }
        let mut stream = self.blob_from(repository, digest, size, range.start, operation).await?;
        while part.len() < wanted
            && let Some(piece) = stream.next().await
        {
            part.extend_from_slice(&piece?);
        }
        part.truncate(wanted);
        Ok(part.freeze())
    }

    /// A whole blob in memory, verified.
    ///
    /// # Errors
    /// [`RegistryError::TooLarge`] if it is said to be larger than `limit`.
    async fn small_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        limit: ByteSize,
        operation: &Operation,
    ) -> Result<Bytes, RegistryError> {
        if size > limit {
            let place = self.place().with(format!("{repository}@{digest}"));
            return Err(RegistryError::TooLarge {
                place,
                what: "blob",
                limit,
            });
        }
        let mut stream = self.blob(repository, digest, size, operation).await?;
        let mut content = BytesMut::with_capacity(usize::try_from(size.0).unwrap_or_default());
        while let Some(chunk) = stream.next().await {
            content.extend_from_slice(&chunk?);
        }
        Ok(content.freeze())
    }

    /// What points at `subject`. `None`: no referrers API, the fallback tag has to be read instead.
    async fn referrers(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        operation: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError>;

    /// A diagnosis step by step; never fails as a whole, but stops early when cancelled.
    async fn check(&self, operation: &Operation, clock: &Clock) -> Vec<CheckStep>;

    /// What a delete in this repository takes along.
    async fn delete_rules(
        &self,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<DeleteRules, RegistryError>;

    /// What is known of the registry without asking it.
    fn traits(&self) -> RegistryTraits;

    /// The registry as errors name it.
    fn place(&self) -> Place;
}

/// What to fetch of a repository: what a tag points at now, or one digest for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    Tag(Tag),
    Digest(Digest),
}

impl Target {
    /// The target behind a repository's name: `:v1` or `@sha256:…`.
    pub fn suffix(&self) -> String {
        match self {
            Self::Tag(tag) => format!(":{tag}"),
            Self::Digest(digest) => format!("@{digest}"),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => fmt::Display::fmt(tag, formatter),
            Self::Digest(digest) => fmt::Display::fmt(digest, formatter),
        }
    }
}

impl From<Tag> for Target {
    fn from(tag: Tag) -> Self {
        Self::Tag(tag)
    }
}

impl From<Digest> for Target {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest)
    }
}

/// What a tag or digest stands for, as the registry says without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    pub digest: Digest,
    pub media_type: Option<String>,
    pub size: Option<ByteSize>,
}

/// A manifest's own bytes; the digest was computed from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawManifest {
    pub digest: Digest,
    pub media_type: String,
    pub bytes: Bytes,
}

/// What callers adapt to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryTraits {
    /// A manifest GET is counted against the user's allowance, a HEAD is not: look before reading.
    pub get_counts_as_pull: bool,
    pub provider: Provider,
    /// Requests sent through this value so far.
    pub requests: u64,
    /// How many requests to start side by side; the HTTP layer lets through what the host bears.
    pub concurrency: usize,
}
