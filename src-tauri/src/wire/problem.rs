//! Failures on their way to the window: a closed code that it may act on, and texts that it shows.

use serde::Serialize;
use specta::Type;

/// What a failure means for the window. A code exists only where the window does something with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
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
    #[serde(rename = "notARegistry")]
    NotARegistry,
    InvalidAnswer,
    Storage,
    Conflict,
    Refused,
    KeychainUnavailable,
    IndexTooNew,
    Offline,
    NeverSynced,
    Other,
}

/// What every command is rejected with, and what stands beside a connection or a row that has a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    pub code: ErrorCode,
    /// What happened, a sentence.
    pub message: String,
    /// What to do about it, a sentence.
    pub hint: Option<String>,
    pub retryable: bool,
}
