//! One version: its JSON document, and its page for people.

use std::collections::BTreeMap;

use application::{ByteSize, LayerDetail, ModelCard, PlatformDetail, ReferrerRow, VersionDetail};
use serde::Serialize;
use serde_json::Value;

use super::{
    tables::{Column, cut, facts, indented, section, table},
    times::precise,
};
use crate::terminal::Terminal;

/// What is shown.
pub(crate) struct Shown<'a> {
    pub(crate) reference: String,
    pub(crate) detail: &'a VersionDetail,
    /// Of each platform, in their order.
    pub(crate) configs: Vec<Option<Value>>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Version<'a> {
    reference: &'a str,
    digest: String,
    media_type: &'a str,
    kind: &'static str,
    size_bytes: Option<u64>,
    tags: Vec<&'a str>,
    platforms: Vec<PlatformPart<'a>>,
    annotations: &'a BTreeMap<String, String>,
    card: Card<'a>,
    referrers: Vec<Referrer<'a>>,
}

#[derive(Debug, Serialize)]
struct PlatformPart<'a> {
    platform: Option<&'a str>,
    digest: String,
    size_bytes: u64,
    created: Option<String>,
    layers: Vec<Layer<'a>>,
    config: Option<&'a Value>,
}

#[derive(Debug, Serialize)]
struct Layer<'a> {
    digest: String,
    media_type: &'a str,
    size_bytes: u64,
    created_by: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Card<'a> {
    name: Option<&'a str>,
    version: Option<&'a str>,
    format: Option<&'a str>,
    architecture: Option<&'a str>,
    parameters: Option<&'a str>,
    precision: Option<&'a str>,
    quantization: Option<&'a str>,
    context_length: Option<u64>,
    licenses: &'a [String],
    authors: &'a [String],
    source: Option<&'a str>,
    created: Option<String>,
    metrics: &'a BTreeMap<String, f64>,
}

#[derive(Debug, Serialize)]
struct Referrer<'a> {
    digest: String,
    artifact_type: Option<&'a str>,
    size_bytes: u64,
}

/// The document of `show --json`.
pub(crate) fn document<'a>(shown: &'a Shown<'a>) -> Version<'a> {
    let detail = shown.detail;
    let platforms = detail.platforms.iter().zip(&shown.configs);
    Version {
        reference: &shown.reference,
        digest: detail.digest.to_string(),
        media_type: &detail.media_type,
        kind: detail.kind.as_str(),
        size_bytes: detail.size.map(ByteSize::bytes),
        tags: detail.tags.iter().map(|tag| tag.name.as_str()).collect(),
        platforms: platforms
            .map(|(platform, config)| platform_document(platform, config.as_ref()))
            .collect(),
        annotations: &detail.annotations,
        card: card_document(&detail.card),
        referrers: detail.referrers.iter().map(referrer_document).collect(),
    }
}

fn platform_document<'a>(platform: &'a PlatformDetail, config: Option<&'a Value>) -> PlatformPart<'a> {
    PlatformPart {
        platform: platform.stated.then_some(platform.platform.as_str()),
        digest: platform.digest.to_string(),
        size_bytes: platform.size.bytes(),
        created: platform.created.map(precise),
        layers: platform.layers.iter().map(layer_document).collect(),
        config,
    }
}

fn layer_document(layer: &LayerDetail) -> Layer<'_> {
    Layer {
        digest: layer.digest.to_string(),
        media_type: &layer.media_type,
        size_bytes: layer.size.bytes(),
        created_by: layer.created_by.as_deref(),
    }
}

fn card_document(card: &ModelCard) -> Card<'_> {
    Card {
        name: card.name.as_deref(),
        version: card.version.as_deref(),
        format: card.format.as_deref(),
        architecture: card.architecture.as_deref(),
        parameters: card.parameters.as_deref(),
        precision: card.precision.as_deref(),
        quantization: card.quantization.as_deref(),
        context_length: card.context_length,
        licenses: &card.licenses,
        authors: &card.authors,
        source: card.source.as_deref(),
        created: card.created.map(precise),
        metrics: &card.metrics,
    }
}

fn referrer_document(referrer: &ReferrerRow) -> Referrer<'_> {
    Referrer {
        digest: referrer.digest.to_string(),
        artifact_type: referrer.artifact_type.as_deref(),
        size_bytes: referrer.size.bytes(),
    }
}

/// The page for people.
pub(crate) fn text(shown: &Shown<'_>, terminal: &Terminal) -> String {
    let detail = shown.detail;
    let mut text = head(shown, terminal);
    text += &section("Model card", &indented(&card_text(&detail.card)));
    for platform in &detail.platforms {
        text += &section(
            &platform_heading(platform, terminal),
            &indented(&layers_text(&platform.layers, terminal)),
        );
    }
    text += &section("Referrers", &indented(&referrers_text(&detail.referrers, terminal)));
    text += &section("Labels", &indented(&pairs_text(&detail.labels)));
    let own: BTreeMap<String, String> = detail
        .annotations
        .iter()
        .filter(|(key, value)| detail.labels.get(*key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    text + &section("Annotations", &indented(&pairs_text(&own)))
}

fn head(shown: &Shown<'_>, terminal: &Terminal) -> String {
    let detail = shown.detail;
    let tags: Vec<&str> = detail.tags.iter().map(|tag| tag.name.as_str()).collect();
    let size = match detail.size {
        Some(size) => format!("{} ({})", terminal.size(size), detail.size_counts),
        None => terminal.known_size(None),
    };
    let stated: Vec<&str> = detail
        .platforms
        .iter()
        .filter(|platform| platform.stated)
        .map(|platform| platform.platform.as_str())
        .collect();
    facts(
        &[
            ("reference", shown.reference.clone()),
            ("digest", detail.digest.to_string()),
            ("kind", detail.kind.label().to_owned()),
            ("media type", detail.media_type.clone()),
            ("tags", tags.join(", ")),
            ("size", size),
            (
                "only here",
                detail.only_here.map(|size| terminal.size(size)).unwrap_or_default(),
            ),
            ("created", terminal.time(detail.created)),
            ("platforms", stated.join(", ")),
        ],
        "",
    )
}

fn card_text(card: &ModelCard) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let metrics: Vec<String> = card
        .metrics
        .iter()
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    facts(
        &[
            ("name", text(&card.name)),
            ("version", text(&card.version)),
            ("format", text(&card.format)),
            ("architecture", text(&card.architecture)),
            ("parameters", text(&card.parameters)),
            ("precision", text(&card.precision)),
            ("quantization", text(&card.quantization)),
            (
                "context length",
                card.context_length.map(|length| length.to_string()).unwrap_or_default(),
            ),
            ("licences", card.licenses.join(", ")),
            ("authors", card.authors.join(", ")),
            ("source", text(&card.source)),
            ("metrics", metrics.join(", ")),
        ],
        "",
    )
}

fn platform_heading(platform: &PlatformDetail, terminal: &Terminal) -> String {
    let name = if platform.stated {
        platform.platform.as_str()
    } else {
        "Content"
    };
    format!("{name} · {} · {}", terminal.size(platform.size), platform.digest)
}

fn layers_text(layers: &[LayerDetail], terminal: &Terminal) -> String {
    const COLUMNS: [Column; 4] = [
        Column::Left("LAYER"),
        Column::Right("SIZE"),
        Column::Right("IN VERSIONS"),
        Column::Left("CONTENT"),
    ];
    let line = |layer: &LayerDetail| {
        vec![
            layer.digest.short().to_owned(),
            terminal.size(layer.size),
            layer.in_versions.to_string(),
            cut(&layer.name, 100),
        ]
    };
    if layers.is_empty() {
        String::new()
    } else {
        table(&COLUMNS, layers.iter().map(line))
    }
}

fn referrers_text(referrers: &[ReferrerRow], terminal: &Terminal) -> String {
    const COLUMNS: [Column; 4] = [
        Column::Left("REFERRER"),
        Column::Left("KIND"),
        Column::Right("SIZE"),
        Column::Left("TYPE"),
    ];
    let line = |referrer: &ReferrerRow| {
        vec![
            referrer.digest.short().to_owned(),
            referrer.kind.label().to_owned(),
            terminal.size(referrer.size),
            referrer.artifact_type.clone().unwrap_or_default(),
        ]
    };
    if referrers.is_empty() {
        String::new()
    } else {
        table(&COLUMNS, referrers.iter().map(line))
    }
}

fn pairs_text(pairs: &BTreeMap<String, String>) -> String {
    let shown: Vec<(&str, String)> = pairs
        .iter()
        .map(|(key, value)| (key.as_str(), cut(value, 100)))
        .collect();
    facts(&shown, "")
}
