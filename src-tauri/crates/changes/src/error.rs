//! Why a change could not be planned or made.

use catalog::CatalogError;
use registry::{ErrorCode, RegistryError};

/// A failure of planning or executing, with what a person needs to go on.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// A safety rule forbids it.
    #[error("{message}")]
    Refused { message: String, hint: Option<String> },
    #[error("{message}")]
    InvalidInput { message: String, hint: Option<String> },
    #[error("{0}")]
    NotFound(String),
    #[error(transparent)]
    Registry(RegistryError),
    #[error(transparent)]
    Catalog(CatalogError),
    #[error("work in the background ended early: {0}")]
    Interrupted(String),
    #[error("cancelled")]
    Cancelled,
}

impl ChangeError {
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Refused { .. } => ErrorCode::Refused,
            Self::InvalidInput { .. } => ErrorCode::InvalidInput,
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::Registry(error) => error.code(),
            Self::Catalog(error) => error.code(),
            Self::Interrupted(_) => ErrorCode::Other,
            Self::Cancelled => ErrorCode::Cancelled,
        }
    }

    /// What a person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Refused { hint, .. } | Self::InvalidInput { hint, .. } => hint.clone(),
            Self::Registry(error) => error.hint(),
            Self::Catalog(error) => error.hint(),
            Self::NotFound(_) | Self::Interrupted(_) | Self::Cancelled => None,
        }
    }

    pub fn retryable(&self) -> bool {
        match self {
            Self::Registry(error) => error.retryable(),
            Self::Catalog(error) => error.retryable(),
            _ => false,
        }
    }
}

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
            CatalogError::Cancelled | CatalogError::Registry(RegistryError::Cancelled) => Self::Cancelled,
            other => Self::Catalog(other),
        }
    }
}

impl From<tokio::task::JoinError> for ChangeError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Interrupted(error.to_string())
    }
}
