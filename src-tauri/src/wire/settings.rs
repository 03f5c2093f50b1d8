//! Settings, and the numbers that stand beside them.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{ChannelMark, Problem, ReferrerKind};

#[derive(Clone, Copy, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    System,
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SizeUnits {
    Si,
    Iec,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TimeStyle {
    Relative,
    Absolute,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ProxyChoice {
    System,
    None,
    Own,
}

#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChannelSetting {
    pub name: String,
    pub mark: ChannelMark,
    /// Whether the window asks before the channel moves.
    pub asks_first: bool,
    /// What a version must have before it may move there.
    pub requires: Vec<ChannelRequirement>,
}

/// One thing that a channel asks for.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ChannelRequirement {
    Signature {
        /// A PEM text: the key that the signature is verified with. Absent: any signature will do.
        public_key: Option<String>,
    },
    Sbom,
    Metric {
        /// Such as `accuracy >= 0.93`.
        bound: String,
    },
    /// The channel's name is typed.
    Confirmation,
}

#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeySetting {
    pub action: String,
    pub key: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    pub theme: Theme,
    pub sizes: SizeUnits,
    pub times: TimeStyle,
    pub text_percent: u32,
    pub less_motion: bool,
    pub channels: Vec<ChannelSetting>,
    pub protected_tags: Vec<String>,
    pub pull_tools: Vec<String>,
    pub pull_by_digest: bool,
    pub index_limit_bytes: u64,
    pub refresh_minutes: u32,
    pub refresh_on_focus: bool,
    pub proxy: ProxyChoice,
    pub proxy_address: String,
    pub no_proxy: String,
    pub trusted_ca: Vec<String>,
    pub requests_per_host: u32,
    pub answer_timeout_seconds: u32,
    pub tries: u32,
    pub keys: Vec<KeySetting>,
    pub routes: Vec<RouteSetting>,
}

/// A name under which versions of some repositories go to others.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RouteSetting {
    pub name: String,
    /// `CONNECTION/REPOSITORY`, where one `*` may stand for a part of the repository's name.
    pub from: String,
    /// The same; its `*` takes what that of `from` stood for.
    pub to: String,
    pub tag: String,
    /// The version's own tag is put as well.
    pub own_tag: bool,
    /// Null: all.
    pub referrers: Option<Vec<ReferrerKind>>,
    /// Empty: all.
    pub platforms: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IndexStatistics {
    pub index_bytes: u64,
    pub contents_bytes: u64,
    pub tags: u64,
    pub manifests: u64,
    pub repositories: u64,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProtectedCount {
    pub patterns: u64,
    pub tags: u64,
    pub total: u64,
    pub connections: u64,
}

/// A file with authorities that are trusted besides the system's.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrustedFile {
    pub file: String,
    /// When the first of its certificates ends.
    pub ends: Option<String>,
    /// Why it cannot be used.
    pub problem: Option<Problem>,
}
