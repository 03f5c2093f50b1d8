//! Parts of blobs, in memory. Nobody can verify them: what they are is for the caller to doubt.

use std::{ops::Range, sync::Arc};

use artifact::{ByteSize, Digest, RepositoryName};
use bytes::Bytes;
use reqwest::{Method, StatusCode};

use super::{
    blobs::{READ, starts_at},
    body::Bound,
    exchange::{Ask, Exchange},
    message::Message,
    scope::Scope,
};
use crate::{Operation, RegistryError};

impl Exchange {
    /// Exactly these bytes of a blob of `size` bytes.
    ///
    /// # Errors
    /// [`RegistryError::RangeIgnored`] if the server would send all of it; nothing of that is read.
    pub(super) async fn read_part(
        self: &Arc<Self>,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        range: Range<u64>,
        operation: &Operation,
    ) -> Result<Bytes, RegistryError> {
        let range = range.start.min(size.0)..range.end.min(size.0);
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let place = self.wire.place.with(format!("{repository}@{digest}"));
        let url = self.url(&format!("{repository}/blobs/{digest}"))?;
        let mut message = Message::new(Method::GET, url, place);
        message.range_from = Some(range.start);
        message.range_to = Some(range.end - 1);
        let ask = Ask {
            message,
            scope: Scope::pull(repository),
            action: READ,
        };
        let mut tries = self.wire.tries(&ask.message);
        loop {
            match self.try_part(&ask, &range, size, &mut tries, operation).await {
                Ok(bytes) => return Ok(bytes),
                Err(error) => self.wire.after_fault(error, &mut tries, operation).await?,
            }
        }
    }

    async fn try_part(
        &self,
        ask: &Ask,
        range: &Range<u64>,
        size: ByteSize,
        tries: &mut super::retry::Tries,
        operation: &Operation,
    ) -> Result<Bytes, RegistryError> {
        let place = || ask.message.place.clone();
        let mut answer = self.open(ask, tries, operation).await?;
        let is_whole = *range == (0..size.0);
        match answer.response.status() {
            StatusCode::OK if is_whole => {}
            StatusCode::OK => return Err(RegistryError::RangeIgnored { place: place(), size }),
            StatusCode::PARTIAL_CONTENT if starts_at(&answer.response, range.start) => {}
            StatusCode::PARTIAL_CONTENT => {
                let reason = format!("it sent another part than the one from byte {}", range.start);
                return Err(RegistryError::InvalidAnswer { place: place(), reason });
            }
            _ => return Err(self.refusal(ask, answer.response, operation).await),
        }
        let headers = std::mem::take(answer.response.headers_mut());
        let length = range.end - range.start;
        let bound = Bound {
            what: "part of a blob",
            limit: ByteSize(length),
        };
        let bytes = self
            .wire
            .read(answer.response, &headers, bound, &ask.message, operation)
            .await?;
        if bytes.len() as u64 != length {
            return Err(RegistryError::Truncated {
                place: place(),
                received: ByteSize(bytes.len() as u64),
                expected: ByteSize(length),
            });
        }
        Ok(bytes)
    }
}
