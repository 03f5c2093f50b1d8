//! The writing half of a registry in memory. What a manifest points at must be there; uploads are verified.

use artifact::{ByteSize, Digest, Manifest, RepositoryName, Tag, Verifier};
use async_trait::async_trait;
use bytes::BytesMut;
use futures::StreamExt;
use registry::{
    BlobSource, Deletion, Operation, ProgressEvent, RawManifest, RegistryError, Target, WritableRegistry,
    dummy_manifest,
};
use serde_json::{Value, json};

use super::{
    MemoryRegistry, Semantics,
    faults::{place, unsupported},
    reading::not_found,
    state::{INDEX, Repository, State},
};

impl MemoryRegistry {
    /// One write: nothing of it, or all, before the program may end.
    async fn write<T>(
        &self,
        question: String,
        operation: &Operation,
        deed: impl FnOnce(&mut State) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        self.ask(question, operation).await?;
        let outcome = deed(&mut self.state());
        self.faults.moment().await;
        outcome
    }

    async fn delete_digest(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<Deletion, RegistryError> {
        let takes_tags = self.semantics != Semantics::GoContainerregistry;
        self.write(format!("DELETE {repository}@{digest}"), operation, |state| {
            let found = state.repositories.entry(repository.clone()).or_default();
            if !found.present.remove(digest) {
                return Err(not_found(&format!("{repository}@{digest}")));
            }
            if takes_tags {
                found.tags.retain(|_, held| held != digest);
            }
            Ok(Deletion::Deleted)
        })
        .await
    }

    /// As the layer over HTTP does it where a registry takes no note of subjects.
    fn add_to_fallback(state: &mut State, repository: &RepositoryName, subject: &Digest, referrer: &Digest) {
        let tag = Tag::of_referrers(subject);
        let entry = state.descriptor(referrer);
        let held = state.repositories[repository].tags.get(&tag);
        let list = held.map(|digest| state.manifests[digest].bytes.clone());
        let mut list: Value = list
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_else(|| json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [] }));
        let entries = list["manifests"].as_array_mut().expect("a list of manifests");
        if entries.iter().any(|known| known["digest"] == entry["digest"]) {
            return;
        }
        entries.push(entry);
        let digest = state.manifest(repository.as_str(), INDEX, &list);
        state.kept_lists.insert(digest.clone());
        state.tag(repository.as_str(), tag.as_str(), &digest);
    }
}

#[async_trait]
impl WritableRegistry for MemoryRegistry {
    async fn may_write(&self, repository: &RepositoryName, operation: &Operation) -> Result<(), RegistryError> {
        self.ask(format!("WRITE? {repository}"), operation).await
    }

    async fn has_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<bool, RegistryError> {
        self.ask(format!("BLOB? {repository}@{digest}"), operation).await?;
        let mut state = self.state();
        let found = state.repositories.entry(repository.clone()).or_default();
        Ok(found.blobs.contains_key(digest))
    }

    async fn put_manifest(
        &self,
        repository: &RepositoryName,
        target: &Target,
        manifest: &RawManifest,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        self.write(format!("PUT {repository}{}", target.suffix()), operation, |state| {
            let found = state.repositories.entry(repository.clone()).or_default();
            let read = complete(found, manifest)?;
            found.present.insert(manifest.digest.clone());
            if let Target::Tag(tag) = target {
                found.tags.insert(tag.clone(), manifest.digest.clone());
            }
            state.manifests.insert(manifest.digest.clone(), manifest.clone());
            if let Some(subject) = read.subject() {
                Self::add_to_fallback(state, repository, &subject.digest, &manifest.digest);
            }
            Ok(())
        })
        .await
    }

    async fn mount_blob(
        &self,
        repository: &RepositoryName,
        from: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<bool, RegistryError> {
        self.write(format!("MOUNT {repository}@{digest}"), operation, |state| {
            let source = state.repositories.get(from).filter(|_| !state.declines_mounts);
            let Some(bytes) = source.and_then(|source| source.blobs.get(digest).cloned()) else {
                return Ok(false);
            };
            let found = state.repositories.entry(repository.clone()).or_default();
            found.blobs.insert(digest.clone(), bytes);
            Ok(true)
        })
        .await
    }

    async fn put_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        source: &dyn BlobSource,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        let mut stream = source.open(0, operation).await?;
        let mut bytes = BytesMut::new();
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece?);
            operation.report(&ProgressEvent::Sent {
                digest: digest.clone(),
                done: ByteSize(bytes.len() as u64),
                total: size,
            });
        }
        let mut verifier = Verifier::new(digest.clone());
        verifier.update(&bytes);
        self.write(format!("SEND {repository}@{digest}"), operation, |state| {
            if verifier.finish().is_err() || size != ByteSize(bytes.len() as u64) {
                return Err(refused("the blob is not what its digest says"));
            }
            let found = state.repositories.entry(repository.clone()).or_default();
            found.blobs.insert(digest.clone(), bytes.freeze());
            Ok(())
        })
        .await
    }

    async fn delete_tag(
        &self,
        repository: &RepositoryName,
        tag: &Tag,
        unique: &str,
        operation: &Operation,
    ) -> Result<Deletion, RegistryError> {
        match self.semantics {
            Semantics::Off => {
                self.ask(format!("DELETE {repository}:{tag}"), operation).await?;
                Err(unsupported())
            }
            Semantics::Distribution2 => {
                let dummy = dummy_manifest(unique);
                self.write(format!("PUT {repository}:{tag}"), operation, |state| {
                    let found = state.repositories.entry(repository.clone()).or_default();
                    found.present.insert(dummy.digest.clone());
                    found.tags.insert(tag.clone(), dummy.digest.clone());
                    state.manifests.insert(dummy.digest.clone(), dummy.clone());
                    Ok(())
                })
                .await?;
                self.delete_digest(repository, &dummy.digest, operation).await
            }
            Semantics::Distribution3 | Semantics::GoContainerregistry | Semantics::Folder => {
                self.write(format!("DELETE {repository}:{tag}"), operation, |state| {
                    let found = state.repositories.entry(repository.clone()).or_default();
                    match found.tags.remove(tag) {
                        Some(_) => Ok(Deletion::Deleted),
                        None => Ok(Deletion::WasGone),
                    }
                })
                .await
            }
        }
    }

    async fn delete_manifest(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<Deletion, RegistryError> {
        if self.semantics == Semantics::Off {
            self.ask(format!("DELETE {repository}@{digest}"), operation).await?;
            return Err(unsupported());
        }
        self.delete_digest(repository, digest, operation).await
    }
}

/// Refuses a manifest whose parts are not there. Source: distribution-spec 1.1, "Pushing Manifests".
fn complete(repository: &Repository, manifest: &RawManifest) -> Result<Manifest, RegistryError> {
    if Digest::of(&manifest.bytes) != manifest.digest {
        return Err(refused("the manifest is not what its digest says"));
    }
    let read =
        Manifest::parse(Some(&manifest.media_type), &manifest.bytes).map_err(|error| refused(&error.to_string()))?;
    if let Some(child) = read
        .children()
        .iter()
        .find(|child| !repository.present.contains(&child.digest))
    {
        return Err(refused(&format!("MANIFEST_BLOB_UNKNOWN: {}", child.digest)));
    }
    let config = read.config().into_iter();
    let mut blobs = config.chain(read.layers());
    if let Some(blob) = blobs.find(|blob| !repository.blobs.contains_key(&blob.digest)) {
        return Err(refused(&format!("MANIFEST_BLOB_UNKNOWN: {}", blob.digest)));
    }
    Ok(read)
}

fn refused(reason: &str) -> RegistryError {
    RegistryError::InvalidAnswer {
        place: place("put"),
        reason: reason.to_owned(),
    }
}
