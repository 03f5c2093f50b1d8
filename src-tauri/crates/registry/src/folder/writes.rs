//! A folder as a registry that is written to. Blobs and manifests that nothing names stay on the disk, so that what
//! was deleted can be put again.

use artifact::{ByteSize, Digest, Manifest, RepositoryName, Tag, Verifier};
use async_trait::async_trait;
use futures::StreamExt;
use serde_json::{Map, Value, json};
use tokio::io::AsyncWriteExt;

use super::{
    Content, Folder, FolderRegistry,
    index_file::StillNamed,
    problem,
    writable_layout::{Incoming, WritableLayout},
};
use crate::{
    BlobSource, Deletion, Operation, Place, ProgressEvent, RawManifest, RegistryError, Target, WritableRegistry,
};

impl Folder {
    /// A repository's layout, to be written to; it may not be there yet.
    fn writable(&self, repository: &RepositoryName) -> Result<WritableLayout, RegistryError> {
        let place = self.place.with(repository.as_str());
        match &self.content {
            Content::Single { layout, .. } if layout.is_archive() => Err(problem::read_only_archive(place)),
            Content::Single {
                repository: own,
                layout,
            } if own == repository => {
                let root = layout
                    .folder()
                    .ok_or_else(|| problem::read_only_archive(place.clone()))?;
                Ok(WritableLayout::new(root.clone(), root, place))
            }
            Content::Single { .. } => Err(self.unknown(repository)),
            Content::Tree(root) => WritableLayout::below(root, repository.as_str(), place),
        }
    }

    fn holds_blob(&self, repository: &RepositoryName, digest: &Digest) -> Result<bool, RegistryError> {
        match &self.content {
            Content::Single { layout, .. } if layout.is_archive() => self.layout(repository)?.holds_blob(digest),
            _ => Ok(self.writable(repository)?.blob(digest)?.is_some()),
        }
    }

    fn put_manifest(
        &self,
        repository: &RepositoryName,
        target: &Target,
        manifest: &RawManifest,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        let layout = self.writable(repository)?;
        let place = self.place.with(format!("{repository}{}", target.suffix()));
        verify(manifest, target, &place)?;
        layout.store(&manifest.digest, &manifest.bytes)?;
        let tag = match target {
            Target::Tag(tag) => Some(tag),
            Target::Digest(_) => None,
        };
        layout.change_index(operation, |index| {
            index.put(tag, &entry_of(manifest));
            Ok(())
        })
    }

    fn delete_tag(
        &self,
        repository: &RepositoryName,
        tag: &Tag,
        operation: &Operation,
    ) -> Result<Deletion, RegistryError> {
        let layout = self.writable(repository)?;
        if !layout.is_there() {
            return Ok(Deletion::WasGone);
        }
        layout.change_index(operation, |index| Ok(found(index.drop_tag(tag))))
    }

    fn delete_manifest(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<Deletion, RegistryError> {
        let layout = self.writable(repository)?;
        if !layout.is_there() {
            return Ok(Deletion::WasGone);
        }
        layout.change_index(operation, |index| {
            let dropped = index.drop_manifest(digest);
            dropped.map(found).map_err(|StillNamed(name)| RegistryError::Conflict {
                place: self.place.with(format!("{repository}@{digest}")),
                reason: format!("it still has the name {}", crate::visible(&name, 100)),
            })
        })
    }
}

fn found(it_was: bool) -> Deletion {
    if it_was { Deletion::Deleted } else { Deletion::WasGone }
}

/// Makes sure that the bytes are what is to be put.
fn verify(manifest: &RawManifest, target: &Target, place: &Place) -> Result<(), RegistryError> {
    let wanted = match target {
        Target::Digest(digest) => digest,
        Target::Tag(_) => &manifest.digest,
    };
    for expected in [wanted, &manifest.digest] {
        let mut verifier = Verifier::new(expected.clone());
        verifier.update(&manifest.bytes);
        let outcome = verifier.finish();
        outcome.map_err(|problem| RegistryError::mismatch(place, expected, &problem))?;
    }
    Ok(())
}

/// A manifest as it stands in the list.
fn entry_of(manifest: &RawManifest) -> Map<String, Value> {
    let mut entry = Map::new();
    entry.insert("mediaType".to_owned(), json!(manifest.media_type));
    entry.insert("digest".to_owned(), json!(manifest.digest.to_string()));
    entry.insert("size".to_owned(), json!(manifest.bytes.len()));
    let read = Manifest::parse(Some(&manifest.media_type), &manifest.bytes).ok();
    if let Some(artifact_type) = read.as_ref().and_then(Manifest::artifact_type) {
        entry.insert("artifactType".to_owned(), json!(artifact_type));
    }
    entry
}

impl FolderRegistry {
    /// Runs a change where it may block. Once it has begun it is waited for: a change is done or not, also for who
    /// cancels.
    async fn changing<Answer: Send + 'static>(
        &self,
        operation: &Operation,
        work: impl FnOnce(&Folder, &Operation) -> Result<Answer, RegistryError> + Send + 'static,
    ) -> Result<Answer, RegistryError> {
        operation.check()?;
        let folder = std::sync::Arc::clone(&self.folder);
        let part = operation.child();
        let outcome = tokio::task::spawn_blocking(move || work(&folder, &part)).await;
        outcome.map_err(|broken| RegistryError::io(&self.folder.shown, std::io::Error::other(broken)))?
    }

    /// Writes what comes from `source`, exactly `size` bytes.
    async fn receive(
        &self,
        incoming: Incoming,
        digest: &Digest,
        size: ByteSize,
        source: &dyn BlobSource,
        operation: &Operation,
    ) -> Result<Incoming, RegistryError> {
        let place = self.folder.place.with(digest.to_string());
        let failed = |error| RegistryError::io(incoming.target(), error);
        let mut file = tokio::fs::File::from_std(incoming.file.reopen().map_err(failed)?);
        let mut stream = operation.or_cancelled(source.open(0, operation)).await??;
        let mut verifier = Verifier::new(digest.clone());
        let mut done = 0;
        while let Some(piece) = operation.or_cancelled(stream.next()).await? {
            let piece = piece?;
            done += piece.len() as u64;
            if done > size.0 {
                let reason = format!("the content goes on beyond its {size}");
                return Err(RegistryError::InvalidAnswer { place, reason });
            }
            verifier.update(&piece);
            operation.or_cancelled(file.write_all(&piece)).await?.map_err(failed)?;
            operation.report(&ProgressEvent::Sent {
                digest: digest.clone(),
                done: ByteSize(done),
                total: size,
            });
        }
        file.flush().await.map_err(failed)?;
        if done < size.0 {
            return Err(RegistryError::Truncated {
                place,
                received: ByteSize(done),
                expected: size,
            });
        }
        let outcome = verifier.finish();
        outcome.map_err(|problem| RegistryError::mismatch(&place, digest, &problem))?;
        Ok(incoming)
    }
}

#[async_trait]
impl WritableRegistry for FolderRegistry {
    async fn may_write(&self, repository: &RepositoryName, operation: &Operation) -> Result<(), RegistryError> {
        let repository = repository.clone();
        self.blocking(operation, move |folder, _| folder.writable(&repository).map(drop))
            .await
    }

    async fn has_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<bool, RegistryError> {
        let (repository, digest) = (repository.clone(), digest.clone());
        self.blocking(operation, move |folder, _| folder.holds_blob(&repository, &digest))
            .await
    }

    async fn put_manifest(
        &self,
        repository: &RepositoryName,
        target: &Target,
        manifest: &RawManifest,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        let (repository, target, manifest) = (repository.clone(), target.clone(), manifest.clone());
        self.changing(operation, move |folder, part| {
            folder.put_manifest(&repository, &target, &manifest, part)
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
        let (repository, from, digest) = (repository.clone(), from.clone(), digest.clone());
        self.changing(operation, move |folder, part| {
            let target = folder.writable(&repository)?;
            match folder.writable(&from) {
                Ok(source) => target.take_over(&source, &digest, part),
                Err(RegistryError::NotFound { .. }) => Ok(false),
                Err(error) => Err(error),
            }
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
        let (name, wanted) = (repository.clone(), digest.clone());
        let incoming = self
            .changing(operation, move |folder, _| folder.writable(&name)?.incoming(&wanted))
            .await?;
        let incoming = self.receive(incoming, digest, size, source, operation).await?;
        self.changing(operation, move |_, _| incoming.keep()).await
    }

    async fn delete_tag(
        &self,
        repository: &RepositoryName,
        tag: &Tag,
        _unique: &str,
        operation: &Operation,
    ) -> Result<Deletion, RegistryError> {
        let (repository, tag) = (repository.clone(), tag.clone());
        self.changing(operation, move |folder, part| {
            folder.delete_tag(&repository, &tag, part)
        })
        .await
    }

    async fn delete_manifest(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<Deletion, RegistryError> {
        let (repository, digest) = (repository.clone(), digest.clone());
        self.changing(operation, move |folder, part| {
            folder.delete_manifest(&repository, &digest, part)
        })
        .await
    }
}
