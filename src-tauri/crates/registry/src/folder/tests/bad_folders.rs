//! Folders with something wrong: each says what, and what to do.

use super::*;
use crate::{CheckName, Completeness, ErrorCode};

#[tokio::test]
async fn a_folder_without_layouts_says_what_is_expected() {
    let fixture = Fixture::new();
    fs::create_dir_all(fixture.join("just/some/folders")).expect("a folder can be made");
    let registry = fixture.open();
    let error = registry
        .repositories(&operation())
        .await
        .expect_err("there is no layout");
    assert_eq!(error.code(), ErrorCode::InvalidInput);
    assert!(
        words(&error).contains("holds no image layout") && words(&error).contains("skopeo copy"),
        "{error}"
    );
    let steps = registry
        .check(&operation(), &Clock::fixed(chrono::DateTime::UNIX_EPOCH))
        .await;
    let list = steps.iter().find(|step| step.step == CheckName::List).expect("a step");
    assert!(list.ok == Some(false) && list.hint.is_some(), "{list:?}");
}

#[test]
fn a_path_that_leads_nowhere_is_named() {
    let fixture = Fixture::new();
    let error = FolderRegistry::open(fixture.join("absent")).expect_err("it is not there");
    assert!(words(&error).contains("absent"), "{error}");
    fs::write(fixture.join("file"), "only a text").expect("a file can be written");
    let error = FolderRegistry::open(fixture.join("file")).expect_err("a text is no archive");
    assert!(words(&error).contains("is no oci-archive"), "{error}");
}

#[tokio::test]
async fn layouts_with_impossible_names_are_left_out_and_told() {
    let fixture = Fixture::new();
    fixture.image("good", "content");
    fixture.image("Bad Name", "content");
    let listing = fixture.open().repositories(&operation()).await.expect("a list");
    assert_eq!(listing.items, [repository("good")]);
    assert!(
        listing.problems.iter().any(|problem| problem.contains("Bad Name")),
        "{:?}",
        listing.problems
    );
}

#[cfg(unix)]
#[tokio::test]
async fn names_of_foreign_folders_are_told_without_control_characters() {
    let fixture = Fixture::new();
    fixture.image("good", "content");
    fixture.image("bad\u{1b}[31m", "content");
    fixture.image("empty\u{1b}[2J", "content");
    fs::remove_file(fixture.join("empty\u{1b}[2J/index.json")).expect("it was there");
    std::os::unix::fs::symlink("/", fixture.join("out\u{9b}2J")).expect("a link");
    let listing = fixture.open().repositories(&operation()).await.expect("a list");
    assert_eq!(listing.problems.len(), 3, "{:?}", listing.problems);
    for problem in &listing.problems {
        assert!(!problem.chars().any(char::is_control), "{problem:?}");
    }
}

#[tokio::test]
async fn an_index_that_cannot_be_read_says_why() {
    let fixture = Fixture::new();
    let registry = {
        fixture.image("model", "content");
        fixture.open()
    };
    let index = fixture.join("model/index.json");
    for (content, expected) in [
        ("<html>log in</html>", "JSON"),
        ("{\"manifests\": [{", "JSON"),
        ("[1, 2]", "object"),
        (
            "{\"schemaVersion\": 2, \"config\": {}, \"layers\": []}",
            "no list of manifests",
        ),
        ("{}", "no list of manifests"),
    ] {
        fs::write(&index, content).expect("a file can be written");
        let error = registry
            .tags(&repository("model"), &operation())
            .await
            .expect_err("it cannot be read");
        assert!(
            words(&error).contains("index.json") && words(&error).contains(expected),
            "{content}: {error}"
        );
    }
    fs::remove_file(&index).expect("a file can be removed");
    let error = registry
        .tags(&repository("model"), &operation())
        .await
        .expect_err("it is gone");
    assert!(words(&error).contains("is no image layout"), "{error}");
}

#[tokio::test]
async fn a_bad_entry_does_not_hide_the_others() {
    let fixture = Fixture::new();
    let image = fixture.image("model", "content");
    let mut good = descriptor_json(&image);
    good["annotations"] = json!({ "org.opencontainers.image.ref.name": "v1" });
    let index = json!({ "schemaVersion": 2, "manifests": [{ "digest": "sha256:short", "size": -1 }, 7, good] });
    fs::write(fixture.join("model/index.json"), index.to_string()).expect("a file can be written");
    let listing = fixture
        .open()
        .tags(&repository("model"), &operation())
        .await
        .expect("a list");
    assert_eq!(listing.items.len(), 1);
    assert!(!listing.problems.is_empty() && !listing.is_complete(), "{listing:?}");
}

#[tokio::test]
async fn an_endless_index_is_refused() {
    let fixture = Fixture::new();
    fixture.image("model", "content");
    // A hole in a file costs no space.
    let file = fs::File::options()
        .write(true)
        .open(fixture.join("model/index.json"))
        .expect("a file");
    file.set_len(store::LARGEST_INDEX.bytes() + 1).expect("a longer file");
    let error = fixture
        .open()
        .tags(&repository("model"), &operation())
        .await
        .expect_err("too large");
    assert!(matches!(error, RegistryError::TooLarge { .. }), "{error}");
}

#[tokio::test]
async fn a_missing_manifest_is_not_found_and_makes_lists_partial() {
    let fixture = Fixture::new();
    let image = fixture.image("model", "content");
    fs::remove_file(blob_file(&fixture.join("model"), &image.digest)).expect("a file can be removed");
    let registry = fixture.open();
    let name = repository("model");
    for outcome in [
        registry.resolve(&name, &tag("v1"), &operation()).await.map(drop),
        registry.manifest(&name, &tag("v1"), &operation()).await.map(drop),
    ] {
        let error = outcome.expect_err("the file is missing");
        assert!(
            matches!(error, RegistryError::NotFound { .. }) && error.to_string().contains("is missing"),
            "{error}"
        );
    }
    let referrers = registry
        .referrers(&name, &image.digest, &operation())
        .await
        .expect("a list")
        .expect("supported");
    assert!(matches!(referrers.complete, Completeness::Partial { .. }));
    let manifests = registry
        .manifests(&name, &operation())
        .await
        .expect("a list")
        .expect("supported");
    assert_eq!(manifests.items.len(), 1, "it still stands in the list");
    assert!(!manifests.is_complete());
}

#[tokio::test]
async fn content_that_is_not_its_digest_is_never_taken_for_it() {
    let fixture = Fixture::new();
    let writer = fixture.layout("model");
    let image = stored_image(&writer, "content", None);
    writer
        .index(&[entry(&image, Some("v1"))])
        .expect("an index can be written");
    let layer = stored(&writer, LAYER, b"content");
    let registry = fixture.open();
    let layout = fixture.join("model");
    let manifest = fs::read(blob_file(&layout, &image.digest)).expect("a readable file");
    let changed = String::from_utf8(manifest).expect("text").replace("content", "CONTENT");
    fs::write(blob_file(&layout, &image.digest), changed).expect("a file can be written");
    let error = registry
        .manifest(&repository("model"), &tag("v1"), &operation())
        .await
        .expect_err("changed");
    assert!(matches!(error, RegistryError::DigestMismatch { .. }), "{error}");
    fs::write(blob_file(&layout, &layer.digest), b"CONTENT").expect("a file can be written");
    let (_, error) = streamed(&registry, "model", &layer.digest, 7).await;
    assert!(matches!(error, Some(RegistryError::DigestMismatch { .. })), "{error:?}");
    fs::write(blob_file(&layout, &layer.digest), b"con").expect("a file can be written");
    let (_, error) = streamed(&registry, "model", &layer.digest, 7).await;
    assert!(matches!(error, Some(RegistryError::Truncated { .. })), "{error:?}");
    fs::write(blob_file(&layout, &layer.digest), b"content and more").expect("a file can be written");
    let (bytes, error) = streamed(&registry, "model", &layer.digest, 7).await;
    assert!(bytes.is_empty() && error.is_some(), "{error:?}");
}

#[tokio::test]
async fn a_digest_of_something_else_is_no_manifest() {
    let fixture = Fixture::new();
    let writer = fixture.layout("model");
    let layer = stored(&writer, LAYER, b"not JSON at all");
    let target = Target::Digest(layer.digest);
    let error = fixture
        .open()
        .manifest(&repository("model"), &target, &operation())
        .await
        .expect_err("a layer");
    assert!(matches!(error, RegistryError::NotFound { .. }), "{error}");
}

#[tokio::test]
async fn indexes_that_list_each_other_come_to_an_end() {
    let fixture = Fixture::new();
    let writer = fixture.layout("model");
    let mut child = stored_image(&writer, "content", None);
    for _ in 0..20 {
        let index = json!({ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [descriptor_json(&child)] });
        child = stored_json(&writer, "application/vnd.oci.image.index.v1+json", &index);
    }
    writer
        .index(&[entry(&child, Some("deep"))])
        .expect("an index can be written");
    let manifests = fixture
        .open()
        .manifests(&repository("model"), &operation())
        .await
        .expect("a list");
    assert_eq!(
        manifests.expect("supported").items.len(),
        artifact::MAXIMUM_INDEX_DEPTH + 1
    );
}

#[tokio::test]
async fn an_empty_folder_can_be_connected_to_be_copied_into() {
    let fixture = Fixture::new();
    let registry = fixture.open();
    let steps = registry
        .check(&operation(), &Clock::fixed(chrono::DateTime::UNIX_EPOCH))
        .await;
    assert!(steps.iter().all(|step| step.ok != Some(false)), "{steps:?}");
    // A disk that is not mounted is an empty folder too: what was known of it is not forgotten.
    assert!(registry.repositories(&operation()).await.is_err());
}
