//! Lists, details and files in their wire form, and the questions about them on their way in.

use std::str::FromStr;

use application as app;
use chrono::{DateTime, Utc};

use super::{
    CommonFact, ConfigDetail, DocumentEntry, DocumentText, EnvironmentVariable, FileKind, FileNode, FilesCost,
    FilesLayer, FilesOptions, FilesSummary, HistoryStep, HitKind, IcicleNode, LayerDetail, LayerSegment, Metric,
    ModelCard, OnlyLayer, PlatformDetail, Problem, PullCommand, RawManifest, Referrer, RepositoryRow, SearchAnswer,
    SearchHit, SelectedVersion, SelectionSummary, SeriesPoint, TagGroup, TagLabel, TagMove, VersionDetail,
    VersionFilter, VersionRow, VersionSort, VersionsPage, VersionsQuery,
    from::{annotations, count, each, optional_time, same_names, time},
};

same_names!(app::TagGroup => TagGroup: Scheme, Other);
same_names!(app::FileKind => FileKind: File, Directory, Symlink, Hardlink, Whiteout, Opaque);
same_names!(app::SearchHitKind => HitKind: Repository, Tag, Digest, Label);

/// Reads a name, digest or time that the window sent.
///
/// # Errors
/// [`Problem`] with the code `invalidInput` where it is not well formed.
pub(crate) fn parse<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, Problem> {
    text.parse()
        .map_err(|problem: T::Err| app::ApplicationError::invalid(problem).into())
}

/// Reads what may be absent.
///
/// # Errors
/// As [`parse`].
pub(crate) fn parse_optional<T: FromStr<Err: std::fmt::Display>>(text: Option<&str>) -> Result<Option<T>, Problem> {
    text.map(parse).transpose()
}

impl TryFrom<VersionsQuery> for app::VersionsQuery {
    type Error = Problem;

    fn try_from(query: VersionsQuery) -> Result<Self, Problem> {
        Ok(Self {
            connection: query.connection_id.into(),
            repository: parse(&query.repository)?,
            sort: query.sort.into(),
            descending: query.descending,
            filter: query.filter.try_into()?,
            platform: query.platform,
            metrics: query.metrics,
        })
    }
}

impl From<VersionSort> for app::VersionSort {
    fn from(sort: VersionSort) -> Self {
        match sort {
            VersionSort::Version => Self::Version,
            VersionSort::Name => Self::Name,
            VersionSort::Kind => Self::Kind,
            VersionSort::Size => Self::Size,
            VersionSort::Layers => Self::Layers,
            VersionSort::Created => Self::Created,
            VersionSort::Pushed => Self::Pushed,
            VersionSort::Platforms => Self::Platforms,
            VersionSort::Metric(name) => Self::Metric(name),
        }
    }
}

impl TryFrom<VersionFilter> for app::VersionFilter {
    type Error = Problem;

    fn try_from(filter: VersionFilter) -> Result<Self, Problem> {
        let moment = |text: Option<String>| parse_optional::<DateTime<Utc>>(text.as_deref());
        Ok(Self {
            text: filter.text,
            kinds: filter.kinds.iter().map(|kind| parse(kind)).collect::<Result<_, _>>()?,
            platform: filter.platform,
            labels: filter
                .labels
                .into_iter()
                .map(|label| (label.key, label.value))
                .collect(),
            created_after: moment(filter.created_after)?,
            created_before: moment(filter.created_before)?,
        })
    }
}

impl TryFrom<FilesOptions> for app::FilesOptions {
    type Error = Problem;

    fn try_from(options: FilesOptions) -> Result<Self, Problem> {
        let digests = |layers: Vec<String>| layers.iter().map(|digest| parse(digest)).collect::<Result<Vec<_>, _>>();
        Ok(Self {
            layers: options.layers.map(digests).transpose()?,
            by_layer: options.by_layer,
            whiteouts: options.whiteouts,
            text: options.text,
            only_hidden: options.only_hidden,
        })
    }
}

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

impl From<app::ModelCard> for ModelCard {
    fn from(card: app::ModelCard) -> Self {
        Self {
            name: card.name,
            version: card.version,
            format: card.format,
            architecture: card.architecture,
            parameters: card.parameters,
            precision: card.precision,
            quantization: card.quantization,
            context_length: card.context_length,
            licenses: card.licenses,
            authors: card.authors,
            source: card.source,
            revision: card.revision,
            framework: card.framework,
            dataset: card.dataset,
            description: card.description,
            base: card.base,
            created: optional_time(card.created),
            metrics: card
                .metrics
                .into_iter()
                .map(|(name, value)| Metric { name, value })
                .collect(),
        }
    }
}

impl From<app::LayerDetail> for LayerDetail {
    fn from(layer: app::LayerDetail) -> Self {
        Self {
            digest: layer.digest.to_string(),
            media_type: layer.media_type,
            size_bytes: layer.size.bytes(),
            name: layer.name,
            created_by: layer.created_by,
            in_versions: layer.in_versions,
        }
    }
}

impl From<app::PlatformDetail> for PlatformDetail {
    fn from(platform: app::PlatformDetail) -> Self {
        Self {
            platform: platform.platform,
            digest: platform.digest.to_string(),
            size_bytes: platform.size.bytes(),
            created: optional_time(platform.created),
        }
    }
}

impl From<app::HistoryStep> for HistoryStep {
    fn from(step: app::HistoryStep) -> Self {
        Self {
            created_by: step.created_by,
            created: optional_time(step.created),
            comment: step.comment,
            empty: step.empty,
            layer: step.layer.map(|digest| digest.to_string()),
            size_bytes: step.size.map(app::ByteSize::bytes),
        }
    }
}

impl From<app::ConfigDetail> for ConfigDetail {
    fn from(config: app::ConfigDetail) -> Self {
        let environment = config.environment.into_iter();
        Self {
            environment: environment
                .map(|(name, value)| EnvironmentVariable { name, value })
                .collect(),
            entrypoint: config.entrypoint,
            command: config.command,
            user: config.user,
            working_directory: config.working_directory,
            ports: config.ports,
            volumes: config.volumes,
        }
    }
}

impl From<app::ReferrerRow> for Referrer {
    fn from(row: app::ReferrerRow) -> Self {
        Self {
            digest: row.digest.to_string(),
            artifact_type: row.artifact_type,
            kind: row.kind.as_str().to_owned(),
            size_bytes: row.size.bytes(),
            created: optional_time(row.created),
            annotations: annotations(row.annotations),
        }
    }
}

impl From<app::DocumentEntry> for DocumentEntry {
    fn from(entry: app::DocumentEntry) -> Self {
        Self {
            digest: entry.digest.to_string(),
            title: entry.title,
            size_bytes: entry.size.bytes(),
        }
    }
}

impl From<app::TagMove> for TagMove {
    fn from(tag_move: app::TagMove) -> Self {
        Self {
            tag: tag_move.tag.to_string(),
            from: tag_move.from.map(|digest| digest.to_string()),
            to: tag_move.to.map(|digest| digest.to_string()),
            seen: time(tag_move.seen),
        }
    }
}

impl From<app::VersionDetail> for VersionDetail {
    fn from(detail: app::VersionDetail) -> Self {
        Self {
            reference: detail.reference,
            digest: detail.digest.to_string(),
            media_type: detail.media_type,
            kind: detail.kind.as_str().to_owned(),
            kind_label: detail.kind.label().to_owned(),
            tags: each(detail.tags),
            signed: detail.signed,
            size_bytes: detail.size.map(app::ByteSize::bytes),
            size_counts: detail.size_counts.as_str().to_owned(),
            created: optional_time(detail.created),
            pushed: optional_time(detail.pushed),
            card: detail.card.into(),
            platforms: each(detail.platforms),
            platform: detail.platform,
            layers: each(detail.layers),
            only_here_bytes: detail.only_here.map(app::ByteSize::bytes),
            history: each(detail.history),
            config: detail.config.map(Into::into),
            labels: annotations(detail.labels),
            annotations: annotations(detail.annotations),
            referrers: each(detail.referrers),
            referrers_read_at: optional_time(detail.referrers_read),
            documents: each(detail.documents),
            moves: each(detail.moves),
            problems: detail.problems,
            files_readable: detail.files_readable,
        }
    }
}

impl From<app::RawManifest> for RawManifest {
    fn from(manifest: app::RawManifest) -> Self {
        Self {
            text: manifest.text,
            media_type: manifest.media_type,
            size_bytes: manifest.size.bytes(),
        }
    }
}

impl From<app::DocumentText> for DocumentText {
    fn from(document: app::DocumentText) -> Self {
        Self {
            title: document.title,
            text: document.text,
            markdown: document.markdown,
        }
    }
}

impl From<app::FilesCost> for FilesCost {
    fn from(cost: app::FilesCost) -> Self {
        Self {
            bytes_to_read: cost.bytes_to_read.bytes(),
            layers_to_read: cost.layers_to_read,
            layers: cost.layers,
        }
    }
}

impl From<app::FilesLayer> for FilesLayer {
    fn from(layer: app::FilesLayer) -> Self {
        Self {
            digest: layer.digest.to_string(),
            name: layer.name,
            files: layer.files,
            size_bytes: layer.size.bytes(),
            packed_bytes: layer.packed.bytes(),
        }
    }
}

impl From<app::FilesSummary> for FilesSummary {
    fn from(summary: app::FilesSummary) -> Self {
        Self {
            view: summary.view,
            files: summary.files,
            size_bytes: summary.size.bytes(),
            layers: each(summary.layers),
            hidden_bytes: summary.hidden_size.bytes(),
            hidden_files: summary.hidden_files,
            whiteouts: summary.whiteouts,
            read_bytes: summary.read.bytes(),
            truncated: summary.truncated,
        }
    }
}

impl From<app::FileNode> for FileNode {
    fn from(node: app::FileNode) -> Self {
        Self {
            path: node.path,
            name: node.name,
            kind: node.kind.into(),
            size_bytes: node.size.bytes(),
            files: node.files,
            mode: node.mode,
            owner: node.owner,
            modified: optional_time(node.modified),
            link_target: node.link_target,
            layers: each(node.layers),
            hidden: node.hidden,
            has_children: node.has_children,
            packed_layer: node.packed_layer.map(|digest| digest.to_string()),
        }
    }
}

impl From<app::IcicleNode> for IcicleNode {
    fn from(node: app::IcicleNode) -> Self {
        Self {
            path: node.path,
            name: node.name,
            size_bytes: node.size.bytes(),
            layer: node.layer.map(|digest| digest.to_string()),
            children: each(node.children),
        }
    }
}

impl From<app::SearchHit> for SearchHit {
    fn from(hit: app::SearchHit) -> Self {
        Self {
            connection_id: hit.connection.to_string(),
            connection: hit.connection_name,
            repository: hit.repository.to_string(),
            tag: hit.tag.map(|tag| tag.to_string()),
            digest: hit.digest.map(|digest| digest.to_string()),
            matched: hit.matched,
            kind: hit.kind.into(),
        }
    }
}

impl From<app::SearchAnswer> for SearchAnswer {
    fn from(answer: app::SearchAnswer) -> Self {
        Self {
            hits: each(answer.hits),
            milliseconds: answer.milliseconds,
        }
    }
}

impl From<app::PullCommand> for PullCommand {
    fn from(command: app::PullCommand) -> Self {
        Self {
            tool: command.tool.to_owned(),
            label: command.label.to_owned(),
            command: command.command,
            note: command.note,
        }
    }
}
