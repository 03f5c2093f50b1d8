//! Why the journal could not be read or written. Knows nothing of registries.

use std::{io, path::PathBuf};

use registry::ErrorCode;
use rusqlite::ErrorCode as Code;

use super::ChangeId;

/// A failure of the journal itself. The file is never moved, rebuilt or emptied: what it holds cannot be read again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    #[error("the journal {path} was written by a newer Berth (schema {found}, this one knows {known})")]
    TooNew { path: PathBuf, found: usize, known: usize },
    #[error("the journal {path} is damaged: {detail}")]
    Corrupt { path: PathBuf, detail: String },
    #[error("the disk is full: the journal {path} could not be written")]
    DiskFull { path: PathBuf },
    /// The system refused a read or a write: a quota, a limit on file sizes, a failing disk.
    #[error("the journal {path} could not be read or written: {detail}")]
    Disk { path: PathBuf, detail: String },
    #[error("the journal {path} cannot be written")]
    ReadOnly { path: PathBuf },
    #[error("another Berth keeps the journal {path} busy")]
    Busy { path: PathBuf },
    #[error("the journal {path}: {detail}")]
    Storage { path: PathBuf, detail: String },
    #[error("the journal has no change {0}")]
    NoSuchChange(ChangeId),
    /// Whoever runs it holds its lock.
    #[error("change {0} is running in another window or berthctl")]
    Running(ChangeId),
}

impl JournalError {
    /// What a program may act on.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::TooNew { .. } => ErrorCode::IndexTooNew,
            Self::NoSuchChange(_) => ErrorCode::NotFound,
            Self::Running(_) => ErrorCode::Refused,
            Self::Corrupt { .. }
            | Self::DiskFull { .. }
            | Self::Disk { .. }
            | Self::ReadOnly { .. }
            | Self::Busy { .. }
            | Self::Storage { .. } => ErrorCode::Storage,
        }
    }

    /// What a person can do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::TooNew { .. } => "update this Berth, or give it another data folder with --data-dir",
            Self::Corrupt { .. } => {
                "nothing was moved or changed: bring the file back from a backup of the data folder; or move it away, \
                 with its -wal and -shm, and do without the history and undo of what was done so far"
            }
            Self::DiskFull { .. } => {
                "no step starts without its journal: free some space, then resume or undo the change"
            }
            Self::Disk { .. } => {
                "no step starts without its journal: look at the disk's space, quota and health, then try again"
            }
            Self::ReadOnly { .. } => "make the data folder writable, or choose another with --data-dir",
            Self::Busy { .. } => "wait until the other window or berthctl is done, then try again",
            Self::NoSuchChange(_) => "`berthctl journal` lists the changes",
            Self::Running(_) => "wait until it ends, or cancel it there",
            Self::Storage { .. } => return None,
        };
        Some(hint.to_owned())
    }

    /// Whether the same may succeed a little later without anybody changing anything.
    pub const fn retryable(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Running(_))
    }

    pub(super) fn of_sqlite(path: &std::path::Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        let detail = error.to_string();
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                Code::DiskFull => Self::DiskFull { path },
                Code::ReadOnly | Code::CannotOpen | Code::PermissionDenied => Self::ReadOnly { path },
                Code::SystemIoFailure => Self::Disk { path, detail },
                Code::DatabaseBusy | Code::DatabaseLocked => Self::Busy { path },
                Code::DatabaseCorrupt | Code::NotADatabase => Self::Corrupt { path, detail },
                _ => Self::Storage { path, detail },
            },
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Corrupt { path, detail },
            _ => Self::Storage { path, detail },
        }
    }

    pub(super) fn of_file(path: PathBuf, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::Storage {
                path,
                detail: error.to_string(),
            },
        }
    }
}
