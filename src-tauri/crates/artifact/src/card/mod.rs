//! One model card over every kind of artifact: what a data scientist asks first.
//!
//! Each format's config is read in its own module; what it leaves open is filled from labels and annotations. Fields
//! that nothing states stay `None`: the card never guesses.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

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
