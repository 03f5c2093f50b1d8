//! What archives refuse to have written: from bad sources, where they are cut, beside their one repository.

use super::{
    archive_changes::{bytes_of, members, new_archive},
    archives::packed,
    changes::{Text, manifest, put, put_blob},
    *,
};
use crate::{CheckName, ErrorCode, WritableRegistry};

#[tokio::test]
async fn a_bad_source_leaves_the_archive_as_it_was() {
    let fixture = Fixture::new();
    let (path, registry) = new_archive(&fixture);
    put(&registry, "model", tag("v1"), &manifest("a")).await;
    let before = bytes_of(&path);
    let content: &'static str = Box::leak("content ".repeat(2_000).into_boxed_str());
    let digest = Digest::of(content.as_bytes());
    let size = content.len() as u64;
    let upper: &'static str = Box::leak(content.to_uppercase().into_boxed_str());
    for (text, size, end) in [
        (upper, size, None),
        (content, size + 1, None),
        (content, size - 1, None),
        (content, size, Some(RegistryError::Cancelled)),
    ] {
        let source = Text(text, end);
        let outcome = registry
            .put_blob(&repository("model"), &digest, ByteSize(size), &source, &operation())
            .await;
        assert!(outcome.is_err(), "{size}");
        assert!(bytes_of(&path) == before, "nothing of it stays");
    }
    let cancel = tokio_util::sync::CancellationToken::new();
    let seen = cancel.clone();
    let mut cancelled = Operation::observed(move |_| seen.cancel());
    cancelled.cancel = cancel;
    let source = Text(content, None);
    let outcome = registry
        .put_blob(&repository("model"), &digest, ByteSize(size), &source, &cancelled)
        .await;
    assert!(matches!(outcome, Err(RegistryError::Cancelled)), "{outcome:?}");
    assert!(bytes_of(&path) == before);
    put_blob(&registry, "model", content)
        .await
        .expect("the next one can be put");
    let (read, error) = streamed(&registry, "model", &digest, size).await;
    assert!(read == content.as_bytes() && error.is_none(), "{error:?}");
}

#[tokio::test]
async fn what_cannot_be_written_to_safely_is_refused_and_left_alone() {
    let fixture = Fixture::new();
    let (path, registry) = new_archive(&fixture);
    put_blob(&registry, "model", "content")
        .await
        .expect("a blob can be put");
    put(&registry, "model", tag("v1"), &manifest("a")).await;
    let whole = bytes_of(&path);
    // The two blocks of zeros at the end may be missing: then the archive is whole all the same.
    let end = whole.len() - 1024;
    for cut in (512..=whole.len()).step_by(128) {
        fs::write(&path, &whole[..cut]).expect("it can be written");
        let registry = FolderRegistry::open(&path).expect("it opens");
        let _ = registry.manifests(&repository("model"), &operation()).await;
        let outcome = registry
            .put_manifest(&repository("model"), &tag("v2"), &manifest("b"), &operation())
            .await;
        if cut < end || (cut > end && cut < end + 512) {
            let error = outcome.expect_err(&format!("cut at {cut} of {}", whole.len()));
            assert!(!words(&error).is_empty());
            assert!(bytes_of(&path) == whole[..cut], "cut at {cut}");
        } else {
            outcome.unwrap_or_else(|error| panic!("cut at {cut} of {}: {error}", whole.len()));
            assert_eq!(tags_of(&registry, "model").await, ["v1", "v2"]);
            assert!(members(&path).last().is_some_and(|name| name == "index.json"));
        }
    }
    fixture.layout("empty");
    fs::remove_file(fixture.join("empty/index.json")).expect("it goes");
    let registry = FolderRegistry::open(packed(&fixture, "empty", "other.tar")).expect("it opens");
    let refused = registry.may_write(&repository("other"), &operation()).await;
    let refused = refused.expect_err("it has no list");
    assert!(words(&refused).contains("index.json"), "{refused}");
}

#[tokio::test]
async fn an_archive_is_one_repository_and_takes_no_other() {
    let fixture = Fixture::new();
    let (path, registry) = new_archive(&fixture);
    let before = bytes_of(&path);
    let digest = put_blob(&registry, "other", "content").await.expect_err("it holds one");
    assert!(words(&digest).contains("one repository, model"), "{digest}");
    let mounted = registry
        .mount_blob(
            &repository("model"),
            &repository("other"),
            &Digest::of(b"x"),
            &operation(),
        )
        .await;
    assert_eq!(mounted.ok(), Some(false));
    assert_eq!(bytes_of(&path), before);
}

#[cfg(unix)]
#[tokio::test]
async fn an_archive_that_may_only_be_read_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new();
    let (path, registry) = new_archive(&fixture);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("it can be set");
    if fs::OpenOptions::new().write(true).open(&path).is_ok() {
        // To the system's administrator nothing is forbidden.
        return;
    }
    let refused = registry.may_write(&repository("model"), &operation()).await;
    assert_eq!(refused.expect_err("it may only be read").code(), ErrorCode::Storage);
    let steps = registry
        .check(&operation(), &Clock::fixed(chrono::DateTime::UNIX_EPOCH))
        .await;
    for wanted in [CheckName::Push, CheckName::Delete] {
        let step = steps.iter().find(|step| step.step == wanted).expect("a step");
        assert!(step.ok == Some(false) && step.hint.is_some(), "{step:?}");
    }
}
