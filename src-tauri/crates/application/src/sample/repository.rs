//! One repository of the sample: a layout that is being filled.

use std::{collections::BTreeMap, path::Path};

use artifact::{ByteSize, Descriptor};
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use registry::folder::{Durability, IndexEntry, LayoutWriter, descriptor_json};
use serde_json::{Value, json};

use super::{SampleError, layer::PackedLayer};

pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const EMPTY: &str = "application/vnd.oci.empty.v1+json";
const TAR_GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

pub(super) struct Repository {
    writer: LayoutWriter,
    entries: Vec<IndexEntry>,
    now: DateTime<Utc>,
}

/// What a manifest says besides its config and its layers.
#[derive(Default)]
pub(super) struct ManifestDetails<'a> {
    pub(super) artifact_type: Option<&'a str>,
    pub(super) subject: Option<&'a Descriptor>,
    pub(super) annotations: BTreeMap<String, String>,
}

impl Repository {
    pub(super) fn create(root: &Path, name: &str, now: DateTime<Utc>) -> Result<Self, SampleError> {
        // Nobody sees the folder before it is whole and gets its name.
        let writer = LayoutWriter::create(root.join(name), Durability::WhenConvenient)?;
        Ok(Self {
            writer,
            entries: Vec::new(),
            now,
        })
    }

    /// A time so many days and some hours ago, to the second; the hours differ from day to day.
    pub(super) fn days_ago(&self, days: i64) -> DateTime<Utc> {
        let time = self.now - Duration::days(days) - Duration::hours(9) - Duration::seconds((days * 4_813) % 21_600);
        DateTime::from_timestamp(time.timestamp(), 0).unwrap_or(time)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.now
    }

    pub(super) fn blob(&self, media_type: &str, bytes: &[u8]) -> Result<Descriptor, SampleError> {
        Ok(self.writer.described_blob(media_type, bytes)?)
    }

    pub(super) fn json(&self, media_type: &str, value: &Value) -> Result<Descriptor, SampleError> {
        self.blob(media_type, value.to_string().as_bytes())
    }

    pub(super) fn layer(&self, layer: &PackedLayer) -> Result<Descriptor, SampleError> {
        self.blob(TAR_GZIP, &layer.bytes)
    }

    /// Stores a manifest; it has no name yet.
    pub(super) fn manifest(
        &self,
        config: &Descriptor,
        layers: &[Descriptor],
        details: &ManifestDetails<'_>,
    ) -> Result<Descriptor, SampleError> {
        let layers: Vec<Value> = layers.iter().map(descriptor_json).collect();
        let mut manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptor_json(config),
            "layers": layers,
        });
        add_details(&mut manifest, details);
        let mut stored = self.json(MANIFEST, &manifest)?;
        stored.artifact_type = details.artifact_type.map(str::to_owned);
        Ok(stored)
    }

    /// Stores a manifest that has no config of its own, as signatures and lists of packages are kept.
    pub(super) fn artifact(
        &self,
        layers: &[Descriptor],
        details: &ManifestDetails<'_>,
    ) -> Result<Descriptor, SampleError> {
        self.manifest(&self.blob(EMPTY, b"{}")?, layers, details)
    }

    /// Stores an index over manifests, one for each platform.
    pub(super) fn index(
        &self,
        manifests: &[Descriptor],
        annotations: BTreeMap<String, String>,
    ) -> Result<Descriptor, SampleError> {
        let manifests: Vec<Value> = manifests.iter().map(descriptor_json).collect();
        let mut index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests });
        add_details(
            &mut index,
            &ManifestDetails {
                annotations,
                ..ManifestDetails::default()
            },
        );
        self.json(INDEX, &index)
    }

    /// Gives a manifest a tag.
    pub(super) fn tag(&mut self, manifest: &Descriptor, name: &str) {
        self.entries.push(IndexEntry {
            descriptor: manifest.clone(),
            name: Some(name.to_owned()),
        });
    }

    /// Keeps a manifest without a tag: a referrer, or what a tag has left.
    pub(super) fn keep(&mut self, manifest: &Descriptor) {
        self.entries.push(IndexEntry {
            descriptor: manifest.clone(),
            name: None,
        });
    }

    /// Writes the list of what was tagged and kept.
    pub(super) fn finish(self) -> Result<(), SampleError> {
        Ok(self.writer.index(&self.entries)?)
    }
}

fn add_details(manifest: &mut Value, details: &ManifestDetails<'_>) {
    let Some(fields) = manifest.as_object_mut() else {
        return;
    };
    if let Some(artifact_type) = details.artifact_type {
        fields.insert("artifactType".to_owned(), json!(artifact_type));
    }
    if let Some(subject) = details.subject {
        let plain = Descriptor {
            annotations: BTreeMap::new(),
            platform: None,
            artifact_type: None,
            ..subject.clone()
        };
        fields.insert("subject".to_owned(), descriptor_json(&plain));
    }
    if !details.annotations.is_empty() {
        fields.insert("annotations".to_owned(), json!(details.annotations));
    }
}

/// A time as images and annotations write it.
pub(super) fn written(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Annotations and labels from a list of pairs.
pub(super) fn named<Value: Into<String>>(
    pairs: impl IntoIterator<Item = (&'static str, Value)>,
) -> BTreeMap<String, String> {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect()
}

/// The size of text or weights as a descriptor counts it.
pub(super) fn size_of(bytes: &[u8]) -> ByteSize {
    ByteSize(bytes.len() as u64)
}
