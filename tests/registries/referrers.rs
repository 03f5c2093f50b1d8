//! Signatures by cosign and attachments by regctl: through the referrers API where it is, by fallback tags where not.

use artifact::{Digest, Manifest};

use super::{clients::*, *};
use crate::support::{cosign, process::has_go_tools, registry_server::Setup};

const SBOM: &str = "application/spdx+json";

/// Signs the first version and attaches a text to it; gives its digest.
async fn signed(server: &RegistryServer) -> Digest {
    let filled = fill(server).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let subject = format!("{}/{REPOSITORY}@{}", server.host, filled[0].digest);
    cosign::sign(&subject, folder.path());
    let file = folder.path().join("sbom.json");
    std::fs::write(&file, "{}").expect("a file can be written");
    regctl_attach(
        &server.host,
        &format!("{}/{REPOSITORY}:{}", server.host, filled[0].tag),
        SBOM,
        &file,
    );
    filled[0].digest.parse().expect("a digest")
}

#[tokio::test]
async fn the_api_lists_what_cosign_and_regctl_attached() {
    if !has_go_tools() {
        return;
    }
    let server = RegistryServer::with_referrers();
    let subject = signed(&server).await;
    let registry = plain(&server.host);
    let listing = registry
        .referrers(&repository(REPOSITORY), &subject, &quiet())
        .await
        .expect("an answer");
    let listing = listing.expect("the API is there");
    let mut ours: Vec<_> = listing
        .items
        .iter()
        .map(|referrer| referrer.digest.to_string())
        .collect();
    ours.sort();
    let theirs = regctl(
        &server.host,
        &[
            "artifact",
            "list",
            "--format",
            "{{range .Descriptors}}{{println .Digest}}{{end}}",
            &format!("{}/{REPOSITORY}@{subject}", server.host),
        ],
    );
    let mut theirs: Vec<_> = theirs
        .lines()
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    theirs.sort();
    assert_eq!(ours, theirs);
    assert_eq!(ours.len(), 2, "a signature and an SBOM: {listing:?}");
    // This registry's list names the config's type where the manifest has one of its own: the manifest counts.
    let mut types = Vec::new();
    for referrer in &listing.items {
        let target = Target::Digest(referrer.digest.clone());
        let read = registry
            .manifest(&repository(REPOSITORY), &target, &quiet())
            .await
            .expect("the referrer is there");
        let manifest = Manifest::parse(Some(&read.media_type), &read.bytes).expect("a manifest");
        assert_eq!(manifest.subject().map(|found| &found.digest), Some(&subject));
        types.extend(manifest.artifact_type().map(str::to_owned));
    }
    assert!(types.iter().any(|found| found == SBOM), "{types:?}");
}

#[tokio::test]
async fn without_the_api_the_fallback_tag_is_there_to_be_read() {
    if !has_go_tools() {
        return;
    }
    let server = RegistryServer::distribution3(&Setup::default());
    let subject = signed(&server).await;
    let registry = plain(&server.host);
    let listing = registry
        .referrers(&repository(REPOSITORY), &subject, &quiet())
        .await
        .expect("an answer");
    assert_eq!(listing, None);
    let fallback = format!("sha256-{}", subject.hex());
    assert!(tag_names(&registry, REPOSITORY).await.contains(&fallback));
    let read = registry
        .manifest(&repository(REPOSITORY), &tag(&fallback), &quiet())
        .await
        .expect("the fallback tag");
    let index = Manifest::parse(Some(&read.media_type), &read.bytes).expect("an index");
    assert!(
        index
            .children()
            .iter()
            .any(|child| child.artifact_type.as_deref() == Some(SBOM)),
        "{index:?}"
    );
}
