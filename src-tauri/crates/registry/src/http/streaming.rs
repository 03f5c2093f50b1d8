//! Content that is sent on as it comes from elsewhere: one piece in memory, never the whole, and nobody is waited for
//! longer than the settings allow. Knows nothing of uploads.

use std::{
    fmt, io,
    pin::pin,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use artifact::{ByteSize, Digest};
use bytes::Bytes;
use futures::{StreamExt, stream};
use reqwest::{Request, Response};
use tokio::sync::{Mutex as TaskMutex, OwnedMutexGuard};

use super::{
    exchange::{Ask, Exchange, Pass},
    message::{Message, Part},
    network::locked,
    wire::{Answer, Wire},
};
use crate::{BlobSource, BlobStream, Operation, Place, ProgressEvent, RegistryError};

/// How much a registry is thought to verify and store in a second, once it has a whole blob: slow disks, far storage.
const STORED_PER_SECOND: u64 = 16 << 20;

/// What is to be sent, opened as often as it takes.
pub(super) struct Content<'a> {
    source: &'a dyn BlobSource,
    digest: &'a Digest,
    size: u64,
    /// Where it goes.
    place: Place,
    /// As the last request left it.
    feed: Option<Arc<TaskMutex<Feed>>>,
}

/// A blob as it is read from its source.
struct Feed {
    stream: BlobStream,
    place: Place,
    position: u64,
    size: u64,
    /// Came, and was not taken yet.
    waiting: Bytes,
}

impl<'a> Content<'a> {
    pub(super) fn new(source: &'a dyn BlobSource, digest: &'a Digest, size: u64, place: Place) -> Self {
        Self {
            source,
            digest,
            size,
            place,
            feed: None,
        }
    }

    /// The content of one part: read on where the last one ended, or opened anew.
    pub(super) async fn flow(&mut self, part: Part, operation: &Operation) -> Result<Flow, Fault> {
        let kept = self.feed.take().and_then(|feed| feed.try_lock_owned().ok());
        let feed = match kept.filter(|feed| feed.position == part.from) {
            Some(feed) => feed,
            // What only ends an upload needs nothing of the source.
            None if part.length == 0 && self.size > 0 => self.guarded(stream::empty().boxed(), part.from).await,
            None => self.open(part.from, operation).await.map_err(Fault::Source)?,
        };
        self.feed = Some(Arc::clone(OwnedMutexGuard::mutex(&feed)));
        Ok(Flow {
            feed,
            part,
            meter: Meter::new(part),
            digest: self.digest.clone(),
            operation: operation.clone(),
        })
    }

    async fn open(&self, from: u64, operation: &Operation) -> Result<OwnedMutexGuard<Feed>, RegistryError> {
        let stream = operation.or_cancelled(self.source.open(from, operation)).await??;
        let mut feed = self.guarded(stream, from).await;
        if self.size == 0 {
            // No piece will come that could be held back.
            operation.or_cancelled(feed.ends_at(0)).await??;
        }
        Ok(feed)
    }

    async fn guarded(&self, stream: BlobStream, from: u64) -> OwnedMutexGuard<Feed> {
        let feed = Feed::new(stream, from, self.size, self.place.clone());
        Arc::new(TaskMutex::new(feed)).lock_owned().await
    }
}

impl Feed {
    /// The content from `position` on; `place` is where it goes.
    fn new(stream: BlobStream, position: u64, size: u64, place: Place) -> Self {
        Self {
            stream,
            place,
            position,
            size,
            waiting: Bytes::new(),
        }
    }

    /// The next piece, at most `most` bytes. The last one is given only when the source has ended well: what is not
    /// what its digest says is never sent whole.
    async fn next(&mut self, most: u64) -> Result<Bytes, RegistryError> {
        while self.waiting.is_empty() {
            match self.stream.next().await {
                Some(piece) => self.waiting = piece?,
                None => return Err(self.truncated()),
            }
        }
        let end = self.position + self.waiting.len() as u64;
        if end >= self.size {
            self.ends_at(end).await?;
        }
        let length = usize::try_from(most).map_or(self.waiting.len(), |most| most.min(self.waiting.len()));
        let piece = self.waiting.split_to(length);
        self.position += piece.len() as u64;
        Ok(piece)
    }

    /// Makes sure that the source ends at the blob's end, and well.
    async fn ends_at(&mut self, end: u64) -> Result<(), RegistryError> {
        let mut too_much = end > self.size;
        while !too_much && let Some(piece) = self.stream.next().await {
            too_much = !piece?.is_empty();
        }
        if too_much {
            let reason = format!("the content goes on beyond its {}", ByteSize(self.size));
            let place = self.place.clone();
            return Err(RegistryError::InvalidAnswer { place, reason });
        }
        Ok(())
    }

    fn truncated(&self) -> RegistryError {
        RegistryError::Truncated {
            place: self.place.clone(),
            received: ByteSize(self.position),
            expected: ByteSize(self.size),
        }
    }
}

/// The part of a feed that one request carries.
pub(super) struct Flow {
    feed: OwnedMutexGuard<Feed>,
    part: Part,
    meter: Arc<Meter>,
    digest: Digest,
    operation: Operation,
}

/// How far a request has come, seen from outside.
#[derive(Debug)]
struct Meter {
    state: Mutex<Metered>,
}

#[derive(Debug)]
struct Metered {
    moved: Instant,
    waits_for_source: bool,
    left: u64,
    /// What the source failed with; the request's own failure only follows from it.
    fault: Option<RegistryError>,
}

/// Who is to blame that a part was not sent.
#[derive(Debug)]
pub(super) enum Fault {
    /// Where the content comes from; it has tried again itself.
    Source(RegistryError),
    Target(RegistryError),
}

impl Meter {
    fn new(part: Part) -> Arc<Self> {
        let state = Metered {
            moved: Instant::now(),
            waits_for_source: false,
            left: part.length,
            fault: None,
        };
        Arc::new(Self {
            state: Mutex::new(state),
        })
    }

    fn asks_source(&self) {
        locked(&self.state).waits_for_source = true;
    }

    /// Notes what the source gave.
    fn got(&self, outcome: &Result<Bytes, RegistryError>) {
        let mut state = locked(&self.state);
        state.moved = Instant::now();
        state.waits_for_source = false;
        match outcome {
            Ok(piece) => state.left -= piece.len() as u64,
            Err(error) => state.fault = Some(error.clone()),
        }
    }

    fn fault(&self) -> Option<RegistryError> {
        locked(&self.state).fault.take()
    }

    /// When the registry has taken too long, if nothing moves until then. The source keeps its own time.
    fn deadline(&self, patience: Duration, to_store: Duration) -> Instant {
        let state = locked(&self.state);
        match (state.waits_for_source, state.left) {
            (true, _) => Instant::now() + patience,
            (false, 0) => state.moved + patience + to_store,
            (false, _) => state.moved + patience,
        }
    }
}

impl Flow {
    fn into_body(self) -> reqwest::Body {
        if self.part.length == 0 {
            return reqwest::Body::from(Bytes::new());
        }
        let Self {
            feed,
            part,
            meter,
            digest,
            operation,
        } = self;
        let total = ByteSize(feed.size);
        let pieces = stream::unfold(Some((feed, part.length)), move |state| {
            let (meter, digest, operation) = (Arc::clone(&meter), digest.clone(), operation.clone());
            async move {
                let (mut feed, left) = state?;
                meter.asks_source();
                let outcome = feed.next(left).await;
                meter.got(&outcome);
                match outcome {
                    Ok(piece) => {
                        let left = left - piece.len() as u64;
                        let done = ByteSize(feed.position);
                        operation.report(&ProgressEvent::Sent { digest, done, total });
                        // The feed is free again with the last piece, not when the connection asks for more.
                        Some((Ok(piece), (left > 0).then_some((feed, left))))
                    }
                    Err(error) => Some((Err(io::Error::other(error)), None)),
                }
            }
        });
        reqwest::Body::wrap_stream(pieces)
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Feed")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

impl Exchange {
    /// Sends a part once, with what `pass` allows. Takes no seat of the host: its source may hold one, and would wait
    /// for ever for a second.
    pub(super) async fn pour(
        &self,
        ask: &Ask,
        pass: &Pass,
        flow: Flow,
        operation: &Operation,
    ) -> Result<Answer, Fault> {
        self.wire.wait_out_pause(operation).await.map_err(Fault::Target)?;
        let meter = Arc::clone(&flow.meter);
        let part = flow.part;
        let authorization = pass.credentials.header.as_ref();
        let request = ask.message.streamed(authorization, part, flow.into_body());
        let sent = self
            .wire
            .send_watched(request, &ask.message, &meter, part, operation)
            .await;
        match (sent, meter.fault()) {
            (Err(RegistryError::Cancelled), _) => Err(Fault::Target(RegistryError::Cancelled)),
            (_, Some(fault)) => Err(Fault::Source(fault)),
            (Err(error), None) => Err(Fault::Target(error)),
            (Ok(response), None) => {
                self.tell_warnings(response.headers(), operation);
                Ok(Answer {
                    response,
                    elsewhere: self.is_elsewhere(&ask.message.url),
                    seat: None,
                })
            }
        }
    }
}

impl Wire {
    /// Sends once, for as long as content moves.
    async fn send_watched(
        &self,
        request: Request,
        message: &Message,
        meter: &Meter,
        part: Part,
        operation: &Operation,
    ) -> Result<Response, RegistryError> {
        self.count_request();
        let to_store = Duration::from_secs((part.from + part.length) / STORED_PER_SECOND);
        let mut sending = pin!(operation.or_cancelled(self.client.execute(request)));
        loop {
            let deadline = meter.deadline(self.patience(), to_store);
            if deadline <= Instant::now() {
                return Err(self.stalled(&message.place));
            }
            tokio::select! {
                outcome = &mut sending => {
                    return outcome?.map_err(|error| self.failure(&error, message));
                }
                () = tokio::time::sleep_until(deadline.into()) => {}
            }
        }
    }
}
