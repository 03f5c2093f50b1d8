//! The merged tree against a model so simple that it can be checked by reading: layers applied to a map, one by one.

use std::{collections::BTreeMap, sync::Arc};

use proptest::prelude::*;

use super::{
    super::{FileEntry, FileKind, LayerContents},
    MergedTree, TreeView, ViewOptions,
};
use crate::{ByteSize, Digest};

/// A path of one to three of four names, so that layers meet each other often.
fn paths() -> impl Strategy<Value = String> {
    proptest::collection::vec("[abcd]", 1..4).prop_map(|names| names.join("/"))
}

fn entries() -> impl Strategy<Value = FileEntry> {
    (paths(), 0..6_u8, 0..1000_u64).prop_map(|(path, kind, size)| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let inside = |name: &str| {
            if folder.is_empty() {
                name.to_owned()
            } else {
                format!("{folder}/{name}")
            }
        };
        match kind {
            0 => entry(&path, FileKind::Directory, 0),
            1 => entry(&inside(&format!(".wh.{name}")), FileKind::Whiteout, 0),
            2 => entry(&inside(".wh..wh..opq"), FileKind::Opaque, 0),
            _ => entry(&path, FileKind::File, size),
        }
    })
}

fn entry(path: &str, kind: FileKind, size: u64) -> FileEntry {
    FileEntry {
        kind,
        size: ByteSize(size),
        ..FileEntry::single(path.to_owned())
    }
}

fn layers() -> impl Strategy<Value = Vec<(Digest, Arc<LayerContents>)>> {
    let layer = proptest::collection::vec(entries(), 0..12);
    proptest::collection::vec(layer, 1..5).prop_map(|layers| {
        let contents = |entries| {
            Arc::new(LayerContents {
                entries,
                ..LayerContents::default()
            })
        };
        let numbered = layers.into_iter().enumerate();
        numbered
            .map(|(number, entries)| (Digest::of(&[u8::try_from(number).expect("few")]), contents(entries)))
            .collect()
    })
}

/// Path to kind, size and layer.
type Model = BTreeMap<String, (FileKind, u64, usize)>;

fn apply(model: &mut Model, layer: usize, entries: &[FileEntry]) {
    let lower = model.clone();
    for entry in entries {
        if let Some(hidden) = entry.hides()
            && lower_folder_is_reachable(&lower, &hidden)
        {
            remove(model, &hidden);
        }
        if entry.kind == FileKind::Opaque {
            let folder = entry
                .path
                .strip_suffix(".wh..wh..opq")
                .expect("an opaque mark")
                .to_owned();
            model.retain(|path, _| !path.starts_with(&folder));
        }
    }
    for entry in entries.iter().filter(|entry| !entry.kind.is_mark()) {
        for (end, _) in entry.path.match_indices('/') {
            let above = &entry.path[..end];
            if model.get(above).is_none_or(|(kind, ..)| *kind != FileKind::Directory) {
                remove(model, above);
                model.insert(above.to_owned(), (FileKind::Directory, 0, layer));
            }
        }
        let both_folders = entry.kind == FileKind::Directory
            && model
                .get(&entry.path)
                .is_some_and(|(kind, ..)| *kind == FileKind::Directory);
        if !both_folders {
            remove(model, &entry.path);
        }
        model.insert(entry.path.clone(), (entry.kind, entry.size.bytes(), layer));
    }
}

/// A whiteout in what is a file below hides nothing; the model has no entry below a file anyway.
fn lower_folder_is_reachable(lower: &Model, hidden: &str) -> bool {
    lower.contains_key(hidden)
}

fn remove(model: &mut Model, path: &str) {
    let inside = format!("{path}/");
    model.retain(|other, _| other != path && !other.starts_with(&inside));
}

proptest! {
    #[test]
    fn random_layers_merge_as_a_map_does(layers in layers()) {
        let mut model = Model::new();
        for (number, (_, contents)) in layers.iter().enumerate() {
            apply(&mut model, number, &contents.entries);
        }
        let tree = MergedTree::merge(&layers);
        let number_of = |digest: &Digest| layers.iter().position(|(other, _)| other == digest).expect("one of the layers");
        let merged: Model = tree
            .flat()
            .map(|file| (file.path, (file.kind, file.size.bytes(), number_of(file.layer))))
            .collect();
        prop_assert_eq!(&merged, &model);
        prop_assert_eq!(tree.flat().count(), model.len(), "nothing is listed twice");
    }

    #[test]
    fn nothing_stored_is_lost_from_the_totals(layers in layers()) {
        let tree = MergedTree::merge(&layers);
        let totals = tree.totals();
        let stored: u64 = layers.iter().flat_map(|(_, contents)| &contents.entries).map(|entry| entry.size.bytes()).sum();
        prop_assert_eq!(totals.size.bytes() + totals.hidden_size.bytes(), stored);
        let by_layer: u64 = tree.layer_totals().iter().map(|layer| layer.size.bytes()).sum();
        prop_assert_eq!(by_layer, totals.size.bytes());
    }

    #[test]
    fn rows_add_up_in_every_view(layers in layers(), whiteouts: bool, only_hidden: bool, text in "[abc]?", only_first: bool) {
        let tree = Arc::new(MergedTree::merge(&layers));
        let chosen = only_first.then(|| vec![layers[0].0.clone()]);
        let options = ViewOptions { layers: chosen, whiteouts, text, only_hidden };
        let view = TreeView::new(tree, &options);
        let mut waiting = vec![(String::new(), view.totals().1)];
        let mut keys = std::collections::HashSet::new();
        while let Some((key, size)) = waiting.pop() {
            let page = view.children(&key, 0, 1000).expect("a listed folder opens");
            prop_assert_eq!(page.total, page.rows.len() as u64);
            let all_count = only_hidden || key_is_hidden(&view, &key);
            let counted = page.rows.iter().filter(|row| all_count || row.hidden.is_none());
            prop_assert_eq!(counted.map(|row| row.size).sum::<ByteSize>(), size, "in {:?}", key);
            for row in page.rows {
                prop_assert!(keys.insert(row.key.clone()), "{} stands twice", row.key);
                let of_layers: ByteSize = row.layers.iter().map(|(_, bytes)| *bytes).sum();
                prop_assert_eq!(of_layers, row.size);
                prop_assert!(options.whiteouts || options.only_hidden || row.hidden.is_none());
                if row.has_children {
                    waiting.push((row.key, row.size));
                }
            }
        }
        let icicle = view.icicle(600, 7);
        prop_assert_eq!(icicle.size, view.totals().1);
    }
}

fn key_is_hidden(view: &TreeView, key: &str) -> bool {
    view.tree
        .find(key)
        .and_then(|number| view.tree.place(number))
        .is_some_and(|place| place.hidden.is_some())
}
