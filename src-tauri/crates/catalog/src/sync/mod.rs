//! Bringing the index up to date with a registry.
//!
//! Requests run side by side on the caller's task; rows are written by one thread in batches, so that neither waits for
//! the other. Killed at any point it loses at most the last batch, and goes on from there the next time.

mod contents;
mod list;
pub(crate) mod lock;
mod recorder;
mod referrers;
mod repository;
mod run;
mod version;

#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use artifact::{Digest, RepositoryName};
use registry::{Clock, Registry};

pub(crate) use referrers::refresh;
pub(crate) use run::run;

use crate::{ConnectionId, Problem};

/// What to bring up to date.
pub struct Sync<'a> {
    pub connection: &'a ConnectionId,
    pub registry: Arc<dyn Registry>,
    /// Read also when the registry refuses to list.
    pub pinned: &'a [RepositoryName],
    pub scope: Scope,
    /// Read before all others, if it is among them: what somebody looks at.
    pub first: Option<&'a RepositoryName>,
    pub now: Clock,
}

impl fmt::Debug for Sync<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sync")
            .field("connection", &self.connection)
            .field("pinned", &self.pinned)
            .field("scope", &self.scope)
            .field("first", &self.first)
            .finish_non_exhaustive()
    }
}

/// How much to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    Repository(RepositoryName),
    /// One version, which no tag needs to lead to.
    Version(RepositoryName, Digest),
}

/// What a sync found. Tags of signatures and fallback referrers are in no count.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncReport {
    /// Repositories that were read.
    pub repositories: u64,
    /// Tags in them now.
    pub tags: u64,
    pub new: u64,
    pub moved: u64,
    pub gone: u64,
    pub requests: u64,
    pub milliseconds: u64,
    pub problems: Vec<Problem>,
}
