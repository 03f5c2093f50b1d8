//! cosign's first format: a small document that names the digest, signed as it lies there.
//!
//! Source: cosign, `specs/SIGNATURE_SPEC.md`, "Simple Signing".

use serde::Deserialize;

use super::{PublicKey, SignatureError, SignedVersion, decoded};
use crate::text::quoted;

/// What cosign writes as the payload's type. Others sign other things in the same shape.
const TYPE: &str = "cosign container image signature";

#[derive(Deserialize)]
struct Payload {
    critical: Critical,
}

#[derive(Deserialize)]
struct Critical {
    image: Image,
    #[serde(rename = "type")]
    type_name: String,
}

#[derive(Deserialize)]
struct Image {
    #[serde(rename = "docker-manifest-digest")]
    digest: String,
}

pub(super) fn verify(
    payload: &[u8],
    signature: &str,
    key: &PublicKey,
    version: SignedVersion<'_>,
) -> Result<(), SignatureError> {
    key.verify(payload, &decoded("signature", signature)?)?;
    let payload: Payload =
        serde_json::from_slice(payload).map_err(|error| SignatureError::Malformed(quoted(&error.to_string())))?;
    if payload.critical.type_name != TYPE {
        return Err(SignatureError::Statement(quoted(&payload.critical.type_name)));
    }
    if payload.critical.image.digest.parse().as_ref() != Ok(version.digest) {
        return Err(SignatureError::OtherDigest);
    }
    Ok(())
}
