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

    /// As the index keeps it.
    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// `None` for a text that is none.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_come_back_as_they_were_kept() {
        for code in [ErrorCode::LoginRequired, ErrorCode::NotARegistry, ErrorCode::Other] {
            let problem = Problem {
                repository: Some("team/model".parse().expect("a name")),
                reference: Some("v1".to_owned()),
                code,
                message: "it says \"no\"".to_owned(),
                hint: None,
                retryable: true,
            };
            assert_eq!(Problem::from_text(&problem.to_text()), Some(problem));
        }
    }
}
