//! What differs between versions, told from what is known of them without reading a layer: digests, sizes, the bytes
//! to pull, layers and build steps beside each other, config and model card.
//!
//! Every list has a row for what is alike too; who wants only the differences leaves those out. One version is the
//! reference that the others are held against. No judgement of better or worse.

mod align;
mod card;
mod config;
mod difference;
mod files;
mod layers;
#[cfg(test)]
mod tests;
mod transfer;

use std::collections::BTreeMap;

use serde_json::Value;

pub use self::{
    difference::signed_difference,
    files::{FileChanged, FileFound, FilesDifference},
    transfer::BlobsAgainst,
};
use crate::{Digest, LayerSummary, ModelCard, PlatformSummary};

/// So many versions can stand beside each other.
pub const MOST_COMPARED: usize = 8;

/// One version as it goes into a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    pub digest: &'a Digest,
    /// The platform that is compared; `None` where the version could not be read.
    pub platform: Option<&'a PlatformSummary>,
    pub card: &'a ModelCard,
    /// Of the version's own manifest or index.
    pub annotations: &'a BTreeMap<String, String>,
    /// The config of the platform, where it is JSON.
    pub config: Option<&'a Value>,
}

/// Each list of cells has one entry per version, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Whether all are one version, by digest.
    pub same: bool,
    pub blobs: Vec<BlobsAgainst>,
    pub layers: Vec<LayerRow>,
    /// The steps of the builds, those that made no layer too.
    pub history: Vec<HistoryRow>,
    pub card: Vec<ValueRow>,
    pub config: Vec<ValueRow>,
}

/// Layers of the same place: the same ones, or what one was replaced by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerRow {
    pub layers: Vec<Option<LayerSummary>>,
    pub differs: bool,
}

/// Steps of the same place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The tidied commands.
    pub steps: Vec<Option<String>>,
    pub differs: bool,
}

/// A field of the card or the config.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueRow {
    /// `accuracy`, `config.Env.CUDA_VERSION`.
    pub path: String,
    /// `None`: not stated there.
    pub values: Vec<Option<Value>>,
    /// Against the reference, where both are numbers that differ: `+0.006`.
    pub differences: Vec<Option<String>>,
    pub differs: bool,
}

impl Comparison {
    /// Holds versions against the one at `reference`, which is the first if there are not so many.
    pub fn of(versions: &[Compared<'_>], reference: usize) -> Self {
        let reference = if reference < versions.len() { reference } else { 0 };
        Self {
            same: versions.windows(2).all(|pair| pair[0].digest == pair[1].digest),
            blobs: transfer::against(versions, reference),
            layers: layers::layers(versions),
            history: layers::history(versions),
            card: rows(versions.iter().map(|version| card::fields(version.card)), reference),
            config: rows(versions.iter().map(config::entries), reference),
        }
    }
}

/// One row for each path that any version has. Paths come sorted from each, and so they stay.
fn rows(versions: impl ExactSizeIterator<Item = BTreeMap<Path, Value>>, reference: usize) -> Vec<ValueRow> {
    let count = versions.len();
    let mut rows: BTreeMap<Path, Vec<Option<Value>>> = BTreeMap::new();
    for (version, entries) in versions.enumerate() {
        for (path, value) in entries {
            rows.entry(path).or_insert_with(|| vec![None; count])[version] = Some(value);
        }
    }
    let row = |(path, values): (Path, Vec<Option<Value>>)| {
        let from = values[reference].as_ref();
        let difference = |to: &Option<Value>| signed_difference(from?, to.as_ref()?);
        ValueRow {
            path: path.text,
            differences: values.iter().map(difference).collect(),
            differs: values.windows(2).any(|pair| pair[0] != pair[1]),
            values,
        }
    };
    rows.into_iter().map(row).collect()
}

/// Where a value stands; sorted by rank, then by text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Path {
    rank: usize,
    text: String,
}
