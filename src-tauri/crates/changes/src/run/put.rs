//! Puts: manifests byte for byte, and the blobs that they need.

use std::{collections::HashSet, sync::Arc};

use artifact::{Digest, RepositoryName, Tag};
use registry::{ErrorCode, RawManifest, Registry, RegistryError, StoredBlob, Target};

use super::{
    check::children,
    delete::{moved, skipped},
    work::Work,
};
use crate::{Located, Step, journal::StepEnd};

pub(super) async fn manifest(work: &Work, step: &Step) -> Result<StepEnd, RegistryError> {
    let Some(manifest) = work.manifests.get(&step.digest) else {
        return Ok(skipped("the journal has no bytes of the manifest"));
    };
    let target = match &step.tag {
        Some(tag) => Target::Tag(tag.clone()),
        None => Target::Digest(step.digest.clone()),
    };
    let held = work.held(&step.at, &target).await?;
    // Where the plan expects the very manifest, it is put again so that the registry lists it as a referrer.
    let is_put_again = step.expected.as_ref() == Some(&step.digest);
    if held.as_ref() == Some(&step.digest) && !is_put_again {
        return Ok(StepEnd::Done);
    }
    if held != step.expected && !only_our_referrers(work, step, held.as_ref(), manifest).await? {
        return Ok(moved(&target, held.as_ref()));
    }
    let registry = work.registry(&step.at)?;
    registry
        .put_manifest(&step.at.repository, &target, manifest, &work.writing)
        .await?;
    let left = work.left(&step.at, &target).await?;
    if left.as_ref() == Some(&step.digest) {
        return Ok(StepEnd::Done);
    }
    let found = left.map_or_else(|| "nothing".to_owned(), |held| held.short().to_owned());
    Ok(StepEnd::Failed {
        code: ErrorCode::InvalidAnswer.as_str().to_owned(),
        message: format!("the registry took the manifest, but {target} holds {found}"),
        hint: Some("somebody else may have moved it just then: look again".to_owned()),
    })
}

/// Whether a fallback tag holds a list that the wanted one contains. Putting a referrer makes the registry layer begin
/// such a list by itself; nothing of it is lost then.
async fn only_our_referrers(
    work: &Work,
    step: &Step,
    held: Option<&Digest>,
    wanted: &RawManifest,
) -> Result<bool, RegistryError> {
    let is_list = |tag: &Tag| {
        tag.referrer_subject()
            .is_some_and(|subject| *tag == Tag::of_referrers(&subject))
    };
    let Some(held) = held.filter(|_| step.tag.as_ref().is_some_and(is_list)) else {
        return Ok(false);
    };
    let registry = work.registry(&step.at)?;
    let target = Target::Digest(held.clone());
    let found = registry.manifest(&step.at.repository, &target, &work.operation).await?;
    let wanted: HashSet<Digest> = children(wanted).into_iter().collect();
    Ok(children(&found).iter().all(|referrer| wanted.contains(referrer)))
}

pub(super) async fn copied_blob(
    work: &Work,
    place: usize,
    step: &Step,
    from: &Located,
) -> Result<StepEnd, RegistryError> {
    let target = work.registry(&step.at)?;
    let operation = work.transfers.part(place, &work.operation);
    if !target.has_blob(&step.at.repository, &step.digest, &operation).await? {
        send(work, step, from, &operation).await?;
    }
    work.transfers.end(place, step.bytes);
    Ok(StepEnd::Done)
}

pub(super) async fn mounted_blob(
    work: &Work,
    place: usize,
    step: &Step,
    from: &RepositoryName,
) -> Result<StepEnd, RegistryError> {
    let registry = work.registry(&step.at)?;
    let operation = work.transfers.part(place, &work.operation);
    let repository = &step.at.repository;
    let there = registry.has_blob(repository, &step.digest, &operation).await?
        || registry.mount_blob(repository, from, &step.digest, &operation).await?;
    if !there {
        let from = Located {
            connection: step.at.connection.clone(),
            repository: from.clone(),
        };
        send(work, step, &from, &operation).await?;
    }
    Ok(StepEnd::Done)
}

async fn send(work: &Work, step: &Step, from: &Located, operation: &registry::Operation) -> Result<(), RegistryError> {
    let size = work.blob_size(step);
    let registry: Arc<dyn Registry> = Arc::clone(work.registry(from)?) as Arc<dyn Registry>;
    let source = StoredBlob {
        registry,
        repository: from.repository.clone(),
        digest: step.digest.clone(),
        size,
    };
    work.registry(&step.at)?
        .put_blob(&step.at.repository, &step.digest, size, &source, operation)
        .await
}
