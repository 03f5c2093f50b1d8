//! Folders as people have them: good ones, odd ones, and those that somebody made to do harm.

mod archive_changes;
mod archives;
mod bad_folders;
mod changes;
mod good_folders;
mod links;
mod refused_archive_changes;
mod refused_changes;
mod writing;

use std::{
    fs,
    path::{Path, PathBuf},
    str::FromStr,
};

use artifact::{ByteSize, Descriptor, Digest, RepositoryName, Tag};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

/// A folder for layouts that goes away with the test.
struct Fixture {
    folder: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn join(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn layout(&self, name: &str) -> LayoutWriter {
        LayoutWriter::create(self.join(name), Durability::WhenConvenient).expect("a layout can be made")
    }

    /// A layout with one image of that content, tagged `v1`.
    fn image(&self, name: &str, content: &str) -> Descriptor {
        let writer = self.layout(name);
        let image = stored_image(&writer, content, None);
        writer
            .index(&[entry(&image, Some("v1"))])
            .expect("an index can be written");
        image
    }

    fn open(&self) -> FolderRegistry {
        FolderRegistry::open(self.path()).expect("the folder opens")
    }
}

/// Stores an image of one layer.
fn stored_image(writer: &LayoutWriter, content: &str, subject: Option<&Descriptor>) -> Descriptor {
    let config = json!({ "architecture": "amd64", "os": "linux", "rootfs": { "type": "layers", "diff_ids": [Digest::of(content.as_bytes()).to_string()] } });
    let config = stored(writer, CONFIG, config.to_string().as_bytes());
    let layer = stored(writer, LAYER, content.as_bytes());
    let mut manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": descriptor_json(&config),
        "layers": [descriptor_json(&layer)],
        "annotations": { "content": content },
    });
    if let Some(subject) = subject {
        manifest["subject"] = descriptor_json(subject);
        manifest["artifactType"] = json!("application/vnd.example.note");
    }
    stored_json(writer, MANIFEST, &manifest)
}

fn stored(writer: &LayoutWriter, media_type: &str, bytes: &[u8]) -> Descriptor {
    writer.described_blob(media_type, bytes).expect("a blob can be written")
}

fn stored_json(writer: &LayoutWriter, media_type: &str, value: &Value) -> Descriptor {
    stored(writer, media_type, value.to_string().as_bytes())
}

fn entry(descriptor: &Descriptor, name: Option<&str>) -> IndexEntry {
    IndexEntry {
        descriptor: descriptor.clone(),
        name: name.map(str::to_owned),
    }
}

fn blob_file(layout: &Path, digest: &Digest) -> PathBuf {
    layout.join(writer::blob_path(digest))
}

fn repository(name: &str) -> RepositoryName {
    RepositoryName::from_str(name).expect("a valid repository name")
}

fn tag(name: &str) -> Target {
    Target::Tag(Tag::from_str(name).expect("a valid tag"))
}

fn operation() -> Operation {
    Operation::unobserved()
}

/// The names of all repositories.
async fn names(registry: &FolderRegistry) -> Vec<String> {
    let listing = registry.repositories(&operation()).await.expect("a list");
    listing.items.iter().map(ToString::to_string).collect()
}

async fn tags_of(registry: &FolderRegistry, name: &str) -> Vec<String> {
    let listing = registry.tags(&repository(name), &operation()).await.expect("a list");
    listing.items.iter().map(|listed| listed.tag.to_string()).collect()
}

/// A blob through the stream, and the error that ended it.
async fn streamed(
    registry: &FolderRegistry,
    name: &str,
    digest: &Digest,
    size: u64,
) -> (Vec<u8>, Option<RegistryError>) {
    use futures::StreamExt;
    let mut bytes = Vec::new();
    let mut stream = match registry
        .blob(&repository(name), digest, ByteSize(size), &operation())
        .await
    {
        Ok(stream) => stream,
        Err(error) => return (bytes, Some(error)),
    };
    let mut failed = None;
    while let Some(piece) = stream.next().await {
        assert!(failed.is_none(), "something came after the error");
        match piece {
            Ok(piece) => bytes.extend_from_slice(&piece),
            Err(error) => failed = Some(error),
        }
    }
    (bytes, failed)
}

/// The message and the hint of an error, for a look at its words.
fn words(error: &RegistryError) -> String {
    format!(
        "{error} | {}",
        error.hint().expect("every error about a folder has a hint")
    )
}
