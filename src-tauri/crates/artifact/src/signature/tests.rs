//! With signatures that a real cosign made; `tests/fixtures/signatures/README.md` says how.

use proptest::prelude::*;

use super::*;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../../../tests/fixtures/signatures/", $name))
    };
}

const MODEL: &[u8] = fixture!("model.manifest.json");

fn key(pem: &[u8]) -> PublicKey {
    String::from_utf8_lossy(pem).parse().expect("a key that cosign wrote")
}

fn p256() -> PublicKey {
    key(fixture!("p256.pub"))
}

fn simple_signing(manifest: &[u8], payload: &[u8]) -> SignatureDocument {
    let manifest = crate::Manifest::parse(None, manifest).expect("a manifest that cosign wrote");
    let signature = manifest.layers()[0].annotations[COSIGN_SIGNATURE_ANNOTATION].clone();
    SignatureDocument::SimpleSigning {
        payload: payload.to_vec(),
        signature,
    }
}

fn by_p256() -> Vec<SignatureDocument> {
    vec![
        SignatureDocument::Bundle(fixture!("bundle.json").to_vec()),
        SignatureDocument::Bundle(fixture!("message.json").to_vec()),
        simple_signing(fixture!("cosign.manifest.json"), fixture!("cosign.payload.json")),
    ]
}

fn by_ed25519() -> Vec<SignatureDocument> {
    vec![
        SignatureDocument::Bundle(fixture!("bundle-ed25519.json").to_vec()),
        simple_signing(
            fixture!("cosign-ed25519.manifest.json"),
            fixture!("cosign-ed25519.payload.json"),
        ),
    ]
}

fn verify(document: &SignatureDocument, key: &PublicKey, manifest: &[u8]) -> Result<(), SignatureError> {
    let digest = Digest::of(manifest);
    document.verify(
        key,
        SignedVersion {
            digest: &digest,
            manifest,
        },
    )
}

#[test]
fn what_cosign_signed_is_verified_with_its_key() {
    for document in by_p256() {
        assert_eq!(verify(&document, &p256(), MODEL), Ok(()), "{document:?}");
    }
    for document in by_ed25519() {
        assert_eq!(
            verify(&document, &key(fixture!("ed25519.pub")), MODEL),
            Ok(()),
            "{document:?}"
        );
    }
}

#[test]
fn a_signature_by_another_key_does_not_count() {
    for other in [fixture!("other-p256.pub").as_slice(), fixture!("ed25519.pub")] {
        for document in by_p256() {
            let outcome = verify(&document, &key(other), MODEL);
            assert_eq!(outcome, Err(SignatureError::OtherKey), "{document:?}");
        }
    }
}

#[test]
fn a_signature_over_another_version_does_not_count() {
    let other = [MODEL, b" "].concat();
    for document in by_p256() {
        let outcome = verify(&document, &p256(), &other);
        let expected = [SignatureError::OtherDigest, SignatureError::OtherKey];
        assert!(
            outcome.as_ref().is_err_and(|error| expected.contains(error)),
            "{outcome:?} of {document:?}"
        );
    }
}

#[test]
fn a_message_signature_is_over_the_bytes_of_this_digest() {
    // The right bytes for the signature, but the digest of others.
    let digest = Digest::of(b"another version");
    let document = SignatureDocument::Bundle(fixture!("message.json").to_vec());
    let version = SignedVersion {
        digest: &digest,
        manifest: MODEL,
    };
    assert_eq!(document.verify(&p256(), version), Err(SignatureError::OtherDigest));
}

#[test]
fn a_statement_by_the_same_key_is_no_signature() {
    let document = SignatureDocument::Bundle(fixture!("attestation.json").to_vec());
    assert_eq!(
        verify(&document, &p256(), MODEL),
        Err(SignatureError::Statement("https://example.org/tests".to_owned()))
    );
}

#[test]
fn keys_that_cannot_be_used_say_why() {
    let rsa = String::from_utf8_lossy(fixture!("rsa.pub")).into_owned();
    assert_eq!(rsa.parse::<PublicKey>(), Err(KeyError::Unsupported));
    assert_eq!("ssh-ed25519 AAAA".parse::<PublicKey>(), Err(KeyError::NotPem));
    let private = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
    assert_eq!(
        private.parse::<PublicKey>(),
        Err(KeyError::OtherPem("PRIVATE KEY".to_owned()))
    );
    let short = "-----BEGIN PUBLIC KEY-----\nMCowBQYD\n-----END PUBLIC KEY-----\n";
    assert!(matches!(short.parse::<PublicKey>(), Err(KeyError::Malformed(_))));
}

#[test]
fn a_key_is_stored_as_its_text() {
    let written = serde_json::to_string(&p256()).expect("text can be written");
    let read: PublicKey = serde_json::from_str(&written).expect("and read");
    assert_eq!(read, p256());
}

proptest! {
    /// Wherever a bit of a signature or of what it signs is turned, it no longer counts. A bit may stand where nothing is
    /// read (a hint, white space of base64); then at least nothing else is accepted than before.
    #[test]
    fn no_turned_bit_of_a_simple_signing_payload_counts(at in 0..237_usize, bit in 0..8_u8) {
        let payload = fixture!("cosign.payload.json");
        let mut turned = payload.to_vec();
        turned[at % payload.len()] ^= 1 << bit;
        let document = simple_signing(fixture!("cosign.manifest.json"), &turned);
        prop_assert_eq!(verify(&document, &p256(), MODEL), Err(SignatureError::OtherKey));
    }

    #[test]
    fn no_turned_bit_of_a_statement_or_its_signature_counts(at in any::<prop::sample::Index>(), bit in 0..8_u8, of_signature: bool) {
        let mut bundle: serde_json::Value = serde_json::from_slice(fixture!("bundle.json")).expect("JSON");
        let envelope = &mut bundle["dsseEnvelope"];
        let field = if of_signature { &mut envelope["signatures"][0]["sig"] } else { &mut envelope["payload"] };
        let mut bytes = STANDARD.decode(field.as_str().expect("text")).expect("base64");
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        *field = serde_json::json!(STANDARD.encode(bytes));
        let document = SignatureDocument::Bundle(bundle.to_string().into_bytes());
        prop_assert_eq!(verify(&document, &p256(), MODEL), Err(SignatureError::OtherKey));
    }

    #[test]
    fn foreign_bytes_never_panic(document in any::<Vec<u8>>(), signature in "\\PC{0,40}", text in "\\PC{0,80}") {
        let key = p256();
        prop_assert!(verify(&SignatureDocument::Bundle(document.clone()), &key, MODEL).is_err());
        let document = SignatureDocument::SimpleSigning { payload: document, signature };
        prop_assert!(verify(&document, &key, MODEL).is_err());
        prop_assert!(text.parse::<PublicKey>().is_err());
    }

    #[test]
    fn mangled_documents_never_panic(at in any::<prop::sample::Index>(), byte: u8, cut in any::<prop::sample::Index>()) {
        for fixture in [fixture!("bundle.json").as_slice(), fixture!("message.json")] {
            let mut document = fixture.to_vec();
            let position = at.index(document.len());
            document[position] = byte;
            let _ = verify(&SignatureDocument::Bundle(document.clone()), &p256(), MODEL);
            document.truncate(cut.index(document.len()));
            prop_assert!(verify(&SignatureDocument::Bundle(document), &p256(), MODEL).is_err());
        }
        let mut pem = fixture!("p256.pub").to_vec();
        let position = at.index(pem.len());
        pem[position] = byte;
        let _ = String::from_utf8_lossy(&pem).parse::<PublicKey>();
    }
}
