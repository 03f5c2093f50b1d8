//! A repository as plans read it: what each tag leads to, what is missing, doubtful or left over.

use std::collections::BTreeSet;

use artifact::{Descriptor, Digest};
use registry::RawManifest;
use serde_json::json;

use crate::{
    RepositoryContent,
    double::{CONNECTION, IMAGE, INDEX, MemoryRegistry, Seen, name, tag},
};

const REPOSITORY: &str = "team/model";

fn content(seen: &Seen) -> RepositoryContent {
    seen.index
        .content(&CONNECTION.into(), &name(REPOSITORY), seen.now())
        .expect("it was synced")
}

fn digests<'a>(of: impl IntoIterator<Item = &'a Digest>) -> BTreeSet<&'a Digest> {
    of.into_iter().collect()
}

fn referrer_of(registry: &MemoryRegistry, subject: &Descriptor) -> Descriptor {
    let (config, size) = registry.blob_of(b"{}");
    let config =
        json!({ "mediaType": "application/vnd.oci.empty.v1+json", "digest": config.to_string(), "size": size });
    let subject = json!({ "mediaType": IMAGE, "digest": subject.digest.to_string(), "size": subject.size.bytes() });
    let manifest =
        json!({ "schemaVersion": 2, "mediaType": IMAGE, "config": config, "layers": [], "subject": subject });
    registry.manifest_of(IMAGE, &manifest)
}

#[tokio::test]
async fn every_manifest_that_a_tag_leads_to_is_there_with_what_it_needs() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let index = registry.two_platforms(&[("weights", 10)]);
    registry.tag(REPOSITORY, "1.0", &index);
    registry.tag(REPOSITORY, "latest", &index);
    seen.sync(&registry).await;
    let content = content(&seen);
    let tags: Vec<&str> = content.tags.iter().map(|tag| tag.tag.as_str()).collect();
    assert_eq!(tags, ["1.0", "latest"]);
    assert!(
        content
            .tags
            .iter()
            .all(|tag| tag.digest.as_ref() == Some(&index.digest))
    );
    let root = &content.manifests[&index.digest];
    assert_eq!(root.children.len(), 2);
    for child in &root.children {
        assert_eq!(content.manifests[child].blobs.len(), 2, "a config and a layer");
    }
    assert!(content.missing.is_empty() && content.doubtful.is_empty() && content.leftovers.is_empty());
}

#[tokio::test]
async fn what_points_at_a_version_is_named_and_read_when_it_is_kept() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let versions = registry.fill(REPOSITORY, &["1.0"]);
    let signature = referrer_of(&registry, &versions[0]);
    registry.point_at(&versions[0], vec![signature.clone()]);
    seen.sync(&registry).await;
    let before = content(&seen);
    assert_eq!(
        before.manifests[&versions[0].digest].referrers,
        std::slice::from_ref(&signature.digest)
    );
    assert_eq!(
        before.missing,
        std::slice::from_ref(&signature.digest),
        "its manifest was not read by the sync"
    );
    let raw = RawManifest {
        digest: signature.digest.clone(),
        media_type: IMAGE.to_owned(),
        bytes: registry.bytes(&signature.digest),
    };
    seen.index.keep_manifests(&[raw]).expect("it is kept");
    let after = content(&seen);
    assert!(after.missing.is_empty());
    assert_eq!(
        after.manifests[&signature.digest].subject.as_ref(),
        Some(&versions[0].digest)
    );
}

#[tokio::test]
async fn a_manifest_of_which_a_part_cannot_be_read_is_doubtful() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let entry = json!({ "mediaType": IMAGE, "digest": "sha256:short", "size": 7 });
    let odd = registry.manifest_of(
        INDEX,
        &json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [entry] }),
    );
    registry.tag(REPOSITORY, "odd", &odd);
    let good = registry.fill(REPOSITORY, &["1.0"]);
    seen.sync(&registry).await;
    let content = content(&seen);
    assert_eq!(
        digests(content.doubtful.iter().map(|(digest, _)| digest)),
        digests([&odd.digest])
    );
    assert!(content.manifests.contains_key(&good[0].digest));
}

#[tokio::test]
async fn a_tag_that_could_not_be_read_says_why() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill(REPOSITORY, &["1.0", "2.0"]);
    registry.refuse(&format!("{REPOSITORY}:2.0"), crate::double::denied());
    seen.sync(&registry).await;
    let content = content(&seen);
    let problems: Vec<_> = content.tags.iter().filter(|tag| tag.problem.is_some()).collect();
    assert_eq!(problems.iter().map(|one| &one.tag).collect::<Vec<_>>(), [&tag("2.0")]);
}

#[tokio::test]
async fn what_no_tag_leads_to_is_left_over() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let first = registry.two_platforms(&[("old", 1)]);
    registry.tag(REPOSITORY, "latest", &first);
    seen.sync(&registry).await;
    let second = registry.two_platforms(&[("new", 2)]);
    registry.tag(REPOSITORY, "latest", &second);
    seen.sync(&registry).await;
    let content = content(&seen);
    let leftovers: Vec<&Digest> = content.leftovers.iter().map(|leftover| &leftover.digest).collect();
    assert_eq!(leftovers, [&first.digest]);
    assert!(!content.lists_manifests);
    assert_eq!(
        content.manifests[&first.digest].children.len(),
        2,
        "its parts are known too"
    );
}
