//! `oci-archive`: an image layout in a tar file. Its members are found once; then each is read where it lies.
//!
//! It is written to in place (see `writing`), so that at every moment before the last step of a write the file is a whole
//! archive as it was before, for every program that reads it, and afterwards as it is then.

mod making;
mod members;
mod pending;
mod writing;

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use artifact::Digest;

use self::members::Members;
use super::{
    problem,
    store::{LARGEST_INDEX, Opened, Stamp, open_part, read_all},
};
use crate::{Place, RegistryError};

pub(super) use self::{
    making::make,
    writing::{Tail, change_index, incoming, probe, put_manifest},
};

/// Of a tar file the first header is enough to know it.
const HEADER_LENGTH: u64 = 512;
/// How often a list is read that somebody else writes at the same time.
const MOST_LOOKS: usize = 50;
const LOOK: Duration = Duration::from_millis(5);

#[derive(Debug)]
pub(super) struct Archive {
    path: PathBuf,
    known: Mutex<Option<Arc<Known>>>,
}

/// The members, as of a state of the file.
#[derive(Debug)]
struct Known {
    stamp: Stamp,
    members: Members,
}

impl Archive {
    /// Looks at the beginning of the file only.
    pub(super) fn open(path: &Path) -> Result<Self, RegistryError> {
        let failed = |error| RegistryError::io(path, error);
        let mut start = Vec::new();
        File::open(path)
            .map_err(failed)?
            .take(HEADER_LENGTH)
            .read_to_end(&mut start)
            .map_err(failed)?;
        if start.starts_with(&[0x1f, 0x8b]) || start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            return Err(problem::compressed_archive(path));
        }
        if start.get(257..262) != Some(b"ustar") {
            return Err(problem::no_archive(path, "it is not a tar file"));
        }
        Ok(Self {
            path: path.to_owned(),
            known: Mutex::default(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// By what a change of the list of manifests is known.
    pub(super) fn stamp(&self) -> Result<Stamp, RegistryError> {
        let metadata = self.path.metadata();
        Ok(Stamp::of(
            &metadata.map_err(|error| RegistryError::io(&self.path, error))?,
        ))
    }

    /// The list of manifests. While it is read, another process may put another one in its place: then it is read until
    /// nothing changed meanwhile, or two looks show the same.
    pub(super) fn index(&self) -> Result<(Vec<u8>, Stamp), RegistryError> {
        let mut before = None;
        for _ in 0..MOST_LOOKS {
            let stamp = self.stamp()?;
            let look = self.known().and_then(|known| {
                let bytes = self.read_index(&known.members)?;
                Ok((bytes, known.stamp.clone()))
            });
            match look {
                Ok((bytes, read_at)) if before.as_ref() == Some(&bytes) || self.stamp()? == stamp => {
                    return Ok((bytes, read_at));
                }
                Ok((bytes, _)) => before = Some(bytes),
                Err(error) if self.is_settled(&stamp)? => return Err(error),
                Err(_) => before = None,
            }
        }
        Err(problem::busy_archive(&self.path))
    }

    fn read_index(&self, members: &Members) -> Result<Vec<u8>, RegistryError> {
        let index = members.index().ok_or_else(|| problem::no_index(&self.path))?;
        let opened = open_part(&self.path, index.content, index.length)?;
        read_all(opened, "list of manifests", LARGEST_INDEX)
    }

    pub(super) fn blob(&self, digest: &Digest) -> Result<Opened, RegistryError> {
        let known = self.known()?;
        let blob = known.members.blob(digest).ok_or_else(|| RegistryError::NotFound {
            place: Place::registry(problem::shown(&self.path)).with(digest.to_string()),
            reason: "the blob is missing in the archive".to_owned(),
        })?;
        open_part(&self.path, blob.content, blob.length)
    }

    /// Where the members lie; found anew when the file has changed.
    fn known(&self) -> Result<Arc<Known>, RegistryError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..MOST_LOOKS {
            let stamp = self.stamp()?;
            if let Some(known) = known.as_ref().filter(|known| known.stamp == stamp) {
                return Ok(Arc::clone(known));
            }
            pending::recover_if_free(&self.path, &self.note());
            let stamp = self.stamp()?;
            let file = File::open(&self.path).map_err(|error| RegistryError::io(&self.path, error))?;
            match self.find(&file) {
                Ok(members) => {
                    let found = Arc::new(Known { stamp, members });
                    *known = Some(Arc::clone(&found));
                    return Ok(found);
                }
                Err(error) if self.is_settled(&stamp)? => return Err(error),
                // Somebody put something else there meanwhile.
                Err(_) => {}
            }
        }
        Err(problem::busy_archive(&self.path))
    }

    /// Whether nobody has changed the file since, and nobody is at it.
    fn is_settled(&self, stamp: &Stamp) -> Result<bool, RegistryError> {
        thread::sleep(LOOK);
        Ok(self.stamp()? == *stamp)
    }

    fn find(&self, file: &File) -> Result<Members, RegistryError> {
        let broken = |error: io::Error| problem::no_archive(&self.path, &error.to_string());
        Members::find(file, u64::MAX).map_err(broken)
    }

    /// The file beside it that is the lock of who writes, and holds what is pending.
    fn note(&self) -> PathBuf {
        Self::note_beside(&self.path)
    }

    fn note_beside(archive: &Path) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(archive.file_name().unwrap_or_default());
        name.push(".berth-lock");
        archive.with_file_name(name)
    }
}
