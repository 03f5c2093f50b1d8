//! Patterns for names, as everywhere in Berth: `*` (slashes too), `?`, `[…]`, `{one,other}`; capitals count.

use std::{fmt, str::FromStr};

use artifact::Tag;
use globset::{GlobBuilder, GlobMatcher};
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The longest pattern or expression, in bytes: names have at most 255.
const LONGEST: usize = 1_000;

/// What a compiled expression may take, in bytes.
const EXPRESSION_SIZE: usize = 1 << 20;

pub(super) const PATTERN_HINT: &str =
    "in a pattern * stands for any text, ? for one character, [0-9] for one of some, {a,b} for one of several";
pub(super) const EXPRESSION_HINT: &str =
    r"write a regular expression such as ^([a-z]+)-, with \ before a character that stands for itself";

/// A glob over tags or repositories.
#[derive(Clone)]
pub struct Pattern {
    text: String,
    matcher: GlobMatcher,
}

/// Why text is no pattern or expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("an empty pattern matches nothing: leave it out, or write * for everything")]
    Empty,
    #[error("the pattern is longer than {LONGEST} bytes")]
    TooLong,
    #[error("{text:?} is no pattern: {reason}")]
    Glob { text: String, reason: String },
    #[error("{text:?} is no regular expression: {reason}")]
    Expression { text: String, reason: String },
}

impl PatternError {
    /// What to do next, in a sentence.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Empty | Self::TooLong | Self::Glob { .. } => PATTERN_HINT,
            Self::Expression { .. } => EXPRESSION_HINT,
        }
    }
}

impl Pattern {
    /// The pattern that every name matches.
    pub fn everything() -> Self {
        let text = "*".to_owned();
        Self::compile(text).unwrap_or_else(|_| unreachable!("a star is a pattern"))
    }

    /// Whether it says `*`, however often: then it selects nothing in particular.
    pub fn is_everything(&self) -> bool {
        self.text.bytes().all(|byte| byte == b'*')
    }

    /// Whether the whole name matches.
    pub fn matches(&self, name: &str) -> bool {
        self.matcher.is_match(name)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn compile(text: String) -> Result<Self, PatternError> {
        check_length(&text)?;
        match GlobBuilder::new(&text).build() {
            Ok(glob) => Ok(Self {
                matcher: glob.compile_matcher(),
                text,
            }),
            Err(error) => Err(PatternError::Glob {
                reason: error.kind().to_string(),
                text,
            }),
        }
    }
}

fn check_length(text: &str) -> Result<(), PatternError> {
    match text.len() {
        0 => Err(PatternError::Empty),
        length if length > LONGEST => Err(PatternError::TooLong),
        _ => Ok(()),
    }
}

/// Tags that no policy deletes, whatever it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedTags(Vec<Pattern>);

impl ProtectedTags {
    /// The tags that match one of these patterns; a name stands for itself.
    pub const fn new(patterns: Vec<Pattern>) -> Self {
        Self(patterns)
    }

    /// # Errors
    /// If one of them is no pattern.
    pub fn parse<T: AsRef<str>>(patterns: &[T]) -> Result<Self, PatternError> {
        let parsed = patterns.iter().map(|pattern| pattern.as_ref().parse());
        parsed.collect::<Result<_, _>>().map(Self)
    }

    /// Whether a tag is protected.
    pub fn covers(&self, tag: &Tag) -> bool {
        self.0.iter().any(|pattern| pattern.matches(tag.as_str()))
    }
}

impl Default for ProtectedTags {
    /// `production`, `staging`, `latest`.
    fn default() -> Self {
        let names = ["production", "staging", "latest"];
        Self::parse(&names).unwrap_or_else(|_| unreachable!("plain names are patterns"))
    }
}

/// What sorts tags into groups: an expression's first capture group, else its match.
#[derive(Clone)]
pub struct GroupBy(Regex);

impl GroupBy {
    /// The group of a tag. Names that do not match form one group of their own, `None`.
    pub fn group<'a>(&self, tag: &'a str) -> Option<&'a str> {
        let captures = self.0.captures(tag)?;
        let part = captures.get(1).or_else(|| captures.get(0))?;
        Some(part.as_str())
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        Self::compile(text.to_owned())
    }
}

impl FromStr for GroupBy {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        check_length(text)?;
        let built = RegexBuilder::new(text).size_limit(EXPRESSION_SIZE).build();
        built.map(Self).map_err(|error| PatternError::Expression {
            text: text.to_owned(),
            reason: last_line(&error.to_string()),
        })
    }
}

/// The library draws the expression over several lines; the last one says what is wrong.
fn last_line(drawing: &str) -> String {
    let last = drawing.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").to_owned()
}

/// Gives a type that is text its equality, its look and its serialisation.
macro_rules! as_text {
    ($type:ty) => {
        impl PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $type {}

        impl fmt::Debug for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), formatter)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?
                    .parse()
                    .map_err(de::Error::custom)
            }
        }
    };
}

as_text!(Pattern);
as_text!(GroupBy);
