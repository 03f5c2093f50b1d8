//! What is there now of what a change altered: tags, manifests and blobs, by HEAD alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use artifact::{ByteSize, Digest, Manifest, Tag};
use futures::{StreamExt, TryStreamExt, stream};
use registry::{Operation, RawManifest, RegistryError, Target, WritableRegistry};

use super::before::Before;
use crate::{
    ChangeError, Located, Parties,
    journal::Manifests,
    run::{children, held},
};

/// Questions that are asked side by side.
const SIDE_BY_SIDE: usize = 8;

/// What the registries hold now.
#[derive(Debug, Default)]
pub(super) struct Present {
    pub(super) tags: BTreeMap<(Located, Tag), Option<Digest>>,
    /// Of the manifests that an undo needs.
    pub(super) manifests: BTreeSet<(Located, Digest)>,
    /// Fallback lists that hold nothing but what the change put.
    pub(super) lists: BTreeMap<(Located, Tag), RawManifest>,
    /// Manifests that are gone, each with what stands against putting it again; empty: nothing.
    pub(super) gone: BTreeMap<(Located, Digest), Vec<String>>,
    /// Blobs that are gone, and stand in a backup.
    pub(super) backed_up: BTreeMap<(Located, Digest), BackedUp>,
}

/// A blob in a backup.
#[derive(Debug)]
pub(super) struct BackedUp {
    pub(super) from: Located,
    pub(super) size: ByteSize,
}

/// Asks, for a change that is to be undone.
pub(super) struct Look<'a> {
    pub(super) parties: &'a Parties,
    pub(super) manifests: &'a Manifests,
    pub(super) operation: &'a Operation,
}

impl Look<'_> {
    pub(super) async fn at(&self, before: &Before) -> Result<Present, ChangeError> {
        let tags: Vec<(Located, Tag)> = before.tags.keys().cloned().collect();
        let tags = stream::iter(tags).map(|(at, tag)| async move {
            let now = self.held(&at, &Target::Tag(tag.clone())).await?;
            Ok::<_, ChangeError>(((at, tag), now))
        });
        let tags: BTreeMap<_, _> = tags.buffer_unordered(SIDE_BY_SIDE).try_collect().await?;
        let mut present = Present {
            tags,
            lists: self.lists(before).await?,
            ..Present::default()
        };
        let found = stream::iter(self.needed(before, &present)).map(|(at, digest)| async move {
            let now = self.held(&at, &Target::Digest(digest.clone())).await?;
            Ok::<_, ChangeError>(((at, digest), now.is_some()))
        });
        let found: Vec<_> = found.buffer_unordered(SIDE_BY_SIDE).try_collect().await?;
        for (key, is_there) in found {
            if is_there {
                present.manifests.insert(key);
            } else {
                present.gone.insert(key, Vec::new());
            }
        }
        self.look_for_blobs(&before.backups, &mut present).await?;
        Ok(present)
    }

    /// The fallback lists that the registry layer began for this change. One that names anything else is left alone.
    async fn lists(&self, before: &Before) -> Result<BTreeMap<(Located, Tag), RawManifest>, ChangeError> {
        let mut lists = BTreeMap::new();
        for (key, ours) in &before.lists {
            let (at, tag) = key;
            let target = Target::Tag(tag.clone());
            let found = self
                .registry(at)?
                .manifest(&at.repository, &target, self.operation)
                .await;
            let list = match found {
                Ok(list) => list,
                Err(RegistryError::NotFound { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            if children(&list).iter().all(|child| ours.contains(child)) {
                lists.insert(key.clone(), list);
            }
        }
        Ok(lists)
    }

    /// The manifests that tags go back to, those that were deleted, and all below them that the journal knows.
    fn needed(&self, before: &Before, present: &Present) -> BTreeSet<(Located, Digest)> {
        let tags = before.tags.iter().filter_map(|(key, tag)| {
            let wanted = tag.held.as_ref()?;
            (present.tags.get(key).map(Option::as_ref) != Some(Some(wanted))).then(|| (key.0.clone(), wanted.clone()))
        });
        let mut open: Vec<(Located, Digest)> = before.deleted.iter().cloned().chain(tags).collect();
        let mut needed = BTreeSet::new();
        while let Some((at, digest)) = open.pop() {
            if let Some(manifest) = self.manifests.get(&digest) {
                // Another change may have deleted a part since.
                let below = children(manifest).into_iter().map(|child| (at.clone(), child));
                open.extend(below.filter(|key| !needed.contains(key)));
            }
            needed.insert((at, digest));
        }
        needed
    }

    /// Says of every manifest that is gone whether it can be put again.
    async fn look_for_blobs(&self, backups: &BTreeSet<Located>, present: &mut Present) -> Result<(), ChangeError> {
        let mut wanted: BTreeMap<(Located, Digest), (ByteSize, Vec<Digest>)> = BTreeMap::new();
        for ((at, digest), problems) in &mut present.gone {
            match blobs(self.manifests.get(digest)) {
                Ok(blobs) => {
                    for (blob, size) in blobs {
                        let needed = wanted.entry((at.clone(), blob));
                        needed.or_insert_with(|| (size, Vec::new())).1.push(digest.clone());
                    }
                }
                Err(problem) => problems.push(problem),
            }
        }
        let missing = stream::iter(wanted).map(|((at, blob), (size, manifests))| async move {
            let registry = self.registry(&at)?;
            if registry.has_blob(&at.repository, &blob, self.operation).await? {
                return Ok(None);
            }
            let found = self.in_backup(backups, &blob).await?;
            Ok::<_, ChangeError>(Some(((at, blob), size, manifests, found)))
        });
        let missing: Vec<_> = missing.buffer_unordered(SIDE_BY_SIDE).try_collect().await?;
        for (key, size, manifests, found) in missing.into_iter().flatten() {
            match found {
                Ok(from) => {
                    present.backed_up.insert(key, BackedUp { from, size });
                }
                Err(problem) => {
                    let (at, blob) = key;
                    for manifest in manifests {
                        let problems = present.gone.entry((at.clone(), manifest)).or_default();
                        problems.push(format!("its blob {blob} is gone{problem}"));
                    }
                }
            }
        }
        self.spread(present);
        Ok(())
    }

    /// Where a blob stands in a backup; the inner error is what else there is to say of one that does not.
    async fn in_backup(
        &self,
        backups: &BTreeSet<Located>,
        blob: &Digest,
    ) -> Result<Result<Located, String>, ChangeError> {
        let mut problem = String::new();
        for place in backups {
            let Ok(registry) = self.registry(place) else {
                ", and the connection of its backup is not there".clone_into(&mut problem);
                continue;
            };
            match registry.has_blob(&place.repository, blob, self.operation).await {
                Ok(true) => return Ok(Ok(place.clone())),
                Ok(false) | Err(RegistryError::NotFound { .. }) if problem.is_empty() => {
                    ", also in its backup".clone_into(&mut problem);
                }
                Ok(false) | Err(RegistryError::NotFound { .. }) => {}
                Err(RegistryError::Cancelled) => return Err(ChangeError::Cancelled),
                Err(error) => problem = format!(", and its backup cannot be read: {error}"),
            }
        }
        Ok(Err(problem))
    }

    /// An index whose child cannot come back cannot either.
    fn spread(&self, present: &mut Present) {
        loop {
            let lost = |at: &Located, digest: &Digest| {
                present
                    .gone
                    .get(&(at.clone(), digest.clone()))
                    .is_some_and(|problems| !problems.is_empty())
            };
            let found = present.gone.iter().find_map(|(key, problems)| {
                let manifest = self.manifests.get(&key.1).filter(|_| problems.is_empty())?;
                let child = children(manifest).into_iter().find(|child| lost(&key.0, child))?;
                Some((key.clone(), child))
            });
            let Some((key, child)) = found else {
                return;
            };
            let problem = format!("its part {} cannot be brought back", child.short());
            present.gone.entry(key).or_default().push(problem);
        }
    }

    async fn held(&self, at: &Located, target: &Target) -> Result<Option<Digest>, ChangeError> {
        let registry = self.registry(at)?;
        Ok(held(registry.as_ref(), &at.repository, target, self.operation).await?)
    }

    pub(super) fn registry(&self, at: &Located) -> Result<&Arc<dyn WritableRegistry>, ChangeError> {
        self.parties.registry(&at.connection)
    }
}

/// The blobs that a registry asks for when a manifest is put; an error says why it cannot be put at all.
pub(super) fn blobs(manifest: Option<&RawManifest>) -> Result<Vec<(Digest, ByteSize)>, String> {
    let Some(manifest) = manifest else {
        return Err("the journal does not have its manifest".to_owned());
    };
    match Manifest::parse(Some(&manifest.media_type), &manifest.bytes) {
        Ok(Manifest::Image(image)) => {
            let blobs = image.config.iter().chain(&image.layers);
            // Layers that may not be distributed lie elsewhere (image-spec 1.1, "Non-Distributable Layers").
            let stored = blobs.filter(|blob| {
                !["nondistributable", "foreign"]
                    .iter()
                    .any(|mark| blob.media_type.contains(mark))
            });
            Ok(stored.map(|blob| (blob.digest.clone(), blob.size)).collect())
        }
        Ok(Manifest::Index(_)) => Ok(Vec::new()),
        Ok(Manifest::Schema1(_)) => Err("it is of Docker's schema 1, which cannot be put again".to_owned()),
        Err(error) => Err(format!("its manifest cannot be read: {error}")),
    }
}
