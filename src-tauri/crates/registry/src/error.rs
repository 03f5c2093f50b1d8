//! Everything that can go wrong between Berth and a registry or folder, with what a person needs to go on.
//!
//! Codes exist only where the window or the command line acts on them; messages and hints never hold a secret.

use std::{fmt, path::PathBuf, sync::Arc};

use artifact::{ByteSize, Digest};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::visible;

/// How much of a path goes into a message.
const LONGEST_PATH: usize = 300;

/// What a program may act on. Everything else is text for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    Cancelled,
    LoginRequired,
    LoginExpired,
    Denied,
    RateLimited,
    UntrustedCertificate,
    Unreachable,
    NotFound,
    InvalidInput,
    #[serde(rename = "not_a_registry")]
    NotARegistry,
    InvalidAnswer,
    Storage,
    Conflict,
    /// By a safety rule of Berth's own.
    Refused,
    KeychainUnavailable,
    IndexTooNew,
    Offline,
    NeverSynced,
    Other,
}

impl ErrorCode {
    /// The code in the command line's answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::LoginRequired => "login_required",
            Self::LoginExpired => "login_expired",
            Self::Denied => "denied",
            Self::RateLimited => "rate_limited",
            Self::UntrustedCertificate => "untrusted_certificate",
            Self::Unreachable => "unreachable",
            Self::NotFound => "not_found",
            Self::InvalidInput => "invalid_input",
            Self::NotARegistry => "not_a_registry",
            Self::InvalidAnswer => "invalid_answer",
            Self::Storage => "storage",
            Self::Conflict => "conflict",
            Self::Refused => "refused",
            Self::KeychainUnavailable => "keychain_unavailable",
            Self::IndexTooNew => "index_too_new",
            Self::Offline => "offline",
            Self::NeverSynced => "never_synced",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Where something went wrong: a registry or folder, and what in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    registry: Arc<str>,
    subject: Option<Box<str>>,
}

impl Place {
    /// A registry's host, or a folder's path.
    pub fn registry(name: impl Into<Arc<str>>) -> Self {
        Self {
            registry: name.into(),
            subject: None,
        }
    }

    /// The same registry with the repository, tag, digest or blob in question.
    #[must_use]
    pub fn with(&self, subject: impl Into<String>) -> Self {
        Self {
            registry: Arc::clone(&self.registry),
            subject: Some(subject.into().into()),
        }
    }

    /// The registry's host, or the folder's path.
    pub fn host(&self) -> &str {
        &self.registry
    }

    /// The repository (with tag or digest) in question.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subject {
            Some(subject) => write!(formatter, "{}/{subject}", self.registry),
            None => formatter.write_str(&self.registry),
        }
    }
}

/// A registry or folder did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RegistryError {
    #[error("cancelled")]
    Cancelled,
    /// No connection, or one that broke.
    #[error("{place} cannot be reached: {reason}")]
    Unreachable {
        place: Place,
        reason: String,
        hint: Option<&'static str>,
    },
    #[error("the name {host} is not known on this network")]
    NameNotResolved { host: String },
    /// One side speaks https, the other plain http.
    #[error("{place}: {reason}")]
    WrongScheme {
        place: Place,
        reason: String,
        hint: &'static str,
    },
    #[error("the proxy did not let the connection to {place} through: {reason}")]
    Proxy { place: Place, reason: String },
    #[error("the certificate of {place} is not trusted: {reason}")]
    UntrustedCertificate {
        place: Place,
        reason: String,
        issuer: Option<String>,
    },
    /// The registry asks who one is, and there is no login.
    #[error("{place} asks for a login")]
    LoginRequired { place: Place },
    /// A login that is wrong or no longer valid.
    #[error("{place} does not accept the login: {reason}")]
    LoginRefused { place: Place, reason: String },
    /// A token that was accepted once.
    #[error("the login to {place} has expired: {reason}")]
    LoginExpired { place: Place, reason: String },
    #[error("the registry does not allow this login to {action} ({place}){}", after_colon(.reason))]
    Denied {
        place: Place,
        action: &'static str,
        reason: String,
    },
    #[error("{place} was not found{}", after_colon(.reason))]
    NotFound { place: Place, reason: String },
    #[error("{place} limits the number of requests{}", until_clock(.until.as_ref()))]
    RateLimited { place: Place, until: Option<DateTime<Utc>> },
    /// 408 and 5xx, after all tries.
    #[error("{place} answered with an error of its own ({status}){}", after_colon(.reason))]
    ServerFailed { place: Place, status: u16, reason: String },
    #[error("{place} does not answer like a registry: {reason}")]
    NotARegistry { place: Place, reason: String },
    #[error("{place} sent an answer that cannot be used: {reason}")]
    InvalidAnswer { place: Place, reason: String },
    #[error("the {what} of {place} is larger than the limit of {limit}")]
    TooLarge {
        place: Place,
        what: &'static str,
        limit: ByteSize,
    },
    #[error("the content of {place} is not what its digest says: {expected} was asked for, {actual} came")]
    DigestMismatch {
        place: Place,
        expected: Box<Digest>,
        actual: Box<str>,
    },
    #[error("{place} broke off after {received} of {expected}")]
    Truncated {
        place: Place,
        received: ByteSize,
        expected: ByteSize,
    },
    /// The server does not know of parts: to read some bytes, all would have to come.
    #[error("{place} cannot be read in parts: the registry would send all {size}")]
    RangeIgnored { place: Place, size: ByteSize },
    #[error("{place} did not go on for {seconds} seconds")]
    Stalled { place: Place, seconds: u64 },
    /// A page or redirect that points elsewhere.
    #[error("{place} points to another host, {host}, which is not followed")]
    ForeignLink { place: Place, host: String },
    #[error("{place} does not support this: {what}")]
    Unsupported {
        place: Place,
        what: String,
        hint: Option<&'static str>,
    },
    /// What was sent does not please the registry (400 and the like): asking again will not help.
    #[error("{place} refused to {action}{}", after_colon(.reason))]
    Refused {
        place: Place,
        action: &'static str,
        reason: String,
    },
    /// The registry's state forbids it (409, 412): an immutable tag, something still in use.
    #[error("{place} refuses this in its present state{}", after_colon(.reason))]
    Conflict { place: Place, reason: String },
    /// A folder's files.
    #[error("{}: {source}", visible(&path.display().to_string(), LONGEST_PATH))]
    Io { path: PathBuf, source: Arc<std::io::Error> },
    /// Something in the connection or the network settings.
    #[error("{message}")]
    Configuration {
        message: String,
        hint: Option<&'static str>,
    },
}

impl RegistryError {
    /// What a verifier found, as the error of a place.
    pub(crate) fn mismatch(place: &Place, expected: &Digest, found: &artifact::DigestError) -> Self {
        let actual = match found {
            artifact::DigestError::Mismatch { actual, .. } => actual.to_string(),
            other => other.to_string(),
        };
        Self::DigestMismatch {
            place: place.clone(),
            expected: Box::new(expected.clone()),
            actual: actual.into_boxed_str(),
        }
    }

    /// A failed file operation.
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::Io {
            path: path.into(),
            source: Arc::new(source),
        }
    }

    /// What a program may act on.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Cancelled => ErrorCode::Cancelled,
            Self::Unreachable { .. }
            | Self::NameNotResolved { .. }
            | Self::WrongScheme { .. }
            | Self::Proxy { .. }
            | Self::ServerFailed { .. }
            | Self::Stalled { .. } => ErrorCode::Unreachable,
            Self::UntrustedCertificate { .. } => ErrorCode::UntrustedCertificate,
            Self::LoginRequired { .. } => ErrorCode::LoginRequired,
            Self::LoginRefused { .. } | Self::LoginExpired { .. } => ErrorCode::LoginExpired,
            Self::Denied { .. } => ErrorCode::Denied,
            Self::NotFound { .. } => ErrorCode::NotFound,
            Self::RateLimited { .. } => ErrorCode::RateLimited,
            Self::NotARegistry { .. } => ErrorCode::NotARegistry,
            Self::InvalidAnswer { .. }
            | Self::TooLarge { .. }
            | Self::DigestMismatch { .. }
            | Self::Truncated { .. }
            | Self::ForeignLink { .. } => ErrorCode::InvalidAnswer,
            Self::Unsupported { .. } | Self::Refused { .. } | Self::RangeIgnored { .. } => ErrorCode::Other,
            Self::Conflict { .. } => ErrorCode::Conflict,
            Self::Io { .. } => ErrorCode::Storage,
            Self::Configuration { .. } => ErrorCode::InvalidInput,
        }
    }

    /// Whether the same request may succeed a little later without anybody changing anything.
    pub const fn retryable(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::NameNotResolved { .. }
                | Self::Proxy { .. }
                | Self::RateLimited { .. }
                | Self::ServerFailed { .. }
                | Self::Truncated { .. }
                | Self::Stalled { .. }
        )
    }

    /// What to do next, in a sentence.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Unreachable { hint, .. } => {
                hint.unwrap_or("check that the registry runs and that the address and port are right")
            }
            Self::NameNotResolved { .. } => {
                "check the spelling of the address, the network, and whether a VPN is needed"
            }
            Self::WrongScheme { hint, .. } => hint,
            Self::Proxy { .. } => "check the proxy in the settings and the variables HTTPS_PROXY and NO_PROXY",
            Self::UntrustedCertificate { issuer, .. } => return Some(certificate_hint(issuer.as_deref())),
            Self::LoginRequired { .. } => "add a login to the connection: a user name with a password or access token",
            Self::LoginRefused { .. } => {
                "the user name or the secret is wrong, or it was revoked or has expired: log in again"
            }
            Self::LoginExpired { .. } => "log in again",
            Self::Denied { action, .. } => denied_hint(action),
            Self::NotFound { .. } => "check the name; some registries also answer so when the login may not see it",
            Self::RateLimited { .. } => "wait, or log in: many registries allow more with a login",
            Self::ServerFailed { .. } => "the fault is on the registry's side: try again later, or tell its operator",
            Self::NotARegistry { .. } => {
                "check the address: it must be the registry's own, not that of its web page; a log-in page of a company proxy answers so too"
            }
            Self::TooLarge { .. } | Self::InvalidAnswer { .. } | Self::ForeignLink { .. } => {
                "the answer breaks the rules of the registry protocol: check the address, or tell the registry's operator"
            }
            Self::DigestMismatch { .. } => {
                "something changed the content on its way or in the registry: nothing of it was used"
            }
            Self::Truncated { .. } | Self::Stalled { .. } => "the network or the registry is overloaded: try again",
            Self::Unsupported { hint, .. } | Self::Configuration { hint, .. } => return hint.map(str::to_owned),
            Self::RangeIgnored { .. } => "read it as a stream if that is worth it; nothing of it was read",
            Self::Refused { .. } => "see the registry's own message, or ask its operator",
            Self::Conflict { .. } => {
                "see the registry's own message: the tag may be immutable, or the version still in use"
            }
            Self::Io { source, .. } => return io_hint(source).map(str::to_owned),
            Self::Cancelled => return None,
        };
        Some(hint.to_owned())
    }
}

fn certificate_hint(issuer: Option<&str>) -> String {
    match issuer {
        Some(issuer) => {
            format!("it was issued by “{issuer}”: if that is your own authority, choose its CA file in the connection")
        }
        None => "if the registry uses your own authority, choose its CA file in the connection".to_owned(),
    }
}

fn denied_hint(action: &str) -> &'static str {
    if action == "list the repositories" {
        "pin repositories by name: they can be used without listing"
    } else {
        "ask the registry's owner for the permission, or use another login"
    }
}

fn io_hint(error: &std::io::Error) -> Option<&'static str> {
    match error.kind() {
        std::io::ErrorKind::StorageFull => Some("the disk is full: make room and try again"),
        std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
            Some("the folder cannot be written or read: check its permissions")
        }
        std::io::ErrorKind::NotFound => Some("check that the folder still exists and that its disk is mounted"),
        _ => None,
    }
}

/// `: reason`, or nothing.
fn after_colon(reason: &str) -> String {
    if reason.is_empty() {
        String::new()
    } else {
        format!(": {reason}")
    }
}

fn until_clock(until: Option<&DateTime<Utc>>) -> String {
    until.map_or_else(String::new, |until| format!(", until {} UTC", until.format("%H:%M")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_stay_small_enough_to_return_by_value() {
        assert!(size_of::<RegistryError>() <= 128, "{}", size_of::<RegistryError>());
    }

    #[test]
    fn a_foreign_path_reaches_no_terminal_as_it_is() {
        let source = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let error = RegistryError::io("/models/a\u{1b}[2Jb", source);
        assert!(error.to_string().starts_with("/models/a [2Jb: "), "{error}");
    }

    #[test]
    fn a_message_names_the_place() {
        let error = RegistryError::NotFound {
            place: Place::registry("ghcr.io").with("team/model:v1"),
            reason: String::new(),
        };
        assert_eq!(error.to_string(), "ghcr.io/team/model:v1 was not found");
        assert_eq!(error.code().as_str(), "not_found");
        assert!(error.hint().is_some());
    }
}
