//! What cannot be read again: connections, channels, protected tags, policies and preferences, in `settings.toml`.
//!
//! Holds no secret. Knows the file's form and its rules; must not know registries, the index or the keychain.

mod connection;
mod file;
mod keys;
mod merge;
mod policies;
mod preferences;
mod route;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use registry::ErrorCode;

pub use connection::Location;
pub(crate) use connection::{SavedConnection, SecretPlace, check_name};
pub(crate) use file::{Saved, SettingsFile};
pub(crate) use keys::{get, set, with_changes};
pub(crate) use policies::SavedPolicy;
pub use preferences::{ChannelMark, ChannelSetting, KeySetting, ProxySetting, Settings, SizeUnits, Theme, TimeStyle};
pub use route::RouteSetting;

/// Why the settings cannot be read, used or written. The file is never overwritten then.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("{} line {line}: {reason}", path.display())]
    Broken { path: PathBuf, line: usize, reason: String },
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{} cannot be written: {source}", path.display())]
    Unwritable { path: PathBuf, source: std::io::Error },
    #[error("{key}: {reason}")]
    Value { key: String, reason: String },
    #[error("there is no setting {0:?}")]
    UnknownKey(String),
    #[error("the settings cannot be written as TOML: {0}")]
    Form(String),
}

impl SettingsError {
    /// A value that a setting cannot have.
    pub(crate) fn value(key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Value {
            key: key.into(),
            reason: reason.into(),
        }
    }

    /// What a program may act on.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Broken { .. } | Self::Unreadable { .. } | Self::Unwritable { .. } | Self::Form(_) => {
                ErrorCode::Storage
            }
            Self::Value { .. } | Self::UnknownKey(_) => ErrorCode::InvalidInput,
        }
    }

    /// The one thing to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Broken { path, line, .. } => Some(format!(
                "correct line {line} of {}, or move the file away to begin with the defaults; Berth does not touch it",
                path.display()
            )),
            Self::Unreadable { path, .. } => Some(format!("allow this user to read {}", path.display())),
            Self::Unwritable { source, path } => Some(match source.kind() {
                std::io::ErrorKind::StorageFull => "the disk is full: make room and try again".to_owned(),
                _ => format!(
                    "make {} writable, or choose another data folder with --data-dir",
                    path.display()
                ),
            }),
            Self::Value { .. } => Some("see `berthctl settings get` for all settings as they are".to_owned()),
            Self::UnknownKey(_) => Some("see `berthctl settings get` for all keys".to_owned()),
            Self::Form(_) => None,
        }
    }
}
