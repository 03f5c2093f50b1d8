//! The names that a registry gives: repositories and tags.
//!
//! Both are checked once, when text becomes a name, and hold what the distribution specification allows. Whether a name
//! exists is not known here.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Digest, text::quoted};

/// The longest repository name that common registries take, in bytes (distribution-spec 1.1, "Pulling manifests").
const REPOSITORY_LENGTH: usize = 255;

/// The longest tag, in bytes.
const TAG_LENGTH: usize = 128;

/// Why text is no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error(
        "{0:?} is no repository name: it may hold lower-case letters, digits, single separators (. _ __ -) and slashes"
    )]
    Repository(String),
    #[error("{0:?} is no tag: it may hold letters, digits, _ . and -, at most 128, and not begin with . or -")]
    Tag(String),
}

/// A repository's name inside its registry, such as `vision/defect-detector`.
///
/// Source: distribution-spec 1.1, "Pulling manifests", `<name>`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepositoryName(Box<str>);

/// A tag: a name inside a repository that can move.
///
/// Source: distribution-spec 1.1, "Pulling manifests", `<reference>` as a tag.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(Box<str>);

impl RepositoryName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Tag {
    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the tag stands for what points at a digest: cosign's `sha256-<hex>.sig`, or the fallback list of
    /// referrers `sha256-<hex>`. Such tags are in no list and no count but `tags --all`.
    pub fn is_referrer_name(&self) -> bool {
        referrer_subject(&self.0).is_some()
    }
}

impl Tag {
    /// The tag under which a registry without a referrers API keeps the list of what points at this digest.
    ///
    /// Source: distribution-spec 1.1, "Referrers Tag Schema".
    pub fn of_referrers(subject: &Digest) -> Self {
        let hex: String = subject.hex().chars().take(64).collect();
        Self(format!("{}-{hex}", subject.algorithm().name()).into())
    }

    /// What a referrer's tag points at; `None` for every other tag, and where the tag cuts the digest.
    pub fn referrer_subject(&self) -> Option<Digest> {
        let (algorithm, hex) = referrer_subject(&self.0)?;
        format!("{algorithm}:{}", hex.to_ascii_lowercase()).parse().ok()
    }
}

/// Splits `sha256-<hex>[.sig|.att|.sbom]` into algorithm and hex; `None` for every other tag.
fn referrer_subject(tag: &str) -> Option<(&str, &str)> {
    let (algorithm, rest) = tag.split_once('-')?;
    let hex = match rest.split_once('.') {
        Some((hex, "sig" | "att" | "sbom")) => hex,
        Some(_) => return None,
        None => rest,
    };
    // The fallback tag cuts the value at 64 characters, so a sha512 has two lengths (distribution-spec 1.1, "Referrers
    // tag schema").
    let length_fits = match algorithm {
        "sha256" => hex.len() == 64,
        "sha512" => matches!(hex.len(), 64 | 128),
        _ => false,
    };
    let is_hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    (length_fits && is_hex).then_some((algorithm, hex))
}

/// One path component: alphanumeric runs, joined by `.`, `_`, `__` or any number of `-`.
fn is_repository_component(component: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut separator = String::new();
    let mut last_is_letter = false;
    for byte in component.bytes() {
        if is_letter(byte) {
            if !separator.is_empty() && !is_separator(&separator) {
                return false;
            }
            separator.clear();
            last_is_letter = true;
        } else if matches!(byte, b'.' | b'_' | b'-') && (last_is_letter || !separator.is_empty()) {
            separator.push(char::from(byte));
            last_is_letter = false;
        } else {
            return false;
        }
    }
    last_is_letter
}

fn is_separator(text: &str) -> bool {
    matches!(text, "." | "_" | "__") || text.bytes().all(|byte| byte == b'-')
}

impl FromStr for RepositoryName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let well_formed = text.len() <= REPOSITORY_LENGTH && text.split('/').all(is_repository_component);
        if well_formed {
            Ok(Self(text.into()))
        } else {
            Err(NameError::Repository(quoted(text)))
        }
    }
}

impl FromStr for Tag {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let first_fits = text
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let rest_fits = text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
        if first_fits && rest_fits && text.len() <= TAG_LENGTH {
            Ok(Self(text.into()))
        } else {
            Err(NameError::Tag(quoted(text)))
        }
    }
}

/// What both names have in common: they are text that was checked.
macro_rules! checked_text {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, formatter)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<&str> for $name {
            type Error = NameError;

            fn try_from(text: &str) -> Result<Self, NameError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.into()
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?
                    .parse()
                    .map_err(de::Error::custom)
            }
        }
    };
}

checked_text!(RepositoryName);
checked_text!(Tag);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repository_names_follow_the_specification() {
        for name in [
            "a",
            "library/ubuntu",
            "a.b/c_d/e__f/g---h",
            "0/1",
            "vision/defect-detector",
        ] {
            assert_eq!(
                name.parse::<RepositoryName>()
                    .expect("a name of the specification")
                    .as_str(),
                name
            );
        }
        let long = "a".repeat(256);
        for text in [
            "", "/", "a/", "/a", "A", "a//b", "-a", "a-", "a..b", "a___b", "a._b", "a b", "a:b", "ä", "../x", &long,
        ] {
            assert!(text.parse::<RepositoryName>().is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn tags_follow_the_specification() {
        let longest = "a".repeat(128);
        for tag in ["latest", "1.4.2", "_x", "V1", "8b-instruct-q4_K_M", &longest] {
            assert_eq!(tag.parse::<Tag>().expect("a tag of the specification").to_string(), tag);
        }
        let too_long = "a".repeat(129);
        for text in ["", ".a", "-a", "a+b", "a/b", "a b", "é", "a\u{7}", &too_long] {
            assert!(text.parse::<Tag>().is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn tags_of_referrers_are_told_from_tags_of_people() {
        let hex = "0123456789abcdef".repeat(4);
        let is_referrer = |tag: String| tag.parse::<Tag>().expect("a tag").is_referrer_name();
        for suffix in ["", ".sig", ".att", ".sbom"] {
            assert!(is_referrer(format!("sha256-{hex}{suffix}")), "{suffix:?} was missed");
        }
        assert!(is_referrer(format!("sha512-{hex}")));
        assert!(is_referrer(format!("sha256-{hex}.sig")));
        assert!(!is_referrer(format!("sha256-{hex}.zip")));
        assert!(!is_referrer("sha-8d41b7a".to_owned()));
        assert!(!is_referrer("sha256-8d41b7a".to_owned()));
    }

    #[test]
    fn a_referrers_tag_names_its_subject() {
        let subject = Digest::of(b"image");
        let tag = Tag::of_referrers(&subject);
        assert_eq!(
            tag.as_str().parse(),
            Ok(tag.clone()),
            "it is a tag of the specification"
        );
        assert!(tag.is_referrer_name());
        assert_eq!(tag.referrer_subject(), Some(subject.clone()));
        let signature: Tag = format!("{tag}.sig").parse().expect("a tag");
        assert_eq!(signature.referrer_subject(), Some(subject));
        let long: Digest = format!("sha512:{}", "ab".repeat(64)).parse().expect("a digest");
        assert_eq!(Tag::of_referrers(&long).as_str().len(), "sha512-".len() + 64);
        assert!(Tag::of_referrers(&long).is_referrer_name());
    }

    #[test]
    fn a_refused_name_is_quoted_without_control_characters() {
        let error = "\u{1b}[2Jx".parse::<Tag>().expect_err("escape sequences are no tag");
        assert!(!error.to_string().contains('\u{1b}'));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_refused_or_displayed_as_it_was(text in "[a-zA-Z0-9./_-]{0,20}|\\PC{0,20}") {
            if let Ok(name) = text.parse::<RepositoryName>() {
                proptest::prop_assert_eq!(name.as_str(), &text);
            }
            if let Ok(tag) = text.parse::<Tag>() {
                proptest::prop_assert_eq!(tag.as_str(), &text);
            }
        }
    }
}
