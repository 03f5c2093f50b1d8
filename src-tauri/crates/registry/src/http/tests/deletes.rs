//! What a delete takes along, found out from answers to deletes of what is not there.

use super::*;
use crate::{ChildProtection, DeleteRules, DigestDelete, TagDelete, Undo};

/// The rules of a registry that answers a DELETE of an absent tag and of an absent digest so.
async fn rules(tag_reply: Reply, digest_reply: Reply) -> Result<DeleteRules, RegistryError> {
    let server = open_registry(move |asked| {
        assert_eq!(asked.method, "DELETE", "the probe does nothing else");
        if asked.target.contains("sha256:") {
            digest_reply.clone()
        } else {
            tag_reply.clone()
        }
    })
    .await;
    let registry = connect(&server);
    let rules = registry.delete_rules(&model(), &quiet()).await;
    if rules.is_ok() {
        assert_eq!(
            registry.delete_rules(&model(), &quiet()).await.ok(),
            rules.as_ref().ok().copied()
        );
        assert_eq!(server.count("/v2/team/model/manifests/"), 2, "a host is asked once");
    }
    rules
}

fn unknown() -> Reply {
    Reply::json(404, r#"{"errors":[{"code":"MANIFEST_UNKNOWN"}]}"#)
}

fn unsupported() -> Reply {
    Reply::json(405, r#"{"errors":[{"code":"UNSUPPORTED"}]}"#)
}

fn digest_invalid() -> Reply {
    Reply::json(400, r#"{"errors":[{"code":"DIGEST_INVALID"}]}"#)
}

#[tokio::test]
async fn every_answer_has_its_rules() {
    let on = |tag| DeleteRules {
        tag,
        digest: DigestDelete::Unknown,
        children: ChildProtection::Unprotected,
        undo: Undo::PutAgain,
    };
    let cases = [
        (unknown(), unknown(), on(TagDelete::Alone)),
        (
            digest_invalid(),
            unknown(),
            DeleteRules {
                digest: DigestDelete::TakesAllTags,
                ..on(TagDelete::DummyManifest)
            },
        ),
        (unsupported(), unsupported(), DeleteRules::OFF),
        (digest_invalid(), unsupported(), DeleteRules::OFF),
        (unsupported(), unknown(), on(TagDelete::Unsupported)),
        // A page of a proxy is no registry's word.
        (
            Reply::new(404, "404 page not found"),
            Reply::new(404, "<html>"),
            DeleteRules::OFF,
        ),
    ];
    for (tag_reply, digest_reply, expected) in cases {
        let shown = format!("{tag_reply:?} {digest_reply:?}");
        assert_eq!(
            rules(tag_reply, digest_reply).await.expect("an answer"),
            expected,
            "{shown}"
        );
    }
}

#[tokio::test]
async fn products_that_tell_themselves_by_their_tokens_are_not_probed() {
    for (realm, service, tag) in [
        ("/service/token", "harbor-registry", TagDelete::ProviderInterface),
        ("/jwt/auth", "container_registry", TagDelete::ProviderInterface),
        ("/v2/token", "container_registry", TagDelete::TakesVersion),
    ] {
        let server = FaultServer::start(move |asked| {
            assert_eq!(asked.target, "/v2/", "nothing but the greeting");
            let host = asked.header("host").unwrap_or_default();
            let challenge = format!(r#"Bearer realm="http://{host}{realm}",service="{service}",scope="*""#);
            Reply::json(401, "{}").header("WWW-Authenticate", challenge)
        })
        .await;
        let rules = connect(&server)
            .delete_rules(&model(), &quiet())
            .await
            .expect("known rules");
        assert_eq!(rules.tag, tag, "{realm}");
        assert_eq!(server.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_login_that_may_not_delete_is_told_so() {
    let error = rules(Reply::json(403, r#"{"errors":[{"code":"DENIED"}]}"#), unknown())
        .await
        .expect_err("denied");
    assert!(told(&error).contains("does not allow this login to delete"), "{error}");
}

#[tokio::test]
async fn trouble_is_no_rule() {
    let error = rules(Reply::new(503, ""), unknown()).await.expect_err("no answer");
    assert!(error.retryable(), "{error}");
}
