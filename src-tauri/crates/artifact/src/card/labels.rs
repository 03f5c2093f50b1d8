//! What labels and annotations say about a model, where its config leaves it open.
//!
//! Each field has its places in order: keys of the image specification, and any key whose last part names the field, as
//! teams label their models: `ml.framework`, `com.acme.model.dataset`.

use std::collections::BTreeMap;

use self::Place::{Image, Older, Plain, Team};
use super::{ModelCard, metrics};

type Labels = BTreeMap<String, String>;

/// Where a field may stand.
enum Place {
    /// Behind `org.opencontainers.image.`.
    Image(&'static str),
    /// Behind `org.label-schema.`, which came before it.
    Older(&'static str),
    /// As the last part of a key of a team's own.
    Team(&'static [&'static str]),
    /// As the whole key.
    Plain(&'static str),
}

const NAME: &[Place] = &[Team(&["model_name"]), Image("title"), Older("name"), Plain("name")];
const VERSION: &[Place] = &[
    Image("version"),
    Team(&["model_version"]),
    Older("version"),
    Plain("version"),
];
const FORMAT: &[Place] = &[Team(&["format", "model_format", "weights_format"])];
const ARCHITECTURE: &[Place] = &[Team(&["architecture", "model_architecture"])];
const PARAMETERS: &[Place] = &[Team(&[
    "parameters",
    "params",
    "parameter_count",
    "num_parameters",
    "param_size",
])];
const PRECISION: &[Place] = &[Team(&["precision", "dtype", "torch_dtype"])];
const QUANTIZATION: &[Place] = &[Team(&["quantization", "quantisation"])];
const CONTEXT_LENGTH: &[Place] = &[Team(&["context_length", "context_size"])];
const LICENSES: &[Place] = &[Image("licenses"), Team(&["license", "licence", "licenses"])];
const AUTHORS: &[Place] = &[Image("authors"), Team(&["author", "authors"]), Plain("maintainer")];
const SOURCE: &[Place] = &[Image("source"), Image("url"), Older("vcs-url")];
const REVISION: &[Place] = &[Image("revision"), Older("vcs-ref")];
const FRAMEWORK: &[Place] = &[Team(&["framework", "ml_framework"])];
const DATASET: &[Place] = &[Team(&["dataset", "training_dataset", "training_data"])];
const DESCRIPTION: &[Place] = &[Image("description"), Older("description"), Plain("description")];
const BASE: &[Place] = &[Image("base.name"), Team(&["base_model"])];

/// Processors: an `architecture` that names one is not the model's.
const PROCESSORS: [&str; 14] = [
    "386", "amd64", "x86", "x86_64", "arm", "armv7", "arm64", "aarch64", "ppc64le", "riscv64", "s390x", "mips64le",
    "loong64", "wasm",
];

pub(super) fn fill(card: &mut ModelCard, labels: &Labels) {
    let of_model = |value: &str| !PROCESSORS.contains(&value.to_lowercase().as_str());
    // Precision with a number is the metric.
    let is_word = |value: &str| value.parse::<f64>().is_err();
    let open_fields = [
        (&mut card.name, NAME),
        (&mut card.version, VERSION),
        (&mut card.format, FORMAT),
        (&mut card.parameters, PARAMETERS),
        (&mut card.quantization, QUANTIZATION),
        (&mut card.source, SOURCE),
        (&mut card.revision, REVISION),
        (&mut card.framework, FRAMEWORK),
        (&mut card.dataset, DATASET),
        (&mut card.description, DESCRIPTION),
        (&mut card.base, BASE),
    ];
    for (field, places) in open_fields {
        *field = field.take().or_else(|| find(labels, places));
    }
    card.architecture = card
        .architecture
        .take()
        .or_else(|| find_as(labels, ARCHITECTURE, of_model));
    card.precision = card.precision.take().or_else(|| find_as(labels, PRECISION, is_word));
    card.context_length = card
        .context_length
        .or_else(|| find(labels, CONTEXT_LENGTH)?.parse().ok());
    if card.licenses.is_empty() {
        card.licenses = listed(find(labels, LICENSES));
    }
    if card.authors.is_empty() {
        card.authors = listed(find(labels, AUTHORS));
    }
}

fn find(labels: &Labels, places: &[Place]) -> Option<String> {
    find_as(labels, places, |_| true)
}

/// The value at the first of these places that holds an acceptable one.
fn find_as(labels: &Labels, places: &[Place], accept: impl Fn(&str) -> bool) -> Option<String> {
    let stated = |value: &String| Some(value.trim().to_owned()).filter(|value| !value.is_empty() && accept(value));
    places.iter().find_map(|place| match place {
        Image(key) => labels.get(&format!("org.opencontainers.image.{key}")).and_then(stated),
        Older(key) => labels.get(&format!("org.label-schema.{key}")).and_then(stated),
        Plain(key) => labels.get(*key).and_then(stated),
        Team(names) => labels
            .iter()
            .filter(|(key, _)| is_named(key, names))
            .find_map(|(_, value)| stated(value)),
    })
}

/// Whether the key is a team's own, and its last part one of these names.
fn is_named(key: &str, names: &[&str]) -> bool {
    let last = metrics::last_part(key).to_lowercase().replace('-', "_");
    names.contains(&last.as_str()) && !metrics::is_tool_key(key) && !metrics::is_called_metric(key)
}

fn listed(text: Option<String>) -> Vec<String> {
    let text = text.unwrap_or_default();
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
