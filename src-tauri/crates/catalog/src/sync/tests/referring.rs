//! Signatures, SBOMs and what else points at versions.

use std::sync::Arc;

use artifact::{Descriptor, Digest, Kind};
use chrono::TimeDelta;
use registry::{Operation, Registry};
use serde_json::json;

use crate::{
    ReferrerRow,
    double::{CONNECTION, IMAGE, INDEX, MemoryRegistry, Seen, denied, name, unreachable},
};

const SIGNATURE: &str = "application/vnd.dev.cosign.artifact.sig.v1+json";

fn signature(registry: &MemoryRegistry, subject: &Descriptor) -> Descriptor {
    let config = registry.blob_of(b"{}");
    let manifest = json!({ "schemaVersion": 2, "mediaType": IMAGE, "artifactType": SIGNATURE, "layers": [],
        "config": { "mediaType": "application/vnd.oci.empty.v1+json", "digest": config.0.to_string(), "size": 2 },
        "subject": { "mediaType": IMAGE, "digest": subject.digest.to_string(), "size": subject.size.bytes() } });
    let mut found = registry.manifest_of(IMAGE, &manifest);
    found.artifact_type = Some(SIGNATURE.to_owned());
    found
}

fn referrers(seen: &Seen, subject: &Digest) -> Vec<ReferrerRow> {
    let record = seen
        .index
        .version(&CONNECTION.into(), &name("team/model"), subject, seen.now());
    record.expect("read").expect("it is known").referrers
}

#[tokio::test]
async fn referrers_are_read_after_the_rows_and_again_after_an_hour() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let versions = registry.fill("team/model", &["1.0", "2.0"]);
    let signed = signature(&registry, &versions[0]);
    registry.point_at(&versions[0], vec![signed.clone()]);
    seen.sync(&registry).await;
    let asked = registry.asked("");
    let first = asked
        .iter()
        .position(|asked| asked.starts_with("REFERRERS"))
        .expect("they are read");
    assert!(
        asked[first..].iter().all(|asked| asked.starts_with("REFERRERS")),
        "a row came after: {asked:?}"
    );
    assert_eq!(asked.len() - first, 2, "one question per version");
    let found = referrers(&seen, &versions[0].digest);
    assert_eq!(
        found.iter().map(|row| (&row.digest, row.kind)).collect::<Vec<_>>(),
        [(&signed.digest, Kind::Signature)]
    );
    assert_eq!(
        seen.rows("team/model").iter().map(|row| row.signed).collect::<Vec<_>>(),
        [false, true]
    );
    registry.forget_questions();
    seen.wait(TimeDelta::minutes(59));
    seen.sync(&registry).await;
    assert_eq!(registry.asked("REFERRERS").len(), 0, "they are younger than an hour");
    registry.point_at(&versions[0], Vec::new());
    seen.wait(TimeDelta::minutes(2));
    seen.sync(&registry).await;
    assert_eq!(registry.asked("REFERRERS").len(), 2);
    assert!(
        referrers(&seen, &versions[0].digest).is_empty(),
        "the signature was taken away"
    );
    assert!(seen.rows("team/model").iter().all(|row| !row.signed));
}

#[tokio::test]
async fn a_host_without_the_api_is_asked_once_and_its_fallback_tags_suffice() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let versions = registry.fill("team/model", &["1.0", "2.0", "3.0"]);
    let signed = signature(&registry, &versions[1]);
    let entry = json!({ "mediaType": IMAGE, "digest": signed.digest.to_string(), "size": signed.size.bytes(),
        "artifactType": SIGNATURE });
    let list = registry.manifest_of(
        INDEX,
        &json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [entry] }),
    );
    registry.tag("team/model", &format!("sha256-{}", versions[1].digest.hex()), &list);
    seen.sync(&registry).await;
    assert_eq!(registry.asked("REFERRERS").len(), 1, "support is learned once");
    let found = referrers(&seen, &versions[1].digest);
    assert_eq!(
        found.iter().map(|row| &row.digest).collect::<Vec<_>>(),
        [&signed.digest]
    );
    assert_eq!(
        seen.rows("team/model").iter().map(|row| row.signed).collect::<Vec<_>>(),
        [false, true, false]
    );
    registry.forget_questions();
    seen.wait(TimeDelta::hours(2));
    seen.sync(&registry).await;
    assert_eq!(
        registry.asked("REFERRERS").len(),
        0,
        "the host has none, and that is remembered"
    );
}

#[tokio::test]
async fn an_opened_version_reads_its_referrers_again() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let versions = registry.fill("team/model", &["1.0"]);
    registry.point_at(&versions[0], Vec::new());
    seen.sync(&registry).await;
    let signed = signature(&registry, &versions[0]);
    registry.point_at(&versions[0], vec![signed.clone()]);
    let (connection, repository) = (CONNECTION.into(), name("team/model"));
    let source: Arc<dyn Registry> = Arc::<MemoryRegistry>::clone(&registry);
    let operation = Operation::unobserved();
    let (digest, clock) = (&versions[0].digest, seen.clock());
    let reading = seen
        .index
        .refresh_referrers(&connection, &repository, digest, &source, &clock, &operation);
    assert!(reading.await.expect("they are read"), "there is an API");
    let found = seen
        .index
        .referrers(&connection, &repository, digest)
        .expect("the repository is known");
    assert_eq!(
        found.iter().map(|row| &row.digest).collect::<Vec<_>>(),
        [&signed.digest]
    );
    assert!(seen.rows("team/model")[0].signed, "the list knows it too");
}

#[tokio::test]
async fn referrers_that_cannot_be_read_are_no_failure_of_the_sync() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let versions = registry.fill("team/model", &["1.0", "2.0"]);
    let signed = signature(&registry, &versions[0]);
    registry.point_at(&versions[0], vec![signed]);
    registry.refuse("REFERRERS", crate::double::unreachable());
    let report = seen.sync(&registry).await;
    assert_eq!(report.tags, 2);
    registry.allow_all();
    seen.sync(&registry).await;
    assert_eq!(referrers(&seen, &versions[0].digest).len(), 1);
}

#[tokio::test]
async fn who_answers_with_failures_alone_is_not_asked_for_every_version() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0", "2.0", "3.0", "4.0", "5.0", "6.0", "7.0", "8.0"]);
    registry.fill("team/other", &["1.0", "2.0", "3.0", "4.0", "5.0"]);
    registry.refuse("REFERRERS", unreachable());
    let report = seen.sync(&registry).await;
    assert_eq!((report.repositories, report.problems.len()), (2, 0));
    assert_eq!(
        registry.asked("REFERRERS").len(),
        3,
        "a failure takes all tries, each with its wait"
    );
}

#[tokio::test]
async fn a_repository_without_the_right_does_not_hide_the_referrers_of_others() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/closed", &["1.0", "2.0", "3.0", "4.0", "5.0"]);
    let versions = registry.fill("team/model", &["1.0", "2.0"]);
    let signed = signature(&registry, &versions[0]);
    registry.point_at(&versions[0], vec![signed]);
    registry.refuse("REFERRERS team/closed", denied());
    seen.sync(&registry).await;
    assert_eq!(registry.asked("REFERRERS team/closed").len(), 3);
    assert_eq!(referrers(&seen, &versions[0].digest).len(), 1);
}
