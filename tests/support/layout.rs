//! Writes an OCI image layout with any number of made-up versions, by nothing but the specification.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::fill::{IMAGE, digest};

const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
/// Layers that versions share.
const LAYERS: usize = 40;

/// Writes `versions` images tagged `0.0.0`, `0.0.1` … to `layout`. Their layers are named, but not stored: who only lists never reads them.
pub(crate) fn write(layout: &Path, versions: usize) {
    fs::create_dir_all(layout.join("blobs/sha256")).expect("a folder for blobs");
    fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).expect("the layout is marked");
    let manifests: Vec<_> = (0..versions).map(|number| version(layout, number)).collect();
    let index = json!({ "schemaVersion": 2, "manifests": manifests });
    fs::write(layout.join("index.json"), index.to_string()).expect("the index is written");
}

fn version(layout: &Path, number: usize) -> Value {
    let config = blob(
        layout,
        &json!({
            "architecture": "amd64", "os": "linux",
            "created": format!("2026-{:02}-{:02}T{:02}:{:02}:00Z", 1 + number % 10, 1 + number % 28, number % 24, number % 60),
            "config": { "Labels": { "accuracy": format!("0.{}", 900 + number % 90), "org.opencontainers.image.title": "Line inspector" } },
            "rootfs": { "type": "layers", "diff_ids": [] },
        }),
    );
    let layers: Vec<_> = (0..5).map(|step| layer((number / 30 + step * step) % LAYERS)).collect();
    let manifest = blob(
        layout,
        &json!({ "schemaVersion": 2, "mediaType": IMAGE, "config": descriptor(CONFIG, &config), "layers": layers }),
    );
    let mut entry = descriptor(IMAGE, &manifest);
    entry["annotations"] = json!({ "org.opencontainers.image.ref.name": format!("{}.{}.{}", number / 400, number / 20 % 20, number % 20) });
    entry
}

fn layer(number: usize) -> Value {
    json!({ "mediaType": LAYER, "digest": digest(&number.to_be_bytes()), "size": 1_000_000 + number * number * 400_000 })
}

fn blob(layout: &Path, value: &Value) -> Vec<u8> {
    let bytes = serde_json::to_vec(value).expect("a JSON value has bytes");
    let digest = digest(&bytes);
    let (_, hex) = digest.split_once(':').expect("a digest has an algorithm");
    fs::write(layout.join("blobs/sha256").join(hex), &bytes).expect("a blob is written");
    bytes
}

fn descriptor(media_type: &str, bytes: &[u8]) -> Value {
    json!({ "mediaType": media_type, "digest": digest(bytes), "size": bytes.len() })
}
