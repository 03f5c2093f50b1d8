//! A snapshot as a graph: what needs what. Checks that the snapshot is whole; decides nothing.
//!
//! Everything is numbered in the order of digests and names, so that nothing depends on the order of the input.

use std::collections::BTreeMap;

use artifact::{Algorithm, Digest, Tag};
use chrono::{DateTime, Utc};
use hashbrown::HashMap;

use crate::{Snapshot, SnapshotManifest, SnapshotTag, Unreadable};

/// A manifest, by its place in the order of digests.
pub(super) type Node = usize;

/// A tag, by its place in the order of names.
pub(super) type TagNumber = usize;

/// Why one manifest needs another: whoever stays keeps it, and it goes with whoever goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// An index needs its children.
    Child,
    /// What points at a manifest belongs to it.
    Referrer,
}

/// What a tag is besides a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Ordinary,
    /// Stands for what points at a manifest that is here.
    Owned(Node),
    /// Stands for what points at something that is not here. A signature may be of another repository, so it stays.
    Orphan,
}

pub(super) struct PointingTag<'a> {
    pub(super) tag: &'a Tag,
    pub(super) seen: &'a SnapshotTag,
    pub(super) node: Node,
    pub(super) role: Role,
}

pub(super) struct Graph<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) digests: Vec<&'a Digest>,
    pub(super) manifests: Vec<&'a SnapshotManifest>,
    pub(super) tags: Vec<PointingTag<'a>>,
    /// The tags on each manifest.
    pub(super) tags_of: Vec<Vec<TagNumber>>,
    /// What each manifest needs, children first, without itself and each once.
    pub(super) needs: Vec<Vec<(Node, Need)>>,
    places: HashMap<&'a Digest, Node>,
}

impl<'a> Graph<'a> {
    /// # Errors
    /// Everything that could not be read or is missing: then nothing may be decided.
    pub(super) fn read(snapshot: &'a Snapshot) -> Result<Self, Vec<Unreadable>> {
        let mut entries: Vec<_> = snapshot.manifests.iter().collect();
        entries.sort_unstable_by_key(|(digest, _)| *digest);
        let digests: Vec<&Digest> = entries.iter().map(|(digest, _)| *digest).collect();
        let mut graph = Self {
            snapshot,
            places: digests
                .iter()
                .enumerate()
                .map(|(node, digest)| (*digest, node))
                .collect(),
            tags_of: vec![Vec::new(); digests.len()],
            needs: vec![Vec::new(); digests.len()],
            manifests: entries.into_iter().map(|(_, manifest)| manifest).collect(),
            digests,
            tags: Vec::new(),
        };
        let mut problems = Problems::new(snapshot);
        graph.add_tags(&mut problems);
        graph.add_needs(&mut problems);
        for digest in &snapshot.untagged {
            graph.place(digest, &mut problems);
        }
        problems.finish().map(|()| graph)
    }

    /// The manifest with this digest, if it is here.
    pub(super) fn find(&self, digest: &Digest) -> Option<Node> {
        self.places.get(digest).copied()
    }

    pub(super) fn tag_named(&self, tag: &Tag) -> Option<TagNumber> {
        self.tags.binary_search_by_key(&tag, |pointing| pointing.tag).ok()
    }

    pub(super) fn created(&self, node: Node) -> Option<DateTime<Utc>> {
        self.manifests.get(node).and_then(|manifest| manifest.created)
    }

    /// The later of the times at which the version was made and its tag was pushed. Where the provider does not tell of
    /// pushes, the time of making counts alone.
    pub(super) fn age(&self, tag: &PointingTag<'_>) -> Option<DateTime<Utc>> {
        self.created(tag.node).max(tag.seen.pushed)
    }

    fn place(&self, digest: &Digest, problems: &mut Problems<'_>) -> Option<Node> {
        let node = self.find(digest);
        if node.is_none() {
            problems.add(&digest.to_string(), "it is pointed at but was not read");
        }
        node
    }

    fn add_tags(&mut self, problems: &mut Problems<'_>) {
        let long = self.long_digests();
        let mut seen: Vec<&SnapshotTag> = self.snapshot.tags.iter().collect();
        seen.sort_unstable_by_key(|seen| (&seen.tag, &seen.digest, seen.pushed, seen.pulled));
        let mut last: Option<&SnapshotTag> = None;
        for tag in seen {
            if let Some(twin) = last.replace(tag).filter(|last| last.tag == tag.tag) {
                if twin.digest != tag.digest {
                    problems.add(tag.tag.as_str(), "it was read twice, on different versions");
                }
                continue;
            }
            let Some(node) = self.place(&tag.digest, problems) else {
                continue;
            };
            let number = self.tags.len();
            let role = self.role(&tag.tag, &long);
            self.tags.push(PointingTag {
                tag: &tag.tag,
                seen: tag,
                node,
                role,
            });
            push(&mut self.tags_of, node, number);
            if let Role::Owned(subject) = role {
                push(&mut self.needs, subject, (node, Need::Referrer));
            }
        }
    }

    fn role(&self, tag: &Tag, long: &HashMap<Tag, Option<Node>>) -> Role {
        if !tag.is_referrer_name() {
            return Role::Ordinary;
        }
        let subject = match tag.referrer_subject() {
            Some(subject) => self.find(&subject),
            None => long.get(tag).copied().flatten(),
        };
        subject.map_or(Role::Orphan, Role::Owned)
    }

    /// The fallback tags that cut their subject's digest. Two subjects with one such tag would have none.
    fn long_digests(&self) -> HashMap<Tag, Option<Node>> {
        let mut long = HashMap::new();
        for (node, digest) in self.digests.iter().enumerate() {
            if digest.algorithm() != Algorithm::Sha256 {
                long.entry(Tag::of_referrers(digest))
                    .and_modify(|subject| *subject = None)
                    .or_insert(Some(node));
            }
        }
        long
    }

    fn add_needs(&mut self, problems: &mut Problems<'_>) {
        for (node, &manifest) in self.manifests.clone().iter().enumerate() {
            for child in &manifest.children {
                if let Some(child) = self.place(child, problems) {
                    push(&mut self.needs, node, (child, Need::Child));
                }
            }
            for referrer in &manifest.referrers {
                if let Some(referrer) = self.place(referrer, problems) {
                    push(&mut self.needs, node, (referrer, Need::Referrer));
                }
            }
            // A subject need not exist. Source: distribution-spec 1.1, "Pushing Manifests with Subject".
            if let Some(subject) = manifest.subject.as_ref().and_then(|subject| self.find(subject)) {
                push(&mut self.needs, subject, (node, Need::Referrer));
            }
        }
        for (node, needs) in self.needs.iter_mut().enumerate() {
            needs.retain(|(needed, _)| *needed != node);
            needs.sort_unstable_by_key(|(needed, need)| (*need, *needed));
            needs.dedup();
        }
    }
}

/// Adds to one of the lists.
fn push<T>(lists: &mut [Vec<T>], node: Node, item: T) {
    if let Some(list) = lists.get_mut(node) {
        list.push(item);
    }
}

/// What makes a repository unreadable, each once.
struct Problems<'a> {
    snapshot: &'a Snapshot,
    found: BTreeMap<String, Unreadable>,
}

impl<'a> Problems<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        let known = snapshot.unreadable.iter();
        Self {
            snapshot,
            found: known.map(|known| (known.reference.clone(), known.clone())).collect(),
        }
    }

    fn add(&mut self, reference: &str, problem: &str) {
        self.found.entry(reference.to_owned()).or_insert_with(|| Unreadable {
            at: self.snapshot.at.clone(),
            reference: reference.to_owned(),
            problem: problem.to_owned(),
        });
    }

    fn finish(self) -> Result<(), Vec<Unreadable>> {
        if self.found.is_empty() {
            Ok(())
        } else {
            Err(self.found.into_values().collect())
        }
    }
}
