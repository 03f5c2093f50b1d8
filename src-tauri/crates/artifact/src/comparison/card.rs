//! A model card as fields with values: the metrics first, then what the model is, then where it comes from.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Path;
use crate::ModelCard;

/// Metrics come before all fields; what is not named here after them.
const ORDER: [&str; 16] = [
    "name",
    "version",
    "format",
    "architecture",
    "parameters",
    "precision",
    "quantization",
    "context_length",
    "dataset",
    "framework",
    "base",
    "source",
    "revision",
    "licenses",
    "authors",
    "description",
];

/// The fields that state something. When it was made is not one: it stands with the version.
pub(super) fn fields(card: &ModelCard) -> BTreeMap<Path, Value> {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(card) else {
        return BTreeMap::new();
    };
    fields.remove("created");
    let metrics = match fields.remove("metrics") {
        Some(Value::Object(metrics)) => metrics,
        _ => serde_json::Map::new(),
    };
    let metrics = metrics.into_iter().map(|(name, value)| {
        let text = format!("metrics.{name}");
        (Path { rank: 0, text }, value)
    });
    let stated = fields
        .into_iter()
        .filter(|(_, value)| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()));
    let stated = stated.map(|(text, value)| {
        let place = ORDER.iter().position(|field| *field == text);
        let rank = 1 + place.unwrap_or(ORDER.len());
        (Path { rank, text }, value)
    });
    metrics.chain(stated).collect()
}
