//! Layers that are one file as it is: nothing needs to be read to list them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{
    FileEntry, LayerContents,
    tar::path::{clean, visible},
};
use crate::Descriptor;

const FILE_METADATA: [&str; 2] = ["org.cncf.model.file.metadata+json", "org.cnai.model.file.metadata+json"];

/// What `ModelPack` says about a raw layer's file. Source: model-spec, annotations.
#[derive(Default, Deserialize)]
#[serde(default)]
struct FileMetadata {
    mode: u32,
    uid: u64,
    gid: u64,
    mtime: Option<DateTime<Utc>>,
}

impl LayerContents {
    /// The contents of a layer that is a single file, known by its media type; none if it may be an archive and has to
    /// be read.
    pub fn of_raw_layer(layer: &Descriptor) -> Option<Self> {
        if may_be_archive(&layer.media_type) {
            return None;
        }
        let mut entry = FileEntry::single(file_name(layer));
        entry.size = layer.size;
        if let Some(metadata) = metadata(layer) {
            entry.mode = metadata.mode & 0o7777;
            entry.uid = metadata.uid;
            entry.gid = metadata.gid;
            entry.modified = metadata.mtime;
        }
        entry.user = Arc::default();
        Some(Self {
            entries: vec![entry],
            uncompressed_size: layer.size,
            ..Self::default()
        })
    }
}

/// Whether a layer of this media type is, or may be, an archive of files.
fn may_be_archive(media_type: &str) -> bool {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence
        .split(['.', '+', '/', '-'])
        .any(|part| matches!(part, "tar" | "tgz" | "targz"))
}

/// The path of the file; without one, what kind of thing the media type names (`license`, `template`).
pub(crate) fn file_name(layer: &Descriptor) -> String {
    let named = layer
        .filepath()
        .map(|path| clean(path.as_bytes()))
        .filter(|path| !path.is_empty());
    named.unwrap_or_else(|| {
        let essence = layer.media_type.split(';').next().unwrap_or_default();
        let last = essence.rsplit(['.', '/']).next().unwrap_or_default();
        let last = visible(last.as_bytes());
        if last.is_empty() {
            layer.digest.short().to_owned()
        } else {
            last
        }
    })
}

fn metadata(layer: &Descriptor) -> Option<FileMetadata> {
    let text = FILE_METADATA.iter().find_map(|key| layer.annotations.get(*key))?;
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ByteSize, Digest};

    fn layer(media_type: &str, annotations: &[(&str, &str)]) -> Descriptor {
        let mut layer = Descriptor::new(media_type, Digest::of(b"x"), ByteSize(190_448_760));
        layer.annotations = annotations
            .iter()
            .map(|&(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        layer
    }

    #[test]
    fn raw_weights_are_one_file_with_what_is_said_about_it() {
        let metadata = r#"{"name":"model.safetensors","mode":420,"uid":1000,"gid":1000,"size":190448760,"mtime":"2026-10-27T14:22:00Z","typeflag":48}"#;
        let layer = layer(
            "application/vnd.cncf.model.weight.v1.raw",
            &[
                ("org.cncf.model.filepath", "/app/model.safetensors"),
                ("org.cncf.model.file.metadata+json", metadata),
            ],
        );
        let contents = LayerContents::of_raw_layer(&layer).expect("raw layers need not be read");
        let [entry] = contents.entries.as_slice() else {
            panic!("one entry, not {:?}", contents.entries)
        };
        assert_eq!(
            (entry.path.as_str(), entry.size, entry.mode, entry.uid),
            ("app/model.safetensors", layer.size, 0o644, 1000)
        );
        assert_eq!(
            entry.modified.map(|time| time.to_rfc3339()),
            Some("2026-10-27T14:22:00+00:00".to_owned())
        );
    }

    #[test]
    fn a_raw_layer_without_a_path_is_named_by_its_media_type() {
        let contents = LayerContents::of_raw_layer(&layer("application/vnd.ollama.image.license", &[]));
        assert_eq!(
            contents.map(|contents| contents.entries[0].path.clone()),
            Some("license".to_owned())
        );
    }

    #[test]
    fn what_may_be_an_archive_is_read() {
        for media_type in [
            "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.oci.image.layer.v1.tar",
            "application/vnd.cncf.model.weight.v1.tar+zstd",
            "application/vnd.docker.ai.vllm.config.tar",
            "application/vnd.kitops.modelkit.model.v1.tar+gzip",
            "application/tar+gzip",
        ] {
            assert!(
                LayerContents::of_raw_layer(&layer(media_type, &[])).is_none(),
                "{media_type}"
            );
        }
    }
}
