//! What can be asked of the index.

use artifact::{Kind, RepositoryName};
use chrono::{DateTime, Utc};

use crate::ConnectionId;

/// The versions of one repository, sorted and filtered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VersionsQuery {
    pub connection: ConnectionId,
    pub repository: RepositoryName,
    pub sort: VersionSort,
    pub descending: bool,
    pub filter: VersionFilter,
    /// Tags that move on purpose; they never give a version its place in the order.
    pub channels: Vec<String>,
    /// Sizes, layers and creation are of this platform (`linux/amd64`); `None`: of all together.
    pub platform: Option<String>,
}

impl VersionsQuery {
    /// All versions, highest first, sizes over all platforms.
    pub fn new(connection: ConnectionId, repository: RepositoryName) -> Self {
        Self {
            connection,
            repository,
            sort: VersionSort::Version,
            descending: true,
            filter: VersionFilter::default(),
            channels: Vec::new(),
            platform: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum VersionSort {
    Version,
    Name,
    Kind,
    Created,
    Pushed,
    Size,
    Layers,
    Platforms,
    /// By a metric of the model card; versions without it come last in both directions.
    Metric(String),
}

/// All parts must hold; an empty part holds for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct VersionFilter {
    /// Words, each in a tag or at the start of the digest.
    pub text: String,
    pub kinds: Vec<Kind>,
    pub platform: Option<String>,
    /// Label or annotation, and its whole value.
    pub labels: Vec<(String, String)>,
    pub created_after: Option<DateTime<Utc>>,
    pub created_before: Option<DateTime<Utc>>,
}

/// The tags of one repository, one row per tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TagsQuery {
    pub connection: ConnectionId,
    pub repository: RepositoryName,
    pub sort: TagSort,
    /// Also the tags of signatures and fallback referrers (`sha256-…`).
    pub all: bool,
    /// A glob over the tag's name.
    pub matching: Option<String>,
    pub channels: Vec<String>,
}

/// Each order is newest, highest or largest first; names ascend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TagSort {
    #[default]
    Version,
    Name,
    Created,
    Pushed,
    Size,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    /// Words separated by spaces; each must match the repository, the tag, the digest's start, a label or the card.
    pub words: String,
    pub connection: Option<ConnectionId>,
    pub limit: usize,
    /// Tags that rank before other partial matches.
    pub channels: Vec<String>,
}
