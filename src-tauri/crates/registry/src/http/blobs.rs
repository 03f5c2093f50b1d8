//! Blobs as streams: verified as they pass, gone on with by range where they broke off, ended where they are too long.

use std::sync::Arc;

use artifact::{ByteSize, Digest, RepositoryName, Verifier};
use bytes::Bytes;
use futures::{StreamExt, stream};
use reqwest::{Method, Response, StatusCode, header::CONTENT_RANGE};

use super::{
    exchange::{Ask, Exchange},
    failure::Complaint,
    limiter::Seat,
    message::Message,
    retry::Tries,
    scope::Scope,
};
use crate::{BlobStream, Operation, RegistryError};

pub(super) const READ: &str = "read this repository";

/// A blob under way.
struct Transfer {
    exchange: Arc<Exchange>,
    ask: Ask,
    operation: Operation,
    /// Taken at the end.
    verifier: Option<Verifier>,
    expected: Digest,
    size: u64,
    received: u64,
    /// Bytes of a second delivery that have been passed on already.
    skip: u64,
    body: Option<(Response, Option<Seat>)>,
    tries: Tries,
}

impl Exchange {
    /// The blob from `offset` on, exactly up to its end at `size`. From 0 the last item is an error if the content is
    /// not the digest's.
    pub(super) async fn open_blob(
        self: &Arc<Self>,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        offset: u64,
        operation: &Operation,
    ) -> Result<BlobStream, RegistryError> {
        let place = self.wire.place.with(format!("{repository}@{digest}"));
        let message = Message::new(Method::GET, self.url(&format!("{repository}/blobs/{digest}"))?, place);
        let ask = Ask {
            message,
            scope: Scope::pull(repository),
            action: READ,
        };
        let mut transfer = Transfer {
            tries: self.wire.tries(&ask.message),
            exchange: Arc::clone(self),
            ask,
            operation: operation.clone(),
            verifier: (offset == 0).then(|| Verifier::new(digest.clone())),
            expected: digest.clone(),
            size: size.0,
            received: offset.min(size.0),
            skip: 0,
            body: None,
        };
        // What is refused is refused here, not in the middle of a stream.
        if offset == 0 || offset < size.0 {
            transfer.begin().await?;
        }
        Ok(stream::unfold(Some(transfer), |transfer| async {
            let mut transfer = transfer?;
            match transfer.next().await {
                Ok(Some(chunk)) => Some((Ok(chunk), Some(transfer))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })
        .boxed())
    }

    /// What a refusing answer says.
    pub(super) async fn refusal(&self, ask: &Ask, response: Response, operation: &Operation) -> RegistryError {
        let (status, headers) = (response.status(), response.headers().clone());
        match self.wire.read_complaint(response, &ask.message, operation).await {
            Ok(body) => Complaint::read(&headers, &body).into_error(status, ask.message.place.clone(), READ),
            Err(error) => error,
        }
    }
}

impl Transfer {
    /// The next piece; `None` after the last, verified one.
    async fn next(&mut self) -> Result<Option<Bytes>, RegistryError> {
        loop {
            if self.body.is_none() {
                if self.received == self.size {
                    return self.finish().map(|()| None);
                }
                self.begin().await?;
            }
            match self.piece().await {
                Ok(Some(chunk)) => return Ok(Some(chunk)),
                Ok(None) => {}
                Err(error) => {
                    self.body = None;
                    self.exchange
                        .wire
                        .after_fault(error, &mut self.tries, &self.operation)
                        .await?;
                }
            }
        }
    }

    /// One piece of the present delivery; `None` if it brought nothing new.
    async fn piece(&mut self) -> Result<Option<Bytes>, RegistryError> {
        let Some((response, _)) = &mut self.body else {
            return Ok(None);
        };
        let wire = &self.exchange.wire;
        let chunk = wire
            .chunk(
                response,
                &self.ask.message,
                &self.operation,
                Some(self.size),
                self.received,
            )
            .await?;
        let Some(mut chunk) = chunk else {
            self.body = None;
            return if self.received == self.size {
                Ok(None)
            } else {
                Err(self.truncated())
            };
        };
        let skipped = self.skip.min(chunk.len() as u64);
        self.skip -= skipped;
        let chunk = chunk.split_off(usize::try_from(skipped).unwrap_or_default());
        if chunk.is_empty() {
            return Ok(None);
        }
        self.received += chunk.len() as u64;
        if self.received > self.size {
            let place = self.ask.message.place.clone();
            let reason = format!(
                "the content goes on beyond the {} that its manifest says",
                ByteSize(self.size)
            );
            return Err(RegistryError::InvalidAnswer { place, reason });
        }
        if let Some(verifier) = &mut self.verifier {
            verifier.update(&chunk);
        }
        // A transfer that gets on may break off often: only tries without progress count.
        self.tries = wire.tries(&self.ask.message);
        Ok(Some(chunk))
    }

    /// Begins a delivery, or goes on where the last one broke off.
    async fn begin(&mut self) -> Result<(), RegistryError> {
        self.ask.message.range_from = (self.received > 0).then_some(self.received);
        let answer = self.exchange.open(&self.ask, &mut self.tries, &self.operation).await?;
        self.skip = match answer.response.status() {
            StatusCode::OK => self.received,
            StatusCode::PARTIAL_CONTENT if starts_at(&answer.response, self.received) => 0,
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE if self.received > 0 => {
                return Err(self.truncated());
            }
            _ => return Err(self.exchange.refusal(&self.ask, answer.response, &self.operation).await),
        };
        self.body = Some((answer.response, answer.seat));
        Ok(())
    }

    fn finish(&mut self) -> Result<(), RegistryError> {
        let Some(verifier) = self.verifier.take() else {
            return Ok(());
        };
        let finished = verifier.finish();
        finished
            .map(|_| ())
            .map_err(|problem| RegistryError::mismatch(&self.ask.message.place, &self.expected, &problem))
    }

    fn truncated(&self) -> RegistryError {
        RegistryError::Truncated {
            place: self.ask.message.place.clone(),
            received: ByteSize(self.received),
            expected: ByteSize(self.size),
        }
    }
}

/// Whether `Content-Range: bytes a-b/c` begins where it was asked to.
pub(super) fn starts_at(response: &Response, from: u64) -> bool {
    let header = response
        .headers()
        .get(CONTENT_RANGE)
        .and_then(|value| value.to_str().ok());
    let start = header
        .and_then(|text| text.strip_prefix("bytes "))
        .and_then(|rest| rest.split('-').next());
    start.and_then(|start| start.trim().parse::<u64>().ok()) == Some(from)
}
