//! The write primitives, and the names that files and references become.

use proptest::prelude::*;

use super::*;

#[test]
fn files_appear_whole_and_nothing_else_is_left() {
    let fixture = Fixture::new();
    let root = fixture.join("model");
    let writer = LayoutWriter::create(&root, Durability::EachFile).expect("a layout can be made");
    let image = stored_image(&writer, "content", None);
    writer
        .index(&[entry(&image, Some("v1"))])
        .expect("an index can be written");
    let mut names: Vec<_> = fs::read_dir(&root)
        .expect("a readable folder")
        .map(|entry| {
            entry
                .expect("a readable entry")
                .file_name()
                .into_string()
                .expect("text")
        })
        .collect();
    names.sort();
    assert_eq!(names, ["blobs", "index.json", "oci-layout"]);
    for blob in fs::read_dir(root.join("blobs/sha256")).expect("a readable folder") {
        let path = blob.expect("a readable entry").path();
        let digest = Digest::of(&fs::read(&path).expect("a readable file"));
        assert_eq!(path, blob_file(&root, &digest));
    }
}

#[cfg(unix)]
#[test]
fn others_may_read_what_is_written() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new();
    let image = fixture.image("model", "content");
    let readable = fs::metadata(blob_file(&fixture.join("model"), &image.digest)).expect("it is there");
    let plain = fixture.join("plain");
    fs::write(&plain, "as any program writes").expect("a file can be written");
    let expected = fs::metadata(plain).expect("it is there").permissions().mode();
    assert_eq!(readable.permissions().mode(), expected);
}

#[test]
fn a_layout_that_is_there_is_kept_and_blobs_are_written_once() {
    let fixture = Fixture::new();
    let image = fixture.image("model", "content");
    let root = fixture.join("model");
    let before = fs::read(root.join("index.json")).expect("a readable file");
    let again = LayoutWriter::create(&root, Durability::EachFile).expect("a layout can be opened");
    assert_eq!(fs::read(root.join("index.json")).expect("a readable file"), before);
    let path = blob_file(&root, &image.digest);
    let modified = fs::metadata(&path)
        .and_then(|metadata| metadata.modified())
        .expect("it is there");
    let bytes = fs::read(&path).expect("a readable file");
    again.blob(&bytes).expect("a blob can be stored");
    assert_eq!(
        fs::metadata(&path)
            .and_then(|metadata| metadata.modified())
            .expect("it is there"),
        modified
    );
    // One that was cut by a crash of another writer is replaced.
    fs::write(&path, "cut").expect("a file can be written");
    again.blob(&bytes).expect("a blob can be stored");
    assert_eq!(fs::read(&path).expect("a readable file"), bytes);
}

#[test]
fn a_failure_names_the_file() {
    let fixture = Fixture::new();
    fs::write(fixture.join("file"), "in the way").expect("a file can be written");
    let error = LayoutWriter::create(fixture.join("file/model"), Durability::EachFile).expect_err("it cannot be made");
    assert!(error.to_string().contains("file/model"), "{error}");
}

#[test]
fn names_of_files_become_repositories() {
    for (file, expected) in [
        ("model.tar", "model"),
        ("Iris Model.oci.tar", "iris-model"),
        ("a__b--c..d", "a_b-c.d"),
        ("-.model.-", "model"),
        ("Grüße.tar", "gr-e"),
        ("日本", "layout"),
        (".tar", "tar"),
        ("", "layout"),
    ] {
        assert_eq!(name::of_file(Path::new(file)).as_str(), expected, "{file:?}");
    }
}

#[test]
fn names_in_the_index_become_tags() {
    for (text, expected) in [
        ("v1", Some("v1")),
        ("model:v1", Some("v1")),
        ("docker.io/library/model:v1", Some("v1")),
        ("registry.example:5000/model:v1", Some("v1")),
        ("registry.example:5000/model:v1@sha256:00", Some("v1")),
        ("registry.example:5000/model", None),
        ("model@sha256:00", None),
        ("v 1", None),
        ("", None),
    ] {
        assert_eq!(name::tag(text).ok().as_ref().map(Tag::as_str), expected, "{text:?}");
    }
}

proptest! {
    #[test]
    fn any_file_name_becomes_a_repository(file in ".{0,80}") {
        let name = name::of_file(Path::new(&file));
        prop_assert!(name.as_str().parse::<RepositoryName>().is_ok());
    }

    #[test]
    fn any_name_is_a_tag_or_a_sentence(text in ".{0,200}") {
        match name::tag(&text) {
            Ok(tag) => prop_assert!(text.contains(tag.as_str())),
            Err(problem) => prop_assert!(!problem.chars().any(char::is_control)),
        }
    }

    #[test]
    fn any_index_is_read_or_refused(text in "(\\{\"manifests\":)?[\\[\\]{}\",:a-z0-9 ]{0,120}\\}?") {
        let fixture = Fixture::new();
        fixture.image("model", "content");
        fs::write(fixture.join("model/index.json"), text).expect("a file can be written");
        let registry = fixture.open();
        let layout = registry.folder.layout(&repository("model")).expect("a layout");
        let _ = layout.tags();
        let _ = layout.manifests(&operation());
    }
}
