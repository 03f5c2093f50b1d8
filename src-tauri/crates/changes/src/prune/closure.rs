//! What goes along with what goes, and what stays because something that stays needs it.
//!
//! Everything reached from a root would go. Whatever is not reached stays, and so does what carries a tag that stays;
//! what any of these needs stays with it. The walks mark what they have seen, so cycles end.

use std::{collections::VecDeque, rc::Rc};

use super::graph::{Graph, Need, Node, TagNumber};
use crate::ProtectionReason;

/// A version or leftover that is to go, and why.
pub(super) struct Root {
    pub(super) node: Node,
    pub(super) why: Rc<str>,
}

/// What becomes of every manifest.
pub(super) struct Closure {
    /// Why a manifest goes; none stays.
    pub(super) going: Vec<Option<Rc<str>>>,
    /// What would go, were it not needed.
    pub(super) protected: Vec<(Node, ProtectionReason)>,
}

impl Closure {
    pub(super) fn goes(&self, node: Node) -> bool {
        self.going.get(node).is_some_and(Option::is_some)
    }
}

/// `staying_tag`: by node, a tag on it that stays.
pub(super) fn close(graph: &Graph<'_>, roots: &[Root], staying_tag: &[Option<TagNumber>]) -> Closure {
    let mut going = reach(graph, roots);
    let needed = needed(graph, &going, staying_tag);
    let mut protected = Vec::new();
    for (node, (why, need)) in going.iter_mut().zip(needed).enumerate() {
        if let Some(reason) = need
            && why.take().is_some()
        {
            protected.push((node, reason));
        }
    }
    Closure { going, protected }
}

/// All that is reached from the roots, each with its reason: the first root that leads to it, or the root itself.
fn reach(graph: &Graph<'_>, roots: &[Root]) -> Vec<Option<Rc<str>>> {
    let mut reached: Vec<Option<Rc<str>>> = vec![None; graph.digests.len()];
    let mut waiting = VecDeque::new();
    for root in roots {
        mark(&mut reached, &mut waiting, root.node, || Rc::clone(&root.why));
        while let Some(node) = waiting.pop_front() {
            for &(needed, need) in needs(graph, node) {
                mark(&mut reached, &mut waiting, needed, || belongs(graph, node, need));
            }
        }
    }
    reached
}

fn belongs(graph: &Graph<'_>, owner: Node, need: Need) -> Rc<str> {
    let owner = graph.digests.get(owner).map_or("", |digest| digest.short());
    match need {
        Need::Child => format!("part of {owner}").into(),
        Need::Referrer => format!("belongs to {owner}").into(),
    }
}

/// Everything that has to stay, each with what needs it.
fn needed(
    graph: &Graph<'_>,
    reached: &[Option<Rc<str>>],
    staying_tag: &[Option<TagNumber>],
) -> Vec<Option<ProtectionReason>> {
    let mut needed: Vec<Option<ProtectionReason>> = vec![None; graph.digests.len()];
    let mut waiting = VecDeque::new();
    for (node, (why, tag)) in reached.iter().zip(staying_tag).enumerate() {
        let tag = tag.and_then(|number| graph.tags.get(number));
        if let Some(tag) = tag {
            let reason = || ProtectionReason::TaggedAs(tag.tag.clone());
            mark(&mut needed, &mut waiting, node, reason);
        } else if why.is_none() {
            // Not reached, so it stays in any case: the reason is never shown.
            mark(&mut needed, &mut waiting, node, || ProtectionReason::Age);
        }
    }
    while let Some(node) = waiting.pop_front() {
        let Some(&owner) = graph.digests.get(node) else {
            continue;
        };
        for &(kept, need) in needs(graph, node) {
            let reason = || match need {
                Need::Child => ProtectionReason::ChildOf(owner.clone()),
                Need::Referrer => ProtectionReason::ReferrerOf(owner.clone()),
            };
            mark(&mut needed, &mut waiting, kept, reason);
        }
    }
    needed
}

fn needs<'a>(graph: &'a Graph<'_>, node: Node) -> &'a [(Node, Need)] {
    graph.needs.get(node).map_or(&[], Vec::as_slice)
}

/// Marks a node the first time that it is seen.
fn mark<T>(marks: &mut [Option<T>], waiting: &mut VecDeque<Node>, node: Node, value: impl FnOnce() -> T) {
    if let Some(slot) = marks.get_mut(node).filter(|slot| slot.is_none()) {
        *slot = Some(value());
        waiting.push_back(node);
    }
}
