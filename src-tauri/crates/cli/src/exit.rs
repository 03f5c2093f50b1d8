//! How berthctl ends. Scripts rely on the codes.

use std::process::ExitCode;

use application::{ApplicationError, ErrorCode};

/// The ways to end that a shell can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// Failed; nothing changed.
    Failed,
    /// The arguments cannot be used.
    Usage,
    /// Done in part; the result says what is missing.
    Part,
    /// A safety rule forbids it; nothing changed.
    Refused,
    /// What was compared differs, and that was asked.
    Different,
    /// Ended by the person.
    Cancelled,
}

impl Exit {
    const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Part => 3,
            Self::Refused => 4,
            Self::Different => 5,
            Self::Cancelled => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<&ApplicationError> for Exit {
    fn from(error: &ApplicationError) -> Self {
        match error.code {
            ErrorCode::Cancelled => Self::Cancelled,
            ErrorCode::InvalidInput => Self::Usage,
            ErrorCode::Refused => Self::Refused,
            _ => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_contract() {
        let codes = [
            Exit::Done,
            Exit::Failed,
            Exit::Usage,
            Exit::Part,
            Exit::Refused,
            Exit::Different,
            Exit::Cancelled,
        ]
        .map(Exit::code);
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 130]);
        assert_eq!(Exit::from(&ApplicationError::cancelled()), Exit::Cancelled);
        assert_eq!(Exit::from(&ApplicationError::not_found("x")), Exit::Failed);
        assert_eq!(Exit::from(&ApplicationError::invalid("x")), Exit::Usage);
    }
}
