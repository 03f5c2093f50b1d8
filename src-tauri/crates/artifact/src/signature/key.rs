//! Public keys as people keep them: PEM files.

use std::{fmt, str::FromStr};

use ed25519_dalek::{Digest as _, Sha512, Signature, VerifyingKey};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use x509_parser::{
    oid_registry::{OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_SIG_ED25519},
    pem::Pem,
    prelude::{FromDer, SubjectPublicKeyInfo},
};

use super::SignatureError;
use crate::text::quoted;

/// The longest text in bytes that is read as a key: a real one has a few hundred.
pub const LONGEST_KEY: usize = 64 * 1024;

/// A public key that signatures are verified with: ECDSA on P-256 (what cosign makes), or Ed25519.
///
/// Displayed and stored as the PEM text that it was read from. Source: RFC 7468, section 13.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    pem: String,
    point: Point,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Point {
    /// Uncompressed, as SEC 1 has it.
    EcdsaP256(Vec<u8>),
    Ed25519(VerifyingKey),
}

/// The length of an uncompressed point of P-256.
const P256_POINT: usize = 65;

/// Why text is no key that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("this is no public key: a PEM text is expected that begins with -----BEGIN PUBLIC KEY-----")]
    NotPem,
    #[error("this is {0:?}, not a public key: the file that ends with .pub is expected, never the private key")]
    OtherPem(String),
    #[error("the public key is damaged: {0}")]
    Malformed(String),
    #[error("only keys of ECDSA on P-256 and of Ed25519 can be used, not this one")]
    Unsupported,
}

impl PublicKey {
    /// # Errors
    /// [`SignatureError::OtherKey`] unless `signature` is by this key over exactly `message`.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let fits = match &self.point {
            Point::EcdsaP256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
                .verify(message, signature)
                .is_ok(),
            Point::Ed25519(key) => fits_ed25519(key, message, signature),
        };
        if fits { Ok(()) } else { Err(SignatureError::OtherKey) }
    }
}

/// In the plain form, or over the message's SHA-512, as cosign signs statements. Source: RFC 8032, section 5.1.
fn fits_ed25519(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    let Ok(signature) = Signature::from_slice(signature) else {
        return false;
    };
    key.verify_strict(message, &signature).is_ok()
        || key
            .verify_prehashed_strict(Sha512::new().chain_update(message), None, &signature)
            .is_ok()
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.len() > LONGEST_KEY {
            return Err(KeyError::NotPem);
        }
        let block = Pem::iter_from_buffer(text.as_bytes())
            .next()
            .and_then(Result::ok)
            .ok_or(KeyError::NotPem)?;
        if block.label != "PUBLIC KEY" {
            return Err(KeyError::OtherPem(quoted(&block.label)));
        }
        let (_, info) = SubjectPublicKeyInfo::from_der(&block.contents)
            .map_err(|error| KeyError::Malformed(quoted(&error.to_string())))?;
        Ok(Self {
            pem: text.trim().to_owned(),
            point: point(&info)?,
        })
    }
}

fn point(info: &SubjectPublicKeyInfo<'_>) -> Result<Point, KeyError> {
    let damaged = || KeyError::Malformed("it holds no point of its curve".to_owned());
    let algorithm = &info.algorithm;
    let bytes: &[u8] = &info.subject_public_key.data;
    if algorithm.algorithm == OID_SIG_ED25519 {
        let bytes = bytes.try_into().map_err(|_| damaged())?;
        return VerifyingKey::from_bytes(bytes)
            .map(Point::Ed25519)
            .map_err(|_| damaged());
    }
    let curve = algorithm.parameters.as_ref().and_then(|curve| curve.as_oid().ok());
    if algorithm.algorithm != OID_KEY_TYPE_EC_PUBLIC_KEY || curve != Some(OID_EC_P256) {
        return Err(KeyError::Unsupported);
    }
    if bytes.len() != P256_POINT {
        return Err(damaged());
    }
    Ok(Point::EcdsaP256(bytes.to_vec()))
}

impl fmt::Display for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.pem)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.point {
            Point::EcdsaP256(_) => "ECDSA P-256",
            Point::Ed25519(_) => "Ed25519",
        };
        write!(formatter, "PublicKey({kind})")
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
