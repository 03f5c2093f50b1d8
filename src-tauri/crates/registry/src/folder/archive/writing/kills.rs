//! Writers that are killed, and power that is cut, at any moment of a write. What the archive and its note are then is
//! put there, and read and written to by somebody who knows nothing of it.

use std::{fs, path::PathBuf};

use artifact::Tag;
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::folder::{archive, writable::Writable};

/// An archive, by its folder.
struct Scene {
    folder: TempDir,
}

/// What lies in the folder.
#[derive(Clone, PartialEq, Eq)]
struct State {
    archive: Vec<u8>,
    note: Vec<u8>,
}

impl Scene {
    fn new() -> Self {
        let scene = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        archive::make(&scene.path()).expect("nothing is there");
        scene
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("model.tar")
    }

    /// As another process has it.
    fn open(&self) -> Arc<Archive> {
        Arc::new(Archive::open(&self.path()).expect("it opens"))
    }

    fn put(&self, tag: &str) {
        let tag: Tag = tag.parse().expect("a tag");
        let put = Writable::Archive(self.open()).put_manifest(Some(&tag), &manifest(tag.as_str()), &operation());
        put.expect("it can be put");
    }

    fn state(&self) -> State {
        State {
            archive: fs::read(self.path()).expect("it is there"),
            note: fs::read(self.open().note()).unwrap_or_default(),
        }
    }

    fn restore(&self, state: &State) {
        fs::write(self.path(), &state.archive).expect("it can be written");
        fs::write(self.open().note(), &state.note).expect("it can be written");
    }

    /// The names in its list, read by somebody new.
    fn tags(&self) -> Vec<String> {
        let (bytes, _) = self.open().index().expect("it has a list");
        let index: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        let entries = index["manifests"].as_array().expect("a list").iter();
        let name = |entry: &serde_json::Value| {
            entry["annotations"][writer::NAME_ANNOTATION]
                .as_str()
                .map(str::to_owned)
        };
        entries.filter_map(name).collect()
    }

    /// All that the list names is there, and is what its digest says.
    fn assert_whole(&self) {
        let archive = self.open();
        for tag in self.tags() {
            let wanted = manifest(&tag);
            let opened = archive.blob(&wanted.digest).expect("it is there");
            let bytes = crate::folder::store::read_all(opened, "content", LARGEST_INDEX);
            assert_eq!(bytes.expect("it can be read"), wanted.bytes);
        }
    }
}

fn operation() -> Operation {
    Operation::unobserved()
}

/// Some manifests are longer than the tail that they go over, others are shorter.
fn manifest(content: &str) -> RawManifest {
    let value = json!({ "schemaVersion": 2, "annotations": { "content": content.repeat(150) } });
    let bytes = value.to_string().into_bytes();
    RawManifest {
        digest: Digest::of(&bytes),
        media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        bytes: bytes.into(),
    }
}

/// A write that ends before its last step: the state then, and the step.
fn noted(scene: &Scene, tag: &str) -> (State, Pending) {
    let session = Session::begin(&scene.open(), &operation()).expect("it can be written to");
    let mut index = session.index.clone();
    let new = manifest(tag);
    let tag: Tag = tag.parse().expect("a tag");
    let entry = json!({ "mediaType": new.media_type, "digest": new.digest.to_string(), "size": new.bytes.len() });
    index.put(Some(&tag), entry.as_object().expect("an object"));
    let mut tail = session.tail().expect("it begins");
    tail.member(&writer::blob_path(&new.digest), &new.bytes)
        .expect("it is written");
    tail.written_whole(&index).expect("it is written");
    let pending = tail.pending().expect("it is known");
    pending.note(&mut tail.session.note).expect("it is noted");
    // Killed here: nothing of it is taken back.
    tail.is_decided = true;
    drop(tail);
    (scene.state(), pending)
}

/// Scenes with a short list, a long one, and one of another program with its list further up.
fn scenes() -> Vec<Scene> {
    let short = Scene::new();
    short.put("a");
    let long = Scene::new();
    for number in 0..40 {
        long.put(&format!("tag{number}"));
    }
    let foreign = Scene::new();
    foreign.put("b");
    let whole = fs::read(foreign.path()).expect("it is there");
    let mut bytes = whole[..whole.len() - members::END.len()].to_vec();
    bytes.extend(members::head(Path::new("manifest.json"), 2).expect("a header"));
    bytes.extend_from_slice(b"[]");
    bytes.resize(bytes.len().next_multiple_of(10_240), 0);
    fs::write(foreign.path(), bytes).expect("it can be written");
    vec![short, long, foreign]
}

/// Each block of the step by itself: where it goes, and what it is.
fn blocks(pending: &Pending) -> Vec<(usize, &[u8])> {
    let place = |at: u64| usize::try_from(at).expect("a small archive");
    pending
        .patches
        .iter()
        .flat_map(|patch| {
            let pieces = patch.bytes.chunks(512).enumerate();
            pieces.map(move |(number, bytes)| (place(patch.at) + number * 512, bytes))
        })
        .collect()
}

fn with_blocks(state: &State, blocks: &[(usize, &[u8])]) -> State {
    let mut state = state.clone();
    for (at, bytes) in blocks {
        let end = at + bytes.len();
        state.archive.resize(state.archive.len().max(end), 0);
        state.archive[*at..end].copy_from_slice(bytes);
    }
    state
}

#[test]
fn before_the_last_step_everybody_sees_the_old_state_and_berth_goes_on() {
    for scene in scenes() {
        let before = scene.tags();
        let (state, _) = noted(&scene, "new");
        // Cut anywhere, the note says nothing: then the step was not begun.
        let cuts = (0..state.note.len()).step_by(61).map(|cut| state.note[..cut].to_vec());
        // Of what a power cut left of it, a part may be anything.
        let mut garbled = state.note.clone();
        let middle = garbled.len() / 2;
        garbled[middle] = if garbled[middle] == b'A' { b'B' } else { b'A' };
        for note in cuts.chain([garbled]) {
            let archive = state.archive.clone();
            scene.restore(&State { archive, note });
            assert_eq!(scene.tags(), before);
            scene.put("next");
            let after: Vec<String> = before.iter().cloned().chain(["next".to_owned()]).collect();
            assert_eq!(scene.tags(), after);
            scene.assert_whole();
        }
    }
}

#[test]
fn a_last_step_that_broke_off_anywhere_is_taken_by_who_comes_next() {
    for scene in scenes() {
        let before = scene.tags();
        let (state, pending) = noted(&scene, "new");
        let blocks = blocks(&pending);
        let expected: Vec<String> = before.iter().cloned().chain(["new".to_owned()]).collect();
        let mut torn = Vec::new();
        for count in 0..=blocks.len() {
            torn.push(with_blocks(&state, &blocks[..count]));
            // The disk may write them in any order.
            torn.push(with_blocks(&state, &blocks[count..]));
        }
        let mut cut = with_blocks(&state, &blocks);
        cut.archive
            .truncate(usize::try_from(pending.lengths.1).expect("a small archive"));
        torn.push(cut.clone());
        for state in torn {
            // By who reads.
            scene.restore(&state);
            assert_eq!(scene.tags(), expected);
            scene.assert_whole();
            let after = scene.state();
            assert!(after.note.is_empty() && after.archive == cut.archive);
            // By who writes.
            scene.restore(&state);
            scene.put("next");
            assert_eq!(scene.tags().len(), expected.len() + 1);
            scene.assert_whole();
        }
    }
}

#[test]
fn a_note_is_not_for_another_archive_in_its_place() {
    let scene = Scene::new();
    scene.put("a");
    let (state, _) = noted(&scene, "new");
    // Its first members lie where those of the other did, and it is long enough.
    let other = Scene::new();
    let tags = ["b", "c", "d", "e", "f", "g", "h"];
    for tag in tags {
        other.put(tag);
    }
    let put_there = State {
        archive: other.state().archive,
        note: state.note.clone(),
    };
    assert!(put_there.archive.len() > state.archive.len());
    scene.restore(&put_there);
    assert_eq!(scene.tags(), tags);
    let after = scene.state();
    assert!(
        after.archive == put_there.archive && after.note.is_empty(),
        "it is left alone"
    );
    // Nor is it for a new one of that name.
    scene.restore(&state);
    fs::remove_file(scene.path()).expect("it goes");
    archive::make(&scene.path()).expect("nothing is there");
    assert!(scene.tags().is_empty());
}

#[test]
fn a_blob_that_came_in_part_is_in_nobodys_way() {
    for scene in scenes() {
        let before = scene.tags();
        let content = b"content ".repeat(4_000);
        let digest = Digest::of(&content);
        let size = ByteSize(content.len() as u64);
        let state = scene.state();
        let mut whole = None;
        for parts in [0, 1, 3, 8] {
            scene.restore(&state);
            let mut tail = incoming(&scene.open(), &digest, size, &operation())
                .expect("it begins")
                .expect("it is not there");
            for piece in content.chunks(4_000).take(parts) {
                tail.write(piece).expect("it is written");
            }
            // Killed here.
            tail.is_decided = true;
            drop(tail);
            assert_eq!(scene.tags(), before);
            assert!(scene.open().blob(&digest).is_err());
            let mut tail = incoming(&scene.open(), &digest, size, &operation())
                .expect("it begins again")
                .expect("it is not there");
            tail.write(&content).expect("it is written");
            tail.keep().expect("it is kept");
            assert_eq!(scene.tags(), before);
            let opened = scene.open().blob(&digest).expect("it is there");
            let read = crate::folder::store::read_all(opened, "content", LARGEST_INDEX);
            assert_eq!(read.expect("it can be read"), content);
            let after = scene.state();
            assert!(
                whole.get_or_insert(after.clone()) == &after,
                "nothing of the part stays"
            );
            scene.assert_whole();
        }
    }
}

#[test]
fn a_change_is_noticed_however_fast_it_follows() {
    let scene = Scene::new();
    let archive = scene.open();
    let seen = |archive: &Archive| archive.index().expect("it has a list").0;
    let mut before = seen(&archive);
    for number in 100..160 {
        // Of the same length, in place, by another process.
        scene.put(&format!("tag{number}"));
        let now = seen(&archive);
        assert!(now != before, "tag{number}");
        let tag: Tag = format!("tag{number}").parse().expect("a tag");
        let gone = change_index(&scene.open(), &operation(), |index| Ok(index.drop_tag(&tag)));
        assert!(gone.expect("it can be changed"));
        before = seen(&archive);
        assert!(now != before, "tag{number} is gone");
    }
}

/// As on a file system whose clock ticks slowly.
#[test]
fn the_time_of_the_archive_only_goes_on() {
    let scene = Scene::new();
    let time = || {
        fs::metadata(scene.path())
            .and_then(|metadata| metadata.modified())
            .expect("it has one")
    };
    let later = time() + std::time::Duration::from_hours(1);
    let file = File::options().write(true).open(scene.path()).expect("it opens");
    file.set_modified(later).expect("it can be set");
    scene.put("a");
    let after = time();
    assert!(after > later);
    scene.put("b");
    assert!(time() > after);
}
