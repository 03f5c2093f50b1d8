//! The write primitives of an OCI image layout: blobs, the marker file, `index.json`.
//!
//! Every file appears whole or not at all: it is written under a temporary name, brought to disk, and renamed.
//! Which descriptors `index.json` holds is decided by the caller. Blocking throughout.
//!
//! Source: OCI image-spec 1.1, image-layout.md.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use artifact::{ByteSize, Descriptor, Digest};
use serde_json::{Map, Value, json};

/// What a layout's marker file says.
pub(super) const LAYOUT_MARKER: &str = r#"{"imageLayoutVersion":"1.0.0"}"#;
/// Where in a layout the marker lies.
pub(super) const LAYOUT_FILE: &str = "oci-layout";
/// Where in a layout its list of manifests lies.
pub(super) const INDEX_FILE: &str = "index.json";
/// The annotation that names a manifest.
pub(super) const NAME_ANNOTATION: &str = "org.opencontainers.image.ref.name";

/// A layout that is being written to.
#[derive(Debug)]
pub struct LayoutWriter {
    root: PathBuf,
    durability: Durability,
}

/// When a file has to be on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Before it gets its name: for a layout that is in use.
    EachFile,
    /// Whenever the system likes: for a new layout that nobody sees before the folder around it is renamed into place.
    WhenConvenient,
}

/// A file of a layout that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be written: {source}", path.display())]
pub struct LayoutWriteError {
    /// The file or folder.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

impl LayoutWriter {
    /// A writer for the layout at `root`, which is made if it is not there: an empty `index.json` and no blobs. What is
    /// there stays as it is.
    pub fn create(root: impl Into<PathBuf>, durability: Durability) -> Result<Self, LayoutWriteError> {
        let writer = Self {
            root: root.into(),
            durability,
        };
        writer.make_folder(&writer.root.join("blobs").join("sha256"))?;
        if !writer.root.join(LAYOUT_FILE).exists() {
            writer.put(Path::new(LAYOUT_FILE), LAYOUT_MARKER.as_bytes())?;
        }
        if !writer.root.join(INDEX_FILE).exists() {
            writer.index(&[])?;
        }
        Ok(writer)
    }

    /// The layout's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Stores a blob and says its digest. One that is there already is not written again.
    pub fn blob(&self, bytes: &[u8]) -> Result<Digest, LayoutWriteError> {
        let digest = Digest::of(bytes);
        let path = blob_path(&digest);
        let held = fs::metadata(self.root.join(&path)).is_ok_and(|found| found.len() == bytes.len() as u64);
        if !held {
            self.put(&path, bytes)?;
        }
        Ok(digest)
    }

    /// Stores a blob and describes it.
    pub fn described_blob(&self, media_type: &str, bytes: &[u8]) -> Result<Descriptor, LayoutWriteError> {
        Ok(Descriptor {
            media_type: media_type.to_owned(),
            digest: self.blob(bytes)?,
            size: ByteSize(bytes.len() as u64),
            annotations: std::collections::BTreeMap::new(),
            platform: None,
            artifact_type: None,
        })
    }

    /// Replaces `index.json`: the layout then holds these manifests under these names. To be called last, when every
    /// blob that the manifests need is there.
    pub fn index(&self, manifests: &[IndexEntry]) -> Result<(), LayoutWriteError> {
        let manifests: Vec<Value> = manifests.iter().map(IndexEntry::to_json).collect();
        let index = json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": manifests,
        });
        self.put(Path::new(INDEX_FILE), index.to_string().as_bytes())
    }

    fn put(&self, relative: &Path, bytes: &[u8]) -> Result<(), LayoutWriteError> {
        let path = self.root.join(relative);
        self.make_folder(path.parent().unwrap_or(&self.root))?;
        replace(&path, bytes, self.durability)
    }

    #[expect(clippy::unused_self, reason = "a primitive of the writer like the others")]
    fn make_folder(&self, folder: &Path) -> Result<(), LayoutWriteError> {
        fs::create_dir_all(folder).map_err(|source| LayoutWriteError {
            path: folder.to_owned(),
            source,
        })
    }
}

/// One entry of `index.json`: a manifest, and the name under which it can be asked for.
#[derive(Clone, Debug)]
pub struct IndexEntry {
    /// The manifest.
    pub descriptor: Descriptor,
    /// Its tag; none: it is kept, but has no name.
    pub name: Option<String>,
}

impl IndexEntry {
    fn to_json(&self) -> Value {
        let mut descriptor = self.descriptor.clone();
        descriptor.annotations.remove(NAME_ANNOTATION);
        if let Some(name) = &self.name {
            descriptor.annotations.insert(NAME_ANNOTATION.to_owned(), name.clone());
        }
        descriptor_json(&descriptor)
    }
}

/// A descriptor as it stands in manifests and indexes; what it does not say is left out.
///
/// Source: OCI image-spec 1.1, descriptor.md.
pub fn descriptor_json(descriptor: &Descriptor) -> Value {
    let mut fields = Map::new();
    fields.insert("mediaType".to_owned(), json!(descriptor.media_type));
    fields.insert("digest".to_owned(), json!(descriptor.digest.to_string()));
    fields.insert("size".to_owned(), json!(descriptor.size.bytes()));
    if let Some(artifact_type) = &descriptor.artifact_type {
        fields.insert("artifactType".to_owned(), json!(artifact_type));
    }
    if let Some(platform) = &descriptor.platform {
        let mut of_platform = Map::new();
        of_platform.insert("architecture".to_owned(), json!(platform.architecture));
        of_platform.insert("os".to_owned(), json!(platform.os));
        if let Some(variant) = &platform.variant {
            of_platform.insert("variant".to_owned(), json!(variant));
        }
        fields.insert("platform".to_owned(), Value::Object(of_platform));
    }
    if !descriptor.annotations.is_empty() {
        fields.insert("annotations".to_owned(), json!(descriptor.annotations));
    }
    Value::Object(fields)
}

/// Writes a file whole or not at all; its folder is there.
pub(super) fn replace(path: &Path, bytes: &[u8], durability: Durability) -> Result<(), LayoutWriteError> {
    let folder = path.parent().unwrap_or(path);
    let write = || -> io::Result<()> {
        let mut file = new_file_builder().tempfile_in(folder)?;
        file.write_all(bytes)?;
        if durability == Durability::EachFile {
            file.as_file().sync_all()?;
        }
        file.persist(path).map_err(|refused| refused.error)?;
        if durability == Durability::EachFile {
            sync_folder(folder)?;
        }
        Ok(())
    };
    write().map_err(|source| LayoutWriteError {
        path: path.to_owned(),
        source,
    })
}

/// Where in a layout a blob lies. A digest is always well formed, so this leads nowhere else.
pub(super) fn blob_path(digest: &Digest) -> PathBuf {
    let text = digest.to_string();
    let (algorithm, hex) = text.split_once(':').unwrap_or(("sha256", &text));
    Path::new("blobs").join(algorithm).join(hex)
}

/// Temporary files are private by nature; a layout is meant to be read by others as far as the user's mask allows.
pub(super) fn new_file_builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".berth-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

/// A rename is on the disk once its folder is. Windows has no such call and needs none.
#[cfg_attr(not(unix), expect(clippy::unnecessary_wraps, reason = "it can fail on unix"))]
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
