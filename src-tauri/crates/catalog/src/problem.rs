//! What could not be read, kept beside what could.

use artifact::RepositoryName;
use registry::{ErrorCode, RegistryError};
use serde::{Deserialize, Serialize};

/// A failure that concerns one repository or one reference, and stopped nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `None`: the connection as a whole (its listing was refused, say).
    pub repository: Option<RepositoryName>,
    /// The tag or digest inside the repository.
    pub reference: Option<String>,
    pub code: ErrorCode,
    pub message: String,
    pub hint: Option<String>,
    pub retryable: bool,
}

impl Problem {
    /// The problem that a registry's answer makes for `reference` of `repository`.
    pub fn of(repository: Option<&RepositoryName>, reference: Option<String>, error: &RegistryError) -> Self {
        Self {
            repository: repository.cloned(),
            reference,
            code: error.code(),
            message: error.to_string(),
            hint: error.hint(),
            retryable: error.retryable(),
        }
    }
}
