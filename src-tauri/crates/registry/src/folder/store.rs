//! Where the bytes of a layout come from: files in a folder, or members of an archive.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use artifact::{ByteSize, Digest};

use super::{archive::Archive, problem, writer};
use crate::{Place, RegistryError};

/// The largest `index.json` that is read: some 200,000 manifests.
pub(super) const LARGEST_INDEX: ByteSize = ByteSize(64 * 1024 * 1024);

/// The bytes of one layout.
#[derive(Debug)]
pub(super) enum Store {
    /// A folder; links may lead anywhere below the boundary, which is the connection's own folder.
    Folder { root: PathBuf, boundary: PathBuf },
    /// A tar file.
    Archive(Arc<Archive>),
}

/// A part of a file that holds a blob, opened and in position.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) length: u64,
    pub(super) path: PathBuf,
}

/// By what a changed file is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    #[cfg(unix)]
    inode: u64,
}

impl Stamp {
    pub(super) fn of(metadata: &fs::Metadata) -> Self {
        Self {
            modified: metadata.modified().ok(),
            length: metadata.len(),
            #[cfg(unix)]
            inode: std::os::unix::fs::MetadataExt::ino(metadata),
        }
    }
}

impl Store {
    pub(super) fn folder(root: PathBuf, boundary: PathBuf) -> Self {
        Self::Folder { root, boundary }
    }

    pub(super) fn archive(path: &Path) -> Result<Self, RegistryError> {
        Ok(Self::Archive(Arc::new(Archive::open(path)?)))
    }

    /// The folder or the archive.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Folder { root, .. } => root,
            Self::Archive(archive) => archive.path(),
        }
    }

    /// `index.json` and by what a later change of it is known.
    pub(super) fn index(&self) -> Result<(Vec<u8>, Stamp), RegistryError> {
        match self {
            Self::Archive(archive) => archive.index(),
            Self::Folder { root, boundary } => {
                let (opened, stamp) = opened_index(root, boundary)?;
                Ok((read_all(opened, "list of manifests", LARGEST_INDEX)?, stamp))
            }
        }
    }

    /// By what a change of `index.json` is known, without reading it.
    pub(super) fn stamp(&self) -> Result<Stamp, RegistryError> {
        match self {
            Self::Archive(archive) => archive.stamp(),
            Self::Folder { root, boundary } => Ok(opened_index(root, boundary)?.1),
        }
    }

    /// A blob; one that is not there is [`RegistryError::NotFound`].
    pub(super) fn blob(&self, digest: &Digest) -> Result<Opened, RegistryError> {
        match self {
            Self::Archive(archive) => archive.blob(digest),
            Self::Folder { root, boundary } => open_inside(boundary, &root.join(writer::blob_path(digest))),
        }
    }
}

fn opened_index(root: &Path, boundary: &Path) -> Result<(Opened, Stamp), RegistryError> {
    let opened = open_inside(boundary, &root.join(writer::INDEX_FILE)).map_err(|error| match error {
        RegistryError::NotFound { .. } => problem::no_layout(root),
        other => other,
    })?;
    let metadata = opened.file.metadata();
    let metadata = metadata.map_err(|error| RegistryError::io(&opened.path, error))?;
    Ok((opened, Stamp::of(&metadata)))
}

/// Reads what was opened, at most `limit` bytes.
pub(super) fn read_all(opened: Opened, what: &'static str, limit: ByteSize) -> Result<Vec<u8>, RegistryError> {
    let Opened { file, length, path } = opened;
    if length > limit.0 {
        let place = Place::registry(problem::shown(&path));
        return Err(RegistryError::TooLarge { place, what, limit });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(length)
        .read_to_end(&mut bytes)
        .map_err(|error| RegistryError::io(&path, error))?;
    if (bytes.len() as u64) < length {
        let place = Place::registry(problem::shown(&path));
        let received = ByteSize(bytes.len() as u64);
        return Err(RegistryError::Truncated {
            place,
            received,
            expected: ByteSize(length),
        });
    }
    Ok(bytes)
}

/// Opens a part of a file.
pub(super) fn open_part(path: &Path, offset: u64, length: u64) -> Result<Opened, RegistryError> {
    let failed = |error| RegistryError::io(path, error);
    let mut file = File::open(path).map_err(failed)?;
    file.seek(SeekFrom::Start(offset)).map_err(failed)?;
    Ok(Opened {
        file,
        length,
        path: path.to_owned(),
    })
}

/// Opens a file whose path, with all links followed, lies inside `boundary`.
fn open_inside(boundary: &Path, path: &Path) -> Result<Opened, RegistryError> {
    let real = inside(boundary, path)?;
    let failed = |error| RegistryError::io(path, error);
    // Asked before it is opened: opening a pipe would wait for its other end.
    let metadata = fs::metadata(&real).map_err(failed)?;
    if !metadata.is_file() {
        return Err(problem::no_file(path));
    }
    let file = File::open(&real).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    Ok(Opened {
        file,
        length,
        path: path.to_owned(),
    })
}

/// The path with all links followed, if it lies inside `boundary`.
pub(super) fn inside(boundary: &Path, path: &Path) -> Result<PathBuf, RegistryError> {
    match path.canonicalize() {
        Ok(real) if real.starts_with(boundary) => Ok(real),
        Ok(_) => Err(problem::leads_out(path)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Err(RegistryError::NotFound {
                place: Place::registry(problem::shown(path)),
                reason: "the file is missing".to_owned(),
            })
        }
        Err(error) => Err(RegistryError::io(path, error)),
    }
}
