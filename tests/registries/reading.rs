//! What is read equals what others read: repositories, tags, digests, sizes, manifests, configs and layers.

use artifact::{ByteSize, Digest, Manifest};

use super::{clients::*, *};
use crate::support::{process::has_go_tools, registry_server::Setup};

#[tokio::test]
async fn distribution_2_reads_as_skopeo_reads_it() {
    let server = RegistryServer::distribution2(&Setup::default());
    let filled = fill(&server).await;
    // The same versions once more, pushed by another client.
    skopeo_copy(
        &format!("{}/{REPOSITORY}:1.0.1", server.host),
        &format!("{}/copied:latest", server.host),
        &["--dest-tls-verify=false"],
    );
    let registry = plain(&server.host);
    assert_eq!(
        tag_names(&registry, REPOSITORY).await,
        skopeo_tags(&format!("{}/{REPOSITORY}", server.host))
    );
    assert_eq!(repositories(&registry).await, ["copied", REPOSITORY]);
    for version in &filled {
        versions_agree(&registry, &server.host, REPOSITORY, &version.tag, &version.digest).await;
    }
    versions_agree(&registry, &server.host, "copied", "latest", &filled[1].digest).await;
}

#[tokio::test]
async fn distribution_3_reads_as_crane_and_regctl_read_it() {
    if !has_go_tools() {
        return;
    }
    let server = RegistryServer::distribution3(&Setup::default());
    let filled = fill(&server).await;
    reads_alike(&server, &filled).await;
}

#[tokio::test]
async fn go_containerregistry_reads_as_crane_and_regctl_read_it() {
    if !has_go_tools() {
        return;
    }
    let server = RegistryServer::with_referrers();
    let filled = fill(&server).await;
    reads_alike(&server, &filled).await;
}

/// crane and regctl each push a copy; then all read the same.
async fn reads_alike(server: &RegistryServer, filled: &[Filled]) {
    let host = &server.host;
    let source = format!("{host}/{REPOSITORY}:{}", filled[0].tag);
    crane(&["copy", &source, &format!("{host}/by-crane:v1")]);
    regctl(host, &["image", "copy", &source, &format!("{host}/by-regctl:v1")]);
    let registry = plain(host);
    assert_eq!(repositories(&registry).await, ["by-crane", "by-regctl", REPOSITORY]);
    let catalog = crane(&["catalog", host]);
    assert_eq!(
        repositories(&registry).await,
        catalog
            .lines()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
    );
    assert_eq!(
        tag_names(&registry, REPOSITORY).await,
        crane_tags(&format!("{host}/{REPOSITORY}"))
    );
    for version in filled {
        let reference = format!("{host}/{REPOSITORY}:{}", version.tag);
        assert_eq!(version.digest, crane(&["digest", &reference]));
        versions_agree(&registry, host, REPOSITORY, &version.tag, &version.digest).await;
    }
    for name in ["by-crane", "by-regctl"] {
        versions_agree(&registry, host, name, "v1", &filled[0].digest).await;
        assert_eq!(
            regctl(host, &["image", "digest", &format!("{host}/{name}:v1")]),
            filled[0].digest
        );
    }
}

async fn repositories(registry: &HttpRegistry) -> Vec<String> {
    let listing = registry.repositories(&quiet()).await.expect("a list of repositories");
    assert!(listing.is_complete() && listing.problems.is_empty(), "{listing:?}");
    let mut names: Vec<_> = listing.items.iter().map(RepositoryName::to_string).collect();
    names.sort();
    names
}

/// Digest, size and bytes of a version, and everything below it.
async fn versions_agree(registry: &HttpRegistry, host: &str, name: &str, tag_name: &str, digest: &str) {
    let raw = skopeo_raw(&format!("{host}/{name}:{tag_name}"));
    let resolved = registry
        .resolve(&repository(name), &tag(tag_name), &quiet())
        .await
        .expect("the tag is there");
    assert_eq!(resolved.digest.to_string(), digest, "{name}:{tag_name}");
    assert_eq!(resolved.size, Some(ByteSize(raw.len() as u64)));
    let read = registry
        .manifest(&repository(name), &tag(tag_name), &quiet())
        .await
        .expect("the manifest is there");
    assert_eq!(read.bytes, raw.as_bytes());
    assert_eq!(read.digest, resolved.digest);
    assert_eq!(Some(&read.media_type), resolved.media_type.as_ref());
    let manifest = Manifest::parse(Some(&read.media_type), &read.bytes).expect("a manifest");
    for child in manifest.children() {
        let target = Target::Digest(child.digest.clone());
        let bytes = registry
            .manifest(&repository(name), &target, &quiet())
            .await
            .expect("the child is there")
            .bytes;
        assert_eq!(ByteSize(bytes.len() as u64), child.size);
        let inner = Manifest::parse(Some(&child.media_type), &bytes).expect("a manifest");
        blobs_agree(registry, name, &inner).await;
    }
    blobs_agree(registry, name, &manifest).await;
}

/// Configs and layers are as long as the manifest says, and what their digest says.
async fn blobs_agree(registry: &HttpRegistry, name: &str, manifest: &Manifest) {
    for blob in manifest.config().into_iter().chain(manifest.layers()) {
        let limit = ByteSize(1 << 20);
        let read = registry
            .small_blob(&repository(name), &blob.digest, blob.size, limit, &quiet())
            .await;
        assert_eq!(Digest::of(&read.expect("the blob is there")), blob.digest);
    }
}

#[tokio::test]
async fn a_list_of_many_tags_is_read_to_its_last_page() {
    if !has_go_tools() {
        return;
    }
    let server = RegistryServer::distribution3(&Setup::default());
    let filling = Filling {
        registry: &server.url(),
        repository: "many",
        tags: 1,
        two_platforms: 0,
    };
    filling.write().await;
    let source = format!("{}/many:1.0.0", server.host);
    let raw = skopeo_raw(&source);
    let client = crate::support::fill::client();
    for number in 0..1100 {
        filling
            .put_manifest(
                &client,
                &format!("build-{number}"),
                crate::support::fill::IMAGE,
                raw.as_bytes(),
            )
            .await;
    }
    let registry = plain(&server.host);
    let before = registry.traits().requests;
    assert_eq!(tag_names(&registry, "many").await.len(), 1101);
    assert_eq!(
        registry.traits().requests - before,
        3,
        "a greeting and two pages of a thousand at most"
    );
}

#[tokio::test]
async fn what_is_not_there_is_said_so() {
    let server = RegistryServer::distribution2(&Setup::default());
    fill(&server).await;
    let registry = plain(&server.host);
    for (name, reference) in [(REPOSITORY, "no-such-tag"), ("no/such/repository", "v1")] {
        let error = registry
            .manifest(&repository(name), &tag(reference), &quiet())
            .await
            .expect_err("nothing is there");
        assert_eq!(error.code(), registry::ErrorCode::NotFound, "{error}");
        assert!(
            error.hint().is_some() && error.to_string().contains(reference),
            "{error}"
        );
    }
    let error = registry
        .tags(&repository("no/such/repository"), &quiet())
        .await
        .expect_err("nothing is there");
    assert_eq!(error.code(), registry::ErrorCode::NotFound, "{error}");
}

#[tokio::test]
async fn a_healthy_registry_passes_the_diagnosis() {
    let server = RegistryServer::distribution2(&Setup {
        deletes: true,
        ..Setup::default()
    });
    fill(&server).await;
    let steps = check(&plain(&server.host)).await;
    assert_eq!(failed(&steps), [], "{steps:?}");
    let expected = [
        CheckName::Connect,
        CheckName::Api,
        CheckName::List,
        CheckName::Pull,
        CheckName::Push,
        CheckName::Delete,
    ];
    assert_eq!(passed(&steps), expected, "{steps:?}");
}
