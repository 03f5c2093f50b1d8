//! Why a change could not be planned or made. What one step met is in its outcome, not here.

use catalog::CatalogError;
use registry::{ErrorCode, RegistryError};

use crate::{JournalError, Outcome};

/// A change that cannot be planned or begun.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// A safety rule stands against it.
    #[error("{message}")]
    Refused { message: String, hint: Option<String> },
    /// What was asked for cannot be understood, or does not fit what is there.
    #[error("{message}")]
    InvalidInput { message: String, hint: Option<String> },
    #[error("{0}")]
    NotFound(String),
    #[error("cancelled")]
    Cancelled,
    /// Work in the background ended in the middle: a fault of Berth.
    #[error("a part of Berth failed: {0}")]
    Fault(String),
    #[error(transparent)]
    Registry(RegistryError),
    #[error(transparent)]
    Catalog(CatalogError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The journal could not be written in the middle of a run: no further step was started.
    #[error("stopped: {cause}")]
    Stopped {
        cause: JournalError,
        /// What was done until then.
        outcome: Box<Outcome>,
    },
}

impl ChangeError {
    /// What stands against a safety rule, and what to do about it.
    pub fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused {
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    /// What does not fit, and what would.
    pub fn invalid(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::InvalidInput {
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    /// What a program may act on.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Refused { .. } => ErrorCode::Refused,
            Self::InvalidInput { .. } => ErrorCode::InvalidInput,
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::Cancelled => ErrorCode::Cancelled,
            Self::Fault(_) => ErrorCode::Other,
            Self::Registry(error) => error.code(),
            Self::Catalog(error) => error.code(),
            Self::Journal(error) | Self::Stopped { cause: error, .. } => error.code(),
        }
    }

    /// What a person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Refused { hint, .. } | Self::InvalidInput { hint, .. } => hint.clone(),
            Self::NotFound(_) | Self::Cancelled => None,
            Self::Fault(_) => Some("please report it with what you did".to_owned()),
            Self::Registry(error) => error.hint(),
            Self::Catalog(error) => error.hint(),
            Self::Journal(error) | Self::Stopped { cause: error, .. } => error.hint(),
        }
    }

    /// Whether the same may succeed a little later without anybody changing anything.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Registry(error) => error.retryable(),
            Self::Catalog(error) => error.retryable(),
            Self::Journal(error) | Self::Stopped { cause: error, .. } => error.retryable(),
            Self::Refused { .. } | Self::InvalidInput { .. } | Self::NotFound(_) | Self::Fault(_) | Self::Cancelled => {
                false
            }
        }
    }
}

/// A cancelled request is a cancelled change, not a failure of the registry.
impl From<RegistryError> for ChangeError {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Cancelled => Self::Cancelled,
            other => Self::Registry(other),
        }
    }
}

impl From<CatalogError> for ChangeError {
    fn from(error: CatalogError) -> Self {
        match error {
            CatalogError::Cancelled => Self::Cancelled,
            CatalogError::Registry(error) => error.into(),
            other => Self::Catalog(other),
        }
    }
}

impl From<tokio::task::JoinError> for ChangeError {
    fn from(error: tokio::task::JoinError) -> Self {
        if error.is_cancelled() {
            return Self::Cancelled;
        }
        Self::Fault(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cancelling_is_no_failure_of_the_registry() {
        let errors = [
            ChangeError::from(RegistryError::Cancelled),
            ChangeError::from(CatalogError::Cancelled),
            ChangeError::from(CatalogError::Registry(RegistryError::Cancelled)),
        ];
        for error in errors {
            assert_eq!(error.code(), ErrorCode::Cancelled);
        }
    }

    #[test]
    fn a_safety_rule_has_a_code_of_its_own() {
        let error = ChangeError::refused("the channel asks for a signature", "sign it first");
        assert_eq!(error.code(), ErrorCode::Refused);
        assert_eq!(error.hint().as_deref(), Some("sign it first"));
        assert!(!error.retryable());
    }
}
