//! What an error of `SQLite` means for a person.

use std::path::Path;

use rusqlite::{Error, ErrorCode as Code};

use crate::CatalogError;

pub(super) fn translate(path: &Path, error: &Error) -> CatalogError {
    let path = path.to_owned();
    let detail = error.to_string();
    match error {
        Error::SqliteFailure(failure, _) => match failure.code {
            Code::DiskFull => CatalogError::DiskFull { path },
            Code::ReadOnly | Code::CannotOpen | Code::PermissionDenied => CatalogError::ReadOnly { path },
            Code::DatabaseBusy | Code::DatabaseLocked => CatalogError::Busy { path },
            Code::DatabaseCorrupt | Code::NotADatabase => CatalogError::Corrupt { path, detail },
            _ => CatalogError::Storage { path, detail },
        },
        Error::FromSqlConversionFailure(..) | Error::InvalidColumnType(..) | Error::IntegralValueOutOfRange(..) => {
            CatalogError::Corrupt { path, detail }
        }
        _ => CatalogError::Storage { path, detail },
    }
}
