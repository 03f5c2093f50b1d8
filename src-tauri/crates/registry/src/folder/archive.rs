//! `oci-archive`: an image layout in a tar file. Its members are found once; then each is read where it lies.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufReader, Read},
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use artifact::Digest;

use super::{
    problem,
    store::{Opened, Stamp, open_part},
    writer,
};
use crate::{Place, RegistryError};

/// An archive with more members than this is none that anybody made of images.
const MOST_MEMBERS: usize = 1_000_000;
/// Of a tar file the first header is enough to know it.
const HEADER_LENGTH: u64 = 512;

#[derive(Debug)]
pub(super) struct Archive {
    path: PathBuf,
    members: Mutex<Option<Arc<Members>>>,
}

/// Where the parts of the layout lie in the file: offset and length.
#[derive(Debug)]
struct Members {
    stamp: Stamp,
    index: Option<(u64, u64)>,
    blobs: HashMap<Digest, (u64, u64)>,
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
            members: Mutex::default(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn index(&self) -> Result<(Opened, Stamp), RegistryError> {
        let members = self.members()?;
        let (offset, length) = members
            .index
            .ok_or_else(|| problem::no_archive(&self.path, "it has no index.json at its top"))?;
        Ok((open_part(&self.path, offset, length)?, members.stamp.clone()))
    }

    pub(super) fn blob(&self, digest: &Digest) -> Result<Opened, RegistryError> {
        let (offset, length) = *self
            .members()?
            .blobs
            .get(digest)
            .ok_or_else(|| RegistryError::NotFound {
                place: Place::registry(problem::shown(&self.path)).with(digest.to_string()),
                reason: "the blob is missing in the archive".to_owned(),
            })?;
        open_part(&self.path, offset, length)
    }

    /// Where the members lie; found anew when the file has changed.
    fn members(&self) -> Result<Arc<Members>, RegistryError> {
        let metadata = self
            .path
            .metadata()
            .map_err(|error| RegistryError::io(&self.path, error))?;
        let stamp = Stamp::of(&metadata);
        let mut known = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(members) = known.as_ref().filter(|members| members.stamp == stamp) {
            return Ok(Arc::clone(members));
        }
        let members = Arc::new(self.find_members(stamp)?);
        *known = Some(Arc::clone(&members));
        Ok(members)
    }

    fn find_members(&self, stamp: Stamp) -> Result<Members, RegistryError> {
        let broken = |error: io::Error| problem::no_archive(&self.path, &error.to_string());
        let file = File::open(&self.path).map_err(|error| RegistryError::io(&self.path, error))?;
        let mut archive = tar::Archive::new(BufReader::new(file));
        let mut members = Members {
            stamp,
            index: None,
            blobs: HashMap::new(),
        };
        for (count, entry) in archive.entries_with_seek().map_err(broken)?.enumerate() {
            let entry = entry.map_err(broken)?;
            if count >= MOST_MEMBERS {
                return Err(problem::no_archive(&self.path, "it has over a million members"));
            }
            // Links and sparse files have no bytes of their own at their place.
            if !entry.header().entry_type().is_file() {
                continue;
            }
            let place = (entry.raw_file_position(), entry.size());
            let path = entry.path().map_err(broken)?;
            match member(&path) {
                Some(Member::Index) => members.index = Some(place),
                Some(Member::Blob(digest)) => {
                    members.blobs.insert(digest, place);
                }
                None => {}
            }
        }
        Ok(members)
    }
}

/// A part of the layout, by its path in the archive.
enum Member {
    Index,
    Blob(Digest),
}

fn member(path: &Path) -> Option<Member> {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::Normal(part) => parts.push(part.to_str()?),
            _ => return None,
        }
    }
    match parts.as_slice() {
        [file] if *file == writer::INDEX_FILE => Some(Member::Index),
        ["blobs", algorithm, hex] => format!("{algorithm}:{hex}").parse().ok().map(Member::Blob),
        _ => None,
    }
}
