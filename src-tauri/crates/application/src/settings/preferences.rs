//! Preferences with their defaults and limits.

use std::path::PathBuf;

use changes::Requirement;
use serde::{Deserialize, Serialize};

use super::{RouteSetting, SettingsError, route};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// How sizes are written: GB or GiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SizeUnits {
    #[default]
    Si,
    Iec,
}

impl From<SizeUnits> for artifact::SizeUnits {
    fn from(units: SizeUnits) -> Self {
        match units {
            SizeUnits::Si => Self::Si,
            SizeUnits::Iec => Self::Iec,
        }
    }
}

/// How times are written in lists: "3 d ago" or "18 Nov 2026".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeStyle {
    #[default]
    Relative,
    Absolute,
}

/// The mark of a channel besides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelMark {
    /// A full dot, as of production.
    Full,
    /// A half dot, as of staging.
    Half,
    /// A ring, as of any other moving tag.
    Ring,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxySetting {
    /// `HTTPS_PROXY` and what the operating system says.
    #[default]
    System,
    None,
    /// `proxy_address`.
    Own,
}

/// A tag that moves on purpose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelSetting {
    pub name: String,
    pub mark: ChannelMark,
    /// Whether the window asks before the channel moves; who never said so is asked for production.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks_first: Option<bool>,
    /// What a version must have before it may move there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<Requirement>,
}

impl ChannelSetting {
    /// Whether the window asks before the channel moves.
    pub fn asks_first(&self) -> bool {
        self.asks_first.unwrap_or(self.name == "production")
    }
}

/// A key that was changed from its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySetting {
    pub action: String,
    pub key: String,
}

/// All preferences. What the file does not name has its default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: Theme,
    pub sizes: SizeUnits,
    pub times: TimeStyle,
    pub text_percent: u32,
    pub less_motion: bool,
    /// Globs of tags that no policy touches.
    pub protected_tags: Vec<String>,
    /// The tools whose pull commands the window shows, in this order.
    pub pull_tools: Vec<String>,
    pub pull_by_digest: bool,
    /// The most that index and lists of files may take on disk, together. Lists of files go first, those used longest ago
    /// before all; then what the index knows of versions that have no tag any more. What tags lead to never goes: where
    /// that alone is more, the index is larger than this.
    pub index_limit_bytes: u64,
    /// 0: only by hand.
    pub refresh_minutes: u32,
    pub refresh_on_focus: bool,
    pub proxy: ProxySetting,
    pub proxy_address: String,
    /// Hosts, domains and networks, separated by commas.
    pub no_proxy: String,
    /// CA files trusted for every connection.
    pub trusted_ca: Vec<PathBuf>,
    pub requests_per_host: u32,
    pub answer_timeout_seconds: u32,
    pub tries: u32,
    pub channels: Vec<ChannelSetting>,
    pub keys: Vec<KeySetting>,
    #[serde(rename = "route")]
    pub routes: Vec<RouteSetting>,
}

impl Default for Settings {
    fn default() -> Self {
        let channel = |name: &str, mark| ChannelSetting {
            name: name.to_owned(),
            mark,
            asks_first: None,
            requires: Vec::new(),
        };
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Self {
            theme: Theme::System,
            sizes: SizeUnits::Si,
            times: TimeStyle::Relative,
            text_percent: 100,
            less_motion: false,
            protected_tags: texts(&["production", "staging", "latest"]),
            pull_tools: texts(&["docker", "podman", "oras", "kit"]),
            pull_by_digest: true,
            index_limit_bytes: 2_000_000_000,
            refresh_minutes: 15,
            refresh_on_focus: true,
            proxy: ProxySetting::System,
            proxy_address: String::new(),
            no_proxy: String::new(),
            trusted_ca: Vec::new(),
            requests_per_host: 32,
            answer_timeout_seconds: 30,
            tries: 4,
            channels: vec![
                channel("production", ChannelMark::Full),
                channel("staging", ChannelMark::Half),
                channel("latest", ChannelMark::Ring),
                channel("stable", ChannelMark::Ring),
                channel("main", ChannelMark::Ring),
                channel("nightly", ChannelMark::Ring),
            ],
            keys: Vec::new(),
            routes: Vec::new(),
        }
    }
}

impl Settings {
    /// The names of the channels, in their order.
    pub fn channel_names(&self) -> Vec<String> {
        self.channels.iter().map(|channel| channel.name.clone()).collect()
    }

    /// # Errors
    /// [`SettingsError::Value`] for the first setting that is out of its bounds.
    pub fn validate(&self) -> Result<(), SettingsError> {
        within("text_percent", self.text_percent.into(), 80, 200)?;
        within(
            "index_limit_bytes",
            self.index_limit_bytes,
            10_000_000,
            1_000_000_000_000,
        )?;
        within("refresh_minutes", self.refresh_minutes.into(), 0, 10_080)?;
        within("requests_per_host", self.requests_per_host.into(), 1, 256)?;
        within("answer_timeout_seconds", self.answer_timeout_seconds.into(), 1, 3_600)?;
        within("tries", self.tries.into(), 1, 20)?;
        self.validate_channels()?;
        route::validate(&self.routes)?;
        for pattern in &self.protected_tags {
            globset::Glob::new(pattern).map_err(|error| SettingsError::value("protected_tags", error.to_string()))?;
        }
        if self.proxy == ProxySetting::Own && self.proxy_address.trim().is_empty() {
            return Err(SettingsError::value(
                "proxy_address",
                "an own proxy needs its address, http://host:port",
            ));
        }
        Ok(())
    }

    fn validate_channels(&self) -> Result<(), SettingsError> {
        let mut seen = std::collections::HashSet::new();
        for channel in &self.channels {
            channel
                .name
                .parse::<artifact::Tag>()
                .map_err(|error| SettingsError::value("channels", error.to_string()))?;
            if !seen.insert(&channel.name) {
                return Err(SettingsError::value(
                    "channels",
                    format!("{} stands there twice", channel.name),
                ));
            }
        }
        Ok(())
    }
}

fn within(key: &str, value: u64, lowest: u64, highest: u64) -> Result<(), SettingsError> {
    if (lowest..=highest).contains(&value) {
        return Ok(());
    }
    Err(SettingsError::value(
        key,
        format!("{value} is not between {lowest} and {highest}"),
    ))
}
