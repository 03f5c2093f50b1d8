//! Docker's first manifests carry signatures that their digest leaves out: what is left without them.
//! Source: distribution, `manifest/schema1` and the JSON signature format of libtrust.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::{Bytes, BytesMut};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    schema_version: u32,
    signatures: Vec<Signature>,
}

#[derive(Deserialize)]
struct Signature {
    protected: String,
}

/// How the signed text is put together again.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Protected {
    format_length: usize,
    format_tail: String,
}

/// The bytes that a signed manifest's digest is of; `None` for everything but a signed manifest.
///
/// Only these bytes may be used: what the signatures stand between is not covered by the digest.
pub(super) fn payload(manifest: &[u8]) -> Option<Bytes> {
    let signed: Signed = serde_json::from_slice(manifest).ok()?;
    if signed.schema_version != 1 {
        return None;
    }
    let encoded = BASE64_URL_SAFE_NO_PAD
        .decode(&signed.signatures.first()?.protected)
        .ok()?;
    let protected: Protected = serde_json::from_slice(&encoded).ok()?;
    let mut payload = BytesMut::from(manifest.get(..protected.format_length)?);
    payload.extend_from_slice(&BASE64_URL_SAFE_NO_PAD.decode(&protected.format_tail).ok()?);
    Some(payload.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "{\n   \"schemaVersion\": 1,\n   \"name\": \"team/model\"\n}";

    /// The manifest with a signature, as registries of that time stored it.
    fn signed(length: usize) -> String {
        let tail = BASE64_URL_SAFE_NO_PAD.encode("\n}");
        let protected = BASE64_URL_SAFE_NO_PAD.encode(format!(r#"{{"formatLength":{length},"formatTail":"{tail}"}}"#));
        let start = &PLAIN[..PLAIN.len() - 2];
        format!("{start},\n   \"signatures\": [{{\"signature\":\"x\",\"protected\":\"{protected}\"}}]\n}}")
    }

    #[test]
    fn signatures_are_left_out() {
        assert_eq!(
            payload(signed(PLAIN.len() - 2).as_bytes()).as_deref(),
            Some(PLAIN.as_bytes())
        );
    }

    #[test]
    fn nothing_is_taken_from_beyond_the_manifest_or_from_others() {
        assert_eq!(payload(signed(100_000).as_bytes()), None);
        for other in [
            PLAIN,
            "",
            "[]",
            r#"{"schemaVersion":2,"signatures":[{"protected":"e30"}]}"#,
        ] {
            assert_eq!(payload(other.as_bytes()), None, "{other}");
        }
    }
}
