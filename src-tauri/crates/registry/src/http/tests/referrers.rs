//! Referrers: the API where it is, and one question where it is not.

use super::*;

const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";

fn index(digests: &[&str]) -> Reply {
    let entry = |digest: &&str| {
        let hex = Digest::of(digest.as_bytes());
        format!(
            r#"{{"mediaType":"{MANIFEST_TYPE}","digest":"{hex}","size":7,"artifactType":"application/x.{digest}"}}"#
        )
    };
    let entries: Vec<_> = digests.iter().map(entry).collect();
    let body = format!(
        r#"{{"schemaVersion":2,"mediaType":"{INDEX_TYPE}","manifests":[{}]}}"#,
        entries.join(",")
    );
    Reply::new(200, body).header("Content-Type", INDEX_TYPE)
}

async fn types_of(registry: &HttpRegistry) -> Option<Vec<String>> {
    let subject = manifest_digest();
    let listing = registry
        .referrers(&model(), &subject, &quiet())
        .await
        .expect("an answer")?;
    Some(
        listing
            .items
            .into_iter()
            .filter_map(|referrer| referrer.artifact_type)
            .collect(),
    )
}

#[tokio::test]
async fn pages_of_referrers_are_read_to_the_last() {
    let server = open_registry(|asked| {
        if asked.target.ends_with("?page=2") {
            index(&["sbom", "signature"])
        } else {
            index(&["signature"]).header("Link", "<?page=2>; rel=next")
        }
    })
    .await;
    let types = types_of(&connect(&server)).await.expect("the API is there");
    assert_eq!(types, ["application/x.signature", "application/x.sbom"]);
}

#[tokio::test]
async fn none_is_an_empty_list() {
    let server = open_registry(|_| index(&[])).await;
    assert_eq!(types_of(&connect(&server)).await, Some(Vec::new()));
}

#[tokio::test]
async fn a_registry_without_the_api_is_asked_once() {
    for reply in [
        Reply::new(404, "404 page not found\n"),
        Reply::json(405, "{}"),
        Reply::new(200, "<html>hello</html>"),
    ] {
        let server = open_registry(move |_| reply.clone()).await;
        let registry = connect(&server);
        assert_eq!(types_of(&registry).await, None);
        assert_eq!(types_of(&registry).await, None);
        assert_eq!(server.count("/v2/team/model/referrers/"), 1);
    }
}

#[tokio::test]
async fn an_unknown_repository_says_nothing_about_the_api() {
    let server = open_registry(|asked| {
        if asked.earlier == 0 {
            Reply::json(404, r#"{"errors":[{"code":"NAME_UNKNOWN"}]}"#)
        } else {
            index(&["sbom"])
        }
    })
    .await;
    let registry = connect(&server);
    assert_eq!(types_of(&registry).await, None);
    assert_eq!(types_of(&registry).await, Some(vec!["application/x.sbom".to_owned()]));
}

#[tokio::test]
async fn a_refusal_is_an_error() {
    let server = open_registry(|_| Reply::json(403, r#"{"errors":[{"code":"DENIED"}]}"#)).await;
    let outcome = connect(&server).referrers(&model(), &manifest_digest(), &quiet()).await;
    assert!(matches!(outcome, Err(RegistryError::Denied { .. })), "{outcome:?}");
}
