//! The layers of one platform: read up to three at a time, and laid over each other.

use std::{collections::HashSet, sync::Arc};

use artifact::{
    ByteSize, Descriptor, Digest, LayerContents, LayerLimits, LayerSummary, Manifest, MergedTree, PlatformSummary,
    RepositoryName,
};
use chrono::{DateTime, Utc};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use registry::{Operation, Registry};

use super::{
    kept,
    pipeline::{Parsers, Progress, read},
};
use crate::{CatalogError, Index};

/// How many layers are streamed side by side: more would only share the same line.
const SIDE_BY_SIDE: usize = 3;
const TITLE: &str = "org.opencontainers.image.title";

/// What it costs to read the files of a platform, before it starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// As stored, and so as transferred.
    pub to_read: ByteSize,
    pub layers_to_read: u64,
    /// Distinct layers.
    pub layers: u64,
}

/// What is still to be read of the layers of platforms, each counted once. Kept ones and raw ones of models cost nothing.
///
/// # Errors
/// Those of the index.
pub fn cost(index: &Index, platforms: &[PlatformSummary]) -> Result<Cost, CatalogError> {
    let mut cost = Cost::default();
    let mut seen = HashSet::new();
    let mut layers = Vec::new();
    for platform in platforms {
        layers.extend(descriptors(index, platform)?);
    }
    for layer in layers {
        if !seen.insert(layer.digest.clone()) {
            continue;
        }
        cost.layers += 1;
        if LayerContents::of_raw_layer(&layer).is_none() && !index.has_layer_contents(&layer.digest)? {
            cost.layers_to_read += 1;
            cost.to_read += layer.size;
        }
    }
    Ok(cost)
}

/// The merged tree of a platform's layers. Reports progress in bytes of what has to be read.
///
/// # Errors
/// [`CatalogError::Registry`] and [`CatalogError::Contents`] of the first layer that fails; those that were read before
/// it are kept.
pub async fn tree(
    index: &Index,
    registry: &Arc<dyn Registry>,
    repository: &RepositoryName,
    platform: &PlatformSummary,
    operation: &Operation,
    now: DateTime<Utc>,
) -> Result<Arc<MergedTree>, CatalogError> {
    let progress = Progress::new(operation, cost(index, std::slice::from_ref(platform))?.to_read);
    let source = Source {
        index,
        registry,
        repository,
        now,
    };
    let layers = descriptors(index, platform)?;
    let (source, progress) = (&source, &progress);
    let read: Vec<(Digest, Arc<LayerContents>)> = stream::iter(layers)
        .map(|layer| async move {
            source
                .contents(&layer, progress)
                .await
                .map(|contents| (layer.digest, contents))
        })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    let merged = tokio::task::spawn_blocking(move || Arc::new(MergedTree::merge(&without_repeated_empty(read))));
    merged.await.map_err(|_| CatalogError::Cancelled)
}

/// Where layers come from: kept, or from a registry.
pub(super) struct Source<'caller> {
    pub(super) index: &'caller Index,
    pub(super) registry: &'caller Arc<dyn Registry>,
    pub(super) repository: &'caller RepositoryName,
    pub(super) now: DateTime<Utc>,
}

impl Source<'_> {
    /// See [`super::layer`].
    pub(super) async fn contents(
        &self,
        layer: &Descriptor,
        progress: &Progress<'_>,
    ) -> Result<Arc<LayerContents>, CatalogError> {
        if let Some(contents) = LayerContents::of_raw_layer(layer) {
            return Ok(Arc::new(contents));
        }
        let flights = self.index.flights();
        let turn = flights.turn(&layer.digest);
        let _reading = progress.operation.or_cancelled(turn.lock()).await?;
        if let Some(contents) = flights.held(&layer.digest) {
            return Ok(contents);
        }
        let contents = match self.kept(&layer.digest).await? {
            Some(contents) => Arc::new(contents),
            None => self.read(layer, progress).await?,
        };
        flights.hold(&layer.digest, &contents);
        Ok(contents)
    }

    async fn kept(&self, layer: &Digest) -> Result<Option<LayerContents>, CatalogError> {
        let (index, layer) = (self.index.clone(), layer.clone());
        blocking(move || kept(&index, &layer)).await
    }

    async fn read(&self, layer: &Descriptor, progress: &Progress<'_>) -> Result<Arc<LayerContents>, CatalogError> {
        let operation = progress.operation;
        let parsers = Parsers::of(layer, LayerLimits::default())?;
        let stream = self
            .registry
            .blob(self.repository, &layer.digest, layer.size, operation)
            .await?;
        let contents = Arc::new(read(stream, &layer.digest, parsers, progress).await?);
        let (index, digest, now) = (self.index.clone(), layer.digest.clone(), self.now);
        let to_keep = Arc::clone(&contents);
        let keeping = blocking(move || {
            let failed = |source| CatalogError::Contents {
                layer: digest.clone(),
                source,
            };
            index.keep_layer_contents(&digest, &to_keep.to_bytes().map_err(failed)?, now)
        });
        // A full disk or a read-only index is no reason not to show what was read.
        if let Err(error) = keeping.await {
            tracing::warn!(layer = %layer.digest, "the contents of layer {} could not be kept: {error}", layer.digest);
        }
        Ok(contents)
    }
}

/// Runs what reads or writes the index where it does not hold up the runtime.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CatalogError> + Send + 'static,
) -> Result<T, CatalogError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| CatalogError::Cancelled)?
}

/// The layers of a platform with all that its manifest says about them; without the manifest, with what is known.
fn descriptors(index: &Index, platform: &PlatformSummary) -> Result<Vec<Descriptor>, CatalogError> {
    if let Some((media_type, bytes)) = index.manifest_bytes(&platform.digest)?
        && let Ok(manifest) = Manifest::parse(Some(&media_type), &bytes)
        && manifest.layers().len() == platform.layers.len()
    {
        return Ok(manifest.layers().to_vec());
    }
    Ok(platform.layers.iter().map(descriptor).collect())
}

fn descriptor(layer: &LayerSummary) -> Descriptor {
    let mut descriptor = Descriptor::new(&layer.media_type, layer.digest.clone(), layer.size);
    if let Some(title) = &layer.title {
        descriptor.annotations.insert(TITLE.to_owned(), title.clone());
    }
    descriptor
}

/// Old images repeat their empty layer for every step that changed nothing; once is enough.
fn without_repeated_empty(mut layers: Vec<(Digest, Arc<LayerContents>)>) -> Vec<(Digest, Arc<LayerContents>)> {
    let mut seen = HashSet::new();
    layers.retain(|(digest, contents)| seen.insert(digest.clone()) || !contents.entries.is_empty());
    layers
}
