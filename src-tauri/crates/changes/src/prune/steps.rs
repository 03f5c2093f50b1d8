//! The steps that carry out what was decided, in order, each after what it depends on.

use std::rc::Rc;

use artifact::{ByteSize, Tag};

use super::{
    decision::{Decision, Fate},
    graph::{Graph, Node, Role, TagNumber},
    order::{Place, order},
    ways::{Ways, Whole},
};
use crate::{Action, Step};

/// The steps of one repository; `after` counts from the first of them, and the bytes are not known yet.
pub(super) fn steps(graph: &Graph<'_>, decision: &Decision, ways: Ways) -> Vec<Step> {
    let mut writing = Writing {
        graph,
        decision,
        ways,
        steps: Vec::new(),
        step_of_tag: vec![None; graph.tags.len()],
        step_of_manifest: vec![None; graph.digests.len()],
    };
    writing.delete_tags();
    for place in order(graph, &decision.closure, ways) {
        writing.delete_manifest(&place);
    }
    writing.delete_stale_tags();
    writing.steps
}

struct Writing<'a> {
    graph: &'a Graph<'a>,
    decision: &'a Decision,
    ways: Ways,
    steps: Vec<Step>,
    /// By the number of the tag.
    step_of_tag: Vec<Option<usize>>,
    /// By node.
    step_of_manifest: Vec<Option<usize>>,
}

impl Writing<'_> {
    /// Tags that go alone, and those that have to be gone before their digest. Signature and fallback tags of what is
    /// here wait for their subject.
    fn delete_tags(&mut self) {
        let graph = self.graph;
        for (number, (tag, fate)) in graph.tags.iter().zip(&self.decision.tags).enumerate() {
            if matches!(tag.role, Role::Owned(_)) {
                continue;
            }
            match fate {
                Fate::GoesAlone(why) => self.delete_tag(number, why, Vec::new()),
                Fate::GoesWithVersion(why) if self.ways.whole == Whole::TagsThenDigest => {
                    self.delete_tag(number, why, Vec::new());
                }
                _ => {}
            }
        }
    }

    fn delete_manifest(&mut self, place: &Place) {
        let Some(why) = self.decision.closure.going.get(place.node).cloned().flatten() else {
            return;
        };
        let graph = self.graph;
        let Some(numbers) = graph.tags_of.get(place.node) else {
            return;
        };
        let mut after = self.waits_for(place);
        let mut tags = Vec::new();
        if self.ways.whole == Whole::TagsThenDigest {
            for &number in numbers {
                if self.step_of(number).is_none() {
                    self.delete_tag(number, &why, after.clone());
                }
            }
            after.extend(numbers.iter().filter_map(|number| self.step_of(*number)));
        } else {
            let on_it = numbers.iter().filter_map(|number| graph.tags.get(*number));
            tags.extend(on_it.map(|tag| tag.tag.clone()));
        }
        if let Some(step) = self.step_of_manifest.get_mut(place.node) {
            *step = Some(self.steps.len());
        }
        self.push(Action::DeleteManifest, None, place.node, tags, &why, after);
    }

    /// The steps that lead to a manifest's own.
    fn waits_for(&self, place: &Place) -> Vec<usize> {
        let manifests = place.after.iter();
        let manifests = manifests.filter_map(|node| self.step_of_manifest.get(*node).copied().flatten());
        let tagged = place.after_tags_of.iter();
        let tags = tagged.filter_map(|node| self.graph.tags_of.get(*node)).flatten();
        manifests
            .chain(tags.filter_map(|number| self.step_of(*number)))
            .collect()
    }

    fn step_of(&self, number: TagNumber) -> Option<usize> {
        self.step_of_tag.get(number).copied().flatten()
    }

    /// Signature and fallback tags of what goes, on manifests that stay.
    fn delete_stale_tags(&mut self) {
        if !self.ways.alone {
            return;
        }
        let graph = self.graph;
        for (number, tag) in graph.tags.iter().enumerate() {
            let Role::Owned(subject) = tag.role else { continue };
            let stays = matches!(self.decision.tags.get(number), Some(Fate::Stays(_)));
            if stays || self.decision.closure.goes(tag.node) {
                continue;
            }
            if let Some(gone) = self.step_of_manifest.get(subject).copied().flatten() {
                let name = graph.digests.get(subject).map_or("", |digest| digest.short());
                self.delete_tag(number, &format!("belongs to {name}").into(), vec![gone]);
            }
        }
    }

    fn delete_tag(&mut self, number: TagNumber, why: &Rc<str>, after: Vec<usize>) {
        if let Some(tag) = self.graph.tags.get(number) {
            if let Some(step) = self.step_of_tag.get_mut(number) {
                *step = Some(self.steps.len());
            }
            let tags = vec![tag.tag.clone()];
            self.push(Action::DeleteTag, Some(tag.tag.clone()), tag.node, tags, why, after);
        }
    }

    fn push(
        &mut self,
        action: Action,
        tag: Option<Tag>,
        node: Node,
        tags: Vec<Tag>,
        why: &Rc<str>,
        mut after: Vec<usize>,
    ) {
        let Some(&digest) = self.graph.digests.get(node) else {
            return;
        };
        after.sort_unstable();
        after.dedup();
        self.steps.push(Step {
            action,
            at: self.graph.snapshot.at.clone(),
            tag,
            digest: digest.clone(),
            expected: Some(digest.clone()),
            tags,
            reason: why.to_string(),
            bytes: ByteSize::ZERO,
            after,
        });
    }
}
