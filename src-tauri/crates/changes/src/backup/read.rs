//! Reads what a plan deletes of a repository, and everything below it: manifests alone, blobs are named.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use artifact::{Digest, Tag};
use futures::{StreamExt, TryStreamExt, stream};
use registry::{Operation, RawManifest, Registry};

use super::Going;
use crate::{Action, ChangeError, Located, Plan, SourceArtifact, SourceManifest, copy::found};

/// What `plan` deletes in `at`, whole: with the parts that stay, so that the backup can be used by itself. `None` if no
/// version goes there. Tags of versions that stay need no backup.
///
/// # Errors
/// If anything of it cannot be read, or cannot be put anywhere again.
pub async fn read_going(
    registry: &dyn Registry,
    at: &Located,
    plan: &Plan,
    operation: &Operation,
) -> Result<Option<Going>, ChangeError> {
    let steps = || plan.steps.iter().filter(|step| step.at == *at);
    let deletes = steps().filter(|step| step.action == Action::DeleteManifest);
    let tops: BTreeSet<Digest> = deletes.map(|step| step.digest.clone()).collect();
    let tagged = steps().filter(|step| tops.contains(&step.digest));
    let tags: BTreeMap<Tag, Digest> = tagged
        .flat_map(|step| step.tags.iter().map(|tag| (tag.clone(), step.digest.clone())))
        .collect();
    let mut reader = Reader {
        registry,
        at,
        plan,
        operation,
        manifests: BTreeMap::new(),
        left_out: 0,
        missing: 0,
    };
    reader.whole(&tops, &tags).await?;
    let mut ordered = subjects_first(&tops, &reader.manifests).into_iter();
    let Some(root) = ordered.next() else { return Ok(None) };
    let warnings = reader.warnings();
    let source = SourceArtifact {
        at: at.clone(),
        place: registry.place(),
        found: root.clone(),
        root,
        referrers: ordered.collect(),
        manifests: reader.manifests,
        referrer_tags: Vec::new(),
        warnings,
    };
    Ok(Some(Going { source, tags }))
}

struct Reader<'a> {
    registry: &'a dyn Registry,
    at: &'a Located,
    plan: &'a Plan,
    operation: &'a Operation,
    manifests: BTreeMap<Digest, SourceManifest>,
    left_out: usize,
    /// Parts of indexes that are nowhere.
    missing: usize,
}

impl Reader<'_> {
    fn warnings(&self) -> Vec<String> {
        let left_out = (self.left_out > 0).then(|| {
            format!(
                "{} layers must not be passed on by their makers' terms: the backup is without them",
                self.left_out
            )
        });
        let missing = (self.missing > 0).then(|| {
            format!(
                "{} parts of what goes from {} are not there any more: the backup is without them",
                self.missing, self.at.repository
            )
        });
        left_out.into_iter().chain(missing).collect()
    }

    /// Level by level; that ends, as no manifest can hold the digest of one that holds its own.
    async fn whole(&mut self, tops: &BTreeSet<Digest>, tags: &BTreeMap<Tag, Digest>) -> Result<(), ChangeError> {
        let mut names: BTreeMap<&Digest, String> = BTreeMap::new();
        for (tag, digest) in tags {
            names.entry(digest).or_insert_with(|| tag.to_string());
        }
        let name_of = |top: &Digest| names.get(top).cloned().unwrap_or_else(|| top.short().to_owned());
        let mut level: Vec<(Digest, String)> = tops.iter().map(|top| (top.clone(), name_of(top))).collect();
        while !level.is_empty() {
            let side_by_side = self.registry.traits().concurrency.max(1);
            let (registry, at, plan, operation) = (self.registry, self.at, self.plan, self.operation);
            let read: Vec<Option<(RawManifest, String)>> = stream::iter(level)
                .map(|(digest, name)| async move {
                    let raw = match plan.manifests.get(&digest) {
                        Some(known) => Some(known.clone()),
                        None => found(registry.manifest(&at.repository, &digest.into(), operation).await)?,
                    };
                    Ok::<_, ChangeError>(raw.map(|raw| (raw, name)))
                })
                .buffered(side_by_side)
                .try_collect()
                .await?;
            level = Vec::new();
            self.missing += read.iter().filter(|read| read.is_none()).count();
            for (raw, name) in read.into_iter().flatten() {
                for child in self.take(raw, &name)? {
                    if !level.iter().any(|(known, _)| *known == child) {
                        level.push((child, name.clone()));
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes a manifest along; answers what stands below it and is not known yet.
    fn take(&mut self, raw: RawManifest, name: &str) -> Result<Vec<Digest>, ChangeError> {
        let digest = raw.digest.clone();
        let place = self.registry.place().with(self.at.repository.as_str());
        let read = SourceManifest::read(raw, format!("the backup of {name}"), &place).map_err(|error| {
            ChangeError::refused(
                format!("{}@{digest} cannot be backed up: {error}", self.at.repository),
                "keep it out of this with --keep, or do without a backup; nothing was changed",
            )
        })?;
        self.left_out += read.left_out;
        let below = read.source.children.clone();
        self.manifests.insert(digest, read.source);
        Ok(below
            .into_iter()
            .filter(|child| !self.manifests.contains_key(child))
            .collect())
    }
}

/// What goes in an order in which what points at something stands after it.
fn subjects_first(tops: &BTreeSet<Digest>, manifests: &BTreeMap<Digest, SourceManifest>) -> Vec<Digest> {
    let mut ordered = Vec::with_capacity(tops.len());
    let mut placed: HashSet<&Digest> = HashSet::new();
    for top in tops {
        let mut chain = Vec::new();
        let mut next = Some(top);
        while let Some(digest) = next.filter(|digest| placed.insert(digest)) {
            chain.push(digest.clone());
            let subject = manifests.get(digest).and_then(|manifest| manifest.subject.as_ref());
            next = subject.and_then(|subject| tops.get(subject));
        }
        ordered.extend(chain.into_iter().rev());
    }
    ordered
}
