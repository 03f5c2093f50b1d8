//! One model card over every kind of artifact: what a data scientist asks first.
//!
//! Each format's config is read in `formats`; what it leaves open is filled from labels and annotations. Fields that
//! nothing states stay `None`: the card never guesses.

mod fields;
mod formats;
mod labels;
mod metrics;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::fields::Fields;
use crate::{Descriptor, Kind};

/// What is known about a model, whatever it is packed in. Names are those of the command line's JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelCard {
    pub name: Option<String>,
    pub version: Option<String>,
    /// Of the weights: `safetensors`, `gguf`, `onnx` …
    pub format: Option<String>,
    /// Of the model, not of the processor.
    pub architecture: Option<String>,
    /// How many, as written: `8b`, `47.6 M`.
    pub parameters: Option<String>,
    pub precision: Option<String>,
    pub quantization: Option<String>,
    /// In tokens.
    pub context_length: Option<u64>,
    pub licenses: Vec<String>,
    pub authors: Vec<String>,
    /// Where the source is: an address.
    pub source: Option<String>,
    /// Of the source.
    pub revision: Option<String>,
    pub framework: Option<String>,
    pub dataset: Option<String>,
    pub description: Option<String>,
    /// What it was made from: a base image or a base model.
    pub base: Option<String>,
    pub created: Option<DateTime<Utc>>,
    /// Every label or annotation that holds a number and is no housekeeping.
    pub metrics: BTreeMap<String, f64>,
}

/// What a card is made of.
pub(crate) struct CardSources<'a> {
    pub(crate) kind: Kind,
    /// The config as JSON, if it is that.
    pub(crate) config: Option<&'a Value>,
    pub(crate) layers: &'a [Descriptor],
    /// Labels of the image, annotations over them.
    pub(crate) labels: &'a BTreeMap<String, String>,
    pub(crate) created: Option<DateTime<Utc>>,
}

impl ModelCard {
    /// Whether nothing at all is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn read(sources: &CardSources<'_>) -> Self {
        let mut card = sources.config.map_or_else(Self::default, |config| {
            let config = Fields(config);
            match sources.kind {
                Kind::ModelPack => formats::modelpack(config),
                Kind::ModelKit => formats::modelkit(config),
                Kind::DockerModel => formats::docker_model(config),
                Kind::Ollama => formats::ollama(config),
                Kind::Helm => formats::helm(config),
                _ => Self::default(),
            }
        });
        labels::fill(&mut card, sources.labels);
        if sources.kind.is_model() {
            card.format = card.format.or_else(|| format_of_layers(sources.layers));
        }
        card.metrics = metrics::read(sources.labels);
        card.created = sources.created;
        card
    }
}

/// The paths of layers that only the config of this kind names, by digest.
pub(crate) fn layer_paths(kind: Kind, config: &Value) -> BTreeMap<String, String> {
    match kind {
        Kind::ModelKit => formats::modelkit_paths(Fields(config)),
        _ => BTreeMap::new(),
    }
}

/// The weights' format as the layers' media types or file names state it.
fn format_of_layers(layers: &[Descriptor]) -> Option<String> {
    const FORMATS: [&str; 4] = ["safetensors", "gguf", "onnx", "dduf"];
    let states = |layer: &Descriptor, format: &str| {
        let extension = layer
            .filepath()
            .and_then(|path| path.rsplit_once('.'))
            .map(|(_, extension)| extension);
        layer.media_type.split(['.', '+']).any(|part| part == format) || extension == Some(format)
    };
    let format = FORMATS
        .into_iter()
        .find(|format| layers.iter().any(|layer| states(layer, format)))?;
    Some(format.to_owned())
}
