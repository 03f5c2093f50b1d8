//! Logins: who asks for what, how tokens are got, kept and replaced, and what a refusal means.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::ErrorCode;

/// A 401 that names a token server on the same host.
pub(super) fn challenge(asked: &Asked, more: &str) -> Reply {
    let host = asked.header("host").unwrap_or_default();
    let value = format!(r#"Bearer realm="http://{host}/token",service="reg",scope="repository:team/model:pull"{more}"#);
    Reply::json(401, r#"{"errors":[{"code":"UNAUTHORIZED"}]}"#).header("WWW-Authenticate", value)
}

fn basic_challenge() -> Reply {
    Reply::json(401, r#"{"errors":[{"code":"UNAUTHORIZED","message":"who?"}]}"#)
        .header("WWW-Authenticate", "Basic realm=\"registry\"")
}

pub(super) fn token(name: &str) -> Reply {
    Reply::json(200, format!(r#"{{"token":"{name}","expires_in":300}}"#))
}

/// A registry that gives `team/model` to whoever has the token `good`, with a token server on the same host.
pub(super) async fn token_registry(tokens: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> FaultServer {
    FaultServer::start(move |asked| match asked.path() {
        "/token" => tokens(asked),
        _ if asked.header("authorization") == Some("Bearer good") => manifest_reply(),
        _ if asked.header("authorization").is_some() => challenge(asked, r#",error="invalid_token""#),
        _ => challenge(asked, ""),
    })
    .await
}

pub(super) fn read_by(
    server: &FaultServer,
    login: Login,
) -> impl Future<Output = Result<crate::RawManifest, RegistryError>> {
    let registry = connect_with(server, login, options());
    async move { registry.manifest(&model(), &tag("v1"), &quiet()).await }
}

pub(super) fn identity(secret: &str) -> Login {
    Login::IdentityToken {
        secret: Secret::from(secret),
    }
}

// YWxpY2U6aHVudGVyMg== is alice:hunter2
const ALICE: &str = "Basic YWxpY2U6aHVudGVyMg==";

#[tokio::test]
async fn a_basic_login_is_sent_and_a_wrong_one_told() {
    let server = FaultServer::start(|asked| {
        if asked.header("authorization") == Some(ALICE) {
            manifest_reply()
        } else {
            basic_challenge()
        }
    })
    .await;
    assert!(read_by(&server, password("hunter2")).await.is_ok());
    let wrong = read_by(&server, password("Hunter3"))
        .await
        .expect_err("a wrong password");
    assert_eq!(wrong.code(), ErrorCode::LoginExpired);
    assert!(told(&wrong).contains("does not accept the login"), "{wrong}");
    let none = read_by(&server, Login::Anonymous).await.expect_err("no login");
    assert_eq!(none.code(), ErrorCode::LoginRequired);
    told(&none);
}

#[tokio::test]
async fn a_token_is_got_by_get_with_the_password() {
    let server = token_registry(|asked| {
        assert_eq!(
            (asked.method.as_str(), asked.header("authorization")),
            ("GET", Some(ALICE))
        );
        token("good")
    })
    .await;
    assert!(read_by(&server, password("hunter2")).await.is_ok());
    let asked = server.asked();
    let request = asked
        .iter()
        .find(|asked| asked.path() == "/token")
        .expect("a token was asked for");
    assert_eq!(
        request.target,
        "/token?service=reg&scope=repository%3Ateam%2Fmodel%3Apull&client_id=berth"
    );
    assert_eq!(server.count("/v2/team/"), 1, "the token came before the request");
}

#[tokio::test]
async fn an_anonymous_token_is_got_without_a_login() {
    let server = token_registry(|asked| {
        assert_eq!(asked.header("authorization"), None);
        Reply::json(200, r#"{"access_token":"good"}"#)
    })
    .await;
    assert!(read_by(&server, Login::Anonymous).await.is_ok());
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_by_post_and_a_newer_one_used_next() {
    let server = token_registry(|asked| {
        assert_eq!(asked.method, "POST");
        assert_eq!(asked.header("authorization"), None);
        let wanted = if asked.earlier == 0 {
            "refresh_token=first"
        } else {
            "refresh_token=second"
        };
        assert!(
            asked.body.contains("grant_type=refresh_token") && asked.body.contains(wanted),
            "{}",
            asked.body
        );
        Reply::json(
            200,
            r#"{"access_token":"good","expires_in":300,"refresh_token":"second"}"#,
        )
    })
    .await;
    let registry = connect_with(&server, identity("first"), options());
    for repository in ["team/model", "team/other"] {
        let repository: RepositoryName = repository.parse().expect("a fixed name");
        registry
            .manifest(&repository, &tag("v1"), &quiet())
            .await
            .expect("a token for each");
    }
    assert_eq!(server.count("/token"), 2);
}

#[tokio::test]
async fn a_token_server_without_post_is_asked_by_get_and_one_without_get_by_post() {
    for status in [404, 405] {
        let server = token_registry(move |asked| {
            if asked.method == "POST" {
                return Reply::new(status, "no");
            }
            let header = asked.header("authorization").unwrap_or_default();
            assert!(header.starts_with("Basic "), "{header}");
            token("good")
        })
        .await;
        assert!(read_by(&server, identity("refresh")).await.is_ok(), "{status}");

        let server = token_registry(move |asked| {
            if asked.method == "GET" {
                return Reply::new(status, "no");
            }
            let grant = "grant_type=password&username=alice&password=hunter2";
            assert!(asked.body.contains(grant), "{}", asked.body);
            Reply::json(200, r#"{"access_token":"good"}"#)
        })
        .await;
        assert!(read_by(&server, password("hunter2")).await.is_ok(), "{status}");
    }
}

#[tokio::test]
async fn many_requests_share_one_token_and_one_question() {
    let server = token_registry(|_| token("good").after(Duration::from_millis(50))).await;
    let registry = connect_with(&server, password("hunter2"), options());
    let (repository, operation) = (model(), quiet());
    let reads = (0..30).map(|number| {
        let (registry, repository, operation) = (&registry, &repository, &operation);
        async move {
            registry
                .manifest(repository, &tag(&format!("v{number}")), operation)
                .await
        }
    });
    for read in futures::future::join_all(reads).await {
        read.expect("a good answer");
    }
    assert_eq!(
        (server.count("/token"), server.asked().len()),
        (1, 32),
        "one greeting, one token, thirty manifests"
    );
}

#[tokio::test]
async fn tokens_are_kept_apart_by_login_and_scope_and_shared_by_connections() {
    let server = token_registry(|_| token("good")).await;
    let network = Arc::new(Network::new(options()).expect("usable settings"));
    for (login, expected) in [("one", 1), ("one", 1), ("two", 2)] {
        let registry = connect_over(&network, &server.url(), password(login));
        registry
            .manifest(&model(), &tag("v1"), &quiet())
            .await
            .expect("a good answer");
        assert_eq!(server.count("/token"), expected, "{login}");
    }
    let registry = connect_over(&network, &server.url(), password("one"));
    registry
        .manifest(&"team/other".parse().expect("a fixed name"), &tag("v1"), &quiet())
        .await
        .expect("a good answer");
    assert_eq!(server.count("/token"), 3);
}

#[tokio::test]
async fn a_token_that_ends_in_between_is_replaced_once() {
    let server = {
        let reads = AtomicUsize::new(0);
        FaultServer::start(move |asked| match (asked.path(), asked.header("authorization")) {
            ("/token", _) => token(if asked.earlier == 0 { "old" } else { "new" }),
            ("/v2/", _) | (_, None) => challenge(asked, ""),
            (_, Some("Bearer old")) if reads.fetch_add(1, Ordering::SeqCst) >= 3 => {
                challenge(asked, r#",error="invalid_token""#)
            }
            _ => manifest_reply(),
        })
        .await
    };
    let registry = connect_with(&server, password("hunter2"), options());
    for number in 0..8 {
        let read = registry.manifest(&model(), &tag(&format!("v{number}")), &quiet()).await;
        assert!(read.is_ok(), "{number}: {read:?}");
    }
    assert_eq!(server.count("/token"), 2);
}

#[tokio::test]
async fn a_token_near_its_end_is_renewed_before_it_is_refused() {
    // A life of which nothing is left once the server's own delay is taken off.
    let server =
        token_registry(|_| Reply::json(200, r#"{"token":"good","expires_in":0.02}"#).after(Duration::from_millis(30)))
            .await;
    let registry = connect_with(&server, password("hunter2"), options());
    for _ in 0..2 {
        registry
            .manifest(&model(), &tag("v1"), &quiet())
            .await
            .expect("a good answer");
    }
    assert_eq!(server.count("/token"), 2);
    assert_eq!(
        server
            .asked()
            .iter()
            .filter(|asked| asked.header("authorization") == Some("Bearer good"))
            .count(),
        2
    );
}

#[tokio::test]
async fn clocks_that_differ_do_not_end_a_token() {
    for issued in ["2020-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "not a time"] {
        let server = token_registry(move |_| {
            Reply::json(
                200,
                format!(r#"{{"token":"good","expires_in":300,"issued_at":"{issued}"}}"#),
            )
            .header("Date", "Thu, 01 Jan 2015 00:00:00 GMT")
        })
        .await;
        let registry = connect_with(&server, password("hunter2"), options());
        for _ in 0..3 {
            registry
                .manifest(&model(), &tag("v1"), &quiet())
                .await
                .expect("a good answer");
        }
        assert_eq!(server.count("/token"), 1, "{issued}");
    }
}

#[tokio::test]
async fn a_scope_that_the_registry_asks_for_is_asked_for_and_remembered() {
    let server = FaultServer::start(|asked| match asked.path() {
        "/token" if asked.target.contains("metadata_read") => token("wide"),
        "/token" => token("narrow"),
        _ if asked.header("authorization") == Some("Bearer wide") => manifest_reply(),
        _ if asked.path() == "/v2/" => challenge(asked, ""),
        _ => {
            let host = asked.header("host").unwrap_or_default();
            let value = format!(
                r#"Bearer realm="http://{host}/token",service="reg",scope="repository:team/model:metadata_read",error="insufficient_scope""#
            );
            Reply::json(401, "{}").header("WWW-Authenticate", value)
        }
    })
    .await;
    let registry = connect_with(&server, password("hunter2"), options());
    for number in 0..3 {
        registry
            .manifest(&model(), &tag(&format!("v{number}")), &quiet())
            .await
            .expect("a good answer");
    }
    let scopes: Vec<_> = server
        .asked()
        .into_iter()
        .filter(|asked| asked.path() == "/token")
        .map(|asked| asked.target)
        .collect();
    assert_eq!(scopes.len(), 2, "{scopes:?}");
    assert!(
        scopes[1].contains("metadata_read%2Cpull"),
        "both are asked for: {scopes:?}"
    );
    assert_eq!(server.count("/v2/team/"), 4, "refused once");
}

#[tokio::test]
async fn a_refusal_that_stays_is_told_after_one_more_try() {
    for (login, code, words) in [
        (
            password("hunter2"),
            ErrorCode::Denied,
            "does not allow this login to read this repository",
        ),
        (Login::Anonymous, ErrorCode::LoginRequired, "asks for a login"),
    ] {
        let server = FaultServer::start(|asked| match asked.path() {
            "/token" => token("weak"),
            _ => challenge(asked, r#",error="insufficient_scope""#),
        })
        .await;
        let error = read_by(&server, login).await.expect_err("never allowed");
        assert_eq!(error.code(), code, "{error}");
        assert!(told(&error).contains(words), "{error}");
        assert_eq!(server.count("/v2/team/"), 2);
    }
}

#[tokio::test]
async fn a_header_on_a_good_answer_is_no_challenge() {
    let server = FaultServer::start(|_| manifest_reply().header("WWW-Authenticate", "authorization: zot")).await;
    assert!(read_by(&server, password("hunter2")).await.is_ok());
    assert!(
        server
            .asked()
            .iter()
            .all(|asked| asked.header("authorization").is_none()),
        "nobody asked for the login"
    );
}
