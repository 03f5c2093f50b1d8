//! One version with all that is known of it, in its wire form.

use application as app;

use super::{
    ConfigDetail, DocumentEntry, DocumentText, EnvironmentVariable, HistoryStep, LayerDetail, Metric, ModelCard,
    PlatformDetail, RawManifest, Referrer, TagMove, VersionDetail,
    from::{annotations, each, optional_time, time},
};

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
