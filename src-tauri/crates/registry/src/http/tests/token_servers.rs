//! Token servers that refuse, answer nonsense or are not where they should be.

use super::{
    logins::{challenge, identity, read_by, token, token_registry},
    *,
};
use crate::ErrorCode;

#[tokio::test]
async fn what_a_token_server_refuses_is_said_by_the_kind_of_login() {
    let refusals = [
        Reply::json(401, r#"{"details":"incorrect username or password\u001b[31m"}"#),
        Reply::json(400, r#"{"error":"invalid_grant","error_description":"revoked"}"#),
        Reply::new(403, "<html>no</html>"),
    ];
    for refusal in refusals {
        let shown = format!("{refusal:?}");
        let server = token_registry(move |_| refusal.clone()).await;
        for (login, code) in [
            (Login::Anonymous, ErrorCode::LoginRequired),
            (password("hunter2"), ErrorCode::LoginExpired),
            (identity("refresh"), ErrorCode::LoginExpired),
        ] {
            let error = read_by(&server, login).await.expect_err("refused");
            assert_eq!(error.code(), code, "{shown}: {error}");
            told(&error);
        }
    }
}

#[tokio::test]
async fn token_answers_that_cannot_be_used() {
    let cases = [
        (Reply::new(200, "<html>"), "sent no token"),
        (Reply::json(200, "{}"), "sent no token"),
        (Reply::json(200, r#"{"token":""}"#), "sent no token"),
        (Reply::json(200, r#"{"token":"a\r\nX-Evil: 1"}"#), "sent no token"),
        (Reply::json(200, r#"{"token":7}"#), "sent no token"),
        (
            Reply::endless(200, vec![b' '; 65536]),
            "larger than the limit of 1.05 MB",
        ),
        (Reply::truncated("{\"token\"", 100), "broke off"),
        (Reply::silence(), "did not go on"),
        (Reply::new(500, ""), "error of its own (500)"),
        (Reply::redirect(302, "ftp://x/"), "redirects to an address"),
    ];
    for (reply, words) in cases {
        let shown = format!("{reply:.100?}");
        let server = token_registry(move |_| reply.clone()).await;
        let error = read_by(&server, password("hunter2")).await.expect_err("no token");
        assert!(told(&error).contains(words), "{shown}: {error}");
    }
}

#[tokio::test]
async fn a_realm_that_is_no_safe_address_gets_no_login() {
    for realm in ["http://[", "ftp://x/token", "/token", "file:///token"] {
        let server = FaultServer::start(move |_| {
            Reply::json(401, "{}").header("WWW-Authenticate", format!("Bearer realm=\"{realm}\""))
        })
        .await;
        let error = read_by(&server, password("hunter2")).await.expect_err("no realm");
        told(&error);
        assert!(matches!(error, RegistryError::InvalidAnswer { .. }), "{realm}: {error}");
    }
}

#[tokio::test]
async fn a_realm_that_moves_to_another_host_gets_no_login() {
    let thief = FaultServer::start(|_| token("good")).await;
    let realm = format!("{}/token", thief.url_of_another_name());
    let server = FaultServer::start(move |asked| match asked.path() {
        "/token" => token("good"),
        "/v2/" => challenge(asked, ""),
        _ => Reply::json(401, "{}").header("WWW-Authenticate", format!("Bearer realm=\"{realm}\",service=\"reg\"")),
    })
    .await;
    let error = read_by(&server, password("hunter2"))
        .await
        .expect_err("the realm moved");
    assert!(matches!(error, RegistryError::ForeignLink { .. }), "{error}");
    told(&error);
    assert_eq!(thief.asked().len(), 0);
}
