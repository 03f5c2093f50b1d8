//! From oci-client's types, which are what the specification writes, to this crate's, in which wrong states are gone.
//!
//! A descriptor whose digest cannot be understood is left out and noted: nothing could be fetched by it.

use std::collections::BTreeMap;

use oci_client::manifest::{ImageIndexEntry, OciDescriptor, OciImageIndex, OciImageManifest};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{ImageManifest, Index, ManifestError, foreign};
use crate::{ByteSize, Descriptor, Digest, Platform, problems::Problems, text::quoted};

type Document = Map<String, Value>;

/// Reads the bytes as `T`; where they do not follow the format, the mended document.
fn read<T: DeserializeOwned>(bytes: &[u8], mended: impl FnOnce() -> Document) -> Result<T, ManifestError> {
    serde_json::from_slice(bytes)
        .or_else(|_| serde_json::from_value(Value::Object(mended())))
        .map_err(|error| ManifestError::Malformed(quoted(&error.to_string())))
}

pub(super) fn image(media_type: String, document: Document, bytes: &[u8]) -> Result<ImageManifest, ManifestError> {
    let mut problems = Problems::default();
    let has_config = document.get("config").is_some_and(|config| !config.is_null());
    let mut manifest: OciImageManifest = read(bytes, || foreign::mended_image(document, &mut problems))?;
    let config = if has_config {
        blob("the config", std::mem::take(&mut manifest.config), &mut problems)
    } else {
        problems.note("the manifest names no config".to_owned());
        None
    };
    Ok(with_layers(media_type, config, manifest, problems))
}

/// The withdrawn artifact manifest: `blobs` where the others have `layers`, and no config.
pub(super) fn artifact(media_type: String, mut document: Document) -> Result<ImageManifest, ManifestError> {
    let mut problems = Problems::default();
    let blobs = document.remove("blobs").unwrap_or_default();
    document.insert("layers".to_owned(), blobs);
    let document = Value::Object(foreign::mended_image(document, &mut problems));
    let manifest =
        serde_json::from_value(document).map_err(|error| ManifestError::Malformed(quoted(&error.to_string())))?;
    Ok(with_layers(media_type, None, manifest, problems))
}

fn with_layers(
    media_type: String,
    config: Option<Descriptor>,
    manifest: OciImageManifest,
    mut problems: Problems,
) -> ImageManifest {
    let mut layers = Vec::with_capacity(manifest.layers.len());
    for (position, layer) in manifest.layers.into_iter().enumerate() {
        layers.extend(blob(&format!("layer {}", position + 1), layer, &mut problems));
    }
    let subject = manifest
        .subject
        .and_then(|subject| descriptor("the subject", subject, &mut problems));
    ImageManifest {
        media_type,
        config,
        layers,
        subject,
        artifact_type: named(manifest.artifact_type),
        annotations: manifest.annotations.unwrap_or_default(),
        sizes_known: problems.sizes_known(),
        problems: problems.into_told(),
    }
}

pub(super) fn index(media_type: String, document: Document, bytes: &[u8]) -> Result<Index, ManifestError> {
    let mut problems = Problems::default();
    // oci-client's index has no field for the subject.
    let subject = document
        .get("subject")
        .and_then(|subject| foreign::single(subject, &mut problems));
    let index: OciImageIndex = read(bytes, || foreign::mended_index(document, &mut problems))?;
    let mut manifests = Vec::with_capacity(index.manifests.len());
    for (position, entry) in index.manifests.into_iter().enumerate() {
        let entry = index_entry(position, entry, &mut problems);
        if entry.is_none() {
            problems.forget_sizes();
        }
        manifests.extend(entry);
    }
    let subject = subject.and_then(|subject| descriptor("the subject", subject, &mut problems));
    Ok(Index {
        media_type,
        manifests,
        subject,
        artifact_type: named(index.artifact_type),
        annotations: index.annotations.unwrap_or_default(),
        sizes_known: problems.sizes_known(),
        problems: problems.into_told(),
    })
}

fn index_entry(position: usize, entry: ImageIndexEntry, problems: &mut Problems) -> Option<Descriptor> {
    let platform = entry.platform.as_ref().and_then(platform);
    let plain = OciDescriptor {
        media_type: entry.media_type,
        digest: entry.digest,
        size: entry.size,
        urls: None,
        annotations: entry.annotations,
        artifact_type: entry.artifact_type,
    };
    let name = format!("entry {} of the index", position + 1);
    Some(Descriptor {
        platform,
        ..descriptor(&name, plain, problems)?
    })
}

/// A platform that says at least something; one missing half is unknown.
fn platform(foreign: &oci_client::manifest::Platform) -> Option<Platform> {
    let (os, architecture) = (foreign.os.to_string(), foreign.architecture.to_string());
    if os.is_empty() && architecture.is_empty() {
        return None;
    }
    Some(Platform::foreign(&os, &architecture, foreign.variant.as_deref()))
}

/// A descriptor of what counts in the size of a version.
fn blob(name: &str, foreign: OciDescriptor, problems: &mut Problems) -> Option<Descriptor> {
    let has_size = foreign.size >= 0;
    let blob = descriptor(name, foreign, problems);
    if !has_size || blob.is_none() {
        problems.forget_sizes();
    }
    blob
}

fn descriptor(name: &str, foreign: OciDescriptor, problems: &mut Problems) -> Option<Descriptor> {
    let digest: Digest = match foreign.digest.parse() {
        Ok(digest) => digest,
        Err(error) => {
            problems.note(format!("{name} cannot be read: {error}"));
            return None;
        }
    };
    let size = u64::try_from(foreign.size).unwrap_or_else(|_| {
        problems.note(format!("{name} gives no usable size"));
        0
    });
    Some(Descriptor {
        media_type: foreign.media_type,
        digest,
        size: ByteSize(size),
        annotations: foreign.annotations.unwrap_or_default(),
        platform: None,
        artifact_type: named(foreign.artifact_type),
    })
}

/// Go writers leave fields empty instead of out.
fn named(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// Annotations of a foreign object: text as it is, other plain values as they are written.
pub(super) fn annotations(value: Option<&Value>) -> BTreeMap<String, String> {
    let Some(Value::Object(pairs)) = value else {
        return BTreeMap::new();
    };
    pairs
        .iter()
        .filter_map(|(key, value)| Some((key.clone(), crate::text::plain(value)?)))
        .collect()
}
