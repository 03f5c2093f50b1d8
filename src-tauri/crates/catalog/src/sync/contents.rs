//! Content by digest: read from the index, else from the registry, and never twice.
//!
//! What is being read, or is read and not committed yet, is shared through slots; everything else is in the index.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, Weak},
};

use artifact::{ByteSize, Descriptor, Digest, RepositoryName};
use registry::{Operation, RawManifest, Registry, RegistryError, Target};
use tokio::sync::OnceCell;

use crate::{
    CatalogError, kept,
    record::KnownManifest,
    store::{Store, held},
};

/// The largest config that is read; real ones have some kilobytes.
const LARGEST_CONFIG: ByteSize = ByteSize(4 << 20);
/// Slots over which those that nobody holds any more are swept out.
const SWEEP: usize = 1024;

/// One manifest or config: empty until somebody has read it.
#[derive(Debug)]
pub(super) struct Slot<T> {
    cell: OnceCell<T>,
}

impl<T> Slot<T> {
    pub(super) fn get(&self) -> Option<&T> {
        self.cell.get()
    }
}

pub(super) type ManifestSlot = Arc<Slot<KnownManifest>>;
pub(super) type ConfigSlot = Arc<Slot<KnownConfig>>;

#[derive(Clone, Debug)]
pub(super) struct KnownConfig {
    pub(super) digest: Digest,
    pub(super) bytes: Arc<[u8]>,
}

/// What was read, and whether the index lacks it.
pub(super) struct Read<T> {
    pub(super) slot: Arc<Slot<T>>,
    pub(super) fetched: bool,
}

pub(super) enum ContentError {
    Registry(RegistryError),
    Catalog(CatalogError),
}

impl From<RegistryError> for ContentError {
    fn from(error: RegistryError) -> Self {
        Self::Registry(error)
    }
}

impl From<CatalogError> for ContentError {
    fn from(error: CatalogError) -> Self {
        Self::Catalog(error)
    }
}

pub(super) struct Contents {
    store: Arc<Store>,
    registry: Arc<dyn Registry>,
    manifests: Slots<KnownManifest>,
    configs: Slots<KnownConfig>,
}

impl Contents {
    pub(super) fn new(store: Arc<Store>, registry: Arc<dyn Registry>) -> Self {
        Self {
            store,
            registry,
            manifests: Slots::default(),
            configs: Slots::default(),
        }
    }

    /// A manifest that came with a tag.
    pub(super) async fn adopt(&self, raw: RawManifest) -> Read<KnownManifest> {
        let slot = self.manifests.slot(&raw.digest);
        let mut fetched = false;
        let make = async {
            fetched = true;
            KnownManifest::new(raw.digest, raw.media_type, raw.bytes)
        };
        slot.cell.get_or_init(|| make).await;
        Read { slot, fetched }
    }

    pub(super) async fn manifest(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<Read<KnownManifest>, ContentError> {
        let slot = self.manifests.slot(digest);
        let mut fetched = false;
        let read = async {
            if let Some((media_type, bytes)) = kept::manifest(&self.store, digest)? {
                return Ok(KnownManifest::new(digest.clone(), media_type, bytes));
            }
            let raw = self
                .registry
                .manifest(repository, &Target::Digest(digest.clone()), operation)
                .await?;
            fetched = true;
            Ok::<_, ContentError>(KnownManifest::new(digest.clone(), raw.media_type, raw.bytes))
        };
        slot.cell.get_or_try_init(|| read).await?;
        Ok(Read { slot, fetched })
    }

    pub(super) async fn config(
        &self,
        repository: &RepositoryName,
        config: &Descriptor,
        operation: &Operation,
    ) -> Result<Read<KnownConfig>, ContentError> {
        let digest = &config.digest;
        let slot = self.configs.slot(digest);
        let mut fetched = false;
        let read = async {
            let bytes = if let Some(bytes) = kept::config(&self.store, digest)? {
                bytes
            } else {
                let registry = &self.registry;
                let bytes = registry
                    .small_blob(repository, digest, config.size, LARGEST_CONFIG, operation)
                    .await?;
                fetched = true;
                bytes
            };
            Ok::<_, ContentError>(KnownConfig {
                digest: digest.clone(),
                bytes: Arc::from(&bytes[..]),
            })
        };
        slot.cell.get_or_try_init(|| read).await?;
        Ok(Read { slot, fetched })
    }
}

/// Slots that somebody holds: a reader, or a batch that is not committed yet.
struct Slots<T> {
    slots: Mutex<HashMap<Digest, Weak<Slot<T>>>>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self {
            slots: Mutex::default(),
        }
    }
}

impl<T> Slots<T> {
    fn slot(&self, digest: &Digest) -> Arc<Slot<T>> {
        let mut slots = held(&self.slots);
        if let Some(slot) = slots.get(digest).and_then(Weak::upgrade) {
            return slot;
        }
        if slots.len() >= SWEEP {
            slots.retain(|_, slot| slot.strong_count() > 0);
        }
        let slot = Arc::new(Slot { cell: OnceCell::new() });
        slots.insert(digest.clone(), Arc::downgrade(&slot));
        slot
    }
}
