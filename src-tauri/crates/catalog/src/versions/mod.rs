//! The versions of one repository: facts kept in memory, sorted and filtered as a view, read in pages.
//!
//! Reads the index only; what it holds in memory is bounded and can be dropped at any time.

mod cache;
pub(crate) mod facts;
mod filter;
mod order;
mod sharing;
mod view;

#[cfg(test)]
mod tests;

pub(crate) use cache::Views;
pub use view::VersionsView;
pub(crate) use view::digests;
