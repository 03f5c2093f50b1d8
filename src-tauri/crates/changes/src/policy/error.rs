//! What is wrong with a policy, and what to do about it.

/// Why policies cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// A place in a file, both counted from 1, the column in characters.
    #[error("line {line}, column {column}: {}{message}", key_in_front(.key.as_deref()))]
    Misfit {
        line: usize,
        column: usize,
        key: Option<String>,
        message: String,
        hint: Option<String>,
    },
    #[error("{}lets no tag go and selects nothing", name_in_front(.policy.as_deref()))]
    NothingSelected { policy: Option<String> },
    #[error("{}is for no repository", name_in_front(.policy.as_deref()))]
    NoRepository { policy: Option<String> },
    #[error("the text holds no [[policy]]")]
    NoPolicy,
    #[error("the policies cannot be written: {0}")]
    Unwritable(String),
}

impl PolicyError {
    /// What to do next, in a sentence.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Misfit { hint, .. } => hint.as_deref(),
            Self::NothingSelected { .. } => Some(
                "add what lets tags go: keep_last, keep_last_releases, older_than, not_pulled_for, or a match other \
                 than *; or untagged for manifests without a tag",
            ),
            Self::NoRepository { .. } => Some("name repositories, or leave the key out for all of them"),
            Self::NoPolicy => Some("begin with a line [[policy]]"),
            Self::Unwritable(_) => None,
        }
    }
}

fn key_in_front(key: Option<&str>) -> String {
    key.map_or_else(String::new, |key| format!("{key}: "))
}

fn name_in_front(name: Option<&str>) -> String {
    name.map_or_else(|| "the policy ".to_owned(), |name| format!("the policy {name:?} "))
}
