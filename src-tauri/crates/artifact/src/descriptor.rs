//! How one stored thing points at another: media type, digest, size, and what is said about it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ByteSize, Digest, Platform, media_type};

const TITLE: &str = "org.opencontainers.image.title";
/// Where a file of a model stands: `ModelPack`'s key, then the one from before it moved to the CNCF.
const FILE_PATHS: [&str; 2] = ["org.cncf.model.filepath", "org.cnai.model.filepath"];

/// A pointer to content. Source: OCI image-spec 1.1, descriptor.md.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descriptor {
    pub media_type: String,
    pub digest: Digest,
    /// In bytes, as stored. 0 where the manifest gives no usable size; its `problems` then say so.
    pub size: ByteSize,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
}

impl Descriptor {
    /// A pointer with nothing said about it.
    pub fn new(media_type: impl Into<String>, digest: Digest, size: ByteSize) -> Self {
        Self {
            media_type: media_type.into(),
            digest,
            size,
            annotations: BTreeMap::new(),
            platform: None,
            artifact_type: None,
        }
    }

    /// The name that the writer gave it, usually a file's.
    pub fn title(&self) -> Option<&str> {
        self.annotations.get(TITLE).map(String::as_str)
    }

    /// The path of the file that the content is, or is packed from; without one, its title.
    pub fn filepath(&self) -> Option<&str> {
        FILE_PATHS
            .iter()
            .find_map(|key| self.annotations.get(*key))
            .map(String::as_str)
            .or_else(|| self.title())
    }

    /// The config of what needs none.
    pub fn is_empty_config(&self) -> bool {
        media_type::essence(&self.media_type) == media_type::OCI_EMPTY
    }

    /// Whether this entry of an index is an attestation that `BuildKit` stored beside the platforms.
    pub fn is_attestation(&self) -> bool {
        let marked = self
            .annotations
            .get("vnd.docker.reference.type")
            .is_some_and(|value| value == "attestation-manifest");
        let stated = self.artifact_type.as_deref() == Some(media_type::DOCKER_ATTESTATION);
        marked || stated || self.platform.as_ref().is_some_and(Platform::is_unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attestations_are_known_by_each_of_their_marks() {
        let plain = Descriptor::new(media_type::OCI_MANIFEST, Digest::of(b"x"), ByteSize(1));
        assert!(!plain.is_attestation());
        let mut marked = plain.clone();
        let key = "vnd.docker.reference.type".to_owned();
        marked
            .annotations
            .insert(key.clone(), "attestation-manifest".to_owned());
        assert!(marked.is_attestation());
        marked.annotations.insert(key, "something else".to_owned());
        assert!(!marked.is_attestation());
        let platform = |os: &str, architecture: &str| Descriptor {
            platform: Some(Platform::new(os, architecture)),
            ..plain.clone()
        };
        assert!(platform("unknown", "unknown").is_attestation());
        assert!(!platform("linux", "unknown").is_attestation());
        let stated = Descriptor {
            artifact_type: Some(media_type::DOCKER_ATTESTATION.to_owned()),
            ..plain
        };
        assert!(stated.is_attestation());
    }

    #[test]
    fn a_file_is_named_by_its_path_before_its_title() {
        let mut layer = Descriptor::new("a/b", Digest::of(b"x"), ByteSize(1));
        assert_eq!(layer.filepath(), None);
        let mut name = |key: &str, value: &str| {
            layer.annotations.insert(key.to_owned(), value.to_owned());
            layer.filepath().map(str::to_owned)
        };
        assert_eq!(name(TITLE, "title").as_deref(), Some("title"));
        assert_eq!(name("org.cnai.model.filepath", "old/path").as_deref(), Some("old/path"));
        assert_eq!(name("org.cncf.model.filepath", "path").as_deref(), Some("path"));
    }
}
