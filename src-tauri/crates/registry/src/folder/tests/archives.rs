//! `oci-archive`: as skopeo writes it, and as nobody should.

use std::process::Command;

use super::*;
use crate::CheckName;

/// A tar file of a layout's folder, as `tar` itself packs it.
pub(super) fn packed(fixture: &Fixture, layout: &str, archive: &str) -> PathBuf {
    let path = fixture.join(archive);
    let mut builder = tar::Builder::new(fs::File::create(&path).expect("a file can be made"));
    builder
        .append_dir_all(".", fixture.join(layout))
        .expect("it can be packed");
    builder.finish().expect("it can be finished");
    path
}

#[tokio::test]
async fn an_archive_is_a_repository() {
    let fixture = Fixture::new();
    let image = fixture.image("model", "content");
    let path = packed(&fixture, "model", "Iris Model.oci.tar");
    let registry = FolderRegistry::open(&path).expect("it opens");
    assert_eq!(names(&registry).await, ["iris-model"]);
    assert_eq!(tags_of(&registry, "iris-model").await, ["v1"]);
    let name = repository("iris-model");
    let raw = registry
        .manifest(&name, &tag("v1"), &operation())
        .await
        .expect("a manifest");
    assert_eq!(raw.digest, image.digest);
    let (bytes, error) = streamed(&registry, "iris-model", &Digest::of(b"content"), 7).await;
    assert!(bytes == b"content" && error.is_none(), "{error:?}");
    let error = registry
        .manifest(&name, &Target::Digest(Digest::of(b"absent")), &operation())
        .await;
    assert!(matches!(error, Err(RegistryError::NotFound { .. })));
    assert_eq!(registry.only_repository(), Some(&name));
    assert!(registry.layout_folder(&name).expect("known").is_none());
    let steps = registry
        .check(&operation(), &Clock::fixed(chrono::DateTime::UNIX_EPOCH))
        .await;
    for wanted in [CheckName::Pull, CheckName::Push, CheckName::Delete] {
        let step = steps.iter().find(|step| step.step == wanted).expect("a step");
        assert_eq!(step.ok, Some(true), "{step:?}");
    }
}

#[tokio::test]
async fn an_archive_that_was_replaced_is_read_anew() {
    let fixture = Fixture::new();
    fixture.image("first", "content");
    let path = packed(&fixture, "first", "model.tar");
    let registry = FolderRegistry::open(&path).expect("it opens");
    assert_eq!(tags_of(&registry, "model").await, ["v1"]);
    let writer = fixture.layout("second");
    let image = stored_image(&writer, "something longer than before", None);
    writer
        .index(&[entry(&image, Some("v2")), entry(&image, Some("v3"))])
        .expect("an index can be written");
    let replaced = packed(&fixture, "second", "replaced.tar");
    fs::rename(replaced, &path).expect("it can be replaced");
    assert_eq!(tags_of(&registry, "model").await, ["v2", "v3"]);
}

#[test]
fn a_compressed_archive_says_how_to_unpack_it() {
    let fixture = Fixture::new();
    fs::write(fixture.join("model.tar.gz"), [0x1f, 0x8b, 8, 0]).expect("a file can be written");
    let error = FolderRegistry::open(fixture.join("model.tar.gz")).expect_err("it is compressed");
    assert!(words(&error).contains("gunzip"), "{error}");
}

#[tokio::test]
async fn a_tar_of_something_else_and_a_cut_one_are_told_apart_from_layouts() {
    let fixture = Fixture::new();
    fs::create_dir(fixture.join("texts")).expect("a folder can be made");
    fs::write(fixture.join("texts/readme.txt"), "a text").expect("a file can be written");
    let registry = FolderRegistry::open(packed(&fixture, "texts", "texts.tar")).expect("a tar opens");
    let error = registry
        .tags(&repository("texts"), &operation())
        .await
        .expect_err("there is no layout in it");
    assert!(words(&error).contains("index.json"), "{error}");
    fixture.image("model", &"content".repeat(1_000));
    let path = packed(&fixture, "model", "cut.tar");
    let whole = fs::read(&path).expect("a readable file");
    fs::write(&path, whole.get(..whole.len() / 2).expect("half of it")).expect("a file can be written");
    let registry = FolderRegistry::open(&path).expect("a tar opens");
    let outcome = registry.manifests(&repository("cut"), &operation()).await;
    assert!(outcome.is_err() || outcome.is_ok_and(|list| list.is_some_and(|list| !list.is_complete())));
}

/// With skopeo as the writer; where it is not installed the test says so.
#[tokio::test]
async fn what_skopeo_writes_is_read() {
    if Command::new("skopeo").arg("--version").output().is_err() {
        skipped();
        return;
    }
    let fixture = Fixture::new();
    fixture.image("model", &"\0".repeat(1024));
    let source = format!("oci:{}:v1", fixture.join("model").display());
    let archive = fixture.join("from-skopeo.tar");
    let copies = [
        (
            format!("oci-archive:{}:team/model:v7", archive.display()),
            archive.clone(),
            "from-skopeo",
            "v7",
        ),
        (
            format!("oci:{}:copied", fixture.join("layout").display()),
            fixture.join("layout"),
            "layout",
            "copied",
        ),
    ];
    for (target, path, name, expected) in copies {
        let output = Command::new("skopeo")
            .args(["copy", "--quiet", &source, &target])
            .output()
            .expect("skopeo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let registry = FolderRegistry::open(path).expect("it opens");
        assert_eq!(tags_of(&registry, name).await, [expected]);
        let raw = registry
            .manifest(&repository(name), &tag(expected), &operation())
            .await
            .expect("a manifest");
        let manifest = artifact::Manifest::parse(Some(&raw.media_type), &raw.bytes).expect("it can be read");
        for layer in manifest.layers() {
            let (_, error) = streamed(&registry, name, &layer.digest, layer.size.bytes()).await;
            assert!(error.is_none(), "{error:?}");
        }
    }
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(super) fn skipped() {
    eprintln!("skipped: no skopeo");
}
