//! A repository's layout as it is written to, in a folder or in an archive. What is entered in the list of manifests, and
//! what leaves it, is the same in both. Blocking throughout.

use std::{io, path::PathBuf, sync::Arc};

use artifact::{ByteSize, Digest, Manifest, Tag};
use serde_json::{Map, Value, json};

use super::{
    archive::{self, Archive, Tail},
    index_file::IndexFile,
    writable_layout::{self, WritableLayout},
};
use crate::{Operation, RawManifest, RegistryError};

pub(super) enum Writable {
    Layout(WritableLayout),
    Archive(Arc<Archive>),
}

/// A blob that comes in, and leaves nothing unless it is kept.
pub(super) enum Incoming {
    File(writable_layout::Incoming),
    Member(Tail),
}

impl Writable {
    /// What the first write would be refused with, as far as that shows without one.
    pub(super) fn probe(&self) -> Result<(), RegistryError> {
        match self {
            Self::Layout(_) => Ok(()),
            Self::Archive(archive) => archive::probe(archive),
        }
    }

    /// Whether a blob is there.
    pub(super) fn holds(&self, digest: &Digest) -> Result<bool, RegistryError> {
        match self {
            Self::Layout(layout) => Ok(layout.blob(digest)?.is_some()),
            Self::Archive(archive) => match archive.blob(digest) {
                Ok(_) => Ok(true),
                Err(RegistryError::NotFound { .. }) => Ok(false),
                Err(error) => Err(error),
            },
        }
    }

    /// Whether there is a list of manifests to change.
    pub(super) fn is_there(&self) -> bool {
        match self {
            Self::Layout(layout) => layout.is_there(),
            Self::Archive(_) => true,
        }
    }

    /// Stores a manifest and enters it, under a name or without one.
    pub(super) fn put_manifest(
        &self,
        tag: Option<&Tag>,
        manifest: &RawManifest,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        let enter = |index: &mut IndexFile| index.put(tag, &entry_of(manifest));
        match self {
            Self::Layout(layout) => {
                layout.store(&manifest.digest, &manifest.bytes)?;
                layout.change_index(operation, |index| {
                    enter(index);
                    Ok(())
                })
            }
            Self::Archive(archive) => archive::put_manifest(archive, manifest, operation, enter),
        }
    }

    /// Changes the list of manifests. What `change` refuses, or leaves as it was, is not written.
    pub(super) fn change_index<T>(
        &self,
        operation: &Operation,
        change: impl FnOnce(&mut IndexFile) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        match self {
            Self::Layout(layout) => layout.change_index(operation, change),
            Self::Archive(archive) => archive::change_index(archive, operation, change),
        }
    }

    /// Makes another layout's blob appear here, where that takes no sending. `false`: it is not there.
    pub(super) fn take_over(
        &self,
        other: &Self,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<bool, RegistryError> {
        match (self, other) {
            (Self::Layout(layout), Self::Layout(other)) => layout.take_over(other, digest, operation),
            // An archive is one repository: the other is itself.
            _ => self.holds(digest),
        }
    }

    /// Begins a blob of `size` bytes; none if it is there and need not be sent.
    pub(super) fn incoming(
        &self,
        digest: &Digest,
        size: ByteSize,
        operation: &Operation,
    ) -> Result<Option<Incoming>, RegistryError> {
        match self {
            Self::Layout(layout) => Ok(Some(Incoming::File(layout.incoming(digest)?))),
            Self::Archive(archive) => {
                let tail = archive::incoming(archive, digest, size, operation)?;
                Ok(tail.map(Incoming::Member))
            }
        }
    }
}

impl Incoming {
    pub(super) fn write(&mut self, piece: &[u8]) -> Result<(), RegistryError> {
        let written = match self {
            Self::File(incoming) => io::Write::write_all(&mut incoming.file, piece),
            Self::Member(tail) => tail.write(piece),
        };
        written.map_err(|error| RegistryError::io(self.path(), error))
    }

    /// Makes it part of the layout, once its bytes are on the disk.
    pub(super) fn keep(self) -> Result<(), RegistryError> {
        match self {
            Self::File(incoming) => incoming.keep(),
            Self::Member(tail) => tail.keep(),
        }
    }

    fn path(&self) -> PathBuf {
        match self {
            Self::File(incoming) => incoming.target().to_owned(),
            Self::Member(tail) => tail.path().to_owned(),
        }
    }
}

/// A manifest as it stands in the list.
fn entry_of(manifest: &RawManifest) -> Map<String, Value> {
    let mut entry = Map::new();
    entry.insert("mediaType".to_owned(), json!(manifest.media_type));
    entry.insert("digest".to_owned(), json!(manifest.digest.to_string()));
    entry.insert("size".to_owned(), json!(manifest.bytes.len()));
    let read = Manifest::parse(Some(&manifest.media_type), &manifest.bytes).ok();
    if let Some(artifact_type) = read.as_ref().and_then(Manifest::artifact_type) {
        entry.insert("artifactType".to_owned(), json!(artifact_type));
    }
    entry
}
