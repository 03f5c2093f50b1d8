//! Which version each manifest that goes belongs to: the one that it is a part of, or points at. A version with a tag
//! of its own belongs to nobody.

use artifact::Digest;
use hashbrown::{HashMap, HashSet};

use super::graph::{Graph, Need, Node, Role};

/// As what a manifest belongs to a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The index lists it.
    Child,
    /// It points at the version, or at a part of it.
    Referrer,
}

/// The versions that go, each with what goes along.
pub(super) struct Belonging {
    /// By node: the version; none where the manifest stays.
    owners: Vec<Option<Node>>,
    parts: HashMap<Node, Vec<(Node, Way)>>,
}

impl Belonging {
    pub(super) fn of(graph: &Graph<'_>, going: &HashSet<&Digest>) -> Self {
        let goes: Vec<bool> = graph.digests.iter().map(|digest| going.contains(*digest)).collect();
        let is_tagged = |node: Node| {
            let numbers = graph.tags_of.get(node).into_iter().flatten();
            let mut tags = numbers.filter_map(|number| graph.tags.get(*number));
            tags.any(|tag| !matches!(tag.role, Role::Owned(_)))
        };
        let nodes = || (0..goes.len()).filter(|node| goes.get(*node) == Some(&true));
        let mut belonging = Self {
            owners: vec![None; goes.len()],
            parts: HashMap::new(),
        };
        // All of them first: no version is a part of another one.
        let tagged: Vec<Node> = nodes().filter(|node| is_tagged(*node)).collect();
        belonging.own(&tagged);
        belonging.collect(graph, &goes, &tagged);
        // Then leftovers that nothing else leads to; then what only a circle leads to.
        let needed: HashSet<Node> = nodes()
            .flat_map(|node| graph.needs.get(node).into_iter().flatten())
            .map(|(needed, _)| *needed)
            .collect();
        for alone in [true, false] {
            for node in nodes() {
                if belonging.owner(node).is_none() && (!alone || !needed.contains(&node)) {
                    belonging.own(&[node]);
                    belonging.collect(graph, &goes, &[node]);
                }
            }
        }
        belonging
    }

    /// The version that a manifest belongs to, itself where it is one; none where it stays.
    pub(super) fn owner(&self, node: Node) -> Option<Node> {
        self.owners.get(node).copied().flatten()
    }

    /// What goes along with a version.
    pub(super) fn parts(&self, node: Node) -> &[(Node, Way)] {
        self.parts.get(&node).map_or(&[], Vec::as_slice)
    }

    fn own(&mut self, roots: &[Node]) {
        for &root in roots {
            if let Some(owner) = self.owners.get_mut(root) {
                *owner = Some(root);
            }
        }
    }

    fn collect(&mut self, graph: &Graph<'_>, goes: &[bool], roots: &[Node]) {
        for &root in roots {
            let mut waiting = vec![root];
            while let Some(node) = waiting.pop() {
                for &(needed, need) in graph.needs.get(node).into_iter().flatten() {
                    let free = goes.get(needed) == Some(&true) && self.owner(needed).is_none();
                    let Some(owner) = self.owners.get_mut(needed).filter(|_| free) else {
                        continue;
                    };
                    *owner = Some(root);
                    let way = match need {
                        Need::Child => Way::Child,
                        Need::Referrer => Way::Referrer,
                    };
                    self.parts.entry(root).or_default().push((needed, way));
                    waiting.push(needed);
                }
            }
        }
    }
}
