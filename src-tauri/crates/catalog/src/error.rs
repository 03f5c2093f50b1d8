//! Why the index could not answer.

use std::path::PathBuf;

use artifact::{ContentsError, Digest};
use registry::{ErrorCode, RegistryError};

/// A failure of the index itself, or of a registry where nothing at all could be read.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("the index {path} was written by a newer Berth (schema {found}, this one knows {known})")]
    TooNew { path: PathBuf, found: usize, known: usize },
    #[error("the index {path} is damaged: {detail}")]
    Corrupt { path: PathBuf, detail: String },
    #[error("the disk is full: the index {path} could not be written")]
    DiskFull { path: PathBuf },
    #[error("the folder of the index {path} cannot be written")]
    ReadOnly { path: PathBuf },
    #[error("another Berth keeps the index {path} busy")]
    Busy { path: PathBuf },
    /// What would be dropped from the index is being written to.
    #[error("another Berth is synchronising the connection")]
    Syncing,
    #[error("the index {path}: {detail}")]
    Storage { path: PathBuf, detail: String },
    #[error("{0} was never synced")]
    NeverSynced(String),
    #[error("{0} is not in the index")]
    NotFound(String),
    #[error("{0}")]
    InvalidInput(String),
    #[error("the layer {layer} cannot be read: {source}")]
    Contents { layer: Digest, source: ContentsError },
    #[error(transparent)]
    Registry(#[from] RegistryError),
    #[error("cancelled")]
    Cancelled,
}

impl CatalogError {
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::TooNew { .. } => ErrorCode::IndexTooNew,
            Self::Corrupt { .. }
            | Self::DiskFull { .. }
            | Self::ReadOnly { .. }
            | Self::Busy { .. }
            | Self::Storage { .. } => ErrorCode::Storage,
            Self::NeverSynced(_) => ErrorCode::NeverSynced,
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::Syncing => ErrorCode::Conflict,
            Self::InvalidInput(_) => ErrorCode::InvalidInput,
            Self::Contents { .. } => ErrorCode::InvalidAnswer,
            Self::Registry(error) => error.code(),
            Self::Cancelled => ErrorCode::Cancelled,
        }
    }

    /// What a person can do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::TooNew { .. } => "update this Berth, or give it another data folder with --data-dir",
            Self::Corrupt { .. } => "start Berth again: it keeps the damaged file aside and builds a new index",
            Self::DiskFull { .. } => "free some space on the disk, then sync again; what was read so far is kept",
            Self::ReadOnly { .. } => "make the data folder writable, or choose another with --data-dir",
            Self::Busy { .. } => "wait until the other window or berthctl is done, then try again",
            Self::Syncing => "try again when it is done",
            Self::NeverSynced(_) => "run `berthctl sync` for it, or leave --offline out",
            Self::Storage { .. } | Self::NotFound(_) | Self::InvalidInput(_) | Self::Cancelled => return None,
            Self::Contents { source, .. } => return source.hint().map(str::to_owned),
            Self::Registry(error) => return error.hint(),
        };
        Some(hint.to_owned())
    }

    pub fn retryable(&self) -> bool {
        match self {
            Self::Busy { .. } | Self::Syncing => true,
            Self::Registry(error) => error.retryable(),
            _ => false,
        }
    }
}
