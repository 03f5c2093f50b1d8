//! What labels and annotations say about a model, where its config leaves it open.
//!
//! The image specification's own keys go first; then any key whose last part names a field, as teams label their
//! models: `ml.framework`, `com.acme.model.dataset`.

use std::collections::BTreeMap;

use super::{ModelCard, metrics};

type Labels = BTreeMap<String, String>;

const IMAGE: &str = "org.opencontainers.image.";
const OLDER: &str = "org.label-schema.";

/// Processors: an `architecture` that names one is not the model's.
const PROCESSORS: [&str; 14] = [
    "386", "amd64", "x86", "x86_64", "arm", "armv7", "arm64", "aarch64", "ppc64le", "riscv64", "s390x", "mips64le",
    "loong64", "wasm",
];

pub(super) fn fill(card: &mut ModelCard, labels: &Labels) {
    let image = |key: &str| stated(labels, &format!("{IMAGE}{key}"));
    let older = |key: &str| stated(labels, &format!("{OLDER}{key}"));
    let team = |names: &[&str]| ending(labels, names);

    or(&mut card.name, || {
        team(&["model_name"])
            .or_else(|| image("title"))
            .or_else(|| older("name"))
            .or_else(|| stated(labels, "name"))
    });
    or(&mut card.version, || {
        image("version")
            .or_else(|| team(&["model_version"]))
            .or_else(|| older("version"))
            .or_else(|| stated(labels, "version"))
    });
    or(&mut card.format, || team(&["format", "model_format", "weights_format"]));
    let is_of_model = |value: &str| !PROCESSORS.contains(&value.trim().to_lowercase().as_str());
    or(&mut card.architecture, || {
        ending_as(labels, &["architecture", "model_architecture"], is_of_model)
    });
    or(&mut card.parameters, || {
        team(&[
            "parameters",
            "params",
            "parameter_count",
            "num_parameters",
            "param_size",
        ])
    });
    // Precision with a number is the metric.
    let is_word = |value: &str| value.trim().parse::<f64>().is_err();
    or(&mut card.precision, || {
        ending_as(labels, &["precision", "dtype", "torch_dtype"], is_word)
    });
    or(&mut card.quantization, || team(&["quantization", "quantisation"]));
    or(&mut card.framework, || team(&["framework", "ml_framework"]));
    or(&mut card.dataset, || {
        team(&["dataset", "training_dataset", "training_data"])
    });
    or(&mut card.source, || {
        image("source").or_else(|| image("url")).or_else(|| older("vcs-url"))
    });
    or(&mut card.revision, || image("revision").or_else(|| older("vcs-ref")));
    or(&mut card.description, || {
        image("description")
            .or_else(|| older("description"))
            .or_else(|| stated(labels, "description"))
    });
    or(&mut card.base, || image("base.name").or_else(|| team(&["base_model"])));
    if card.context_length.is_none() {
        card.context_length = team(&["context_length", "context_size"]).and_then(|value| value.parse().ok());
    }
    if card.licenses.is_empty() {
        card.licenses = listed(image("licenses").or_else(|| team(&["license", "licence", "licenses"])));
    }
    if card.authors.is_empty() {
        card.authors = listed(
            image("authors")
                .or_else(|| team(&["author", "authors"]))
                .or_else(|| stated(labels, "maintainer")),
        );
    }
}

fn or(field: &mut Option<String>, value: impl FnOnce() -> Option<String>) {
    if field.is_none() {
        *field = value();
    }
}

fn stated(labels: &Labels, key: &str) -> Option<String> {
    labels
        .get(key)
        .map(|value| value.trim())
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
}

/// The first label of a team's own whose last part is one of these names.
fn ending(labels: &Labels, names: &[&str]) -> Option<String> {
    ending_as(labels, names, |_| true)
}

/// The same, where the value must be acceptable too.
fn ending_as(labels: &Labels, names: &[&str], accept: impl Fn(&str) -> bool) -> Option<String> {
    let is_named = |key: &str| {
        let last = metrics::last_part(key).to_lowercase().replace('-', "_");
        names.contains(&last.as_str()) && !metrics::is_tool_key(key) && !metrics::is_called_metric(key)
    };
    let key = labels
        .iter()
        .find(|(key, value)| is_named(key) && accept(value))
        .map(|(key, _)| key)?;
    stated(labels, key)
}

fn listed(text: Option<String>) -> Vec<String> {
    let text = text.unwrap_or_default();
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
