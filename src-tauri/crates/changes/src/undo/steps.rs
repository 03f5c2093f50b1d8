//! The steps of an undo, from what was before and what is there now.

use std::collections::{BTreeMap, BTreeSet};

use artifact::{ByteSize, Digest, Manifest, Tag};
use registry::{DeleteRules, DigestDelete, TagDelete};

use super::{
    before::{Before, TagBefore},
    present::{Look, Present},
};
use crate::{
    Action, ChangeError, ChangeId, ChangeKind, Located, Plan, Step, Unreadable, journal::Manifests, run::children,
};

/// A manifest in a repository.
type Place = (Located, Digest);

/// A plan that grows.
struct Builder<'a> {
    id: ChangeId,
    manifests: &'a Manifests,
    present: &'a Present,
    steps: Vec<Step>,
    warnings: Vec<String>,
    /// The step that brings a blob back from a backup.
    brought: BTreeMap<Place, usize>,
    /// The step that puts a manifest again.
    puts: BTreeMap<Place, usize>,
    /// Steps that take a tag off a manifest.
    removals: BTreeMap<Place, Vec<usize>>,
    /// Tags that go with the manifest that they are on.
    taken_along: BTreeMap<Place, Vec<Tag>>,
    removed_tags: u64,
    /// What is wanted back and cannot come.
    lost: Vec<Unreadable>,
}

pub(super) async fn plan(
    id: ChangeId,
    before: &Before,
    present: &Present,
    look: &Look<'_>,
) -> Result<Plan, ChangeError> {
    let mut builder = Builder {
        id,
        manifests: look.manifests,
        present,
        steps: Vec::new(),
        warnings: Vec::new(),
        brought: BTreeMap::new(),
        puts: BTreeMap::new(),
        removals: BTreeMap::new(),
        taken_along: BTreeMap::new(),
        removed_tags: 0,
        lost: Vec::new(),
    };
    let rules = rules(before, look).await?;
    builder.bring_blobs();
    builder.put_manifests();
    for (key, tag) in &before.tags {
        builder.tag(key, tag, &before.put, rules.get(&key.0))?;
    }
    for ((at, tag), list) in &present.lists {
        let place = (at.clone(), list.digest.clone());
        builder.remove_tag(place, tag, &before.put, rules.get(at));
    }
    builder.delete_manifests(&before.put, &rules);
    builder.warn(before);
    builder.finish()
}

/// What deletes do in every repository in which something may have to go.
async fn rules(before: &Before, look: &Look<'_>) -> Result<BTreeMap<Located, DeleteRules>, ChangeError> {
    let new_tags = before.tags.iter().filter(|(_, tag)| tag.held.is_none());
    let places: BTreeSet<&Located> = new_tags
        .map(|((at, _), _)| at)
        .chain(before.put.iter().map(|(at, _)| at))
        .chain(before.lists.keys().map(|(at, _)| at))
        .collect();
    let mut rules = BTreeMap::new();
    for at in places {
        let registry = look.registry(at)?;
        let found = registry.delete_rules(&at.repository, look.operation).await?;
        rules.insert(at.clone(), found);
    }
    Ok(rules)
}

impl Builder<'_> {
    /// Brings back from the backup what the manifests need that are put again.
    fn bring_blobs(&mut self) {
        let present = self.present;
        let wanted: BTreeSet<Place> = present
            .gone
            .iter()
            .filter(|(_, problems)| problems.is_empty())
            .flat_map(|(place, _)| self.blobs_of(place))
            .collect();
        for (place, found) in present.backed_up.iter().filter(|(place, _)| wanted.contains(*place)) {
            let from = found.from.clone();
            let mut step = self.step(Action::CopyBlob { from }, place, None, None, Vec::new());
            step.bytes = found.size;
            self.brought.insert(place.clone(), self.steps.len());
            self.steps.push(step);
        }
    }

    fn blobs_of(&self, (at, digest): &Place) -> Vec<Place> {
        let blobs = super::present::blobs(self.manifests.get(digest)).unwrap_or_default();
        blobs.into_iter().map(|(blob, _)| (at.clone(), blob)).collect()
    }

    /// Puts every manifest again that is gone and can come back: parts before wholes, subjects before what points at them.
    fn put_manifests(&mut self) {
        let present = self.present;
        let mut open: Vec<&Place> = Vec::new();
        for (place, problems) in &present.gone {
            if problems.is_empty() {
                open.push(place);
                continue;
            }
            let problem = format!("cannot be brought back: {}", problems.join("; "));
            self.lose(&place.0, place.1.to_string(), '@', problem);
        }
        for place in order(open, |place| self.below(place)) {
            let below = self.below(&place);
            let blobs = self.blobs_of(&place);
            let blobs = blobs.iter().filter_map(|blob| self.brought.get(blob).copied());
            let after = blobs.chain(below.iter().filter_map(|below| self.puts.get(below).copied()));
            let after = after.collect();
            let step = self.step(Action::PutManifest, &place, None, None, after);
            self.puts.insert(place, self.steps.len());
            self.steps.push(step);
        }
    }

    /// Tells of something that does not come back.
    fn lose(&mut self, at: &Located, reference: String, mark: char, problem: String) {
        self.warnings
            .push(format!("{}{mark}{reference} {problem}", at.repository));
        self.lost.push(Unreadable {
            at: at.clone(),
            reference,
            problem,
        });
    }

    /// What has to be there before a manifest.
    fn below(&self, (at, digest): &Place) -> Vec<Place> {
        let Some(manifest) = self.manifests.get(digest) else {
            return Vec::new();
        };
        let read = Manifest::parse(Some(&manifest.media_type), &manifest.bytes).ok();
        let subject = read
            .as_ref()
            .and_then(Manifest::subject)
            .map(|subject| subject.digest.clone());
        let below = children(manifest).into_iter().chain(subject);
        below.map(|digest| (at.clone(), digest)).collect()
    }

    fn tag(
        &mut self,
        (at, tag): &(Located, Tag),
        before: &TagBefore,
        put: &BTreeSet<Place>,
        rules: Option<&DeleteRules>,
    ) -> Result<(), ChangeError> {
        let now = self.present.tags.get(&(at.clone(), tag.clone())).cloned().flatten();
        if now == before.held {
            return Ok(());
        }
        if !before.ours.contains(&now) {
            return self.foreign(at, tag, now.as_ref(), before.written);
        }
        match (&before.held, now) {
            (Some(wanted), now) => self.put_tag(at, tag, wanted, now),
            (None, Some(now)) => self.remove_tag((at.clone(), now), tag, put, rules),
            (None, None) => {}
        }
        Ok(())
    }

    /// A tag that holds what somebody else put there.
    fn foreign(&mut self, at: &Located, tag: &Tag, now: Option<&Digest>, written: bool) -> Result<(), ChangeError> {
        let now = now.map_or_else(|| "is gone".to_owned(), |now| format!("holds {}", now.short()));
        let what = format!(
            "{}:{tag} was moved since change {}: it {now} now",
            at.repository, self.id
        );
        if written {
            return Err(ChangeError::refused(
                what,
                "somebody else has moved it: move it by hand if that is what you want",
            ));
        }
        self.warnings.push(format!("{what}; it stays as it is"));
        Ok(())
    }

    fn put_tag(&mut self, at: &Located, tag: &Tag, wanted: &Digest, now: Option<Digest>) {
        let place = (at.clone(), wanted.clone());
        let lost = self
            .present
            .gone
            .get(&place)
            .is_some_and(|problems| !problems.is_empty());
        if lost || !self.manifests.contains_key(wanted) {
            let problem = format!("cannot be put back to {}", wanted.short());
            self.lose(at, tag.to_string(), ':', problem);
            return;
        }
        let after = self.puts.get(&place).copied().into_iter().collect();
        let step = self.step(Action::PutManifest, &place, Some(tag), now, after);
        self.steps.push(step);
    }

    fn remove_tag(&mut self, place: Place, tag: &Tag, put: &BTreeSet<Place>, rules: Option<&DeleteRules>) {
        let rules = rules.copied().unwrap_or(DeleteRules::OFF);
        let alone = matches!(rules.tag, TagDelete::Alone | TagDelete::DummyManifest);
        if alone {
            let expected = Some(place.1.clone());
            let step = self.step(Action::DeleteTag, &place, Some(tag), expected, Vec::new());
            self.removals.entry(place).or_default().push(self.steps.len());
            self.steps.push(step);
            self.removed_tags += 1;
        } else if put.contains(&place) && takes_tags(rules) {
            self.taken_along.entry(place).or_default().push(tag.clone());
            self.removed_tags += 1;
        } else {
            let problem = "is new and stays: this registry cannot delete a tag alone".to_owned();
            self.lose(&place.0, tag.to_string(), ':', problem);
        }
    }

    /// Deletes what an undo had put again: wholes before parts, what points at something before that.
    fn delete_manifests(&mut self, put: &BTreeSet<Place>, rules: &BTreeMap<Located, DeleteRules>) {
        let allowed = |(at, _): &&Place| {
            rules
                .get(at)
                .is_some_and(|rules| rules.digest != DigestDelete::Unsupported)
        };
        let open: Vec<&Place> = put.iter().filter(allowed).collect();
        let mut parts_first = order(open, |place| self.below(place));
        parts_first.reverse();
        let mut above: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
        for place in parts_first {
            let mut after = above.remove(&place).unwrap_or_default();
            after.extend(self.removals.get(&place).into_iter().flatten());
            let mut step = self.step(Action::DeleteManifest, &place, None, Some(place.1.clone()), after);
            step.tags = self.taken_along.remove(&place).unwrap_or_default();
            for below in self.below(&place) {
                above.entry(below).or_default().push(self.steps.len());
            }
            self.steps.push(step);
        }
    }

    fn step(
        &self,
        action: Action,
        (at, digest): &Place,
        tag: Option<&Tag>,
        expected: Option<Digest>,
        after: Vec<usize>,
    ) -> Step {
        let bytes = self
            .manifests
            .get(digest)
            .map_or(0, |manifest| manifest.bytes.len() as u64);
        let reason = match (&action, tag) {
            (Action::PutManifest, Some(_)) => format!("what it held before change {}", self.id),
            (Action::PutManifest, None) => format!("deleted by change {}", self.id),
            (Action::CopyBlob { .. }, _) => format!("gone since change {}; from its backup", self.id),
            (Action::DeleteTag, _) => format!("new since change {}", self.id),
            _ => format!("put by change {}", self.id),
        };
        Step {
            action,
            at: at.clone(),
            tag: tag.cloned(),
            digest: digest.clone(),
            expected,
            tags: tag.cloned().into_iter().collect(),
            reason,
            bytes: ByteSize(bytes),
            after,
        }
    }

    fn warn(&mut self, before: &Before) {
        if before.blobs > 0 {
            self.warnings.push(format!(
                "{} blobs that were copied stay until the registry cleans up; so do manifests without a tag",
                before.blobs
            ));
        }
        if self.steps.is_empty() && self.lost.is_empty() {
            self.warnings
                .push("nothing has to be undone: everything is as it was before".to_owned());
        }
    }

    fn finish(self) -> Result<Plan, ChangeError> {
        if self.steps.is_empty() && !self.lost.is_empty() {
            let problems = self.warnings.join("; ");
            return Err(ChangeError::refused(
                format!("nothing of change {} can be brought back: {problems}", self.id),
                "push the versions again from where they were made",
            ));
        }
        let used: BTreeSet<&Digest> = self
            .steps
            .iter()
            .flat_map(|step| std::iter::once(&step.digest).chain(&step.expected))
            .collect();
        let lists = self.present.lists.values().map(|list| (&list.digest, list));
        let manifests = self
            .manifests
            .iter()
            .chain(lists)
            .filter(|(digest, _)| used.contains(digest));
        Ok(Plan {
            kind: ChangeKind::Undo,
            manifests: manifests.map(|(digest, raw)| (digest.clone(), raw.clone())).collect(),
            steps: self.steps,
            kept: Vec::new(),
            protected: Vec::new(),
            unreadable: self.lost,
            reclaimed: ByteSize::ZERO,
            deleted_tags: self.removed_tags,
            warnings: self.warnings,
        })
    }
}

/// The places in an order in which what stands below one comes before it.
fn order(places: Vec<&Place>, below: impl Fn(&Place) -> Vec<Place>) -> Vec<Place> {
    let wanted: BTreeSet<&Place> = places.iter().copied().collect();
    let mut met: BTreeSet<Place> = BTreeSet::new();
    let mut ordered = Vec::new();
    for place in places {
        // Each stands twice on the stack: to look below it, and to come after what was found there.
        let mut stack = vec![(place.clone(), false)];
        while let Some((place, looked)) = stack.pop() {
            if looked {
                ordered.push(place);
            } else if met.insert(place.clone()) {
                let parts = below(&place);
                stack.push((place, true));
                let parts = parts.into_iter().filter(|part| wanted.contains(part));
                stack.extend(parts.map(|part| (part, false)));
            }
        }
    }
    ordered
}

/// Whether deleting a manifest takes the tags on it.
fn takes_tags(rules: DeleteRules) -> bool {
    matches!(rules.digest, DigestDelete::TakesAllTags | DigestDelete::Unknown)
}
