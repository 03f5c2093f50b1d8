//! One version at a glance: what it is, how large, how old, on which platforms, of which layers.
//!
//! Pure: manifests and configs come from a [`ContentSource`], the time is passed in. What is missing or unreadable is a
//! problem in the summary, never a failure. What counts as what is the command line's contract.

mod build;
#[cfg(test)]
mod contract_tests;
mod platform;
#[cfg(test)]
mod tests;
mod time;

use std::{collections::BTreeMap, fmt, str::FromStr, sync::Arc};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ByteSize, Descriptor, Digest, Kind, Manifest, ModelCard, Platform};

/// Where the content comes from that a summary is made of; the index, as a rule.
pub trait ContentSource {
    /// The manifest of this digest, if it is at hand.
    fn manifest(&self, digest: &Digest) -> Option<Arc<Manifest>>;
    /// The bytes of the config of this digest, if they are at hand.
    fn config(&self, digest: &Digest) -> Option<Arc<[u8]>>;
}

/// One version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub media_type: String,
    pub artifact_type: Option<String>,
    pub kind: Kind,
    /// Configs and distinct layers as stored, each once over all platforms. `None` if part of them is not known.
    pub size: Option<ByteSize>,
    pub size_counts: SizeCounts,
    /// When the content was made; times that only a reproducible build writes, or of the future, are none.
    pub created: Option<DateTime<Utc>>,
    /// In the order of the index; attestations are none.
    pub platforms: Vec<PlatformSummary>,
    /// Distinct layers over all platforms.
    pub layer_count: u64,
    pub labels: BTreeMap<String, String>,
    /// Of the version's own manifest or index.
    pub annotations: BTreeMap<String, String>,
    pub card: ModelCard,
    /// What `BuildKit` stores beside the platforms.
    pub attestations: Vec<Descriptor>,
    /// What this version points at, as a signature does.
    pub subject: Option<Digest>,
    /// What could not be read, for people.
    pub problems: Vec<String>,
    /// Every distinct config and layer with its size, over all platforms, in order of first appearance.
    pub blobs: Vec<(Digest, ByteSize)>,
}

/// One platform of a version; a version without an index has one, whose platform may not be stated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlatformSummary {
    pub platform: Option<Platform>,
    pub digest: Digest,
    pub media_type: String,
    /// Config and distinct layers as stored.
    pub size: ByteSize,
    /// False if a layer gives no usable size: then `size` is only what is known of it.
    pub size_known: bool,
    pub created: Option<DateTime<Utc>>,
    pub config_digest: Option<Digest>,
    /// In the order of the manifest, repeated ones too.
    pub layers: Vec<LayerSummary>,
}

/// One layer of one platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerSummary {
    pub digest: Digest,
    pub media_type: String,
    /// As stored.
    pub size: ByteSize,
    /// The command that made it, tidied for people: `RUN pip install torch`.
    pub created_by: Option<String>,
    /// The file that it holds, where the manifest names one.
    pub title: Option<String>,
}

/// What a size counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SizeCounts {
    #[serde(rename = "distinct blobs")]
    DistinctBlobs,
    #[serde(rename = "largest platform")]
    LargestPlatform,
    #[serde(rename = "sum of platforms")]
    SumOfPlatforms,
    #[serde(rename = "unknown")]
    Unknown,
}

/// The text is no way of counting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} says not what a size counts")]
pub struct UnknownSizeCounts(String);

impl SizeCounts {
    /// The words of the command line's JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DistinctBlobs => "distinct blobs",
            Self::LargestPlatform => "largest platform",
            Self::SumOfPlatforms => "sum of platforms",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for SizeCounts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for SizeCounts {
    type Err = UnknownSizeCounts;

    fn from_str(text: &str) -> Result<Self, UnknownSizeCounts> {
        [
            Self::DistinctBlobs,
            Self::LargestPlatform,
            Self::SumOfPlatforms,
            Self::Unknown,
        ]
        .into_iter()
        .find(|counts| counts.as_str() == text)
        .ok_or_else(|| UnknownSizeCounts(crate::text::quoted(text)))
    }
}

/// Sums up the version of this digest.
pub fn summarize(root: &Digest, source: &dyn ContentSource, now: DateTime<Utc>) -> Summary {
    match source.manifest(root) {
        Some(manifest) => build::summary(root, &manifest, source, now),
        None => Summary::unread("the manifest has not been read"),
    }
}

impl Summary {
    /// A version of which nothing is known but why.
    fn unread(problem: &str) -> Self {
        Self {
            media_type: String::new(),
            artifact_type: None,
            kind: Kind::Other,
            size: None,
            size_counts: SizeCounts::Unknown,
            created: None,
            platforms: Vec::new(),
            layer_count: 0,
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
            card: ModelCard::default(),
            attestations: Vec::new(),
            subject: None,
            problems: vec![problem.to_owned()],
            blobs: Vec::new(),
        }
    }
}
