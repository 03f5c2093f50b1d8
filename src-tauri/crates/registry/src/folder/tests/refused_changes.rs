//! What folders refuse to have written: through links, past a lock, from bad sources.

use super::{
    changes::{Text, files, manifest, put_blob},
    *,
};
use crate::{ErrorCode, WritableRegistry};

#[tokio::test]
async fn a_bad_source_leaves_nothing() {
    let fixture = Fixture::new();
    let registry = fixture.open();
    let digest = Digest::of(b"content");
    let broken = RegistryError::Cancelled;
    for (text, size, end) in [
        ("CONTENT", 7, None),
        ("content", 8, None),
        ("content", 6, None),
        ("content", 7, Some(broken)),
    ] {
        let source = Text(text, end);
        let outcome = registry
            .put_blob(&repository("model"), &digest, ByteSize(size), &source, &operation())
            .await;
        assert!(outcome.is_err(), "{text} {size}");
        assert!(files(fixture.path()).is_empty(), "{:?}", files(fixture.path()));
    }
}

#[tokio::test]
async fn cancelling_leaves_nothing() {
    let fixture = Fixture::new();
    let registry = fixture.open();
    let cancel = tokio_util::sync::CancellationToken::new();
    let seen = cancel.clone();
    let mut operation = Operation::observed(move |_| seen.cancel());
    operation.cancel = cancel;
    let digest = Digest::of(b"content");
    let outcome = registry
        .put_blob(
            &repository("model"),
            &digest,
            ByteSize(7),
            &Text("content", None),
            &operation,
        )
        .await;
    assert!(matches!(outcome, Err(RegistryError::Cancelled)), "{outcome:?}");
    assert!(files(fixture.path()).is_empty(), "{:?}", files(fixture.path()));
}

#[tokio::test]
async fn what_cannot_be_written_says_where() {
    let fixture = Fixture::new();
    fs::write(fixture.join("file"), "in the way").expect("a file can be written");
    let registry = fixture.open();
    let error = put_blob(&registry, "file/model", "content")
        .await
        .expect_err("no folder");
    assert_eq!(error.code(), ErrorCode::Storage, "{error}");
    assert!(error.to_string().contains("file"), "{error}");
    fixture.image("model", "content");
    let error = put_blob(&registry, "model/blobs/sha256", "content")
        .await
        .expect_err("among blobs");
    assert!(words(&error).contains("no place for another"), "{error}");
    fs::write(fixture.join("model/index.json"), "{").expect("a file can be written");
    let outcome = registry
        .put_manifest(&repository("model"), &tag("v2"), &manifest("a"), &operation())
        .await;
    assert!(outcome.is_err());
    assert_eq!(
        fs::read(fixture.join("model/index.json")).expect("a readable file"),
        b"{",
        "it is left as it was"
    );
}

#[tokio::test]
async fn who_waits_for_the_lock_may_cancel() {
    let fixture = Fixture::new();
    fixture.image("model", "content");
    let held = fs::File::create(fixture.join("model/.berth-lock")).expect("a file can be made");
    held.lock().expect("nobody has it");
    let before = fs::read(fixture.join("model/index.json")).expect("a readable file");
    let (registry, operation) = (fixture.open(), operation());
    let (name, target, image) = (repository("model"), tag("v2"), manifest("a"));
    let writing = registry.put_manifest(&name, &target, &image, &operation);
    let cancelling = async {
        // The blob is stored before the lock is asked for.
        while !blob_file(&fixture.join("model"), &image.digest).exists() {
            tokio::task::yield_now().await;
        }
        operation.cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(writing, cancelling);
    assert!(matches!(outcome, Err(RegistryError::Cancelled)), "{outcome:?}");
    assert_eq!(
        fs::read(fixture.join("model/index.json")).expect("a readable file"),
        before
    );
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_written_through_a_link_that_leads_out() {
    use std::os::unix::fs::symlink;
    let outside = Fixture::new();
    outside.image("secret", "content");
    let before = files(outside.path());
    let index = fs::read(outside.join("secret/index.json")).expect("a readable file");
    let fixture = Fixture::new();
    fixture.image("model", "content");
    symlink(outside.join("secret"), fixture.join("linked")).expect("a link can be made");
    fs::create_dir(fixture.join("half")).expect("a folder can be made");
    symlink(outside.path(), fixture.join("half/blobs")).expect("a link can be made");
    fs::remove_file(fixture.join("model/index.json")).expect("a file can be removed");
    symlink(outside.join("secret/index.json"), fixture.join("model/index.json")).expect("a link can be made");
    let registry = fixture.open();
    for name in ["linked", "linked/new", "half"] {
        let error = put_blob(&registry, name, "x").await.expect_err("it leads out");
        assert!(words(&error).contains("leads out"), "{name}: {error}");
    }
    for name in ["linked", "half", "model"] {
        let put = registry
            .put_manifest(&repository(name), &tag("v9"), &manifest("a"), &operation())
            .await;
        let error = put.expect_err("it leads out");
        assert!(words(&error).contains("leads out"), "{name}: {error}");
    }
    assert_eq!(files(outside.path()), before);
    assert!(!outside.join("secret/new").exists() && !outside.join("sha256").exists());
    assert_eq!(
        fs::read(outside.join("secret/index.json")).expect("a readable file"),
        index
    );
}
