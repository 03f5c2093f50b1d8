//! What an image runs on: operating system, processor architecture, and its variant.
//!
//! Names are those of the image specification (Go's GOOS and GOARCH); nothing is translated.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::text::quoted;

/// A platform such as `linux/amd64` or `linux/arm/v7`.
///
/// Source: OCI image-spec 1.1, image-index.md, `platform`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Platform {
    pub os: String,
    pub architecture: String,
    pub variant: Option<String>,
}

/// The text names no platform.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no platform: write it as os/architecture or os/architecture/variant, such as linux/arm64")]
pub struct PlatformError(String);

impl Platform {
    /// A platform without a variant.
    pub fn new(os: impl Into<String>, architecture: impl Into<String>) -> Self {
        Self {
            os: os.into(),
            architecture: architecture.into(),
            variant: None,
        }
    }

    /// A platform as a foreign document states it: what a platform's text cannot hold (spaces, control characters, `/`) is
    /// left out, so that it can be written and read back; what is then empty is unknown.
    pub(crate) fn foreign(os: &str, architecture: &str, variant: Option<&str>) -> Self {
        let fits = |it: &char| !(it.is_whitespace() || it.is_control() || *it == '/');
        let part = |text: &str| text.chars().filter(fits).collect::<String>();
        let or_unknown = |text: String| if text.is_empty() { "unknown".to_owned() } else { text };
        Self {
            os: or_unknown(part(os)),
            architecture: or_unknown(part(architecture)),
            variant: variant.map(part).filter(|variant| !variant.is_empty()),
        }
    }

    /// `BuildKit` marks its attestations as `unknown/unknown`.
    pub fn is_unknown(&self) -> bool {
        self.os == "unknown" && self.architecture == "unknown"
    }

    /// The platform that stands for a version when none is chosen.
    pub fn is_default(&self) -> bool {
        self.os == "linux" && self.architecture == "amd64"
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) => write!(formatter, "/{variant}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Platform {
    type Err = PlatformError;

    fn from_str(text: &str) -> Result<Self, PlatformError> {
        let mut parts = text.splitn(3, '/').map(str::to_owned);
        let (os, architecture, variant) = (parts.next(), parts.next(), parts.next());
        let is_part = |part: &String| !part.is_empty() && !part.chars().any(|it| it.is_whitespace() || it.is_control());
        match (os.filter(is_part), architecture.filter(is_part), variant) {
            (Some(os), Some(architecture), None) => Ok(Self {
                os,
                architecture,
                variant: None,
            }),
            (Some(os), Some(architecture), Some(variant)) if is_part(&variant) => Ok(Self {
                os,
                architecture,
                variant: Some(variant),
            }),
            _ => Err(PlatformError(quoted(text))),
        }
    }
}

impl Serialize for Platform {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Platform {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_read_as_they_are_written() {
        for text in ["linux/amd64", "linux/arm/v7", "windows/amd64", "unknown/unknown"] {
            assert_eq!(text.parse::<Platform>().expect("a platform").to_string(), text);
        }
        assert!("unknown/unknown".parse::<Platform>().expect("a platform").is_unknown());
        for text in ["", "linux", "linux/", "/amd64", "linux/arm/", "linux/a b"] {
            assert!(text.parse::<Platform>().is_err(), "{text:?} was accepted");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_a_foreign_document_states_can_be_read_back(os in "\\PC{0,6}|.{0,6}", architecture in ".{0,6}", variant in proptest::option::of(".{0,4}")) {
            let platform = Platform::foreign(&os, &architecture, variant.as_deref());
            proptest::prop_assert_eq!(platform.to_string().parse(), Ok(platform));
        }

        #[test]
        fn any_text_is_refused_or_displayed_as_it_was(text in "[a-z0-9/ ]{0,12}|\\PC{0,12}") {
            if let Ok(platform) = text.parse::<Platform>() {
                proptest::prop_assert_eq!(platform.to_string(), text);
            }
        }
    }
}
