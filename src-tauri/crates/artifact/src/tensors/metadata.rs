//! What a file of weights says about itself beside its tensors: key and value, bounded.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{TensorLimits, TensorsError};
use crate::{layer::visible_character, text::quoted};

/// A value of the metadata.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum MetadataValue {
    Text(String),
    /// The beginning of a text that is longer than what is kept, and how many bytes it has in all.
    LongText {
        beginning: String,
        length: u64,
    },
    Integer(i128),
    Number(f64),
    Switch(bool),
    /// A list: its length, what it is a list of, and its values if they are few and no texts. Of the vocabularies of
    /// tokenizers, which are long, the BLAKE3 of their bytes is kept where these were read.
    List {
        of: String,
        length: u64,
        values: Vec<MetadataValue>,
        fingerprint: Option<[u8; 32]>,
    },
}

impl MetadataValue {
    /// Whether two values are the same; none where lists were not read whole and so nobody knows.
    pub fn is_same(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (
                Self::List {
                    of,
                    length,
                    fingerprint,
                    ..
                },
                Self::List {
                    of: other_of,
                    length: other_length,
                    fingerprint: other_fingerprint,
                    ..
                },
            ) => match (fingerprint, other_fingerprint) {
                _ if of != other_of || length != other_length => Some(false),
                (Some(one), Some(other)) => Some(one == other),
                _ => None,
            },
            (
                Self::LongText { beginning, length },
                Self::LongText {
                    beginning: other_beginning,
                    length: other_length,
                },
            ) => {
                if beginning != other_beginning || length != other_length {
                    Some(false)
                } else {
                    None
                }
            }
            // What is no number is as much the same as any.
            (Self::Number(one), Self::Number(other)) => Some(one.to_bits() == other.to_bits()),
            (one, other) => Some(one == other),
        }
    }
}

impl fmt::Display for MetadataValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => formatter.write_str(text),
            Self::LongText { beginning, .. } => write!(formatter, "{beginning}…"),
            Self::Integer(integer) => write!(formatter, "{integer}"),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Switch(switch) => write!(formatter, "{switch}"),
            Self::List { of, length, values, .. } if values.is_empty() => write!(formatter, "{length} × {of}"),
            Self::List { values, .. } => {
                formatter.write_str("[")?;
                for (place, value) in values.iter().enumerate() {
                    let comma = if place > 0 { ", " } else { "" };
                    write!(formatter, "{comma}{value}")?;
                }
                formatter.write_str("]")
            }
        }
    }
}

/// Metadata as it is gathered, within the limits.
#[derive(Debug)]
pub(super) struct Metadata {
    values: BTreeMap<String, MetadataValue>,
    room: usize,
    limits: TensorLimits,
}

impl Metadata {
    pub(super) fn new(limits: TensorLimits) -> Self {
        Self {
            values: BTreeMap::new(),
            room: limits.texts,
            limits,
        }
    }

    /// Adds a value.
    ///
    /// # Errors
    /// [`TensorsError::DuplicateKey`] and [`TensorsError::TooMany`].
    pub(super) fn add(&mut self, key: &str, value: MetadataValue) -> Result<(), TensorsError> {
        let count = self.values.len() as u64 + 1;
        if count > self.limits.metadata_keys {
            return Err(TensorsError::TooMany {
                what: "metadata keys",
                count,
                limit: self.limits.metadata_keys,
            });
        }
        let key = shown(key, self.limits.name);
        if self.values.insert(key.clone(), value).is_some() {
            return Err(TensorsError::DuplicateKey(quoted(&key)));
        }
        Ok(())
    }

    /// A text as it is kept: whole, or its beginning. `length`: of the whole, of which `text` may be the beginning.
    pub(super) fn text(&mut self, text: &str, length: u64) -> MetadataValue {
        let most = self.limits.text.min(self.room);
        let end = (0..=text.len().min(most))
            .rev()
            .find(|&end| text.is_char_boundary(end))
            .unwrap_or_default();
        self.room -= end;
        let beginning = text.get(..end).unwrap_or_default();
        let beginning: String = beginning.chars().map(text_character).collect();
        if end as u64 == length {
            MetadataValue::Text(beginning)
        } else {
            MetadataValue::LongText { beginning, length }
        }
    }

    pub(super) fn into_values(self) -> BTreeMap<String, MetadataValue> {
        self.values
    }
}

/// A foreign name fit to be shown and compared: control characters made visible, cut where it is too long.
pub(super) fn shown(text: &str, limit: usize) -> String {
    text.chars().take(limit).map(visible_character).collect()
}

/// Of a text with lines, these stay.
fn text_character(character: char) -> char {
    match character {
        '\n' | '\t' => character,
        other => visible_character(other),
    }
}
