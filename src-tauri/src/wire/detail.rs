//! One version, looked at closely.

use serde::Serialize;
use specta::Type;

use super::TagLabel;

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metric {
    pub name: String,
    pub value: f64,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ModelCard {
    pub name: Option<String>,
    pub version: Option<String>,
    pub format: Option<String>,
    pub architecture: Option<String>,
    pub parameters: Option<String>,
    pub precision: Option<String>,
    pub quantization: Option<String>,
    pub context_length: Option<u64>,
    pub licenses: Vec<String>,
    pub authors: Vec<String>,
    pub source: Option<String>,
    pub revision: Option<String>,
    pub framework: Option<String>,
    pub dataset: Option<String>,
    pub description: Option<String>,
    pub base: Option<String>,
    pub created: Option<String>,
    pub metrics: Vec<Metric>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LayerDetail {
    pub digest: String,
    pub media_type: String,
    pub size_bytes: u64,
    pub name: String,
    pub created_by: Option<String>,
    /// Versions of the repository that hold this layer; 1: only this one.
    pub in_versions: u64,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlatformDetail {
    pub platform: String,
    pub digest: String,
    pub size_bytes: u64,
    pub created: Option<String>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoryStep {
    pub created_by: String,
    pub created: Option<String>,
    pub comment: Option<String>,
    pub empty: bool,
    pub layer: Option<String>,
    pub size_bytes: Option<u64>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EnvironmentVariable {
    pub name: String,
    pub value: String,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfigDetail {
    pub environment: Vec<EnvironmentVariable>,
    pub entrypoint: Vec<String>,
    pub command: Vec<String>,
    pub user: Option<String>,
    pub working_directory: Option<String>,
    pub ports: Vec<String>,
    pub volumes: Vec<String>,
}

/// A label or an annotation.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Annotation {
    pub key: String,
    pub value: String,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Referrer {
    pub digest: String,
    pub artifact_type: Option<String>,
    pub kind: String,
    pub size_bytes: u64,
    pub created: Option<String>,
    pub annotations: Vec<Annotation>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentEntry {
    pub digest: String,
    pub title: String,
    pub size_bytes: u64,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TagMove {
    pub tag: String,
    /// Null: the tag was new.
    pub from: Option<String>,
    /// Null: the tag vanished.
    pub to: Option<String>,
    pub seen: String,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionDetail {
    pub reference: String,
    pub digest: String,
    pub media_type: String,
    pub kind: String,
    pub kind_label: String,
    pub tags: Vec<TagLabel>,
    pub signed: bool,
    pub size_bytes: Option<u64>,
    pub size_counts: String,
    pub created: Option<String>,
    pub pushed: Option<String>,
    pub card: ModelCard,
    pub platforms: Vec<PlatformDetail>,
    /// The platform that layers, history and config are of.
    pub platform: Option<String>,
    pub layers: Vec<LayerDetail>,
    pub only_here_bytes: Option<u64>,
    pub history: Vec<HistoryStep>,
    pub config: Option<ConfigDetail>,
    pub labels: Vec<Annotation>,
    pub annotations: Vec<Annotation>,
    pub referrers: Vec<Referrer>,
    pub referrers_read_at: Option<String>,
    pub documents: Vec<DocumentEntry>,
    pub moves: Vec<TagMove>,
    pub problems: Vec<String>,
    pub files_readable: bool,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawManifest {
    pub text: String,
    pub media_type: String,
    pub size_bytes: u64,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentText {
    pub title: String,
    pub text: String,
    pub markdown: bool,
}
