//! Reading answers: bounded, cancellable, and never waiting longer for the next piece than the settings allow.

use artifact::ByteSize;
use bytes::{Bytes, BytesMut};
use reqwest::{
    Response,
    header::{CONTENT_LENGTH, HeaderMap},
};

use super::{message::Message, wire::Wire};
use crate::{Operation, RegistryError};

/// How much of an error answer is read.
const ERROR_LIMIT: u64 = 16 * 1024;

/// A body's bound and its name in the error that says it was broken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub(crate) what: &'static str,
    pub(crate) limit: ByteSize,
}

/// 4 MiB: what registries themselves accept as a manifest.
pub(crate) const MANIFEST: Bound = Bound {
    what: "manifest",
    limit: ByteSize(4 << 20),
};
/// 1 MiB.
pub(crate) const TOKEN: Bound = Bound {
    what: "token",
    limit: ByteSize(1 << 20),
};
/// 32 MiB.
pub(crate) const PAGE: Bound = Bound {
    what: "list",
    limit: ByteSize(32 << 20),
};

/// The length that the headers promise.
pub(crate) fn promised_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

impl Wire {
    /// The whole body, if it keeps to its bound.
    ///
    /// # Errors
    /// [`RegistryError::TooLarge`], [`RegistryError::Truncated`], [`RegistryError::Stalled`], or the connection's own.
    pub(crate) async fn read(
        &self,
        mut response: Response,
        headers: &HeaderMap,
        bound: Bound,
        message: &Message,
        operation: &Operation,
    ) -> Result<Bytes, RegistryError> {
        let place = || message.place.clone();
        let too_large = || RegistryError::TooLarge {
            place: place(),
            what: bound.what,
            limit: bound.limit,
        };
        let promised = promised_length(headers);
        if promised.is_some_and(|length| length > bound.limit.0) {
            return Err(too_large());
        }
        let Some(first) = self.chunk(&mut response, message, operation, promised, 0).await? else {
            return Ok(Bytes::new());
        };
        if promised == Some(first.len() as u64) {
            return Ok(first);
        }
        let mut body = BytesMut::with_capacity(usize::try_from(promised.unwrap_or_default()).unwrap_or_default());
        body.extend_from_slice(&first);
        loop {
            if body.len() as u64 > bound.limit.0 {
                return Err(too_large());
            }
            match self
                .chunk(&mut response, message, operation, promised, body.len() as u64)
                .await?
            {
                Some(chunk) => body.extend_from_slice(&chunk),
                None => return Ok(body.freeze()),
            }
        }
    }

    /// As much of an error answer as is worth showing; a broken one is an empty one.
    pub(crate) async fn read_complaint(
        &self,
        mut response: Response,
        message: &Message,
        operation: &Operation,
    ) -> Result<Bytes, RegistryError> {
        let mut body = BytesMut::new();
        while (body.len() as u64) < ERROR_LIMIT {
            match self.chunk(&mut response, message, operation, None, 0).await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Err(RegistryError::Cancelled) => return Err(RegistryError::Cancelled),
                Ok(None) | Err(_) => break,
            }
        }
        body.truncate(usize::try_from(ERROR_LIMIT).unwrap_or_default());
        Ok(self.without_secrets(body.freeze()))
    }

    /// Some servers repeat in their errors what they were sent.
    fn without_secrets(&self, body: Bytes) -> Bytes {
        let mut text = None;
        for secret in &self.secrets {
            let current = text.get_or_insert_with(|| String::from_utf8_lossy(&body).into_owned());
            if !secret.is_empty() && current.contains(secret.expose()) {
                *current = current.replace(secret.expose(), "***");
            }
        }
        text.map_or(body, Bytes::from)
    }

    /// The next piece of a body; `None` at its end.
    ///
    /// # Errors
    /// [`RegistryError::Truncated`] if it broke off before what was promised.
    pub(crate) async fn chunk(
        &self,
        response: &mut Response,
        message: &Message,
        operation: &Operation,
        promised: Option<u64>,
        received: u64,
    ) -> Result<Option<Bytes>, RegistryError> {
        let next = tokio::time::timeout(self.patience(), response.chunk());
        match operation.or_cancelled(next).await? {
            Ok(Ok(chunk)) => Ok(chunk),
            Err(_) => Err(self.stalled(&message.place)),
            Ok(Err(error)) => Err(match promised {
                Some(expected) => RegistryError::Truncated {
                    place: message.place.clone(),
                    received: ByteSize(received),
                    expected: ByteSize(expected),
                },
                None => self.failure(&error, message),
            }),
        }
    }
}
