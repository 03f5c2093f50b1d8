//! What a change found before it began, as its entry in the journal tells. Pure.

use std::collections::{BTreeMap, BTreeSet};

use artifact::{Digest, Manifest, Tag};

use crate::{Action, ChangeKind, EntryDetail, EntryStep, Located, StepState, journal::Manifests, run::dummy};

/// Everything that a change may have altered, with what was there before.
#[derive(Debug, Default)]
pub(super) struct Before {
    pub(super) tags: BTreeMap<(Located, Tag), TagBefore>,
    /// Manifests that were there and were deleted.
    pub(super) deleted: BTreeSet<(Located, Digest)>,
    /// Manifests that were not there and were put under their digest alone.
    pub(super) put: BTreeSet<(Located, Digest)>,
    /// Fallback lists that the registry layer may have begun when something with a subject was put, each with what this
    /// change put of it. Source: distribution-spec 1.1, "Pushing Manifests with Subject".
    pub(super) lists: BTreeMap<(Located, Tag), BTreeSet<Digest>>,
    /// How many blobs were copied or mounted.
    pub(super) blobs: usize,
    /// Where what was deleted was put before. It stays there, whatever is undone.
    pub(super) backups: BTreeSet<Located>,
}

/// A tag before a change.
#[derive(Debug)]
pub(super) struct TagBefore {
    /// `None`: the tag was not there.
    pub(super) held: Option<Digest>,
    /// What the change may have left there: anything else is somebody else's.
    pub(super) ours: Vec<Option<Digest>>,
    /// The change wrote to it, or may have. Otherwise the registry refused, and what is there now is nobody's fault.
    pub(super) written: bool,
}

impl Before {
    /// `word`: what the change's dummy manifests were made with.
    pub(super) fn of(detail: &EntryDetail, word: &str, manifests: &Manifests) -> Self {
        let mut before = Self {
            backups: detail.backups(),
            ..Self::default()
        };
        for (place, step) in detail.steps.iter().enumerate() {
            if before.backups.contains(&step.step.at) {
                continue;
            }
            if step.unsure || matches!(step.state, StepState::Done | StepState::Begun | StepState::Failed) {
                before.add(place, step, word);
                if detail.entry.kind != ChangeKind::Undo {
                    before.note_list(step, manifests);
                }
            }
        }
        let named = std::mem::take(&mut before.lists);
        before.lists = named
            .into_iter()
            .filter(|(key, _)| !before.tags.contains_key(key))
            .collect();
        if detail.entry.kind != ChangeKind::Undo {
            // What a copy brought along stays without a tag, as its blobs do.
            before.put.clear();
        }
        before
    }

    fn add(&mut self, place: usize, entry: &EntryStep, word: &str) {
        let step = &entry.step;
        let written = matches!(entry.state, StepState::Done | StepState::Begun);
        let tag = |held: Option<Digest>, ours: Vec<Option<Digest>>| TagBefore { held, ours, written };
        let key = |tag: &Tag| (step.at.clone(), tag.clone());
        match (&step.action, &step.tag) {
            (Action::DeleteTag, Some(name)) => {
                let ours = vec![None, Some(dummy(word, place))];
                self.note(key(name), tag(Some(step.digest.clone()), ours));
            }
            (Action::PutManifest, Some(name)) => {
                let ours = vec![Some(step.digest.clone())];
                self.note(key(name), tag(step.expected.clone(), ours));
            }
            (Action::PutManifest, None) => {
                self.put.insert((step.at.clone(), step.digest.clone()));
            }
            (Action::DeleteManifest, _) => {
                self.deleted.insert((step.at.clone(), step.digest.clone()));
                for name in &step.tags {
                    self.note(key(name), tag(Some(step.digest.clone()), vec![None]));
                }
            }
            (Action::CopyBlob { .. } | Action::MountBlob { .. }, _) => self.blobs += 1,
            (Action::DeleteTag, None) => {}
        }
    }

    fn note_list(&mut self, entry: &EntryStep, manifests: &Manifests) {
        let step = &entry.step;
        if step.action != Action::PutManifest || step.expected.is_some() {
            return;
        }
        let manifest = manifests.get(&step.digest);
        let read = manifest.and_then(|raw| Manifest::parse(Some(&raw.media_type), &raw.bytes).ok());
        if let Some(subject) = read.as_ref().and_then(Manifest::subject) {
            let key = (step.at.clone(), Tag::of_referrers(&subject.digest));
            self.lists.entry(key).or_default().insert(step.digest.clone());
        }
    }

    fn note(&mut self, key: (Located, Tag), tag: TagBefore) {
        match self.tags.get_mut(&key) {
            // What the first step found was there before; each step may have left its own.
            Some(known) => {
                known.ours.extend(tag.ours);
                known.written |= tag.written;
            }
            None => {
                self.tags.insert(key, tag);
            }
        }
    }
}
