//! Where secrets are kept: the operating system's keychain, or this process's memory, never a file of Berth's.
//!
//! Must not know connections or registries: an account is an opaque text.

mod keychain;
mod session;

use std::fmt::Debug;

use registry::Secret;

pub use keychain::KeychainStore;
pub use session::SessionStore;

/// Why a secret cannot be kept or had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    #[error("this computer offers no keychain to Berth: {reason}")]
    Absent { reason: String },
    #[error("the keychain is locked or did not let Berth in: {reason}")]
    Locked { reason: String },
    #[error("the keychain did not answer within {seconds} seconds")]
    Silent { seconds: u64 },
    #[error("the keychain refused: {reason}")]
    Refused { reason: String },
    #[error("the keychain's entry for this connection is incomplete")]
    Incomplete,
}

impl SecretError {
    /// What is missing and how to get it.
    pub fn hint(&self) -> String {
        match self {
            Self::Absent { .. } => absent_hint(),
            Self::Locked { .. } => "unlock the keychain, then try again; or keep the secret for this session only \
                                    (--no-store)"
                .to_owned(),
            Self::Silent { .. } => "it may be asking something in another window; or keep the secret for this session \
                                    only (--no-store)"
                .to_owned(),
            Self::Refused { .. } => "keep the secret for this session only (--no-store)".to_owned(),
            Self::Incomplete => "log in to the connection again".to_owned(),
        }
    }

    /// Whether the same may work later without anybody changing Berth's settings.
    pub fn retryable(&self) -> bool {
        matches!(self, Self::Locked { .. } | Self::Silent { .. })
    }
}

fn absent_hint() -> String {
    let how = if cfg!(target_os = "linux") {
        "start a secret service (package gnome-keyring or KWallet; KeePassXC offers one too) in this desktop session, \
         then start Berth again"
    } else {
        "log in to the desktop, then start Berth again"
    };
    format!("{how}; or keep the secret for this session only (--no-store)")
}

/// Keeps secrets by account. Blocking: may ask a person to unlock it.
pub trait SecretStore: Send + Sync + Debug {
    /// What it is called: "Secret Service".
    fn name(&self) -> &'static str;

    /// Whether secrets can be kept at this moment.
    ///
    /// # Errors
    /// What is missing.
    fn probe(&self) -> Result<(), SecretError>;

    /// The secret of an account; `None`: there is none.
    ///
    /// # Errors
    /// When the store cannot be reached or is locked.
    fn read(&self, account: &str) -> Result<Option<Secret>, SecretError>;

    /// Keeps a secret in place of what was kept before.
    ///
    /// # Errors
    /// When the store cannot be reached or is locked; then nothing is kept.
    fn write(&self, account: &str, secret: &Secret) -> Result<(), SecretError>;

    /// Forgets an account; one that is not there is no error.
    ///
    /// # Errors
    /// When the store cannot be reached or is locked.
    fn delete(&self, account: &str) -> Result<(), SecretError>;
}
