//! One layout as it is changed: blobs appear whole under their digests, and `index.json` is read, changed and replaced
//! while this process holds the layout's lock. Blocking throughout; knows nothing of names of repositories.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use artifact::{Digest, Verifier};
use tempfile::NamedTempFile;

use super::{
    index_file::IndexFile,
    lock, problem,
    store::{self, Store},
    writer::{self, Durability, LayoutWriteError, LayoutWriter},
};
use crate::{Operation, Place, RegistryError};

/// Held by whoever changes `index.json`; the system frees it when its process ends. The file stays and means nothing.
const LOCK_FILE: &str = ".berth-lock";
const PIECE: usize = 256 * 1024;

/// A layout that may be written to, or may become one.
#[derive(Clone, Debug)]
pub(super) struct WritableLayout {
    /// Free of links, as far as it is there.
    root: PathBuf,
    /// No link leads out of this.
    boundary: PathBuf,
    place: Place,
}

/// A blob that is being written, and goes away unless it is kept.
#[derive(Debug)]
pub(super) struct Incoming {
    pub(super) file: NamedTempFile,
    target: PathBuf,
}

impl WritableLayout {
    /// The layout at `root`, inside `boundary`, both free of links.
    pub(super) fn new(root: PathBuf, boundary: PathBuf, place: Place) -> Self {
        Self { root, boundary, place }
    }

    /// The layout of that name below `root`, which may not be there yet.
    pub(super) fn below(root: &Path, name: &str, place: Place) -> Result<Self, RegistryError> {
        let mut path = root.to_owned();
        for component in name.split('/') {
            if component == "blobs" && super::walk::is_layout(&path) {
                return Err(problem::inside_a_layout(&path));
            }
            let next = path.join(component);
            path = match store::inside(root, &next) {
                Err(RegistryError::NotFound { .. }) => next,
                found => found?,
            };
        }
        Ok(Self::new(path, root.to_owned(), place))
    }

    /// A blob's file, if it is there.
    pub(super) fn blob(&self, digest: &Digest) -> Result<Option<PathBuf>, RegistryError> {
        match store::inside(&self.boundary, &self.root.join(writer::blob_path(digest))) {
            Ok(path) => Ok(path.is_file().then_some(path)),
            Err(RegistryError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A file for a blob that is to come.
    pub(super) fn incoming(&self, digest: &Digest) -> Result<Incoming, RegistryError> {
        let folder = self.folder_of(digest)?;
        let file = writer::new_file_builder().tempfile_in(&folder);
        Ok(Incoming {
            file: file.map_err(|error| RegistryError::io(&folder, error))?,
            target: folder.join(digest.hex()),
        })
    }

    /// Makes another layout's blob appear here: by a second name of its file, else by a copy. `false`: it is not there.
    pub(super) fn take_over(
        &self,
        other: &Self,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<bool, RegistryError> {
        if self.blob(digest)?.is_some() {
            return Ok(true);
        }
        let Some(source) = other.blob(digest)? else {
            return Ok(false);
        };
        let folder = self.folder_of(digest)?;
        match fs::hard_link(&source, folder.join(digest.hex())) {
            Ok(()) => {
                writer::sync_folder(&folder).map_err(|error| RegistryError::io(&folder, error))?;
                Ok(true)
            }
            // Another file system, or one that knows no second names.
            Err(_) => self.copy(&source, digest, operation).map(|()| true),
        }
    }

    fn copy(&self, source: &Path, digest: &Digest, operation: &Operation) -> Result<(), RegistryError> {
        let mut incoming = self.incoming(digest)?;
        let mut reader = File::open(source).map_err(|error| RegistryError::io(source, error))?;
        let mut verifier = Verifier::new(digest.clone());
        let mut piece = vec![0; PIECE];
        loop {
            operation.check()?;
            let count = reader
                .read(&mut piece)
                .map_err(|error| RegistryError::io(source, error))?;
            if count == 0 {
                break;
            }
            verifier.update(&piece[..count]);
            let written = incoming.file.write_all(&piece[..count]);
            written.map_err(|error| RegistryError::io(&incoming.target, error))?;
        }
        let outcome = verifier.finish();
        outcome.map_err(|problem| RegistryError::mismatch(&self.place, digest, &problem))?;
        incoming.keep()
    }

    /// Stores a manifest's bytes.
    pub(super) fn store(&self, digest: &Digest, bytes: &[u8]) -> Result<(), RegistryError> {
        let mut incoming = self.incoming(digest)?;
        let written = incoming.file.write_all(bytes);
        written.map_err(|error| RegistryError::io(&incoming.target, error))?;
        incoming.keep()
    }

    /// Whether there is a list of manifests to change.
    pub(super) fn is_there(&self) -> bool {
        super::walk::is_layout(&self.root)
    }

    /// Changes `index.json`, which is made with its marker if it is not there. Nobody else of this program, in this
    /// process or another, changes it at the same time. What `change` refuses, or leaves as it was, is not written.
    pub(super) fn change_index<T>(
        &self,
        operation: &Operation,
        change: impl FnOnce(&mut IndexFile) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        fs::create_dir_all(&self.root).map_err(|error| RegistryError::io(&self.root, error))?;
        store::inside(&self.boundary, &self.root)?;
        let _alone = lock::hold(&self.root.join(LOCK_FILE), operation)?;
        let path = self.root.join(writer::INDEX_FILE);
        let before = self.index(&path)?;
        let mut index = before.clone().unwrap_or_else(IndexFile::empty);
        let outcome = change(&mut index)?;
        if before.is_none() {
            self.folder_of(&Digest::of(b""))?;
            LayoutWriter::create(&self.root, Durability::EachFile).map_err(not_written)?;
        }
        if before.as_ref() != Some(&index) {
            let path = store::inside(&self.boundary, &path)?;
            writer::replace(&path, &index.to_bytes(), Durability::EachFile).map_err(not_written)?;
        }
        Ok(outcome)
    }

    fn index(&self, path: &Path) -> Result<Option<IndexFile>, RegistryError> {
        if let Err(error) = fs::symlink_metadata(path)
            && error.kind() == io::ErrorKind::NotFound
        {
            return Ok(None);
        }
        let (bytes, _) = Store::folder(self.root.clone(), self.boundary.clone()).index()?;
        let read = IndexFile::read(&bytes);
        read.map(Some).map_err(|reason| problem::damaged(path, &reason))
    }

    /// The folder of blobs with that digest's algorithm, made if it is not there, with all links followed.
    fn folder_of(&self, digest: &Digest) -> Result<PathBuf, RegistryError> {
        let blobs = self.root.join("blobs");
        let folder = blobs.join(digest.algorithm().name());
        for path in [&self.root, &blobs, &folder] {
            fs::create_dir_all(path).map_err(|error| RegistryError::io(path, error))?;
            // Before the next one is made: a link may lead elsewhere.
            store::inside(&self.boundary, path)?;
        }
        store::inside(&self.boundary, &folder)
    }
}

impl Incoming {
    /// Gives the blob its name, once its bytes are on the disk.
    pub(super) fn keep(self) -> Result<(), RegistryError> {
        let Self { file, target } = self;
        let failed = |error| RegistryError::io(&target, error);
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&target).map_err(|refused| failed(refused.error))?;
        let folder = target.parent().unwrap_or(&target);
        writer::sync_folder(folder).map_err(failed)
    }

    /// The blob's place, for errors.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }
}

fn not_written(error: LayoutWriteError) -> RegistryError {
    RegistryError::io(error.path, error.source)
}
