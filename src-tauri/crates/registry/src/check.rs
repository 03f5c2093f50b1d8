//! The steps of a connection's diagnosis, in the order in which they are tried. How each is tried is the backend's.

use serde::Serialize;

use crate::ErrorCode;

/// One step of `connection check` and what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckStep {
    pub step: CheckName,
    /// `None` where the step does not apply or could not be tried.
    pub ok: Option<bool>,
    /// What was found, in the user's words.
    pub detail: String,
    /// The likely cause and what to do about it.
    pub hint: Option<String>,
    /// What went wrong, where an error says it.
    pub code: Option<ErrorCode>,
    /// How long the step took; `None` if it was not tried.
    pub milliseconds: Option<u64>,
}

/// What a step looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckName {
    Name,
    Connect,
    Tls,
    Api,
    Login,
    List,
    Pull,
    Push,
    Delete,
}

impl CheckName {
    /// All steps in their order.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Connect,
        Self::Tls,
        Self::Api,
        Self::Login,
        Self::List,
        Self::Pull,
        Self::Push,
        Self::Delete,
    ];

    /// The step's name in the command line's answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Api => "api",
            Self::Login => "login",
            Self::List => "list",
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Delete => "delete",
        }
    }
}

impl CheckStep {
    /// A step that does not apply, or that an earlier failure made pointless.
    pub fn skipped(step: CheckName, detail: impl Into<String>) -> Self {
        Self {
            step,
            ok: None,
            detail: detail.into(),
            hint: None,
            code: None,
            milliseconds: None,
        }
    }
}
