//! The headers of a version's weights: read by parts of blobs, or from a stream as far as needed, and kept by digest.
//!
//! Knows how bytes come, not what they mean: that is `artifact::tensors`.

mod reading;

use std::sync::atomic::{AtomicU64, Ordering};

use artifact::{
    ByteSize, Digest, Manifest, PlatformSummary,
    tensors::{StoredAs, StoredWeights, TensorsError, WeightBlob, weights_of},
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use registry::{Operation, ProgressEvent};

pub use self::reading::WeightsSource;
use crate::{CatalogError, Index};

/// How many blobs are read side by side: shards of one model mostly.
const SIDE_BY_SIDE: usize = 6;

/// What was read of the weights of a version.
#[derive(Clone, Debug, Default)]
pub struct WeightsRead {
    /// In the order of the manifest.
    pub blobs: Vec<BlobWeights>,
    /// What came from the registry for it; what was kept costs nothing.
    pub bytes_read: ByteSize,
    pub requests: u64,
}

/// A blob that should hold weights, and what became of it.
#[derive(Clone, Debug)]
pub struct BlobWeights {
    pub blob: WeightBlob,
    pub outcome: WeightsOutcome,
}

#[derive(Clone, Debug)]
pub enum WeightsOutcome {
    Read(StoredWeights),
    /// Only by reading it from its start, which was not asked for: at most so many bytes.
    NeedsStream {
        because: StreamReason,
        to_read: ByteSize,
    },
    /// Its bytes make no sense.
    Unreadable(TensorsError),
}

/// Why a blob cannot be read in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamReason {
    /// It is packed.
    Packed,
    /// The server sends whole blobs only; nothing was read of it.
    RangeIgnored,
    /// Its parts lie too far apart: an archive of many files.
    Scattered,
}

/// What it costs to read the weights of a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeightsCost {
    pub blobs: u64,
    /// Whose headers are still to be read, by parts: some kilobytes each.
    pub to_read: u64,
    /// Those that have to be streamed for it, and what that takes at most.
    pub to_stream: u64,
    pub stream_bytes: ByteSize,
}

/// The blobs of a platform that hold weights.
///
/// # Errors
/// [`CatalogError::NotFound`] if its manifest is not in the index.
pub fn weight_blobs(index: &Index, platform: &PlatformSummary) -> Result<Vec<WeightBlob>, CatalogError> {
    let missing = || CatalogError::NotFound(format!("the manifest {}", platform.digest));
    let (media_type, bytes) = index.manifest_bytes(&platform.digest)?.ok_or_else(missing)?;
    let manifest = Manifest::parse(Some(&media_type), &bytes).map_err(|_| missing())?;
    Ok(weights_of(&manifest))
}

/// What is still to be read of these blobs.
///
/// # Errors
/// Those of the index.
pub fn weights_cost(index: &Index, blobs: &[WeightBlob]) -> Result<WeightsCost, CatalogError> {
    let mut cost = WeightsCost {
        blobs: blobs.len() as u64,
        ..WeightsCost::default()
    };
    for blob in blobs {
        if blob.stored == StoredAs::Encrypted || index.has_weights(&blob.digest)? {
            continue;
        }
        match blob.stream_cost() {
            Some(bytes) if bytes > reading::WHOLE => {
                cost.to_stream += 1;
                cost.stream_bytes += bytes;
            }
            _ => cost.to_read += 1,
        }
    }
    Ok(cost)
}

/// Reads what the headers of these blobs say, each once in its life. `stream`: also where a blob has to be read from its
/// start.
///
/// # Errors
/// [`CatalogError::Registry`] if a blob cannot be read at all; what was read before is kept.
pub async fn weights(
    source: &WeightsSource<'_>,
    blobs: Vec<WeightBlob>,
    stream: bool,
    operation: &Operation,
) -> Result<WeightsRead, CatalogError> {
    let tally = &Tally::new(operation);
    let read: Vec<BlobWeights> = stream::iter(blobs)
        .map(|blob| async move {
            let outcome = source.read(&blob, stream, tally).await?;
            Ok::<_, CatalogError>(BlobWeights { blob, outcome })
        })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    Ok(WeightsRead {
        blobs: read,
        bytes_read: ByteSize(tally.bytes.load(Ordering::Relaxed)),
        requests: tally.requests.load(Ordering::Relaxed),
    })
}

/// What was kept of a blob's weights. What cannot be read (damaged, or of an older form) counts as not kept.
fn kept(index: &Index, blob: &Digest) -> Result<Option<StoredWeights>, CatalogError> {
    let Some(bytes) = index.weights(blob)? else {
        return Ok(None);
    };
    match StoredWeights::from_bytes(&bytes) {
        Ok(weights) => Ok(Some(weights)),
        Err(error) => {
            tracing::warn!(%blob, "what was kept of the weights in {blob} is read again: {error}");
            Ok(None)
        }
    }
}

/// What was asked of the registry so far.
struct Tally<'operation> {
    operation: &'operation Operation,
    bytes: AtomicU64,
    requests: AtomicU64,
}

impl<'operation> Tally<'operation> {
    fn new(operation: &'operation Operation) -> Self {
        Self {
            operation,
            bytes: AtomicU64::new(0),
            requests: AtomicU64::new(0),
        }
    }

    fn asked(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    fn got(&self, bytes: usize) {
        let bytes = bytes as u64;
        let done = ByteSize(self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes);
        self.operation.report(&ProgressEvent::Bytes { done, total: None });
    }
}
