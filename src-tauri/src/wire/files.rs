//! The files of a version: the merged tree in pages, and its icicle.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::LayerSegment;

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilesCost {
    pub bytes_to_read: u64,
    pub layers_to_read: u64,
    pub layers: u64,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilesLayer {
    pub digest: String,
    pub name: String,
    pub files: u64,
    pub size_bytes: u64,
    pub packed_bytes: u64,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilesSummary {
    /// The name under which pages of this tree are asked for.
    pub view: String,
    pub files: u64,
    pub size_bytes: u64,
    pub layers: Vec<FilesLayer>,
    pub hidden_bytes: u64,
    pub hidden_files: u64,
    pub whiteouts: u64,
    pub read_bytes: u64,
    pub truncated: bool,
}

#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FileKind {
    File,
    Directory,
    Symlink,
    Hardlink,
    Whiteout,
    Opaque,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileNode {
    pub path: String,
    /// A chain of single folders is joined with "/".
    pub name: String,
    pub kind: FileKind,
    pub size_bytes: u64,
    pub files: u64,
    pub mode: String,
    pub owner: String,
    pub modified: Option<String>,
    pub link_target: Option<String>,
    pub layers: Vec<LayerSegment>,
    pub hidden: bool,
    pub has_children: bool,
    pub packed_layer: Option<String>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IcicleNode {
    pub path: String,
    pub name: String,
    pub size_bytes: u64,
    pub layer: Option<String>,
    pub children: Vec<IcicleNode>,
}

#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FilesOptions {
    /// Null: all layers.
    pub layers: Option<Vec<String>>,
    pub by_layer: bool,
    pub whiteouts: bool,
    pub text: String,
    pub only_hidden: bool,
}
