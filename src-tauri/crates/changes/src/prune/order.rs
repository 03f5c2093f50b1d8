//! In which order manifests go: an index before its children, a manifest before what belongs to it. Where the registry
//! refuses that (`Ways::referrers_first`), what points at a manifest goes before it.

use std::collections::BTreeSet;

use artifact::Digest;

use super::{
    closure::Closure,
    graph::{Graph, Need, Node},
    ways::Ways,
};

/// One manifest that goes.
pub(super) struct Place {
    pub(super) node: Node,
    /// Manifests that have to be gone before, all of them earlier in the order.
    pub(super) after: Vec<Node>,
    /// Manifests whose own tags have to be gone before.
    pub(super) after_tags_of: Vec<Node>,
}

/// How firm it is that one manifest goes before another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bond {
    /// What is left of an index would dangle. These make no cycle: whoever holds a digest was made later.
    Firm,
    /// Given up where signature tags or wrong lists of referrers make a cycle.
    Loose,
}

/// What still has to go before a manifest, and its class. The smallest goes next: nothing firm, nothing loose, then
/// indexes before images before referrers, then by digest.
type Rank = (bool, bool, u8, Node);

#[derive(Clone, Default)]
struct Waiting {
    firm: usize,
    loose: usize,
    class: u8,
    before: Vec<Node>,
    then: Vec<(Node, Bond)>,
    tags_before: Vec<Node>,
    is_placed: bool,
}

/// The order of all manifests that go.
pub(super) fn order(graph: &Graph<'_>, closure: &Closure, ways: Ways) -> Vec<Place> {
    let mut ordering = Ordering {
        waiting: vec![Waiting::default(); graph.digests.len()],
    };
    ordering.add_bonds(graph, closure, ways);
    ordering.run(closure)
}

struct Ordering {
    waiting: Vec<Waiting>,
}

impl Ordering {
    fn add_bonds(&mut self, graph: &Graph<'_>, closure: &Closure, ways: Ways) {
        let going = |node: &Node| closure.goes(*node);
        for node in (0..graph.digests.len()).filter(going) {
            let needs = graph.needs.get(node).map_or(&[][..], Vec::as_slice);
            if let Some(waiting) = self.waiting.get_mut(node).filter(|waiting| waiting.class < 2) {
                let is_index = needs.iter().any(|(_, need)| *need == Need::Child);
                waiting.class = u8::from(!is_index);
            }
            for &(needed, need) in needs.iter().filter(|(needed, _)| closure.goes(*needed)) {
                match need {
                    Need::Child => self.bind(node, needed, Bond::Firm),
                    Need::Referrer => {
                        self.set_referrer(needed);
                        if ways.referrers_first && points_at(graph, needed, node) {
                            self.bind(needed, node, Bond::Firm);
                        } else {
                            self.bind(node, needed, Bond::Loose);
                        }
                    }
                }
            }
        }
        if ways.referrers_first {
            self.gate_referrers(graph, closure);
        }
    }

    /// A referrer that goes before its subject waits for whatever else leads to the subject, so that it is still there
    /// if one of these cannot go.
    fn gate_referrers(&mut self, graph: &Graph<'_>, closure: &Closure) {
        for referrer in (0..graph.digests.len()).filter(|node| closure.goes(*node)) {
            let subject = graph
                .manifests
                .get(referrer)
                .and_then(|manifest| manifest.subject.as_ref());
            let subject = subject
                .and_then(|subject| graph.find(subject))
                .filter(|node| closure.goes(*node));
            let Some(subject) = subject.filter(|subject| *subject != referrer) else {
                continue;
            };
            let owners = self.waiting.get(subject).map(|waiting| waiting.before.clone());
            for owner in owners.unwrap_or_default() {
                if owner != referrer && !points_at(graph, owner, subject) {
                    self.bind(owner, referrer, Bond::Loose);
                }
            }
            if let Some(waiting) = self.waiting.get_mut(referrer) {
                waiting.tags_before.push(subject);
            }
        }
    }

    fn set_referrer(&mut self, node: Node) {
        if let Some(waiting) = self.waiting.get_mut(node) {
            waiting.class = 2;
        }
    }

    fn bind(&mut self, first: Node, then: Node, bond: Bond) {
        if let Some(waiting) = self.waiting.get_mut(first) {
            waiting.then.push((then, bond));
        }
        if let Some(waiting) = self.waiting.get_mut(then) {
            waiting.before.push(first);
            match bond {
                Bond::Firm => waiting.firm += 1,
                Bond::Loose => waiting.loose += 1,
            }
        }
    }

    fn run(mut self, closure: &Closure) -> Vec<Place> {
        let nodes = 0..self.waiting.len();
        let mut next: BTreeSet<Rank> = nodes
            .filter(|node| closure.goes(*node))
            .map(|node| self.rank(node))
            .collect();
        let mut places = Vec::with_capacity(next.len());
        while let Some((_, _, _, node)) = next.pop_first() {
            let Some(waiting) = self.waiting.get_mut(node) else {
                continue;
            };
            waiting.is_placed = true;
            let then = std::mem::take(&mut waiting.then);
            let before = std::mem::take(&mut waiting.before);
            let after_tags_of = std::mem::take(&mut waiting.tags_before);
            for (later, bond) in then {
                self.release(&mut next, later, bond);
            }
            places.push(Place {
                node,
                after: self.placed(before, node),
                after_tags_of,
            });
        }
        places
    }

    /// Those that are placed already; the others were given up to end a cycle.
    fn placed(&self, mut before: Vec<Node>, node: Node) -> Vec<Node> {
        let is_placed = |other: &Node| *other != node && self.waiting.get(*other).is_some_and(|it| it.is_placed);
        before.retain(is_placed);
        before.sort_unstable();
        before.dedup();
        before
    }

    fn release(&mut self, next: &mut BTreeSet<Rank>, node: Node, bond: Bond) {
        let was = self.rank(node);
        let Some(waiting) = self.waiting.get_mut(node) else {
            return;
        };
        match bond {
            Bond::Firm => waiting.firm = waiting.firm.saturating_sub(1),
            Bond::Loose => waiting.loose = waiting.loose.saturating_sub(1),
        }
        let rank = self.rank(node);
        if rank != was && next.remove(&was) {
            next.insert(rank);
        }
    }

    fn rank(&self, node: Node) -> Rank {
        self.waiting.get(node).map_or((true, true, 0, node), |waiting| {
            (waiting.firm > 0, waiting.loose > 0, waiting.class, node)
        })
    }
}

fn points_at(graph: &Graph<'_>, referrer: Node, subject: Node) -> bool {
    let pointed: Option<&Digest> = graph
        .manifests
        .get(referrer)
        .and_then(|manifest| manifest.subject.as_ref());
    pointed.is_some() && pointed == graph.digests.get(subject).copied()
}
