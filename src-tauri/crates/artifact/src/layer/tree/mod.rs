//! The tree that several layers make together, and what can be asked of it: folders in pages, totals, an icicle.
//!
//! Pure: works on [`super::LayerContents`]; knows nothing of where they come from or how the window shows them.

mod arrange;
mod growing;
mod icicle;
mod merge;
mod pattern;
mod view;

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;

pub use icicle::IcicleNode;
pub use merge::{Hidden, HiddenBecause, LayerTotals, MergedFile, MergedTree, TreeTotals};
pub use view::{TreePage, TreeRow, TreeView, ViewOptions};
