//! Archives of the system's own `tar`, in all its formats, against the folders that they were made from; and layers
//! unpacked in order by it against the merged tree.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
    path::Path,
    process::Command,
    sync::Arc,
};

use super::{FileKind, LayerContents, LayerLimits, LayerReader, MergedTree};
use crate::Digest;

/// Kind, size, permissions, link target and hash of what is in a folder, by path.
type Listing = BTreeMap<String, (FileKind, u64, u32, Option<String>, Option<[u8; 32]>)>;

fn read(archive: &Path) -> LayerContents {
    let bytes = fs::read(archive).expect("tar wrote it");
    let mut reader = LayerReader::new("", LayerLimits::default()).expect("not encrypted");
    for piece in bytes.chunks(10_000) {
        reader.push(piece).expect("a sound archive");
    }
    reader.finish().expect("a sound archive")
}

fn tar(folder: &Path, arguments: &[&str]) {
    let status = Command::new("tar")
        .current_dir(folder)
        .args(arguments)
        .status()
        .expect("tar is on every Unix");
    assert!(status.success(), "tar {arguments:?}");
}

/// Lists a folder on disk. Hard links are told by whoever knows which name came first.
fn walk(root: &Path, folder: &Path, listing: &mut Listing) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .strip_prefix(root)
            .expect("inside")
            .to_str()
            .expect("UTF-8")
            .to_owned();
        let metadata = fs::symlink_metadata(&path).expect("it is there");
        let mode = metadata.permissions().mode() & 0o7777;
        let described = if metadata.is_dir() {
            walk(root, &path, listing);
            (FileKind::Directory, 0, mode, None, None)
        } else if metadata.is_symlink() {
            let target = fs::read_link(&path)
                .expect("a link")
                .to_str()
                .expect("UTF-8")
                .to_owned();
            (FileKind::Symlink, 0, 0, Some(target), None)
        } else {
            let content = fs::read(&path).expect("a file");
            (
                FileKind::File,
                content.len() as u64,
                mode,
                None,
                Some(*blake3::hash(&content).as_bytes()),
            )
        };
        listing.insert(name, described);
    }
}

fn write(root: &Path, path: &str, content: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("below the root")).expect("writable");
    fs::write(path, content).expect("writable");
}

#[test]
fn the_systems_tar_and_the_folder_itself_agree_in_every_format() {
    let place = tempfile::tempdir().expect("a folder");
    let root = place.path().join("root");
    write(&root, "a/text", b"hello\n");
    write(&root, "a/empty", b"");
    write(&root, "b/large", &[1, 2, 3, 0].repeat(100_000));
    write(&root, "b/with space and ümlaut", b"x");
    write(&root, "b/exactly-a-block", &[5; 512]);
    symlink("../a/text", root.join("b/link")).expect("a link");
    fs::set_permissions(root.join("a/text"), fs::Permissions::from_mode(0o4755)).expect("permissions");
    let mut expected = Listing::new();
    walk(&root, &root, &mut expected);
    for format in ["v7", "oldgnu", "gnu", "ustar", "pax"] {
        let archive = place.path().join(format);
        tar(
            &root,
            &["--format", format, "-cf", archive.to_str().expect("UTF-8"), "."],
        );
        assert_eq!(listed(&read(&archive)), expected, "{format}");
    }
    // Only these two know names this long.
    write(
        &root,
        &format!("{}/deep", "folder-with-a-long-name/".repeat(12)),
        b"deep",
    );
    symlink("x".repeat(300), root.join("far")).expect("a link");
    expected.clear();
    walk(&root, &root, &mut expected);
    for format in ["gnu", "pax"] {
        let archive = place.path().join(format);
        tar(
            &root,
            &["--format", format, "-cf", archive.to_str().expect("UTF-8"), "."],
        );
        assert_eq!(listed(&read(&archive)), expected, "{format}");
    }
}

fn listed(contents: &LayerContents) -> Listing {
    let describe = |entry: &super::FileEntry| {
        let mode = if entry.kind == FileKind::Symlink { 0 } else { entry.mode };
        (
            entry.kind,
            entry.size.bytes(),
            mode,
            entry.link_target.clone(),
            entry.content,
        )
    };
    contents
        .entries
        .iter()
        .map(|entry| (entry.path.clone(), describe(entry)))
        .collect()
}

#[test]
fn sparse_files_of_the_systems_tar_have_their_full_size_and_what_follows_is_read() {
    let place = tempfile::tempdir().expect("a folder");
    let root = place.path().join("root");
    write(&root, "after", b"after");
    let sparse = fs::File::create(root.join("a-sparse")).expect("writable");
    sparse.set_len(3 << 20).expect("a hole");
    for piece in 0..40 {
        std::os::unix::fs::FileExt::write_all_at(&sparse, b"data", piece * 70_000).expect("writable");
    }
    for arguments in [
        &["--format=gnu"][..],
        &["--format=oldgnu"],
        &["--format=pax", "--sparse-version=0.0"],
        &["--format=pax", "--sparse-version=0.1"],
        &["--format=pax", "--sparse-version=1.0"],
    ] {
        let archive = place.path().join("archive");
        let output = archive.to_str().expect("UTF-8");
        tar(
            &root,
            &[arguments, &["-S", "-cf", output, "a-sparse", "after"]].concat(),
        );
        let contents = read(&archive);
        let listed: Vec<_> = contents
            .entries
            .iter()
            .map(|entry| (entry.path.as_str(), entry.size.bytes()))
            .collect();
        assert_eq!(listed, [("a-sparse", 3 << 20), ("after", 5)], "{arguments:?}");
    }
}

#[test]
fn hard_links_of_the_systems_tar_lead_to_their_original() {
    let place = tempfile::tempdir().expect("a folder");
    let root = place.path().join("root");
    write(&root, "first", b"content");
    fs::hard_link(root.join("first"), root.join("second")).expect("a link");
    assert_eq!(fs::metadata(root.join("first")).expect("there").nlink(), 2);
    let archive = place.path().join("archive");
    tar(&root, &["-cf", archive.to_str().expect("UTF-8"), "./first", "./second"]);
    let contents = Arc::new(read(&archive));
    assert_eq!(contents.entries[1].link_target.as_deref(), Some("first"));
    let tree = MergedTree::merge(&[(Digest::of(b""), contents)]);
    assert_eq!(
        tree.file("second").expect("seen").content,
        Some(*blake3::hash(b"content").as_bytes())
    );
}

/// Unpacks a layer as the image specification says: whiteouts hide what lower layers have, then come the files.
fn apply(layer: &Path, target: &Path) {
    let output = Command::new("tar")
        .args(["-tf", layer.to_str().expect("UTF-8")])
        .output()
        .expect("tar runs");
    let names = String::from_utf8(output.stdout).expect("UTF-8");
    for name in names.lines().filter(|name| name.contains(".wh.")) {
        let (folder, mark) = name.rsplit_once('/').unwrap_or((".", name));
        let folder = target.join(folder);
        if mark == ".wh..wh..opq" {
            for entry in fs::read_dir(&folder).into_iter().flatten() {
                remove(&entry.expect("an entry").path());
            }
        } else {
            remove(&folder.join(mark.strip_prefix(".wh.").expect("a mark")));
        }
    }
    let layer = layer.to_str().expect("UTF-8");
    tar(
        target,
        &[
            "--exclude",
            ".wh.*",
            "--recursive-unlink",
            "--unlink-first",
            "-xpf",
            layer,
        ],
    );
}

fn remove(path: &Path) {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path).expect("removable"),
        Ok(_) => fs::remove_file(path).expect("removable"),
        Err(_) => {}
    }
}

#[test]
fn merging_shows_what_unpacking_in_order_leaves() {
    let place = tempfile::tempdir().expect("a folder");
    let layer = |number: usize| place.path().join(format!("layer{number}"));
    for number in 0..3 {
        fs::create_dir(layer(number)).expect("writable");
    }
    for (path, content) in [
        ("etc/os-release", "one"),
        ("opt/cache/a", "a"),
        ("opt/cache/deep/b", "b"),
        ("srv/model/v1", "1"),
        ("srv/notes", "n"),
        ("usr/lib/libc.so", "c"),
        ("tool", "file"),
    ] {
        write(&layer(0), path, content.as_bytes());
    }
    symlink("usr/lib", layer(0).join("lib")).expect("a link");
    for (path, content) in [
        ("etc/os-release", "changed"),
        ("opt/cache/.wh..wh..opq", ""),
        ("opt/cache/new", "n"),
        ("lib/libm.so", "m"),
        (".wh.tool", ""),
        ("srv/.wh.notes", ""),
        ("srv/.wh.absent", ""),
    ] {
        write(&layer(1), path, content.as_bytes());
    }
    for (path, content) in [
        ("srv/.wh.model", ""),
        ("srv/model/v2", "22"),
        ("tool", "again"),
        ("opt/cache/.wh.new", ""),
    ] {
        write(&layer(2), path, content.as_bytes());
    }
    let target = place.path().join("target");
    fs::create_dir(&target).expect("writable");
    let mut layers = Vec::new();
    for number in 0..3 {
        let archive = place.path().join(format!("{number}.tar"));
        // Files only: with folders listed, system tar would replace the ones below.
        let names = "find . -not -type d -print0 | sort -z";
        let pack = format!("{names} | tar --no-recursion --null -T - -cf {}", archive.display());
        let status = Command::new("sh")
            .current_dir(layer(number))
            .args(["-c", &pack])
            .status()
            .expect("a shell");
        assert!(status.success());
        apply(&archive, &target);
        layers.push((
            Digest::of(&[u8::try_from(number).expect("small")]),
            Arc::new(read(&archive)),
        ));
    }
    let mut unpacked = Listing::new();
    walk(&target, &target, &mut unpacked);
    let unpacked: BTreeMap<_, _> = unpacked
        .into_iter()
        .map(|(path, (kind, size, _, target, content))| (path, (kind, size, target, content)))
        .collect();
    let tree = MergedTree::merge(&layers);
    let merged: BTreeMap<_, _> = tree
        .flat()
        .map(|file| {
            let target = file.entry.and_then(|entry| entry.link_target.clone());
            (file.path, (file.kind, file.size.bytes(), target, file.content))
        })
        .collect();
    assert_eq!(merged, unpacked);
}
