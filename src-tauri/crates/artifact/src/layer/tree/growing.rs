//! A tree while layers are laid over it, one after the other, as unpackers would do it.
//!
//! What is hidden stays in it, marked with the layer that hid it. Knows nothing of totals or views.

use std::hash::{BuildHasher as _, RandomState};

use hashbrown::HashTable;

use super::{
    super::{FileEntry, FileKind, LayerContents, contents::split},
    merge::HiddenBecause,
};

/// The root's number.
pub(super) const ROOT: u32 = 0;
/// No node, no entry.
pub(super) const NONE: u32 = u32::MAX;
/// More nodes are not made; the tree then says that it is not whole.
const MOST_NODES: usize = 2_000_000;
/// The bytes of all names together.
const MOST_NAME_BYTES: usize = 256 << 20;
/// How many symbolic links one path may lead over, as in Linux.
const MOST_LINKS: usize = 40;

/// A place in the tree. Its parent always has a smaller number.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) parent: u32,
    /// The name: a range of [`Growing::names`].
    pub(super) name: (u32, u32),
    pub(super) kind: FileKind,
    /// The layer that wrote it last.
    pub(super) layer: u16,
    /// Its entry in that layer; [`NONE`] for a folder that no layer lists.
    pub(super) entry: u32,
    /// For a hard link, the node whose content it shares.
    pub(super) original: u32,
    pub(super) hidden: Option<(u16, HiddenBecause)>,
    first_child: u32,
    next_sibling: u32,
}

/// The tree so far.
pub(super) struct Growing<'layers> {
    pub(super) nodes: Vec<Node>,
    pub(super) names: String,
    pub(super) truncated: bool,
    layers: Vec<&'layers LayerContents>,
    /// Visible nodes by parent and name.
    visible: HashTable<u32>,
    hasher: RandomState,
    /// The folder of the last entry and its node: entries mostly come folder by folder.
    last_folder: Option<(&'layers str, u32)>,
}

impl<'layers> Growing<'layers> {
    pub(super) fn new() -> Self {
        let root = Node {
            parent: ROOT,
            name: (0, 0),
            kind: FileKind::Directory,
            layer: 0,
            entry: NONE,
            original: NONE,
            hidden: None,
            first_child: NONE,
            next_sibling: NONE,
        };
        Self {
            nodes: vec![root],
            names: String::new(),
            truncated: false,
            layers: Vec::new(),
            visible: HashTable::new(),
            hasher: RandomState::new(),
            last_folder: None,
        }
    }

    /// Lays a layer over the tree: first its whiteouts, which hide lower layers only, then its entries.
    pub(super) fn lay(&mut self, contents: &'layers LayerContents) {
        let layer = self.begin_layer(contents);
        for entry in contents.entries.iter().filter(|entry| !entry.is_bookkeeping()) {
            match entry.kind {
                FileKind::Whiteout => self.remove(entry, layer),
                FileKind::Opaque => self.empty(split(&entry.path).0, layer),
                _ => {}
            }
        }
        for (position, entry) in numbered(contents) {
            if !entry.kind.is_mark() && !entry.is_bookkeeping() {
                self.add(ROOT, entry, layer, position, true);
            }
        }
    }

    /// Puts a layer as stored, with its whiteouts, into a folder of its own.
    pub(super) fn put_aside(&mut self, name: &str, contents: &'layers LayerContents) {
        let layer = self.begin_layer(contents);
        let Some(folder) = self.make(ROOT, name, FileKind::Directory, layer, NONE) else {
            return;
        };
        for (position, entry) in numbered(contents) {
            self.add(folder, entry, layer, position, false);
        }
    }

    fn begin_layer(&mut self, contents: &'layers LayerContents) -> u16 {
        let layer = u16::try_from(self.layers.len()).unwrap_or(u16::MAX);
        self.layers.push(contents);
        self.truncated |= contents.truncated;
        self.last_folder = None;
        layer
    }

    /// The entry that a node stands for; none for a folder that no layer lists.
    pub(super) fn entry(&self, node: &Node) -> Option<&'layers FileEntry> {
        self.layers
            .get(usize::from(node.layer))?
            .entries
            .get(usize::try_from(node.entry).ok()?)
    }

    fn add(&mut self, root: u32, entry: &'layers FileEntry, layer: u16, position: u32, follow: bool) {
        let (folder, name) = split(&entry.path);
        let Some(parent) = self.folder(root, folder, layer, follow) else {
            return;
        };
        let original = if entry.kind == FileKind::Hardlink {
            self.original(root, entry)
        } else {
            NONE
        };
        if let Some(existing) = self.child(parent, name) {
            if entry.kind == FileKind::Directory && self.kind(existing) == Some(FileKind::Directory) {
                if let Some(node) = self.node_mut(existing) {
                    (node.layer, node.entry) = (layer, position);
                }
                return;
            }
            self.hide(existing, layer, HiddenBecause::Replaced);
        }
        let made = self.make(parent, name, entry.kind, layer, position);
        if let Some(node) = made.and_then(|made| self.node_mut(made)) {
            node.original = original;
        }
    }

    /// The node whose content a hard link shares.
    fn original(&self, root: u32, entry: &'layers FileEntry) -> u32 {
        let (folder, name) = split(entry.link_target.as_deref().unwrap_or_default());
        let found = self.find(root, folder).and_then(|parent| self.child(parent, name));
        match found.and_then(|found| Some((found, self.node(found)?))) {
            Some((_, node)) if node.kind == FileKind::Hardlink => node.original,
            Some((found, node)) if node.kind == FileKind::File => found,
            _ => NONE,
        }
    }

    fn remove(&mut self, whiteout: &'layers FileEntry, layer: u16) {
        let Some(name) = whiteout.hidden_name() else { return };
        let folder = self.find(ROOT, split(&whiteout.path).0);
        if let Some(found) = folder.and_then(|folder| self.child(folder, name)) {
            self.hide(found, layer, HiddenBecause::Removed);
        }
    }

    fn empty(&mut self, folder: &'layers str, layer: u16) {
        let Some(folder) = self.find(ROOT, folder) else { return };
        // The list of children serves this alone: once emptied, none of them has to be looked at again.
        let first = self
            .node_mut(folder)
            .map(|node| std::mem::replace(&mut node.first_child, NONE));
        let mut next = first.unwrap_or(NONE);
        while let Some(node) = self.node(next) {
            let (child, hidden) = (next, node.hidden.is_some());
            next = node.next_sibling;
            if !hidden {
                self.hide(child, layer, HiddenBecause::Emptied);
            }
        }
    }

    /// The folder of this path, made where it is missing. Without `follow`, symbolic links count as in the way.
    fn folder(&mut self, root: u32, path: &'layers str, layer: u16, follow: bool) -> Option<u32> {
        if let Some((folder, node)) = self.last_folder
            && folder == path
        {
            return Some(node);
        }
        let mut way = Way::new(root, path);
        while let Some(step) = way.next() {
            let Step::Down(name) = step else {
                way.at = self.node(way.at)?.parent;
                continue;
            };
            let found = self.child(way.at, name);
            match found.and_then(|found| Some((found, self.node(found)?))) {
                Some((found, node)) if node.kind == FileKind::Directory => way.at = found,
                Some((_, node)) if follow && node.kind == FileKind::Symlink && way.links < MOST_LINKS => {
                    way.follow(root, self.entry(node));
                }
                in_the_way => {
                    if let Some((blocking, _)) = in_the_way {
                        self.hide(blocking, layer, HiddenBecause::Replaced);
                    }
                    way.at = self.make(way.at, name, FileKind::Directory, layer, NONE)?;
                }
            }
        }
        self.last_folder = Some((path, way.at));
        Some(way.at)
    }

    /// The folder of this path, if it is there.
    fn find(&self, root: u32, path: &'layers str) -> Option<u32> {
        let mut way = Way::new(root, path);
        while let Some(step) = way.next() {
            let Step::Down(name) = step else {
                way.at = self.node(way.at)?.parent;
                continue;
            };
            let found = self.child(way.at, name)?;
            let node = self.node(found)?;
            match node.kind {
                FileKind::Directory => way.at = found,
                FileKind::Symlink if way.links < MOST_LINKS => way.follow(root, self.entry(node)),
                _ => return None,
            }
        }
        Some(way.at)
    }

    fn make(&mut self, parent: u32, name: &str, kind: FileKind, layer: u16, entry: u32) -> Option<u32> {
        let start = self.names.len();
        if self.nodes.len() >= MOST_NODES || start + name.len() > MOST_NAME_BYTES {
            self.truncated = true;
            return None;
        }
        let number = u32::try_from(self.nodes.len()).ok()?;
        self.names.push_str(name);
        let name = (u32::try_from(start).ok()?, u32::try_from(self.names.len()).ok()?);
        let next_sibling = self
            .node_mut(parent)
            .map(|node| std::mem::replace(&mut node.first_child, number))?;
        self.nodes.push(Node {
            parent,
            name,
            kind,
            layer,
            entry,
            original: NONE,
            hidden: None,
            first_child: NONE,
            next_sibling,
        });
        let (nodes, names, hasher) = (&self.nodes, &self.names, &self.hasher);
        let hash = |&number: &u32| hash_of(nodes, names, hasher, number);
        self.visible.insert_unique(hash(&number), number, hash);
        Some(number)
    }

    /// Hides a node, and so all that is in it.
    fn hide(&mut self, number: u32, layer: u16, because: HiddenBecause) {
        self.last_folder = None;
        let hash = hash_of(&self.nodes, &self.names, &self.hasher, number);
        if let Ok(found) = self.visible.find_entry(hash, |&other| other == number) {
            found.remove();
        }
        if let Some(node) = self.node_mut(number) {
            node.hidden = Some((layer, because));
        }
    }

    fn child(&self, parent: u32, name: &str) -> Option<u32> {
        let hash = self.hasher.hash_one((parent, name));
        let is_it = |&number: &u32| {
            self.node(number)
                .is_some_and(|node| node.parent == parent && name_of(&self.names, node) == name)
        };
        self.visible.find(hash, is_it).copied()
    }

    fn node(&self, number: u32) -> Option<&Node> {
        self.nodes.get(usize::try_from(number).ok()?)
    }

    fn node_mut(&mut self, number: u32) -> Option<&mut Node> {
        self.nodes.get_mut(usize::try_from(number).ok()?)
    }

    fn kind(&self, number: u32) -> Option<FileKind> {
        self.node(number).map(|node| node.kind)
    }
}

fn numbered(contents: &LayerContents) -> impl Iterator<Item = (u32, &FileEntry)> {
    (0..NONE).zip(&contents.entries)
}

fn name_of<'names>(names: &'names str, node: &Node) -> &'names str {
    names
        .get(node.name.0 as usize..node.name.1 as usize)
        .unwrap_or_default()
}

fn hash_of(nodes: &[Node], names: &str, hasher: &RandomState, number: u32) -> u64 {
    nodes
        .get(number as usize)
        .map_or(0, |node| hasher.hash_one((node.parent, name_of(names, node))))
}

/// A walk from folder to folder; symbolic links put their targets before what is left of the path.
struct Way<'layers> {
    at: u32,
    links: usize,
    /// What is left to walk, the next step last.
    left: Vec<Step<'layers>>,
}

#[derive(Clone, Copy)]
enum Step<'layers> {
    Down(&'layers str),
    Up,
}

impl<'layers> Way<'layers> {
    /// In an entry's own path `..` is a name like any other: no unpacker would follow it.
    fn new(root: u32, path: &'layers str) -> Self {
        let left = path
            .rsplit('/')
            .filter(|name| !name.is_empty())
            .map(Step::Down)
            .collect();
        Self {
            at: root,
            links: 0,
            left,
        }
    }

    fn next(&mut self) -> Option<Step<'layers>> {
        self.left.pop()
    }

    /// Follows a symbolic link that stands in the folder where the walk is.
    fn follow(&mut self, root: u32, link: Option<&'layers FileEntry>) {
        let target = link.and_then(|link| link.link_target.as_deref()).unwrap_or_default();
        self.links += 1;
        if target.starts_with('/') {
            self.at = root;
        }
        let steps = target.rsplit('/').filter(|name| !matches!(*name, "" | "."));
        self.left
            .extend(steps.map(|name| if name == ".." { Step::Up } else { Step::Down(name) }));
    }
}
