//! Layers of a real folder of image layouts, read through the index; the folder is asked through a double that counts and
//! can hold streams back.

mod damage;
mod flights;
mod keeping;
mod trees;
mod weights;

use std::{
    io::Write as _,
    ops::Range,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use artifact::{ByteSize, Descriptor, Digest, LayerContents, RepositoryName, media_type};
use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use flate2::{Compression, write::GzEncoder};
use futures::{FutureExt as _, StreamExt as _};
use registry::{
    BlobStream, CheckStep, Clock, DeleteRules, ListedTag, Listing, Operation, Place, RawManifest, Registry,
    RegistryError, RegistryTraits, Resolved, Target,
    folder::{Durability, FolderRegistry, LayoutWriter},
};
use tokio::sync::{Semaphore, watch};

use crate::{CatalogError, Index, contents};

/// What takes longer than this never comes.
const LONG: Duration = Duration::from_mins(1);

/// An index, and a repository `model` to read from.
struct Shop {
    folder: tempfile::TempDir,
    index: Index,
    shelf: Arc<Shelf>,
    registry: Arc<dyn Registry>,
    writer: LayoutWriter,
}

impl Shop {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let writer = LayoutWriter::create(folder.path().join("registry/model"), Durability::WhenConvenient)
            .expect("a new layout");
        let shelf = Arc::new(Shelf::at(&folder.path().join("registry")));
        Self {
            index: index_in(folder.path()),
            registry: Arc::clone(&shelf) as _,
            shelf,
            writer,
            folder,
        }
    }

    /// Puts a layer into the repository.
    fn layer(&self, bytes: &[u8]) -> Descriptor {
        self.writer
            .described_blob(media_type::OCI_LAYER_GZIP, bytes)
            .expect("it is written")
    }

    async fn read(&self, layer: &Descriptor) -> Result<Arc<LayerContents>, CatalogError> {
        self.read_as(layer, &Operation::unobserved()).await
    }

    async fn read_as(&self, layer: &Descriptor, operation: &Operation) -> Result<Arc<LayerContents>, CatalogError> {
        contents::layer(&self.index, &self.registry, &repository(), layer, operation, now()).await
    }

    fn is_kept(&self, layer: &Descriptor) -> bool {
        self.index.has_layer_contents(&layer.digest).expect("the index answers")
    }

    /// How many streams were opened so far.
    fn streams(&self) -> usize {
        *self.shelf.streams.borrow()
    }
}

fn index_in(folder: &Path) -> Index {
    Index::open(&folder.join("index.sqlite")).expect("an index opens").index
}

fn repository() -> RepositoryName {
    "model".parse().expect("a name")
}

fn now() -> DateTime<Utc> {
    "2026-09-15T12:00:00Z".parse().expect("a time")
}

/// A folder registry that counts streams and lets them begin only as long as its gate is open.
#[derive(Debug)]
struct Shelf {
    folder: FolderRegistry,
    streams: watch::Sender<usize>,
    gate: Arc<Semaphore>,
    /// What parts of blobs were read.
    parts: Mutex<Vec<Range<u64>>>,
    /// As servers that know of whole blobs only.
    ignores_ranges: AtomicBool,
}

impl Shelf {
    fn at(folder: &Path) -> Self {
        Self {
            folder: FolderRegistry::open(folder).expect("a folder of layouts"),
            streams: watch::Sender::new(0),
            gate: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            parts: Mutex::default(),
            ignores_ranges: AtomicBool::new(false),
        }
    }

    fn close(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    fn open(&self) {
        self.gate.add_permits(Semaphore::MAX_PERMITS);
    }

    /// Waits until so many streams were opened.
    async fn opened(&self, streams: usize) {
        let mut seen = self.streams.subscribe();
        let reached = seen.wait_for(|opened| *opened >= streams);
        let reached = tokio::time::timeout(LONG, reached).await;
        assert!(reached.is_ok(), "no stream number {streams} was opened");
    }
}

#[async_trait]
impl Registry for Shelf {
    async fn repositories(&self, operation: &Operation) -> Result<Listing<RepositoryName>, RegistryError> {
        self.folder.repositories(operation).await
    }

    async fn tags(&self, of: &RepositoryName, operation: &Operation) -> Result<Listing<ListedTag>, RegistryError> {
        self.folder.tags(of, operation).await
    }

    async fn manifests(
        &self,
        of: &RepositoryName,
        operation: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError> {
        self.folder.manifests(of, operation).await
    }

    async fn resolve(
        &self,
        of: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<Resolved, RegistryError> {
        self.folder.resolve(of, target, operation).await
    }

    async fn manifest(
        &self,
        of: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<RawManifest, RegistryError> {
        self.folder.manifest(of, target, operation).await
    }

    async fn blob(
        &self,
        of: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        operation: &Operation,
    ) -> Result<BlobStream, RegistryError> {
        let stream = self.folder.blob(of, digest, size, operation).await?;
        self.streams.send_modify(|streams| *streams += 1);
        let gate = Arc::clone(&self.gate);
        let passed = async move { drop(gate.acquire_owned().await) };
        Ok(passed.map(|()| stream).into_stream().flatten().boxed())
    }

    async fn blob_part(
        &self,
        of: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        range: Range<u64>,
        operation: &Operation,
    ) -> Result<Bytes, RegistryError> {
        self.parts.lock().expect("no test panics here").push(range.clone());
        if self.ignores_ranges.load(Ordering::Relaxed) {
            let place = self.folder.place();
            return Err(RegistryError::RangeIgnored { place, size });
        }
        self.folder.blob_part(of, digest, size, range, operation).await
    }

    async fn referrers(
        &self,
        of: &RepositoryName,
        subject: &Digest,
        operation: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError> {
        self.folder.referrers(of, subject, operation).await
    }

    async fn check(&self, operation: &Operation, clock: &Clock) -> Vec<CheckStep> {
        self.folder.check(operation, clock).await
    }

    async fn delete_rules(&self, of: &RepositoryName, operation: &Operation) -> Result<DeleteRules, RegistryError> {
        self.folder.delete_rules(of, operation).await
    }

    fn traits(&self) -> RegistryTraits {
        self.folder.traits()
    }

    fn place(&self) -> Place {
        self.folder.place()
    }
}

/// A tar archive of regular files.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, path, *content).expect("in memory");
    }
    archive.into_inner().expect("in memory")
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).expect("in memory");
    encoder.finish().expect("in memory")
}

fn zstd(plain: &[u8]) -> Vec<u8> {
    zstd::encode_all(plain, 1).expect("in memory")
}

/// Bytes that do not shrink, the same for each seed.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(&mut next).flatten().take(length).collect()
}
