//! The operating-system lock that keeps those who write to one layout apart, in this process and in others.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
    thread,
    time::Duration,
};

use super::problem;
use crate::{Operation, RegistryError};

/// How often somebody who waits looks whether it is free, and whether he is still wanted.
const LOOK: Duration = Duration::from_millis(5);

/// Waits for the lock, as long as it is wanted; it is free again when the file is closed, or its process ends. The file
/// is made if it is not there, and stays.
pub(super) fn hold(path: &Path, operation: &Operation) -> Result<File, RegistryError> {
    loop {
        operation.check()?;
        match try_hold(path)? {
            Some(file) => return Ok(file),
            None => thread::sleep(LOOK),
        }
    }
}

/// The lock, unless somebody has it.
pub(super) fn try_hold(path: &Path) -> Result<Option<File>, RegistryError> {
    let failed = |error| RegistryError::io(path, error);
    if fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
        return Err(problem::leads_out(path));
    }
    let file = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}
