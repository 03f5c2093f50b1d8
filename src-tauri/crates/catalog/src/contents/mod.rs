//! What is inside layers: streams each once through the push parsers and keeps the result by digest.
//!
//! Must not depend on `application`, writes to no registry, and keeps nothing of a layer but what was derived from it.

mod flights;
mod pipeline;
mod tree;
mod weights;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use artifact::{Descriptor, Digest, KeptText, LayerContents, RepositoryName};
use chrono::{DateTime, Utc};
use registry::{Operation, Registry};

pub use self::{
    flights::Flights,
    tree::{Cost, cost, tree},
    weights::{
        BlobWeights, StreamReason, WeightsCost, WeightsOutcome, WeightsRead, WeightsSource, weight_blobs, weights,
        weights_cost,
    },
};
use self::{pipeline::Progress, tree::Source};
use crate::{CatalogError, Index};

/// The contents of a layer: as kept, else read from the registry and kept. Raw layers of models are not read at all.
///
/// Callers that ask for one digest at the same time share one stream.
///
/// # Errors
/// [`CatalogError::Registry`] if it cannot be read or is not what its digest says, [`CatalogError::Contents`] if it
/// makes no sense.
pub async fn layer(
    index: &Index,
    registry: &Arc<dyn Registry>,
    repository: &RepositoryName,
    layer: &Descriptor,
    operation: &Operation,
    now: DateTime<Utc>,
) -> Result<Arc<LayerContents>, CatalogError> {
    let progress = Progress::new(operation, layer.size);
    Source {
        index,
        registry,
        repository,
        now,
    }
    .contents(layer, &progress)
    .await
}

/// A text of a layer, if the layer was read before and the text was worth keeping.
///
/// # Errors
/// Those of the index.
pub fn text(index: &Index, layer: &Digest, path: &str) -> Result<Option<KeptText>, CatalogError> {
    Ok(kept(index, layer)?.and_then(|contents| contents.text(path).cloned()))
}

/// What is kept of a layer. What cannot be read (damaged, or of an older form) counts as not kept.
fn kept(index: &Index, layer: &Digest) -> Result<Option<LayerContents>, CatalogError> {
    let Some(bytes) = index.layer_contents(layer)? else {
        return Ok(None);
    };
    match LayerContents::from_bytes(&bytes) {
        Ok(contents) => Ok(Some(contents)),
        Err(error) => {
            tracing::warn!(layer = %layer, "what was kept of layer {layer} is read again: {error}");
            Ok(None)
        }
    }
}
