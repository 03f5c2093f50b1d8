//! One version, looked at closely.

use std::time::Duration;

use artifact::{Digest, ImageConfig, Kind, LayerSummary, Platform, PlatformSummary, RepositoryName};
use catalog::{ConnectionId, ReferrerRow, VersionRecord};
use registry::Operation;

use super::{documents, files, labels::TagLabels};
use crate::{
    ApplicationError, Berth, ConfigDetail, HistoryStep, LayerDetail, Location, PlatformDetail, RawManifest,
    VersionDetail, names::full_name, pull_commands::quoted, settings::SavedConnection,
};

impl Berth {
    /// Everything that the index knows of a version; layers, history and config of one platform.
    ///
    /// # Errors
    /// If the version or the platform is not there, or the index cannot be read.
    pub async fn version(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        platform: Option<&str>,
    ) -> Result<VersionDetail, ApplicationError> {
        let saved = self.saved().await?;
        let connection = saved.connection(id)?.clone();
        let record = self.record(&connection, repository, digest).await?;
        let chosen = choose_platform(&record.summary.platforms, platform)?.cloned();
        let config = self.config_of(chosen.as_ref()).await?;
        let labels = TagLabels::new(saved.settings.clone());
        Ok(Describer {
            connection: &connection,
            repository,
            digest,
            record: &record,
            labels: &labels,
        }
        .describe(chosen.as_ref(), config.as_deref()))
    }

    /// Reads what points at a version anew.
    ///
    /// # Errors
    /// If the registry cannot be asked.
    pub async fn refresh_referrers(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<Vec<ReferrerRow>, ApplicationError> {
        let connection = self.connection(id).await?;
        let full = full_name(&connection.location, repository)?;
        let registry = self.registry(id).await?;
        let (index, clock) = (&self.inner.index, &self.inner.clock);
        index
            .refresh_referrers(id, &full, digest, &registry, clock, operation)
            .await?;
        Ok(index.referrers(id, &full, digest)?)
    }

    /// The same, unless what is known is younger than `age`; offline, nothing is read.
    ///
    /// # Errors
    /// If the registry cannot be asked.
    pub async fn refresh_old_referrers(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        age: Duration,
        operation: &Operation,
    ) -> Result<(), ApplicationError> {
        if self.inner.offline {
            return Ok(());
        }
        let connection = self.connection(id).await?;
        let record = self.record(&connection, repository, digest).await?;
        if self.is_young(record.referrers_read, age) {
            return Ok(());
        }
        self.refresh_referrers(id, repository, digest, operation)
            .await
            .map(drop)
    }

    /// A config that was read, as JSON; `None` where it is not at hand or no JSON.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub async fn config_document(&self, digest: &Digest) -> Result<Option<serde_json::Value>, ApplicationError> {
        let digest = digest.clone();
        let bytes = self.ask(move |index| index.config_bytes(&digest)).await?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// A manifest as stored.
    ///
    /// # Errors
    /// If it is not in the index.
    pub async fn raw_manifest(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<RawManifest, ApplicationError> {
        let connection = self.connection(id).await?;
        // A digest alone would also show what another connection's repository holds.
        self.record(&connection, repository, digest).await?;
        let asked = digest.clone();
        let found = self.ask(move |index| index.manifest_bytes(&asked)).await?;
        let (media_type, bytes) = found.ok_or_else(|| unknown(&connection, repository, digest))?;
        let size = artifact::ByteSize(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(RawManifest {
            text: String::from_utf8_lossy(&bytes).into_owned(),
            media_type,
            size,
        })
    }

    pub(crate) async fn record(
        &self,
        connection: &SavedConnection,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<VersionRecord, ApplicationError> {
        let full = full_name(&connection.location, repository)?;
        let (id, asked, now) = (connection.id.clone(), digest.clone(), self.now());
        let found = self.ask(move |index| index.version(&id, &full, &asked, now)).await?;
        found.ok_or_else(|| unknown(connection, repository, digest))
    }

    async fn config_of(&self, platform: Option<&PlatformSummary>) -> Result<Option<bytes::Bytes>, ApplicationError> {
        let Some(digest) = platform.and_then(|platform| platform.config_digest.clone()) else {
            return Ok(None);
        };
        self.ask(move |index| index.config_bytes(&digest)).await
    }
}

fn unknown(connection: &SavedConnection, repository: &RepositoryName, digest: &Digest) -> ApplicationError {
    let reference = format!("{}/{repository}", connection.name);
    let quoted = quoted(&reference);
    ApplicationError::not_found(format!("{reference}@{digest} is not in the index")).with_hint(format!(
        "run `berthctl sync {quoted}`; what no tag leads to may be unknown to Berth"
    ))
}

/// The platform that was asked for, else Linux with this machine's architecture, else the first.
///
/// # Errors
/// If the version does not have the platform that was asked for.
pub(crate) fn choose_platform<'a>(
    platforms: &'a [PlatformSummary],
    asked: Option<&str>,
) -> Result<Option<&'a PlatformSummary>, ApplicationError> {
    let named = |name: &str| {
        platforms
            .iter()
            .find(|summary| summary.platform.as_ref().is_some_and(|known| known.to_string() == name))
    };
    let Some(asked) = asked else {
        return Ok(named(&this_platform().to_string()).or(platforms.first()));
    };
    if let Some(found) = named(asked) {
        return Ok(Some(found));
    }
    let known: Vec<String> = platforms.iter().map(platform_name).collect();
    Err(
        ApplicationError::not_found(format!("there is no {asked} in this version"))
            .with_hint(format!("its platforms: {}", known.join(", "))),
    )
}

/// Linux on this machine's architecture, by the names of images.
pub(crate) fn this_platform() -> Platform {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "powerpc64" => "ppc64le",
        "loongarch64" => "loong64",
        other => other,
    };
    Platform::new("linux", architecture)
}

/// `linux/amd64`; "any" for what states no platform.
pub(crate) fn platform_name(summary: &PlatformSummary) -> String {
    summary
        .platform
        .as_ref()
        .map_or_else(|| "any".to_owned(), ToString::to_string)
}

/// What a description is made from.
struct Describer<'a> {
    connection: &'a SavedConnection,
    repository: &'a RepositoryName,
    digest: &'a Digest,
    record: &'a VersionRecord,
    labels: &'a TagLabels,
}

impl Describer<'_> {
    fn describe(&self, chosen: Option<&PlatformSummary>, config: Option<&[u8]>) -> VersionDetail {
        let (row, summary) = (&self.record.row, &self.record.summary);
        let image = config
            .filter(|_| has_image_config(row.kind))
            .and_then(|bytes| ImageConfig::parse(bytes).ok());
        VersionDetail {
            reference: self.reference(),
            digest: self.digest.clone(),
            media_type: summary.media_type.clone(),
            kind: row.kind,
            tags: self.labels.labels(row.tags.iter().map(String::as_str)),
            signed: row.signed,
            size: summary.size,
            size_counts: summary.size_counts,
            created: summary.created,
            pushed: row.pushed,
            card: summary.card.clone(),
            platforms: summary
                .platforms
                .iter()
                .map(|platform| self.platform(platform))
                .collect(),
            platform: chosen.map(platform_name),
            layers: chosen.map(|platform| self.layers(platform)).unwrap_or_default(),
            only_here: summary.size.map(|_| self.record.unique),
            history: image.as_ref().map(|image| history(image, chosen)).unwrap_or_default(),
            config: image.map(config_detail),
            raw_config: config.and_then(|bytes| serde_json::from_slice(bytes).ok()),
            labels: summary.labels.clone(),
            annotations: summary.annotations.clone(),
            referrers: self.record.referrers.clone(),
            referrers_read: self.record.referrers_read,
            documents: chosen.map(documents::entries).unwrap_or_default(),
            moves: self.record.moves.clone(),
            problems: summary.problems.clone(),
            files_readable: chosen.is_some_and(files::is_readable),
        }
    }

    fn reference(&self) -> String {
        let repository =
            full_name(&self.connection.location, self.repository).unwrap_or_else(|_| self.repository.clone());
        let place = match &self.connection.location {
            Location::Registry(address) => format!("{}/{repository}", address.host()),
            Location::Folder(path) => format!("{}/{repository}", path.display()),
        };
        match self.record.row.tags.first() {
            Some(tag) => format!("{place}:{tag}"),
            None => format!("{place}@{}", self.digest),
        }
    }

    fn platform(&self, platform: &PlatformSummary) -> PlatformDetail {
        PlatformDetail {
            platform: platform_name(platform),
            stated: platform.platform.is_some(),
            digest: platform.digest.clone(),
            media_type: platform.media_type.clone(),
            size: platform.size,
            created: platform.created,
            config_digest: platform.config_digest.clone(),
            layers: self.layers(platform),
        }
    }

    fn layers(&self, platform: &PlatformSummary) -> Vec<LayerDetail> {
        platform.layers.iter().map(|layer| self.layer(layer)).collect()
    }

    fn layer(&self, layer: &LayerSummary) -> LayerDetail {
        LayerDetail {
            digest: layer.digest.clone(),
            media_type: layer.media_type.clone(),
            size: layer.size,
            name: layer_name(layer),
            created_by: layer.created_by.clone(),
            in_versions: self.record.shared_in.get(&layer.digest).copied().unwrap_or(1),
        }
    }
}

/// Its file, else the command that made it, else what it is by its media type.
pub fn layer_name(layer: &LayerSummary) -> String {
    layer
        .title
        .clone()
        .or_else(|| layer.created_by.clone())
        .unwrap_or_else(|| layer.media_type.clone())
}

/// Whether the config is one of the image format; models keep their own kind of document there.
fn has_image_config(kind: Kind) -> bool {
    matches!(kind, Kind::Image | Kind::Wasm | Kind::Other)
}

fn history(image: &ImageConfig, chosen: Option<&PlatformSummary>) -> Vec<HistoryStep> {
    let layers = chosen.map(|platform| platform.layers.as_slice()).unwrap_or_default();
    let steps = image.history.iter().map(|step| {
        let layer = step.layer.and_then(|position| layers.get(position));
        HistoryStep {
            created_by: step.created_by.clone(),
            created: step.created,
            comment: step.comment.clone(),
            empty: step.empty,
            layer: layer.map(|layer| layer.digest.clone()),
            size: layer.map(|layer| layer.size),
        }
    });
    steps.collect()
}

fn config_detail(image: ImageConfig) -> ConfigDetail {
    ConfigDetail {
        environment: image.environment,
        entrypoint: image.entrypoint,
        command: image.command,
        user: image.user,
        working_directory: image.working_directory,
        ports: image.exposed_ports,
        volumes: image.volumes,
    }
}
