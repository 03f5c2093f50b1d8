//! Folders that are written to: what appears, what stays, and who else may write at the same time.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};

use super::*;
use crate::{BlobSource, Deletion, ErrorCode, StoredBlob, WritableRegistry};

/// A text to send, and what comes after it.
pub(super) struct Text(pub(super) &'static str, pub(super) Option<RegistryError>);

#[async_trait]
impl BlobSource for Text {
    async fn open(&self, offset: u64, _operation: &Operation) -> Result<BlobStream, RegistryError> {
        let from = usize::try_from(offset).expect("a small offset");
        let pieces = self.0.as_bytes()[from..]
            .chunks(3)
            .map(|piece| Ok(Bytes::from_static(piece)));
        let end = self.1.clone().map(Err);
        Ok(stream::iter(pieces.chain(end).collect::<Vec<_>>()).boxed())
    }
}

pub(super) async fn put_blob(
    registry: &FolderRegistry,
    name: &str,
    text: &'static str,
) -> Result<Digest, RegistryError> {
    let digest = Digest::of(text.as_bytes());
    let size = ByteSize(text.len() as u64);
    registry
        .put_blob(&repository(name), &digest, size, &Text(text, None), &operation())
        .await?;
    Ok(digest)
}

pub(super) fn manifest(content: &str) -> RawManifest {
    let config = json!({ "mediaType": CONFIG, "digest": Digest::of(b"{}").to_string(), "size": 2 });
    let value = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [], "annotations": { "content": content },
    });
    let bytes = value.to_string().into_bytes();
    RawManifest {
        digest: Digest::of(&bytes),
        media_type: MANIFEST.to_owned(),
        bytes: bytes.into(),
    }
}

pub(super) async fn put(registry: &FolderRegistry, name: &str, target: Target, manifest: &RawManifest) {
    registry
        .put_manifest(&repository(name), &target, manifest, &operation())
        .await
        .expect("a manifest can be put");
}

pub(super) async fn delete_tag(registry: &FolderRegistry, name: &str, tag: &str) -> Result<Deletion, RegistryError> {
    let tag: Tag = tag.parse().expect("a valid tag");
    registry
        .delete_tag(&repository(name), &tag, "unused", &operation())
        .await
}

async fn resolves(registry: &FolderRegistry, name: &str, target: Target) -> bool {
    match registry.resolve(&repository(name), &target, &operation()).await {
        Ok(_) => true,
        Err(RegistryError::NotFound { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

/// Everything below a folder, as paths.
pub(super) fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let below = path.strip_prefix(root).expect("below it");
                found.push(below.display().to_string());
            }
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_new_repository_appears_with_its_first_manifest() {
    let fixture = Fixture::new();
    let registry = fixture.open();
    let config = put_blob(&registry, "team/model", "{}")
        .await
        .expect("a blob can be put");
    let has = registry
        .has_blob(&repository("team/model"), &config, &operation())
        .await;
    assert!(has.expect("an answer"));
    assert!(
        registry.repositories(&operation()).await.is_err(),
        "nothing is to be seen yet"
    );
    let image = manifest("a");
    put(&registry, "team/model", tag("v1"), &image).await;
    assert_eq!(
        (names(&registry).await, tags_of(&registry, "team/model").await),
        (vec!["team/model".to_owned()], vec!["v1".to_owned()])
    );
    let read = registry
        .manifest(&repository("team/model"), &tag("v1"), &operation())
        .await
        .expect("it is there");
    assert_eq!(read, image);
    let expected = [
        ".berth-lock".to_owned(),
        format!("blobs/sha256/{}", config.hex()),
        format!("blobs/sha256/{}", image.digest.hex()),
        "index.json".to_owned(),
        "oci-layout".to_owned(),
    ];
    let mut expected = expected.to_vec();
    expected.sort();
    assert_eq!(files(&fixture.join("team/model")), expected);
}

#[tokio::test]
async fn a_moved_tag_leaves_its_version_and_its_siblings() {
    let fixture = Fixture::new();
    let registry = fixture.open();
    let (old, new) = (manifest("old"), manifest("new"));
    put(&registry, "model", tag("v1"), &old).await;
    put(&registry, "model", tag("stable"), &old).await;
    put(&registry, "model", tag("stable"), &new).await;
    let of = async |name: &str| {
        let resolved = registry.resolve(&repository("model"), &tag(name), &operation()).await;
        resolved.expect("it is there").digest
    };
    assert_eq!(
        (of("v1").await, of("stable").await),
        (old.digest.clone(), new.digest.clone())
    );
    assert_eq!(delete_tag(&registry, "model", "v1").await.ok(), Some(Deletion::Deleted));
    assert_eq!(delete_tag(&registry, "model", "v1").await.ok(), Some(Deletion::WasGone));
    assert_eq!(tags_of(&registry, "model").await, ["stable"]);
    assert!(
        resolves(&registry, "model", Target::Digest(old.digest.clone())).await,
        "it stays untagged"
    );
}

#[tokio::test]
async fn a_deleted_manifest_is_not_found_and_can_be_put_again() {
    let fixture = Fixture::new();
    let registry = fixture.open();
    let image = manifest("a");
    let by_digest = || Target::Digest(image.digest.clone());
    put(&registry, "model", tag("v1"), &image).await;
    put(&registry, "model", tag("kept"), &manifest("b")).await;
    let delete = async || {
        registry
            .delete_manifest(&repository("model"), &image.digest, &operation())
            .await
    };
    let error = delete().await.expect_err("it has a name");
    assert_eq!(error.code(), ErrorCode::Conflict, "{error}");
    assert!(words(&error).contains("still has the name v1"), "{error}");
    delete_tag(&registry, "model", "v1").await.expect("it can be deleted");
    assert_eq!(delete().await.ok(), Some(Deletion::Deleted));
    assert!(!resolves(&registry, "model", by_digest()).await);
    assert_eq!(delete().await.ok(), Some(Deletion::WasGone));
    put(&registry, "model", tag("v1"), &image).await;
    assert!(resolves(&registry, "model", by_digest()).await);
}

#[tokio::test]
async fn children_of_an_index_are_found_though_they_are_not_listed() {
    let fixture = Fixture::new();
    let writer = fixture.layout("model");
    let child = stored_image(&writer, "content", None);
    let index = json!({ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [descriptor_json(&child)] });
    let index = stored_json(&writer, "application/vnd.oci.image.index.v1+json", &index);
    writer
        .index(&[entry(&index, Some("v1"))])
        .expect("an index can be written");
    let registry = fixture.open();
    assert!(resolves(&registry, "model", Target::Digest(child.digest)).await);
    assert!(
        !resolves(&registry, "model", Target::Digest(Digest::of(b"content"))).await,
        "a layer is no manifest"
    );
}

#[tokio::test]
async fn a_referrer_that_is_put_is_listed() {
    let fixture = Fixture::new();
    let registry = fixture.open();
    let image = manifest("a");
    put(&registry, "model", tag("v1"), &image).await;
    let mut note: Value = serde_json::from_slice(&manifest("note").bytes).expect("JSON");
    note["subject"] = json!({ "mediaType": MANIFEST, "digest": image.digest.to_string(), "size": image.bytes.len() });
    note["artifactType"] = json!("application/x.note");
    let bytes = note.to_string().into_bytes();
    let note = RawManifest {
        digest: Digest::of(&bytes),
        media_type: MANIFEST.to_owned(),
        bytes: bytes.into(),
    };
    put(&registry, "model", Target::Digest(note.digest.clone()), &note).await;
    let referrers = registry
        .referrers(&repository("model"), &image.digest, &operation())
        .await
        .expect("an answer");
    let types: Vec<_> = referrers
        .expect("supported")
        .items
        .into_iter()
        .map(|item| item.artifact_type)
        .collect();
    assert_eq!(types, [Some("application/x.note".to_owned())]);
}

#[tokio::test]
async fn a_blob_is_mounted_within_the_folder() {
    let fixture = Fixture::new();
    let registry = fixture.open();
    let digest = put_blob(&registry, "one", "content").await.expect("a blob can be put");
    let mount = async |from: &str, digest: &Digest| {
        let mounted = registry
            .mount_blob(&repository("two"), &repository(from), digest, &operation())
            .await;
        mounted.expect("an answer")
    };
    assert!(mount("one", &digest).await && mount("one", &digest).await);
    assert!(!mount("one", &Digest::of(b"absent")).await && !mount("nowhere", &Digest::of(b"absent")).await);
    let path = blob_file(&fixture.join("two"), &digest);
    assert_eq!(fs::read(path).expect("it is there"), b"content");
}

#[tokio::test]
async fn a_blob_is_read_from_any_place() {
    let fixture = Fixture::new();
    let registry = fixture.open();
    let digest = put_blob(&registry, "model", "content")
        .await
        .expect("a blob can be put");
    put(&registry, "model", tag("v1"), &manifest("a")).await;
    let source = StoredBlob {
        registry: Arc::new(registry.clone()),
        repository: repository("model"),
        digest: digest.clone(),
        size: ByteSize(7),
    };
    for (offset, expected) in [(0, "content"), (3, "tent"), (7, "")] {
        let pieces: Vec<_> = source
            .open(offset, &operation())
            .await
            .expect("it opens")
            .collect()
            .await;
        let bytes: Vec<u8> = pieces
            .into_iter()
            .flat_map(|piece| piece.expect("it is good"))
            .collect();
        assert_eq!(bytes, expected.as_bytes());
    }
    // From another folder's layout into this one.
    registry
        .put_blob(&repository("copy"), &digest, ByteSize(7), &source, &operation())
        .await
        .expect("it is taken");
}

/// Writes one tag after the other; one of two that do so at the same time.
async fn write_many(path: PathBuf, name: &str) {
    // Each opens the folder for itself, as two processes would.
    let registry = FolderRegistry::open(path).expect("the folder opens");
    for number in 0..20 {
        let image = manifest(&format!("{name}{number}"));
        put(&registry, "model", tag(&format!("{name}{number}")), &image).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_writers_at_once_lose_nothing() {
    let fixture = Fixture::new();
    let first = tokio::spawn(write_many(fixture.path().to_owned(), "a"));
    let second = tokio::spawn(write_many(fixture.path().to_owned(), "b"));
    first.await.expect("it writes");
    second.await.expect("it writes");
    assert_eq!(tags_of(&fixture.open(), "model").await.len(), 40);
}

/// Another program's words about its layout.
#[tokio::test]
async fn foreign_fields_stay_as_they_were() {
    let fixture = Fixture::new();
    let image = fixture.image("model", "content");
    let index = json!({
        "schemaVersion": 2, "annotations": { "made.by": "somebody" },
        "manifests": [{
            "mediaType": MANIFEST, "digest": image.digest.to_string(), "size": image.size.bytes(),
            "annotations": { "org.opencontainers.image.ref.name": "docker.io/library/model:v1", "mine": "kept" },
        }],
    });
    fs::write(fixture.join("model/index.json"), index.to_string()).expect("a file can be written");
    let registry = fixture.open();
    put(&registry, "model", tag("v2"), &manifest("a")).await;
    delete_tag(&registry, "model", "v1").await.expect("it can be deleted");
    let after = fs::read(fixture.join("model/index.json")).expect("a readable file");
    let after: Value = serde_json::from_slice(&after).expect("JSON");
    assert_eq!(after["annotations"], index["annotations"]);
    assert_eq!(after["manifests"][0]["annotations"], json!({ "mine": "kept" }));
    assert_eq!(tags_of(&registry, "model").await, ["v2"]);
}
