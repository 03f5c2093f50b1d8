//! Full names of what is stored: host, repository, tag and digest.
//!
//! Completion of short Docker Hub names is oci-client's; what it lets through is checked again by the types of this
//! crate. Names of connections are not known here.

use std::{fmt, str::FromStr};

use crate::{Digest, DigestError, NameError, RepositoryName, Tag, text::quoted};

/// The longest text that can be a reference: host, repository, tag and a sha512 with room to spare.
const LENGTH: usize = 1024;

/// Where oci-client puts the names that stand without a tag.
const IMPLIED_TAG: &str = "latest";

/// A reference such as `ghcr.io/acme/vision/defect-detector:1.4.2`.
///
/// Short names are completed as Docker does (`ubuntu` is `docker.io/library/ubuntu`), but no tag is made up: what was
/// written without one has none.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    /// Host, with its port where one was written.
    pub host: String,
    pub repository: RepositoryName,
    pub tag: Option<Tag>,
    pub digest: Option<Digest>,
}

/// Why text is no reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    #[error("{reference:?} is no reference ({reason}); write it as host/repository:tag or host/repository@sha256:…")]
    Malformed { reference: String, reason: String },
    #[error(transparent)]
    Name(#[from] NameError),
    #[error(transparent)]
    Digest(#[from] DigestError),
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let malformed = |reason: String| ReferenceError::Malformed {
            reference: quoted(text),
            reason,
        };
        if text.len() > LENGTH {
            return Err(malformed(format!("longer than {LENGTH} characters")));
        }
        let parsed: oci_client::Reference = text
            .parse()
            .map_err(|error: oci_client::ParseError| malformed(error.to_string()))?;
        let written = parsed.tag().filter(|tag| *tag != IMPLIED_TAG || names_tag(text, tag));
        Ok(Self {
            host: parsed.registry().to_owned(),
            repository: parsed.repository().parse()?,
            tag: written.map(str::parse).transpose()?,
            digest: parsed.digest().map(str::parse).transpose()?,
        })
    }
}

/// Whether the tag stands in the text, or was implied.
fn names_tag(text: &str, tag: &str) -> bool {
    let before_digest = text.split_once('@').map_or(text, |(name, _)| name);
    before_digest.strip_suffix(tag).is_some_and(|name| name.ends_with(':'))
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.host, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(formatter, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(formatter, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn displayed(text: &str) -> String {
        text.parse::<Reference>()
            .unwrap_or_else(|error| panic!("{text:?} is a reference: {error}"))
            .to_string()
    }

    #[test]
    fn short_names_are_completed_as_docker_does() {
        assert_eq!(displayed("ubuntu"), "docker.io/library/ubuntu");
        assert_eq!(displayed("ubuntu:24.04"), "docker.io/library/ubuntu:24.04");
        assert_eq!(displayed("pytorch/pytorch:latest"), "docker.io/pytorch/pytorch:latest");
        assert_eq!(displayed("index.docker.io/ubuntu"), "docker.io/library/ubuntu");
        assert_eq!(displayed("localhost/model"), "localhost/model");
    }

    #[test]
    fn ports_nested_names_tags_and_digests_are_kept() {
        assert_eq!(displayed("localhost:5000/a/b/c:1.0"), "localhost:5000/a/b/c:1.0");
        assert_eq!(
            displayed(&format!("ghcr.io/acme/x@{DIGEST}")),
            format!("ghcr.io/acme/x@{DIGEST}")
        );
        assert_eq!(
            displayed(&format!("ghcr.io/acme/x:latest@{DIGEST}")),
            format!("ghcr.io/acme/x:latest@{DIGEST}")
        );
        let reference: Reference = "registry.example:5000/model".parse().expect("a reference");
        assert_eq!(
            (reference.host.as_str(), reference.tag),
            ("registry.example:5000", None)
        );
    }

    #[test]
    fn what_is_no_reference_is_refused_with_a_reason() {
        let long = format!("ghcr.io/{}", "a/".repeat(600));
        let upper = format!("x@{}", DIGEST.to_uppercase());
        for text in [
            "",
            "Ubuntu",
            "ghcr.io/",
            "a b",
            "x:",
            "x:é",
            "x@sha256:ab",
            "https://ghcr.io/x",
            &long,
            &upper,
        ] {
            assert!(text.parse::<Reference>().is_err(), "{text:?} was accepted");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn parsing_what_was_displayed_gives_the_same(
            host in "[a-z]{1,8}\\.[a-z]{2,3}(:[0-9]{1,5})?|localhost|docker\\.io",
            name in "[a-z0-9]{1,5}([._-][a-z0-9]{1,5}){0,2}(/[a-z0-9]{1,5}){0,3}",
            tag in "(:[A-Za-z0-9_][A-Za-z0-9._-]{0,9})?",
            digest in "(@sha256:[0-9a-f]{64})?",
        ) {
            let text = format!("{host}/{name}{tag}{digest}");
            let reference: Reference = text.parse().expect("a reference by construction");
            let again: Reference = reference.to_string().parse().expect("what was displayed is a reference");
            proptest::prop_assert_eq!(&again, &reference);
            if host != "docker.io" {
                proptest::prop_assert_eq!(reference.to_string(), text);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}|[a-zA-Z0-9:/@._-]{0,60}") {
            if let Ok(reference) = text.parse::<Reference>() {
                proptest::prop_assert_eq!(reference.to_string().parse::<Reference>(), Ok(reference));
            }
        }
    }
}
