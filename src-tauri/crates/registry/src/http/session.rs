//! An upload as a registry keeps it: begun, found again where it stands, mounted instead, cancelled when it is not
//! wanted any more. Knows nothing of the content. Source: distribution-spec 1.1, "Pushing blobs".

use std::sync::Arc;

use artifact::{ByteSize, Digest, RepositoryName};
use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, LOCATION, RANGE},
};
use url::Url;

use super::{
    body::Bound,
    exchange::{Ask, Exchange, Fetched},
    link::on_the_same_origin,
    message::Message,
    retry::{Tries, is_passing},
    scope::Scope,
    writes::{WRITE, refusal},
};
use crate::{Operation, Place, RegistryError};

/// What a registry may answer to a part of an upload.
pub(super) const ANSWER: Bound = Bound {
    what: "answer",
    limit: ByteSize(1 << 20),
};

/// A begun upload. Dropped before it is finished, it is cancelled behind the caller's back: registries end forgotten
/// uploads by themselves, but late.
#[derive(Debug)]
pub(super) struct Session {
    exchange: Arc<Exchange>,
    scope: Scope,
    place: Place,
    location: Url,
    /// The smallest chunk that the registry takes, but for the last one.
    pub(super) smallest_chunk: u64,
    is_open: bool,
}

/// How a registry took the wish for an upload.
#[derive(Debug)]
pub(super) enum Begun {
    Upload(Session),
    /// It had the blob elsewhere and needs nothing.
    Mounted,
}

/// How far an upload has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It goes on from here, or is only to be closed.
    At(u64),
    /// Nothing is there that could be gone on with.
    Lost,
}

impl Exchange {
    /// Makes a blob of another repository appear in this one; `false` where the registry does not want to.
    pub(super) async fn mount(
        self: &Arc<Self>,
        repository: &RepositoryName,
        from: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<bool, RegistryError> {
        let query = format!("?mount={digest}&from={from}");
        let scope = Scope::push(repository).merged(&Scope::pull(from));
        let place = self.wire.place.with(format!("{repository}@{digest}"));
        let mut tries = self.upload_tries();
        match self
            .begin(repository, &query, scope, place, &mut tries, operation)
            .await
        {
            Ok(Begun::Mounted) => Ok(true),
            // A begun upload is cancelled as it is dropped. Nothing to read there, or no mounts at all: whether the login
            // may write is said when the blob is sent.
            Ok(Begun::Upload(_))
            | Err(
                RegistryError::Denied { .. }
                | RegistryError::NotFound { .. }
                | RegistryError::Unsupported { .. }
                | RegistryError::Refused { .. },
            ) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Finds out whether an upload may begin: one is begun, and cancelled as it is dropped.
    pub(super) async fn try_upload(
        self: &Arc<Self>,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        let place = self.wire.place.with(repository.as_str());
        let scope = Scope::push(repository);
        let mut tries = self.upload_tries();
        self.begin(repository, "", scope, place, &mut tries, operation)
            .await
            .map(drop)
    }

    /// Begins an upload. An upload that a broken connection leaves begun does no harm, so it is begun again.
    pub(super) async fn begin(
        self: &Arc<Self>,
        repository: &RepositoryName,
        query: &str,
        scope: Scope,
        place: Place,
        tries: &mut Tries,
        operation: &Operation,
    ) -> Result<Begun, RegistryError> {
        let url = self.url(&format!("{repository}/blobs/uploads/{query}"))?;
        let ask = Ask {
            message: Message::new(Method::POST, url, place),
            scope,
            action: WRITE,
        };
        let answer = self.fetch_with(&ask, ANSWER, tries, operation).await?;
        match answer.status {
            StatusCode::CREATED => Ok(Begun::Mounted),
            StatusCode::ACCEPTED => Ok(Begun::Upload(Session::of(self, ask, &answer)?)),
            _ => Err(refusal(answer.status, answer.complaint(), ask.message.place, WRITE)),
        }
    }

    /// Tries for an upload as a whole.
    pub(super) fn upload_tries(&self) -> Tries {
        Tries::new(self.wire.network.options().tries)
    }

    /// Sends what may do something twice, and sends it again all the same: for requests whose second effect is
    /// harmless though the method's is not.
    async fn fetch_with(
        &self,
        ask: &Ask,
        bound: Bound,
        tries: &mut Tries,
        operation: &Operation,
    ) -> Result<Fetched, RegistryError> {
        loop {
            match self.fetch(ask, bound, operation).await {
                // How often a rate limit is waited out is counted by the request itself.
                Ok(answer) if is_passing(answer.status) && answer.status != StatusCode::TOO_MANY_REQUESTS => {
                    let goes_on = self
                        .wire
                        .after_passing(answer.status, &answer.headers, tries, operation);
                    if !goes_on.await? {
                        return Ok(answer);
                    }
                }
                Ok(answer) => return Ok(answer),
                Err(error) => self.wire.after_fault(error, tries, operation).await?,
            }
        }
    }

    /// Where an answer says that an upload goes on. Another host is followed without a login; behind a proxy that
    /// ends TLS the registry's own host may be named with an inner scheme or port.
    pub(super) fn upload_location(
        &self,
        headers: &HeaderMap,
        asked: &Url,
        place: &Place,
    ) -> Result<Option<Url>, RegistryError> {
        let Some(text) = headers.get(LOCATION) else {
            return Ok(None);
        };
        let invalid = |reason: &str| RegistryError::InvalidAnswer {
            place: place.clone(),
            reason: reason.to_owned(),
        };
        let text = text.to_str().unwrap_or_default();
        let url = asked
            .join(text)
            .map_err(|_| invalid("the address of its upload is malformed"))?;
        if url.host_str() == asked.host_str() {
            return Ok(Some(on_the_same_origin(url, asked)));
        }
        let is_allowed = url.scheme() == "https" || (url.scheme() == "http" && self.wire.plain_http);
        if is_allowed {
            Ok(Some(url))
        } else {
            Err(invalid("it wants the content sent elsewhere without encryption"))
        }
    }
}

impl Session {
    fn of(exchange: &Arc<Exchange>, ask: Ask, answer: &Fetched) -> Result<Self, RegistryError> {
        let location = exchange.upload_location(&answer.headers, &answer.url, &ask.message.place)?;
        let location = location.ok_or_else(|| RegistryError::InvalidAnswer {
            place: ask.message.place.clone(),
            reason: "it does not say where to send the content".to_owned(),
        })?;
        let smallest_chunk = answer
            .header("oci-chunk-min-length")
            .and_then(|text| text.trim().parse().ok());
        Ok(Self {
            exchange: Arc::clone(exchange),
            scope: ask.scope,
            place: ask.message.place,
            location,
            smallest_chunk: smallest_chunk.unwrap_or_default(),
            is_open: true,
        })
    }

    /// Nothing is left to cancel.
    pub(super) fn close(&mut self) {
        self.is_open = false;
    }

    /// A request to the upload.
    pub(super) fn ask(&self, method: Method) -> Ask {
        Ask {
            message: Message::new(method, self.location.clone(), self.place.clone()),
            scope: self.scope.clone(),
            action: WRITE,
        }
    }

    /// The request that ends the upload: what its address already holds stays as it is.
    pub(super) fn ask_to_finish(&self, digest: &Digest) -> Ask {
        let mut ask = self.ask(Method::PUT);
        let query = match self.location.query() {
            Some(query) if !query.is_empty() => format!("{query}&digest={digest}"),
            _ => format!("digest={digest}"),
        };
        ask.message.url.set_query(Some(&query));
        ask
    }

    /// Goes on where the answer says, if it says so.
    pub(super) fn follow(&mut self, headers: &HeaderMap) -> Result<bool, RegistryError> {
        let location = self.exchange.upload_location(headers, &self.location, &self.place)?;
        let is_named = location.is_some();
        if let Some(location) = location {
            self.location = location;
        }
        Ok(is_named)
    }

    /// Asks how far the upload has come.
    pub(super) async fn standing(&mut self, size: u64, operation: &Operation) -> Result<Standing, RegistryError> {
        let ask = self.ask(Method::GET);
        let answer = self.exchange.fetch(&ask, ANSWER, operation).await?;
        if !answer.status.is_success() {
            return Ok(Standing::Lost);
        }
        self.follow(&answer.headers)?;
        Ok(match received(&answer.headers) {
            Some(received) if received <= size => Standing::At(received),
            _ => Standing::Lost,
        })
    }
}

/// How many bytes `Range: 0-b` says are there. `0-0` is said of no byte as well as of one: nothing is worth going on with.
pub(super) fn received(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(RANGE)?.to_str().ok()?.trim();
    let (first, last) = text.strip_prefix("bytes=").unwrap_or(text).split_once('-')?;
    let last = last.trim().parse::<u64>().ok()?;
    (first.trim() == "0" && last > 0).then(|| last.checked_add(1))?
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.is_open {
            return;
        }
        // Best effort: whoever cancels does not wait, and a registry that refuses forgets the upload by itself.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let (exchange, ask) = (Arc::clone(&self.exchange), self.ask(Method::DELETE));
        runtime.spawn(async move {
            let mut tries = Tries::new(1);
            let outcome = exchange.open(&ask, &mut tries, &Operation::unobserved()).await;
            if let Err(error) = outcome {
                tracing::debug!(%error, "an upload could not be cancelled");
            }
        });
    }
}
