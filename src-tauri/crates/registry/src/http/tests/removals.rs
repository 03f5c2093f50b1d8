//! Tags and manifests that are deleted: alone where that is safe, over a dummy where it must be, else not at all.

use super::{double::Double, *};
use crate::{Deletion, ErrorCode, WritableRegistry};

async fn delete_tag(server: &FaultServer, name: &str) -> Result<Deletion, RegistryError> {
    let name: Tag = name.parse().expect("a fixed tag");
    connect(server).delete_tag(&model(), &name, "a word", &quiet()).await
}

async fn delete_manifest(server: &FaultServer) -> Result<Deletion, RegistryError> {
    connect(server)
        .delete_manifest(&model(), &manifest_digest(), &quiet())
        .await
}

/// A registry with two tags on one version, in the manner of distribution 2.8.
async fn siblings(
    script: impl Fn(&Asked, &Double) -> Option<Reply> + Send + Sync + 'static,
) -> (FaultServer, Arc<Double>) {
    let (server, double) = Double::serve(script).await;
    double.state().by_digest_only = true;
    double.tag("v1", MANIFEST_TYPE, MANIFEST);
    double.tag("v2", MANIFEST_TYPE, MANIFEST);
    (server, double)
}

fn tags(double: &Double) -> Vec<(String, bool)> {
    let held = |(tag, digest): (&String, &String)| (tag.clone(), *digest == manifest_digest().to_string());
    double.state().tags.iter().map(held).collect()
}

fn both() -> [(String, bool); 2] {
    [("v1".to_owned(), true), ("v2".to_owned(), true)]
}

fn puts(server: &FaultServer) -> usize {
    server
        .asked()
        .iter()
        .filter(|asked| asked.method == "PUT" || asked.method == "POST")
        .count()
}

#[tokio::test]
async fn a_tag_goes_alone_where_the_registry_deletes_tags() {
    let (server, double) = siblings(|_, _| None).await;
    double.state().by_digest_only = false;
    assert_eq!(delete_tag(&server, "v1").await.ok(), Some(Deletion::Deleted));
    assert_eq!(tags(&double), [("v2".to_owned(), true)]);
    assert_eq!(delete_tag(&server, "v1").await.ok(), Some(Deletion::WasGone));
    assert_eq!(delete_manifest(&server).await.ok(), Some(Deletion::Deleted));
    assert_eq!(delete_manifest(&server).await.ok(), Some(Deletion::WasGone));
}

#[tokio::test]
async fn over_a_dummy_the_siblings_survive() {
    let (server, double) = siblings(|_, _| None).await;
    assert_eq!(delete_tag(&server, "v1").await.ok(), Some(Deletion::Deleted));
    assert_eq!(tags(&double), [("v2".to_owned(), true)]);
    let left: Vec<_> = double.state().manifests.keys().cloned().collect();
    assert_eq!(left, [manifest_digest().to_string()], "the dummy is gone");
    assert!(double.state().blobs.contains_key(&Digest::of(b"{}").to_string()));
    assert_eq!(delete_tag(&server, "v1").await.ok(), Some(Deletion::WasGone));
}

#[tokio::test]
async fn nothing_is_put_where_the_dummy_could_not_be_deleted() {
    let switched_off = std::sync::atomic::AtomicBool::new(false);
    let (server, double) = siblings(move |asked, _| {
        // The rules were learned while deletes were on; then they are switched off.
        let is_digest = asked.method == "DELETE" && asked.path().contains("sha256:");
        let off = is_digest && switched_off.swap(true, std::sync::atomic::Ordering::SeqCst);
        off.then(|| Reply::json(405, r#"{"errors":[{"code":"UNSUPPORTED"}]}"#))
    })
    .await;
    let error = delete_tag(&server, "v1").await.expect_err("deletes are off");
    assert!(told(&error).contains("REGISTRY_STORAGE_DELETE_ENABLED=true"), "{error}");
    assert_eq!((puts(&server), tags(&double)), (0, both().to_vec()));
}

#[tokio::test]
async fn a_dummy_that_is_not_deleted_leaves_the_tag_where_it_was() {
    for status in [403, 405, 409, 500] {
        let (server, double) = siblings(move |asked, double| {
            let dummy = asked.path().rsplit('/').next().unwrap_or_default();
            let is_there = double.state().manifests.contains_key(dummy);
            (asked.method == "DELETE" && is_there).then(|| Reply::json(status, r#"{"errors":[{"code":"X"}]}"#))
        })
        .await;
        told(&delete_tag(&server, "v1").await.expect_err("the dummy stays"));
        assert_eq!(tags(&double), both(), "{status}");
    }
}

#[tokio::test]
async fn a_tag_that_somebody_moves_meanwhile_is_not_deleted() {
    let other = MANIFEST.replace("\"layers\":[]", "\"layers\":[],\"annotations\":{}");
    let moved = Digest::of(other.as_bytes());
    let (server, double) = siblings(move |asked, double| {
        let is_put = asked.method == "PUT" && asked.path().ends_with("/manifests/v1");
        is_put.then(|| {
            let answer = double.answer(asked);
            double.tag("v1", MANIFEST_TYPE, &other);
            answer
        })
    })
    .await;
    let error = delete_tag(&server, "v1").await.expect_err("it moved");
    assert_eq!(error.code(), ErrorCode::Conflict, "{error}");
    let dummy = crate::dummy_manifest("a word").digest.to_string();
    let deleted = |asked: &Asked| asked.method == "DELETE" && asked.target.ends_with(&dummy);
    assert!(
        !server.asked().iter().any(deleted),
        "what the tag does not hold is not deleted"
    );
    assert_eq!(double.state().tags["v1"], moved.to_string());
    assert!(double.state().manifests.contains_key(&moved.to_string()));
}

#[tokio::test]
async fn an_immutable_tag_is_left_alone() {
    let (server, double) = siblings(|asked, _| {
        let is_put = asked.method == "PUT" && asked.path().ends_with("/manifests/v1");
        is_put.then(|| {
            Reply::json(
                409,
                r#"{"errors":[{"code":"TAG_IMMUTABLE","message":"v1 is immutable"}]}"#,
            )
        })
    })
    .await;
    let error = delete_tag(&server, "v1").await.expect_err("immutable");
    assert!(told(&error).contains("v1 is immutable"), "{error}");
    assert_eq!(tags(&double), both());
}

#[tokio::test]
async fn cancelling_does_not_leave_the_tag_on_a_dummy() {
    let operation = quiet();
    let cancel = operation.cancel.clone();
    let (server, double) = siblings(move |asked, _| {
        if asked.method == "PUT" && asked.path().ends_with("/manifests/v1") {
            cancel.cancel();
        }
        None
    })
    .await;
    let name: Tag = "v1".parse().expect("a fixed tag");
    let outcome = connect(&server).delete_tag(&model(), &name, "a word", &operation).await;
    assert_eq!(outcome.ok(), Some(Deletion::Deleted));
    assert_eq!(tags(&double), [("v2".to_owned(), true)]);
}

#[tokio::test]
async fn refused_deletes_say_what_to_do() {
    let cases = [
        (
            405,
            "UNSUPPORTED",
            ErrorCode::Other,
            "REGISTRY_STORAGE_DELETE_ENABLED=true",
        ),
        (403, "DENIED", ErrorCode::Denied, "does not allow this login to delete"),
        (409, "TAG_IMMUTABLE", ErrorCode::Conflict, "the reason"),
        (412, "PRECONDITION", ErrorCode::Conflict, "the reason"),
        (400, "GOOGLE_MANIFEST_DANGLING_TAG", ErrorCode::Conflict, "the reason"),
    ];
    for (status, code, expected, words) in cases {
        let body = format!(r#"{{"errors":[{{"code":"{code}","message":"the reason"}}]}}"#);
        let server = open_registry(move |_| Reply::json(status, body.clone())).await;
        let error = delete_manifest(&server).await.expect_err("refused");
        assert_eq!(error.code(), expected, "{error}");
        assert!(told(&error).contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_page_of_a_proxy_does_not_say_that_a_version_is_gone() {
    let (server, _) =
        Double::serve(|asked, _| (asked.method == "DELETE").then(|| Reply::new(404, "404 page not found"))).await;
    assert_eq!(
        delete_manifest(&server).await.ok(),
        Some(Deletion::WasGone),
        "a look shows that it is gone"
    );
    let (server, double) =
        Double::serve(|asked, _| (asked.method == "DELETE").then(|| Reply::new(404, "404 page not found"))).await;
    double.tag("v1", MANIFEST_TYPE, MANIFEST);
    let error = delete_manifest(&server).await.expect_err("it is there");
    assert!(matches!(error, RegistryError::Unsupported { .. }), "{error}");
}

#[tokio::test]
async fn a_tag_that_would_take_its_version_along_is_refused() {
    // A package registry, known by its token server: the last tag takes the digest along.
    let server = FaultServer::start(|asked| {
        assert_eq!(asked.target, "/v2/", "nothing but the greeting");
        let host = asked.header("host").unwrap_or_default();
        let challenge = format!(r#"Bearer realm="http://{host}/v2/token",service="container_registry""#);
        Reply::json(401, "{}").header("WWW-Authenticate", challenge)
    })
    .await;
    let error = delete_tag(&server, "v1").await.expect_err("not alone");
    assert!(matches!(error, RegistryError::Unsupported { .. }), "{error}");
    told(&error);
}
