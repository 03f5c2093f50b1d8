//! Layers as they are stored: a tar archive, compressed by gzip.

use std::{collections::BTreeMap, io, sync::Arc};

use artifact::Digest;
use chrono::{DateTime, Utc};
use flate2::{Compression, GzBuilder};

use super::SampleError;

/// What a layer holds, in the order in which it was added.
#[derive(Default)]
pub(super) struct LayerContent {
    entries: Vec<(String, Entry)>,
}

enum Entry {
    Folder,
    File { bytes: Vec<u8>, mode: u32 },
    Link(String),
}

/// A layer ready to be stored.
pub(super) struct PackedLayer {
    /// The compressed archive.
    pub(super) bytes: Vec<u8>,
    /// The digest of the archive before compression.
    pub(super) diff_id: Digest,
}

/// The layers packed so far: what several versions and repositories share is packed once.
#[derive(Default)]
pub(super) struct Shelf {
    layers: BTreeMap<String, Arc<PackedLayer>>,
}

impl Shelf {
    /// The layer of that name; packed now if it is the first time.
    pub(super) fn layer(
        &mut self,
        name: &str,
        modified: DateTime<Utc>,
        content: impl FnOnce() -> LayerContent,
    ) -> Result<Arc<PackedLayer>, SampleError> {
        if let Some(layer) = self.layers.get(name) {
            return Ok(Arc::clone(layer));
        }
        let layer = Arc::new(content().pack(modified)?);
        self.layers.insert(name.to_owned(), Arc::clone(&layer));
        Ok(layer)
    }
}

impl LayerContent {
    pub(super) fn folder(&mut self, path: &str) -> &mut Self {
        self.add(path, Entry::Folder)
    }

    pub(super) fn file(&mut self, path: &str, bytes: impl Into<Vec<u8>>) -> &mut Self {
        self.add(
            path,
            Entry::File {
                bytes: bytes.into(),
                mode: 0o644,
            },
        )
    }

    pub(super) fn program(&mut self, path: &str, bytes: impl Into<Vec<u8>>) -> &mut Self {
        self.add(
            path,
            Entry::File {
                bytes: bytes.into(),
                mode: 0o755,
            },
        )
    }

    pub(super) fn link(&mut self, path: &str, target: &str) -> &mut Self {
        self.add(path, Entry::Link(target.to_owned()))
    }

    /// Removes what a lower layer has at `path`.
    ///
    /// Source: OCI image-spec 1.1, layer.md, "Whiteouts".
    pub(super) fn removed(&mut self, path: &str) -> &mut Self {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let separator = if folder.is_empty() { "" } else { "/" };
        self.file(&format!("{folder}{separator}.wh.{name}"), Vec::new())
    }

    /// Hides everything that lower layers have in a folder.
    pub(super) fn emptied(&mut self, folder: &str) -> &mut Self {
        self.folder(folder).file(&format!("{folder}/.wh..wh..opq"), Vec::new())
    }

    fn add(&mut self, path: &str, entry: Entry) -> &mut Self {
        self.entries.push((path.to_owned(), entry));
        self
    }

    pub(super) fn pack(self, modified: DateTime<Utc>) -> Result<PackedLayer, SampleError> {
        let archive = self.archive(modified).map_err(SampleError::Layer)?;
        Ok(PackedLayer {
            diff_id: Digest::of(&archive),
            bytes: gzip(&archive).map_err(SampleError::Layer)?,
        })
    }

    fn archive(self, modified: DateTime<Utc>) -> io::Result<Vec<u8>> {
        let mut archive = tar::Builder::new(Vec::new());
        for (path, entry) in self.entries {
            let mut header = tar::Header::new_gnu();
            header.set_uid(0);
            header.set_gid(0);
            header.set_mtime(u64::try_from(modified.timestamp()).unwrap_or_default());
            match entry {
                Entry::Folder => {
                    header.set_entry_type(tar::EntryType::Directory);
                    header.set_mode(0o755);
                    header.set_size(0);
                    archive.append_data(&mut header, format!("{path}/"), io::empty())?;
                }
                Entry::File { bytes, mode } => {
                    header.set_mode(mode);
                    header.set_size(bytes.len() as u64);
                    archive.append_data(&mut header, path, bytes.as_slice())?;
                }
                Entry::Link(target) => {
                    header.set_entry_type(tar::EntryType::Symlink);
                    header.set_mode(0o777);
                    header.set_size(0);
                    archive.append_link(&mut header, path, target)?;
                }
            }
        }
        archive.into_inner()
    }
}

/// Compresses without a name or a time, so that the same content is the same blob.
fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = GzBuilder::new().write(Vec::with_capacity(bytes.len()), Compression::fast());
    io::Write::write_all(&mut writer, bytes)?;
    writer.finish()
}
