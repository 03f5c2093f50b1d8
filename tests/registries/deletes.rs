//! The probe of what a delete takes along, on each registry, with deletes on and off: it finds the rules that
//! each is known to follow, and leaves everything as it was.

use registry::{DeleteRules, DigestDelete, TagDelete};

use super::{clients::*, *};
use crate::support::{process::has_go_tools, registry_server::Setup};

fn deletes(deletes: bool) -> Setup {
    Setup {
        deletes,
        ..Setup::default()
    }
}

/// The rules that the probe finds, after making sure that it deleted nothing.
async fn probed(server: &RegistryServer) -> DeleteRules {
    let filled = fill(server).await;
    let before = skopeo_tags(&format!("{}/{REPOSITORY}", server.host));
    let registry = plain(&server.host);
    let rules = registry
        .delete_rules(&repository(REPOSITORY), &quiet())
        .await
        .expect("an answer");
    assert_eq!(skopeo_tags(&format!("{}/{REPOSITORY}", server.host)), before);
    for version in &filled {
        let resolved = registry
            .resolve(&repository(REPOSITORY), &tag(&version.tag), &quiet())
            .await;
        assert_eq!(resolved.expect("still there").digest.to_string(), version.digest);
    }
    rules
}

#[tokio::test]
async fn distribution_2_needs_the_detour_or_deletes_nothing() {
    let on = probed(&RegistryServer::distribution2(&deletes(true))).await;
    assert_eq!(
        (on.tag, on.digest),
        (TagDelete::DummyManifest, DigestDelete::TakesAllTags)
    );
    let off = probed(&RegistryServer::distribution2(&deletes(false))).await;
    assert_eq!(off, DeleteRules::OFF);
}

#[tokio::test]
async fn distribution_3_deletes_tags_alone() {
    if !has_go_tools() {
        return;
    }
    let on = probed(&RegistryServer::distribution3(&deletes(true))).await;
    assert_eq!((on.tag, on.digest), (TagDelete::Alone, DigestDelete::Unknown));
    let off = probed(&RegistryServer::distribution3(&deletes(false))).await;
    assert_eq!(off.digest, DigestDelete::Unsupported, "{off:?}");
}

#[tokio::test]
async fn go_containerregistry_deletes_tags_alone() {
    if !has_go_tools() {
        return;
    }
    let rules = probed(&RegistryServer::with_referrers()).await;
    assert_eq!((rules.tag, rules.digest), (TagDelete::Alone, DigestDelete::Unknown));
}
