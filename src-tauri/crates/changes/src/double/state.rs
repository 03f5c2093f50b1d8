//! What a registry in memory holds, and how tests fill it.

use std::collections::{BTreeMap, BTreeSet};

use artifact::{Digest, RepositoryName, Tag};
use bytes::Bytes;
use registry::RawManifest;
use serde_json::{Value, json};

use super::{name, tag};

pub(crate) const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// Tags and manifests of every repository.
pub(crate) type Contents = BTreeMap<RepositoryName, (BTreeMap<Tag, Digest>, BTreeSet<Digest>)>;

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(super) repositories: BTreeMap<RepositoryName, Repository>,
    /// Of all repositories, and of what was deleted.
    pub(super) manifests: BTreeMap<Digest, RawManifest>,
    pub(super) declines_mounts: bool,
    /// Fallback lists that were kept beside a put; their entries stand in the order in which referrers arrived.
    pub(super) kept_lists: BTreeSet<Digest>,
}

#[derive(Debug, Default)]
pub(crate) struct Repository {
    pub(crate) tags: BTreeMap<Tag, Digest>,
    /// Manifests that are found by their digest.
    pub(crate) present: BTreeSet<Digest>,
    pub(super) blobs: BTreeMap<Digest, Bytes>,
}

impl State {
    pub(crate) fn repository(&mut self, repository: &str) -> &mut Repository {
        self.repositories.entry(name(repository)).or_default()
    }

    /// Stores an image with these layers, without a tag.
    pub(crate) fn image(&mut self, repository: &str, layers: &[&str]) -> Digest {
        self.image_about(repository, layers, None)
    }

    /// Stores an image that points at `subject`, as a signature does.
    pub(crate) fn referrer(&mut self, repository: &str, word: &str, subject: &Digest) -> Digest {
        self.image_about(repository, &[word], Some(subject))
    }

    fn image_about(&mut self, repository: &str, layers: &[&str], subject: Option<&Digest>) -> Digest {
        let config = self.blob(repository, format!("config of {layers:?}").as_bytes());
        let layers: Vec<Value> = layers
            .iter()
            .map(|layer| {
                let (digest, size) = self.blob(repository, layer.as_bytes());
                json!({ "mediaType": LAYER, "digest": digest.to_string(), "size": size })
            })
            .collect();
        let mut manifest = json!({ "schemaVersion": 2, "mediaType": IMAGE, "layers": layers,
            "config": { "mediaType": CONFIG, "digest": config.0.to_string(), "size": config.1 } });
        if let Some(subject) = subject {
            manifest["subject"] = self.descriptor(subject);
        }
        self.manifest(repository, IMAGE, &manifest)
    }

    /// Stores an index of these manifests.
    pub(crate) fn index(&mut self, repository: &str, children: &[&Digest]) -> Digest {
        let children: Vec<Value> = children.iter().map(|child| self.descriptor(child)).collect();
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": children });
        self.manifest(repository, INDEX, &index)
    }

    pub(super) fn descriptor(&self, digest: &Digest) -> Value {
        let raw = &self.manifests[digest];
        json!({ "mediaType": raw.media_type, "digest": digest.to_string(), "size": raw.bytes.len() })
    }

    pub(super) fn manifest(&mut self, repository: &str, media_type: &str, manifest: &Value) -> Digest {
        let bytes = Bytes::from(manifest.to_string());
        let raw = RawManifest {
            digest: Digest::of(&bytes),
            media_type: media_type.to_owned(),
            bytes,
        };
        let digest = raw.digest.clone();
        self.manifests.insert(digest.clone(), raw);
        self.repository(repository).present.insert(digest.clone());
        digest
    }

    pub(crate) fn blob(&mut self, repository: &str, bytes: &[u8]) -> (Digest, usize) {
        let digest = Digest::of(bytes);
        let kept = Bytes::copy_from_slice(bytes);
        self.repository(repository).blobs.insert(digest.clone(), kept);
        (digest, bytes.len())
    }

    pub(crate) fn tag(&mut self, repository: &str, tag: &str, digest: &Digest) {
        self.repository(repository).tags.insert(super::tag(tag), digest.clone());
    }

    pub(crate) fn untag(&mut self, repository: &str, tag: &str) {
        self.repository(repository).tags.remove(&super::tag(tag));
    }

    /// Collects a blob as a registry's clean-up does.
    pub(crate) fn collect(&mut self, repository: &str, blob: &Digest) {
        self.repository(repository).blobs.remove(blob);
    }

    pub(crate) fn has_blob(&mut self, repository: &str, blob: &Digest) -> bool {
        self.repository(repository).blobs.contains_key(blob)
    }

    pub(crate) fn held(&mut self, repository: &str, tag: &str) -> Option<Digest> {
        self.repository(repository).tags.get(&self::tag(tag)).cloned()
    }

    /// A manifest's bytes, also of one that was deleted.
    pub(crate) fn raw(&self, digest: &Digest) -> RawManifest {
        self.manifests[digest].clone()
    }

    pub(super) fn contents(&self) -> Contents {
        let of = |(name, repository): (&RepositoryName, &Repository)| {
            let mut tags = repository.tags.clone();
            tags.retain(|_, digest| !self.kept_lists.contains(digest));
            (name.clone(), (tags, &repository.present - &self.kept_lists))
        };
        self.repositories.iter().map(of).collect()
    }
}
