//! One blob of weights: as kept, whole where it is small, in parts, or from a stream until its headers have passed.

use std::sync::Arc;

use artifact::{
    ByteSize, ContentsError, LayerLimits, RepositoryName, Unpacker,
    tensors::{StoredAs, StoredWeights, TensorLimits, TensorsError, WeightBlob, WeightsFound, WeightsReader},
};
use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use registry::{Registry, RegistryError};

use super::{StreamReason, Tally, WeightsOutcome, kept};
use crate::{CatalogError, Index, contents::tree::blocking};

/// A blob up to this size is read whole, and so can be verified.
pub(super) const WHOLE: ByteSize = ByteSize(128 << 10);
/// The most that is asked for at once.
const PART: u64 = 8 << 20;
/// Parts of one blob: an archive with more files far apart is no model as anybody stores it.
const PARTS: usize = 64;
const BUFFER: usize = 64 << 10;

/// Where weights come from: kept, or from a registry.
#[derive(Clone, Debug)]
pub struct WeightsSource<'caller> {
    pub index: &'caller Index,
    pub registry: &'caller Arc<dyn Registry>,
    pub repository: &'caller RepositoryName,
    pub now: DateTime<Utc>,
}

/// What reading in parts came to.
enum InParts {
    Found(WeightsFound),
    NeedsStream(StreamReason),
}

impl WeightsSource<'_> {
    pub(super) async fn read(
        &self,
        blob: &WeightBlob,
        stream: bool,
        tally: &Tally<'_>,
    ) -> Result<WeightsOutcome, CatalogError> {
        let turn = self.index.flights().turn(&blob.digest);
        let _reading = tally.operation.or_cancelled(turn.lock()).await?;
        let (index, digest) = (self.index.clone(), blob.digest.clone());
        if let Some(kept) = blocking(move || kept(&index, &digest)).await? {
            return Ok(WeightsOutcome::Read(kept));
        }
        let outcome = match self.fetch(blob, stream, tally).await {
            Ok(outcome) => outcome,
            Err(Failure::Bytes(error)) => WeightsOutcome::Unreadable(error),
            Err(Failure::Source(error)) => return Err(error),
        };
        if let WeightsOutcome::Read(weights) = &outcome {
            self.keep(blob, weights.clone()).await;
        }
        Ok(outcome)
    }

    async fn fetch(&self, blob: &WeightBlob, stream: bool, tally: &Tally<'_>) -> Result<WeightsOutcome, Failure> {
        let because = match blob.stored {
            StoredAs::Encrypted => {
                let encrypted = ContentsError::UnknownPacking("encryption");
                return Ok(WeightsOutcome::Unreadable(encrypted.into()));
            }
            _ if blob.size <= WHOLE => return self.small(blob, tally).await,
            StoredAs::Gzip | StoredAs::Zstd => StreamReason::Packed,
            StoredAs::Raw | StoredAs::Tar => match self.in_parts(blob, tally).await? {
                InParts::Found(found) => return Ok(judged(found, false)),
                InParts::NeedsStream(because) => because,
            },
        };
        if stream {
            return self.streamed(blob, tally).await;
        }
        Ok(WeightsOutcome::NeedsStream {
            because,
            to_read: blob.size,
        })
    }

    /// A small blob whole, whatever it is packed with.
    async fn small(&self, blob: &WeightBlob, tally: &Tally<'_>) -> Result<WeightsOutcome, Failure> {
        tally.asked();
        let bytes = self
            .registry
            .small_blob(self.repository, &blob.digest, blob.size, WHOLE, tally.operation)
            .await?;
        tally.got(bytes.len());
        let mut plain = Plain::of(blob, &bytes)?;
        plain.push(&bytes)?;
        Ok(judged(plain.finish()?, true))
    }

    /// Only what the reader asks for.
    async fn in_parts(&self, blob: &WeightBlob, tally: &Tally<'_>) -> Result<InParts, Failure> {
        let mut reader = WeightsReader::new(&blob.path, Some(blob.size), TensorLimits::default());
        let mut parts = 0;
        while let Some(wanted) = reader.wanted() {
            parts += 1;
            if parts > PARTS {
                return Ok(InParts::NeedsStream(StreamReason::Scattered));
            }
            if wanted.least == 0 {
                return Err(Failure::Bytes(TensorsError::Truncated { within: "the header" }));
            }
            let range = wanted.offset..wanted.offset + wanted.guess.min(PART);
            tally.asked();
            let part = self
                .registry
                .blob_part(self.repository, &blob.digest, blob.size, range, tally.operation);
            match part.await {
                Ok(bytes) => {
                    tally.got(bytes.len());
                    reader.push(&bytes)?;
                }
                Err(RegistryError::RangeIgnored { .. }) => {
                    return Ok(InParts::NeedsStream(StreamReason::RangeIgnored));
                }
                Err(error) => return Err(error.into()),
            }
        }
        let found = reader.finish()?;
        let is_packed = |error: &TensorsError| matches!(error, TensorsError::Packed(_));
        match found.unread.as_slice() {
            [only] if found.files.is_empty() && is_packed(&only.error) => {
                Ok(InParts::NeedsStream(StreamReason::Packed))
            }
            _ => Ok(InParts::Found(found)),
        }
    }

    /// From the start, until the headers have passed.
    async fn streamed(&self, blob: &WeightBlob, tally: &Tally<'_>) -> Result<WeightsOutcome, Failure> {
        tally.asked();
        let opened = self
            .registry
            .blob(self.repository, &blob.digest, blob.size, tally.operation);
        let mut stream = opened.await?;
        let mut plain = None;
        let mut left = blob.size;
        let mut ended = true;
        while let Some(chunk) = tally.operation.or_cancelled(stream.next()).await? {
            let chunk = chunk?;
            tally.got(chunk.len());
            left = left - ByteSize(chunk.len() as u64);
            let reading = match &mut plain {
                Some(reading) => reading,
                None => plain.insert(Plain::of(blob, &chunk)?),
            };
            if !reading.is_done() {
                reading.push(&chunk)?;
            }
            // With little left it is read on: then it is verified.
            if reading.is_done() && left > WHOLE {
                ended = false;
                break;
            }
        }
        let plain = plain.map_or_else(|| Plain::of(blob, &[]), Ok)?;
        // A stream that ended well is what its digest says.
        Ok(judged(plain.finish()?, ended))
    }

    async fn keep(&self, blob: &WeightBlob, weights: StoredWeights) {
        let (index, digest, now) = (self.index.clone(), blob.digest.clone(), self.now);
        let keeping = blocking(move || {
            let bytes = weights.to_bytes().map_err(|source| CatalogError::Contents {
                layer: digest.clone(),
                source,
            })?;
            index.keep_weights(&digest, &bytes, now)
        });
        // A full disk or a read-only index is no reason not to show what was read.
        if let Err(error) = keeping.await {
            tracing::warn!(blob = %blob.digest, "the weights in {} could not be kept: {error}", blob.digest);
        }
    }
}

/// Why a blob gave no answer.
enum Failure {
    /// What it holds.
    Bytes(TensorsError),
    /// What it comes from.
    Source(CatalogError),
}

impl From<TensorsError> for Failure {
    fn from(error: TensorsError) -> Self {
        Self::Bytes(error)
    }
}

impl From<ContentsError> for Failure {
    fn from(error: ContentsError) -> Self {
        Self::Bytes(error.into())
    }
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        Self::Source(error.into())
    }
}

/// A file that could not be read says so, unless others of its archive could.
fn judged(mut found: WeightsFound, verified: bool) -> WeightsOutcome {
    if found.files.is_empty() && found.unread.len() == 1 {
        return WeightsOutcome::Unreadable(found.unread.remove(0).error);
    }
    let unread = found.unread.into_iter();
    WeightsOutcome::Read(StoredWeights {
        unread: unread.map(|file| (file.path, file.error.to_string())).collect(),
        files: found.files,
        verified,
    })
}

/// A blob from its start: unpacked, and read as far as its headers go.
struct Plain {
    unpacker: Unpacker,
    reader: WeightsReader,
    buffer: Vec<u8>,
}

impl Plain {
    /// For a blob that begins with these bytes, whatever it is said to be. Only a plain one has a known size.
    fn of(blob: &WeightBlob, first: &[u8]) -> Result<Self, ContentsError> {
        let packed = matches!(
            first,
            [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]
        );
        let size = (!packed).then_some(blob.size);
        Ok(Self {
            unpacker: Unpacker::for_layer(&blob.media_type, LayerLimits::default())?,
            reader: WeightsReader::new(&blob.path, size, TensorLimits::default()),
            buffer: vec![0; BUFFER],
        })
    }

    fn push(&mut self, mut packed: &[u8]) -> Result<(), TensorsError> {
        loop {
            let filled = self.unpacker.unpack(&mut packed, &mut self.buffer)?;
            self.reader.pass(self.buffer.get(..filled).unwrap_or_default())?;
            if self.is_done() || (packed.is_empty() && filled < self.buffer.len()) {
                return Ok(());
            }
        }
    }

    fn is_done(&self) -> bool {
        self.reader.wanted().is_none()
    }

    fn finish(mut self) -> Result<WeightsFound, TensorsError> {
        if !self.is_done() {
            let rest = self.unpacker.finish()?;
            self.reader.pass(&rest)?;
        }
        self.reader.finish()
    }
}
