//! Manifests and configs by digest, and what they point at.

use std::sync::Arc;

use artifact::{Digest, Manifest};
use bytes::Bytes;

use crate::store::Writing;

/// A manifest's own bytes, and what they say.
#[derive(Clone, Debug)]
pub(crate) struct KnownManifest {
    pub(crate) digest: Digest,
    pub(crate) media_type: String,
    pub(crate) bytes: Bytes,
    /// The bytes may be what the digest says and still be no manifest.
    pub(crate) parsed: Result<Arc<Manifest>, String>,
}

impl KnownManifest {
    pub(crate) fn new(digest: Digest, media_type: String, bytes: Bytes) -> Self {
        let declared = (!media_type.is_empty()).then_some(media_type.as_str());
        let parsed = Manifest::parse(declared, &bytes)
            .map(Arc::new)
            .map_err(|error| error.to_string());
        Self {
            digest,
            media_type,
            bytes,
            parsed,
        }
    }

    pub(crate) fn manifest(&self) -> Option<&Arc<Manifest>> {
        self.parsed.as_ref().ok()
    }

    /// Why it is not known what the manifest needs; empty where it is.
    pub(crate) fn doubt(&self) -> &str {
        match self.parsed.as_deref() {
            Err(reason) => reason,
            Ok(Manifest::Image(image)) if !image.sizes_known => first_or_default(&image.problems),
            Ok(Manifest::Index(index)) if !index.sizes_known => first_or_default(&index.problems),
            Ok(_) => "",
        }
    }
}

fn first_or_default(problems: &[String]) -> &str {
    problems
        .first()
        .map_or("a part of it could not be read", String::as_str)
}

/// Keeps a manifest and its relations; one that is kept already stays as it is.
pub(crate) fn keep_manifest(writing: &mut Writing<'_>, manifest: &KnownManifest) -> rusqlite::Result<()> {
    let id = writing.ids.id(&writing.transaction, &manifest.digest)?;
    let subject = match manifest.manifest().and_then(|parsed| parsed.subject()) {
        Some(subject) => Some(writing.ids.id(&writing.transaction, &subject.digest)?),
        None => None,
    };
    let insert =
        "INSERT OR IGNORE INTO manifests (digest, media_type, subject, bytes, doubt) VALUES (?1, ?2, ?3, ?4, ?5)";
    let media_type = manifest
        .manifest()
        .map_or(manifest.media_type.as_str(), |parsed| parsed.media_type());
    let new = writing.transaction.prepare_cached(insert)?.execute((
        id,
        media_type,
        subject,
        &manifest.bytes[..],
        manifest.doubt(),
    ))?;
    if new == 0 {
        return Ok(());
    }
    writing
        .transaction
        .prepare_cached("UPDATE counts SET manifests = manifests + 1")?
        .execute([])?;
    manifest
        .manifest()
        .map_or(Ok(()), |parsed| keep_relations(writing, id, parsed))
}

fn keep_relations(writing: &mut Writing<'_>, id: i64, manifest: &Manifest) -> rusqlite::Result<()> {
    for child in manifest.children() {
        let child = writing.ids.id(&writing.transaction, &child.digest)?;
        let insert = "INSERT OR IGNORE INTO manifest_children (manifest, child) VALUES (?1, ?2)";
        writing.transaction.prepare_cached(insert)?.execute((id, child))?;
    }
    if let Some(config) = manifest.config() {
        let config = writing.ids.id(&writing.transaction, &config.digest)?;
        let insert = "INSERT OR IGNORE INTO manifest_configs (config, manifest) VALUES (?1, ?2)";
        writing.transaction.prepare_cached(insert)?.execute((config, id))?;
    }
    for blob in manifest.config().into_iter().chain(manifest.layers()) {
        let size = blob.size.bytes().cast_signed();
        let blob = writing.ids.id(&writing.transaction, &blob.digest)?;
        let insert = "INSERT OR IGNORE INTO manifest_blobs (manifest, blob, size) VALUES (?1, ?2, ?3)";
        writing.transaction.prepare_cached(insert)?.execute((id, blob, size))?;
    }
    Ok(())
}

/// Keeps a config's bytes.
pub(crate) fn keep_config(writing: &mut Writing<'_>, digest: &Digest, bytes: &[u8]) -> rusqlite::Result<()> {
    let id = writing.ids.id(&writing.transaction, digest)?;
    let insert = "INSERT OR IGNORE INTO configs (digest, bytes) VALUES (?1, ?2)";
    writing
        .transaction
        .prepare_cached(insert)?
        .execute((id, bytes))
        .map(|_| ())
}
