//! Who one is to a registry: what it asks for, and the header that answers it. Logins go to the registry itself and to
//! the one realm that it named, as the protocol says, and nowhere else. Source: distribution, "Token Authentication Specification".

use std::{sync::Arc, time::Instant};

use artifact::Digest;
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::{Method, StatusCode, header::HeaderValue};
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

pub(crate) use super::tokens::Account;
use super::{
    body::TOKEN,
    challenge::BearerChallenge,
    failure::Complaint,
    host::{Host, Scheme},
    message::{Body, Form, Message},
    scope::Scope,
    tokens::{Token, TokenAnswer, bearer},
    wire::{Answer, Wire},
};
use crate::{Login, Operation, Place, RegistryError, Secret};

/// How Berth names itself to token servers.
const CLIENT: &str = "berth";

/// The user name that stands for a refresh token where only user and password can be said.
const TOKEN_USER: &str = "<token>";

/// One login at one registry.
#[derive(Debug)]
pub(crate) struct Authority {
    pub(crate) login: Login,
    pub(crate) host: Arc<Host>,
    pub(crate) account: Arc<Account>,
    /// `Basic …` of a login with a password.
    basic: Option<HeaderValue>,
    /// `Bearer …` of a login that is a token already.
    fixed: Option<HeaderValue>,
}

/// What a request is sent with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Credentials {
    pub(crate) header: Option<HeaderValue>,
    /// Where the token stands in the account, if it is one.
    pub(crate) token_key: Option<String>,
}

impl Authority {
    /// # Errors
    /// [`RegistryError::Configuration`] if the login holds characters that cannot be sent.
    pub(crate) fn new(login: Login, host: Arc<Host>, account: Arc<Account>) -> Result<Self, RegistryError> {
        let unusable = || RegistryError::Configuration {
            message: "the login holds characters that cannot be sent".to_owned(),
            hint: Some("enter it again; look for line breaks that were copied along"),
        };
        let basic = match &login {
            Login::Password { username, secret } => Some(basic(username, secret).ok_or_else(unusable)?),
            _ => None,
        };
        let fixed = match &login {
            Login::RegistryToken { secret } => Some(bearer(secret).ok_or_else(unusable)?),
            _ => None,
        };
        Ok(Self {
            login,
            host,
            account,
            basic,
            fixed,
        })
    }

    /// The login's name in the token cache.
    pub(crate) fn identity(login: &Login) -> Digest {
        login.identity()
    }

    /// The login's secret in every form in which it is sent.
    pub(crate) fn secrets(login: &Login) -> Vec<Secret> {
        match login {
            Login::Anonymous => Vec::new(),
            Login::Password { username, secret } => vec![secret.clone(), pair(username, secret)],
            Login::IdentityToken { secret } => vec![secret.clone(), pair(TOKEN_USER, secret)],
            Login::RegistryToken { secret } => vec![secret.clone()],
        }
    }

    /// What to send for a scope under a scheme; fetches a token where one is needed.
    ///
    /// # Errors
    /// What the token server refuses or fails with.
    pub(crate) async fn credentials(
        &self,
        scheme: &Scheme,
        scope: &Scope,
        wire: &Wire,
        operation: &Operation,
    ) -> Result<Credentials, RegistryError> {
        match scheme {
            Scheme::Open => Ok(Credentials::default()),
            Scheme::Basic => Ok(Credentials {
                header: self.basic.clone(),
                token_key: None,
            }),
            Scheme::Bearer { .. } if self.fixed.is_some() => Ok(Credentials {
                header: self.fixed.clone(),
                token_key: None,
            }),
            Scheme::Bearer { realm, service } => {
                let service = service.as_deref().unwrap_or_default();
                let key = format!("{service} {scope}");
                let fetch = self.fetch(realm, service, scope, wire, operation);
                let token = operation.or_cancelled(self.account.token(&key, fetch)).await??;
                Ok(Credentials {
                    header: Some(token.header),
                    token_key: Some(key),
                })
            }
        }
    }

    /// Checks and remembers the realm of a challenge.
    ///
    /// # Errors
    /// [`RegistryError::InvalidAnswer`] for a realm that is no address or not encrypted, and
    /// [`RegistryError::ForeignLink`] for another host than the first time.
    pub(crate) fn learn_bearer(&self, challenge: &BearerChallenge, wire: &Wire) -> Result<Arc<Scheme>, RegistryError> {
        let invalid = |reason: &str| RegistryError::InvalidAnswer {
            place: wire.place.clone(),
            reason: reason.to_owned(),
        };
        let realm = Url::parse(&challenge.realm).map_err(|_| invalid("the address of its logins is malformed"))?;
        let host = realm
            .host_str()
            .ok_or_else(|| invalid("the address of its logins has no host"))?;
        if realm.scheme() != "https" && !(wire.plain_http && realm.scheme() == "http") {
            return Err(invalid("it wants logins sent without encryption"));
        }
        if !self.host.pin_realm(host) {
            return Err(RegistryError::ForeignLink {
                place: wire.place.clone(),
                host: host.to_owned(),
            });
        }
        Ok(self.host.learn_scheme(Scheme::Bearer {
            realm,
            service: challenge.service.clone(),
        }))
    }

    /// Fetches a token: by POST where the login is a refresh token, else by GET, and the other way where the server
    /// knows only that.
    async fn fetch(
        &self,
        realm: &Url,
        service: &str,
        scope: &Scope,
        wire: &Wire,
        operation: &Operation,
    ) -> Result<Token, RegistryError> {
        if let Login::IdentityToken { secret } = &self.login {
            let secret = self.account.refreshed().unwrap_or_else(|| secret.clone());
            let grant = [("grant_type", "refresh_token"), ("refresh_token", secret.expose())];
            if let Some(token) = self
                .post(realm, token_form(service, scope, &grant), wire, operation)
                .await?
            {
                return Ok(token);
            }
        }
        let message = Message::new(Method::GET, token_url(realm, service, scope), wire.place.clone());
        let asked = Instant::now();
        let authorization = self.basic_for_realm();
        let answer = self.ask(&message, authorization.as_ref(), wire, operation).await?;
        if knows_another_way(answer.response.status())
            && let Login::Password { username, secret } = &self.login
        {
            let grant = [
                ("grant_type", "password"),
                ("username", username),
                ("password", secret.expose()),
            ];
            if let Some(token) = self
                .post(realm, token_form(service, scope, &grant), wire, operation)
                .await?
            {
                return Ok(token);
            }
        }
        self.read(answer, asked, &message, wire, operation).await
    }

    /// A token by POST; `None` where the server does not know that way.
    async fn post(
        &self,
        realm: &Url,
        form: Form,
        wire: &Wire,
        operation: &Operation,
    ) -> Result<Option<Token>, RegistryError> {
        let mut message = Message::new(Method::POST, realm.clone(), wire.place.clone());
        message.body = Body::Form(form);
        let asked = Instant::now();
        let answer = self.ask(&message, None, wire, operation).await?;
        if knows_another_way(answer.response.status()) {
            return Ok(None);
        }
        self.read(answer, asked, &message, wire, operation).await.map(Some)
    }

    /// The login as token servers take it by GET; a refresh token as those do that know it only there.
    fn basic_for_realm(&self) -> Option<HeaderValue> {
        match &self.login {
            Login::IdentityToken { secret } => basic(TOKEN_USER, secret),
            _ => self.basic.clone(),
        }
    }

    async fn ask(
        &self,
        message: &Message,
        authorization: Option<&HeaderValue>,
        wire: &Wire,
        operation: &Operation,
    ) -> Result<Answer, RegistryError> {
        wire.deliver(message, authorization, false, &mut wire.tries(message), operation)
            .await
    }

    async fn read(
        &self,
        answer: Answer,
        asked: Instant,
        message: &Message,
        wire: &Wire,
        operation: &Operation,
    ) -> Result<Token, RegistryError> {
        let status = answer.response.status();
        let headers = answer.response.headers().clone();
        if !status.is_success() {
            let body = wire.read_complaint(answer.response, message, operation).await?;
            return Err(self.refused(status, Complaint::read(&headers, &body), &wire.place));
        }
        let body = wire.read(answer.response, &headers, TOKEN, message, operation).await?;
        let unusable = || RegistryError::InvalidAnswer {
            place: wire.place.clone(),
            reason: "its token server sent no token".to_owned(),
        };
        // The parser's own words could repeat a part of the token.
        let mut token: TokenAnswer = serde_json::from_slice(&body).map_err(|_| unusable())?;
        if let (Login::IdentityToken { .. }, Some(refreshed)) = (&self.login, token.refresh_token.take()) {
            self.account.refresh(Secret::from(refreshed));
        }
        token
            .into_token(asked, wire.network.options().clock.now())
            .ok_or_else(unusable)
    }

    /// What the token server's refusal means for this login.
    fn refused(&self, status: StatusCode, complaint: Complaint, place: &Place) -> RegistryError {
        let place = place.clone();
        let is_refusal = matches!(status.as_u16(), 400 | 401 | 403);
        if !is_refusal {
            return complaint.into_error(status, place, "get a token");
        }
        let reason = if complaint.reason.is_empty() {
            "refused".to_owned()
        } else {
            complaint.reason
        };
        match self.login {
            Login::Anonymous => RegistryError::LoginRequired { place },
            Login::Password { .. } => RegistryError::LoginRefused { place, reason },
            Login::IdentityToken { .. } | Login::RegistryToken { .. } => RegistryError::LoginExpired { place, reason },
        }
    }
}

/// Token servers that know only POST, or no POST.
fn knows_another_way(status: StatusCode) -> bool {
    status == StatusCode::NOT_FOUND || status == StatusCode::METHOD_NOT_ALLOWED
}

/// User name and secret as `Basic` sends them.
fn pair(username: &str, secret: &Secret) -> Secret {
    let pair = Zeroizing::new(format!("{username}:{}", secret.expose()));
    Secret::from(BASE64_STANDARD.encode(pair.as_bytes()))
}

/// `Basic …`, marked as sensitive.
fn basic(username: &str, secret: &Secret) -> Option<HeaderValue> {
    let text = Zeroizing::new(format!("Basic {}", pair(username, secret).expose()));
    let mut header = HeaderValue::from_str(&text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// `realm?service=…&scope=…&scope=…&client_id=berth`; what the realm's address already holds is kept.
fn token_url(realm: &Url, service: &str, scope: &Scope) -> Url {
    let mut url = realm.clone();
    let mut query = url.query_pairs_mut();
    if !service.is_empty() {
        query.append_pair("service", service);
    }
    for part in scope.parts() {
        query.append_pair("scope", &part);
    }
    query.append_pair("client_id", CLIENT);
    drop(query);
    url
}

/// The form of a token request. Source: distribution, "OAuth 2 token authentication".
fn token_form(service: &str, scope: &Scope, grant: &[(&str, &str)]) -> Form {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("service", service)
        .append_pair("client_id", CLIENT)
        .append_pair("scope", &scope.to_string())
        .extend_pairs(grant)
        .finish();
    Form::new(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_asked_for_with_every_scope() {
        let realm = Url::parse("https://auth/token?account=x").expect("a fixed URL");
        let scope = Scope::of("repository:a:pull repository:b:pull,push");
        let url = token_url(&realm, "registry.docker.io", &scope);
        let expected = "account=x&service=registry.docker.io&scope=repository%3Aa%3Apull&scope=repository%3Ab%3Apull%2Cpush&client_id=berth";
        assert_eq!(url.query(), Some(expected));
    }

    #[test]
    fn a_login_with_line_breaks_is_refused_where_it_cannot_be_sent() {
        let host = Arc::new(Host::new(4));
        let login = Login::RegistryToken {
            secret: Secret::from("a\nb"),
        };
        let error = Authority::new(login, host, Arc::default()).expect_err("no header");
        assert!(!error.to_string().contains("a\nb"));
    }
}
