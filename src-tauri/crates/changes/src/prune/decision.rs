//! What becomes of each tag and manifest: a version stays or goes whole, and what is needed stays.

use std::rc::Rc;

use super::{
    closure::{Closure, Root, close},
    graph::{Graph, Node, Role, TagNumber},
    verdict::{LeftoverVerdict, TagVerdict, Verdicts},
    ways::Ways,
};
use crate::{KeepReason, ProtectionReason};

/// What becomes of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Was not considered: stays, unless it stands for what points at a version that goes.
    NotConsidered,
    Stays(KeepReason),
    /// Goes while its version stays.
    GoesAlone(Rc<str>),
    GoesWithVersion(Rc<str>),
}

/// What becomes of a repository.
pub(super) struct Decision {
    /// By the number of the tag.
    pub(super) tags: Vec<Fate>,
    pub(super) closure: Closure,
    /// Something would have gone if the registry allowed it.
    pub(super) hindered: bool,
}

/// Decides over all verdicts.
pub(super) fn decide(graph: &Graph<'_>, verdicts: &Verdicts, ways: Ways) -> Decision {
    let staying: Vec<_> = (0..graph.digests.len())
        .map(|node| staying_tag(graph, verdicts, node))
        .collect();
    let fates = verdicts.tags.iter().zip(&graph.tags).map(|(verdict, tag)| {
        let staying = staying.get(tag.node).copied().flatten();
        fate(graph, verdict, staying, ways)
    });
    let fates: Vec<Fate> = fates.collect();
    let roots = match ways.obstacle() {
        None => roots(graph, verdicts, &fates),
        Some(_) => Vec::new(),
    };
    let mut closure = close(graph, &roots, &staying);
    closure.protect_young(verdicts);
    let mut decision = Decision {
        hindered: is_hindered(verdicts, ways),
        tags: fates,
        closure,
    };
    decision.settle(graph, verdicts, ways);
    decision
}

/// The first tag that makes its version stay. Signature and fallback tags of what is here follow their subject instead.
fn staying_tag(graph: &Graph<'_>, verdicts: &Verdicts, node: Node) -> Option<TagNumber> {
    let tags = graph.tags_of.get(node)?;
    let stays = |number: &&TagNumber| match verdicts.tags.get(**number) {
        Some(TagVerdict::Goes { .. }) => false,
        Some(TagVerdict::Stays(_)) => true,
        _ => graph
            .tags
            .get(**number)
            .is_some_and(|tag| !matches!(tag.role, Role::Owned(_))),
    };
    tags.iter().find(stays).copied()
}

/// As far as the version itself tells; whether something else needs it comes later.
fn fate(graph: &Graph<'_>, verdict: &TagVerdict, staying: Option<TagNumber>, ways: Ways) -> Fate {
    let (each_tag, why) = match verdict {
        TagVerdict::NotConsidered => return Fate::NotConsidered,
        TagVerdict::Stays(reason) => return Fate::Stays(reason.clone()),
        TagVerdict::Goes { each_tag, why } => (*each_tag, why),
    };
    match (staying.and_then(|number| graph.tags.get(number)), ways.obstacle()) {
        (None, None) => Fate::GoesWithVersion(Rc::clone(why)),
        (_, _) if each_tag && ways.alone => Fate::GoesAlone(Rc::clone(why)),
        (Some(_), _) if each_tag => Fate::Stays(KeepReason::CannotGoAlone),
        (Some(other), _) => Fate::Stays(KeepReason::SameVersion(other.tag.clone())),
        (None, Some(obstacle)) => Fate::Stays(obstacle),
    }
}

/// The versions that go by themselves, then the leftovers: what belongs to a version says so.
fn roots(graph: &Graph<'_>, verdicts: &Verdicts, fates: &[Fate]) -> Vec<Root> {
    let versions = graph.tags_of.iter().enumerate().filter_map(|(node, tags)| {
        let why = tags.iter().find_map(|number| match fates.get(*number) {
            Some(Fate::GoesWithVersion(why)) => Some(Rc::clone(why)),
            _ => None,
        });
        Some(Root { node, why: why? })
    });
    let leftovers = verdicts.leftovers.iter().enumerate();
    let leftovers = leftovers.filter_map(|(node, verdict)| match verdict {
        LeftoverVerdict::Goes(why) => Some(Root {
            node,
            why: Rc::clone(why),
        }),
        _ => None,
    });
    versions.chain(leftovers).collect()
}

fn is_hindered(verdicts: &Verdicts, ways: Ways) -> bool {
    let tag_goes = |verdict: &TagVerdict| matches!(verdict, TagVerdict::Goes { .. });
    let leftover_goes = |verdict: &LeftoverVerdict| matches!(verdict, LeftoverVerdict::Goes(_));
    ways.obstacle().is_some() && (verdicts.tags.iter().any(tag_goes) || verdicts.leftovers.iter().any(leftover_goes))
}

impl Closure {
    /// Leftovers that their age keeps are protected as well.
    fn protect_young(&mut self, verdicts: &Verdicts) {
        let mut is_known: Vec<bool> = self.going.iter().map(Option::is_some).collect();
        for (node, _) in &self.protected {
            if let Some(known) = is_known.get_mut(*node) {
                *known = true;
            }
        }
        let young = verdicts.leftovers.iter().zip(is_known).enumerate();
        let young = young.filter(|(_, (verdict, is_known))| **verdict == LeftoverVerdict::TooYoung && !is_known);
        self.protected
            .extend(young.map(|(node, _)| (node, ProtectionReason::Age)));
        self.protected.sort_unstable_by_key(|(node, _)| *node);
    }
}

impl Decision {
    /// Corrects the fates of tags by what the closure found: their version is needed, or their subject stays.
    fn settle(&mut self, graph: &Graph<'_>, verdicts: &Verdicts, ways: Ways) {
        for (number, tag) in graph.tags.iter().enumerate() {
            let Some(fate) = self.tags.get(number) else { continue };
            let (why, is_alone) = match fate {
                Fate::GoesWithVersion(why) if !self.closure.goes(tag.node) => (why, false),
                Fate::GoesAlone(why) => (why, true),
                _ => continue,
            };
            let settled = match tag.role {
                Role::Owned(subject) if !self.closure.goes(subject) => {
                    let subject = graph.digests.get(subject);
                    subject.map(|subject| Fate::Stays(KeepReason::BelongsTo((*subject).clone())))
                }
                _ if is_alone => None,
                _ => Some(self.of_needed_version(graph, verdicts, number, ways, why)),
            };
            if let Some((slot, settled)) = self.tags.get_mut(number).zip(settled) {
                *slot = settled;
            }
        }
    }

    /// The fate of a tag that would go with its version, which something that stays needs.
    fn of_needed_version(
        &self,
        graph: &Graph<'_>,
        verdicts: &Verdicts,
        number: TagNumber,
        ways: Ways,
        why: &Rc<str>,
    ) -> Fate {
        let each_tag = matches!(verdicts.tags.get(number), Some(TagVerdict::Goes { each_tag: true, .. }));
        let siblings = graph
            .tags
            .get(number)
            .and_then(|tag| graph.tags_of.get(tag.node))
            .map_or(&[][..], Vec::as_slice);
        let stays = |sibling: &TagNumber| {
            let tag = graph.tags.get(*sibling)?;
            let follows = matches!(tag.role, Role::Owned(subject) if !self.closure.goes(subject));
            follows.then(|| tag.tag.clone())
        };
        match siblings.iter().find_map(stays) {
            Some(other) if !each_tag => Fate::Stays(KeepReason::SameVersion(other)),
            _ if ways.alone => Fate::GoesAlone(Rc::clone(why)),
            _ => Fate::Stays(KeepReason::CannotGoAlone),
        }
    }
}
