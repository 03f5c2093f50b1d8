//! Mends manifests of foreign writers so that the specification's own types can read them.
//!
//! Seen in the wild and mended: `layers: null`, `annotations: null`, annotations that are numbers, descriptors without
//! a media type, sizes that are missing, fractional or beyond 63 bits, platforms without a field, repeated fields.

use oci_client::manifest::OciDescriptor;
use serde_json::{Map, Value, json};

use super::convert::annotations;
use crate::problems::Problems;

type Document = Map<String, Value>;

/// The size that stands for none: `convert` problems it as not usable.
const NO_SIZE: i64 = -1;

/// An image manifest that `OciImageManifest` reads.
pub(super) fn mended_image(mut document: Document, problems: &mut Problems) -> Document {
    mend_head(&mut document);
    let config = document
        .remove("config")
        .map_or(Value::Null, |config| mended_descriptor(&config));
    // A missing config is noted by the reader, not read.
    document.insert(
        "config".to_owned(),
        if config.is_null() {
            mended_descriptor(&json!({}))
        } else {
            config
        },
    );
    mend_list(&mut document, "layers", problems);
    match document.remove("subject") {
        Some(subject @ Value::Object(_)) => {
            document.insert("subject".to_owned(), mended_descriptor(&subject));
        }
        Some(Value::Null) | None => {}
        Some(_) => problems.note("the subject is no descriptor".to_owned()),
    }
    document
}

/// An index that `OciImageIndex` reads.
pub(super) fn mended_index(mut document: Document, problems: &mut Problems) -> Document {
    mend_head(&mut document);
    mend_list(&mut document, "manifests", problems);
    document
}

/// One descriptor that stands alone.
pub(super) fn single(value: &Value, problems: &mut Problems) -> Option<OciDescriptor> {
    if value.is_null() {
        return None;
    }
    let descriptor = serde_json::from_value(mended_descriptor(value)).ok();
    if descriptor.is_none() {
        problems.note("the subject is no descriptor".to_owned());
    }
    descriptor
}

fn mend_head(document: &mut Document) {
    document.insert("schemaVersion".to_owned(), json!(2));
    document.insert(
        "annotations".to_owned(),
        json!(annotations(document.get("annotations"))),
    );
    for field in ["mediaType", "artifactType"] {
        if document.get(field).is_some_and(|value| !value.is_string()) {
            document.remove(field);
        }
    }
}

fn mend_list(document: &mut Document, field: &str, problems: &mut Problems) {
    let list = match document.remove(field) {
        Some(Value::Array(list)) => list,
        Some(Value::Null) | None => Vec::new(),
        Some(_) => {
            problems.forget_sizes();
            problems.note(format!("its {field} are no list"));
            Vec::new()
        }
    };
    let mended = list.iter().map(mended_descriptor).collect();
    document.insert(field.to_owned(), Value::Array(mended));
}

/// A descriptor with every field that the format demands; anything but an object has an empty digest, which is noted
/// when it is read.
fn mended_descriptor(value: &Value) -> Value {
    let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default();
    let size = value.get("size").and_then(Value::as_i64).unwrap_or(NO_SIZE);
    let mut mended = json!({
        "mediaType": text("mediaType"),
        "digest": text("digest"),
        "size": size,
        "annotations": annotations(value.get("annotations")),
    });
    if let Some(artifact_type) = value.get("artifactType").filter(|value| value.is_string()) {
        mended["artifactType"] = artifact_type.clone();
    }
    if let Some(platform) = value.get("platform").filter(|value| value.is_object()) {
        mended["platform"] = mended_platform(platform);
    }
    mended
}

fn mended_platform(platform: &Value) -> Value {
    let text = |field: &str| {
        platform
            .get(field)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    let mut mended = json!({
        "os": text("os").unwrap_or_default(),
        "architecture": text("architecture").unwrap_or_default(),
    });
    if let Some(variant) = text("variant") {
        mended["variant"] = json!(variant);
    }
    mended
}
