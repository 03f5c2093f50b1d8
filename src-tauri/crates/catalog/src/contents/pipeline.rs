//! A layer on its way: network and verification in the caller's task, unpacking on one thread, the archive and its hashes
//! on another. Bounded queues between them, so the slowest sets the pace and memory stays small.
//!
//! Inflating is two thirds of all the work; verifying, reading, hashing files and parsing together fit beside it on a second
//! core, so a layer takes about as long as its decompression alone (`make bench`, `files`). Knows nothing of the index.

use std::sync::{
    atomic::{AtomicU64, Ordering},
    mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
};

use artifact::{ByteSize, ContentsError, Descriptor, Digest, LayerContents, LayerLimits, TarReader, Unpacker};
use bytes::Bytes;
use futures::StreamExt as _;
use registry::{BlobStream, Operation, ProgressEvent, RegistryError};
use tokio::sync::mpsc as tasks;

use crate::CatalogError;

/// Chunks of the stream that may wait for the unpacker.
const WAITING_CHUNKS: usize = 32;
/// Buffers between unpacker and archive; with them all full the unpacker waits.
const BUFFERS: usize = 4;
const BUFFER: usize = 256 << 10;

/// How far the layers that are read together have come.
pub(super) struct Progress<'operation> {
    pub(super) operation: &'operation Operation,
    done: AtomicU64,
    total: ByteSize,
}

impl<'operation> Progress<'operation> {
    pub(super) fn new(operation: &'operation Operation, total: ByteSize) -> Self {
        Self {
            operation,
            done: AtomicU64::new(0),
            total,
        }
    }

    fn advance(&self, bytes: usize) {
        let done = self.done.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        self.operation.report(&ProgressEvent::Bytes {
            done: ByteSize(done),
            total: Some(self.total),
        });
    }
}

/// Plain bytes: a buffer, and how much of it is filled.
struct Piece {
    buffer: Vec<u8>,
    length: usize,
}

/// What a layer is read with.
pub(super) struct Parsers {
    unpacker: Unpacker,
    archive: TarReader,
}

impl Parsers {
    /// Parsers for this layer.
    ///
    /// # Errors
    /// [`CatalogError::Contents`] if its media type says that it cannot be read.
    pub(super) fn of(layer: &Descriptor, limits: LayerLimits) -> Result<Self, CatalogError> {
        let unpacker = Unpacker::for_layer(&layer.media_type, limits).map_err(|source| CatalogError::Contents {
            layer: layer.digest.clone(),
            source,
        })?;
        Ok(Self {
            unpacker,
            archive: TarReader::new(limits).or_single_file(single_file(layer).as_deref()),
        })
    }
}

/// Reads a layer's stream to its end.
pub(super) async fn read(
    stream: BlobStream,
    layer: &Digest,
    Parsers { unpacker, archive }: Parsers,
    progress: &Progress<'_>,
) -> Result<LayerContents, CatalogError> {
    let (packed, to_unpack) = tasks::channel(WAITING_CHUNKS);
    let (plain, to_parse) = sync_channel(BUFFERS);
    let (free, to_fill) = channel();
    for _ in 0..BUFFERS {
        // Nobody has hung up yet: the receiver is right here.
        let _ = free.send(vec![0; BUFFER]);
    }
    let unpacking = tokio::task::spawn_blocking(move || unpack(unpacker, to_unpack, &plain, &to_fill));
    let parsing = tokio::task::spawn_blocking(move || parse(archive, &to_parse, &free));
    let streamed = feed(stream, packed, progress).await;
    let (unpacked, parsed) = tokio::join!(unpacking, parsing);
    streamed?;
    let failed = |source| CatalogError::Contents {
        layer: layer.clone(),
        source,
    };
    // A thread that ended early took the other with it: the first error in the order of the bytes is the cause.
    joined(unpacked)?.map_err(failed)?;
    joined(parsed)?.map_err(failed)
}

/// Passes the stream on. Once nobody takes it any more it is still read to its end: a wrong digest explains damage
/// better than the damage does.
async fn feed(
    mut stream: BlobStream,
    packed: tasks::Sender<Bytes>,
    progress: &Progress<'_>,
) -> Result<(), RegistryError> {
    while let Some(chunk) = progress.operation.or_cancelled(stream.next()).await? {
        let chunk = chunk?;
        let length = chunk.len();
        if !packed.is_closed() {
            let _ = progress.operation.or_cancelled(packed.send(chunk)).await?;
        }
        progress.advance(length);
    }
    Ok(())
}

fn unpack(
    mut unpacker: Unpacker,
    mut packed: tasks::Receiver<Bytes>,
    plain: &SyncSender<Piece>,
    free: &Receiver<Vec<u8>>,
) -> Result<(), ContentsError> {
    let Ok(mut buffer) = free.recv() else { return Ok(()) };
    let mut length = 0;
    while let Some(chunk) = packed.blocking_recv() {
        let mut chunk = chunk.as_ref();
        loop {
            length += unpacker.unpack(&mut chunk, buffer.get_mut(length..).unwrap_or_default())?;
            if length < buffer.len() {
                break;
            }
            let Ok(()) = plain.send(Piece { buffer, length }) else {
                return Ok(());
            };
            let Ok(next) = free.recv() else { return Ok(()) };
            (buffer, length) = (next, 0);
        }
    }
    let _ = plain.send(Piece { buffer, length });
    let rest = unpacker.finish()?;
    let _ = plain.send(Piece {
        length: rest.len(),
        buffer: rest,
    });
    Ok(())
}

fn parse(
    mut archive: TarReader,
    plain: &Receiver<Piece>,
    free: &Sender<Vec<u8>>,
) -> Result<LayerContents, ContentsError> {
    while let Ok(Piece { buffer, length }) = plain.recv() {
        archive.push(buffer.get(..length).unwrap_or_default())?;
        // At the end nobody wants it back.
        let _ = free.send(buffer);
    }
    archive.finish()
}

/// The path that a layer has if it is no archive after all. Images' layers are archives or damaged.
fn single_file(layer: &Descriptor) -> Option<String> {
    let of_image = [
        "application/vnd.oci.image.layer.",
        "application/vnd.docker.image.rootfs.",
    ];
    if let Some(path) = layer.filepath() {
        return Some(path.to_owned());
    }
    let is_of_image = of_image.iter().any(|prefix| layer.media_type.starts_with(prefix));
    (!is_of_image).then(|| layer.digest.short().to_owned())
}

/// A thread's outcome; one that panicked goes on panicking here.
fn joined<T>(outcome: Result<T, tokio::task::JoinError>) -> Result<T, CatalogError> {
    outcome.map_err(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => CatalogError::Cancelled,
    })
}
