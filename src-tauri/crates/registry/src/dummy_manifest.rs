//! The manifest that is put on a tag to take the tag off its version, where a registry deletes by digest alone.

use artifact::{Digest, media_type};
use serde_json::json;

use crate::RawManifest;

/// What an artifact's config is that has none. Source: OCI image-spec 1.1, manifest.md, "Guidance for an Empty Descriptor".
pub(crate) const EMPTY_CONFIG: &[u8] = b"{}";

/// Where the word stands that makes one dummy differ from all others.
const UNIQUE_ANNOTATION: &str = "io.github.berth.dummy";

/// A manifest of nothing, the same for the same word and different for every other: deleting it by its digest takes
/// nothing along but the tag that it was put on. The empty config must be there before it is put.
pub fn dummy_manifest(unique: &str) -> RawManifest {
    let empty = json!({
        "mediaType": media_type::OCI_EMPTY,
        "digest": Digest::of(EMPTY_CONFIG).to_string(),
        "size": EMPTY_CONFIG.len(),
    });
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": media_type::OCI_MANIFEST,
        "artifactType": "application/vnd.berth.dummy.v1+json",
        "config": empty,
        "layers": [empty],
        "annotations": { UNIQUE_ANNOTATION: unique },
    });
    let bytes = manifest.to_string().into_bytes();
    RawManifest {
        digest: Digest::of(&bytes),
        media_type: media_type::OCI_MANIFEST.to_owned(),
        bytes: bytes.into(),
    }
}

#[cfg(test)]
mod tests {
    use artifact::Manifest;

    use super::*;

    #[test]
    fn a_dummy_is_the_same_for_one_word_and_another_for_each_other() {
        let dummy = dummy_manifest("a");
        assert_eq!(dummy, dummy_manifest("a"));
        assert_ne!(dummy.digest, dummy_manifest("b").digest);
        assert_eq!(dummy.digest, Digest::of(&dummy.bytes));
        let read = Manifest::parse(Some(&dummy.media_type), &dummy.bytes).expect("a manifest");
        assert!(read.problems().is_empty() && read.subject().is_none(), "{read:?}");
    }
}
