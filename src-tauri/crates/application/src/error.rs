//! What went wrong, in a form that a person can act on.

use std::fmt;

use artifact::{DigestError, NameError, PlatformError};
use catalog::CatalogError;
use changes::{ChangeError, ChosenError, JournalError, PatternError, PeriodError, PolicyError};
use registry::{ErrorCode, RegistryError, docker_login::LoginError};

use crate::{sample::SampleError, secrets::SecretError, settings::SettingsError};

/// A failed use case, or a problem that stands beside a connection or a row. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ApplicationError {
    /// What a program may act on.
    pub code: ErrorCode,
    /// What happened, with the registry, repository or file that it happened to.
    pub message: String,
    /// The one thing to do next.
    pub hint: Option<String>,
    /// Whether the same may succeed a little later without anybody changing anything.
    pub retryable: bool,
}

impl ApplicationError {
    /// A failure that trying again does not mend.
    pub fn new(code: ErrorCode, message: impl fmt::Display) -> Self {
        Self {
            code,
            message: message.to_string(),
            hint: None,
            retryable: false,
        }
    }

    /// Something that was typed in cannot be used.
    pub fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidInput, message.into())
    }

    /// The same for what can be displayed.
    pub fn invalid(message: impl fmt::Display) -> Self {
        Self::new(ErrorCode::InvalidInput, message)
    }

    /// Something that was asked for is not there.
    pub fn not_found(message: impl fmt::Display) -> Self {
        Self::new(ErrorCode::NotFound, message)
    }

    /// The operation was cancelled; never shown as an error.
    pub fn cancelled() -> Self {
        Self::new(ErrorCode::Cancelled, "cancelled")
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl fmt::Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    /// Whether a person ended it.
    pub fn is_cancelled(&self) -> bool {
        self.code == ErrorCode::Cancelled
    }
}

impl From<CatalogError> for ApplicationError {
    fn from(error: CatalogError) -> Self {
        Self {
            code: error.code(),
            message: error.to_string(),
            hint: error.hint(),
            retryable: error.retryable(),
        }
    }
}

impl From<RegistryError> for ApplicationError {
    fn from(error: RegistryError) -> Self {
        Self {
            code: error.code(),
            message: error.to_string(),
            hint: error.hint(),
            retryable: error.retryable(),
        }
    }
}

impl From<ChangeError> for ApplicationError {
    fn from(error: ChangeError) -> Self {
        Self {
            code: error.code(),
            message: error.to_string(),
            hint: error.hint(),
            retryable: error.retryable(),
        }
    }
}

impl From<JournalError> for ApplicationError {
    fn from(error: JournalError) -> Self {
        ChangeError::from(error).into()
    }
}

impl From<PolicyError> for ApplicationError {
    fn from(error: PolicyError) -> Self {
        let hint = error.hint().map(str::to_owned);
        Self {
            hint,
            ..Self::invalid(error)
        }
    }
}

impl From<PatternError> for ApplicationError {
    fn from(error: PatternError) -> Self {
        let hint = error.hint();
        Self::invalid(error).with_hint(hint)
    }
}

impl From<PeriodError> for ApplicationError {
    fn from(error: PeriodError) -> Self {
        let hint = error.hint();
        Self::invalid(error).with_hint(hint)
    }
}

impl From<ChosenError> for ApplicationError {
    fn from(error: ChosenError) -> Self {
        let hint = error.hint();
        Self::invalid(error).with_hint(hint)
    }
}

impl From<LoginError> for ApplicationError {
    fn from(error: LoginError) -> Self {
        Self {
            code: error.code(),
            message: error.to_string(),
            hint: error.hint(),
            retryable: error.retryable(),
        }
    }
}

impl From<SecretError> for ApplicationError {
    fn from(error: SecretError) -> Self {
        Self {
            code: ErrorCode::KeychainUnavailable,
            message: error.to_string(),
            hint: Some(error.hint()),
            retryable: error.retryable(),
        }
    }
}

impl From<SettingsError> for ApplicationError {
    fn from(error: SettingsError) -> Self {
        Self {
            code: error.code(),
            message: error.to_string(),
            hint: error.hint(),
            retryable: false,
        }
    }
}

impl From<SampleError> for ApplicationError {
    fn from(error: SampleError) -> Self {
        let code = match error {
            SampleError::AlreadyThere(_) => ErrorCode::Conflict,
            SampleError::NoPlace(_) => ErrorCode::InvalidInput,
            SampleError::Folder { .. } | SampleError::Layout(_) => ErrorCode::Storage,
            SampleError::Layer(_) | SampleError::Weights(_) => ErrorCode::Other,
        };
        Self {
            code,
            message: error.to_string(),
            hint: error.hint(),
            retryable: false,
        }
    }
}

impl From<ApplicationError> for catalog::Problem {
    /// A problem of a connection as a whole.
    fn from(error: ApplicationError) -> Self {
        Self {
            repository: None,
            reference: None,
            code: error.code,
            message: error.message,
            hint: error.hint,
            retryable: error.retryable,
        }
    }
}

impl From<catalog::Problem> for ApplicationError {
    fn from(problem: catalog::Problem) -> Self {
        Self {
            code: problem.code,
            message: problem.message,
            hint: problem.hint,
            retryable: problem.retryable,
        }
    }
}

impl From<NameError> for ApplicationError {
    fn from(error: NameError) -> Self {
        Self::invalid(error)
    }
}

impl From<DigestError> for ApplicationError {
    fn from(error: DigestError) -> Self {
        Self::invalid(error)
    }
}

impl From<PlatformError> for ApplicationError {
    fn from(error: PlatformError) -> Self {
        Self::invalid(error)
    }
}

impl From<tokio::task::JoinError> for ApplicationError {
    fn from(error: tokio::task::JoinError) -> Self {
        if error.is_cancelled() {
            return Self::cancelled();
        }
        Self::new(ErrorCode::Other, format!("a part of Berth failed: {error}"))
            .with_hint("this is a fault of Berth: please report it with what you did")
    }
}
