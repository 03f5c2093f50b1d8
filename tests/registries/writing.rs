//! Writing to real registries: blobs, manifests, mounts and deletes, seen afterwards by other people's clients.

use std::{collections::BTreeMap, sync::Arc};

use artifact::{ByteSize, Digest, media_type};
use registry::{
    Deletion, RawManifest, RegistryError, StoredBlob, TagDelete, WritableRegistry, dummy_manifest,
    folder::{Durability, FolderRegistry, LayoutWriter},
};
use serde_json::json;

use super::{clients::*, *};
use crate::support::{
    process::has_go_tools,
    registry_server::Setup,
    token_server::{ALICE, BOB, TokenServer},
};

const OTHER: &str = "vision/other";

pub(super) fn setup(deletes: bool) -> Setup {
    Setup {
        deletes,
        ..Setup::default()
    }
}

/// An image of one layer, in a folder that blobs are sent from.
pub(super) struct Image {
    _folder: tempfile::TempDir,
    registry: Arc<FolderRegistry>,
    pub(super) config: (Digest, ByteSize),
    pub(super) layer: (Digest, ByteSize),
    pub(super) manifest: RawManifest,
}

/// Bytes that do not compress.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    (0..length.div_ceil(8))
        .flat_map(|_| next().to_le_bytes())
        .take(length)
        .collect()
}

impl Image {
    pub(super) fn new(layer: usize) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let written = LayoutWriter::create(folder.path().join("source"), Durability::WhenConvenient);
        let writer = written.expect("a layout can be made");
        let layer = noise(layer);
        let config = json!({ "architecture": "amd64", "os": "linux", "rootfs": { "type": "layers", "diff_ids": [Digest::of(&layer).to_string()] } });
        let config = config.to_string().into_bytes();
        let stored = |bytes: &[u8]| {
            let digest = writer.blob(bytes).expect("a blob can be written");
            (digest, ByteSize(bytes.len() as u64))
        };
        let (config, layer) = (stored(&config), stored(&layer));
        let described = |media_type: &str, (digest, size): &(Digest, ByteSize)| json!({ "mediaType": media_type, "digest": digest.to_string(), "size": size.bytes() });
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": media_type::OCI_MANIFEST,
            "config": described(media_type::OCI_CONFIG, &config),
            "layers": [described(media_type::OCI_LAYER, &layer)],
        });
        let registry = FolderRegistry::open(folder.path()).expect("the folder opens");
        Self {
            _folder: folder,
            registry: Arc::new(registry),
            config,
            layer,
            manifest: raw(&manifest),
        }
    }

    pub(super) fn blob(&self, (digest, size): &(Digest, ByteSize)) -> StoredBlob {
        StoredBlob {
            registry: self.registry.clone(),
            repository: repository("source"),
            digest: digest.clone(),
            size: *size,
        }
    }

    /// Sends the blobs.
    async fn send(&self, target: &dyn WritableRegistry, name: &str) -> Result<(), RegistryError> {
        for blob in [&self.config, &self.layer] {
            let source = self.blob(blob);
            target
                .put_blob(&repository(name), &blob.0, blob.1, &source, &quiet())
                .await?;
        }
        Ok(())
    }

    /// Sends the blobs, and the manifest under each tag.
    pub(super) async fn push(&self, target: &dyn WritableRegistry, name: &str, tags: &[&str]) {
        self.send(target, name).await.expect("blobs are taken");
        for name_of_tag in tags {
            put(target, name, tag(name_of_tag), &self.manifest).await;
        }
    }
}

fn raw(manifest: &serde_json::Value) -> RawManifest {
    let bytes = manifest.to_string().into_bytes();
    RawManifest {
        digest: Digest::of(&bytes),
        media_type: media_type::OCI_MANIFEST.to_owned(),
        bytes: bytes.into(),
    }
}

pub(super) async fn put(target: &dyn WritableRegistry, name: &str, at: Target, manifest: &RawManifest) {
    let outcome = target.put_manifest(&repository(name), &at, manifest, &quiet()).await;
    outcome.expect("a manifest is taken");
}

async fn delete_tag(target: &dyn WritableRegistry, name: &str) -> Result<Deletion, RegistryError> {
    let name = name.parse().expect("a tag's name");
    target
        .delete_tag(&repository(REPOSITORY), &name, "a word of the test", &quiet())
        .await
}

/// What each tag of the repository holds, as skopeo sees it.
fn held(server: &RegistryServer) -> BTreeMap<String, Digest> {
    let name = format!("{}/{REPOSITORY}", server.host);
    let tags = skopeo_tags(&name).into_iter();
    tags.map(|tag| {
        let raw = skopeo_raw(&format!("{name}:{tag}"));
        (tag, Digest::of(raw.as_bytes()))
    })
    .collect()
}

/// Pushes, mounts where the registry does, and reads back by another client what was pushed.
async fn pushes_and_mounts(server: &RegistryServer, mounts: bool) {
    let registry = plain(&server.host);
    let image = Image::new(3_000_000);
    image.push(&registry, REPOSITORY, &["v1", "v2"]).await;
    let digest = image.manifest.digest.clone();
    assert_eq!(
        held(server),
        BTreeMap::from([("v1".to_owned(), digest.clone()), ("v2".to_owned(), digest)])
    );
    assert!(
        registry
            .has_blob(&repository(REPOSITORY), &image.layer.0, &quiet())
            .await
            .expect("an answer")
    );

    // Blobs of nothing and of two bytes.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let writer = LayoutWriter::create(folder.path().join("source"), Durability::WhenConvenient);
    let writer = writer.expect("a layout can be made");
    let small = Arc::new(FolderRegistry::open(folder.path()).expect("the folder opens"));
    for content in [&b""[..], b"{}"] {
        let digest = writer.blob(content).expect("a blob can be written");
        let size = ByteSize(content.len() as u64);
        let source = StoredBlob {
            registry: small.clone(),
            repository: repository("source"),
            digest: digest.clone(),
            size,
        };
        let outcome = registry
            .put_blob(&repository(REPOSITORY), &digest, size, &source, &quiet())
            .await;
        outcome.unwrap_or_else(|error| panic!("{} bytes: {error}", content.len()));
        assert!(
            registry
                .has_blob(&repository(REPOSITORY), &digest, &quiet())
                .await
                .expect("an answer")
        );
    }

    let mount = |digest: Digest| {
        let registry = &registry;
        async move {
            let (to, from) = (repository(OTHER), repository(REPOSITORY));
            registry
                .mount_blob(&to, &from, &digest, &quiet())
                .await
                .expect("an answer")
        }
    };
    for blob in [&image.layer, &image.config] {
        assert_eq!(mount(blob.0.clone()).await, mounts);
    }
    if !mounts {
        image.send(&registry, OTHER).await.expect("blobs are taken");
    }
    assert!(!mount(Digest::of(b"absent")).await);
    put(&registry, OTHER, tag("v1"), &image.manifest).await;
    // Reads every blob and checks it.
    let copy = tempfile::tempdir().expect("a temporary folder");
    skopeo(&[
        "copy",
        "--quiet",
        "--preserve-digests",
        "--src-tls-verify=false",
        &format!("docker://{}/{OTHER}:v1", server.host),
        &format!("oci:{}:v1", copy.path().display()),
    ]);
}

/// Deletes a tag whose sibling stays, then the version.
async fn deletes(server: &RegistryServer) {
    let registry = plain(&server.host);
    let before = held(server);
    assert_eq!(delete_tag(&registry, "v1").await.ok(), Some(Deletion::Deleted));
    let digest = before["v2"].clone();
    assert_eq!(held(server), BTreeMap::from([("v2".to_owned(), digest.clone())]));
    assert_eq!(delete_tag(&registry, "v1").await.ok(), Some(Deletion::WasGone));
    assert_eq!(held(server), BTreeMap::from([("v2".to_owned(), digest.clone())]));

    let manifest = registry
        .manifest(&repository(REPOSITORY), &tag("v2"), &quiet())
        .await
        .expect("it is there");
    assert_eq!(delete_tag(&registry, "v2").await.ok(), Some(Deletion::Deleted));
    let by_digest = Target::Digest(digest.clone());
    let left = registry.resolve(&repository(REPOSITORY), &by_digest, &quiet()).await;
    assert_eq!(left.expect("a tag alone went").digest, digest);
    let delete = async || {
        registry
            .delete_manifest(&repository(REPOSITORY), &digest, &quiet())
            .await
    };
    assert_eq!(delete().await.ok(), Some(Deletion::Deleted));
    assert_eq!(delete().await.ok(), Some(Deletion::WasGone));
    let gone = registry.resolve(&repository(REPOSITORY), &by_digest, &quiet()).await;
    assert!(matches!(gone, Err(RegistryError::NotFound { .. })), "{gone:?}");

    // The blobs are still there: it can be put again.
    put(&registry, REPOSITORY, tag("v2"), &manifest).await;
    assert_eq!(held(server), BTreeMap::from([("v2".to_owned(), digest)]));
}

#[tokio::test]
async fn distribution_2_is_written_to() {
    let server = RegistryServer::distribution2(&setup(true));
    pushes_and_mounts(&server, true).await;
    deletes(&server).await;
}

#[tokio::test]
async fn distribution_3_is_written_to() {
    if !has_go_tools() {
        return;
    }
    let server = RegistryServer::distribution3(&setup(true));
    pushes_and_mounts(&server, true).await;
    deletes(&server).await;
}

#[tokio::test]
async fn go_containerregistry_is_written_to() {
    if !has_go_tools() {
        return;
    }
    let server = RegistryServer::with_referrers();
    pushes_and_mounts(&server, false).await;
    deletes(&server).await;
    assert_eq!(crane_tags(&format!("{}/{REPOSITORY}", server.host)), ["v2"]);
}

#[tokio::test]
async fn distribution_2_with_deletes_off_keeps_everything() {
    let server = RegistryServer::distribution2(&setup(false));
    let registry = plain(&server.host);
    let image = Image::new(1000);
    image.push(&registry, REPOSITORY, &["v1", "v2"]).await;
    let before = held(&server);
    let version = registry
        .delete_manifest(&repository(REPOSITORY), &image.manifest.digest, &quiet())
        .await;
    for refused in [delete_tag(&registry, "v1").await, version] {
        let error = refused.expect_err("deletes are off");
        let hint = error.hint().expect("it says what to do");
        assert!(hint.contains("REGISTRY_STORAGE_DELETE_ENABLED=true"), "{error}: {hint}");
    }
    assert_eq!(held(&server), before);
}

#[tokio::test]
async fn with_tokens_each_may_do_what_he_may() {
    let tokens = TokenServer::start(1).await;
    let server = RegistryServer::distribution2(&Setup {
        token: Some(tokens.setup()),
        ..setup(true)
    });
    let connect = |login| {
        let host = &server.host;
        Connection {
            host,
            login: password(login),
            ca_file: None,
        }
        .open()
    };
    let alice = connect(ALICE);
    let image = Image::new(100_000);
    image.push(&alice, REPOSITORY, &["v1", "v2"]).await;
    let (to, from) = (repository(OTHER), repository(REPOSITORY));
    assert!(
        alice
            .mount_blob(&to, &from, &image.layer.0, &quiet())
            .await
            .expect("an answer")
    );
    let bob = connect(BOB);
    let refused = [
        image.send(&bob, REPOSITORY).await,
        bob.put_manifest(&from, &tag("v3"), &image.manifest, &quiet()).await,
        bob.delete_manifest(&from, &image.manifest.digest, &quiet())
            .await
            .map(drop),
        delete_tag(&bob, "v1").await.map(drop),
    ];
    for outcome in refused {
        let error = outcome.expect_err("he may only read");
        assert!(matches!(error, RegistryError::Denied { .. }), "{error}");
    }
    assert_eq!(tag_names(&alice, REPOSITORY).await, ["v1", "v2"]);
    assert_eq!(delete_tag(&alice, "v1").await.ok(), Some(Deletion::Deleted));
    assert_eq!(tag_names(&alice, REPOSITORY).await, ["v2"]);
}

#[tokio::test]
async fn distribution_2_takes_the_dummy_for_a_manifest_of_its_own() {
    let server = RegistryServer::distribution2(&setup(true));
    let registry = plain(&server.host);
    let image = Image::new(1000);
    image.push(&registry, REPOSITORY, &["v1"]).await;
    let rules = registry
        .delete_rules(&repository(REPOSITORY), &quiet())
        .await
        .expect("an answer");
    assert_eq!(rules.tag, TagDelete::DummyManifest);
    // Two at once on one version: each has its own dummy.
    put(&registry, REPOSITORY, tag("v2"), &image.manifest).await;
    put(&registry, REPOSITORY, tag("kept"), &image.manifest).await;
    assert_ne!(dummy_manifest("one").digest, dummy_manifest("two").digest);
    let (first, second) = ("v1".parse().expect("a tag"), "v2".parse().expect("a tag"));
    let (name, operation) = (repository(REPOSITORY), quiet());
    let (first, second) = tokio::join!(
        registry.delete_tag(&name, &first, "one", &operation),
        registry.delete_tag(&name, &second, "two", &operation)
    );
    assert_eq!(
        (first.ok(), second.ok()),
        (Some(Deletion::Deleted), Some(Deletion::Deleted))
    );
    let digest = image.manifest.digest.clone();
    assert_eq!(held(&server), BTreeMap::from([("kept".to_owned(), digest)]));
}

/// A note on an image.
fn note(image: &Image) -> RawManifest {
    let subject = &image.manifest;
    raw(&json!({
        "schemaVersion": 2,
        "mediaType": media_type::OCI_MANIFEST,
        "artifactType": "application/x.note",
        "config": { "mediaType": media_type::OCI_CONFIG, "digest": image.config.0.to_string(), "size": image.config.1.bytes() },
        "layers": [],
        "subject": { "mediaType": subject.media_type, "digest": subject.digest.to_string(), "size": subject.bytes.len() },
    }))
}

#[tokio::test]
async fn a_referrer_is_found_by_others_with_and_without_the_api() {
    if !has_go_tools() {
        return;
    }
    for server in [
        RegistryServer::with_referrers(),
        RegistryServer::distribution2(&setup(true)),
    ] {
        let registry = plain(&server.host);
        let image = Image::new(1000);
        image.push(&registry, REPOSITORY, &["v1"]).await;
        let note = note(&image);
        put(&registry, REPOSITORY, Target::Digest(note.digest.clone()), &note).await;
        let name = format!("{}/{REPOSITORY}:v1", server.host);
        let seen = regctl(&server.host, &["artifact", "list", &name]);
        assert!(seen.contains(&note.digest.to_string()), "{seen}");
    }
}
