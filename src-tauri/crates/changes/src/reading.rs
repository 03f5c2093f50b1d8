//! Reading a repository for a plan: from the index what is verified by digest, from the registry what may have changed.
//!
//! The caller syncs the repository first, so that tags and what they point at are new. Decides nothing.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use artifact::Digest;
use catalog::{Clock, Index, RepositoryContent};
use futures::{StreamExt, TryStreamExt, stream};
use registry::{DeleteRules, ErrorCode, Operation, RawManifest, Registry, RegistryError, Target};

use crate::{ChangeError, Located, Snapshot, SnapshotTag, Unreadable};

/// How deep missing manifests are followed: each round reads what the last one named.
const ROUNDS: usize = 16;

/// Where a repository is read from.
#[derive(Debug)]
pub struct Reading<'a> {
    pub index: &'a Index,
    pub registry: Arc<dyn Registry>,
    pub at: Located,
    pub clock: &'a Clock,
}

impl Reading<'_> {
    /// The repository as the last sync left it, with every manifest that a tag leads to; what the index lacks is read.
    /// `leftovers`: whether manifests without a tag matter; those that only the index remembers are then looked for.
    ///
    /// # Errors
    /// [`ChangeError::Catalog`] if it was never synced; [`ChangeError::Cancelled`]. What could not be read stands in
    /// [`Snapshot::unreadable`].
    pub async fn snapshot(&self, leftovers: bool, operation: &Operation) -> Result<Snapshot, ChangeError> {
        let rules = self.registry.delete_rules(&self.at.repository, operation).await?;
        let mut failed = HashMap::new();
        for _ in 0..ROUNDS {
            let content = self.content().await?;
            let missing: Vec<Digest> = content
                .missing
                .iter()
                .filter(|digest| !failed.contains_key(*digest))
                .cloned()
                .collect();
            if missing.is_empty() {
                let mut snapshot = Snapshot::of(self.at.clone(), content, rules, &failed);
                if leftovers {
                    self.drop_absent(&mut snapshot, operation).await?;
                }
                return Ok(snapshot);
            }
            self.read_missing(missing, &mut failed, operation).await?;
        }
        Err(ChangeError::Refused {
            message: format!(
                "{} holds manifests inside of each other without end",
                self.at.repository
            ),
            hint: None,
        })
    }

    /// Reads anew what points at these digests. `true`: something was found that the last snapshot does not hold.
    ///
    /// # Errors
    /// Any failure: what points at a version must be known before it goes.
    pub async fn refresh_referrers(&self, of: &HashSet<Digest>, operation: &Operation) -> Result<(), ChangeError> {
        let mut digests = of.iter().cloned();
        // Whether the host has the referrers API is learned from the first.
        let Some(first) = digests.next() else { return Ok(()) };
        if !self.refresh(first, operation).await? {
            return Ok(());
        }
        let side_by_side = self.registry.traits().concurrency;
        stream::iter(digests.map(|digest| self.refresh(digest, operation)))
            .buffer_unordered(side_by_side)
            .try_collect::<Vec<_>>()
            .await?;
        Ok(())
    }

    async fn refresh(&self, digest: Digest, operation: &Operation) -> Result<bool, ChangeError> {
        let Located { connection, repository } = &self.at;
        Ok(self
            .index
            .refresh_referrers(connection, repository, &digest, &self.registry, self.clock, operation)
            .await?)
    }

    async fn content(&self) -> Result<RepositoryContent, ChangeError> {
        let (index, at, now) = (self.index.clone(), self.at.clone(), self.clock.now());
        let content = tokio::task::spawn_blocking(move || index.content(&at.connection, &at.repository, now));
        Ok(content.await??)
    }

    /// Reads manifests and keeps them; what fails is noted.
    async fn read_missing(
        &self,
        missing: Vec<Digest>,
        failed: &mut HashMap<Digest, String>,
        operation: &Operation,
    ) -> Result<(), ChangeError> {
        let side_by_side = self.registry.traits().concurrency;
        let mut reads = stream::iter(missing.into_iter().map(|digest| async move {
            let target = Target::Digest(digest.clone());
            (
                digest,
                self.registry.manifest(&self.at.repository, &target, operation).await,
            )
        }))
        .buffer_unordered(side_by_side);
        let mut read: Vec<RawManifest> = Vec::new();
        while let Some((digest, outcome)) = reads.next().await {
            match outcome {
                Ok(raw) => read.push(raw),
                Err(RegistryError::Cancelled) => return Err(ChangeError::Cancelled),
                Err(error) => {
                    failed.insert(digest, error.to_string());
                }
            }
        }
        let index = self.index.clone();
        Ok(tokio::task::spawn_blocking(move || index.keep_manifests(&read)).await??)
    }

    /// Manifests without a tag that only the index remembers: those that the registry has no more are dropped.
    async fn drop_absent(&self, snapshot: &mut Snapshot, operation: &Operation) -> Result<(), ChangeError> {
        if snapshot.lists_manifests {
            return Ok(());
        }
        let side_by_side = self.registry.traits().concurrency;
        let untagged = std::mem::take(&mut snapshot.untagged);
        let found: Vec<Option<Digest>> = stream::iter(untagged.into_iter().map(|digest| async move {
            let target = Target::Digest(digest.clone());
            match self.registry.resolve(&self.at.repository, &target, operation).await {
                Ok(_) => Ok(Some(digest)),
                Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
                Err(error) => Err(ChangeError::from(error)),
            }
        }))
        .buffered(side_by_side)
        .try_collect()
        .await?;
        snapshot.untagged = found.into_iter().flatten().collect();
        Ok(())
    }
}

impl Snapshot {
    /// What the index holds, as a value for plans. `failed`: manifests that could not be read, and why; others that are
    /// missing were not looked for.
    pub fn of(at: Located, content: RepositoryContent, rules: DeleteRules, failed: &HashMap<Digest, String>) -> Self {
        let unreadable = unreadable(&at, &content, failed);
        let tags = content.tags.into_iter().filter_map(|tag| {
            Some(SnapshotTag {
                digest: tag.digest?,
                tag: tag.tag,
                pushed: tag.pushed,
                pulled: None,
            })
        });
        let mut manifests = content.manifests;
        for leftover in &content.leftovers {
            if let Some(manifest) = manifests.get_mut(&leftover.digest) {
                manifest.created = manifest.created.or(leftover.created);
            }
        }
        Self {
            at,
            tags: tags.collect(),
            manifests,
            unreadable,
            untagged: content.leftovers.into_iter().map(|leftover| leftover.digest).collect(),
            lists_manifests: content.lists_manifests,
            rules,
        }
    }
}

fn unreadable(at: &Located, content: &RepositoryContent, failed: &HashMap<Digest, String>) -> Vec<Unreadable> {
    let entry = |reference: String, problem: String| Unreadable {
        at: at.clone(),
        reference,
        problem,
    };
    let list = content.partial_reason.iter().map(|reason| {
        let problem = format!("the list of tags is not complete: {reason}");
        entry(at.repository.to_string(), problem)
    });
    let tags = content.tags.iter().filter_map(|tag| {
        let problem = match (&tag.problem, &tag.digest) {
            (Some(problem), _) => problem.message.clone(),
            (None, None) => "it was not read yet".to_owned(),
            (None, Some(_)) => return None,
        };
        Some(entry(tag.tag.to_string(), problem))
    });
    let missing = content.missing.iter().map(|digest| {
        let problem = failed.get(digest).cloned();
        entry(
            digest.to_string(),
            problem.unwrap_or_else(|| "it was not read yet".to_owned()),
        )
    });
    let doubtful = content
        .doubtful
        .iter()
        .map(|(digest, problem)| entry(digest.to_string(), problem.clone()));
    list.chain(tags).chain(missing).chain(doubtful).collect()
}
