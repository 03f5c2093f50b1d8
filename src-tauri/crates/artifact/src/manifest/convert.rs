//! From oci-client's types, which are what the specification writes, to this crate's, in which wrong states are gone.
//!
//! A descriptor whose digest cannot be understood is left out and noted: nothing could be fetched by it.

use std::collections::BTreeMap;

use oci_client::manifest::{ImageIndexEntry, OciDescriptor, OciImageIndex, OciImageManifest};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{ImageManifest, Index, ManifestError, foreign};
use crate::{ByteSize, Descriptor, Digest, Platform, text::quoted};

type Document = Map<String, Value>;

/// Notes what is odd while a manifest is read.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) problems: Vec<String>,
    pub(super) sizes_unknown: bool,
}

/// How many problems of one manifest are told; ten thousand bad layers are one trouble, not ten thousand.
const TOLD: usize = 20;

impl Notes {
    pub(super) fn note(&mut self, problem: String) {
        match self.problems.len() {
            length if length < TOLD => self.problems.push(problem),
            TOLD => self.problems.push("more of its parts cannot be read".to_owned()),
            _ => {}
        }
    }

    /// Notes a problem that makes every sum of sizes untrue.
    pub(super) fn unreadable(&mut self, problem: String) {
        self.sizes_unknown = true;
        self.note(problem);
    }
}

/// Reads the bytes as `T`; where they do not follow the format, the mended document.
fn read<T: DeserializeOwned>(bytes: &[u8], mended: impl FnOnce() -> Document) -> Result<T, ManifestError> {
    serde_json::from_slice(bytes)
        .or_else(|_| serde_json::from_value(Value::Object(mended())))
        .map_err(|error| ManifestError::Malformed(quoted(&error.to_string())))
}

pub(super) fn image(media_type: String, document: Document, bytes: &[u8]) -> Result<ImageManifest, ManifestError> {
    let mut notes = Notes::default();
    let no_config = document.get("config").is_none_or(Value::is_null);
    let manifest: OciImageManifest = read(bytes, || foreign::mended_image(document, &mut notes))?;
    let config = if no_config {
        notes.note("the manifest names no config".to_owned());
        None
    } else {
        descriptor("the config", manifest.config, &mut notes)
    };
    let layers = descriptors("layer", manifest.layers, &mut notes);
    let subject = manifest.subject.and_then(|subject| descriptor("the subject", subject, &mut notes));
    Ok(ImageManifest {
        media_type,
        config,
        layers,
        subject,
        artifact_type: named(manifest.artifact_type),
        annotations: manifest.annotations.unwrap_or_default(),
        problems: notes.problems,
        sizes_known: !notes.sizes_unknown,
    })
}

/// The withdrawn artifact manifest: `blobs` where the others have `layers`, and no config.
pub(super) fn artifact(media_type: String, mut document: Document) -> Result<ImageManifest, ManifestError> {
    let mut notes = Notes::default();
    let blobs = document.remove("blobs").unwrap_or_default();
    document.insert("layers".to_owned(), blobs);
    let document = Value::Object(foreign::mended_image(document, &mut notes));
    let manifest: OciImageManifest =
        serde_json::from_value(document).map_err(|error| ManifestError::Malformed(quoted(&error.to_string())))?;
    let layers = descriptors("blob", manifest.layers, &mut notes);
    let subject = manifest.subject.and_then(|subject| descriptor("the subject", subject, &mut notes));
    Ok(ImageManifest {
        media_type,
        config: None,
        layers,
        subject,
        artifact_type: named(manifest.artifact_type),
        annotations: manifest.annotations.unwrap_or_default(),
        problems: notes.problems,
        sizes_known: !notes.sizes_unknown,
    })
}

pub(super) fn index(media_type: String, document: Document, bytes: &[u8]) -> Result<Index, ManifestError> {
    let mut notes = Notes::default();
    // oci-client's index has no field for the subject.
    let subject = document.get("subject").and_then(|subject| foreign::single(subject, &mut notes));
    let index: OciImageIndex = read(bytes, || foreign::mended_index(document, &mut notes))?;
    let mut manifests = Vec::with_capacity(index.manifests.len());
    for (position, entry) in index.manifests.into_iter().enumerate() {
        manifests.extend(index_entry(position, entry, &mut notes));
    }
    let subject = subject.and_then(|subject| descriptor("the subject", subject, &mut notes));
    Ok(Index {
        media_type,
        manifests,
        subject,
        artifact_type: named(index.artifact_type),
        annotations: index.annotations.unwrap_or_default(),
        problems: notes.problems,
        sizes_known: !notes.sizes_unknown,
    })
}

fn index_entry(position: usize, entry: ImageIndexEntry, notes: &mut Notes) -> Option<Descriptor> {
    let platform = entry.platform.and_then(platform);
    let plain = OciDescriptor {
        media_type: entry.media_type,
        digest: entry.digest,
        size: entry.size,
        urls: None,
        annotations: entry.annotations,
        artifact_type: entry.artifact_type,
    };
    let name = format!("entry {} of the index", position + 1);
    Some(Descriptor { platform, ..descriptor(&name, plain, notes)? })
}

/// A platform that says at least something; one missing half is unknown.
fn platform(foreign: oci_client::manifest::Platform) -> Option<Platform> {
    let (os, architecture) = (foreign.os.to_string(), foreign.architecture.to_string());
    if os.is_empty() && architecture.is_empty() {
        return None;
    }
    let or_unknown = |part: String| if part.is_empty() { "unknown".to_owned() } else { part };
    Some(Platform { os: or_unknown(os), architecture: or_unknown(architecture), variant: named(foreign.variant) })
}

fn descriptors(noun: &str, foreign: Vec<OciDescriptor>, notes: &mut Notes) -> Vec<Descriptor> {
    let mut read = Vec::with_capacity(foreign.len());
    for (position, descriptor_) in foreign.into_iter().enumerate() {
        read.extend(descriptor(&format!("{noun} {}", position + 1), descriptor_, notes));
    }
    read
}

fn descriptor(name: &str, foreign: OciDescriptor, notes: &mut Notes) -> Option<Descriptor> {
    let digest: Digest = match foreign.digest.parse() {
        Ok(digest) => digest,
        Err(error) => {
            notes.unreadable(format!("{name} cannot be read: {error}"));
            return None;
        }
    };
    let size = u64::try_from(foreign.size).unwrap_or_else(|_| {
        notes.unreadable(format!("{name} gives no usable size"));
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
    let Some(Value::Object(pairs)) = value else { return BTreeMap::new() };
    pairs.iter().filter_map(|(key, value)| Some((key.clone(), crate::text::plain(value)?))).collect()
}
