//! Bringing the index up to date with a registry.

use std::{fmt, sync::Arc};

use artifact::RepositoryName;
use chrono::{DateTime, Utc};
use registry::Registry;

use crate::{ConnectionId, Problem};

/// Tells the time; nothing below `application` reads a clock by itself.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + std::marker::Sync>;

/// What to bring up to date.
pub struct Sync<'a> {
    pub connection: &'a ConnectionId,
    pub registry: Arc<dyn Registry>,
    /// Read also when the registry refuses to list.
    pub pinned: &'a [RepositoryName],
    pub scope: Scope,
    pub now: Clock,
}

impl fmt::Debug for Sync<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sync")
            .field("connection", &self.connection)
            .field("pinned", &self.pinned)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    Repository(RepositoryName),
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
