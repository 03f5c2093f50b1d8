//! One manifest with its config, summed up: one platform of a version.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{ContentSource, LayerSummary, PlatformSummary, time::annotated, time::first_believable};
use crate::{
    ByteSize, Descriptor, Digest, ImageConfig, ImageManifest, Kind, Platform, Schema1, card::layer_paths, media_type,
    problems::Problems,
};

/// A platform, and what of it goes into the version's labels and card.
pub(super) struct ReadPlatform {
    pub(super) summary: PlatformSummary,
    pub(super) kind: Kind,
    /// Of the image; of what is none, its annotations.
    pub(super) labels: BTreeMap<String, String>,
    pub(super) annotations: BTreeMap<String, String>,
    pub(super) config: Option<Value>,
    pub(super) layers: Vec<Descriptor>,
    /// Config and layers, repeated ones too.
    pub(super) blobs: Vec<(Digest, ByteSize)>,
}

/// What every platform is read with.
pub(super) struct Reader<'a> {
    pub(super) source: &'a dyn ContentSource,
    pub(super) now: DateTime<Utc>,
}

impl Reader<'_> {
    /// Reads a manifest that is no index.
    pub(super) fn image(
        &self,
        digest: &Digest,
        stated: Option<&Platform>,
        manifest: &ImageManifest,
        problems: &mut Problems,
    ) -> ReadPlatform {
        let kind = Kind::of_image(manifest);
        let of_platform = of(stated);
        for problem in &manifest.problems {
            problems.note(match stated {
                Some(platform) => format!("{platform}: {problem}"),
                None => problem.clone(),
            });
        }
        let config = self.config(manifest, &of_platform, problems);
        let image = config
            .as_ref()
            .filter(|_| kind == Kind::Image || kind == Kind::Wasm)
            .map(ImageConfig::from_value);
        let blobs: Vec<(Digest, ByteSize)> = manifest
            .config
            .iter()
            .chain(&manifest.layers)
            .map(|descriptor| (descriptor.digest.clone(), descriptor.size))
            .collect();
        let mut summary = PlatformSummary {
            platform: stated.cloned().or_else(|| image.as_ref().and_then(platform_of)),
            digest: digest.clone(),
            media_type: manifest.media_type.clone(),
            size: distinct_size(&blobs),
            size_known: manifest.sizes_known,
            created: first_believable(
                [
                    config
                        .as_ref()
                        .and_then(|config| crate::text::time(config.get("created"))),
                    config.as_ref().and_then(model_created),
                    annotated(&manifest.annotations),
                ],
                self.now,
            ),
            config_digest: manifest.config.as_ref().map(|config| config.digest.clone()),
            layers: layers(&manifest.layers, image.as_ref(), &of_platform, problems),
        };
        if let Some(config) = &config {
            name_layers(&mut summary.layers, &layer_paths(kind, config));
        }
        ReadPlatform {
            summary,
            kind,
            labels: image.map_or_else(|| manifest.annotations.clone(), |image| image.labels),
            annotations: manifest.annotations.clone(),
            config,
            layers: manifest.layers.clone(),
            blobs,
        }
    }

    /// Reads a schema 1 manifest: its config is inside, sizes are nowhere.
    pub(super) fn schema1(&self, digest: &Digest, manifest: &Schema1, problems: &mut Problems) -> ReadPlatform {
        for problem in &manifest.problems {
            problems.note(problem.clone());
        }
        let image = manifest
            .config
            .as_ref()
            .map(ImageConfig::from_value)
            .unwrap_or_default();
        let layer = |layer: &crate::Schema1Layer| LayerSummary {
            digest: layer.digest.clone(),
            media_type: media_type::DOCKER_LAYER_GZIP.to_owned(),
            size: ByteSize::ZERO,
            created_by: layer.created_by.as_deref().map(crate::tidy_command),
            title: None,
        };
        let summary = PlatformSummary {
            platform: manifest
                .architecture
                .as_ref()
                .map(|architecture| Platform::foreign("linux", architecture, None)),
            digest: digest.clone(),
            media_type: manifest.media_type.clone(),
            size: ByteSize::ZERO,
            size_known: false,
            created: first_believable([manifest.created], self.now),
            config_digest: None,
            layers: manifest.layers.iter().map(layer).collect(),
        };
        ReadPlatform {
            summary,
            kind: Kind::Image,
            labels: image.labels,
            annotations: BTreeMap::new(),
            config: None,
            layers: Vec::new(),
            blobs: manifest
                .layers
                .iter()
                .map(|layer| (layer.digest.clone(), ByteSize::ZERO))
                .collect(),
        }
    }

    /// A platform that the index names, but whose manifest is not at hand.
    pub(super) fn unread(child: &Descriptor) -> ReadPlatform {
        ReadPlatform {
            summary: PlatformSummary {
                platform: child.platform.clone(),
                digest: child.digest.clone(),
                media_type: child.media_type.clone(),
                size: ByteSize::ZERO,
                size_known: false,
                created: None,
                config_digest: None,
                layers: Vec::new(),
            },
            kind: Kind::of_referrer(child),
            labels: BTreeMap::new(),
            annotations: child.annotations.clone(),
            config: None,
            layers: Vec::new(),
            blobs: Vec::new(),
        }
    }

    /// The config as a JSON object. A type that promises JSON and does not keep it is a problem; others are not read.
    fn config(&self, manifest: &ImageManifest, of_platform: &str, problems: &mut Problems) -> Option<Value> {
        let descriptor = manifest.config.as_ref().filter(|config| !config.is_empty_config())?;
        if !media_type::essence(&descriptor.media_type).ends_with("json") {
            return None;
        }
        let Some(bytes) = self.source.config(&descriptor.digest) else {
            problems.note(format!("the config{of_platform} has not been read"));
            return None;
        };
        let value: Option<Value> = parse(&bytes);
        if value.is_none() {
            problems.note(format!("the config{of_platform} is not JSON"));
        }
        value
    }
}

fn parse(bytes: &Arc<[u8]>) -> Option<Value> {
    serde_json::from_slice(bytes).ok().filter(Value::is_object)
}

/// ` of linux/arm64`, or nothing where no platform is stated.
pub(super) fn of(platform: Option<&Platform>) -> String {
    platform.map(|platform| format!(" of {platform}")).unwrap_or_default()
}

fn platform_of(image: &ImageConfig) -> Option<Platform> {
    Some(Platform::foreign(
        image.os.as_deref()?,
        image.architecture.as_deref()?,
        image.variant.as_deref(),
    ))
}

/// When a model was made: `descriptor.createdAt` of `ModelPack`, `descriptor.created` of Docker's models.
fn model_created(config: &Value) -> Option<DateTime<Utc>> {
    let descriptor = config.get("descriptor")?;
    ["createdAt", "created"]
        .iter()
        .find_map(|field| crate::text::time(descriptor.get(field)))
}

fn layers(
    descriptors: &[Descriptor],
    image: Option<&ImageConfig>,
    of_platform: &str,
    problems: &mut Problems,
) -> Vec<LayerSummary> {
    let steps = image.and_then(|image| image.layer_steps(descriptors.len()));
    if steps.is_none() && image.is_some_and(|image| !image.history.is_empty()) {
        problems.note(format!("the history{of_platform} does not match the layers"));
    }
    let steps = steps.unwrap_or_default();
    let mut summaries = Vec::with_capacity(descriptors.len());
    for (position, descriptor) in descriptors.iter().enumerate() {
        let command = steps.get(position).map(|step| step.created_by.clone());
        summaries.push(LayerSummary {
            digest: descriptor.digest.clone(),
            media_type: descriptor.media_type.clone(),
            size: descriptor.size,
            created_by: command.filter(|command| !command.is_empty()),
            title: descriptor.filepath().map(str::to_owned),
        });
    }
    summaries
}

/// Gives layers that the manifest does not name the path that the config has for them.
fn name_layers(layers: &mut [LayerSummary], paths: &BTreeMap<String, String>) {
    if paths.is_empty() {
        return;
    }
    for layer in layers.iter_mut().filter(|layer| layer.title.is_none()) {
        layer.title = paths.get(&layer.digest.to_string()).cloned();
    }
}

fn distinct_size(blobs: &[(Digest, ByteSize)]) -> ByteSize {
    let distinct: BTreeMap<&Digest, ByteSize> = blobs.iter().map(|(digest, size)| (digest, *size)).collect();
    distinct.into_values().sum()
}
