//! The config of a container image: how it was built, and how it runs.
//!
//! Tolerant: any JSON object is a config, fields of a wrong type are left out. Where the history does not match the
//! layers, no layer is given a command that might be another's.

mod command;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use self::command::tidy_command;
use crate::text::{plain, quoted, time};

/// What Berth shows of an image's config. Source: OCI image-spec 1.1, config.md.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageConfig {
    pub architecture: Option<String>,
    pub os: Option<String>,
    pub variant: Option<String>,
    pub author: Option<String>,
    pub created: Option<DateTime<Utc>>,
    /// In order, the first step lowest.
    pub history: Vec<HistoryStep>,
    /// Digests of the unpacked layers, in order, as written.
    pub diff_ids: Vec<String>,
    /// Name and value, in order.
    pub environment: Vec<(String, String)>,
    pub entrypoint: Vec<String>,
    pub command: Vec<String>,
    pub user: Option<String>,
    pub working_directory: Option<String>,
    /// Such as `8080/tcp`, sorted.
    pub exposed_ports: Vec<String>,
    /// Sorted.
    pub volumes: Vec<String>,
    pub labels: BTreeMap<String, String>,
}

/// One step of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryStep {
    /// Tidied for people; empty where the builder wrote nothing.
    pub created_by: String,
    pub created: Option<DateTime<Utc>>,
    pub comment: Option<String>,
    /// The step changed no file.
    pub empty: bool,
    /// The layer that the step made, counted from 0. `None` for empty steps, and for all if the history does not match
    /// the layers.
    pub layer: Option<usize>,
}

/// Why bytes are no image config.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageConfigError {
    #[error("not JSON ({0})")]
    NotJson(String),
    #[error("not a JSON object")]
    NotAnObject,
}

impl ImageConfig {
    /// # Errors
    /// [`ImageConfigError`] if the bytes are no JSON object.
    pub fn parse(bytes: &[u8]) -> Result<Self, ImageConfigError> {
        let value: Value =
            serde_json::from_slice(bytes).map_err(|error| ImageConfigError::NotJson(quoted(&error.to_string())))?;
        if value.is_object() {
            Ok(Self::from_value(&value))
        } else {
            Err(ImageConfigError::NotAnObject)
        }
    }

    /// Reads a config that is parsed already, such as the one inside a schema 1 manifest.
    pub(crate) fn from_value(value: &Value) -> Self {
        let run = value.get("config").unwrap_or(&Value::Null);
        let diff_ids = texts(value.get("rootfs").and_then(|rootfs| rootfs.get("diff_ids")));
        Self {
            architecture: text(value.get("architecture")),
            os: text(value.get("os")),
            variant: text(value.get("variant")),
            author: text(value.get("author")),
            created: time(value.get("created")),
            history: history(value.get("history"), diff_ids.len()),
            diff_ids,
            environment: texts(run.get("Env")).iter().map(|entry| variable(entry)).collect(),
            entrypoint: words(run.get("Entrypoint")),
            command: words(run.get("Cmd")),
            user: text(run.get("User")),
            working_directory: text(run.get("WorkingDir")),
            exposed_ports: keys(run.get("ExposedPorts")),
            volumes: keys(run.get("Volumes")),
            labels: labels(run.get("Labels")),
        }
    }

    /// The steps that made layers, in the order of the layers; `None` if the history does not match this many.
    pub fn layer_steps(&self, layers: usize) -> Option<Vec<&HistoryStep>> {
        let steps: Vec<&HistoryStep> = self.history.iter().filter(|step| !step.empty).collect();
        (steps.len() == layers).then_some(steps)
    }
}

fn history(value: Option<&Value>, layers: usize) -> Vec<HistoryStep> {
    let Some(Value::Array(entries)) = value else {
        return Vec::new();
    };
    let mut steps: Vec<HistoryStep> = entries.iter().map(step).collect();
    let filled = steps.iter().filter(|step| !step.empty).count();
    if filled == layers || layers == 0 {
        for (layer, step) in steps.iter_mut().filter(|step| !step.empty).enumerate() {
            step.layer = Some(layer);
        }
    }
    steps
}

fn step(entry: &Value) -> HistoryStep {
    HistoryStep {
        created_by: entry
            .get("created_by")
            .and_then(Value::as_str)
            .map(tidy_command)
            .unwrap_or_default(),
        created: time(entry.get("created")),
        comment: text(entry.get("comment")),
        empty: entry.get("empty_layer").and_then(Value::as_bool).unwrap_or(false),
        layer: None,
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    value
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn texts(value: Option<&Value>) -> Vec<String> {
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// A list of words; old writers leave a single text instead.
fn words(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(word)) => vec![word.clone()],
        other => texts(other),
    }
}

fn variable(entry: &str) -> (String, String) {
    let (name, value) = entry.split_once('=').unwrap_or((entry, ""));
    (name.to_owned(), value.to_owned())
}

/// The names of a set, which Go writes as an object with empty values.
fn keys(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Object(set)) => {
            let mut names: Vec<String> = set.keys().cloned().collect();
            names.sort();
            names
        }
        other => texts(other),
    }
}

fn labels(value: Option<&Value>) -> BTreeMap<String, String> {
    let Some(Value::Object(pairs)) = value else {
        return BTreeMap::new();
    };
    pairs
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), plain(value)?)))
        .collect()
}
