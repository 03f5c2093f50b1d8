//! The index itself: opening it, and what can be asked of it.

use std::{path::Path, sync::Arc};

use artifact::{ByteSize, Digest, RepositoryName, Tag};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use registry::{Operation, Registry};

use crate::{
    CatalogError, Clock, ConnectionId, ConnectionRow, ReferrerRow, RepositoryRow, SearchHit, SearchQuery,
    SelectionUsage, Statistics, Sync, SyncReport, TagMove, TagRecord, TagRow, TagsQuery, Usage, VersionRecord,
    VersionsQuery, VersionsView,
};

/// The local index of everything that was seen. Cheap to clone; all clones are one.
///
/// Reading methods block for milliseconds (a call from async code goes through `spawn_blocking` where it matters);
/// only [`Index::sync`] and [`Index::refresh_referrers`] use the network.
#[derive(Clone, Debug)]
pub struct Index {}

/// An opened index, and what had to be done to open it.
#[derive(Debug)]
pub struct Opened {
    pub index: Index,
    /// A damaged index was kept aside and a new one begun: where it is now.
    pub notice: Option<String>,
}

fn absent<T>() -> Result<T, CatalogError> {
    Err(CatalogError::NotFound("index".to_owned()))
}

#[expect(clippy::unused_async, clippy::unused_self, reason = "signatures first")]
impl Index {
    /// Opens or creates the index file; its folder must exist.
    ///
    /// # Errors
    /// [`CatalogError::TooNew`] if a newer Berth wrote it; [`CatalogError::ReadOnly`], [`CatalogError::DiskFull`].
    pub fn open(_path: &Path) -> Result<Opened, CatalogError> {
        absent()
    }

    pub async fn sync(&self, _sync: Sync<'_>, _operation: &Operation) -> Result<SyncReport, CatalogError> {
        absent()
    }

    /// Whether some process holds the connection's lock at this moment.
    pub fn is_syncing(&self, _connection: &ConnectionId) -> bool {
        false
    }

    /// Reads what points at `digest` again, keeps it and answers it.
    pub async fn refresh_referrers(
        &self,
        _connection: &ConnectionId,
        _repository: &RepositoryName,
        _digest: &Digest,
        _registry: &Arc<dyn Registry>,
        _now: &Clock,
        _operation: &Operation,
    ) -> Result<Vec<ReferrerRow>, CatalogError> {
        absent()
    }

    pub fn connections(&self) -> Result<Vec<ConnectionRow>, CatalogError> {
        absent()
    }

    /// By connection and name.
    pub fn repositories(&self, _connection: Option<&ConnectionId>) -> Result<Vec<RepositoryRow>, CatalogError> {
        absent()
    }

    pub fn repository(
        &self,
        _connection: &ConnectionId,
        _repository: &RepositoryName,
    ) -> Result<Option<RepositoryRow>, CatalogError> {
        absent()
    }

    /// # Errors
    /// [`CatalogError::NeverSynced`] if the repository was never read.
    pub fn versions(&self, _query: &VersionsQuery) -> Result<Arc<VersionsView>, CatalogError> {
        absent()
    }

    /// # Errors
    /// [`CatalogError::NeverSynced`] if the repository was never read.
    pub fn tags(&self, _query: &TagsQuery) -> Result<Vec<TagRow>, CatalogError> {
        absent()
    }

    /// Where a tag points, as last seen.
    pub fn tag(
        &self,
        _connection: &ConnectionId,
        _repository: &RepositoryName,
        _tag: &Tag,
    ) -> Result<Option<TagRecord>, CatalogError> {
        absent()
    }

    pub fn version(
        &self,
        _connection: &ConnectionId,
        _repository: &RepositoryName,
        _digest: &Digest,
        _now: DateTime<Utc>,
    ) -> Result<Option<VersionRecord>, CatalogError> {
        absent()
    }

    /// The manifest's media type as served, and its bytes.
    pub fn manifest_bytes(&self, _digest: &Digest) -> Result<Option<(String, Bytes)>, CatalogError> {
        absent()
    }

    pub fn config_bytes(&self, _digest: &Digest) -> Result<Option<Bytes>, CatalogError> {
        absent()
    }

    pub fn search(&self, _query: &SearchQuery) -> Result<Vec<SearchHit>, CatalogError> {
        absent()
    }

    pub fn usage(
        &self,
        _connection: &ConnectionId,
        _repository: Option<&RepositoryName>,
    ) -> Result<Usage, CatalogError> {
        absent()
    }

    pub fn selection(
        &self,
        _connection: &ConnectionId,
        _repository: &RepositoryName,
        _digests: &[Digest],
        _now: DateTime<Utc>,
    ) -> Result<SelectionUsage, CatalogError> {
        absent()
    }

    /// Oldest first.
    pub fn tag_moves(
        &self,
        _connection: &ConnectionId,
        _repository: &RepositoryName,
        _tag: &Tag,
    ) -> Result<Vec<TagMove>, CatalogError> {
        absent()
    }

    /// Drops everything that only this connection held.
    pub fn forget(&self, _connection: &ConnectionId) -> Result<(), CatalogError> {
        absent()
    }

    pub fn statistics(&self) -> Result<Statistics, CatalogError> {
        absent()
    }

    /// Empties the whole index.
    pub fn clear(&self) -> Result<(), CatalogError> {
        absent()
    }

    /// Empties the store of layer contents.
    pub fn clear_contents(&self) -> Result<(), CatalogError> {
        absent()
    }

    /// Changes whenever this or another process wrote to the index.
    pub fn data_version(&self) -> Result<u64, CatalogError> {
        absent()
    }

    /// The most that the store of layer contents may hold; the least recently used go first.
    pub fn set_contents_limit(&self, _limit: ByteSize) -> Result<(), CatalogError> {
        absent()
    }

    /// What was derived from a layer; reading it makes it the most recently used.
    pub fn layer_contents(&self, _layer: &Digest) -> Result<Option<Vec<u8>>, CatalogError> {
        absent()
    }

    /// Keeps what was derived from a layer.
    pub fn keep_layer_contents(
        &self,
        _layer: &Digest,
        _bytes: &[u8],
        _now: DateTime<Utc>,
    ) -> Result<(), CatalogError> {
        absent()
    }
}
