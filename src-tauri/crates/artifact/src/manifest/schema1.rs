//! Docker's first manifest format: shown, never written again, as its digest leaves its signatures out.
//!
//! It gives no sizes, and one JSON document inside a string per layer, newest first.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::ManifestError;
use crate::{Digest, media_type, problems::Problems, text::quoted};

/// A schema 1 manifest, in the order of the other formats: the lowest layer first.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema1 {
    pub media_type: String,
    /// The repository's name at the time of the push.
    pub name: Option<String>,
    /// The tag at the time of the push.
    pub tag: Option<String>,
    pub architecture: Option<String>,
    /// Only those that change files.
    pub layers: Vec<Schema1Layer>,
    /// The newest layer's own document, which is the image's config: labels, environment, command.
    pub config: Option<Value>,
    pub created: Option<DateTime<Utc>>,
    /// What could not be read, for people.
    pub problems: Vec<String>,
}

/// A layer of schema 1; its size is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema1Layer {
    pub digest: Digest,
    pub created_by: Option<String>,
}

pub(super) fn read(document: &Map<String, Value>, declared: Option<&str>) -> Result<Schema1, ManifestError> {
    let blobs = list(document, "fsLayers")
        .ok_or_else(|| ManifestError::Malformed("schema 1 without a list of layers".to_owned()))?;
    let history: Vec<Value> = list(document, "history")
        .unwrap_or(&[])
        .iter()
        .map(compatibility)
        .collect();
    let mut problems = Problems::default();
    let mut layers = Vec::with_capacity(blobs.len());
    for (position, blob) in blobs.iter().enumerate().rev() {
        let step = history.get(position);
        if step.and_then(|step| step.get("throwaway")).and_then(Value::as_bool) == Some(true) {
            continue;
        }
        let text = blob.get("blobSum").and_then(Value::as_str).unwrap_or_default();
        match text.parse() {
            Ok(digest) => layers.push(Schema1Layer {
                digest,
                created_by: step.and_then(command),
            }),
            Err(error) => problems.note(format!("layer {} cannot be read: {error}", position + 1)),
        }
    }
    let config = history.into_iter().next().filter(Value::is_object);
    Ok(Schema1 {
        media_type: declared
            .filter(|declared| media_type::is_schema1(declared))
            .map_or_else(|| default_media_type(document), str::to_owned),
        name: text(document, "name"),
        tag: text(document, "tag"),
        architecture: text(document, "architecture"),
        layers,
        created: config
            .as_ref()
            .and_then(|config| crate::text::time(config.get("created"))),
        config,
        problems: problems.into_told(),
    })
}

fn default_media_type(document: &Map<String, Value>) -> String {
    let signed = document.contains_key("signatures");
    if signed {
        media_type::DOCKER_SCHEMA1_SIGNED.to_owned()
    } else {
        media_type::DOCKER_SCHEMA1.to_owned()
    }
}

fn list<'a>(document: &'a Map<String, Value>, field: &str) -> Option<&'a [Value]> {
    document.get(field).and_then(Value::as_array).map(Vec::as_slice)
}

fn text(document: &Map<String, Value>, field: &str) -> Option<String> {
    document
        .get(field)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(quoted)
}

/// The document inside the string; null where it is none.
fn compatibility(entry: &Value) -> Value {
    let inner = entry.get("v1Compatibility").and_then(Value::as_str);
    inner
        .and_then(|inner| serde_json::from_str(inner).ok())
        .unwrap_or_default()
}

/// What the layer was made by: the arguments of the container that was committed.
fn command(step: &Value) -> Option<String> {
    let arguments = step.get("container_config")?.get("Cmd")?.as_array()?;
    let words: Vec<&str> = arguments.iter().filter_map(Value::as_str).collect();
    (!words.is_empty()).then(|| words.join(" "))
}
