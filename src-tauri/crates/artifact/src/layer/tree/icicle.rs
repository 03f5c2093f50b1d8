//! The largest part of a tree as a picture: folders above what is in them, as wide as their bytes.
//!
//! Chooses what is worth drawing; knows nothing of pixels or colours.

use std::collections::BinaryHeap;

use super::{super::FileKind, view::TreeView};
use crate::{ByteSize, Digest};

/// What is smaller than this part of the whole would not even be a line.
const SMALLEST_PART: u64 = 2000;

/// A box of the picture. Children are largest first; what they leave free of their folder is the small rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IcicleNode {
    /// The key of the row that it stands for; empty for the whole.
    pub key: String,
    pub path: String,
    pub name: String,
    pub size: ByteSize,
    /// Of a file; folders have none.
    pub layer: Option<Digest>,
    pub children: Vec<IcicleNode>,
}

/// A box that was chosen, or waits to be: the largest is chosen first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    size: u64,
    /// Among equals the first by name.
    number: std::cmp::Reverse<u32>,
    depth: usize,
    /// The chosen box above it.
    above: usize,
}

impl TreeView {
    /// At most `most` boxes, at most `deepest` below each other, not counting the whole itself.
    pub fn icicle(&self, most: usize, deepest: usize) -> IcicleNode {
        let smallest = (self.size(0) / SMALLEST_PART).max(1);
        let mut waiting = BinaryHeap::new();
        let mut chosen = vec![(0, self.drawn(0))];
        self.offer(0, 0, 1, smallest, &mut waiting);
        while chosen.len() <= most
            && let Some(candidate) = waiting.pop()
        {
            let (last, _) = self.chain(candidate.number.0);
            let position = chosen.len();
            chosen.push((candidate.above, self.drawn(candidate.number.0)));
            if candidate.depth < deepest {
                self.offer(last, position, candidate.depth + 1, smallest, &mut waiting);
            }
        }
        assemble(chosen)
    }

    fn offer(&self, folder: u32, above: usize, depth: usize, smallest: u64, waiting: &mut BinaryHeap<Candidate>) {
        for child in self
            .listed(folder)
            .filter(|&child| self.counts_in_folder(child) && self.size(child) >= smallest)
        {
            waiting.push(Candidate {
                size: self.size(child),
                number: std::cmp::Reverse(child),
                depth,
                above,
            });
        }
    }

    fn drawn(&self, number: u32) -> IcicleNode {
        let (last, name) = self.chain(number);
        let last = if number == 0 { 0 } else { last };
        let (path, key) = self.tree.path_and_key(last);
        let file = self.tree.place(last).filter(|place| place.kind != FileKind::Directory);
        IcicleNode {
            key,
            path,
            name: if number == 0 { String::new() } else { name },
            size: ByteSize(self.size(last)),
            layer: file.and_then(|place| self.tree.digest(place.layer)).cloned(),
            children: Vec::new(),
        }
    }
}

/// Puts every box into the one above it, which was always chosen before.
fn assemble(mut chosen: Vec<(usize, IcicleNode)>) -> IcicleNode {
    while chosen.len() > 1 {
        let Some((above, mut node)) = chosen.pop() else { break };
        node.children.reverse();
        if let Some((_, above)) = chosen.get_mut(above) {
            above.children.push(node);
        }
    }
    let (_, mut whole) = chosen.pop().unwrap_or_else(|| (0, IcicleNode::empty()));
    whole.children.reverse();
    whole
}

impl IcicleNode {
    fn empty() -> Self {
        let (key, path, name) = (String::new(), String::new(), String::new());
        Self {
            key,
            path,
            name,
            size: ByteSize::ZERO,
            layer: None,
            children: Vec::new(),
        }
    }
}
