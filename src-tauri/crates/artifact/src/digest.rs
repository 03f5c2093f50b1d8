//! The identity of content: a hash algorithm and its value.
//!
//! Pure: no network, no disk. Everything that is fetched by digest passes through a [`Verifier`]; nothing else in the
//! workspace compares hashes.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256, Sha512};

use crate::text::quoted;

/// A content digest such as `sha256:9f86…`. Always well formed: the value has the algorithm's length, in lower case.
///
/// Source: OCI image-spec 1.1, descriptor.md, "Digests".
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    algorithm: Algorithm,
    hex: Box<str>,
}

/// The hash algorithms that the image specification registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    Sha256,
    Sha512,
}

/// Why text is no digest, or content not what its digest says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    #[error("a digest looks like sha256:<64 hex digits>, not {0:?}")]
    Malformed(String),
    #[error("the digest algorithm {0:?} is not supported")]
    UnknownAlgorithm(String),
    #[error("the content is {actual}, but {expected} was asked for")]
    Mismatch { expected: Digest, actual: Digest },
}

impl Digest {
    /// The sha256 of the bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            algorithm: Algorithm::Sha256,
            hex: hex::encode(Sha256::digest(bytes)).into(),
        }
    }

    /// The first eight digits: what a list shows. Two digests may share them.
    pub fn short(&self) -> &str {
        self.hex.get(..8).unwrap_or(&self.hex)
    }

    /// The value in lower case, without the algorithm.
    pub fn hex(&self) -> &str {
        &self.hex
    }

    /// The hash that the value was made with.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The value's first four bytes as a big-endian number: what a layer's colour is taken from.
    pub fn first_four_bytes(&self) -> u32 {
        u32::from_str_radix(self.short(), 16).unwrap_or_default()
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let malformed = || DigestError::Malformed(quoted(text));
        let (name, hex) = text.split_once(':').ok_or_else(malformed)?;
        let algorithm = match name {
            "sha256" => Algorithm::Sha256,
            "sha512" => Algorithm::Sha512,
            other => return Err(DigestError::UnknownAlgorithm(quoted(other))),
        };
        let well_formed =
            hex.len() == algorithm.hex_length() && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !well_formed {
            return Err(malformed());
        }
        Ok(Self {
            algorithm,
            hex: hex.into(),
        })
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.algorithm.name(), self.hex)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Algorithm {
    /// The name that stands before the colon.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// How many hex digits a value of this algorithm has.
    pub const fn hex_length(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha512 => 128,
        }
    }
}

/// Hashes a stream as it passes and says at its end whether it was what was asked for.
pub struct Verifier {
    expected: Digest,
    state: State,
}

enum State {
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Verifier {
    /// A verifier that has seen nothing yet of the content of `expected`.
    pub fn new(expected: Digest) -> Self {
        let state = match expected.algorithm {
            Algorithm::Sha256 => State::Sha256(Sha256::new()),
            Algorithm::Sha512 => State::Sha512(Sha512::new()),
        };
        Self { expected, state }
    }

    /// Takes the next piece of the content.
    pub fn update(&mut self, chunk: &[u8]) {
        match &mut self.state {
            State::Sha256(hasher) => hasher.update(chunk),
            State::Sha512(hasher) => hasher.update(chunk),
        }
    }

    /// # Errors
    /// [`DigestError::Mismatch`] if the bytes seen are not the content of the digest.
    pub fn finish(self) -> Result<Digest, DigestError> {
        let hex: Box<str> = match self.state {
            State::Sha256(hasher) => hex::encode(hasher.finalize()).into(),
            State::Sha512(hasher) => hex::encode(hasher.finalize()).into(),
        };
        if hex == self.expected.hex {
            return Ok(self.expected);
        }
        let actual = Digest {
            algorithm: self.expected.algorithm,
            hex,
        };
        Err(DigestError::Mismatch {
            expected: self.expected,
            actual,
        })
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Verifier")
            .field("expected", &self.expected)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const EMPTY_512: &str = "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
                             47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";

    #[test]
    fn content_in_pieces_is_verified_as_a_whole() {
        let mut verifier = Verifier::new(Digest::of(b"two pieces"));
        verifier.update(b"two ");
        verifier.update(b"pieces");
        assert_eq!(verifier.finish(), Ok(Digest::of(b"two pieces")));
    }

    #[test]
    fn sha512_is_verified_too() {
        let digest: Digest = EMPTY_512.parse().expect("a well-formed digest");
        assert_eq!(digest.algorithm(), Algorithm::Sha512);
        assert_eq!(Verifier::new(digest.clone()).finish(), Ok(digest.clone()));
        let mut verifier = Verifier::new(digest);
        verifier.update(b"x");
        assert!(matches!(verifier.finish(), Err(DigestError::Mismatch { .. })));
    }

    #[test]
    fn other_content_is_refused_and_named() {
        let mut verifier = Verifier::new(EMPTY.parse().expect("a well-formed digest"));
        verifier.update(b"not empty");
        let error = verifier.finish().expect_err("the content is not empty");
        assert_eq!(
            error.to_string(),
            format!("the content is {}, but {EMPTY} was asked for", Digest::of(b"not empty"))
        );
    }

    #[test]
    fn only_well_formed_text_becomes_a_digest() {
        for text in [
            "",
            "sha256:",
            "sha256:abc",
            &EMPTY.to_uppercase(),
            &format!("{EMPTY}0"),
            &EMPTY.replace("sha256", "md5"),
        ] {
            assert!(text.parse::<Digest>().is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn the_parts_of_a_digest_are_those_of_its_text() {
        let digest: Digest = EMPTY.parse().expect("a well-formed digest");
        assert_eq!(digest.short(), "e3b0c442");
        assert_eq!(digest.first_four_bytes(), 0xe3b0_c442);
        assert_eq!(digest.to_string(), EMPTY);
        let json = serde_json::to_string(&digest).expect("a digest serialises as text");
        assert_eq!(json, format!("{EMPTY:?}"));
        assert_eq!(serde_json::from_str::<Digest>(&json).expect("and comes back"), digest);
        assert!(serde_json::from_str::<Digest>("\"sha256:no\"").is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_refused_or_displayed_as_it_was(text in "(sha256|sha512|md5)?:?[0-9a-fA-F]{0,130}|\\PC*") {
            if let Ok(digest) = text.parse::<Digest>() {
                proptest::prop_assert_eq!(digest.to_string(), text);
            }
        }
    }
}
