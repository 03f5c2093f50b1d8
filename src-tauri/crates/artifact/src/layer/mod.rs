//! What lies inside a layer: its file entries, the texts worth keeping, and the tree that several layers make together.
//!
//! Pure push parsers: bytes in, entries out. No network, no disk, no clock; nothing here knows manifests or tags.
//! A [`LayerReader`] does all on one thread; who has two gives an [`Unpacker`] one and a [`TarReader`] the other.

mod contents;
mod error;
mod limits;
pub(crate) mod raw;
mod reader;
pub(crate) mod stored;
pub(crate) mod tar;
mod tree;
mod unpacker;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod witness_tests;

pub use contents::{FileEntry, FileKind, KeptText, LayerContents, SpecialFile};
pub use error::ContentsError;
pub use limits::LayerLimits;
pub use reader::LayerReader;
pub use tar::TarReader;
pub(crate) use tar::{
    members::{Members, NextMember},
    path::visible_character,
};
pub use tree::{
    Hidden, HiddenBecause, IcicleNode, LayerTotals, MergedFile, MergedTree, TreePage, TreeRow, TreeTotals, TreeView,
    ViewOptions,
};
pub use unpacker::{Packing, Unpacker};
