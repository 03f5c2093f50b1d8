//! Repositories, versions and what several of them hold together, in their wire form.

use application as app;

use super::{
    CommonFact, LayerSegment, OnlyLayer, Problem, RepositoryRow, SelectedVersion, SelectionSummary, SeriesPoint,
    TagGroup, TagLabel, VersionRow, VersionsPage,
    from::{count, each, optional_time, same_names},
};

same_names!(app::TagGroup => TagGroup: Scheme, Other);

impl From<app::RepositoryRow> for RepositoryRow {
    fn from(row: app::RepositoryRow) -> Self {
        Self {
            name: row.name.to_string(),
            tags: row.tags,
            versions: row.versions,
            size_bytes: row.size.map(app::ByteSize::bytes),
            updated: optional_time(row.updated),
            pinned: row.pinned,
            problem: row.problem.map(Problem::from),
        }
    }
}

impl From<app::TagLabel> for TagLabel {
    fn from(label: app::TagLabel) -> Self {
        Self {
            name: label.name,
            channel: label.channel.map(Into::into),
            protected: label.protected,
        }
    }
}

impl From<app::LayerSegment> for LayerSegment {
    fn from(segment: app::LayerSegment) -> Self {
        Self {
            digest: segment.digest.to_string(),
            size_bytes: segment.size.bytes(),
        }
    }
}

impl From<app::VersionRow> for VersionRow {
    fn from(row: app::VersionRow) -> Self {
        Self {
            short_digest: row.digest.as_ref().map(|digest| digest.short().to_owned()),
            digest: row.digest.map(|digest| digest.to_string()),
            tags: each(row.tags),
            kind: row.kind.as_str().to_owned(),
            kind_label: row.kind.label().to_owned(),
            size_bytes: row.size.map(app::ByteSize::bytes),
            size_counts: row.size_counts.as_str().to_owned(),
            layers: each(row.layers),
            layer_count: row.layer_count,
            created: optional_time(row.created),
            pushed: optional_time(row.pushed),
            platforms: row.platforms,
            metrics: row.metrics,
            signed: row.signed,
            group: row.group.into(),
            problem: row.problem.map(Problem::from),
            pending: row.pending,
        }
    }
}

impl From<app::VersionsPage> for VersionsPage {
    fn from(page: app::VersionsPage) -> Self {
        Self {
            revision: page.revision,
            total_versions: count(page.total_versions),
            total: count(page.total),
            tags: count(page.tags),
            stored_bytes: page.stored.map(app::ByteSize::bytes),
            would_be_bytes: page.would_be.map(app::ByteSize::bytes),
            largest_bytes: page.largest.bytes(),
            other_from: page.other_from.map(count),
            metric_names: page.metric_names,
            label_keys: page.label_keys,
            platforms: page.platforms,
            kinds: page.kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
            synced_at: optional_time(page.synced),
            complete: page.complete,
            partial_reason: page.partial_reason,
            closest: page.closest,
            rows: each(page.rows),
        }
    }
}

impl From<app::SeriesPoint> for SeriesPoint {
    fn from(point: app::SeriesPoint) -> Self {
        Self {
            digest: point.digest.to_string(),
            name: point.name,
            created: optional_time(point.created),
            value: point.value,
            release: point.release,
            channels: each(point.channels),
        }
    }
}

impl From<app::SelectedVersion> for SelectedVersion {
    fn from(version: app::SelectedVersion) -> Self {
        Self {
            digest: version.digest.to_string(),
            name: version.name,
            only_here_bytes: version.only_here.bytes(),
            size_bytes: version.size.map(app::ByteSize::bytes),
            layers: each(version.layers),
        }
    }
}

impl From<app::OnlyLayer> for OnlyLayer {
    fn from(layer: app::OnlyLayer) -> Self {
        Self {
            digest: layer.digest.to_string(),
            size_bytes: layer.size.bytes(),
            name: layer.name,
            of: layer.of,
        }
    }
}

impl From<app::SelectionSummary> for SelectionSummary {
    fn from(summary: app::SelectionSummary) -> Self {
        Self {
            stored_bytes: summary.stored.bytes(),
            only_these_bytes: summary.only_these.bytes(),
            shared_bytes: summary.shared.bytes(),
            tags: summary.tags,
            signed: summary.signed,
            oldest: optional_time(summary.oldest),
            newest: optional_time(summary.newest),
            versions: each(summary.versions),
            shared_among_these_bytes: summary.shared_among_these.bytes(),
            only_layers: each(summary.only_layers),
            layer_total: summary.layer_total,
            common: summary
                .common
                .into_iter()
                .map(|(field, value)| CommonFact { field, value })
                .collect(),
        }
    }
}
