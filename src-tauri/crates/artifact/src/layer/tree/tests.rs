//! What later layers do to earlier ones, case by case; random layers are in `model_tests.rs`.

use std::sync::Arc;

use super::{
    super::{FileEntry, FileKind, LayerContents},
    HiddenBecause, IcicleNode, MergedTree, TreeRow, TreeView, ViewOptions,
};
use crate::{ByteSize, Digest};

fn entry(path: &str, kind: FileKind, size: u64) -> FileEntry {
    FileEntry {
        kind,
        size: ByteSize(size),
        ..FileEntry::single(path.to_owned())
    }
}

fn file(path: &str, size: u64) -> FileEntry {
    entry(path, FileKind::File, size)
}

fn link(path: &str, kind: FileKind, target: &str) -> FileEntry {
    FileEntry {
        link_target: Some(target.to_owned()),
        ..entry(path, kind, 0)
    }
}

fn digest(number: usize) -> Digest {
    Digest::of(&[u8::try_from(number).expect("few layers")])
}

fn layers(layers: Vec<Vec<FileEntry>>) -> Vec<(Digest, Arc<LayerContents>)> {
    let contents = |entries| {
        Arc::new(LayerContents {
            entries,
            ..LayerContents::default()
        })
    };
    layers
        .into_iter()
        .enumerate()
        .map(|(number, entries)| (digest(number), contents(entries)))
        .collect()
}

fn merge(of: Vec<Vec<FileEntry>>) -> Arc<MergedTree> {
    Arc::new(MergedTree::merge(&layers(of)))
}

fn paths(tree: &MergedTree) -> Vec<String> {
    tree.flat()
        .filter(|file| file.kind != FileKind::Directory)
        .map(|file| file.path)
        .collect()
}

fn rows(tree: &Arc<MergedTree>, key: &str, options: &ViewOptions) -> Vec<TreeRow> {
    TreeView::new(Arc::clone(tree), options)
        .children(key, 0, 100)
        .expect("the folder is there")
        .rows
}

fn with_hidden() -> ViewOptions {
    ViewOptions {
        whiteouts: true,
        ..ViewOptions::default()
    }
}

#[test]
fn a_whiteout_hides_lower_layers_but_not_its_own() {
    let tree = merge(vec![
        vec![file("app/old.py", 10), file("app/kept.py", 1)],
        vec![file("app/old.py", 3), entry("app/.wh.old.py", FileKind::Whiteout, 0)],
    ]);
    assert_eq!(paths(&tree), ["app/kept.py", "app/old.py"]);
    assert_eq!(tree.file("app/old.py").expect("the new one is seen").size, ByteSize(3));
    let totals = tree.totals();
    assert_eq!(
        (totals.hidden_files, totals.hidden_size, totals.whiteouts),
        (1, ByteSize(10), 1)
    );
}

#[test]
fn an_opaque_mark_empties_the_folder_of_lower_layers_only() {
    let tree = merge(vec![
        vec![file("cache/a", 5), file("cache/deep/b", 7), file("other", 1)],
        vec![file("cache/new", 2), entry("cache/.wh..wh..opq", FileKind::Opaque, 0)],
    ]);
    assert_eq!(paths(&tree), ["cache/new", "other"]);
    let hidden = rows(&tree, "cache", &with_hidden());
    let because = |row: &TreeRow| row.hidden.clone().map(|hidden| (hidden.by, hidden.because));
    let deep = hidden
        .iter()
        .find(|row| row.name == "deep")
        .expect("the hidden folder is listed");
    assert_eq!(because(deep), Some((digest(1), HiddenBecause::Emptied)));
    assert_eq!((deep.size, deep.files, deep.has_children), (ByteSize(7), 1, true));
}

#[test]
fn the_same_opaque_mark_in_two_layers_hides_what_came_between() {
    let opaque = || entry(".wh..wh..opq", FileKind::Opaque, 0);
    let tree = merge(vec![
        vec![file("a", 1)],
        vec![opaque(), file("b", 2)],
        vec![opaque(), file("c", 4)],
    ]);
    assert_eq!(paths(&tree), ["c"]);
    assert_eq!(tree.totals().hidden_size, ByteSize(3));
}

#[test]
fn types_may_change_from_layer_to_layer() {
    let tree = merge(vec![
        vec![file("x", 1), file("y/inside", 2), file("z/inside", 4)],
        vec![
            file("x/now/a/folder", 8),
            file("y", 16),
            link("z", FileKind::Symlink, "y"),
        ],
    ]);
    assert_eq!(paths(&tree), ["x/now/a/folder", "y", "z"]);
    assert_eq!(tree.totals().hidden_size, ByteSize(7));
}

#[test]
fn a_folder_listed_again_keeps_what_is_in_it_and_takes_the_new_mode() {
    let folder = |mode| FileEntry {
        mode,
        ..entry("srv", FileKind::Directory, 0)
    };
    let tree = merge(vec![
        vec![folder(0o755), file("srv/a", 1)],
        vec![folder(0o700), file("srv/b", 2)],
    ]);
    assert_eq!(paths(&tree), ["srv/a", "srv/b"]);
    assert_eq!(
        tree.file("srv").map(|folder| (folder.mode, folder.layer.clone())),
        Some((0o700, digest(1)))
    );
}

#[test]
fn files_below_a_linked_folder_land_where_the_link_leads() {
    let tree = merge(vec![
        vec![
            file("usr/lib/libc.so", 1),
            link("lib", FileKind::Symlink, "usr/lib"),
            link("abs", FileKind::Symlink, "/usr/../usr"),
        ],
        vec![
            file("lib/libm.so", 2),
            file("abs/share/doc", 4),
            entry("lib/.wh.libc.so", FileKind::Whiteout, 0),
        ],
    ]);
    assert_eq!(paths(&tree), ["abs", "lib", "usr/lib/libm.so", "usr/share/doc"]);
}

#[test]
fn links_that_lead_in_circles_end() {
    let circle = vec![
        link("a", FileKind::Symlink, "b"),
        link("b", FileKind::Symlink, "a"),
        link("up", FileKind::Symlink, "../../.."),
    ];
    let tree = merge(vec![circle, vec![file("a/x", 1), file("up/y", 2)]]);
    assert!(
        paths(&tree).contains(&"y".to_owned()),
        "above the root is the root: {:?}",
        paths(&tree)
    );
    assert!(
        tree.file("a/x").is_some() || tree.file("b/x").is_some(),
        "{:?}",
        paths(&tree)
    );
}

#[test]
fn dots_in_a_path_are_names_and_lead_nowhere() {
    let tree = merge(vec![vec![file("../../etc/passwd", 1), file("etc/passwd", 2)]]);
    assert_eq!(paths(&tree), ["../../etc/passwd", "etc/passwd"]);
}

#[test]
fn a_hard_link_that_outlives_its_original_holds_the_bytes() {
    let hashed = FileEntry {
        content: Some([7; 32]),
        ..file("bin/tool", 100)
    };
    let lower = vec![
        hashed,
        link("bin/alias", FileKind::Hardlink, "bin/tool"),
        link("bin/third", FileKind::Hardlink, "bin/alias"),
    ];
    let whole = merge(vec![lower.clone()]);
    assert_eq!(whole.totals().size, ByteSize(100), "the bytes count once");
    assert_eq!(whole.file("bin/third").expect("seen").content, Some([7; 32]));
    let tree = merge(vec![lower, vec![entry("bin/.wh.tool", FileKind::Whiteout, 0)]]);
    assert_eq!(tree.totals().size, ByteSize(100));
    assert_eq!(
        tree.totals().hidden_size,
        ByteSize::ZERO,
        "they are still seen through the link"
    );
    assert_eq!(tree.file("bin/alias").expect("seen").size, ByteSize(100));
}

#[test]
fn chains_of_single_folders_are_one_row_largest_first() {
    let tree = merge(vec![vec![
        file("usr/local/lib/python3.11/a", 50),
        file("usr/local/lib/python3.11/b", 60),
        file("app/x", 70),
    ]]);
    let top = rows(&tree, "", &ViewOptions::default());
    let names: Vec<_> = top
        .iter()
        .map(|row| (row.name.as_str(), row.size.bytes(), row.files))
        .collect();
    assert_eq!(names, [("usr/local/lib/python3.11", 110, 2), ("app", 70, 1)]);
    let inside = rows(&tree, &top[0].key, &ViewOptions::default());
    assert_eq!(
        inside.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        ["b", "a"]
    );
}

#[test]
fn something_replaced_has_a_key_of_its_own_and_can_be_opened() {
    let tree = merge(vec![
        vec![file("numpy/old/a", 9)],
        vec![entry(".wh.numpy", FileKind::Whiteout, 0), file("numpy/new", 4)],
    ]);
    let top = rows(&tree, "", &with_hidden());
    let keys: Vec<_> = top
        .iter()
        .map(|row| (row.path.as_str(), row.key.as_str(), row.hidden.is_some()))
        .collect();
    assert_eq!(keys, [("numpy/old", "numpy//1/old", true), ("numpy", "numpy", false)]);
    assert_eq!(rows(&tree, "numpy//1/old", &with_hidden())[0].path, "numpy/old/a");
    let hidden = ViewOptions {
        only_hidden: true,
        ..ViewOptions::default()
    };
    assert_eq!(TreeView::new(tree, &hidden).totals(), (1, ByteSize(9)));
}

#[test]
fn a_view_follows_layers_and_text() {
    let tree = merge(vec![
        vec![file("a/torch.so", 1), file("a/numpy.so", 2)],
        vec![file("torch/x", 4), file("b", 8)],
    ]);
    let total = |options: &ViewOptions| TreeView::new(Arc::clone(&tree), options).totals().1.bytes();
    let text = |text: &str| ViewOptions {
        text: text.to_owned(),
        ..ViewOptions::default()
    };
    assert_eq!(
        total(&text("torch")),
        5,
        "a folder that matches comes with what is in it"
    );
    assert_eq!(total(&text("*.so")), 3);
    assert_eq!(total(&text("absent")), 0);
    assert_eq!(
        total(&ViewOptions {
            layers: Some(vec![digest(1)]),
            ..ViewOptions::default()
        }),
        12
    );
    assert_eq!(
        total(&ViewOptions {
            layers: Some(Vec::new()),
            ..ViewOptions::default()
        }),
        0
    );
}

#[test]
fn side_by_side_every_layer_shows_what_it_stores() {
    let of = layers(vec![
        vec![file("a", 1)],
        vec![entry(".wh.a", FileKind::Whiteout, 0), file("b", 2)],
    ]);
    let tree = Arc::new(MergedTree::by_layer(&of));
    let top = rows(&tree, "", &with_hidden());
    assert_eq!(
        top.iter().map(|row| row.name.clone()).collect::<Vec<_>>(),
        [digest(1).to_string(), digest(0).to_string()]
    );
    let names: Vec<_> = rows(&tree, &top[0].key, &with_hidden())
        .into_iter()
        .map(|row| (row.name, row.kind))
        .collect();
    assert_eq!(
        names,
        [
            ("b".to_owned(), FileKind::File),
            (".wh.a".to_owned(), FileKind::Whiteout)
        ]
    );
    assert_eq!(rows(&tree, &top[0].key, &ViewOptions::default()).len(), 1);
}

#[test]
fn an_icicle_is_bounded_in_boxes_and_depth() {
    let many = (0..1500)
        .map(|number| file(&format!("d{}/e/f{}/g/h{number}/i/j/k/l", number % 7, number % 11), 1000))
        .collect();
    let tree = merge(vec![many]);
    let icicle = TreeView::new(tree, &ViewOptions::default()).icicle(600, 7);
    let (boxes, depth) = measure(&icicle);
    assert!((100..=601).contains(&boxes), "{boxes} boxes");
    assert!(depth <= 7, "{depth} deep");
    assert_eq!(icicle.size.bytes(), 1_500_000);
}

fn measure(node: &IcicleNode) -> (usize, usize) {
    let inside: Vec<_> = node.children.iter().map(measure).collect();
    assert!(
        node.children.iter().map(|child| child.size).sum::<ByteSize>() <= node.size,
        "{} holds too much",
        node.path
    );
    assert!(
        node.children.is_sorted_by(|one, other| one.size >= other.size),
        "{} is not sorted",
        node.path
    );
    (
        1 + inside.iter().map(|(boxes, _)| boxes).sum::<usize>(),
        inside.iter().map(|(_, depth)| depth + 1).max().unwrap_or(0),
    )
}

#[test]
fn endless_depth_and_number_are_bounded() {
    let deep = "a/".repeat(2000) + "a";
    let layers: Vec<_> = (0..3_u8)
        .map(|number| vec![file(&deep, 1), file(&format!("{number}/{deep}"), 1)])
        .collect();
    assert_eq!(merge(layers).totals().files, 4);
}
