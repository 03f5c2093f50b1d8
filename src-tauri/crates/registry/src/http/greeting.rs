//! The first words with a host: whether it is a registry, and how it wants to be told who one is.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use reqwest::{
    Method, StatusCode,
    header::{DATE, HeaderMap},
};

use super::{
    challenge::Challenge,
    exchange::{Exchange, challenge_of},
    failure::{Complaint, looks_like_html},
    host::Scheme,
    message::Message,
};
use crate::{Operation, RegistryError};

/// What a host says when it is first spoken to.
#[derive(Debug)]
pub(crate) struct Greeting {
    pub(crate) scheme: Arc<Scheme>,
    /// Its clock.
    pub(crate) date: Option<DateTime<Utc>>,
}

impl Exchange {
    /// How the host wants to be told who one is: asked once, with `GET /v2/`.
    ///
    /// # Errors
    /// No answer, or one that no registry gives.
    pub(crate) async fn scheme(&self, operation: &Operation) -> Result<Arc<Scheme>, RegistryError> {
        if let Some(scheme) = self.authority.host.scheme() {
            return Ok(scheme);
        }
        let _one = operation.or_cancelled(self.authority.host.greeting.lock()).await?;
        if let Some(scheme) = self.authority.host.scheme() {
            return Ok(scheme);
        }
        Ok(self.greet(operation).await?.scheme)
    }

    /// Asks `GET /v2/` without a login and learns from the answer.
    ///
    /// # Errors
    /// As [`Exchange::scheme`].
    pub(crate) async fn greet(&self, operation: &Operation) -> Result<Greeting, RegistryError> {
        let message = Message::new(Method::GET, self.url("")?, self.wire.place.clone());
        let mut tries = self.wire.tries(&message);
        let answer = self.wire.deliver(&message, None, false, &mut tries, operation).await?;
        let status = answer.response.status();
        let headers = answer.response.headers().clone();
        let date = headers.get(DATE).and_then(|value| value.to_str().ok());
        let date = date
            .and_then(|text| DateTime::parse_from_rfc2822(text).ok())
            .map(|date| date.to_utc());
        if status == StatusCode::UNAUTHORIZED && !answer.elsewhere {
            let challenge = challenge_of(&answer.response);
            return Ok(Greeting {
                scheme: self.learn(challenge.as_ref())?,
                date,
            });
        }
        let body = self.wire.read_complaint(answer.response, &message, operation).await?;
        let scheme = self.judge_greeting(status, &headers, &body, answer.elsewhere)?;
        Ok(Greeting { scheme, date })
    }

    /// Whether an answer to `GET /v2/` that asks for no login is a registry's.
    fn judge_greeting(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        elsewhere: bool,
    ) -> Result<Arc<Scheme>, RegistryError> {
        let place = self.wire.place.clone();
        let is_registry = headers.contains_key("docker-distribution-api-version");
        if status.is_success() && !is_registry && looks_like_html(headers, body) {
            let reason = if elsewhere {
                "it leads to a web page, perhaps to log in"
            } else {
                "a web page came back"
            };
            return Err(RegistryError::NotARegistry {
                place,
                reason: reason.to_owned(),
            });
        }
        let complaint = Complaint::read(headers, body);
        // Some registries close /v2/ itself, but speak as registries do.
        if status.is_success() || ((is_registry || complaint.is_json) && status.is_client_error()) {
            return Ok(self.authority.host.learn_scheme(Scheme::Open));
        }
        if status == StatusCode::NOT_FOUND {
            let reason = "it has no registry interface (/v2/ was not found)".to_owned();
            return Err(RegistryError::NotARegistry { place, reason });
        }
        Err(complaint.into_error(status, place, "reach the registry's interface"))
    }

    pub(super) fn learn(&self, challenge: Option<&Challenge>) -> Result<Arc<Scheme>, RegistryError> {
        match challenge {
            Some(Challenge::Basic) => Ok(self.authority.host.learn_scheme(Scheme::Basic)),
            Some(Challenge::Bearer(bearer)) => self.authority.learn_bearer(bearer, &self.wire),
            None => Err(RegistryError::InvalidAnswer {
                place: self.wire.place.clone(),
                reason: "it asks for a login in a way that is not understood".to_owned(),
            }),
        }
    }
}
