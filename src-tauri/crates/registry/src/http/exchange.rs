//! The one door to a registry: every request goes through here, is told who asks, is repeated where that is safe, and
//! comes back as an answer or as an error in plain words.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use reqwest::{
    Method, Response, StatusCode,
    header::{HeaderMap, WARNING, WWW_AUTHENTICATE},
};
use url::Url;

use super::{
    authority::{Authority, Credentials},
    body::Bound,
    challenge::{BearerChallenge, Challenge, strongest},
    failure::{Action, Complaint},
    host::Scheme,
    message::Message,
    retry::Tries,
    scope::Scope,
    wire::{Answer, Wire},
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

/// What one request is allowed with.
#[derive(Debug)]
pub(super) struct Pass {
    scope: Scope,
    pub(super) credentials: Credentials,
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

    /// Whether an address is not the registry's own: it is told no login, and its word on logins does not count.
    pub(super) fn is_elsewhere(&self, url: &Url) -> bool {
        url.origin() != self.origin.origin()
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
        let mut pass = self.pass(ask, operation).await?;
        let answer = self.send(ask, &pass.credentials, tries, operation).await?;
        if !answer.asks_for_login() {
            return Ok(answer);
        }
        self.renew(&mut pass, ask, answer, operation).await?;
        let answer = self.send(ask, &pass.credentials, tries, operation).await?;
        self.admit(pass, ask, answer)
    }

    /// What a request is first sent with. A request to another host, where a registry may want a blob sent to, carries
    /// no login.
    ///
    /// # Errors
    /// What the registry's greeting or its token server fails with.
    pub(super) async fn pass(&self, ask: &Ask, operation: &Operation) -> Result<Pass, RegistryError> {
        let scope = self.authority.account.widened(&ask.scope);
        if self.is_elsewhere(&ask.message.url) {
            let credentials = Credentials::default();
            return Ok(Pass { scope, credentials });
        }
        let scheme = self.scheme(operation).await?;
        let credentials = self
            .authority
            .credentials(&scheme, &scope, &self.wire, operation)
            .await?;
        Ok(Pass { scope, credentials })
    }

    /// What to send once more after a 401.
    ///
    /// # Errors
    /// The final one, where sending once more could not do better.
    pub(super) async fn renew(
        &self,
        pass: &mut Pass,
        ask: &Ask,
        answer: Answer,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        let challenge = challenge_of(&answer.response);
        drop(answer);
        pass.scope = wider_scope(&pass.scope, challenge.as_ref());
        pass.credentials = self
            .answer_challenge(ask, challenge, &pass.scope, &pass.credentials, operation)
            .await?;
        Ok(())
    }

    /// The second answer, and what it taught; a second 401 is final.
    ///
    /// # Errors
    /// What the 401 means.
    pub(super) fn admit(&self, pass: Pass, ask: &Ask, answer: Answer) -> Result<Answer, RegistryError> {
        if answer.asks_for_login() {
            let challenge = challenge_of(&answer.response);
            return Err(self.unauthorised(ask, challenge.as_ref()));
        }
        let account = &self.authority.account;
        if pass.scope != account.widened(&ask.scope) {
            account.learn_widened(&ask.scope, pass.scope);
        }
        Ok(answer)
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
        let mut answer = self
            .wire
            .deliver(&ask.message, credentials.header.as_ref(), true, tries, operation)
            .await?;
        answer.elsewhere |= self.is_elsewhere(&ask.message.url);
        self.tell_warnings(answer.response.headers(), operation);
        Ok(answer)
    }

    /// Tells what the registry wants its users to know, each text once. Source: distribution-spec 1.1, "Warnings".
    pub(super) fn tell_warnings(&self, headers: &HeaderMap, operation: &Operation) {
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
pub(super) fn challenge_of(response: &Response) -> Option<Challenge> {
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
