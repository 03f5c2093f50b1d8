//! Brings a grown tree into its final order: every folder before what is in it, names ascending.
//!
//! In this order everything inside a folder is one range, so totals and views are single passes.

use super::{
    super::FileKind,
    growing::{Growing, NONE, Node, ROOT},
    merge::HiddenBecause,
};

/// A node in its final place. The root is the first.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) parent: u32,
    /// Where what is inside ends: the range from the next place to here.
    pub(super) end: u32,
    /// A range of the tree's names.
    pub(super) name: (u32, u32),
    pub(super) kind: FileKind,
    pub(super) layer: u16,
    pub(super) entry: u32,
    pub(super) original: u32,
    /// By which layer, and why. What is inside of something hidden is hidden with it.
    pub(super) hidden: Option<(u16, HiddenBecause)>,
    /// Bytes of its own content; 0 for folders and links, but for a hard link that outlived its original.
    pub(super) size: u64,
    /// How many before it in the same folder have the same name: hidden ones beside what replaced them.
    pub(super) twin: u16,
}

/// The places of a grown tree.
pub(super) fn arrange(grown: &mut Growing<'_>) -> Vec<Place> {
    inherit_hiding(&mut grown.nodes);
    let sizes = sizes(grown);
    let order = order(grown);
    let mut number_of = vec![NONE; grown.nodes.len()];
    for (place, &node) in (0..NONE).zip(&order) {
        if let Some(number) = number_of.get_mut(node as usize) {
            *number = place;
        }
    }
    let moved = |node: u32| number_of.get(node as usize).copied().unwrap_or(NONE);
    let mut places: Vec<Place> = Vec::with_capacity(order.len());
    for (place, &number) in (0..NONE).zip(&order) {
        let Some(node) = grown.nodes.get(number as usize) else {
            continue;
        };
        places.push(Place {
            parent: moved(node.parent),
            end: place + 1,
            name: node.name,
            kind: node.kind,
            layer: node.layer,
            entry: node.entry,
            original: moved(node.original),
            hidden: node.hidden,
            size: sizes.get(number as usize).copied().unwrap_or_default(),
            twin: 0,
        });
    }
    set_ends(&mut places);
    places
}

/// What is in a hidden folder is hidden by the same layer. Parents come before their children.
fn inherit_hiding(nodes: &mut [Node]) {
    for number in 1..nodes.len() {
        let Some(node) = nodes.get(number) else { continue };
        let inherited = nodes.get(node.parent as usize).and_then(|parent| parent.hidden);
        if let Some(node) = nodes.get_mut(number) {
            node.hidden = node.hidden.or(inherited);
        }
    }
}

/// The bytes of every node. Where a file is hidden but a hard link to it is not, the bytes are the link's.
fn sizes(grown: &Growing<'_>) -> Vec<u64> {
    let own = |node: &Node| match node.kind {
        FileKind::File => grown.entry(node).map_or(0, |entry| entry.size.bytes()),
        _ => 0,
    };
    let mut sizes: Vec<u64> = grown.nodes.iter().map(own).collect();
    for (number, node) in grown.nodes.iter().enumerate() {
        if node.original == NONE || node.hidden.is_some() {
            continue;
        }
        let original = node.original as usize;
        if grown
            .nodes
            .get(original)
            .is_some_and(|original| original.hidden.is_some())
        {
            let bytes = sizes.get_mut(original).map(std::mem::take).unwrap_or_default();
            if let Some(size) = sizes.get_mut(number) {
                *size = bytes;
            }
        }
    }
    sizes
}

/// The numbers of all nodes, folders before what is in them, siblings by name, visible ones before hidden ones.
fn order(grown: &Growing<'_>) -> Vec<u32> {
    let mut children = Children::of(&grown.nodes);
    children.sort(|&one, &other| {
        let key = |number: u32| {
            let node = grown.nodes.get(number as usize)?;
            let name = grown.names.get(node.name.0 as usize..node.name.1 as usize)?;
            Some((name, node.hidden.is_some()))
        };
        key(one).cmp(&key(other)).then(one.cmp(&other))
    });
    let mut order = Vec::with_capacity(grown.nodes.len());
    let mut waiting = vec![ROOT];
    while let Some(number) = waiting.pop() {
        order.push(number);
        waiting.extend(children.of_node(number).iter().rev());
    }
    order
}

/// The children of all nodes, one after the other in one list.
struct Children {
    starts: Vec<usize>,
    numbers: Vec<u32>,
}

impl Children {
    fn of(nodes: &[Node]) -> Self {
        let mut starts = vec![0; nodes.len() + 1];
        for node in nodes.iter().skip(1) {
            if let Some(start) = starts.get_mut(node.parent as usize + 1) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut free = starts.clone();
        let mut numbers = vec![NONE; nodes.len().saturating_sub(1)];
        for (number, node) in (0..NONE).zip(nodes).skip(1) {
            let Some(position) = free.get_mut(node.parent as usize) else {
                continue;
            };
            if let Some(place) = numbers.get_mut(*position) {
                *place = number;
            }
            *position += 1;
        }
        Self { starts, numbers }
    }

    fn sort(&mut self, mut compare: impl FnMut(&u32, &u32) -> std::cmp::Ordering) {
        for range in self.starts.windows(2) {
            if let [start, end] = *range
                && let Some(siblings) = self.numbers.get_mut(start..end)
            {
                siblings.sort_unstable_by(&mut compare);
            }
        }
    }

    fn of_node(&self, number: u32) -> &[u32] {
        let start = self.starts.get(number as usize).copied().unwrap_or_default();
        let end = self.starts.get(number as usize + 1).copied().unwrap_or_default();
        self.numbers.get(start..end).unwrap_or_default()
    }
}

fn set_ends(places: &mut [Place]) {
    for number in (1..places.len()).rev() {
        let Some((parent, end)) = places.get(number).map(|place| (place.parent, place.end)) else {
            continue;
        };
        if let Some(parent) = places.get_mut(parent as usize) {
            parent.end = parent.end.max(end);
        }
    }
}

/// Numbers the places that share folder and name.
pub(super) fn number_twins(places: &mut [Place], names: &str) {
    let name = |place: &Place| {
        names
            .get(place.name.0 as usize..place.name.1 as usize)
            .unwrap_or_default()
    };
    // The last child seen of the folders that the pass is in, innermost last.
    let mut last: Vec<u32> = Vec::new();
    for number in 1..places.len() {
        let Some(place) = places.get(number) else { continue };
        while let Some(before) = last.last().and_then(|&before| places.get(before as usize)) {
            if before.parent == place.parent || before.end as usize > number {
                break;
            }
            last.pop();
        }
        let before = last.last().and_then(|&before| places.get(before as usize));
        let twin = match before {
            Some(before) if before.parent == place.parent && name(before) == name(place) => {
                before.twin.saturating_add(1)
            }
            _ => 0,
        };
        if before.is_some_and(|before| before.parent == place.parent) {
            last.pop();
        }
        last.extend(u32::try_from(number));
        if let Some(place) = places.get_mut(number) {
            place.twin = twin;
        }
    }
}
