//! A blob as a stream: read in pieces on blocking threads, verified as it passes.

use artifact::{ByteSize, Digest, Verifier};
use bytes::{Bytes, BytesMut};
use futures::{StreamExt, stream};
use tokio::{fs::File, io::AsyncReadExt};

use super::store::Opened;
use crate::{BlobStream, Operation, Place, RegistryError};

/// Large enough that the change of threads costs nothing, small enough to hold many.
const PIECE: usize = 256 * 1024;

struct Reading {
    file: File,
    path: std::path::PathBuf,
    place: Place,
    expected: Digest,
    length: u64,
    left: u64,
    /// None for a part, of which nobody can say more than its length.
    verifier: Option<Verifier>,
    operation: Operation,
}

/// The content of a blob that was opened at `offset`; from 0 the last item is an error if it is not what `expected`
/// says.
pub(super) fn stream(
    (opened, place): (Opened, Place),
    offset: u64,
    expected: Digest,
    operation: Operation,
) -> BlobStream {
    let reading = Reading {
        file: File::from_std(opened.file),
        path: opened.path,
        place,
        verifier: (offset == 0).then(|| Verifier::new(expected.clone())),
        expected,
        length: opened.length,
        left: opened.length,
        operation,
    };
    // Nothing is read on after an error.
    stream::unfold(Some(reading), |reading| async move {
        let mut reading = reading?;
        match reading.next().await {
            Ok(Some(piece)) => Some((Ok(piece), Some(reading))),
            Ok(None) => {
                let outcome = reading.verify();
                outcome.err().map(|error| (Err(error), None))
            }
            Err(error) => Some((Err(error), None)),
        }
    })
    .boxed()
}

impl Reading {
    async fn next(&mut self) -> Result<Option<Bytes>, RegistryError> {
        if self.left == 0 {
            return Ok(None);
        }
        let mut piece = BytesMut::with_capacity(PIECE.min(usize::try_from(self.left).unwrap_or(PIECE)));
        let mut part = (&mut self.file).take(self.left);
        let count = self
            .operation
            .or_cancelled(part.read_buf(&mut piece))
            .await?
            .map_err(|error| RegistryError::io(&self.path, error))?;
        if count == 0 {
            let received = ByteSize(self.length - self.left);
            return Err(RegistryError::Truncated {
                place: self.place.clone(),
                received,
                expected: ByteSize(self.length),
            });
        }
        self.left -= count as u64;
        if let Some(verifier) = &mut self.verifier {
            verifier.update(&piece);
        }
        Ok(Some(piece.freeze()))
    }

    fn verify(self) -> Result<(), RegistryError> {
        let Self {
            verifier,
            place,
            expected,
            ..
        } = self;
        let Some(verifier) = verifier else {
            return Ok(());
        };
        verifier
            .finish()
            .map(drop)
            .map_err(|error| RegistryError::mismatch(&place, &expected, &error))
    }
}
