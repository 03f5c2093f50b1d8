//! The index itself: opening it, and what can be asked of it.

mod content;
mod limit;
mod lists;
mod patterns;
mod selection;
mod tags;
mod tidying;
mod upkeep;
mod usage;
mod version;

#[cfg(test)]
mod tests;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64},
};

use artifact::{ByteSize, Digest, RepositoryName, Tag};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use registry::{Operation, RawManifest, Registry};

use crate::{
    CatalogError, Clock, ConnectionId, ConnectionRow, ReferrerRow, RepositoryContent, RepositoryRow, SearchHit,
    SearchQuery, SelectionUsage, Statistics, Sync, SyncReport, TagMove, TagRecord, TagRow, TagsQuery, Usage,
    VersionRecord, VersionsQuery, VersionsView,
    contents::Flights,
    kept,
    record::{self, KnownManifest},
    search, store,
    store::{Derived, LayerStore, Locks, Store, milliseconds},
    sync,
    versions::Views,
};

/// The local index of everything that was seen. Cheap to clone; all clones are one.
///
/// Reading methods block for milliseconds (a call from async code goes through `spawn_blocking` where it matters);
/// only [`Index::sync`] and [`Index::refresh_referrers`] use the network.
#[derive(Clone, Debug)]
pub struct Index {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    store: Arc<Store>,
    layers: LayerStore,
    locks: Locks,
    views: Views,
    names: search::Names,
    flights: Flights,
    /// Of index and layer lists together, in bytes.
    limit: AtomicU64,
}

/// While it is there, nobody syncs the connection.
#[derive(Debug)]
pub struct KeptOut {
    connection: ConnectionId,
    _lock: store::ConnectionLock,
}

/// An opened index, and what had to be done to open it.
#[derive(Debug)]
pub struct Opened {
    pub index: Index,
    /// A damaged index was kept aside and a new one begun: where it is now.
    pub notice: Option<String>,
}

impl Index {
    /// Opens or creates the index file; its folder must exist.
    ///
    /// # Errors
    /// [`CatalogError::TooNew`] if a newer Berth wrote it; [`CatalogError::ReadOnly`], [`CatalogError::DiskFull`].
    pub fn open(path: &Path) -> Result<Opened, CatalogError> {
        let locks = Locks::beside(path);
        let (store, aside) = store::open(path, &locks)?;
        let shared = Shared {
            store: Arc::new(store),
            layers: LayerStore::beside(path, ByteSize(limit::LIMIT))?,
            locks,
            views: Views::default(),
            names: search::Names::default(),
            flights: Flights::default(),
            limit: AtomicU64::new(limit::LIMIT),
        };
        Ok(Opened {
            index: Self {
                shared: Arc::new(shared),
            },
            notice: aside.as_deref().map(rebuilt),
        })
    }

    /// Brings the index up to date; waits while another process syncs the same connection.
    ///
    /// # Errors
    /// [`CatalogError::Registry`] if nothing at all could be read; what could not be read beside other things is a
    /// problem in the report. [`CatalogError::Cancelled`] keeps what was read.
    pub async fn sync(&self, sync: Sync<'_>, operation: &Operation) -> Result<SyncReport, CatalogError> {
        let report = sync::run(&self.shared.store, &self.shared.locks, sync, operation).await?;
        let shared = Arc::clone(&self.shared);
        let tidied = tokio::task::spawn_blocking(move || limit::after_sync(&shared)).await;
        // What was read is there all the same, and the next sync tries again.
        if let Ok(Err(error)) = tidied {
            tracing::warn!(%error, "the index could not be tidied");
        }
        Ok(report)
    }

    /// Whether some process holds the connection's lock at this moment.
    pub fn is_syncing(&self, connection: &ConnectionId) -> bool {
        self.shared.locks.is_held(connection)
    }

    /// Reads what points at `digest` again and keeps it. `false`: the registry has no referrers API, and what the
    /// fallback tags told at the last sync stands.
    ///
    /// # Errors
    /// [`CatalogError::NeverSynced`] if the repository was never read; [`CatalogError::Registry`].
    pub async fn refresh_referrers(
        &self,
        connection: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        registry: &Arc<dyn Registry>,
        now: &Clock,
        operation: &Operation,
    ) -> Result<bool, CatalogError> {
        sync::refresh(self.store(), connection, repository, digest, registry, now, operation).await
    }

    /// What points at `digest`, as last seen; attestations that stand in an index beside the platforms too.
    ///
    /// # Errors
    /// [`CatalogError::NeverSynced`] if the repository was never read.
    pub fn referrers(
        &self,
        connection: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Vec<ReferrerRow>, CatalogError> {
        version::referrers(self, connection, repository, digest)
    }

    /// Every connection that was ever synced.
    pub fn connections(&self) -> Result<Vec<ConnectionRow>, CatalogError> {
        self.store().read(lists::connections)
    }

    /// By connection and name.
    pub fn repositories(&self, connection: Option<&ConnectionId>) -> Result<Vec<RepositoryRow>, CatalogError> {
        self.store()
            .read(|reading| lists::repositories(reading, connection, None))
    }

    /// How many repositories a connection has, and some of them by name.
    pub fn repository_page(
        &self,
        connection: &ConnectionId,
        offset: usize,
        limit: usize,
    ) -> Result<(usize, Vec<RepositoryRow>), CatalogError> {
        self.store()
            .read(|reading| lists::repository_page(reading, connection, offset, limit))
    }

    /// One repository's row.
    pub fn repository(
        &self,
        connection: &ConnectionId,
        repository: &RepositoryName,
    ) -> Result<Option<RepositoryRow>, CatalogError> {
        let found = self
            .store()
            .read(|reading| lists::repositories(reading, Some(connection), Some(repository)))?;
        Ok(found.into_iter().next())
    }

    /// A repository's versions as a view to take pages from; kept while nothing changes.
    ///
    /// # Errors
    /// [`CatalogError::NeverSynced`] if the repository was never read.
    pub fn versions(&self, query: &VersionsQuery) -> Result<Arc<VersionsView>, CatalogError> {
        self.shared.views.view(self.store(), query)
    }

    /// A repository's tags, a row each.
    ///
    /// # Errors
    /// [`CatalogError::NeverSynced`] if the repository was never read.
    pub fn tags(&self, query: &TagsQuery) -> Result<Vec<TagRow>, CatalogError> {
        tags::rows(self, query)
    }

    /// How many tags, over everything that was seen, at least one of the glob patterns covers.
    ///
    /// # Errors
    /// [`CatalogError::InvalidInput`] for a pattern that is none.
    pub fn count_tags(&self, patterns: &[String]) -> Result<u64, CatalogError> {
        patterns::count(self.store(), patterns)
    }

    /// Where a tag points, as last seen.
    pub fn tag(
        &self,
        connection: &ConnectionId,
        repository: &RepositoryName,
        tag: &Tag,
    ) -> Result<Option<TagRecord>, CatalogError> {
        self.store()
            .read(|reading| lists::tag(reading, connection, repository, tag))
    }

    /// Everything known of a version that has a tag, or had one when it was read.
    ///
    /// # Errors
    /// [`CatalogError::NeverSynced`] if the repository was never read.
    pub fn version(
        &self,
        connection: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<VersionRecord>, CatalogError> {
        version::record(self, connection, repository, digest, now)
    }

    /// Everything that a plan for the repository needs, as last seen.
    ///
    /// # Errors
    /// [`CatalogError::NeverSynced`] if the repository was never read.
    pub fn content(
        &self,
        connection: &ConnectionId,
        repository: &RepositoryName,
        now: DateTime<Utc>,
    ) -> Result<RepositoryContent, CatalogError> {
        content::content(self, connection, repository, now)
    }

    /// Keeps manifests that were read beside a sync.
    pub fn keep_manifests(&self, manifests: &[RawManifest]) -> Result<(), CatalogError> {
        self.store().write(|writing| {
            for raw in manifests {
                let known = KnownManifest::new(raw.digest.clone(), raw.media_type.clone(), raw.bytes.clone());
                record::keep_manifest(writing, &known)?;
            }
            Ok(())
        })
    }

    /// The manifest's media type and its bytes as they were fetched.
    pub fn manifest_bytes(&self, digest: &Digest) -> Result<Option<(String, Bytes)>, CatalogError> {
        kept::manifest(self.store(), digest)
    }

    /// The config's bytes as they were fetched.
    pub fn config_bytes(&self, digest: &Digest) -> Result<Option<Bytes>, CatalogError> {
        kept::config(self.store(), digest)
    }

    /// Best first: exact tags, then beginnings, channels, what is recent.
    pub fn search(&self, query: &SearchQuery) -> Result<Vec<SearchHit>, CatalogError> {
        search::search(self.store(), &self.shared.names, query)
    }

    /// Storage of one repository, or of all of a connection.
    ///
    /// # Errors
    /// [`CatalogError::NeverSynced`] if the repository, or the connection, was never read.
    pub fn usage(&self, connection: &ConnectionId, repository: Option<&RepositoryName>) -> Result<Usage, CatalogError> {
        usage::usage(self, connection, repository)
    }

    /// What some versions of a repository hold together; digests that it does not have are left out.
    ///
    /// # Errors
    /// [`CatalogError::NeverSynced`] if the repository was never read.
    pub fn selection(
        &self,
        connection: &ConnectionId,
        repository: &RepositoryName,
        digests: &[Digest],
        now: DateTime<Utc>,
    ) -> Result<SelectionUsage, CatalogError> {
        selection::selection(self, connection, repository, digests, now)
    }

    /// Oldest first.
    pub fn tag_moves(
        &self,
        connection: &ConnectionId,
        repository: &RepositoryName,
        tag: &Tag,
    ) -> Result<Vec<TagMove>, CatalogError> {
        self.store()
            .read(|reading| lists::tag_moves(reading, connection, repository, tag))
    }

    /// Forgets what went wrong with a connection as a whole: it works again, as something other than a sync found.
    pub fn clear_problem(&self, connection: &ConnectionId) -> Result<(), CatalogError> {
        upkeep::clear_problem(self.store(), connection)
    }

    /// Keeps every sync of the connection out, of this process and others, so that what it holds can be dropped. Waits for
    /// one that is under way; the caller cancels its own first.
    ///
    /// # Errors
    /// [`CatalogError::Syncing`] if it does not end within some seconds.
    pub async fn keep_out(&self, connection: &ConnectionId) -> Result<KeptOut, CatalogError> {
        let lock = sync::lock::keep_out(self.store(), &self.shared.locks, connection, sync::lock::PATIENCE).await?;
        Ok(KeptOut {
            connection: connection.clone(),
            _lock: lock,
        })
    }

    /// Drops everything that only this connection held.
    pub fn forget(&self, kept_out: &KeptOut) -> Result<(), CatalogError> {
        upkeep::forget(&self.shared, &kept_out.connection, None)
    }

    /// Drops everything that only this repository held.
    pub fn forget_repository(&self, kept_out: &KeptOut, repository: &RepositoryName) -> Result<(), CatalogError> {
        upkeep::forget(&self.shared, &kept_out.connection, Some(repository))
    }

    /// How large the index is, and how much it holds.
    pub fn statistics(&self) -> Result<Statistics, CatalogError> {
        upkeep::statistics(self.store(), &self.shared.layers)
    }

    /// Empties the whole index. `_kept_out`: the connections, none of which is synced meanwhile.
    pub fn clear(&self, _kept_out: &[KeptOut]) -> Result<(), CatalogError> {
        self.shared.views.clear();
        upkeep::clear(self.store())?;
        self.clear_contents()
    }

    /// Empties the store of layer contents.
    pub fn clear_contents(&self) -> Result<(), CatalogError> {
        self.shared.layers.clear()
    }

    /// Changes whenever this or another process wrote to the index; not for layer contents.
    pub fn data_version(&self) -> Result<u64, CatalogError> {
        self.store().data_version()
    }

    /// The most that index and layer contents together may hold. Layer contents go first, the least recently used before
    /// all. An index that is over it by itself loses with the next sync what no tag leads to; what tags lead to stays.
    pub fn set_limit(&self, limit: ByteSize) -> Result<(), CatalogError> {
        limit::set(&self.shared, limit)
    }

    /// The same at once, which may take seconds: somebody changed the limit and wants to see it.
    pub fn change_limit(&self, limit: ByteSize) -> Result<(), CatalogError> {
        limit::change(&self.shared, limit)
    }

    /// What was derived from a layer; reading it makes it the most recently used.
    pub fn layer_contents(&self, layer: &Digest) -> Result<Option<Vec<u8>>, CatalogError> {
        self.shared.layers.find(Derived::Contents, layer)
    }

    /// Whether [`Index::layer_contents`] would find something.
    pub fn has_layer_contents(&self, layer: &Digest) -> Result<bool, CatalogError> {
        self.shared.layers.contains(Derived::Contents, layer)
    }

    /// Keeps what was derived from a layer, if the limit leaves room for it.
    pub fn keep_layer_contents(&self, layer: &Digest, bytes: &[u8], now: DateTime<Utc>) -> Result<(), CatalogError> {
        self.keep_derived(Derived::Contents, layer, bytes, now)
    }

    /// What the headers of weights in a blob say; reading it makes it the most recently used.
    pub fn weights(&self, blob: &Digest) -> Result<Option<Vec<u8>>, CatalogError> {
        self.shared.layers.find(Derived::Weights, blob)
    }

    /// Whether [`Index::weights`] would find something.
    pub fn has_weights(&self, blob: &Digest) -> Result<bool, CatalogError> {
        self.shared.layers.contains(Derived::Weights, blob)
    }

    /// Keeps what the headers of weights in a blob say, if the limit leaves room for it.
    pub fn keep_weights(&self, blob: &Digest, bytes: &[u8], now: DateTime<Utc>) -> Result<(), CatalogError> {
        self.keep_derived(Derived::Weights, blob, bytes, now)
    }

    fn keep_derived(
        &self,
        derived: Derived,
        blob: &Digest,
        bytes: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), CatalogError> {
        self.shared.layers.bound(limit::layers_share(&self.shared));
        self.shared.layers.keep(derived, blob, bytes, milliseconds(now))
    }

    pub(crate) fn store(&self) -> &Arc<Store> {
        &self.shared.store
    }

    /// The layers that are being read at the moment.
    pub(crate) fn flights(&self) -> &Flights {
        &self.shared.flights
    }

    pub(crate) fn views(&self) -> &Views {
        &self.shared.views
    }
}

fn rebuilt(aside: &Path) -> String {
    let aside: PathBuf = aside.to_owned();
    format!(
        "The index was damaged. It is kept as {}, and a new one is built with the next sync.",
        aside.display()
    )
}
