//! A tree as a person has filtered it: folders in pages, largest first, with their totals.

use std::{cmp::Reverse, collections::HashSet, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    super::{FileKind, SpecialFile},
    merge::{Hidden, MergedTree, Path},
    pattern::Pattern,
};
use crate::{ByteSize, Digest};

/// What of a tree is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ViewOptions {
    /// Only what these layers wrote; none: all.
    pub layers: Option<Vec<Digest>>,
    /// Also what later layers hide.
    pub whiteouts: bool,
    /// A part of a name, or a pattern; with `/` of the whole path. A folder that matches comes with all that is in it.
    pub text: String,
    /// Only what later layers hide.
    pub only_hidden: bool,
}

/// A filtered tree. One pass over the tree makes it; questions are then cheap.
#[derive(Clone, Debug)]
pub struct TreeView {
    pub(super) tree: Arc<MergedTree>,
    shown: Vec<Shown>,
    only_hidden: bool,
}

/// What the filter leaves of a place.
#[derive(Clone, Copy, Debug, Default)]
struct Shown {
    /// It stands in its folder.
    listed: bool,
    /// It passed the filter itself, not only for what is in it.
    counted: bool,
    size: u64,
    files: u64,
}

/// A part of a folder's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreePage {
    /// How many rows the folder has.
    pub total: u64,
    pub rows: Vec<TreeRow>,
}

/// A file, or a folder with the totals of what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeRow {
    /// Opens it again; unique, also where something hidden has the path of what replaced it.
    pub key: String,
    pub path: String,
    /// A chain of single folders is one row: `lib/python3.11`.
    pub name: String,
    pub kind: FileKind,
    pub special: Option<SpecialFile>,
    pub size: ByteSize,
    /// 1 for a file.
    pub files: u64,
    /// None for folders that no layer lists.
    pub mode: Option<u32>,
    pub uid: Option<u64>,
    pub gid: Option<u64>,
    /// Empty where only the number is known.
    pub user: String,
    pub group: String,
    pub modified: Option<DateTime<Utc>>,
    pub link_target: Option<String>,
    /// The layer that wrote it last.
    pub layer: Option<Digest>,
    /// Bytes by layer, lowest layer first; a file's own layer even if it is empty.
    pub layers: Vec<(Digest, ByteSize)>,
    pub hidden: Option<Hidden>,
    pub has_children: bool,
}

impl TreeView {
    /// The tree through the filter.
    pub fn new(tree: Arc<MergedTree>, options: &ViewOptions) -> Self {
        let shown = pass(&tree, options);
        let mut view = Self {
            tree,
            shown,
            only_hidden: options.only_hidden,
        };
        view.add_up();
        view
    }

    /// Adds up what folders hold, and lists the folders that something listed is in.
    fn add_up(&mut self) {
        for number in (1..u32::try_from(self.shown.len()).unwrap_or(u32::MAX)).rev() {
            let (inside, counts) = (self.shown(number), self.counts_in_folder(number));
            let above = self
                .tree
                .place(number)
                .and_then(|place| self.shown.get_mut(place.parent as usize));
            let Some(above) = above else { continue };
            above.listed |= inside.listed;
            if counts {
                above.size += inside.size;
                above.files += inside.files;
            }
        }
    }

    /// Files and bytes of all that is listed.
    pub fn totals(&self) -> (u64, ByteSize) {
        let root = self.shown(0);
        (root.files, ByteSize(root.size))
    }

    /// Rows of a folder, largest first; the root's key is empty. None if there is no such folder.
    pub fn children(&self, key: &str, offset: u64, limit: usize) -> Option<TreePage> {
        let folder = self.tree.find(key)?;
        let mut children: Vec<u32> = self.listed(folder).collect();
        children.sort_by_key(|&child| Reverse(self.shown(child).size));
        let skipped = usize::try_from(offset).unwrap_or(usize::MAX);
        let rows = children
            .iter()
            .skip(skipped)
            .take(limit)
            .map(|&child| self.row(child))
            .collect();
        Some(TreePage {
            total: children.len() as u64,
            rows,
        })
    }

    /// What is listed directly in a folder, by name.
    pub(super) fn listed(&self, folder: u32) -> impl Iterator<Item = u32> {
        self.tree.children(folder).filter(|&child| self.shown(child).listed)
    }

    /// Whether its bytes are part of its folder's: something hidden's are not, unless only the hidden is looked at.
    pub(super) fn counts_in_folder(&self, number: u32) -> bool {
        let Some(place) = self.tree.place(number) else {
            return false;
        };
        let above_hidden = self
            .tree
            .place(place.parent)
            .is_some_and(|above| above.hidden.is_some());
        self.only_hidden || place.hidden.is_none() || above_hidden
    }

    pub(super) fn size(&self, number: u32) -> u64 {
        self.shown(number).size
    }

    /// The last folder of a chain in which each has only the next, and the names on the way to it.
    pub(super) fn chain(&self, number: u32) -> (u32, String) {
        let name_of = |number| {
            self.tree
                .place(number)
                .map(|place| self.tree.name(place))
                .unwrap_or_default()
        };
        let mut name = name_of(number).to_owned();
        let mut last = number;
        while let Some(only) = self.only_folder(last) {
            name.push('/');
            name.push_str(name_of(only));
            last = only;
        }
        (last, name)
    }

    fn only_folder(&self, folder: u32) -> Option<u32> {
        let mut listed = self.listed(folder);
        let (only, None) = (listed.next()?, listed.next()) else {
            return None;
        };
        let (above, below) = (self.tree.place(folder)?, self.tree.place(only)?);
        let same = above.hidden.is_some() == below.hidden.is_some();
        (same && below.kind == FileKind::Directory && below.twin == 0).then_some(only)
    }

    fn row(&self, number: u32) -> TreeRow {
        let (last, name) = self.chain(number);
        let (path, key) = self.tree.path_and_key(last);
        let shown = self.shown(last);
        let place = self.tree.place(last);
        let entry = place.and_then(|place| self.tree.entry(place));
        let hidden = place.and_then(|place| place.hidden).and_then(|(layer, because)| {
            Some(Hidden {
                by: self.tree.digest(layer)?.clone(),
                because,
            })
        });
        TreeRow {
            key,
            path,
            name,
            kind: place.map_or(FileKind::Directory, |place| place.kind),
            special: entry.and_then(|entry| entry.special),
            size: ByteSize(shown.size),
            files: shown.files,
            mode: entry.map(|entry| entry.mode),
            uid: entry.map(|entry| entry.uid),
            gid: entry.map(|entry| entry.gid),
            user: entry.map(|entry| entry.user.to_string()).unwrap_or_default(),
            group: entry.map(|entry| entry.group.to_string()).unwrap_or_default(),
            modified: entry.and_then(|entry| entry.modified),
            link_target: entry.and_then(|entry| entry.link_target.clone()),
            layer: place.and_then(|place| self.tree.digest(place.layer)).cloned(),
            layers: self.bytes_by_layer(last),
            hidden,
            has_children: self.listed(last).next().is_some(),
        }
    }

    /// The bytes of a file, or of all that counts in a folder, by the layer that wrote them.
    fn bytes_by_layer(&self, number: u32) -> Vec<(Digest, ByteSize)> {
        let Some(top) = self.tree.place(number) else {
            return Vec::new();
        };
        let mut bytes = vec![None; self.tree.layers.len()];
        for inside in number..top.end {
            let (Some(place), shown) = (self.tree.place(inside), self.shown(inside)) else {
                continue;
            };
            // What is hidden in a folder that is seen counts nowhere but in its own row.
            let seen_alike = place.hidden.is_some() == top.hidden.is_some();
            let counts = shown.counted && place.kind != FileKind::Directory && (seen_alike || self.only_hidden);
            if counts && let Some(sum) = bytes.get_mut(usize::from(place.layer)) {
                *sum = Some(sum.unwrap_or(0_u64).saturating_add(place.size));
            }
        }
        let layers = self.tree.layers.iter().zip(bytes);
        layers
            .filter_map(|((digest, _), bytes)| Some((digest.clone(), ByteSize(bytes?))))
            .collect()
    }

    fn shown(&self, number: u32) -> Shown {
        self.shown.get(number as usize).copied().unwrap_or_default()
    }
}

/// What passes the filter by itself.
fn pass(tree: &MergedTree, options: &ViewOptions) -> Vec<Shown> {
    let wanted = options
        .layers
        .as_ref()
        .map(|layers| layers.iter().collect::<HashSet<_>>());
    let of_wanted: Vec<bool> = tree
        .layers
        .iter()
        .map(|(digest, _)| wanted.as_ref().is_none_or(|wanted| wanted.contains(digest)))
        .collect();
    let pattern = Pattern::new(&options.text);
    let mut path = Path::default();
    let mut matched_until = 0;
    let mut shown = vec![Shown::default()];
    for (number, place) in tree.places.iter().enumerate().skip(1) {
        if let Some(pattern) = &pattern {
            path.enter(tree, number, place);
            if pattern.matches(&path.text, tree.name(place)) {
                matched_until = matched_until.max(place.end as usize);
            }
        }
        let matched = pattern.is_none() || number < matched_until;
        let seen = place.hidden.is_none() && !place.kind.is_mark();
        let asked_for = if options.only_hidden {
            place.hidden.is_some()
        } else {
            seen || options.whiteouts
        };
        let of_layer = of_wanted.get(usize::from(place.layer)).copied().unwrap_or(false);
        let counted = matched && asked_for && of_layer;
        let is_file = counted && place.kind != FileKind::Directory && !place.kind.is_mark();
        shown.push(Shown {
            listed: counted,
            counted,
            size: if counted { place.size } else { 0 },
            files: u64::from(is_file),
        });
    }
    shown
}
