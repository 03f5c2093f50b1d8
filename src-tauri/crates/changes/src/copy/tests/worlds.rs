//! Random artifacts in a registry in memory, and a plan carried out in any order that it allows.

use std::{collections::HashSet, sync::Arc};

use artifact::{Digest, Manifest, Tag};
use proptest::{prelude::*, sample::Index};
use registry::{Operation, Registry, StoredBlob, Target, WritableRegistry};

use crate::{
    Action, Located, Plan, ReferrerChoice, Selection, SourceArtifact, Step, TargetState,
    double::{MemoryRegistry, Semantics, at, tag},
    read_artifact, read_target,
};

pub(super) const SOURCE: &str = "source/model";
pub(super) const TARGET: &str = "target/model";

/// What a random source and target hold. Numbers choose among what was made before them.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    /// Layers of images, by name, so that images share some.
    images: Vec<Vec<u8>>,
    /// Children of indexes: images and earlier indexes.
    indexes: Vec<Vec<Index>>,
    /// Subjects of referrers, among everything before.
    referrers: Vec<Index>,
    /// Subjects of cosign tags.
    cosign: Vec<Index>,
    root: Index,
    /// Which of the manifests, with all below them, the target has already.
    there: Vec<bool>,
    /// What the target's tag `latest` holds, if anything.
    latest: Option<Index>,
}

pub(super) fn recipes() -> impl Strategy<Value = Recipe> {
    let some = || prop::collection::vec(any::<Index>(), 0..4);
    (
        prop::collection::vec(prop::collection::vec(0..6_u8, 0..4), 1..5),
        prop::collection::vec(prop::collection::vec(any::<Index>(), 1..4), 0..4),
        some(),
        some(),
        any::<Index>(),
        prop::collection::vec(any::<bool>(), 16),
        prop::option::of(any::<Index>()),
    )
        .prop_map(|(images, indexes, referrers, cosign, root, there, latest)| Recipe {
            images,
            indexes,
            referrers,
            cosign,
            root,
            there,
            latest,
        })
}

/// A registry with a random source and target.
pub(super) struct World {
    pub(super) registry: Arc<MemoryRegistry>,
    pub(super) root: Digest,
}

impl World {
    pub(super) async fn new(recipe: &Recipe) -> Self {
        let registry = MemoryRegistry::new(Semantics::Distribution2);
        let mut versions = Vec::new();
        for (place, layers) in recipe.images.iter().enumerate() {
            let layers: Vec<String> = layers.iter().map(|layer| format!("layer {layer}")).collect();
            let own = format!("own {place}");
            let layers: Vec<&str> = layers.iter().map(String::as_str).chain([own.as_str()]).collect();
            versions.push(registry.state().image(SOURCE, &layers));
        }
        for children in &recipe.indexes {
            let children: Vec<Digest> = children.iter().map(|child| child.get(&versions).clone()).collect();
            let children: Vec<&Digest> = children.iter().collect();
            versions.push(registry.state().index(SOURCE, &children));
        }
        let root = recipe.root.get(&versions).clone();
        let mut subjects = versions;
        for (place, subject) in recipe.referrers.iter().enumerate() {
            let subject = subject.get(&subjects).clone();
            let referrer = registry
                .state()
                .referrer(SOURCE, &format!("referrer {place}"), &subject);
            put(&registry, SOURCE, &Target::Digest(referrer.clone()), &referrer).await;
            subjects.push(referrer);
        }
        for (place, subject) in recipe.cosign.iter().enumerate() {
            let signature = registry.state().image(SOURCE, &[&format!("signature {place}")]);
            let name = format!("{}.sig", Tag::of_referrers(subject.get(&subjects)));
            registry.state().tag(SOURCE, &name, &signature);
        }
        registry.state().tag(SOURCE, "v1", &root);
        let there = subjects.iter().zip(&recipe.there).filter(|(_, there)| **there);
        for (digest, _) in there.clone() {
            bring(&registry, digest).await;
        }
        let there: Vec<Digest> = there.map(|(digest, _)| digest.clone()).collect();
        if let Some(latest) = recipe.latest.filter(|_| !there.is_empty()) {
            registry.state().tag(TARGET, "latest", latest.get(&there));
        }
        Self { registry, root }
    }

    pub(super) async fn read(&self) -> (SourceArtifact, TargetState) {
        let selection = Selection {
            referrers: ReferrerChoice::All,
            ..Selection::default()
        };
        let operation = Operation::unobserved();
        let asked = Target::Tag(tag("v1"));
        let source = read_artifact(&*self.registry, &at(SOURCE), &asked, &selection, &operation)
            .await
            .expect("the source is whole");
        let tags = [tag("latest"), tag("v1")];
        let target = read_target(&*self.registry, &at(TARGET), &source.needed(), &tags, &operation)
            .await
            .expect("the target answers");
        (source, target)
    }

    /// What every tag of the target must never be without.
    pub(super) fn incomplete_tag(&self, source: &SourceArtifact, before: &TargetState) -> Option<String> {
        let contents = self.registry.contents();
        let (tags, manifests) = contents.get(&at(TARGET).repository).cloned().unwrap_or_default();
        for (name, digest) in &tags {
            if let Some(missing) = self.missing(digest) {
                return Some(format!("{name} points at {digest}, which lacks {missing}"));
            }
            let held_it = before
                .tags
                .iter()
                .any(|tag| tag.tag == *name && tag.holds.as_ref() == Some(digest));
            let is_new = !name.is_referrer_name() && *digest == source.root && !held_it;
            let unsigned = source.referrers.iter().find(|referrer| !manifests.contains(*referrer));
            let untagged = source.referrer_tags.iter().find(|(tag, _)| !tags.contains_key(tag));
            if is_new && (unsigned.is_some() || untagged.is_some()) {
                return Some(format!(
                    "{name} points at a version without {unsigned:?} and {untagged:?}"
                ));
            }
        }
        None
    }

    /// What the target lacks of a manifest.
    fn missing(&self, digest: &Digest) -> Option<String> {
        let contents = self.registry.contents();
        let present = contents
            .get(&at(TARGET).repository)
            .is_some_and(|(_, present)| present.contains(digest));
        if !present {
            return Some(format!("the manifest {digest}"));
        }
        let read = parsed(&self.registry, digest);
        let mut blobs = read.layers().iter().chain(read.config());
        let lost = blobs.find(|blob| !self.registry.state().has_blob(TARGET, &blob.digest));
        lost.map(|blob| format!("the blob {}", blob.digest))
            .or_else(|| read.children().iter().find_map(|child| self.missing(&child.digest)))
    }
}

fn parsed(registry: &MemoryRegistry, digest: &Digest) -> Manifest {
    let raw = registry.state().raw(digest);
    Manifest::parse(Some(&raw.media_type), &raw.bytes).expect("a manifest")
}

async fn put(registry: &MemoryRegistry, repository: &str, target: &Target, digest: &Digest) {
    let raw = registry.state().raw(digest);
    registry
        .put_manifest(&at(repository).repository, target, &raw, &Operation::unobserved())
        .await
        .expect("what it needs is there");
}

/// Puts a manifest of the source with all below it into the target.
async fn bring(registry: &Arc<MemoryRegistry>, digest: &Digest) {
    let read = parsed(registry, digest);
    for child in read.children() {
        Box::pin(bring(registry, &child.digest)).await;
    }
    for blob in read.layers().iter().chain(read.config()) {
        let operation = Operation::unobserved();
        let (to, from) = (at(TARGET).repository, at(SOURCE).repository);
        let mounted = registry.mount_blob(&to, &from, &blob.digest, &operation).await;
        assert!(mounted.expect("a mount is answered"), "the source has the blob");
    }
    put(registry, TARGET, &Target::Digest(digest.clone()), digest).await;
}

/// The steps in some order that they allow, as far as the numbers reach.
pub(super) fn some_order(plan: &Plan, choices: &[Index]) -> Vec<usize> {
    let (mut order, mut done) = (Vec::new(), HashSet::new());
    for choice in choices {
        let is_ready = |place: &usize| {
            !done.contains(place) && plan.steps[*place].after.iter().all(|before| done.contains(before))
        };
        let ready: Vec<usize> = (0..plan.steps.len()).filter(is_ready).collect();
        if ready.is_empty() {
            break;
        }
        let next = *choice.get(&ready);
        done.insert(next);
        order.push(next);
    }
    order
}

/// Carries out one step as the plan states it. A registry that refuses it fails the test: the plan was wrong.
pub(super) async fn carry_out(registry: &Arc<MemoryRegistry>, plan: &Plan, step: &Step) {
    let operation = Operation::unobserved();
    let repository = &step.at.repository;
    match &step.action {
        Action::PutManifest => {
            let target = step
                .tag
                .clone()
                .map_or_else(|| Target::Digest(step.digest.clone()), Target::Tag);
            let held = registry
                .resolve(repository, &target, &operation)
                .await
                .ok()
                .map(|held| held.digest);
            // The fallback tag of a subject is kept up to date by the registry layer, not by steps.
            assert_eq!(held, step.expected, "{target} holds what the step expects");
            let raw = plan
                .manifests
                .get(&step.digest)
                .expect("the plan has the bytes of what it puts");
            registry
                .put_manifest(repository, &target, raw, &operation)
                .await
                .expect("what it needs is there");
        }
        Action::MountBlob { from } => {
            let mounted = registry.mount_blob(repository, from, &step.digest, &operation).await;
            assert!(mounted.expect("a mount is answered"), "the source has the blob");
        }
        Action::CopyBlob { from } => send(registry, step, from).await,
        Action::DeleteTag | Action::DeleteManifest => panic!("a copy deletes nothing"),
    }
}

async fn send(registry: &Arc<MemoryRegistry>, step: &Step, from: &Located) {
    let source = StoredBlob {
        registry: Arc::clone(registry) as Arc<dyn Registry>,
        repository: from.repository.clone(),
        digest: step.digest.clone(),
        size: step.bytes,
    };
    registry
        .put_blob(
            &step.at.repository,
            &step.digest,
            step.bytes,
            &source,
            &Operation::unobserved(),
        )
        .await
        .expect("the step says how large the blob is");
}
