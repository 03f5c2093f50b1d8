//! What a channel may ask for before a version moves there, as settings hold it.

use std::{cmp::Ordering, fmt, str::FromStr};

use artifact::PublicKey;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// One thing that a channel asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// A signature; with a key, one that it verifies. Without a key anybody who may push can meet this.
    Signature {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        public_key: Option<PublicKey>,
    },
    /// A bill of materials.
    Sbom,
    Metric(MetricBound),
    /// A name that the person types.
    Confirmation,
}

/// A bound that a metric has to keep, such as `accuracy >= 0.93`. Stored as that text.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricBound {
    pub name: String,
    pub comparison: Comparison,
    /// Finite.
    pub bound: f64,
}

/// How a metric is held against its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// The text is no bound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no bound: write a metric, one of = != < <= > >=, and a number, such as accuracy >= 0.93")]
pub struct MetricBoundError(String);

/// As they are written; of two that begin alike the longer one stands first. `==` is what programmers type.
const COMPARISONS: [(&str, Comparison); 7] = [
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("==", Comparison::Equal),
    ("=", Comparison::Equal),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

impl Comparison {
    /// Whether `value` stands so to `bound`.
    pub fn holds(self, value: f64, bound: f64) -> bool {
        match (self, value.partial_cmp(&bound)) {
            (_, None) => false,
            (Self::Equal, Some(order)) => order == Ordering::Equal,
            (Self::NotEqual, Some(order)) => order != Ordering::Equal,
            (Self::Less, Some(order)) => order == Ordering::Less,
            (Self::AtMost, Some(order)) => order != Ordering::Greater,
            (Self::Greater, Some(order)) => order == Ordering::Greater,
            (Self::AtLeast, Some(order)) => order != Ordering::Less,
        }
    }

    /// The sign.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }
}

impl FromStr for MetricBound {
    type Err = MetricBoundError;

    fn from_str(text: &str) -> Result<Self, MetricBoundError> {
        let refused = || MetricBoundError(registry::visible(text, 80));
        let start = text.find(['=', '!', '<', '>']).ok_or_else(refused)?;
        let (name, rest) = text.split_at(start);
        let (comparison, bound) = COMPARISONS
            .iter()
            .find_map(|(sign, comparison)| Some((*comparison, rest.strip_prefix(sign)?)))
            .ok_or_else(refused)?;
        let bound: f64 = bound.trim().parse().map_err(|_| refused())?;
        let name = name.trim();
        if name.is_empty() || name.chars().any(char::is_control) || !bound.is_finite() {
            return Err(refused());
        }
        Ok(Self {
            name: name.to_owned(),
            comparison,
            bound,
        })
    }
}

impl fmt::Display for MetricBound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.name, self.comparison.as_str(), self.bound)
    }
}

impl Serialize for MetricBound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MetricBound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature { public_key: None } => formatter.write_str("a signature"),
            Self::Signature { public_key: Some(_) } => formatter.write_str("a signature by the given key"),
            Self::Sbom => formatter.write_str("an SBOM"),
            Self::Metric(bound) => fmt::Display::fmt(bound, formatter),
            Self::Confirmation => formatter.write_str("a name typed"),
        }
    }
}
