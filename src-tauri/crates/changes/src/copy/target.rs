//! What the target has already, looked at just before the plan. Reads only, by HEAD wherever that tells.

use std::collections::{BTreeMap, BTreeSet};

use artifact::{Digest, Tag};
use futures::{StreamExt, TryStreamExt, stream};
use registry::{ErrorCode, Operation, Place, Provider, RawManifest, RegistryError, Target, WritableRegistry};

use super::{
    referrers::{found, listed},
    source::Needed,
};
use crate::{ChangeError, Located};

/// A repository that something is copied or promoted to, as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetState {
    pub at: Located,
    /// The registry, to tell whether the source is in the same one.
    pub place: Place,
    pub provider: Provider,
    /// The tags that are to be put, in the order in which they were asked for, each once.
    pub tags: Vec<TargetTag>,
    /// What cosign's tags hold there, of those that travel.
    pub referrer_tags: BTreeMap<Tag, Digest>,
    /// Manifests that are there.
    pub manifests: BTreeSet<Digest>,
    /// Referrers that are there, but that the registry does not list where they belong: nobody would find them.
    pub unlisted: BTreeSet<Digest>,
    pub blobs: BTreeSet<Digest>,
    /// What tags hold that will move, as far as it can be read.
    pub replaced: BTreeMap<Digest, RawManifest>,
}

/// A tag that is to be put, and what it holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetTag {
    pub tag: Tag,
    pub holds: Option<Digest>,
}

/// Looks for what a copy needs, and for what its tags hold. A repository that is not there yet holds nothing.
///
/// # Errors
/// When the registry refuses or cannot be reached; then nothing is known, and nothing must be planned.
pub async fn read_target(
    registry: &dyn WritableRegistry,
    at: &Located,
    needed: &Needed,
    tags: &[Tag],
    operation: &Operation,
) -> Result<TargetState, ChangeError> {
    let look = Look {
        registry,
        at,
        operation,
        side_by_side: registry.traits().concurrency.max(1),
    };
    let mut distinct: Vec<Tag> = Vec::with_capacity(tags.len());
    for tag in tags {
        if !distinct.contains(tag) {
            distinct.push(tag.clone());
        }
    }
    let held = look.tags(distinct).await?;
    let referrer_tags = look.tags(needed.referrer_tags.clone()).await?;
    let manifests = look.manifests(&needed.manifests).await?;
    let held_digests = held.iter().chain(&referrer_tags).filter_map(|tag| tag.holds.clone());
    let state = TargetState {
        at: at.clone(),
        place: registry.place(),
        provider: registry.traits().provider,
        replaced: look.replaced(held_digests.collect()).await?,
        tags: held,
        referrer_tags: referrer_tags
            .into_iter()
            .filter_map(|TargetTag { tag, holds }| Some((tag, holds?)))
            .collect(),
        unlisted: look.unlisted(&needed.referrers, &manifests).await?,
        manifests,
        blobs: look.blobs(&needed.blobs).await?,
    };
    Ok(state)
}

struct Look<'a> {
    registry: &'a dyn WritableRegistry,
    at: &'a Located,
    operation: &'a Operation,
    side_by_side: usize,
}

impl Look<'_> {
    async fn tags(&self, tags: Vec<Tag>) -> Result<Vec<TargetTag>, RegistryError> {
        stream::iter(tags)
            .map(|tag| async move {
                let resolved = self.resolve(tag.clone().into()).await?;
                Ok(TargetTag { tag, holds: resolved })
            })
            .buffered(self.side_by_side)
            .try_collect()
            .await
    }

    async fn manifests(&self, wanted: &BTreeSet<Digest>) -> Result<BTreeSet<Digest>, RegistryError> {
        stream::iter(wanted.clone())
            .map(|digest| self.resolve(Target::Digest(digest)))
            .buffer_unordered(self.side_by_side)
            .try_filter_map(|there| async move { Ok(there) })
            .try_collect()
            .await
    }

    async fn blobs(&self, wanted: &BTreeSet<Digest>) -> Result<BTreeSet<Digest>, RegistryError> {
        let repository = &self.at.repository;
        stream::iter(wanted.clone())
            .map(|digest| async move {
                let there = found(self.registry.has_blob(repository, &digest, self.operation).await)?;
                Ok((there == Some(true)).then_some(digest))
            })
            .buffer_unordered(self.side_by_side)
            .try_filter_map(|there| async move { Ok(there) })
            .try_collect()
            .await
    }

    /// Referrers that are there, but in no list of their subject's.
    async fn unlisted(
        &self,
        referrers: &BTreeMap<Digest, BTreeSet<Digest>>,
        there: &BTreeSet<Digest>,
    ) -> Result<BTreeSet<Digest>, RegistryError> {
        let there = referrers
            .iter()
            .map(|(subject, of)| (subject.clone(), of.intersection(there).cloned().collect()));
        let subjects: Vec<(Digest, BTreeSet<Digest>)> =
            there.filter(|(_, of): &(_, BTreeSet<_>)| !of.is_empty()).collect();
        let unlisted: Vec<BTreeSet<Digest>> = stream::iter(subjects)
            .map(|(subject, mut of)| async move {
                let listed = listed(self.registry, &self.at.repository, &subject, self.operation).await?;
                for referrer in &listed.found {
                    of.remove(&referrer.digest);
                }
                Ok::<_, RegistryError>(of)
            })
            .buffer_unordered(self.side_by_side)
            .try_collect()
            .await?;
        Ok(unlisted.into_iter().flatten().collect())
    }

    /// What tags hold, for the journal. Not being able to read it stands in the way of undo, not of the change.
    async fn replaced(&self, digests: BTreeSet<Digest>) -> Result<BTreeMap<Digest, RawManifest>, RegistryError> {
        let repository = &self.at.repository;
        let read: Vec<Option<RawManifest>> = stream::iter(digests)
            .map(|digest| async move {
                match self.registry.manifest(repository, &digest.into(), self.operation).await {
                    Ok(raw) => Ok(Some(raw)),
                    Err(RegistryError::Cancelled) => Err(RegistryError::Cancelled),
                    Err(error) => {
                        tracing::debug!(%error, "what a tag holds could not be read");
                        Ok(None)
                    }
                }
            })
            .buffer_unordered(self.side_by_side)
            .try_collect()
            .await?;
        Ok(read
            .into_iter()
            .flatten()
            .map(|raw| (raw.digest.clone(), raw))
            .collect())
    }

    async fn resolve(&self, target: Target) -> Result<Option<Digest>, RegistryError> {
        match self
            .registry
            .resolve(&self.at.repository, &target, self.operation)
            .await
        {
            Ok(resolved) => Ok(Some(resolved.digest)),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}
