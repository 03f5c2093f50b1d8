//! Lists: repositories, the versions of one, the chart over them, a selection.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Problem;

/// One page of a list, and how long the whole is.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page<T> {
    pub total: u64,
    pub items: Vec<T>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RepositoryRow {
    pub name: String,
    pub tags: u64,
    pub versions: u64,
    pub size_bytes: Option<u64>,
    pub updated: Option<String>,
    pub pinned: bool,
    pub problem: Option<Problem>,
}

#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum VersionSort {
    Version,
    Name,
    Kind,
    Size,
    Layers,
    Created,
    Pushed,
    Platforms,
    Metric(String),
}

#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LabelFilter {
    pub key: String,
    pub value: String,
}

#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VersionFilter {
    pub text: String,
    pub kinds: Vec<String>,
    pub platform: Option<String>,
    pub labels: Vec<LabelFilter>,
    pub created_after: Option<String>,
    pub created_before: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VersionsQuery {
    pub connection_id: String,
    pub repository: String,
    pub sort: VersionSort,
    pub descending: bool,
    pub filter: VersionFilter,
    /// Sizes and layers are of this platform; null: of all, each blob once.
    pub platform: Option<String>,
    /// The metric columns that the rows carry, in this order.
    pub metrics: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ChannelMark {
    Full,
    Half,
    Ring,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TagLabel {
    pub name: String,
    /// How a channel is marked; null for a plain tag.
    pub channel: Option<ChannelMark>,
    pub protected: bool,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LayerSegment {
    pub digest: String,
    pub size_bytes: u64,
}

#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TagGroup {
    Scheme,
    Other,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionRow {
    /// Null for a tag that is not read yet, or could not be read.
    pub digest: Option<String>,
    pub short_digest: Option<String>,
    pub tags: Vec<TagLabel>,
    pub kind: String,
    pub kind_label: String,
    pub size_bytes: Option<u64>,
    pub size_counts: String,
    pub layers: Vec<LayerSegment>,
    pub layer_count: u64,
    pub created: Option<String>,
    pub pushed: Option<String>,
    pub platforms: Vec<String>,
    /// As many as the query's `metrics`, in their order.
    pub metrics: Vec<Option<f64>>,
    pub signed: bool,
    pub group: TagGroup,
    pub problem: Option<Problem>,
    /// The tag is known, its manifest has not been read yet.
    pub pending: bool,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionsPage {
    pub revision: u64,
    pub total_versions: u64,
    pub total: u64,
    pub tags: u64,
    pub stored_bytes: Option<u64>,
    pub would_be_bytes: Option<u64>,
    pub largest_bytes: u64,
    /// The first row of "Other tags"; null where there are none, or another sort is on.
    pub other_from: Option<u64>,
    pub metric_names: Vec<String>,
    pub label_keys: Vec<String>,
    pub platforms: Vec<String>,
    pub kinds: Vec<String>,
    pub synced_at: Option<String>,
    pub complete: bool,
    pub partial_reason: Option<String>,
    /// The nearest tag where the text filter matches nothing.
    pub closest: Option<String>,
    pub rows: Vec<VersionRow>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SeriesPoint {
    pub digest: String,
    pub name: String,
    pub created: Option<String>,
    pub value: Option<f64>,
    pub release: bool,
    pub channels: Vec<TagLabel>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SelectedVersion {
    pub digest: String,
    pub name: String,
    pub only_here_bytes: u64,
    pub size_bytes: Option<u64>,
    pub layers: Vec<LayerSegment>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OnlyLayer {
    pub digest: String,
    pub size_bytes: u64,
    pub name: String,
    pub of: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommonFact {
    pub field: String,
    pub value: String,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SelectionSummary {
    pub stored_bytes: u64,
    pub only_these_bytes: u64,
    pub shared_bytes: u64,
    pub tags: u64,
    pub signed: u64,
    pub oldest: Option<String>,
    pub newest: Option<String>,
    pub versions: Vec<SelectedVersion>,
    pub shared_among_these_bytes: u64,
    pub only_layers: Vec<OnlyLayer>,
    pub layer_total: u64,
    pub common: Vec<CommonFact>,
}
