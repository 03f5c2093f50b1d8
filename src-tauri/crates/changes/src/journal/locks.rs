//! Who runs a change: an operating-system lock on a file beside the journal.
//!
//! The system frees a lock when its process ends, however it ends. The files stay, empty: deleting one while another
//! process opens it would let two hold "the" lock.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use super::ChangeId;

/// A look at a lock holds it for a moment; who wants it tries again so often.
const TRIES: u32 = 5;
const BETWEEN_TRIES: Duration = Duration::from_millis(10);

/// The locks of one data folder.
#[derive(Clone, Debug)]
pub(super) struct Locks {
    folder: PathBuf,
}

/// Held as long as a change runs.
#[derive(Debug)]
pub(crate) struct RunLock {
    _file: File,
}

impl Locks {
    pub(super) fn beside(journal: &Path) -> Self {
        Self {
            folder: journal.parent().unwrap_or(Path::new(".")).join("locks"),
        }
    }

    /// `None`: somebody runs the change, of this process or another.
    pub(super) fn take(&self, id: ChangeId) -> io::Result<Option<RunLock>> {
        std::fs::create_dir_all(&self.folder)?;
        let options = File::options().create(true).truncate(false).write(true).clone();
        let file = options.open(self.path(id))?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Some(RunLock { _file: file })),
                Err(TryLockError::WouldBlock) => thread::sleep(BETWEEN_TRIES),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Held while the file of the journal is made or brought to the newest schema; waits for it.
    pub(super) fn opening(&self) -> io::Result<File> {
        std::fs::create_dir_all(&self.folder)?;
        let options = File::options().create(true).truncate(false).write(true).clone();
        let file = options.open(self.folder.join("journal.lock"))?;
        file.lock()?;
        Ok(file)
    }

    /// Whether somebody runs the change at this moment.
    pub(super) fn is_held(&self, id: ChangeId) -> bool {
        let Ok(file) = File::open(self.path(id)) else {
            return false;
        };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    pub(super) fn path(&self, id: ChangeId) -> PathBuf {
        self.folder.join(format!("change-{id}.lock"))
    }
}
