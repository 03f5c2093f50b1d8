//! Lists: repositories, the versions of one, the chart over them, a selection.

use artifact::{ByteSize, Digest, Kind, RepositoryName, SizeCounts, TagGroup};
use catalog::{ConnectionId, VersionFilter, VersionSort};
use chrono::{DateTime, Utc};

use crate::{ApplicationError, settings::ChannelMark};

/// One page of a list, and how long the whole is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page<T> {
    pub total: usize,
    pub items: Vec<T>,
}

#[derive(Clone, Debug)]
pub struct RepositoryRow {
    /// Relative to the connection's path.
    pub name: RepositoryName,
    pub tags: u64,
    pub versions: u64,
    /// Each blob once; `None` until it was read once.
    pub size: Option<ByteSize>,
    pub updated: Option<DateTime<Utc>>,
    pub synced: Option<DateTime<Utc>>,
    pub pinned: bool,
    pub problem: Option<ApplicationError>,
}

/// Which versions, in which order. The channels come from the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionsQuery {
    pub connection: ConnectionId,
    /// Relative to the connection's path.
    pub repository: RepositoryName,
    pub sort: VersionSort,
    pub descending: bool,
    pub filter: VersionFilter,
    /// Sizes and layers are of this platform; `None`: of all, each blob once.
    pub platform: Option<String>,
    /// The metrics that the rows carry, in this order.
    pub metrics: Vec<String>,
}

/// A tag and what it stands for by the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagLabel {
    pub name: String,
    /// How the channel is marked; `None`: a plain tag.
    pub channel: Option<ChannelMark>,
    pub protected: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerSegment {
    pub digest: Digest,
    pub size: ByteSize,
}

/// One version: a digest with its tags; or a tag that was listed and not read yet.
#[derive(Clone, Debug)]
pub struct VersionRow {
    /// `None` only where the tag could not be read (`problem`) or is not read yet (`pending`).
    pub digest: Option<Digest>,
    pub tags: Vec<TagLabel>,
    pub kind: Kind,
    pub size: Option<ByteSize>,
    pub size_counts: SizeCounts,
    pub layers: Vec<LayerSegment>,
    pub layer_count: u64,
    pub created: Option<DateTime<Utc>>,
    pub pushed: Option<DateTime<Utc>>,
    pub platforms: Vec<String>,
    /// As many as the query's `metrics`, in their order.
    pub metrics: Vec<Option<f64>>,
    pub signed: bool,
    pub group: TagGroup,
    pub problem: Option<ApplicationError>,
    pub pending: bool,
}

#[derive(Clone, Debug)]
pub struct VersionsPage {
    /// Changes with the repository's content.
    pub revision: u64,
    /// Of the repository, before the filter.
    pub total_versions: usize,
    /// After the filter: the length of the whole list.
    pub total: usize,
    pub tags: usize,
    /// Each blob once; `None` while a version's size is unknown.
    pub stored: Option<ByteSize>,
    /// As if nothing were shared; `None` while a version's size is unknown.
    pub would_be: Option<ByteSize>,
    pub largest: ByteSize,
    /// The first row of "Other tags"; `None` where there are none, or another sort is on.
    pub other_from: Option<usize>,
    pub metric_names: Vec<String>,
    pub label_keys: Vec<String>,
    pub platforms: Vec<String>,
    pub kinds: Vec<Kind>,
    pub synced: Option<DateTime<Utc>>,
    pub complete: bool,
    pub partial_reason: Option<String>,
    /// The nearest tag where the text filter matches nothing.
    pub closest: Option<String>,
    pub rows: Vec<VersionRow>,
}

/// One version in the chart over versions.
#[derive(Clone, Debug)]
pub struct SeriesPoint {
    pub digest: Digest,
    /// Its best tag, else the short digest.
    pub name: String,
    pub created: Option<DateTime<Utc>>,
    /// `None`: unknown, never 0.
    pub value: Option<f64>,
    pub release: bool,
    pub channels: Vec<TagLabel>,
}

/// What a selection of versions holds, each blob counted once.
#[derive(Clone, Debug)]
pub struct SelectionSummary {
    pub stored: ByteSize,
    pub only_these: ByteSize,
    pub shared: ByteSize,
    pub tags: u64,
    pub signed: u64,
    pub oldest: Option<DateTime<Utc>>,
    pub newest: Option<DateTime<Utc>>,
    pub versions: Vec<SelectedVersion>,
    pub shared_among_these: ByteSize,
    pub only_layers: Vec<OnlyLayer>,
    pub layer_total: u64,
    /// Fields of the card and what they hold over the selection.
    pub common: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub struct SelectedVersion {
    pub digest: Digest,
    pub name: String,
    pub only_here: ByteSize,
    pub size: Option<ByteSize>,
    pub layers: Vec<LayerSegment>,
}

pub use catalog::OnlyLayer;
