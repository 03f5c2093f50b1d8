//! Several layers as one tree: what is seen, and what later layers hide of it.

use std::sync::Arc;

use super::{
    super::{FileEntry, FileKind, LayerContents},
    arrange::{Place, arrange, number_twins},
    growing::Growing,
};
use crate::{ByteSize, Digest};

/// The tree of several layers, each laid over the ones before. Cheap to ask, built once.
#[derive(Debug)]
pub struct MergedTree {
    pub(super) layers: Vec<(Digest, Arc<LayerContents>)>,
    pub(super) places: Vec<Place>,
    pub(super) names: String,
    truncated: bool,
    whiteouts: u64,
}

/// Why something is stored but not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HiddenBecause {
    /// A whiteout names it.
    Removed,
    /// Its folder was made anew.
    Emptied,
    /// Something else stands in its place.
    Replaced,
}

/// The layer that hides something, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    pub by: Digest,
    pub because: HiddenBecause,
}

/// What a tree holds. Files are all that is no folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TreeTotals {
    pub files: u64,
    /// Uncompressed bytes of what is seen.
    pub size: ByteSize,
    /// Stored and pulled, never seen.
    pub hidden_files: u64,
    pub hidden_size: ByteSize,
    /// Whiteouts and opaque marks in all layers.
    pub whiteouts: u64,
    /// Whether entries were left out because of a limit.
    pub truncated: bool,
}

/// What of one layer is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerTotals {
    pub digest: Digest,
    pub files: u64,
    /// Uncompressed.
    pub size: ByteSize,
}

/// Something that is seen in a merged tree.
#[derive(Clone, Debug)]
pub struct MergedFile<'tree> {
    pub path: String,
    pub kind: FileKind,
    /// 0 for folders and links; a hard link whose original is hidden has the original's.
    pub size: ByteSize,
    /// 0755 for folders that no layer lists: what every unpacker makes.
    pub mode: u32,
    /// The layer that wrote it last.
    pub layer: &'tree Digest,
    /// What the layer says about it; none for folders that no layer lists.
    pub entry: Option<&'tree FileEntry>,
    /// BLAKE3 of a file's content, of a hard link the original's.
    pub content: Option<[u8; 32]>,
}

const UNLISTED_FOLDER_MODE: u32 = 0o755;

impl MergedTree {
    /// Lays the layers over each other, lowest first. Whiteouts and opaque marks hide lower layers only.
    pub fn merge(layers: &[(Digest, Arc<LayerContents>)]) -> Self {
        let mut grown = Growing::new();
        for (_, contents) in layers {
            grown.lay(contents);
        }
        Self::arranged(layers, grown)
    }

    /// The layers side by side, each as stored in a folder named by its digest.
    pub fn by_layer(layers: &[(Digest, Arc<LayerContents>)]) -> Self {
        let mut grown = Growing::new();
        for (digest, contents) in layers {
            grown.put_aside(&digest.to_string(), contents);
        }
        Self::arranged(layers, grown)
    }

    fn arranged(layers: &[(Digest, Arc<LayerContents>)], mut grown: Growing<'_>) -> Self {
        let mut places = arrange(&mut grown);
        number_twins(&mut places, &grown.names);
        let marks = layers.iter().flat_map(|(_, contents)| &contents.entries);
        let marks = marks.filter(|entry| entry.kind.is_mark() && !entry.is_bookkeeping());
        Self {
            whiteouts: marks.count() as u64,
            truncated: grown.truncated,
            names: grown.names,
            places,
            layers: layers.to_vec(),
        }
    }

    /// What the tree holds.
    pub fn totals(&self) -> TreeTotals {
        let mut totals = TreeTotals {
            whiteouts: self.whiteouts,
            truncated: self.truncated,
            ..TreeTotals::default()
        };
        for place in self.files() {
            let (files, size) = match place.hidden {
                None => (&mut totals.files, &mut totals.size),
                Some(_) => (&mut totals.hidden_files, &mut totals.hidden_size),
            };
            *files += 1;
            *size += ByteSize(place.size);
        }
        totals
    }

    /// The layers that it is made of, lowest first.
    pub fn layers(&self) -> &[(Digest, Arc<LayerContents>)] {
        &self.layers
    }

    /// What is seen of each layer, lowest first.
    pub fn layer_totals(&self) -> Vec<LayerTotals> {
        let empty = |(digest, _): &(Digest, _)| LayerTotals {
            digest: digest.clone(),
            files: 0,
            size: ByteSize::ZERO,
        };
        let mut totals: Vec<LayerTotals> = self.layers.iter().map(empty).collect();
        for place in self.files().filter(|place| place.hidden.is_none()) {
            if let Some(total) = totals.get_mut(usize::from(place.layer)) {
                total.files += 1;
                total.size += ByteSize(place.size);
            }
        }
        totals
    }

    /// All that is seen, folders before what is in them, names ascending.
    pub fn flat(&self) -> impl Iterator<Item = MergedFile<'_>> {
        let mut path = Path::default();
        (1..self.places.len()).filter_map(move |number| {
            let place = self.places.get(number)?;
            path.enter(self, number, place);
            if place.hidden.is_some() {
                return None;
            }
            self.merged(place, path.text.clone())
        })
    }

    /// What is seen at a path.
    pub fn file(&self, path: &str) -> Option<MergedFile<'_>> {
        let place = self.place(self.find(path)?)?;
        if place.hidden.is_some() {
            return None;
        }
        self.merged(place, path.to_owned())
    }

    fn merged(&self, place: &Place, path: String) -> Option<MergedFile<'_>> {
        let entry = self.entry(place);
        let original = self.place(place.original).and_then(|original| self.entry(original));
        Some(MergedFile {
            path,
            kind: place.kind,
            size: ByteSize(place.size),
            mode: entry.map_or(UNLISTED_FOLDER_MODE, |entry| entry.mode),
            layer: self.digest(place.layer)?,
            entry,
            content: original.or(entry).and_then(|entry| entry.content),
        })
    }

    /// All places that are no folders and hide nothing.
    fn files(&self) -> impl Iterator<Item = &Place> {
        self.places
            .iter()
            .filter(|place| place.kind != FileKind::Directory && !place.kind.is_mark())
    }

    pub(super) fn digest(&self, layer: u16) -> Option<&Digest> {
        self.layers.get(usize::from(layer)).map(|(digest, _)| digest)
    }

    pub(super) fn entry(&self, place: &Place) -> Option<&FileEntry> {
        let (_, contents) = self.layers.get(usize::from(place.layer))?;
        contents.entries.get(usize::try_from(place.entry).ok()?)
    }

    pub(super) fn place(&self, number: u32) -> Option<&Place> {
        self.places.get(number as usize)
    }

    pub(super) fn name(&self, place: &Place) -> &str {
        self.names
            .get(place.name.0 as usize..place.name.1 as usize)
            .unwrap_or_default()
    }

    /// The numbers of what is directly in a folder.
    pub(super) fn children(&self, folder: u32) -> impl Iterator<Item = u32> {
        let end = self.place(folder).map_or(0, |place| place.end);
        let mut next = folder.saturating_add(1);
        std::iter::from_fn(move || {
            let child = next;
            next = self.place(child).filter(|_| child < end)?.end;
            Some(child)
        })
    }

    /// The place of a key: a path, in which `name//2` is the second of that name that is hidden behind the first.
    pub(super) fn find(&self, key: &str) -> Option<u32> {
        let mut at = 0;
        let mut components = key.split('/').filter(|_| !key.is_empty()).peekable();
        while let Some(name) = components.next() {
            let twin = match components.next_if_eq(&"") {
                Some(_) => components.next()?.parse().ok()?,
                None => 0,
            };
            at = self.children(at).find(|&child| {
                self.place(child)
                    .is_some_and(|place| place.twin == twin && self.name(place) == name)
            })?;
        }
        Some(at)
    }

    /// The path of a place, and the key by which [`Self::find`] finds it.
    pub(super) fn path_and_key(&self, number: u32) -> (String, String) {
        let mut line = Vec::new();
        let mut at = number;
        while at != 0 {
            let Some(place) = self.place(at) else { break };
            line.push(place);
            at = place.parent;
        }
        let (mut path, mut key) = (String::new(), String::new());
        for place in line.into_iter().rev() {
            for text in [&mut path, &mut key] {
                if !text.is_empty() {
                    text.push('/');
                }
                text.push_str(self.name(place));
            }
            if place.twin > 0 {
                key.push_str("//");
                key.push_str(&place.twin.to_string());
            }
        }
        (path, key)
    }
}

/// The path of the place that a pass over all places is at.
#[derive(Default)]
pub(super) struct Path {
    pub(super) text: String,
    /// The folders that the pass is in: where each ends, and how long the path is without what it added.
    inside: Vec<(u32, usize)>,
}

impl Path {
    /// Goes on to the next place.
    pub(super) fn enter(&mut self, tree: &MergedTree, number: usize, place: &Place) {
        while let Some(&(end, length)) = self.inside.last()
            && end as usize <= number
        {
            self.inside.pop();
            self.text.truncate(length);
        }
        self.inside.push((place.end, self.text.len()));
        if !self.text.is_empty() {
            self.text.push('/');
        }
        self.text.push_str(tree.name(place));
    }
}
