//! A secret on standard input: the only way in besides the keychain and docker logins.

use std::io::{self, IsTerminal, Read};

use application::{ApplicationError, Secret};

/// More than any password, token or key file has.
const LONGEST: u64 = 1_000_000;

/// Reads the whole of standard input, without the line end after it.
///
/// # Errors
/// If there is nothing, no text, or far too much.
pub(crate) fn read() -> Result<Secret, ApplicationError> {
    let input = io::stdin();
    if input.is_terminal() {
        return Err(
            ApplicationError::invalid("--password-stdin reads a pipe or a file, not what is typed")
                .with_hint("printf '%s' \"$TOKEN\" | berthctl … --password-stdin"),
        );
    }
    from(input.lock())
}

fn from(input: impl Read) -> Result<Secret, ApplicationError> {
    let mut text = String::new();
    // What is read is wiped with the secret that it becomes; its length is not known before, so that it may have moved.
    input.take(LONGEST + 1).read_to_string(&mut text).map_err(|error| {
        ApplicationError::invalid(format!("the password on standard input cannot be read: {error}"))
    })?;
    if text.len() as u64 > LONGEST {
        return Err(ApplicationError::invalid(
            "what stands on standard input is too long for a password",
        ));
    }
    text.truncate(text.trim_end_matches(['\n', '\r']).len());
    if text.is_empty() {
        return Err(ApplicationError::invalid("there is no password on standard input")
            .with_hint("printf '%s' \"$TOKEN\" | berthctl … --password-stdin"));
    }
    Ok(Secret::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_end_is_no_part_of_a_password() {
        let read = |text: &str| from(text.as_bytes()).map(|secret| secret.expose().to_owned());
        assert_eq!(read("hunter2\r\n"), Ok("hunter2".to_owned()));
        assert_eq!(read(" two words "), Ok(" two words ".to_owned()));
        assert_eq!(read("{\n \"key\": 1\n}\n"), Ok("{\n \"key\": 1\n}".to_owned()));
        assert!(read("\n").is_err());
        assert!(from([0xff, 0xfe].as_slice()).is_err());
    }
}
