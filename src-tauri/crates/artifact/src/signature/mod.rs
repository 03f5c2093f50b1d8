//! Signatures over versions: whether one is by a given public key, and over this digest and no other.
//!
//! Pure: the documents are passed in. Nothing here asks who a key belongs to; certificates and transparency logs are not
//! read, so only signatures with a key of one's own can be verified.

mod bundle;
mod key;
mod simple_signing;
#[cfg(test)]
mod tests;

use base64::{Engine, engine::general_purpose::STANDARD};

pub use self::key::{KeyError, LONGEST_KEY, PublicKey};
use crate::Digest;

/// The annotation of a cosign layer that holds the signature of the layer's content, in base64.
///
/// Source: cosign, `specs/SIGNATURE_SPEC.md`.
pub const COSIGN_SIGNATURE_ANNOTATION: &str = "dev.cosignproject.cosign/signature";

/// One signature as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureDocument {
    /// cosign's first format: a payload that names the digest, and its signature in base64, which stands in an annotation.
    SimpleSigning { payload: Vec<u8>, signature: String },
    /// A sigstore bundle, version 0.3 or an earlier one of the same shape.
    Bundle(Vec<u8>),
}

/// What a signature has to be over.
#[derive(Clone, Copy, Debug)]
pub struct SignedVersion<'a> {
    pub digest: &'a Digest,
    /// The manifest as stored: some bundles sign these bytes and not a statement about their digest.
    pub manifest: &'a [u8],
}

/// Why a signature does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("the signature cannot be read: {0}")]
    Malformed(String),
    #[error("it is not by this key")]
    OtherKey,
    #[error("it is over another digest")]
    OtherDigest,
    /// The key's owner said something about the version, which may be that it is bad.
    #[error("it is a statement about the version ({0}), not a signature")]
    Statement(String),
}

impl SignatureDocument {
    /// # Errors
    /// [`SignatureError`] unless this is a signature by `key` over `version`. Nothing that the document says is believed
    /// before its signature fits.
    pub fn verify(&self, key: &PublicKey, version: SignedVersion<'_>) -> Result<(), SignatureError> {
        match self {
            Self::SimpleSigning { payload, signature } => simple_signing::verify(payload, signature, key, version),
            Self::Bundle(document) => bundle::verify(document, key, version),
        }
    }
}

fn decoded(what: &str, text: &str) -> Result<Vec<u8>, SignatureError> {
    STANDARD
        .decode(text.trim())
        .map_err(|error| SignatureError::Malformed(format!("the {what} is not base64 ({error})")))
}
