//! The one door to a registry: every request goes through here, is told who asks, is repeated where that is safe, and
//! comes back as an answer or as an error in plain words.

use std::sync::{Arc, atomic::Ordering};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::{
    Method, Response, StatusCode,
    header::{DATE, HeaderMap, WARNING, WWW_AUTHENTICATE},
};
use url::Url;

use super::{
    authority::{Authority, Credentials},
    body::Bound,
    challenge::{BearerChallenge, Challenge, strongest},
    failure::{Action, Complaint, looks_like_html},
    host::Scheme,
    retry::Tries,
    scope::Scope,
    wire::{Answer, Message, Wire},
};
use crate::{Login, Operation, Place, ProgressEvent, RegistryError, text::visible};

/// A request to the registry: what is sent, what it needs to be allowed, and what it is for.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) message: Message,
    pub(crate) scope: Scope,
    /// Ends the sentence "the registry does not allow this login to …".
    pub(crate) action: Action,
}

/// An answer that was read whole.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The address that answered in the end.
    pub(crate) url: Url,
}

/// What a host says when it is first spoken to.
#[derive(Debug)]
pub(crate) struct Greeting {
    pub(crate) scheme: Arc<Scheme>,
    /// Its clock.
    pub(crate) date: Option<DateTime<Utc>>,
}

/// All that requests to one registry with one login share.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) wire: Wire,
    pub(crate) authority: Authority,
    pub(crate) origin: Url,
}

impl Exchange {
    /// The address of something below `/v2/`.
    ///
    /// # Errors
    /// [`RegistryError::Configuration`] if the path makes no address.
    pub(crate) fn url(&self, path: &str) -> Result<Url, RegistryError> {
        // Not `join`: a path with a colon would be taken for another scheme.
        Url::parse(&format!("{}v2/{path}", self.origin)).map_err(|problem| RegistryError::Configuration {
            message: format!("{path} makes no address: {problem}"),
            hint: None,
        })
    }

    /// Requests sent so far.
    pub(crate) fn requests(&self) -> u64 {
        self.wire.requests.load(Ordering::Relaxed)
    }

    /// Sends with the login and gives the answer unread, whatever its status but 401.
    ///
    /// # Errors
    /// No answer, or a login that is missing, refused or not allowed to do this.
    pub(crate) async fn open(
        &self,
        ask: &Ask,
        tries: &mut Tries,
        operation: &Operation,
    ) -> Result<Answer, RegistryError> {
        let scheme = self.scheme(operation).await?;
        let scope = self.authority.account.widened(&ask.scope);
        let credentials = self
            .authority
            .credentials(&scheme, &scope, &self.wire, operation)
            .await?;
        let answer = self.send(ask, &credentials, tries, operation).await?;
        if answer.response.status() != StatusCode::UNAUTHORIZED || answer.elsewhere {
            return Ok(answer);
        }
        let challenge = challenge_of(&answer.response);
        drop(answer);
        let wider = wider_scope(&scope, challenge.as_ref());
        let credentials = self
            .answer_challenge(ask, challenge, &wider, &credentials, operation)
            .await?;
        let answer = self.send(ask, &credentials, tries, operation).await?;
        if answer.response.status() != StatusCode::UNAUTHORIZED || answer.elsewhere {
            if wider != scope {
                self.authority.account.learn_widened(&ask.scope, wider);
            }
            return Ok(answer);
        }
        let challenge = challenge_of(&answer.response);
        Err(self.unauthorised(ask, challenge.as_ref()))
    }

    /// Sends and reads the answer whole, whatever its status but 401. A body that breaks off is fetched again.
    ///
    /// # Errors
    /// As [`Exchange::open`], and a body that is too large, broken or stalled.
    pub(crate) async fn fetch(&self, ask: &Ask, bound: Bound, operation: &Operation) -> Result<Fetched, RegistryError> {
        let mut tries = self.wire.tries(&ask.message);
        loop {
            let Answer { mut response, seat, .. } = self.open(ask, &mut tries, operation).await?;
            let status = response.status();
            let headers = std::mem::take(response.headers_mut());
            let url = response.url().clone();
            let read = if status.is_success() && ask.message.method != Method::HEAD {
                self.wire.read(response, &headers, bound, &ask.message, operation).await
            } else {
                self.wire.read_complaint(response, &ask.message, operation).await
            };
            drop(seat);
            match read {
                Ok(body) => {
                    return Ok(Fetched {
                        status,
                        headers,
                        body,
                        url,
                    });
                }
                Err(error) => self.wire.after_fault(error, &mut tries, operation).await?,
            }
        }
    }

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

    fn learn(&self, challenge: Option<&Challenge>) -> Result<Arc<Scheme>, RegistryError> {
        match challenge {
            Some(Challenge::Basic) => Ok(self.authority.host.learn_scheme(Scheme::Basic)),
            Some(Challenge::Bearer(bearer)) => self.authority.learn_bearer(bearer, &self.wire),
            None => Err(RegistryError::InvalidAnswer {
                place: self.wire.place.clone(),
                reason: "it asks for a login in a way that is not understood".to_owned(),
            }),
        }
    }

    /// What to send once more after a 401.
    ///
    /// # Errors
    /// The final one, where sending once more could not do better.
    async fn answer_challenge(
        &self,
        ask: &Ask,
        challenge: Option<Challenge>,
        scope: &Scope,
        sent: &Credentials,
        operation: &Operation,
    ) -> Result<Credentials, RegistryError> {
        let scheme = self.learn(challenge.as_ref())?;
        let authority = &self.authority;
        let same_login = sent.header.is_some() && sent.token_key.is_none();
        let can_answer = match *scheme {
            Scheme::Basic => matches!(authority.login, Login::Password { .. }) && !same_login,
            Scheme::Bearer { .. } => !(same_login && matches!(authority.login, Login::RegistryToken { .. })),
            Scheme::Open => false,
        };
        if !can_answer {
            return Err(self.unauthorised(ask, challenge.as_ref()));
        }
        if let (Some(key), Some(used)) = (&sent.token_key, &sent.header) {
            authority.account.discard(key, used);
        }
        authority.credentials(&scheme, scope, &self.wire, operation).await
    }

    /// What a 401 means that stays.
    fn unauthorised(&self, ask: &Ask, challenge: Option<&Challenge>) -> RegistryError {
        let place = ask.message.place.clone();
        let error = match challenge {
            Some(Challenge::Bearer(BearerChallenge { error, .. })) => error.as_deref(),
            _ => None,
        };
        let expired = error == Some("invalid_token");
        match (&self.authority.login, challenge) {
            (Login::Anonymous, _) => RegistryError::LoginRequired { place },
            (Login::Password { .. }, Some(Challenge::Basic)) => RegistryError::LoginRefused {
                place,
                reason: "the user name or the secret is not accepted".to_owned(),
            },
            (Login::IdentityToken { .. }, Some(Challenge::Basic)) => {
                let reason = "it asks for a user name and password, the login is a token".to_owned();
                RegistryError::LoginRefused { place, reason }
            }
            (Login::RegistryToken { .. }, _) => RegistryError::LoginExpired {
                place,
                reason: "its token is not accepted".to_owned(),
            },
            (_, _) if expired => RegistryError::LoginExpired {
                place,
                reason: "its tokens are not accepted any more".to_owned(),
            },
            (_, _) => RegistryError::Denied {
                place,
                action: ask.action,
                reason: String::new(),
            },
        }
    }

    async fn send(
        &self,
        ask: &Ask,
        credentials: &Credentials,
        tries: &mut Tries,
        operation: &Operation,
    ) -> Result<Answer, RegistryError> {
        let answer = self
            .wire
            .deliver(&ask.message, credentials.header.as_ref(), true, tries, operation)
            .await?;
        self.tell_warnings(answer.response.headers(), operation);
        Ok(answer)
    }

    /// Tells what the registry wants its users to know, each text once. Source: distribution-spec 1.1, "Warnings".
    fn tell_warnings(&self, headers: &HeaderMap, operation: &Operation) {
        for value in headers.get_all(WARNING) {
            let text = value.to_str().unwrap_or_default();
            let Some(rest) = text.trim_start().strip_prefix("299 ") else {
                continue;
            };
            let shown = visible(
                rest.trim_start_matches("- ").trim_matches('"'),
                crate::text::SHOWN_CHARACTERS,
            );
            if self.authority.host.is_new_warning(&shown) {
                operation.report(&ProgressEvent::Warned {
                    host: self.wire.place.host().to_owned(),
                    text: shown,
                });
            }
        }
    }
}

/// The challenge of a 401, in all its headers.
fn challenge_of(response: &Response) -> Option<Challenge> {
    let headers = response.headers().get_all(WWW_AUTHENTICATE);
    strongest(headers.iter().filter_map(|value| value.to_str().ok()))
}

/// What was asked for together with what the registry says that it wants.
fn wider_scope(scope: &Scope, challenge: Option<&Challenge>) -> Scope {
    match challenge {
        Some(Challenge::Bearer(bearer)) => scope.merged(&Scope::of(bearer.scope.as_deref().unwrap_or_default())),
        _ => scope.clone(),
    }
}

impl Fetched {
    /// What the answer complains of.
    pub(crate) fn complaint(&self) -> Complaint {
        Complaint::read(&self.headers, &self.body)
    }

    /// The error that the answer stands for.
    pub(crate) fn into_error(self, place: Place, action: Action) -> RegistryError {
        self.complaint().into_error(self.status, place, action)
    }

    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
