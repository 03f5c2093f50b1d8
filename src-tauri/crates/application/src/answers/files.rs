//! The files of a version.

use artifact::{ByteSize, Digest, FileKind};
use chrono::{DateTime, Utc};

use crate::LayerSegment;

/// What reading the files costs before it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilesCost {
    pub bytes_to_read: ByteSize,
    pub layers_to_read: u64,
    pub layers: u64,
}

#[derive(Clone, Debug)]
pub struct FilesSummary {
    /// The name under which pages of this tree are asked for, while Berth runs.
    pub view: String,
    pub files: u64,
    pub size: ByteSize,
    pub layers: Vec<FilesLayer>,
    pub hidden_size: ByteSize,
    pub hidden_files: u64,
    pub whiteouts: u64,
    /// What was read from the registry for it.
    pub read: ByteSize,
    pub truncated: bool,
}

#[derive(Clone, Debug)]
pub struct FilesLayer {
    pub digest: Digest,
    pub name: String,
    pub files: u64,
    /// Unpacked.
    pub size: ByteSize,
    /// As stored.
    pub packed: ByteSize,
}

#[derive(Clone, Debug)]
pub struct FileNode {
    /// Opens it again; the path, but unique also where something hidden has the path of what replaced it.
    pub path: String,
    /// The path for people, without a leading `/`.
    pub shown_path: String,
    /// A chain of single folders is joined with `/`.
    pub name: String,
    pub kind: FileKind,
    pub size: ByteSize,
    /// In a folder: the files below it.
    pub files: u64,
    /// `0755`
    pub mode: String,
    /// `user:group`, by name where the archive has names.
    pub owner: String,
    pub modified: Option<DateTime<Utc>>,
    pub link_target: Option<String>,
    /// Which layer holds how many of its bytes.
    pub layers: Vec<LayerSegment>,
    /// Still stored, but a later layer hides it.
    pub hidden: bool,
    pub has_children: bool,
    pub packed_layer: Option<Digest>,
}

/// What of a tree is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilesOptions {
    /// `None`: all layers.
    pub layers: Option<Vec<Digest>>,
    /// The layers as top folders, instead of the merged tree.
    pub by_layer: bool,
    /// Also what is hidden by a later layer.
    pub whiteouts: bool,
    /// A part of a path; empty: everything.
    pub text: String,
    pub only_hidden: bool,
}

/// The files of a version as a list, for the command line.
#[derive(Clone, Debug)]
pub struct ListedFiles {
    pub platform: String,
    /// What has to be known about the choice of the platform.
    pub warning: Option<String>,
    pub files: Vec<ListedFile>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFile {
    /// Without a leading `/` or `./`.
    pub path: String,
    pub size: ByteSize,
    /// `0755`
    pub mode: String,
    pub layer: Digest,
    pub kind: FileKind,
}

/// The largest parts of a tree as boxes: `key` opens one, `path` is for people.
pub use artifact::IcicleNode;
