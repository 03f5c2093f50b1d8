//! One process works on a connection at a time: operating-system locks on files beside the index.
//!
//! The system frees a lock when its process ends, however it ends; the files stay and mean nothing.

use std::{
    collections::HashMap,
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, Weak},
};

use super::held;
use crate::ConnectionId;

const TIDYING: &str = "tidying.lock";

/// The locks of one data folder, as this process holds them.
#[derive(Debug)]
pub(crate) struct Locks {
    folder: PathBuf,
    held: Mutex<HashMap<ConnectionId, Weak<File>>>,
}

/// Held until the last clone is dropped; work of the same process on one connection shares it.
#[derive(Debug)]
pub(crate) struct ConnectionLock {
    _file: Arc<File>,
    /// While anybody has it, nothing is collected from the index. Who only drops content needs none.
    _syncing: Option<File>,
}

impl Locks {
    /// The locks beside the index file `path`.
    pub(crate) fn beside(path: &Path) -> Self {
        let folder = path.parent().unwrap_or(Path::new(".")).join("locks");
        Self {
            folder,
            held: Mutex::default(),
        }
    }

    /// `None`: another process has it, or somebody tidies the index.
    pub(crate) fn try_connection(&self, connection: &ConnectionId) -> io::Result<Option<ConnectionLock>> {
        let syncing = self.file(TIDYING)?;
        if !taken(syncing.try_lock_shared())? {
            return Ok(None);
        }
        let mut locks = held(&self.held);
        if let Some(file) = locks.get(connection).and_then(Weak::upgrade) {
            return Ok(Some(ConnectionLock {
                _file: file,
                _syncing: Some(syncing),
            }));
        }
        let Some(file) = self.try_file(connection)? else {
            return Ok(None);
        };
        locks.retain(|_, file| file.strong_count() > 0);
        locks.insert(connection.clone(), Arc::downgrade(&file));
        Ok(Some(ConnectionLock {
            _file: file,
            _syncing: Some(syncing),
        }))
    }

    /// Held while content is collected from the index. `None`: somebody syncs a connection, or tidies already.
    pub(crate) fn try_tidying(&self) -> io::Result<Option<File>> {
        let file = self.file(TIDYING)?;
        Ok(taken(file.try_lock())?.then_some(file))
    }

    /// A lock that work of this process does not share, either. `None`: somebody has it.
    pub(crate) fn try_alone(&self, connection: &ConnectionId) -> io::Result<Option<ConnectionLock>> {
        let locks = held(&self.held);
        if locks.get(connection).is_some_and(|file| file.strong_count() > 0) {
            return Ok(None);
        }
        let file = self.try_file(connection)?;
        Ok(file.map(|file| ConnectionLock {
            _file: file,
            _syncing: None,
        }))
    }

    fn try_file(&self, connection: &ConnectionId) -> io::Result<Option<Arc<File>>> {
        let file = self.file(&file_name(connection.as_str()))?;
        Ok(taken(file.try_lock())?.then(|| Arc::new(file)))
    }

    /// Whether some process, this one included, works on the connection.
    pub(crate) fn is_held(&self, connection: &ConnectionId) -> bool {
        let locks = held(&self.held);
        if locks.get(connection).is_some_and(|file| file.strong_count() > 0) {
            return true;
        }
        let Ok(file) = File::open(self.folder.join(file_name(connection.as_str()))) else {
            return false;
        };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// Held while the index file is opened, created or moved aside; waits for it.
    pub(super) fn opening(&self) -> io::Result<File> {
        let file = self.file("index.lock")?;
        file.lock()?;
        Ok(file)
    }

    fn file(&self, name: &str) -> io::Result<File> {
        std::fs::create_dir_all(&self.folder)?;
        File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.folder.join(name))
    }
}

fn taken(outcome: Result<(), TryLockError>) -> io::Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// A name that every file system takes, different for different ids.
fn file_name(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let name: String = id
        .bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02x}")
            }
        })
        .collect();
    format!("sync-{name}.lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_of_one_process_shares_a_lock_and_another_holder_waits() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("index.sqlite");
        let (ours, theirs) = (Locks::beside(&path), Locks::beside(&path));
        let connection = ConnectionId::from("a/b");
        let first = ours
            .try_connection(&connection)
            .expect("the folder can be written")
            .expect("nobody has it");
        let second = ours.try_connection(&connection).expect("the folder can be written");
        assert!(second.is_some(), "the same process was refused");
        assert!(
            theirs
                .try_connection(&connection)
                .expect("the folder can be read")
                .is_none()
        );
        assert!(theirs.is_held(&connection));
        drop((first, second));
        assert!(!theirs.is_held(&connection));
        assert!(
            theirs
                .try_connection(&connection)
                .expect("the folder can be written")
                .is_some()
        );
    }

    #[test]
    fn who_works_alone_shares_with_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        let locks = Locks::beside(&folder.path().join("index.sqlite"));
        let connection = ConnectionId::from("a");
        let shared = locks.try_connection(&connection).expect("it can be written");
        assert!(locks.try_alone(&connection).expect("it can be read").is_none());
        drop(shared);
        let alone = locks.try_alone(&connection).expect("it can be written");
        assert!(alone.is_some());
        assert!(locks.try_connection(&connection).expect("it can be read").is_none());
        assert!(locks.try_alone(&connection).expect("it can be read").is_none());
        drop(alone);
        assert!(locks.try_connection(&connection).expect("it can be written").is_some());
    }

    #[test]
    fn nobody_tidies_while_somebody_syncs() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("index.sqlite");
        let (ours, theirs) = (Locks::beside(&path), Locks::beside(&path));
        let syncing = |locks: &Locks| locks.try_connection(&"a".into()).expect("the folder can be written");
        let tidying = |locks: &Locks| locks.try_tidying().expect("the folder can be written");
        let sync = syncing(&ours);
        assert!(sync.is_some() && tidying(&ours).is_none() && tidying(&theirs).is_none());
        drop(sync);
        let tidy = tidying(&theirs);
        assert!(tidy.is_some() && syncing(&ours).is_none() && tidying(&ours).is_none());
        drop(tidy);
        assert!(syncing(&ours).is_some());
    }

    #[test]
    fn different_ids_have_different_files() {
        assert_ne!(file_name("a/b"), file_name("a%2fb"));
        assert_eq!(file_name("x-1"), "sync-x-1.lock");
    }
}
