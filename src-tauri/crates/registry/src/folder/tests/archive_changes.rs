//! Archives that are written to: what appears and what stays, and what others read of it at any moment.

use std::{process::Command, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};

use super::{
    archives::packed,
    changes::{Text, delete_tag, files, manifest, put, put_blob},
    *,
};
use crate::{BlobSource, CheckName, Deletion, ErrorCode, StoredBlob, WritableRegistry};

/// A new archive in the fixture's folder.
pub(super) fn new_archive(fixture: &Fixture) -> (PathBuf, FolderRegistry) {
    let path = fixture.join("model.tar");
    assert_eq!(NewPlace::make(&path).expect("nothing is there"), NewPlace::Archive);
    let registry = FolderRegistry::open(&path).expect("it opens");
    (path, registry)
}

pub(super) fn bytes_of(path: &Path) -> Vec<u8> {
    fs::read(path).expect("a readable file")
}

/// The names of all members, as any reader of tar files finds them.
pub(super) fn members(archive: &Path) -> Vec<String> {
    let file = fs::File::open(archive).expect("a readable file");
    let mut archive = tar::Archive::new(file);
    let entries = archive.entries().expect("a tar file");
    let name = |entry: std::io::Result<tar::Entry<'_, fs::File>>| {
        let path = entry.expect("a whole member").path().expect("a name").into_owned();
        path.display().to_string()
    };
    entries.map(name).collect()
}

fn blob_name(digest: &Digest) -> String {
    writer::blob_path(digest).display().to_string()
}

#[tokio::test]
async fn a_new_archive_is_empty_and_whole() {
    let fixture = Fixture::new();
    let (path, registry) = new_archive(&fixture);
    assert_eq!(members(&path), ["oci-layout", "index.json"]);
    assert_eq!(names(&registry).await, ["model"]);
    assert!(tags_of(&registry, "model").await.is_empty());
    let clock = Clock::fixed(chrono::DateTime::UNIX_EPOCH);
    let steps = registry.check(&operation(), &clock).await;
    assert!(steps.iter().all(|step| step.ok != Some(false)), "{steps:?}");
    let again = NewPlace::make(&path).expect_err("it is there");
    assert!(words(&again).contains("is there already"), "{again}");
    let nowhere = NewPlace::make(&fixture.join("absent/model.tar")).expect_err("no folder");
    assert!(words(&nowhere).contains("no folder"), "{nowhere}");
    let folder = NewPlace::make(&fixture.join("models")).expect("nothing is there");
    assert_eq!(folder, NewPlace::Folder);
    assert!(fixture.join("models").is_dir());
}

#[tokio::test]
async fn a_place_to_be_made_is_diagnosed_and_taken_back() {
    let fixture = Fixture::new();
    for (name, found) in [("model.tar", "an empty archive"), ("models", "an empty folder")] {
        let path = fixture.join(name);
        let steps = NewPlace::check(&path);
        let push = steps.iter().find(|step| step.step == CheckName::Push).expect("a step");
        assert!(push.ok == Some(true) && push.detail.contains(found), "{push:?}");
        assert!(files(fixture.path()).is_empty(), "nothing was made by looking");
        let place = NewPlace::make(&path).expect("nothing is there");
        place.take_back(&path).expect("it goes");
        assert!(!path.exists());
    }
    let steps = NewPlace::check(&fixture.join("absent/model.tar"));
    assert!(steps.iter().any(|step| step.ok == Some(false)), "{steps:?}");
}

#[tokio::test]
async fn what_is_put_is_read_and_what_is_deleted_can_be_put_again() {
    let fixture = Fixture::new();
    let (path, registry) = new_archive(&fixture);
    let name = repository("model");
    let config = put_blob(&registry, "model", "{}").await.expect("a blob can be put");
    let image = manifest("a");
    put(&registry, "model", tag("v1"), &image).await;
    put(&registry, "model", tag("stable"), &image).await;
    let expected = [
        "oci-layout",
        &blob_name(&config),
        &blob_name(&image.digest),
        "index.json",
    ];
    assert_eq!(members(&path), expected, "one list, at the end, and nothing twice");
    let read = registry.manifest(&name, &tag("v1"), &operation()).await;
    assert_eq!(read.expect("it is there"), image);
    let (bytes, error) = streamed(&registry, "model", &config, 2).await;
    assert!(bytes == b"{}" && error.is_none(), "{error:?}");

    let delete = async || registry.delete_manifest(&name, &image.digest, &operation()).await;
    assert_eq!(delete().await.expect_err("it has names").code(), ErrorCode::Conflict);
    assert_eq!(delete_tag(&registry, "model", "v1").await.ok(), Some(Deletion::Deleted));
    assert_eq!(delete_tag(&registry, "model", "v1").await.ok(), Some(Deletion::WasGone));
    assert_eq!(tags_of(&registry, "model").await, ["stable"]);
    delete_tag(&registry, "model", "stable").await.expect("it goes");
    assert_eq!(delete().await.ok(), Some(Deletion::Deleted));
    let by_digest = Target::Digest(image.digest.clone());
    assert!(registry.resolve(&name, &by_digest, &operation()).await.is_err());
    assert_eq!(members(&path), expected, "its bytes stay");
    let length = bytes_of(&path).len();
    put(&registry, "model", tag("v2"), &image).await;
    assert_eq!(tags_of(&registry, "model").await, ["v2"]);
    assert_eq!(bytes_of(&path).len(), length, "nothing is stored twice");
    assert_eq!(files(fixture.path()), [".model.tar.berth-lock", "model.tar"]);
    assert!(bytes_of(&fixture.join(".model.tar.berth-lock")).is_empty());
}

#[tokio::test]
async fn the_same_content_makes_the_same_archive() {
    let mut archives = Vec::new();
    for _ in 0..2 {
        let fixture = Fixture::new();
        let (path, registry) = new_archive(&fixture);
        put_blob(&registry, "model", "{}").await.expect("a blob can be put");
        put(&registry, "model", tag("v1"), &manifest("a")).await;
        archives.push(bytes_of(&path));
    }
    assert_eq!(archives[0], archives[1]);
}

/// A large blob; with each of its pieces it looks at the archive that it goes into.
struct Onlooker {
    archive: PathBuf,
    before: Vec<String>,
}

const PIECE: usize = 64 * 1024;

fn large() -> Vec<u8> {
    (0..16 * PIECE)
        .map(|place| u8::try_from(place % 251).unwrap_or_default())
        .collect()
}

#[async_trait]
impl BlobSource for Onlooker {
    async fn open(&self, _offset: u64, _operation: &Operation) -> Result<BlobStream, RegistryError> {
        let (archive, before) = (self.archive.clone(), self.before.clone());
        let pieces: Vec<Bytes> = large().chunks(PIECE).map(Bytes::copy_from_slice).collect();
        Ok(stream::iter(pieces)
            .then(move |piece| {
                let (archive, before) = (archive.clone(), before.clone());
                async move {
                    assert_eq!(members(&archive), before, "the archive is whole, and as it was");
                    let reader = FolderRegistry::open(&archive).expect("it opens");
                    assert_eq!(tags_of(&reader, "model").await, ["v1"]);
                    Ok(piece)
                }
            })
            .boxed())
    }
}

#[tokio::test]
async fn while_a_blob_comes_in_the_archive_is_whole_and_as_it_was() {
    let fixture = Fixture::new();
    let (path, registry) = new_archive(&fixture);
    put(&registry, "model", tag("v1"), &manifest("a")).await;
    let before = members(&path);
    let source = Onlooker {
        archive: path.clone(),
        before: before.clone(),
    };
    let (digest, size) = (Digest::of(&large()), large().len() as u64);
    registry
        .put_blob(&repository("model"), &digest, ByteSize(size), &source, &operation())
        .await
        .expect("it is taken");
    let mut expected = before;
    expected.insert(expected.len() - 1, blob_name(&digest));
    assert_eq!(members(&path), expected);
    let (read, error) = streamed(&registry, "model", &digest, size).await;
    assert!(read == large() && error.is_none(), "{error:?}");
}

/// Writes one version after the other; one of two that do so at the same time.
async fn write_many(path: PathBuf, name: &'static str) {
    // Each opens the archive for itself, as two processes would.
    let registry = FolderRegistry::open(path).expect("it opens");
    for number in 0..20 {
        let text: &'static str = Box::leak(format!("{name}{number}").repeat(1_000).into_boxed_str());
        put_blob(&registry, "model", text).await.expect("a blob can be put");
        let image = manifest(&format!("{name}{number}"));
        put(&registry, "model", tag(&format!("{name}{number}")), &image).await;
        let target = tag(&format!("{name}{number}"));
        let read = registry.manifest(&repository("model"), &target, &operation()).await;
        assert_eq!(read.expect("it is there"), image);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_writers_at_once_lose_nothing() {
    let fixture = Fixture::new();
    let (path, registry) = new_archive(&fixture);
    let writers = ["a", "b"].map(|name| tokio::spawn(write_many(path.clone(), name)));
    for writer in writers {
        writer.await.expect("it writes");
    }
    assert_eq!(tags_of(&registry, "model").await.len(), 40);
    assert_eq!(members(&path).len(), 2 + 80);
    for name in ["a", "b"] {
        for number in 0..20 {
            let text = format!("{name}{number}").repeat(1_000);
            let digest = Digest::of(text.as_bytes());
            let (read, error) = streamed(&registry, "model", &digest, text.len() as u64).await;
            assert!(read == text.as_bytes() && error.is_none(), "{error:?}");
        }
    }
}

#[tokio::test]
async fn another_programs_archive_is_written_to_and_keeps_one_list() {
    let fixture = Fixture::new();
    let image = fixture.image("layout", "content");
    let path = packed(&fixture, "layout", "model.tar");
    // As GNU tar fills its last record.
    let mut padded = bytes_of(&path);
    padded.resize(padded.len().next_multiple_of(10_240), 0);
    fs::write(&path, padded).expect("it can be written");
    let old_index = Digest::of(&bytes_of(&fixture.join("layout/index.json")));
    let registry = FolderRegistry::open(&path).expect("it opens");
    let before: Vec<String> = members(&path);
    let added = manifest("a");
    put(&registry, "model", tag("v2"), &added).await;
    assert_eq!(tags_of(&registry, "model").await, ["v1", "v2"]);
    let after = members(&path);
    let lists = |members: &[String]| members.iter().filter(|name| name.ends_with("index.json")).count();
    assert_eq!((lists(&before), lists(&after)), (1, 1), "{after:?}");
    assert!(
        after.contains(&blob_name(&old_index)),
        "the old list is a blob now: {after:?}"
    );
    let (bytes, error) = streamed(&registry, "model", &Digest::of(b"content"), 7).await;
    assert!(bytes == b"content" && error.is_none(), "{error:?}");
    for target in [tag("v1"), Target::Digest(image.digest.clone())] {
        let read = registry.manifest(&repository("model"), &target, &operation()).await;
        assert_eq!(read.expect("it is there").digest, image.digest);
    }
    delete_tag(&registry, "model", "v1").await.expect("it goes");
    assert_eq!(
        (tags_of(&registry, "model").await, lists(&members(&path))),
        (vec!["v2".to_owned()], 1)
    );
}

#[tokio::test]
async fn a_long_digest_has_a_long_name() {
    let fixture = Fixture::new();
    let (path, registry) = new_archive(&fixture);
    // Of the word "content", by sha512sum.
    let digest: Digest = concat!(
        "sha512:b2d1d285b5199c85f988d03649c37e44fd3dde01e5d69c50fef90651962f48110e9340b60d49a479c4c0b53f5f07d690",
        "686dd87d2481937a512e8b85ee7c617f"
    )
    .parse()
    .expect("a fixed digest");
    for _ in 0..2 {
        registry
            .put_blob(
                &repository("model"),
                &digest,
                ByteSize(7),
                &Text("content", None),
                &operation(),
            )
            .await
            .expect("it is taken");
    }
    assert_eq!(members(&path), ["oci-layout", &blob_name(&digest), "index.json"]);
    let (bytes, error) = streamed(&registry, "model", &digest, 7).await;
    assert!(bytes == b"content" && error.is_none(), "{error:?}");
}

/// With skopeo as the witness; where it is not installed the test says so.
#[tokio::test]
async fn skopeo_reads_what_is_written() {
    if Command::new("skopeo").arg("--version").output().is_err() {
        super::archives::skipped();
        return;
    }
    let fixture = Fixture::new();
    let image = fixture.image("layout", &"\0".repeat(1024));
    let source: Arc<dyn Registry> = Arc::new(fixture.open());
    let (path, registry) = new_archive(&fixture);
    let raw = source.manifest(&repository("layout"), &tag("v1"), &operation()).await;
    let raw = raw.expect("it is there");
    let parsed = artifact::Manifest::parse(Some(&raw.media_type), &raw.bytes).expect("it can be read");
    let config = parsed.config().expect("an image has one");
    for blob in parsed.layers().iter().chain([config]) {
        let from = StoredBlob {
            registry: Arc::clone(&source),
            repository: repository("layout"),
            digest: blob.digest.clone(),
            size: blob.size,
        };
        registry
            .put_blob(&repository("model"), &blob.digest, blob.size, &from, &operation())
            .await
            .expect("it is taken");
    }
    put(&registry, "model", tag("v1"), &raw).await;
    put(&registry, "model", tag("gone"), &raw).await;
    delete_tag(&registry, "model", "gone").await.expect("it goes");
    let skopeo = |arguments: &[&str]| {
        let output = Command::new("skopeo").args(arguments).output().expect("skopeo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let reference = format!("oci-archive:{}:v1", path.display());
    assert_eq!(Digest::of(&skopeo(&["inspect", "--raw", &reference])), image.digest);
    let copied = format!("oci:{}:v1", fixture.join("copied").display());
    skopeo(&["copy", "--quiet", &reference, &copied]);
    assert_eq!(tags_of(&fixture.open(), "copied").await, ["v1"]);
    let listed = Command::new("tar").arg("-tf").arg(&path).output().expect("tar runs");
    assert!(listed.status.success() && listed.stderr.is_empty(), "{listed:?}");
    // And the other way round: what skopeo wrote takes another version.
    let theirs = fixture.join("theirs.tar");
    skopeo(&[
        "copy",
        "--quiet",
        "--preserve-digests",
        &reference,
        &format!("oci-archive:{}:v7", theirs.display()),
    ]);
    let registry = FolderRegistry::open(&theirs).expect("it opens");
    put(&registry, "theirs", tag("v8"), &raw).await;
    for name in ["v7", "v8"] {
        let reference = format!("oci-archive:{}:{name}", theirs.display());
        assert_eq!(Digest::of(&skopeo(&["inspect", "--raw", &reference])), image.digest);
    }
}
