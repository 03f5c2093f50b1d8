//! What we have seen: the `SQLite` index, synchronisation, search and storage accounting.
//!
//! Depends on `registry` (where content comes from) and `artifact` (what it means). Must not depend on `changes`,
//! `application` or the shell, writes to no registry, and never reads a clock: time is passed in.

mod connection_id;
pub mod contents;
#[cfg(test)]
mod double;
mod error;
mod index;
mod kept;
mod problem;
mod queries;
mod record;
mod rows;
mod search;
mod store;
mod sync;
#[cfg(any(test, feature = "synthetic"))]
mod synthetic;
mod versions;

pub use connection_id::ConnectionId;
pub use error::CatalogError;
pub use index::{Index, KeptOut, Opened};
pub use problem::Problem;
pub use queries::{SearchQuery, TagSort, TagsQuery, VersionFilter, VersionSort, VersionsQuery};
pub use registry::Clock;
pub use rows::{
    ConnectionRow, LeftoverContent, ManifestContent, OnlyLayer, ReferrerRow, RepositoryContent, RepositoryRow,
    SearchHit, SearchHitKind, SelectedVersion, SelectionUsage, Statistics, TagContent, TagMove, TagRecord, TagRow,
    TagUsage, Usage, VersionRecord, VersionRow,
};
pub use sync::{Scope, Sync, SyncReport};
#[cfg(any(test, feature = "synthetic"))]
pub use synthetic::Synthetic;
pub use versions::VersionsView;
