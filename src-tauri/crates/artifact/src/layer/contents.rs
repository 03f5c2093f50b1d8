//! What a layer holds: the entries of its archive in their order, and the texts that are kept of it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::ByteSize;

const WHITEOUT: &str = ".wh.";
const OPAQUE: &str = ".wh..wh..opq";
/// What AUFS wrote for itself; every unpacker passes over it.
const BOOKKEEPING: &str = ".wh..wh.";

/// All that is known of a layer's inside. Kept by the layer's digest, so it never has to be streamed twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerContents {
    /// In the order of the archive.
    pub entries: Vec<FileEntry>,
    /// Package databases and small texts, within [`super::LayerLimits`].
    pub texts: Vec<KeptText>,
    /// The size of the archive itself, headers and padding included.
    pub uncompressed_size: ByteSize,
    /// Whether entries were left out because of a limit.
    pub truncated: bool,
    /// How many texts and package databases did not fit into the limits.
    pub texts_left_out: u64,
}

/// One entry of a layer's archive, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Without a leading `/` or `./`, with control characters made visible. `..` may stand in it: show it, never join it
    /// to a folder on disk.
    pub path: String,
    pub kind: FileKind,
    /// Of the file's content; 0 for all that has none. A sparse file's is its full size.
    pub size: ByteSize,
    /// Permission bits with set-user, set-group and sticky.
    pub mode: u32,
    pub uid: u64,
    pub gid: u64,
    /// The owner's name; empty if the archive gives only the number.
    pub user: Arc<str>,
    /// The group's name; empty if the archive gives only the number.
    pub group: Arc<str>,
    pub modified: Option<DateTime<Utc>>,
    /// Of a symbolic link as stored; of a hard link cleaned like a path.
    pub link_target: Option<String>,
    /// BLAKE3 of a regular file's content; none for sparse files.
    pub content: Option<[u8; 32]>,
    /// A device or pipe: its kind is `File`, without content.
    pub special: Option<SpecialFile>,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    File,
    Directory,
    Symlink,
    Hardlink,
    /// `.wh.<name>`: hides `<name>` of the layers below.
    Whiteout,
    /// `.wh..wh..opq`: hides what the layers below have in this folder.
    Opaque,
}

/// What a file without content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpecialFile {
    CharacterDevice,
    BlockDevice,
    Pipe,
}

/// A file of a layer whose bytes are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptText {
    pub path: String,
    pub bytes: Vec<u8>,
}

impl LayerContents {
    /// The kept text of a path; the last one if the archive holds several.
    pub fn text(&self, path: &str) -> Option<&KeptText> {
        self.texts.iter().rev().find(|text| text.path == path)
    }
}

impl FileEntry {
    /// The path's last component.
    pub fn name(&self) -> &str {
        split(&self.path).1
    }

    /// The path of what a whiteout hides in the layers below. None for an opaque mark and for all other entries.
    pub fn hides(&self) -> Option<String> {
        let hidden = self.hidden_name()?;
        let (folder, _) = split(&self.path);
        Some(if folder.is_empty() {
            hidden.to_owned()
        } else {
            format!("{folder}/{hidden}")
        })
    }

    /// The name of what a whiteout hides in its folder.
    pub(super) fn hidden_name(&self) -> Option<&str> {
        if self.kind != FileKind::Whiteout || self.is_bookkeeping() {
            return None;
        }
        self.name().strip_prefix(WHITEOUT).filter(|hidden| !hidden.is_empty())
    }

    /// Whether the entry is bookkeeping of a storage driver that no unpacker writes.
    pub fn is_bookkeeping(&self) -> bool {
        let (first, _) = self.path.split_once('/').unwrap_or((&self.path, ""));
        let of_driver = |name: &str| name.starts_with(BOOKKEEPING) && name != OPAQUE;
        of_driver(first) || (self.kind == FileKind::Whiteout && of_driver(self.name()))
    }
}

impl FileKind {
    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::Symlink => "symlink",
            Self::Hardlink => "hardlink",
            Self::Whiteout => "whiteout",
            Self::Opaque => "opaque",
        }
    }

    /// The kind that a path's last component gives to an entry, whatever its type in the archive.
    pub(super) fn of_mark(path: &str) -> Option<Self> {
        match split(path).1 {
            OPAQUE => Some(Self::Opaque),
            name if name.starts_with(WHITEOUT) => Some(Self::Whiteout),
            _ => None,
        }
    }

    /// Whether the entry only hides others.
    pub const fn is_mark(self) -> bool {
        matches!(self, Self::Whiteout | Self::Opaque)
    }
}

/// A path as its folder (empty at the root) and its last component.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}
