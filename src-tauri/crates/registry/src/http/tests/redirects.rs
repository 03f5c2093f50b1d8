//! Redirects: followed for reading, at most five times, never with the login to another origin, never to less safety.

use super::*;

#[tokio::test]
async fn a_login_does_not_follow_to_another_origin() {
    let store = FaultServer::start(|_| manifest_reply()).await;
    let target = format!("{}/bucket/object?X-Signature=abc", store.url());
    let server = FaultServer::start(
        move |asked| match (asked.target.as_str(), asked.header("authorization")) {
            (_, None) => Reply::json(401, "{}").header("WWW-Authenticate", "Basic realm=\"x\""),
            _ => Reply::redirect(307, &target),
        },
    )
    .await;
    let read = connect_with(&server, password("hunter2"), options())
        .manifest(&model(), &tag("v1"), &quiet())
        .await;
    assert_eq!(read.expect("the store answers").digest, manifest_digest());
    let asked = store.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].target, "/bucket/object?X-Signature=abc");
    assert_eq!(asked[0].header("authorization"), None);
}

#[tokio::test]
async fn a_login_follows_within_the_registry() {
    let server = FaultServer::start(|asked| match (asked.path(), asked.header("authorization")) {
        (_, None) => Reply::json(401, "{}").header("WWW-Authenticate", "Basic realm=\"x\""),
        ("/moved", _) => manifest_reply(),
        _ => Reply::redirect(308, "/moved"),
    })
    .await;
    let read = connect_with(&server, password("hunter2"), options())
        .manifest(&model(), &tag("v1"), &quiet())
        .await;
    assert!(read.is_ok(), "{read:?}");
}

#[tokio::test]
async fn a_401_of_another_origin_asks_for_no_login() {
    let store = FaultServer::start(|_| Reply::new(401, "").header("WWW-Authenticate", "Basic realm=\"give me\"")).await;
    let target = format!("{}/object", store.url());
    let server = open_registry(move |_| Reply::redirect(302, &target)).await;
    let error = manifest_failure(&connect_with(&server, password("hunter2"), options())).await;
    told(&error);
    assert!(
        store
            .asked()
            .iter()
            .all(|asked| asked.header("authorization").is_none())
    );
}

#[tokio::test]
async fn five_redirects_are_followed_and_a_sixth_is_not() {
    for (redirects, good) in [(5, true), (6, false)] {
        let server = open_registry(move |asked| {
            let number: usize = asked
                .path()
                .strip_prefix("/step/")
                .and_then(|step| step.parse().ok())
                .unwrap_or_default();
            if number == redirects {
                manifest_reply()
            } else {
                Reply::redirect(302, &format!("/step/{}", number + 1))
            }
        })
        .await;
        let read = connect(&server).manifest(&model(), &tag("v1"), &quiet()).await;
        assert_eq!(read.is_ok(), good, "{redirects}: {read:?}");
        if let Err(error) = read {
            assert!(told(&error).contains("more than 5 times"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_refused() {
    for location in [
        "",
        "http://[",
        "ftp://example.org/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ] {
        let server = open_registry(move |_| {
            if location.is_empty() {
                Reply::new(302, "")
            } else {
                Reply::redirect(302, location)
            }
        })
        .await;
        let error = manifest_failure(&connect(&server)).await;
        assert!(told(&error).contains("redirects to an address"), "{location}: {error}");
    }
}

#[tokio::test]
async fn a_redirect_to_a_login_page_is_no_registry() {
    let server = FaultServer::start(|asked| {
        if asked.path() == "/login" {
            Reply::new(200, "<html><form>password</form></html>").header("Content-Type", "text/html")
        } else {
            Reply::redirect(302, "/login")
        }
    })
    .await;
    let error = manifest_failure(&connect(&server)).await;
    assert!(matches!(error, RegistryError::NotARegistry { .. }), "{error}");
    told(&error);
}
