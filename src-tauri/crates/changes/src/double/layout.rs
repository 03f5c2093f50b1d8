//! Folders of image layouts for tests: real registries on the disk, with indexes of platforms and what cosign signed.

use artifact::{Descriptor, Digest, Platform};
use registry::folder::{Durability, FolderRegistry, IndexEntry, LayoutWriter, descriptor_json};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{IMAGE, INDEX};

/// The one repository of the folder.
pub(crate) const MODEL: &str = "model";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// A folder that is being filled.
pub(crate) struct Layout {
    folder: TempDir,
    writer: LayoutWriter,
    entries: Vec<IndexEntry>,
}

impl Layout {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let writer = LayoutWriter::create(folder.path().join(MODEL), Durability::WhenConvenient).expect("a layout");
        Self {
            folder,
            writer,
            entries: Vec::new(),
        }
    }

    /// Stores a blob and describes it.
    pub(crate) fn blob(&self, media_type: &str, bytes: &[u8]) -> Descriptor {
        self.writer
            .described_blob(media_type, bytes)
            .expect("a blob can be written")
    }

    /// Stores a manifest, under a name or without one.
    pub(crate) fn manifest(&mut self, media_type: &str, bytes: &[u8], name: Option<&str>) -> Descriptor {
        let descriptor = self.blob(media_type, bytes);
        self.entries.push(IndexEntry {
            descriptor: descriptor.clone(),
            name: name.map(str::to_owned),
        });
        descriptor
    }

    /// Gives a manifest a name more.
    pub(crate) fn name(&mut self, descriptor: &Descriptor, name: &str) {
        self.entries.push(IndexEntry {
            descriptor: descriptor.clone(),
            name: Some(name.to_owned()),
        });
    }

    /// Stores an image of these layers for a platform, with labels in its config.
    pub(crate) fn image(&mut self, platform: &str, labels: &Value, layers: &[&str]) -> Descriptor {
        let platform: Platform = platform.parse().expect("a platform");
        let mut config =
            json!({ "os": platform.os, "architecture": platform.architecture, "config": { "Labels": labels } });
        if let Some(variant) = &platform.variant {
            config["variant"] = json!(variant);
        }
        let config = self.blob(CONFIG, config.to_string().as_bytes());
        let layers: Vec<Value> = layers
            .iter()
            .map(|layer| descriptor_json(&self.blob(LAYER, layer.as_bytes())))
            .collect();
        let manifest =
            json!({ "schemaVersion": 2, "mediaType": IMAGE, "config": descriptor_json(&config), "layers": layers });
        let descriptor = self.manifest(IMAGE, manifest.to_string().as_bytes(), None);
        Descriptor {
            platform: Some(platform),
            ..descriptor
        }
    }

    /// Stores an index of these entries, with an annotation.
    pub(crate) fn index(&mut self, entries: &[Descriptor], name: Option<&str>) -> Descriptor {
        let entries: Vec<Value> = entries.iter().map(descriptor_json).collect();
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries,
            "annotations": { "org.example.team": "vision" } });
        self.manifest(INDEX, index.to_string().as_bytes(), name)
    }

    /// What `BuildKit` stores beside the platform that it is about.
    pub(crate) fn attestation(&mut self, about: &Digest, predicate: &str) -> Descriptor {
        let statement = self.blob(
            "application/vnd.in-toto+json",
            format!("statement on {about}").as_bytes(),
        );
        let mut layer = descriptor_json(&statement);
        layer["annotations"] = json!({ "in-toto.io/predicate-type": predicate });
        let config = self.blob(CONFIG, b"{}");
        let manifest =
            json!({ "schemaVersion": 2, "mediaType": IMAGE, "config": descriptor_json(&config), "layers": [layer] });
        let mut descriptor = self.manifest(IMAGE, manifest.to_string().as_bytes(), None);
        descriptor.platform = Some("unknown/unknown".parse().expect("a platform"));
        for (key, value) in [
            ("type", "attestation-manifest".to_owned()),
            ("digest", about.to_string()),
        ] {
            descriptor
                .annotations
                .insert(format!("vnd.docker.reference.{key}"), value);
        }
        descriptor
    }

    /// Removes a blob's file.
    pub(crate) fn lose(&self, digest: &Digest) {
        let path = self.folder.path().join(MODEL).join("blobs/sha256").join(digest.hex());
        std::fs::remove_file(path).expect("the file is there");
    }

    /// The folder as a registry. It goes with this value.
    pub(crate) fn open(&self) -> FolderRegistry {
        self.writer.index(&self.entries).expect("the index can be written");
        FolderRegistry::open(self.folder.path()).expect("a folder of layouts")
    }
}

/// What a real cosign made; `tests/fixtures/signatures/README.md` says how.
macro_rules! signature_fixture {
    ($name:literal) => {
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../tests/fixtures/signatures/",
            $name
        ))
        .as_slice()
    };
}
pub(crate) use signature_fixture;

/// A document that cosign stores, with the manifest around it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signed {
    pub(crate) manifest: &'static [u8],
    pub(crate) document: &'static [u8],
}

pub(crate) const BUNDLE: Signed = Signed {
    manifest: signature_fixture!("bundle.manifest.json"),
    document: signature_fixture!("bundle.json"),
};
pub(crate) const BUNDLE_ED25519: Signed = Signed {
    manifest: signature_fixture!("bundle-ed25519.manifest.json"),
    document: signature_fixture!("bundle-ed25519.json"),
};
pub(crate) const SIMPLE_SIGNING: Signed = Signed {
    manifest: signature_fixture!("cosign.manifest.json"),
    document: signature_fixture!("cosign.payload.json"),
};
pub(crate) const ATTESTATION: Signed = Signed {
    manifest: signature_fixture!("attestation.manifest.json"),
    document: signature_fixture!("attestation.json"),
};

impl Layout {
    /// Stores the model that cosign signed, as `v1`.
    pub(crate) fn signed_model(&mut self) -> Digest {
        self.blob(CONFIG, signature_fixture!("model.config.json"));
        self.blob(LAYER, signature_fixture!("model.layer.tar.gz"));
        self.manifest(IMAGE, signature_fixture!("model.manifest.json"), Some("v1"))
            .digest
    }

    /// Stores a document of cosign's and its manifest, as a referrer or under a tag.
    pub(crate) fn signed(&mut self, signed: Signed, name: Option<&str>) -> Digest {
        self.blob("application/octet-stream", signed.document);
        self.blob("application/octet-stream", b"{}");
        self.manifest(IMAGE, signed.manifest, name).digest
    }
}
