//! Kept content by digest: manifests and configs, byte for byte as they were fetched, and as summaries want them.

use std::sync::Arc;

use artifact::{ContentSource, Digest, Manifest};
use bytes::Bytes;

use crate::{
    CatalogError,
    store::{DigestIds, Store},
};

/// The kept manifest's media type and bytes.
pub(crate) fn manifest(store: &Store, digest: &Digest) -> Result<Option<(String, Bytes)>, CatalogError> {
    store.read(|connection| {
        let Some(id) = DigestIds::find(connection, digest)? else {
            return Ok(None);
        };
        let mut statement = connection.prepare_cached("SELECT media_type, bytes FROM manifests WHERE digest = ?1")?;
        let mut rows = statement.query([id])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some((row.get(0)?, Bytes::copy_from_slice(row.get_ref(1)?.as_blob()?))))
    })
}

/// The kept config's bytes.
pub(crate) fn config(store: &Store, digest: &Digest) -> Result<Option<Bytes>, CatalogError> {
    store.read(|connection| {
        let Some(id) = DigestIds::find(connection, digest)? else {
            return Ok(None);
        };
        let mut statement = connection.prepare_cached("SELECT bytes FROM configs WHERE digest = ?1")?;
        let mut rows = statement.query([id])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(Bytes::copy_from_slice(row.get_ref(0)?.as_blob()?)))
    })
}

/// The kept manifest, if its bytes are one.
pub(crate) fn parsed(store: &Store, digest: &Digest) -> Option<Manifest> {
    let (media_type, bytes) = manifest(store, digest).ok().flatten()?;
    Manifest::parse(Some(&media_type), &bytes).ok()
}

/// The index as the source of a summary. What cannot be read is absent, and the summary says so.
pub(crate) struct KeptContent<'a>(pub(crate) &'a Store);

impl ContentSource for KeptContent<'_> {
    fn manifest(&self, digest: &Digest) -> Option<Arc<Manifest>> {
        parsed(self.0, digest).map(Arc::new)
    }

    fn config(&self, digest: &Digest) -> Option<Arc<[u8]>> {
        config(self.0, digest).ok().flatten().map(|bytes| Arc::from(&bytes[..]))
    }
}
