//! What registries do with the steps of a plan (providers.md, D), simply written, and what a digest needs: both apart
//! from the code under test.

use std::collections::{BTreeMap, BTreeSet};

use artifact::{Digest, Tag};
use registry::{ChildProtection, DigestDelete, TagDelete};

use crate::{Action, Snapshot, Step};

/// The registry does not do it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused;

pub(super) struct ModelRegistry<'a> {
    snapshot: &'a Snapshot,
    pub(super) tags: BTreeMap<&'a Tag, &'a Digest>,
    pub(super) manifests: BTreeSet<&'a Digest>,
    /// What the registry does where its rules say that nobody knows.
    unknown_takes_tags: bool,
}

impl<'a> ModelRegistry<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, unknown_takes_tags: bool) -> Self {
        Self {
            snapshot,
            tags: snapshot.tags.iter().map(|seen| (&seen.tag, &seen.digest)).collect(),
            manifests: snapshot.manifests.keys().collect(),
            unknown_takes_tags,
        }
    }

    pub(super) fn apply(&mut self, step: &Step) -> Result<(), Refused> {
        match (&step.action, &step.tag) {
            (Action::DeleteTag, Some(tag)) => self.delete_tag(tag, step.expected.as_ref()),
            (Action::DeleteManifest, None) => self.delete_manifest(&step.digest),
            _ => panic!("a prune has no step like {step:?}"),
        }
    }

    fn delete_tag(&mut self, tag: &Tag, expected: Option<&Digest>) -> Result<(), Refused> {
        let Some(digest) = self.tags.get(tag).copied() else {
            return Ok(());
        };
        if expected != Some(digest) {
            return Err(Refused);
        }
        match self.snapshot.rules.tag {
            TagDelete::Alone | TagDelete::DummyManifest => {
                self.tags.remove(tag);
            }
            TagDelete::LastTagTakesVersion => {
                self.tags.remove(tag);
                if !self.is_tagged(digest) {
                    self.manifests.remove(digest);
                }
            }
            TagDelete::TakesVersion => self.take(digest),
            TagDelete::ProviderInterface | TagDelete::Unsupported => return Err(Refused),
        }
        Ok(())
    }

    fn delete_manifest(&mut self, digest: &Digest) -> Result<(), Refused> {
        let rules = self.snapshot.rules;
        if !self.manifests.contains(digest) {
            return Ok(());
        }
        if rules.children == ChildProtection::Protected && self.is_child(digest) {
            return Err(Refused);
        }
        match (rules.digest, rules.tag) {
            (DigestDelete::TakesAllTags, _) | (DigestDelete::Unknown, TagDelete::DummyManifest) => self.take(digest),
            (DigestDelete::Unknown, _) if self.unknown_takes_tags => self.take(digest),
            (DigestDelete::LeavesTags | DigestDelete::Unknown, _) => {
                self.manifests.remove(digest);
            }
            (DigestDelete::RefusedWhileTagged, _) => {
                if self.is_tagged(digest) || self.is_child(digest) || self.is_subject(digest) {
                    return Err(Refused);
                }
                self.manifests.remove(digest);
            }
            (DigestDelete::Unsupported, _) => return Err(Refused),
        }
        Ok(())
    }

    fn take(&mut self, digest: &Digest) {
        self.tags.retain(|_, on| *on != digest);
        self.manifests.remove(digest);
    }

    fn is_tagged(&self, digest: &Digest) -> bool {
        self.tags.values().any(|on| *on == digest)
    }

    fn is_child(&self, digest: &Digest) -> bool {
        self.present().any(|manifest| manifest.children.contains(digest))
    }

    fn is_subject(&self, digest: &Digest) -> bool {
        self.present().any(|manifest| manifest.subject.as_ref() == Some(digest))
    }

    fn present(&self) -> impl Iterator<Item = &crate::SnapshotManifest> {
        self.manifests
            .iter()
            .filter_map(|digest| self.snapshot.manifests.get(*digest))
    }
}

/// Which ways lead on from a digest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    Children,
    /// Children, referrers by either side's word, and what is tagged for a digest.
    Everything,
}

/// A digest and all that it reaches.
pub(super) fn reach<'a>(snapshot: &'a Snapshot, from: &'a Digest, follow: Follow) -> BTreeSet<&'a Digest> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(digest) = waiting.pop() {
        if !reached.insert(digest) {
            continue;
        }
        let manifest = &snapshot.manifests[digest];
        waiting.extend(&manifest.children);
        if follow == Follow::Children {
            continue;
        }
        waiting.extend(&manifest.referrers);
        let pointing = snapshot
            .manifests
            .iter()
            .filter(|(_, it)| it.subject.as_ref() == Some(digest));
        waiting.extend(pointing.map(|(referrer, _)| referrer));
        let prefix = format!("sha256-{}", digest.hex());
        let attached = snapshot
            .tags
            .iter()
            .filter(|seen| seen.tag.as_str().starts_with(&prefix));
        waiting.extend(attached.map(|seen| &seen.digest));
    }
    reached
}
