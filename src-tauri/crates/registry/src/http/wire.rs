//! One request on its way: redirects, time limits, repetition, waiting, cancelling. Knows nothing of logins: it sends
//! the `Authorization` that it is given, and to no other origin than the one it was given for.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::{
    Client, Method, Response, StatusCode,
    header::{HeaderMap, HeaderValue, LOCATION},
};
use url::Url;

use super::{
    failure::{Circumstances, from_transmission},
    limiter::{Limiter, Seat},
    message::Message,
    network::Network,
    retry::{PATIENCE, Tries, is_passing, until_named, wait_asked_for},
};
use crate::{Operation, Place, ProgressEvent, RegistryError, Secret, WaitReason};

/// The most redirects that one request follows.
const MAXIMUM_REDIRECTS: usize = 5;

/// An answer whose body has not been read yet.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) response: Response,
    /// Whether a redirect led to another origin, whose word on logins does not count.
    pub(crate) elsewhere: bool,
    /// Keeps the place in the queue of the host until the body is read.
    pub(crate) seat: Option<Seat>,
}

impl Answer {
    /// Whether the registry itself wants to know who one is, or does not take what it was told.
    pub(crate) fn asks_for_login(&self) -> bool {
        self.response.status() == StatusCode::UNAUTHORIZED && !self.elsewhere
    }
}

/// The way to one registry.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) client: Client,
    pub(crate) network: Arc<Network>,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) plain_http: bool,
    pub(crate) requests: AtomicU64,
    pub(crate) place: Place,
    /// What is never shown, whoever says it.
    pub(crate) secrets: Vec<Secret>,
}

impl Wire {
    /// Tries for one message.
    pub(crate) fn tries(&self, message: &Message) -> Tries {
        if message.is_repeatable() {
            Tries::new(self.network.options().tries)
        } else {
            Tries::once(self.network.options().tries)
        }
    }

    /// How long an answer may take to begin, and to go on.
    pub(crate) fn patience(&self) -> Duration {
        self.network.options().answer_timeout
    }

    /// Sends until there is an answer that is not a passing failure, or until the tries are used up.
    ///
    /// # Errors
    /// The last failure to get an answer. Every status but the passing ones is an answer.
    pub(crate) async fn deliver(
        &self,
        message: &Message,
        authorization: Option<&HeaderValue>,
        limited: bool,
        tries: &mut Tries,
        operation: &Operation,
    ) -> Result<Answer, RegistryError> {
        loop {
            let seat = if limited {
                Some(self.seat(operation).await?)
            } else {
                None
            };
            match self.transmit(message, authorization, operation).await {
                Ok((response, elsewhere)) if is_passing(response.status()) => {
                    let answer = Answer {
                        response,
                        elsewhere,
                        seat,
                    };
                    if let (StatusCode::TOO_MANY_REQUESTS, Some(seat)) = (answer.response.status(), &answer.seat) {
                        seat.was_too_much();
                    }
                    let wait = self.asked_wait(answer.response.status(), answer.response.headers(), tries)?;
                    let Some(wait) = wait else {
                        return Ok(answer);
                    };
                    drop(answer);
                    self.wait(wait, operation).await?;
                }
                Ok((response, elsewhere)) => {
                    if let Some(seat) = &seat {
                        seat.went_well();
                    }
                    return Ok(Answer {
                        response,
                        elsewhere,
                        seat,
                    });
                }
                Err(error) => {
                    if let (RegistryError::Stalled { .. }, Some(seat)) = (&error, &seat) {
                        seat.was_too_much();
                    }
                    drop(seat);
                    self.after_fault(error, tries, operation).await?;
                }
            }
        }
    }

    /// Waits before the next try after a failure that may pass; gives the failure back if it was the last or lasts.
    ///
    /// # Errors
    /// The failure itself, or [`RegistryError::Cancelled`].
    pub(crate) async fn after_fault(
        &self,
        error: RegistryError,
        tries: &mut Tries,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        // A name that is not known and a wrong proxy stay so for the next seconds: say it at once.
        let passing = error.retryable()
            && !matches!(
                error,
                RegistryError::NameNotResolved { .. } | RegistryError::Proxy { .. }
            );
        if !passing {
            return Err(error);
        }
        let Some(delay) = tries.after_fault() else {
            return Err(error);
        };
        tracing::debug!(%error, milliseconds = delay.as_millis(), "trying again");
        self.wait(
            Wait {
                reason: WaitReason::Unreachable,
                delay,
                whole_host: false,
            },
            operation,
        )
        .await
    }

    /// Waits before the next try after an answer that may do better later; `false`: no tries are left.
    ///
    /// # Errors
    /// A wait that is too long, or [`RegistryError::Cancelled`].
    pub(crate) async fn after_passing(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        tries: &mut Tries,
        operation: &Operation,
    ) -> Result<bool, RegistryError> {
        match self.asked_wait(status, headers, tries)? {
            Some(wait) => self.wait(wait, operation).await.map(|()| true),
            None => Ok(false),
        }
    }

    /// The wait that a passing failure asks for; `None`: no tries left, the answer is the result.
    fn asked_wait(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        tries: &mut Tries,
    ) -> Result<Option<Wait>, RegistryError> {
        let named = wait_asked_for(headers, self.network.options().clock.now());
        let is_limit = status == StatusCode::TOO_MANY_REQUESTS;
        if let Some(named) = named.filter(|named| *named > PATIENCE) {
            return Err(RegistryError::RateLimited {
                place: self.place.clone(),
                until: until_named(self.network.options().clock.now(), named),
            });
        }
        let delay = if is_limit {
            tries.after_limit(named)
        } else {
            tries.after_fault().map(|own| named.map_or(own, |named| named.max(own)))
        };
        let reason = if is_limit {
            WaitReason::RateLimited
        } else {
            WaitReason::ServerBusy
        };
        Ok(delay.map(|delay| Wait {
            reason,
            delay,
            whole_host: is_limit && named.is_some(),
        }))
    }

    /// Waits visibly; the whole host waits where it asked for that.
    async fn wait(&self, wait: Wait, operation: &Operation) -> Result<(), RegistryError> {
        let until = Instant::now() + wait.delay;
        if wait.whole_host {
            self.limiter.pause(until);
        }
        self.wait_until(until, wait.reason, operation).await
    }

    async fn wait_until(&self, until: Instant, reason: WaitReason, operation: &Operation) -> Result<(), RegistryError> {
        let left = until.saturating_duration_since(Instant::now());
        let until_clock = self.network.options().clock.now() + chrono::TimeDelta::from_std(left).unwrap_or_default();
        let host = self.place.host().to_owned();
        operation.report(&ProgressEvent::Waiting {
            reason,
            host,
            until: until_clock,
        });
        operation.or_cancelled(tokio::time::sleep_until(until.into())).await
    }

    /// Waits for the host's pause to end.
    pub(crate) async fn wait_out_pause(&self, operation: &Operation) -> Result<(), RegistryError> {
        while let Some(until) = self.limiter.paused_until() {
            self.wait_until(until, WaitReason::RateLimited, operation).await?;
        }
        Ok(())
    }

    /// Waits for the host's pause to end and for a place among its requests.
    async fn seat(&self, operation: &Operation) -> Result<Seat, RegistryError> {
        loop {
            self.wait_out_pause(operation).await?;
            let seat = operation.or_cancelled(self.limiter.seat()).await?;
            if self.limiter.paused_until().is_none() {
                return Ok(seat);
            }
        }
    }

    /// Sends once and follows redirects. The flag says whether the answer came from another origin.
    async fn transmit(
        &self,
        message: &Message,
        authorization: Option<&HeaderValue>,
        operation: &Operation,
    ) -> Result<(Response, bool), RegistryError> {
        let mut url = message.url.clone();
        for _ in 0..=MAXIMUM_REDIRECTS {
            let elsewhere = url.origin() != message.url.origin();
            let authorization = authorization.filter(|_| !elsewhere);
            let response = self.send(message, url.clone(), authorization, operation).await?;
            let Some(target) = self.redirect(message, &url, &response)? else {
                return Ok((response, elsewhere));
            };
            url = target;
        }
        let reason = format!("it redirects more than {MAXIMUM_REDIRECTS} times");
        Err(RegistryError::InvalidAnswer {
            place: message.place.clone(),
            reason,
        })
    }

    /// Where the answer sends a reading request to, if it does.
    fn redirect(&self, message: &Message, url: &Url, response: &Response) -> Result<Option<Url>, RegistryError> {
        let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
        if !is_redirect || !matches!(message.method, Method::GET | Method::HEAD) {
            return Ok(None);
        }
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let target = location.and_then(|location| url.join(location).ok());
        let allowed = target.filter(|target| match target.scheme() {
            "https" => true,
            "http" => self.plain_http || url.scheme() == "http",
            _ => false,
        });
        allowed.map(Some).ok_or_else(|| RegistryError::InvalidAnswer {
            place: message.place.clone(),
            reason: "it redirects to an address that is missing, broken or not encrypted".to_owned(),
        })
    }

    async fn send(
        &self,
        message: &Message,
        url: Url,
        authorization: Option<&HeaderValue>,
        operation: &Operation,
    ) -> Result<Response, RegistryError> {
        self.count_request();
        let request = message.request(url, authorization);
        let answered = tokio::time::timeout(self.patience(), self.client.execute(request));
        match operation.or_cancelled(answered).await? {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(self.failure(&error, message)),
            Err(_) => Err(self.stalled(&message.place)),
        }
    }

    pub(super) fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// What a failed transmission means.
    pub(crate) fn failure(&self, error: &reqwest::Error, message: &Message) -> RegistryError {
        let proxy = self.network.proxies().of(&message.url);
        let circumstances = Circumstances {
            place: &message.place,
            host: message.url.host_str().unwrap_or_default(),
            plain_http: message.url.scheme() == "http",
            proxy: proxy.as_deref(),
        };
        from_transmission(error, &circumstances)
    }

    /// No answer, or none that went on, in time.
    pub(crate) fn stalled(&self, place: &Place) -> RegistryError {
        RegistryError::Stalled {
            place: place.clone(),
            seconds: self.patience().as_secs(),
        }
    }
}

/// A wait before the next try.
#[derive(Debug)]
struct Wait {
    reason: WaitReason,
    delay: Duration,
    /// The registry named the time: nobody else needs to find out.
    whole_host: bool,
}
