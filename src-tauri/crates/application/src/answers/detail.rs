//! One version, looked at closely.

use std::collections::BTreeMap;

use artifact::{ByteSize, Digest, Kind, ModelCard, SizeCounts};
use catalog::ReferrerRow;
use chrono::{DateTime, Utc};

use crate::TagLabel;

#[derive(Clone, Debug)]
pub struct VersionDetail {
    /// `host/repository:tag`, or `…@digest` where there is no tag; for a folder its path and the repository.
    pub reference: String,
    pub digest: Digest,
    pub media_type: String,
    pub kind: Kind,
    pub tags: Vec<TagLabel>,
    pub signed: bool,
    pub size: Option<ByteSize>,
    pub size_counts: SizeCounts,
    pub created: Option<DateTime<Utc>>,
    pub pushed: Option<DateTime<Utc>>,
    pub card: ModelCard,
    pub platforms: Vec<PlatformDetail>,
    /// The platform that layers, history and config are of.
    pub platform: Option<String>,
    pub layers: Vec<LayerDetail>,
    /// Freed if this version goes; `None` while a size is unknown.
    pub only_here: Option<ByteSize>,
    pub history: Vec<HistoryStep>,
    /// Of images; `None` for what has no such config.
    pub config: Option<ConfigDetail>,
    /// The config as JSON, where it is JSON.
    pub raw_config: Option<serde_json::Value>,
    pub labels: BTreeMap<String, String>,
    pub annotations: BTreeMap<String, String>,
    pub referrers: Vec<ReferrerRow>,
    pub referrers_read: Option<DateTime<Utc>>,
    pub documents: Vec<DocumentEntry>,
    /// Oldest first.
    pub moves: Vec<TagMove>,
    pub problems: Vec<String>,
    /// Whether its layers are archives or files whose list can be read.
    pub files_readable: bool,
}

#[derive(Clone, Debug)]
pub struct PlatformDetail {
    /// `linux/amd64`; "any" for what states none.
    pub platform: String,
    /// Whether the version says that it is for this platform.
    pub stated: bool,
    pub digest: Digest,
    pub media_type: String,
    pub size: ByteSize,
    pub created: Option<DateTime<Utc>>,
    pub config_digest: Option<Digest>,
    pub layers: Vec<LayerDetail>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerDetail {
    pub digest: Digest,
    pub media_type: String,
    pub size: ByteSize,
    /// Its file, the tidied command that made it, or its media type.
    pub name: String,
    pub created_by: Option<String>,
    /// In how many versions of the repository it is; 1: only here.
    pub in_versions: u64,
}

#[derive(Clone, Debug)]
pub struct HistoryStep {
    pub created_by: String,
    pub created: Option<DateTime<Utc>>,
    pub comment: Option<String>,
    pub empty: bool,
    pub layer: Option<Digest>,
    pub size: Option<ByteSize>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigDetail {
    pub environment: Vec<(String, String)>,
    pub entrypoint: Vec<String>,
    pub command: Vec<String>,
    pub user: Option<String>,
    pub working_directory: Option<String>,
    /// `8080/tcp`
    pub ports: Vec<String>,
    pub volumes: Vec<String>,
}

/// A text in a model artifact: its README, its licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentEntry {
    pub digest: Digest,
    pub title: String,
    pub size: ByteSize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentText {
    pub title: String,
    pub text: String,
    pub markdown: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawManifest {
    /// As stored, byte for byte where it is UTF-8.
    pub text: String,
    pub media_type: String,
    pub size: ByteSize,
}

pub use catalog::TagMove;
