//! What can go wrong with a login that stands on this computer, and what to do about it.

use std::path::PathBuf;

use crate::ErrorCode;

/// A login that is there but cannot be used. Never holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{} is not a list of logins: {reason}", path.display())]
    NotJson { path: PathBuf, reason: String },
    #[error("{} is larger than a list of logins may be ({limit} bytes)", path.display())]
    TooLarge { path: PathBuf, limit: u64 },
    #[error("the login for {host} in {} cannot be decoded", path.display())]
    Undecodable { path: PathBuf, host: String },
    #[error("the credential helper docker-credential-{name} was not found")]
    HelperMissing { name: String },
    #[error("the credential helper docker-credential-{name} could not be run: {source}")]
    HelperNotRun { name: String, source: std::io::Error },
    #[error("the credential helper docker-credential-{name} did not answer within {seconds} seconds")]
    HelperSilent { name: String, seconds: u64 },
    #[error("the credential helper docker-credential-{name} failed for {server}: {reason}")]
    HelperFailed {
        name: String,
        server: String,
        reason: String,
    },
    #[error("the credential store of docker-credential-{name} is locked: {reason}")]
    StoreLocked { name: String, reason: String },
    #[error("the credential helper docker-credential-{name} gave an answer that is no login")]
    HelperAnswer { name: String },
}

impl LoginError {
    /// What kind of failure this is for whoever acts on it.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::StoreLocked { .. } => ErrorCode::KeychainUnavailable,
            Self::HelperFailed { .. } => ErrorCode::LoginRequired,
            _ => ErrorCode::InvalidInput,
        }
    }

    /// The one thing to do next.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Unreadable { path, .. } => format!("allow this user to read {}", path.display()),
            Self::NotJson { path, .. } => {
                format!(
                    "correct {}, or move it away and run `docker login` again",
                    path.display()
                )
            }
            Self::TooLarge { path, .. } => format!("look whether {} is what it should be", path.display()),
            Self::Undecodable { host, .. } => format!("run `docker login {host}` again"),
            Self::HelperMissing { name } => format!(
                "install docker-credential-{name}, or put its folder on PATH; or add the connection with a user and a password"
            ),
            Self::HelperNotRun { name, .. } => format!("try `docker-credential-{name} list` in a terminal"),
            Self::HelperSilent { name, .. } => format!(
                "it may be asking something in another window; try `docker-credential-{name} list` in a terminal"
            ),
            Self::HelperFailed { server, .. } => format!("run `docker login {server}` again"),
            Self::StoreLocked { .. } => "unlock the keychain of this computer, then try again".to_owned(),
            Self::HelperAnswer { name } => format!("update docker-credential-{name}"),
        })
    }

    /// Whether the same may work a moment later without anybody changing anything.
    pub fn retryable(&self) -> bool {
        matches!(self, Self::HelperSilent { .. } | Self::StoreLocked { .. })
    }
}
