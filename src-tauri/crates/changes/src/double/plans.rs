//! Plans for tests: single steps by hand, and whole random repositories with a plan that deletes, moves and copies.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use artifact::{ByteSize, Digest, Manifest, Tag};
use registry::RawManifest;
use serde_json::json;

use super::{INDEX, MemoryRegistry, Semantics, at, name, state::State};
use crate::{Action, ChangeKind, KeepReason, KeptTag, Plan, Step};

pub(crate) fn delete_tag(repository: &str, tag: &str, digest: &Digest) -> Step {
    let mut step = step(Action::DeleteTag, repository, digest);
    step.tag = Some(super::tag(tag));
    step.expected = Some(digest.clone());
    step.tags = vec![super::tag(tag)];
    step
}

pub(crate) fn delete_manifest(repository: &str, digest: &Digest, tags: &[&str]) -> Step {
    let mut step = step(Action::DeleteManifest, repository, digest);
    step.expected = Some(digest.clone());
    step.tags = tags.iter().map(|tag| super::tag(tag)).collect();
    step
}

/// Puts a manifest on a tag that holds `expected`.
pub(crate) fn put(repository: &str, tag: &str, digest: &Digest, expected: Option<&Digest>) -> Step {
    let mut step = step(Action::PutManifest, repository, digest);
    step.tag = Some(super::tag(tag));
    step.expected = expected.cloned();
    step.tags = vec![super::tag(tag)];
    step
}

/// A step of any kind that waits for others.
pub(crate) fn step_after(after: &[usize]) -> Step {
    let mut step = step(Action::PutManifest, "team/model", &Digest::of(b"any"));
    step.after = after.to_vec();
    step
}

fn step(action: Action, repository: &str, digest: &Digest) -> Step {
    Step {
        action,
        at: at(repository),
        tag: None,
        digest: digest.clone(),
        expected: None,
        tags: Vec::new(),
        reason: "test".to_owned(),
        bytes: ByteSize::ZERO,
        after: Vec::new(),
    }
}

/// A plan with the bytes of every manifest that its steps name.
pub(crate) fn plan(kind: ChangeKind, registry: &MemoryRegistry, steps: Vec<Step>) -> Plan {
    let state = registry.state();
    let manifests = steps.iter().map(|step| &step.digest).filter_map(|digest| {
        let raw = state.manifests.get(digest)?;
        Some((digest.clone(), raw.clone()))
    });
    Plan {
        kind,
        manifests: manifests.collect(),
        steps,
        kept: Vec::new(),
        protected: Vec::new(),
        unreadable: Vec::new(),
        reclaimed: ByteSize::ZERO,
        deleted_tags: 0,
        warnings: Vec::new(),
    }
}

pub(crate) const REPOSITORY: &str = "team/model";
const OTHER: &str = "other/model";

/// A registry and a plan for it.
pub(crate) struct World {
    pub(crate) registry: Arc<MemoryRegistry>,
    pub(crate) plan: Plan,
}

/// Numbers that decide what a world looks like; the same numbers, the same world.
struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(7)) % limit.max(1)
    }
}

/// A random world: images that share layers, indexes that share images, signatures with their fallback lists, tags; and
/// a plan that deletes some versions, moves a tag, and copies a version.
pub(crate) fn world(choices: &[u8], semantics: Semantics) -> World {
    let mut choices = Choices(choices.iter());
    let registry = MemoryRegistry::new(semantics);
    let tags = populate(&mut registry.state(), &mut choices);
    let mut builder = Builder::new(&registry, &tags, &mut choices);
    builder.deletes(semantics);
    builder.moves(&mut choices);
    builder.copies(&mut choices);
    let (steps, kept) = (builder.steps, builder.kept_tags);
    let mut plan = plan(ChangeKind::Copy, &registry, steps);
    plan.kept = kept;
    World { registry, plan }
}

fn populate(state: &mut State, choices: &mut Choices<'_>) -> BTreeMap<Tag, Digest> {
    let mut versions: Vec<Digest> = (0..2 + choices.below(3))
        .map(|number| {
            let (own, shared) = (format!("layer {number}"), format!("shared {}", choices.below(2)));
            state.image(REPOSITORY, &[&own, &shared])
        })
        .collect();
    let images = versions.len();
    for _ in 0..choices.below(3) {
        let (one, other) = (choices.below(images), choices.below(images));
        let index = state.index(REPOSITORY, &[&versions[one].clone(), &versions[other].clone()]);
        versions.push(index);
    }
    let mut lists: BTreeMap<Digest, Vec<Digest>> = BTreeMap::new();
    for number in 0..choices.below(3) {
        let subject = versions[choices.below(versions.len())].clone();
        let referrer = state.referrer(REPOSITORY, &format!("signature {number}"), &subject);
        lists.entry(subject).or_default().push(referrer);
    }
    for (subject, referrers) in lists {
        let listed: Vec<_> = referrers.iter().map(|referrer| state.descriptor(referrer)).collect();
        let list = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": listed,
            "annotations": { "subject": subject.to_string() } });
        let list = state.manifest(REPOSITORY, INDEX, &list);
        state.tag(REPOSITORY, Tag::of_referrers(&subject).as_str(), &list);
    }
    for number in 0..2 + choices.below(5) {
        let digest = versions[choices.below(versions.len())].clone();
        state.tag(REPOSITORY, &format!("t{number}"), &digest);
    }
    state.repository(REPOSITORY).tags.clone()
}

fn read(raw: &RawManifest) -> Manifest {
    Manifest::parse(Some(&raw.media_type), &raw.bytes).expect("a manifest")
}

/// What versions of the random repository need: children, referrers and the lists of these.
pub(crate) fn reach(state: &mut State, tags: &BTreeMap<Tag, Digest>, mut open: Vec<Digest>) -> BTreeSet<Digest> {
    let all: Vec<Digest> = state.repository(REPOSITORY).present.iter().cloned().collect();
    let mut reached = BTreeSet::new();
    while let Some(digest) = open.pop() {
        if !reached.insert(digest.clone()) {
            continue;
        }
        let children = read(&state.raw(&digest));
        open.extend(children.children().iter().map(|child| child.digest.clone()));
        open.extend(tags.get(&Tag::of_referrers(&digest)).cloned());
        let points = |other: &&Digest| {
            read(&state.raw(other))
                .subject()
                .is_some_and(|subject| subject.digest == digest)
        };
        open.extend(all.iter().filter(points).cloned());
    }
    reached
}

struct Builder<'a> {
    registry: &'a MemoryRegistry,
    tags: &'a BTreeMap<Tag, Digest>,
    /// What something that stays needs.
    kept: BTreeSet<Digest>,
    going: BTreeSet<Tag>,
    kept_tags: Vec<KeptTag>,
    steps: Vec<Step>,
}

impl<'a> Builder<'a> {
    fn new(registry: &'a MemoryRegistry, tags: &'a BTreeMap<Tag, Digest>, choices: &mut Choices<'_>) -> Self {
        let plain = tags.keys().filter(|tag| !tag.is_referrer_name());
        let going: BTreeSet<Tag> = plain.filter(|_| choices.below(2) == 0).cloned().collect();
        let mut builder = Self {
            registry,
            tags,
            kept: BTreeSet::new(),
            going,
            kept_tags: Vec::new(),
            steps: Vec::new(),
        };
        let stays = |tag: &&Tag| !builder.going.contains(*tag) && !tag.is_referrer_name();
        let roots: Vec<Digest> = tags.keys().filter(stays).map(|tag| tags[tag].clone()).collect();
        builder.kept = builder.reach(roots);
        let kept = tags
            .iter()
            .filter(|(tag, digest)| !builder.going.contains(*tag) && builder.kept.contains(*digest));
        builder.kept_tags = kept
            .map(|(tag, digest)| KeptTag {
                at: at(REPOSITORY),
                tag: tag.clone(),
                digest: digest.clone(),
                reason: KeepReason::NoRule,
            })
            .collect();
        builder
    }

    fn read(&self, digest: &Digest) -> Manifest {
        read(&self.registry.state().raw(digest))
    }

    fn reach(&self, open: Vec<Digest>) -> BTreeSet<Digest> {
        reach(&mut self.registry.state(), self.tags, open)
    }

    fn deletes(&mut self, semantics: Semantics) {
        let whole: Vec<Digest> = self.going.iter().map(|tag| self.tags[tag].clone()).collect();
        let mut open: Vec<Digest> = self.reach(whole).difference(&self.kept).cloned().collect();
        for (tag, digest) in self.tags {
            if self.going.contains(tag) && self.kept.contains(digest) {
                self.steps.push(delete_tag(REPOSITORY, tag.as_str(), digest));
            }
        }
        let mut places: BTreeMap<Digest, usize> = BTreeMap::new();
        while !open.is_empty() {
            // Wholes before parts.
            let is_part = |digest: &Digest| {
                let above = |other: &Digest| self.read(other).children().iter().any(|child| child.digest == *digest);
                open.iter().any(above)
            };
            let next = open.iter().position(|digest| !is_part(digest)).expect("no circle");
            let digest = open.remove(next);
            let on_it = self.tags.iter().filter(|(_, held)| **held == digest);
            let tags: Vec<&str> = on_it.map(|(tag, _)| tag.as_str()).collect();
            let parents: Vec<usize> = places
                .iter()
                .filter(|(other, _)| self.read(other).children().iter().any(|child| child.digest == digest))
                .map(|(_, place)| *place)
                .collect();
            let mut delete = if semantics == Semantics::Distribution2 || semantics == Semantics::Folder {
                delete_manifest(REPOSITORY, &digest, &tags)
            } else {
                let first = self.steps.len();
                self.steps
                    .extend(tags.iter().map(|tag| delete_tag(REPOSITORY, tag, &digest)));
                let mut delete = delete_manifest(REPOSITORY, &digest, &[]);
                delete.after.extend(first..self.steps.len());
                delete
            };
            delete.after.extend(parents);
            places.insert(digest, self.steps.len());
            self.steps.push(delete);
        }
    }

    /// Moves `production` to a version that stays, from another or from nothing.
    fn moves(&mut self, choices: &mut Choices<'_>) {
        let targets: Vec<&KeptTag> = self
            .kept_tags
            .iter()
            .filter(|kept| !kept.tag.is_referrer_name())
            .collect();
        let Some(target) = targets
            .get(choices.below(targets.len().max(1)))
            .map(|kept| kept.digest.clone())
        else {
            return;
        };
        let before = targets
            .get(choices.below(targets.len() + 1))
            .map(|kept| kept.digest.clone());
        if let Some(before) = &before {
            self.registry.state().tag(CHANNEL.0, CHANNEL.1, before);
        }
        self.steps.push(put(CHANNEL.0, CHANNEL.1, &target, before.as_ref()));
    }

    /// Copies a version that stays to another repository.
    fn copies(&mut self, choices: &mut Choices<'_>) {
        let versions: Vec<Digest> = self.kept.iter().cloned().collect();
        let Some(version) = versions.get(choices.below(versions.len().max(1))).cloned() else {
            return;
        };
        let mounts = choices.below(2) == 0;
        let place = self.copy(&version, mounts);
        let mut tagged = put(OTHER, "copied", &version, None);
        tagged.after = vec![place];
        self.steps.push(tagged);
    }

    fn copy(&mut self, digest: &Digest, mounts: bool) -> usize {
        let read = self.read(digest);
        let mut after = Vec::new();
        for child in read.children() {
            after.push(self.copy(&child.digest, mounts));
        }
        for blob in read.config().into_iter().chain(read.layers()) {
            let action = if mounts {
                Action::MountBlob { from: name(REPOSITORY) }
            } else {
                Action::CopyBlob { from: at(REPOSITORY) }
            };
            let mut copied = step(action, OTHER, &blob.digest);
            copied.bytes = blob.size;
            after.push(self.steps.len());
            self.steps.push(copied);
        }
        let mut whole = step(Action::PutManifest, OTHER, digest);
        whole.after = after;
        self.steps.push(whole);
        self.steps.len() - 1
    }
}

/// Where the plan moves a tag.
const CHANNEL: (&str, &str) = (REPOSITORY, "production");
