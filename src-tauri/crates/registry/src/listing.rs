//! Lists that know whether they are whole.

use artifact::{Digest, Tag};

/// What a registry listed, and whether that is all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<T> {
    /// Every item once, in the registry's order.
    pub items: Vec<T>,
    /// Whether there may be more.
    pub complete: Completeness,
    /// What was refused and why, each a sentence to show: names that break the grammar, cut and made visible.
    pub problems: Vec<String>,
}

/// Whether a list is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// The registry said that this was the last page.
    Complete,
    /// There may be more; the reason is a sentence to show.
    Partial { reason: String },
}

/// A tag as listed, with its digest where the registry's list tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedTag {
    pub tag: Tag,
    pub digest: Option<Digest>,
}

impl<T> Listing<T> {
    /// A whole list without problems.
    pub fn complete(items: Vec<T>) -> Self {
        Self {
            items,
            complete: Completeness::Complete,
            problems: Vec::new(),
        }
    }

    /// Whether nothing is missing: the last page was read. Names that were refused stand in `problems`.
    pub fn is_complete(&self) -> bool {
        self.complete == Completeness::Complete
    }
}
