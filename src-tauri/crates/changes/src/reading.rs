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
            let mut content = self.content().await?;
            let missing: Vec<Digest> = content
                .missing
                .iter()
                .filter(|digest| !failed.contains_key(*digest))
                .cloned()
                .collect();
            if missing.is_empty() {
                forget_absent(&mut content, &failed);
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
        failed: &mut HashMap<Digest, RegistryError>,
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
                    failed.insert(digest, error);
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
    pub fn of(
        at: Located,
        content: RepositoryContent,
        rules: DeleteRules,
        failed: &HashMap<Digest, RegistryError>,
    ) -> Self {
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

/// What only a list of referrers still names and the registry does not have any more is nobody's: other clients delete a
/// signature and leave its name in the list. What an index or a tag names stays missing.
fn forget_absent(content: &mut RepositoryContent, failed: &HashMap<Digest, RegistryError>) {
    let named_by = |lists: bool| {
        let tags = content
            .tags
            .iter()
            .filter(move |tag| tag.tag.is_referrer_name() == lists);
        tags.filter_map(|tag| tag.digest.clone())
    };
    let tagged: HashSet<Digest> = named_by(false).chain(named_by(true)).collect();
    let versions: HashSet<Digest> = named_by(false).collect();
    let lists: HashSet<Digest> = named_by(true).filter(|list| !versions.contains(list)).collect();
    let others = content.manifests.iter().filter(|(digest, _)| !lists.contains(*digest));
    let needed: HashSet<&Digest> = others
        .flat_map(|(_, manifest)| &manifest.children)
        .chain(&tagged)
        .collect();
    let is_gone = |digest: &Digest| {
        failed
            .get(digest)
            .is_some_and(|error| error.code() == ErrorCode::NotFound)
    };
    let missing = content.missing.iter().filter(|digest| is_gone(digest));
    let absent: HashSet<Digest> = missing.filter(|digest| !needed.contains(digest)).cloned().collect();
    if absent.is_empty() {
        return;
    }
    content.missing.retain(|digest| !absent.contains(digest));
    for manifest in content.manifests.values_mut() {
        manifest.children.retain(|digest| !absent.contains(digest));
        manifest.referrers.retain(|digest| !absent.contains(digest));
    }
}

fn unreadable(at: &Located, content: &RepositoryContent, failed: &HashMap<Digest, RegistryError>) -> Vec<Unreadable> {
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
        let problem = failed.get(digest).map(ToString::to_string);
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

#[cfg(test)]
mod tests {
    use catalog::{ManifestContent, TagContent};
    use registry::Place;

    use super::*;

    fn digest(letter: &str) -> Digest {
        format!("sha256:{}", letter.repeat(64)).parse().expect("a digest")
    }

    /// A version `a` with tag `1.0`, its list of referrers `b`, and the referrer `c` that is missing.
    fn with_list() -> RepositoryContent {
        let tag = |name: String, digest: Digest| TagContent {
            tag: name.parse().expect("a tag"),
            digest: Some(digest),
            pushed: None,
            problem: None,
        };
        let version = ManifestContent {
            referrers: vec![digest("c")],
            ..ManifestContent::default()
        };
        let list = ManifestContent {
            children: vec![digest("c")],
            ..ManifestContent::default()
        };
        RepositoryContent {
            tags: vec![
                tag("1.0".to_owned(), digest("a")),
                tag(format!("sha256-{}", "a".repeat(64)), digest("b")),
            ],
            manifests: HashMap::from([(digest("a"), version), (digest("b"), list)]),
            missing: vec![digest("c")],
            ..RepositoryContent::default()
        }
    }

    fn gone() -> RegistryError {
        RegistryError::NotFound {
            place: Place::registry("localhost".to_owned()),
            reason: "c".to_owned(),
        }
    }

    fn still_missing(mut content: RepositoryContent, error: RegistryError) -> bool {
        forget_absent(&mut content, &HashMap::from([(digest("c"), error)]));
        let named = content
            .manifests
            .values()
            .any(|manifest| manifest.children.contains(&digest("c")) || manifest.referrers.contains(&digest("c")));
        assert_eq!(named, content.missing == [digest("c")]);
        named
    }

    #[test]
    fn a_referrer_that_is_gone_and_only_listed_is_forgotten() {
        assert!(!still_missing(with_list(), gone()));
    }

    #[test]
    fn what_cannot_be_read_for_another_reason_stays_missing() {
        assert!(still_missing(with_list(), RegistryError::Cancelled));
    }

    #[test]
    fn what_an_index_or_a_tag_names_too_stays_missing() {
        let mut needed = with_list();
        needed.manifests.entry(digest("a")).or_default().children = vec![digest("c")];
        assert!(still_missing(needed, gone()));
        let mut tagged = with_list();
        tagged.tags[0].digest = Some(digest("c"));
        assert!(still_missing(tagged, gone()));
        // A list that is somebody's version as well is an index like any other.
        let mut version = with_list();
        version.tags[0].digest = Some(digest("b"));
        assert!(still_missing(version, gone()));
    }
}
