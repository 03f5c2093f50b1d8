//! A folder or an archive as a registry that is written to. Blobs and manifests that nothing names stay on the disk, so
//! that what was deleted can be put again.

use std::io;

use artifact::{ByteSize, Digest, RepositoryName, Tag, Verifier};
use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use tokio::sync::mpsc;

use super::{
    Content, Folder, FolderRegistry,
    index_file::StillNamed,
    problem,
    writable::{Incoming, Writable},
    writable_layout::WritableLayout,
};
use crate::{
    BlobSource, Deletion, Operation, Place, ProgressEvent, RawManifest, RegistryError, Target, WritableRegistry,
};

/// How many pieces wait to be written at most.
const PIECES: usize = 8;

impl Folder {
    /// A repository's layout, to be written to; in a folder it may not be there yet.
    fn writable(&self, repository: &RepositoryName) -> Result<Writable, RegistryError> {
        let place = self.place.with(repository.as_str());
        match &self.content {
            Content::Single {
                repository: own,
                layout,
            } if own == repository => {
                let root = layout.path().to_owned();
                let archive = layout.archive().map(Writable::Archive);
                Ok(archive.unwrap_or_else(|| Writable::Layout(WritableLayout::new(root.clone(), root, place))))
            }
            Content::Single { repository: own, .. } => Err(problem::not_the_one(place, own)),
            Content::Tree(root) => WritableLayout::below(root, repository.as_str(), place).map(Writable::Layout),
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
        let tag = match target {
            Target::Tag(tag) => Some(tag),
            Target::Digest(_) => None,
        };
        layout.put_manifest(tag, manifest, operation)
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

    /// Writes what comes from `source`, exactly `size` bytes. Who writes is a thread of its own that is waited for, also
    /// when the source breaks off: nothing is written any more when this has ended.
    async fn receive(
        &self,
        incoming: Incoming,
        digest: &Digest,
        size: ByteSize,
        source: &dyn BlobSource,
        operation: &Operation,
    ) -> Result<Incoming, RegistryError> {
        let (pieces, arriving) = mpsc::channel(PIECES);
        let writing = tokio::task::spawn_blocking(move || write(incoming, arriving));
        let passed = self.pass(&pieces, digest, size, source, operation).await;
        drop(pieces);
        let written = writing.await;
        let written = written.map_err(|broken| RegistryError::io(&self.folder.shown, io::Error::other(broken)))?;
        // Where nothing can be written, that is why nothing is taken any more.
        let incoming = written?;
        passed?;
        Ok(incoming)
    }

    /// Hands on what comes from `source`, as long as it is wanted and what was announced.
    async fn pass(
        &self,
        pieces: &mpsc::Sender<Bytes>,
        digest: &Digest,
        size: ByteSize,
        source: &dyn BlobSource,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        let place = self.folder.place.with(digest.to_string());
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
            if operation.or_cancelled(pieces.send(piece)).await?.is_err() {
                return Ok(());
            }
            operation.report(&ProgressEvent::Sent {
                digest: digest.clone(),
                done: ByteSize(done),
                total: size,
            });
        }
        if done < size.0 {
            return Err(RegistryError::Truncated {
                place,
                received: ByteSize(done),
                expected: size,
            });
        }
        let outcome = verifier.finish();
        outcome.map_err(|problem| RegistryError::mismatch(&place, digest, &problem))?;
        Ok(())
    }
}

fn write(mut incoming: Incoming, mut arriving: mpsc::Receiver<Bytes>) -> Result<Incoming, RegistryError> {
    while let Some(piece) = arriving.blocking_recv() {
        incoming.write(&piece)?;
    }
    Ok(incoming)
}

#[async_trait]
impl WritableRegistry for FolderRegistry {
    async fn may_write(&self, repository: &RepositoryName, operation: &Operation) -> Result<(), RegistryError> {
        let repository = repository.clone();
        self.blocking(operation, move |folder, _| folder.writable(&repository)?.probe())
            .await
    }

    async fn has_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<bool, RegistryError> {
        let (repository, digest) = (repository.clone(), digest.clone());
        self.blocking(operation, move |folder, _| folder.writable(&repository)?.holds(&digest))
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
                Err(RegistryError::NotFound { .. } | RegistryError::Unsupported { .. }) => Ok(false),
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
        let begun = self.changing(operation, move |folder, part| {
            folder.writable(&name)?.incoming(&wanted, size, part)
        });
        let Some(incoming) = begun.await? else {
            return Ok(());
        };
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
