//! From what the network and a registry's error answers say to a [`RegistryError`] in plain words.

use std::error::Error as StdError;

use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderMap},
};
use rustls::{AlertDescription, CertificateError, InvalidMessage};
use serde::Deserialize;

use super::tls::Untrusted;
use crate::{
    Place, RegistryError,
    text::{SHOWN_CHARACTERS, visible},
};

/// What was to be done, for the sentence of a refusal: "the registry does not allow this login to …".
pub(crate) type Action = &'static str;

/// The circumstances of a failed transmission.
pub(crate) struct Circumstances<'a> {
    pub(crate) place: &'a Place,
    /// The host that was spoken to: the registry's, or that of its logins.
    pub(crate) host: &'a str,
    pub(crate) plain_http: bool,
    /// The proxy's host, if one was used.
    pub(crate) proxy: Option<&'a str>,
}

const TRY_PLAIN: &str = "the registry speaks plain http: mark the connection as plain http, if you trust the network";
const TRY_HTTPS: &str = "the registry speaks https: take the mark for plain http off the connection";
const MAYBE_HTTPS: &str = "if the registry speaks https, take the mark for plain http off the connection";

/// What a failed transmission means.
pub(crate) fn from_transmission(error: &reqwest::Error, circumstances: &Circumstances<'_>) -> RegistryError {
    let place = circumstances.place.clone();
    if let Some(problem) = find::<rustls::Error>(error) {
        return from_tls(problem, place);
    }
    if let Some(proxy) = circumstances.proxy
        && error.is_connect()
    {
        return RegistryError::Proxy {
            place,
            reason: format!("{}, by {proxy}", root_cause(error)),
        };
    }
    if error.is_dns() || says_dns(error) {
        return RegistryError::NameNotResolved {
            host: circumstances.host.to_owned(),
        };
    }
    if error.is_timeout() {
        let reason = "nothing answers at this address".to_owned();
        let hint = Some("check the address and port, and whether a VPN or a firewall is in the way");
        return RegistryError::Unreachable { place, reason, hint };
    }
    let (reason, hint) = match find::<std::io::Error>(error).map(std::io::Error::kind) {
        Some(std::io::ErrorKind::ConnectionRefused) => ("nothing listens on this port".to_owned(), None),
        Some(std::io::ErrorKind::NetworkUnreachable | std::io::ErrorKind::HostUnreachable) => (
            "there is no way to this network".to_owned(),
            Some("check the network and whether a VPN is needed"),
        ),
        _ if error.is_connect() => (root_cause(error), None),
        _ if circumstances.plain_http => (root_cause(error), Some(MAYBE_HTTPS)),
        _ => (root_cause(error), Some("the connection broke: try again")),
    };
    RegistryError::Unreachable { place, reason, hint }
}

fn from_tls(problem: &rustls::Error, place: Place) -> RegistryError {
    let (reason, issuer) = match problem {
        rustls::Error::InvalidCertificate(certificate) => certificate_trouble(certificate),
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            let reason = "it answers in plain http where https was asked for".to_owned();
            return RegistryError::WrongScheme {
                place,
                reason,
                hint: TRY_PLAIN,
            };
        }
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired | AlertDescription::BadCertificate) => {
            let reason = "it asks for a client certificate, or does not accept the one that was sent".to_owned();
            let hint = Some("choose the file with your client certificate and its key in the connection");
            return RegistryError::Unreachable { place, reason, hint };
        }
        other => {
            let reason = format!("no encrypted connection comes about: {other}");
            let hint = Some("the registry's TLS is too old or misconfigured: tell its operator");
            return RegistryError::Unreachable { place, reason, hint };
        }
    };
    RegistryError::UntrustedCertificate { place, reason, issuer }
}

/// Why a certificate is not trusted, and its issuer where that is the reason.
fn certificate_trouble(problem: &CertificateError) -> (String, Option<String>) {
    let reason = match problem {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet (is this computer's clock right?)".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is made for another name".to_owned()
        }
        CertificateError::Other(other) => {
            if let Some(untrusted) = other.0.downcast_ref::<Untrusted>() {
                return (untrusted.to_string(), untrusted.issuer.clone());
            }
            visible(&other.to_string(), SHOWN_CHARACTERS)
        }
        other => visible(&other.to_string(), SHOWN_CHARACTERS),
    };
    (reason, None)
}

/// The first cause of type `T`, also inside the errors that streams wrap theirs into.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut cause = Some(error);
    while let Some(current) = cause {
        if let Some(found) = current.downcast_ref::<T>() {
            // A stream's error may itself only carry the one that is looked for.
            return nested(current).and_then(|inner| find::<T>(inner)).or(Some(found));
        }
        cause = nested(current).or_else(|| current.source());
    }
    None
}

/// What a stream's error carries.
fn nested<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    let inner = error.downcast_ref::<std::io::Error>()?.get_ref()?;
    Some(inner as &(dyn StdError + 'static))
}

/// The client wraps the resolver's error in its own private type; its words are the only mark.
fn says_dns(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(current) = cause {
        if current.to_string() == "dns error" {
            return true;
        }
        cause = current.source();
    }
    false
}

/// The innermost cause as text; URLs, which may hold cursors or logins, are only in the outer ones.
pub(crate) fn root_cause(error: &(dyn StdError + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    visible(&cause.to_string(), SHOWN_CHARACTERS)
}

/// What a registry's error answer says about itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Complaint {
    /// The codes of the specification or others: `MANIFEST_UNKNOWN`.
    pub(crate) codes: Vec<String>,
    /// A sentence to show; empty where the answer says nothing.
    pub(crate) reason: String,
    /// Whether it was a registry's JSON at all.
    pub(crate) is_json: bool,
    is_html: bool,
}

#[derive(Deserialize)]
struct ErrorEnvelope {
    errors: Vec<ErrorEntry>,
}

#[derive(Deserialize)]
struct ErrorEntry {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

impl Complaint {
    /// Reads an error answer of any kind.
    pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        let mut complaint = Self::understand(headers, body);
        complaint.reason = without_tokens(&complaint.reason);
        complaint
    }

    fn understand(headers: &HeaderMap, body: &[u8]) -> Self {
        if let Ok(envelope) = serde_json::from_slice::<ErrorEnvelope>(body) {
            return Self::of_envelope(envelope);
        }
        if looks_like_html(headers, body) {
            return Self {
                reason: "a web page instead of a registry's answer".to_owned(),
                is_html: true,
                ..Self::default()
            };
        }
        let reason = other_json(body).unwrap_or_else(|| visible(&String::from_utf8_lossy(body), SHOWN_CHARACTERS));
        Self {
            reason,
            ..Self::default()
        }
    }

    fn of_envelope(envelope: ErrorEnvelope) -> Self {
        let codes = envelope.errors.iter().filter_map(|entry| entry.code.clone()).collect();
        let texts: Vec<_> = envelope
            .errors
            .into_iter()
            .take(3)
            .filter_map(|entry| entry.message.or(entry.code))
            .collect();
        Self {
            codes,
            reason: visible(&texts.join("; "), SHOWN_CHARACTERS),
            is_json: true,
            is_html: false,
        }
    }

    /// Whether the answer names this code.
    pub(crate) fn has(&self, code: &str) -> bool {
        self.codes.iter().any(|own| own == code)
    }

    /// The error of an answer that finds fault with what was sent.
    pub(crate) fn into_refusal(self, status: StatusCode, place: Place, action: Action) -> RegistryError {
        if self.is_html || (status == StatusCode::BAD_REQUEST && says_https(&self.reason)) {
            return self.into_error(status, place, action);
        }
        let reason = if self.reason.is_empty() {
            format!("status {}", status.as_u16())
        } else {
            self.reason
        };
        RegistryError::Refused { place, action, reason }
    }

    /// What the error answer means for the one who asked.
    pub(crate) fn into_error(self, status: StatusCode, place: Place, action: Action) -> RegistryError {
        if status == StatusCode::BAD_REQUEST && says_https(&self.reason) {
            let reason = "it was spoken to in plain http, but speaks https".to_owned();
            return RegistryError::WrongScheme {
                place,
                reason,
                hint: TRY_HTTPS,
            };
        }
        if self.is_html && !status.is_server_error() && status != StatusCode::FORBIDDEN {
            return RegistryError::NotARegistry {
                place,
                reason: self.reason,
            };
        }
        let reason = self.reason;
        match status.as_u16() {
            401 | 403 => RegistryError::Denied { place, action, reason },
            404 | 410 => RegistryError::NotFound { place, reason },
            405 | 501 => RegistryError::Unsupported {
                place,
                what: action.to_owned(),
                hint: None,
            },
            409 | 412 | 423 => RegistryError::Conflict { place, reason },
            429 => RegistryError::RateLimited { place, until: None },
            status @ (408 | 500..=599) => RegistryError::ServerFailed { place, status, reason },
            status => {
                let reason = if reason.is_empty() {
                    format!("status {status}")
                } else {
                    format!("status {status}, {reason}")
                };
                RegistryError::InvalidAnswer { place, reason }
            }
        }
    }
}

/// Token servers and proxies: `{"message": …}`, `{"error_description": …}`, `{"details": …}`.
fn other_json(body: &[u8]) -> Option<String> {
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(body).ok()?;
    let text = ["error_description", "message", "details", "error"]
        .iter()
        .find_map(|key| object.get(*key).and_then(serde_json::Value::as_str))?;
    Some(visible(text, SHOWN_CHARACTERS))
}

/// What follows `Bearer` or `Basic` in a server's text may be what it was sent.
fn without_tokens(text: &str) -> String {
    let mut follows = false;
    let shown: Vec<_> = text
        .split(' ')
        .map(|word| {
            let hidden = follows && word.len() > 8;
            follows = word.to_ascii_lowercase().ends_with("bearer") || word.to_ascii_lowercase().ends_with("basic");
            if hidden { "***" } else { word }
        })
        .collect();
    shown.join(" ")
}

/// Go's and nginx's words for plain http on a TLS port.
fn says_https(reason: &str) -> bool {
    reason.contains("HTTP request to an HTTPS server") || reason.contains("plain HTTP request was sent to HTTPS port")
}

/// Whether an answer is a page for people, whatever it is called.
pub(crate) fn looks_like_html(headers: &HeaderMap, body: &[u8]) -> bool {
    let said = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    said.trim_start().to_ascii_lowercase().starts_with("text/html") || body.trim_ascii_start().starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    fn error(status: u16, body: &str) -> RegistryError {
        let status = StatusCode::from_u16(status).expect("a fixed status");
        let place = Place::registry("registry").with("team/model");
        Complaint::read(&HeaderMap::new(), body.as_bytes()).into_error(status, place, "read this")
    }

    #[test]
    fn error_answers_of_every_kind() {
        let cases = [
            (
                404,
                r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"x":1}}]}"#,
                ErrorCode::NotFound,
            ),
            (404, "404 page not found\n", ErrorCode::NotFound),
            (403, "<html>no</html>", ErrorCode::Denied),
            (404, "<!DOCTYPE html><title>Sign in</title>", ErrorCode::NotARegistry),
            (
                400,
                "Client sent an HTTP request to an HTTPS server.\n",
                ErrorCode::Unreachable,
            ),
            (409, r#"{"errors":[{"code":"TAG_IMMUTABLE"}]}"#, ErrorCode::Conflict),
            (503, "", ErrorCode::Unreachable),
            (418, "\u{1b}[31mteapot", ErrorCode::InvalidAnswer),
        ];
        for (status, body, code) in cases {
            assert_eq!(error(status, body).code(), code, "{status} {body}");
        }
        assert!(error(404, cases[0].1).to_string().contains("manifest unknown"));
        assert!(!error(418, cases[7].1).to_string().contains('\u{1b}'));
        assert!(error(418, &"x".repeat(10_000)).to_string().len() < 400);
        let repeated = error(400, "no such token: (Bearer eyJhbGciOi.secret) basic auth").to_string();
        assert!(
            repeated.contains("(Bearer *** basic auth") && !repeated.contains("secret"),
            "{repeated}"
        );
    }

    #[test]
    fn the_cause_is_found_inside_a_streams_error() {
        let inner = rustls::Error::InvalidCertificate(CertificateError::Expired);
        let outer = std::io::Error::other(std::io::Error::other(inner));
        assert!(find::<rustls::Error>(&outer).is_some());
        assert!(find::<std::fmt::Error>(&outer).is_none());
    }
}
