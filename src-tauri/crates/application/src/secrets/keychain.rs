//! The operating system's keychain: Secret Service, macOS Keychain, Windows Credential Manager.

use keyring::{Entry, Error};
use registry::Secret;

use super::{SecretError, SecretStore};

const SERVICE: &str = "berth";

/// The most that one entry takes, in bytes: Windows allows 2,560, in UTF-16 for some of its tools.
const ENTRY_LENGTH: usize = 2_000;

/// The most entries that one secret takes: room for a service account's key in JSON many times over.
const ENTRIES: usize = 64;

/// The keychain of this computer's user. An account is one entry, or, for a long secret, a first entry that tells how
/// many numbered ones (`ACCOUNT.1`, `ACCOUNT.2` …) hold its parts.
#[derive(Debug, Default)]
pub struct KeychainStore;

/// Begins the first entry of a secret in parts. Not a text that a password begins with: U+0001 cannot be typed.
const PARTS: &str = "\u{1}berth-parts:";

impl SecretStore for KeychainStore {
    fn name(&self) -> &'static str {
        if cfg!(target_os = "macos") {
            "Keychain"
        } else if cfg!(windows) {
            "Credential Manager"
        } else {
            "Secret Service"
        }
    }

    fn probe(&self) -> Result<(), SecretError> {
        // An entry that is never written: a locked keychain asks for its password here, as it would later.
        read_entry("availability").map(drop)
    }

    fn read(&self, account: &str) -> Result<Option<Secret>, SecretError> {
        let Some(first) = read_entry(account)? else {
            return Ok(None);
        };
        let Some(count) = parts_of(&first) else {
            return Ok(Some(first));
        };
        let mut whole = String::with_capacity(count * ENTRY_LENGTH);
        for number in 1..=count {
            let part = read_entry(&part_account(account, number))?.ok_or(SecretError::Incomplete)?;
            whole.push_str(part.expose());
        }
        Ok(Some(Secret::from(whole)))
    }

    fn write(&self, account: &str, secret: &Secret) -> Result<(), SecretError> {
        let before = read_entry(account)?
            .and_then(|first| parts_of(&first))
            .unwrap_or_default();
        let parts = split(secret.expose());
        let count = if parts.len() > 1 { parts.len() } else { 0 };
        if count > ENTRIES {
            let reason = format!("the secret is longer than {} bytes", ENTRIES * ENTRY_LENGTH);
            return Err(SecretError::Refused { reason });
        }
        if count == 0 {
            write_entry(account, secret.expose())?;
        } else {
            for (number, part) in (1..).zip(&parts) {
                write_entry(&part_account(account, number), part)?;
            }
            write_entry(account, &format!("{PARTS}{count}"))?;
        }
        delete_parts(account, count + 1, before)
    }

    fn delete(&self, account: &str) -> Result<(), SecretError> {
        let parts = read_entry(account)?
            .and_then(|first| parts_of(&first))
            .unwrap_or_default();
        delete_entry(account)?;
        delete_parts(account, 1, parts)
    }
}

/// In how many parts a secret is, if this is the first entry of one in parts.
fn parts_of(first: &Secret) -> Option<usize> {
    first
        .expose()
        .strip_prefix(PARTS)?
        .parse()
        .ok()
        .filter(|count| *count <= ENTRIES)
}

fn part_account(account: &str, number: usize) -> String {
    format!("{account}.{number}")
}

/// Parts of at most [`ENTRY_LENGTH`] bytes, cut between characters.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while rest.len() > ENTRY_LENGTH {
        let (part, after) = rest.split_at(rest.floor_char_boundary(ENTRY_LENGTH));
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

fn delete_parts(account: &str, from: usize, to: usize) -> Result<(), SecretError> {
    (from..=to).try_for_each(|number| delete_entry(&part_account(account, number)))
}

fn entry(account: &str) -> Result<Entry, SecretError> {
    if let Err(error) = Entry::store_status() {
        return Err(SecretError::Absent {
            reason: error.to_string(),
        });
    }
    Entry::new(SERVICE, account).map_err(|error| explain(&error))
}

fn read_entry(account: &str) -> Result<Option<Secret>, SecretError> {
    match entry(account)?.get_password() {
        Ok(text) => Ok(Some(Secret::from(text))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(explain(&error)),
    }
}

fn write_entry(account: &str, text: &str) -> Result<(), SecretError> {
    entry(account)?.set_password(text).map_err(|error| explain(&error))
}

fn delete_entry(account: &str) -> Result<(), SecretError> {
    match entry(account)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(explain(&error)),
    }
}

/// Never shows the bytes that some errors carry.
fn explain(error: &Error) -> SecretError {
    match error {
        Error::NoStorageAccess(source) => SecretError::Locked {
            reason: source.to_string(),
        },
        Error::NoDefaultStore => SecretError::Absent {
            reason: error.to_string(),
        },
        Error::PlatformFailure(source) => SecretError::Refused {
            reason: source.to_string(),
        },
        Error::BadEncoding(_) | Error::BadDataFormat(..) => SecretError::Refused {
            reason: "its entry is not a text that Berth wrote".to_owned(),
        },
        Error::Ambiguous(entries) => SecretError::Refused {
            reason: format!("{} entries have the same name", entries.len()),
        },
        other => SecretError::Refused {
            reason: other.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn parts_are_short_and_make_the_whole(text in "[a-zé€😀]{0,3000}") {
            let parts = split(&text);
            proptest::prop_assert!(parts.iter().all(|part| part.len() <= ENTRY_LENGTH));
            proptest::prop_assert_eq!(parts.concat(), text);
        }
    }

    #[test]
    fn only_the_mark_of_parts_reads_as_such() {
        assert_eq!(parts_of(&Secret::from(format!("{PARTS}3"))), Some(3));
        assert_eq!(parts_of(&Secret::from("berth-parts:3")), None);
        assert_eq!(parts_of(&Secret::from(format!("{PARTS}999999"))), None);
    }

    #[test]
    fn an_error_shows_no_bytes_of_a_secret() {
        let error = explain(&Error::BadEncoding(b"hunter2\xff".to_vec()));
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
