//! The files of a version and what reading them costs, in their wire form.

use application as app;

use super::{
    FileKind, FileNode, FilesCost, FilesLayer, FilesSummary, IcicleNode,
    from::{each, optional_time, same_names},
};

same_names!(app::FileKind => FileKind: File, Directory, Symlink, Hardlink, Whiteout, Opaque);

impl From<app::FilesCost> for FilesCost {
    fn from(cost: app::FilesCost) -> Self {
        Self {
            bytes_to_read: cost.bytes_to_read.bytes(),
            layers_to_read: cost.layers_to_read,
            layers: cost.layers,
        }
    }
}

impl From<app::FilesLayer> for FilesLayer {
    fn from(layer: app::FilesLayer) -> Self {
        Self {
            digest: layer.digest.to_string(),
            name: layer.name,
            files: layer.files,
            size_bytes: layer.size.bytes(),
            packed_bytes: layer.packed.bytes(),
        }
    }
}

impl From<app::FilesSummary> for FilesSummary {
    fn from(summary: app::FilesSummary) -> Self {
        Self {
            view: summary.view,
            files: summary.files,
            size_bytes: summary.size.bytes(),
            layers: each(summary.layers),
            hidden_bytes: summary.hidden_size.bytes(),
            hidden_files: summary.hidden_files,
            whiteouts: summary.whiteouts,
            read_bytes: summary.read.bytes(),
            truncated: summary.truncated,
        }
    }
}

impl From<app::FileNode> for FileNode {
    fn from(node: app::FileNode) -> Self {
        Self {
            path: node.path,
            name: node.name,
            kind: node.kind.into(),
            size_bytes: node.size.bytes(),
            files: node.files,
            mode: node.mode,
            owner: node.owner,
            modified: optional_time(node.modified),
            link_target: node.link_target,
            layers: each(node.layers),
            hidden: node.hidden,
            has_children: node.has_children,
            packed_layer: node.packed_layer.map(|digest| digest.to_string()),
        }
    }
}

impl From<app::IcicleNode> for IcicleNode {
    fn from(node: app::IcicleNode) -> Self {
        Self {
            path: node.path,
            name: node.name,
            size_bytes: node.size.bytes(),
            layer: node.layer.map(|digest| digest.to_string()),
            children: each(node.children),
        }
    }
}
