//! Folders as they should be.

use std::collections::BTreeSet;

use super::*;
use crate::{CheckName, TagDelete};

#[tokio::test]
async fn every_layout_is_a_repository_named_by_its_path() {
    let fixture = Fixture::new();
    for name in ["iris", "vision/defect", "vision/deep/er/line", "vision"] {
        fixture.image(name, name);
    }
    // Neither hidden folders nor what is no layout is one.
    fixture.image(".hidden", "hidden");
    fs::create_dir_all(fixture.join("notes/more")).expect("a folder can be made");
    fs::write(fixture.join("notes/index.json"), "{}").expect("a file can be written");
    let registry = fixture.open();
    assert_eq!(
        names(&registry).await,
        ["iris", "vision", "vision/deep/er/line", "vision/defect"]
    );
    let raw = registry
        .manifest(&repository("vision/defect"), &tag("v1"), &operation())
        .await
        .expect("a manifest");
    assert_eq!(raw.digest, Digest::of(&raw.bytes));
    assert_eq!(raw.media_type, MANIFEST);
}

#[tokio::test]
async fn a_layout_by_itself_is_one_repository_named_after_its_folder() {
    let fixture = Fixture::new();
    fixture.image("My Model_v2.oci", "content");
    let registry = FolderRegistry::open(fixture.join("My Model_v2.oci")).expect("it opens");
    assert_eq!(names(&registry).await, ["my-model_v2"]);
    assert_eq!(tags_of(&registry, "my-model_v2").await, ["v1"]);
    let error = registry
        .tags(&repository("other"), &operation())
        .await
        .expect_err("there is no other");
    assert!(matches!(error, RegistryError::NotFound { .. }), "{error}");
}

#[tokio::test]
async fn names_become_tags_and_unnamed_manifests_stay() {
    let fixture = Fixture::new();
    let writer = fixture.layout("model");
    let one = stored_image(&writer, "one", None);
    let two = stored_image(&writer, "two", None);
    let three = stored_image(&writer, "three", None);
    writer
        .index(&[
            entry(&one, Some("1.0")),
            entry(&one, Some("docker.io/library/model:stable")),
            entry(&one, Some("registry.example:5000/team/model:1.0.0@sha256:0000")),
            entry(&two, Some("registry.example:5000/team/model")),
            entry(&two, Some("not a tag")),
            entry(&two, Some("twice")),
            entry(&three, Some("other/model:twice")),
            entry(&three, None),
        ])
        .expect("an index can be written");
    let registry = fixture.open();
    let listing = registry.tags(&repository("model"), &operation()).await.expect("a list");
    let found: Vec<_> = listing
        .items
        .iter()
        .map(|listed| (listed.tag.as_str(), listed.digest.clone().expect("known")))
        .collect();
    let expected = [("1.0", &one), ("1.0.0", &one), ("stable", &one), ("twice", &three)];
    assert_eq!(found, expected.map(|(name, image)| (name, image.digest.clone())));
    assert_eq!(listing.problems.len(), 3, "{:?}", listing.problems);
    assert!(listing.problems.iter().any(|problem| problem.contains("twice")));
    let manifests = registry
        .manifests(&repository("model"), &operation())
        .await
        .expect("a list")
        .expect("supported");
    assert_eq!(manifests.items.len(), 3);
}

#[tokio::test]
async fn resolving_tells_digest_type_and_size_without_reading() {
    let fixture = Fixture::new();
    let image = fixture.image("model", "content");
    let registry = fixture.open();
    for target in [tag("v1"), Target::Digest(image.digest.clone())] {
        let resolved = registry
            .resolve(&repository("model"), &target, &operation())
            .await
            .expect("it is there");
        let expected = Resolved {
            digest: image.digest.clone(),
            media_type: Some(MANIFEST.to_owned()),
            size: Some(image.size),
        };
        assert_eq!(resolved, expected);
    }
    let absent = registry
        .resolve(&repository("model"), &tag("v2"), &operation())
        .await
        .expect_err("no such tag");
    assert!(matches!(absent, RegistryError::NotFound { .. }), "{absent}");
}

#[tokio::test]
async fn a_blob_streams_and_verifies() {
    let fixture = Fixture::new();
    let writer = fixture.layout("model");
    let large = vec![7_u8; 3 * 1024 * 1024 + 11];
    let blob = stored(&writer, LAYER, &large);
    let empty = stored(&writer, LAYER, b"");
    let registry = fixture.open();
    assert!(
        matches!(streamed(&registry, "model", &blob.digest, blob.size.bytes()).await, (bytes, None) if bytes == large)
    );
    assert!(matches!(streamed(&registry, "model", &empty.digest, 0).await, (bytes, None) if bytes.is_empty()));
}

#[tokio::test]
async fn referrers_are_found_in_the_list_and_in_indexes_of_it() {
    let fixture = Fixture::new();
    let writer = fixture.layout("model");
    let image = stored_image(&writer, "image", None);
    let signature = stored_image(&writer, "signature", Some(&image));
    let nested = stored_image(&writer, "nested note", Some(&image));
    let index = json!({ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
        descriptor_json(&nested),
        // A platform that was not copied is not missing.
        { "mediaType": MANIFEST, "digest": Digest::of(b"absent").to_string(), "size": 6 },
    ]});
    let index = stored_json(&writer, "application/vnd.oci.image.index.v1+json", &index);
    let entries = [
        entry(&image, Some("v1")),
        entry(&signature, None),
        entry(&index, Some("notes")),
    ];
    writer.index(&entries).expect("an index can be written");
    let registry = fixture.open();
    let name = repository("model");
    let found = registry
        .referrers(&name, &image.digest, &operation())
        .await
        .expect("a list")
        .expect("supported");
    assert!(found.is_complete() && found.problems.is_empty(), "{:?}", found.problems);
    let digests: BTreeSet<_> = found.items.iter().map(|item| item.digest.clone()).collect();
    assert_eq!(
        digests,
        BTreeSet::from([signature.digest.clone(), nested.digest.clone()])
    );
    for item in &found.items {
        assert_eq!(item.artifact_type.as_deref(), Some("application/vnd.example.note"));
        assert!(item.annotations.contains_key("content"));
    }
    let none = registry
        .referrers(&name, &signature.digest, &operation())
        .await
        .expect("a list")
        .expect("supported");
    assert!(none.items.is_empty());
    let manifests = registry
        .manifests(&name, &operation())
        .await
        .expect("a list")
        .expect("supported");
    assert_eq!(manifests.items.len(), 4);
}

#[tokio::test]
async fn a_change_of_the_list_is_seen_at_once() {
    let fixture = Fixture::new();
    let writer = fixture.layout("model");
    let image = stored_image(&writer, "image", None);
    writer
        .index(&[entry(&image, Some("v1"))])
        .expect("an index can be written");
    let registry = fixture.open();
    assert_eq!(tags_of(&registry, "model").await, ["v1"]);
    let none = registry
        .referrers(&repository("model"), &image.digest, &operation())
        .await;
    assert!(none.expect("a list").expect("supported").items.is_empty());
    // As long as before: only the time or the file itself tells.
    let referrer = stored_image(&writer, "note", Some(&image));
    writer
        .index(&[entry(&image, Some("v2"))])
        .expect("an index can be written");
    assert_eq!(tags_of(&registry, "model").await, ["v2"]);
    writer
        .index(&[entry(&image, Some("v2")), entry(&referrer, None)])
        .expect("an index can be written");
    let found = registry
        .referrers(&repository("model"), &image.digest, &operation())
        .await;
    assert_eq!(found.expect("a list").expect("supported").items.len(), 1);
}

#[tokio::test]
async fn the_diagnosis_of_a_good_folder_has_nothing_to_complain_about() {
    let fixture = Fixture::new();
    fixture.image("vision/defect", "content");
    let registry = fixture.open();
    let steps = registry
        .check(&operation(), &Clock::fixed(chrono::DateTime::UNIX_EPOCH))
        .await;
    let outcome: Vec<_> = steps.iter().map(|step| (step.step, step.ok)).collect();
    let works = |step| (step, Some(true));
    assert_eq!(
        outcome,
        [
            (CheckName::Name, None),
            works(CheckName::Connect),
            (CheckName::Tls, None),
            works(CheckName::Api),
            (CheckName::Login, None),
            works(CheckName::List),
            works(CheckName::Pull),
            works(CheckName::Push),
            works(CheckName::Delete),
        ]
    );
    let left: Vec<_> = fs::read_dir(fixture.path()).expect("a readable folder").collect();
    assert_eq!(left.len(), 1, "the probe is gone: {left:?}");
    let rules = registry
        .delete_rules(&repository("vision/defect"), &operation())
        .await
        .expect("known");
    assert_eq!(rules.tag, TagDelete::Alone);
}

#[tokio::test]
async fn what_is_cancelled_does_nothing_more() {
    let fixture = Fixture::new();
    let image = fixture.image("model", "content");
    let registry = fixture.open();
    let cancelled = operation();
    let name = repository("model");
    let mut stream = registry
        .blob(&name, &image.digest, image.size, &cancelled)
        .await
        .expect("a stream");
    cancelled.cancel.cancel();
    let piece = futures::StreamExt::next(&mut stream).await.expect("an item");
    assert!(matches!(piece, Err(RegistryError::Cancelled)));
    assert!(matches!(
        registry.repositories(&cancelled).await,
        Err(RegistryError::Cancelled)
    ));
    assert!(matches!(
        registry.tags(&name, &cancelled).await,
        Err(RegistryError::Cancelled)
    ));
}
