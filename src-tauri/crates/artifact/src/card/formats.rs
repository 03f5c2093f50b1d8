//! The configs of the model formats, each into the same card.
//!
//! Sources: CNCF model-spec, `KitOps`' Kitfile, Docker's model-spec and what Docker's tools write, Ollama's and Helm's
//! own code.

use std::collections::BTreeMap;

use super::{ModelCard, fields::Fields};

/// CNCF `ModelPack`, also under its older name.
pub(super) fn modelpack(config: Fields<'_>) -> ModelCard {
    let (descriptor, model) = (config.object("descriptor"), config.object("config"));
    ModelCard {
        name: descriptor.first_text(&["name", "title"]),
        version: descriptor.text("version"),
        format: model.text("format"),
        architecture: model.text("architecture").or_else(|| descriptor.text("family")),
        parameters: model.text("paramSize"),
        precision: model.text("precision"),
        quantization: model.text("quantization"),
        licenses: descriptor.texts("licenses"),
        authors: descriptor.texts("authors"),
        source: descriptor.first_text(&["sourceURL", "docURL"]),
        revision: descriptor.text("revision"),
        dataset: listed(&descriptor.texts("datasetsURL")),
        description: descriptor.text("description"),
        ..ModelCard::default()
    }
}

/// `KitOps`: the Kitfile as JSON.
pub(super) fn modelkit(config: Fields<'_>) -> ModelCard {
    let (package, model) = (config.object("package"), config.object("model"));
    let datasets: Vec<String> = config
        .list("datasets")
        .filter_map(|dataset| dataset.text("name"))
        .collect();
    ModelCard {
        name: package.text("name").or_else(|| model.text("name")),
        version: package.text("version").or_else(|| model.text("version")),
        format: model.text("format"),
        // Parameters may be any structure; only a plain value counts them.
        parameters: model.text("parameters"),
        licenses: model
            .text("license")
            .or_else(|| package.text("license"))
            .into_iter()
            .collect(),
        authors: package.texts("authors"),
        framework: model.text("framework"),
        dataset: listed(&datasets),
        description: package.text("description").or_else(|| model.text("description")),
        ..ModelCard::default()
    }
}

/// Where each layer of a `ModelKit` is unpacked, by the layer's digest: its manifest does not say so itself.
pub(super) fn modelkit_paths(config: Fields<'_>) -> BTreeMap<String, String> {
    let model = config.object("model");
    let lists = [
        model.list("parts"),
        config.list("code"),
        config.list("datasets"),
        config.list("docs"),
    ];
    let entries = std::iter::once(model).chain(lists.into_iter().flatten());
    let path_of = |entry: Fields<'_>| {
        let digest = entry
            .text("digest")
            .or_else(|| entry.object("layerInfo").text("digest"))?;
        Some((digest, entry.text("path")?))
    };
    entries.filter_map(path_of).collect()
}

/// Docker's models, as the specification has them and as Docker's tools write them.
pub(super) fn docker_model(config: Fields<'_>) -> ModelCard {
    let (descriptor, model) = (config.object("descriptor"), config.object("config"));
    let gguf = model.object("gguf");
    ModelCard {
        name: descriptor
            .first_text(&["name", "title"])
            .or_else(|| gguf.text("general.name")),
        version: descriptor.text("version").or_else(|| gguf.text("general.version")),
        format: model.text("format"),
        architecture: model
            .text("architecture")
            .or_else(|| gguf.first_text(&["architecture", "general.architecture"])),
        parameters: model
            .first_text(&["parameters", "paramSize"])
            .or_else(|| gguf.first_text(&["parameter_count", "general.size_label"])),
        precision: model.text("precision"),
        quantization: model.text("quantization").or_else(|| gguf.text("quantization")),
        context_length: model
            .number("context_size")
            .or_else(|| gguf.number_ending(".context_length")),
        licenses: [descriptor.texts("licenses"), gguf.texts("general.license")].concat(),
        authors: [descriptor.texts("authors"), gguf.texts("general.author")].concat(),
        source: descriptor
            .text("sourceURL")
            .or_else(|| gguf.first_text(&["general.source.url", "general.url"])),
        description: descriptor
            .text("description")
            .or_else(|| gguf.text("general.description")),
        base: gguf.text("general.base_model.0.name"),
        ..ModelCard::default()
    }
}

/// Ollama; its licence is a layer of text, not a name.
pub(super) fn ollama(config: Fields<'_>) -> ModelCard {
    ModelCard {
        name: config.text("base_name"),
        format: config.text("model_format"),
        architecture: config
            .text("model_family")
            .or_else(|| config.texts("model_families").into_iter().next()),
        parameters: config.text("model_type"),
        quantization: config.text("file_type"),
        context_length: config.number("context_length"),
        ..ModelCard::default()
    }
}

/// Helm: Chart.yaml as JSON.
pub(super) fn helm(config: Fields<'_>) -> ModelCard {
    let annotations = config.object("annotations");
    ModelCard {
        name: config.text("name"),
        version: config.text("version"),
        licenses: annotations
            .first_text(&["artifacthub.io/license", "licenses"])
            .into_iter()
            .collect(),
        authors: config
            .list("maintainers")
            .filter_map(|maintainer| maintainer.text("name"))
            .collect(),
        source: config
            .texts("sources")
            .into_iter()
            .next()
            .or_else(|| config.text("home")),
        description: config.text("description"),
        ..ModelCard::default()
    }
}

fn listed(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| texts.join(", "))
}
