//! The tensors of a version: from the headers of its weights, each read once.

use std::sync::Arc;

use artifact::{
    Digest, RepositoryName,
    tensors::{PlacedFile, StoredWeights, TensorTable, TensorsError, WeightBlob},
};
use catalog::{
    ConnectionId,
    contents::{self, StreamReason, WeightsOutcome, WeightsRead, WeightsSource},
};
use registry::{ErrorCode, Operation};

use super::detail::platform_name;
use crate::{ApplicationError, Berth, TensorsAnswer, TensorsCost, UnreadWeights};

impl Berth {
    /// What reading the tensors of a platform costs; what was read before costs nothing.
    ///
    /// # Errors
    /// If the version or the platform is not there.
    pub async fn tensors_cost(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        platform: Option<&str>,
    ) -> Result<TensorsCost, ApplicationError> {
        let wanted = self.wanted(id, repository, digest, platform).await?;
        let cost = self.ask(move |index| {
            let blobs = contents::weight_blobs(index, &wanted.platform)?;
            contents::weights_cost(index, &blobs)
        });
        let cost = cost.await?;
        Ok(TensorsCost {
            layers: cost.blobs,
            layers_to_read: cost.to_read,
            layers_to_stream: cost.to_stream,
            bytes_to_stream: cost.stream_bytes,
        })
    }

    /// The tensors of a platform: from what is kept, else from the headers alone. `stream`: layers that are packed, and
    /// those of a server that knows no parts, are read from their start as far as needed; without it they stand in
    /// `unread` with what that would cost.
    ///
    /// # Errors
    /// If a layer cannot be read at all. Offline, what is not kept is not read.
    pub async fn tensors(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        platform: Option<&str>,
        stream: bool,
        operation: &Operation,
    ) -> Result<TensorsAnswer, ApplicationError> {
        let wanted = self.wanted(id, repository, digest, platform).await?;
        let platform = wanted.platform.clone();
        let asked = self.ask(move |index| {
            let blobs = contents::weight_blobs(index, &platform)?;
            let cost = contents::weights_cost(index, &blobs)?;
            Ok((blobs, cost))
        });
        let (blobs, cost) = asked.await?;
        let registry = if cost.to_read > 0 || (stream && cost.to_stream > 0) {
            self.registry(&wanted.connection.id).await?
        } else {
            self.unasked_registry(&wanted.connection).await?
        };
        let source = WeightsSource {
            index: &self.inner.index,
            registry: &registry,
            repository: &wanted.full,
            now: self.now(),
        };
        let read = contents::weights(&source, blobs, stream, operation).await?;
        let platform = platform_name(&wanted.platform);
        self.blocking(move |_| answer(platform, read)).await
    }
}

fn answer(platform: String, read: WeightsRead) -> Result<TensorsAnswer, ApplicationError> {
    let layers = read.blobs.len() as u64;
    let mut files = Vec::new();
    let mut unread = Vec::new();
    for found in read.blobs {
        match found.outcome {
            WeightsOutcome::Read(weights) => place(&found.blob, weights, &mut files, &mut unread),
            WeightsOutcome::NeedsStream { because, to_read } => unread.push(UnreadWeights {
                bytes_to_stream: Some(to_read),
                message: reason(because).to_owned(),
                hint: Some(format!("reading it as a stream takes up to {to_read}")),
                ..unread_blob(&found.blob)
            }),
            WeightsOutcome::Unreadable(error) => unread.push(UnreadWeights {
                message: error.to_string(),
                hint: error.hint().map(str::to_owned),
                ..unread_blob(&found.blob)
            }),
        }
    }
    let table = TensorTable::merge(files).map_err(lying)?;
    Ok(TensorsAnswer {
        platform,
        verified: table.is_verified(),
        table: Arc::new(table),
        layers,
        unread,
        bytes_read: read.bytes_read,
        requests: read.requests,
    })
}

fn place(blob: &WeightBlob, weights: StoredWeights, files: &mut Vec<PlacedFile>, unread: &mut Vec<UnreadWeights>) {
    files.extend(weights.files.into_iter().map(|file| PlacedFile {
        blob: blob.digest.clone(),
        verified: weights.verified,
        file,
    }));
    unread.extend(weights.unread.into_iter().map(|(path, message)| UnreadWeights {
        path,
        message,
        ..unread_blob(blob)
    }));
}

fn unread_blob(blob: &WeightBlob) -> UnreadWeights {
    UnreadWeights {
        path: blob.path.clone(),
        layer: blob.digest.clone(),
        size: blob.size,
        bytes_to_stream: None,
        message: String::new(),
        hint: None,
    }
}

fn reason(because: StreamReason) -> &'static str {
    match because {
        StreamReason::Packed => "it is packed: its header can only be read from its start",
        StreamReason::RangeIgnored => "the registry sends whole blobs only; nothing of it was read",
        StreamReason::Scattered => "it is an archive of many files far apart",
    }
}

fn lying(error: TensorsError) -> ApplicationError {
    let hint = error.hint();
    let failed = ApplicationError::new(ErrorCode::InvalidAnswer, error);
    match hint {
        Some(hint) => failed.with_hint(hint),
        None => failed,
    }
}
