//! Sigstore bundles: a signed statement about a digest, or a signature over the manifest's bytes.
//!
//! Sources: sigstore protobuf-specs, `sigstore_bundle.proto`; secure-systems-lab/dsse, `protocol.md`; in-toto attestation,
//! `spec/v1/statement.md`.

use serde::Deserialize;

use super::{PublicKey, SignatureError, SignedVersion, decoded};
use crate::{Algorithm, Digest, media_type, text::quoted};

/// The predicate of a statement that is a plain signature: "this is mine".
const SIGNATURE_PREDICATE: &str = "https://sigstore.dev/cosign/sign/";
const STATEMENTS: [&str; 2] = ["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bundle {
    dsse_envelope: Option<Envelope>,
    message_signature: Option<MessageSignature>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    payload: String,
    payload_type: String,
    signatures: Vec<EnvelopeSignature>,
}

#[derive(Deserialize)]
struct EnvelopeSignature {
    sig: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageSignature {
    signature: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    #[serde(rename = "_type")]
    type_name: String,
    subject: Vec<Subject>,
    predicate_type: String,
}

#[derive(Deserialize)]
struct Subject {
    digest: std::collections::BTreeMap<String, String>,
}

pub(super) fn verify(document: &[u8], key: &PublicKey, version: SignedVersion<'_>) -> Result<(), SignatureError> {
    let bundle: Bundle = read(document)?;
    match (bundle.dsse_envelope, bundle.message_signature) {
        (Some(envelope), None) => verify_envelope(&envelope, key, version),
        (None, Some(message)) => verify_message(&message, key, version),
        _ => Err(SignatureError::Malformed(
            "the bundle holds neither one statement nor one signature".to_owned(),
        )),
    }
}

fn verify_envelope(envelope: &Envelope, key: &PublicKey, version: SignedVersion<'_>) -> Result<(), SignatureError> {
    let payload = decoded("statement", &envelope.payload)?;
    let signed = pre_authentication_encoding(&envelope.payload_type, &payload);
    // An envelope holds one signature as a rule; one by the key is enough.
    let by_key = |signature: &EnvelopeSignature| key.verify(&signed, &decoded("signature", &signature.sig)?);
    if !envelope.signatures.iter().any(|signature| by_key(signature).is_ok()) {
        return Err(SignatureError::OtherKey);
    }
    if envelope.payload_type != media_type::IN_TOTO {
        return Err(SignatureError::Statement(quoted(&envelope.payload_type)));
    }
    let statement: Statement = read(&payload)?;
    if !STATEMENTS.contains(&statement.type_name.as_str()) {
        return Err(SignatureError::Malformed("it is no in-toto statement".to_owned()));
    }
    if !statement.predicate_type.starts_with(SIGNATURE_PREDICATE) {
        return Err(SignatureError::Statement(quoted(&statement.predicate_type)));
    }
    if !statement.subject.iter().any(|subject| subject.is(version.digest)) {
        return Err(SignatureError::OtherDigest);
    }
    Ok(())
}

/// The bytes that are signed are the manifest's own; that they are the digest's is checked here once more.
fn verify_message(
    message: &MessageSignature,
    key: &PublicKey,
    version: SignedVersion<'_>,
) -> Result<(), SignatureError> {
    let mut verifier = crate::Verifier::new(version.digest.clone());
    verifier.update(version.manifest);
    verifier.finish().map_err(|_| SignatureError::OtherDigest)?;
    key.verify(version.manifest, &decoded("signature", &message.signature)?)
}

/// What an envelope's signature is over. Source: DSSE, `protocol.md`, "Signature Definition".
fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut encoded = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    encoded.extend_from_slice(payload);
    encoded
}

impl Subject {
    fn is(&self, digest: &Digest) -> bool {
        let name = match digest.algorithm() {
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha512 => "sha512",
        };
        self.digest.get(name).is_some_and(|hex| hex == digest.hex())
    }
}

fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, SignatureError> {
    serde_json::from_slice(bytes).map_err(|error| SignatureError::Malformed(quoted(&error.to_string())))
}
