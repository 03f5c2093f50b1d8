//! Registries that ask who one is: by password, and by tokens of a server of their own.

use registry::ErrorCode;

use super::{clients::*, *};
use crate::support::{
    process::has_go_tools,
    registry_server::Setup,
    token_server::{ALICE, BOB, TokenServer},
};

/// Copies two versions from an open registry to one with logins.
async fn filled_as(user: (&str, &str), host: &str, names: &[&str]) {
    let source = RegistryServer::distribution2(&Setup::default());
    fill(&source).await;
    let credentials = format!("{}:{}", user.0, user.1);
    for name in names {
        let target = format!("{host}/{name}:1.0.0");
        skopeo_copy(
            &format!("{}/{REPOSITORY}:1.0.0", source.host),
            &target,
            &["--dest-tls-verify=false", "--dest-creds", &credentials],
        );
    }
}

fn open(host: &str, login: Login) -> HttpRegistry {
    Connection {
        host,
        login,
        ca_file: None,
    }
    .open()
}

async fn read_as(host: &str, login: Login, name: &str) -> Result<String, registry::RegistryError> {
    let read = open(host, login)
        .manifest(&repository(name), &tag("1.0.0"), &quiet())
        .await?;
    Ok(read.digest.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_opens_the_registry_and_a_wrong_one_does_not() {
    let setup = Setup {
        login: Some(("alice".to_owned(), "wonderland".to_owned())),
        deletes: true,
        ..Setup::default()
    };
    let server = RegistryServer::distribution2(&setup);
    filled_as(ALICE, &server.host, &[REPOSITORY]).await;
    let digest = skopeo(&[
        "inspect",
        "--tls-verify=false",
        "--creds",
        "alice:wonderland",
        "--format",
        "{{.Digest}}",
        &format!("docker://{}/{REPOSITORY}:1.0.0", server.host),
    ]);
    let read = read_as(&server.host, password(ALICE), REPOSITORY)
        .await
        .expect("the right password");
    assert_eq!(read, digest.trim());
    let wrong = read_as(&server.host, password(("alice", "looking-glass")), REPOSITORY)
        .await
        .expect_err("a wrong password");
    assert_eq!(wrong.code(), ErrorCode::LoginExpired, "{wrong}");
    let none = read_as(&server.host, Login::Anonymous, REPOSITORY)
        .await
        .expect_err("no login");
    assert_eq!(none.code(), ErrorCode::LoginRequired, "{none}");
    assert!(!format!("{wrong} {wrong:?} {:?}", wrong.hint()).contains("looking-glass"));

    let steps = check(&open(&server.host, password(ALICE))).await;
    assert_eq!(failed(&steps), [], "{steps:?}");
    assert!(passed(&steps).contains(&CheckName::Login), "{steps:?}");
    let steps = check(&open(&server.host, password(("alice", "looking-glass")))).await;
    assert_eq!(failed(&steps), [CheckName::Login], "{steps:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_open_distribution_2() {
    tokens_open(RegistryServer::distribution2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_open_distribution_3() {
    if has_go_tools() {
        tokens_open(RegistryServer::distribution3).await;
    }
}

async fn tokens_open(start: fn(&Setup) -> RegistryServer) {
    let tokens = TokenServer::start(0).await;
    let server = start(&Setup {
        token: Some(tokens.setup()),
        deletes: true,
        ..Setup::default()
    });
    let host = server.host.as_str();
    filled_as(ALICE, host, &["open/model", "closed/model"]).await;

    let before = tokens.asked();
    let alice = open(host, password(ALICE));
    for _ in 0..5 {
        alice
            .manifest(&repository("closed/model"), &tag("1.0.0"), &quiet())
            .await
            .expect("alice may read");
    }
    assert_eq!(tokens.asked() - before, 1, "one token for one scope");
    let listed = alice.repositories(&quiet()).await.expect("alice may list");
    assert_eq!(listed.items.len(), 2);
    let steps = check(&alice).await;
    assert_eq!(failed(&steps), [], "{steps:?}");

    let bob = open(host, password(BOB)).with_known_repositories(vec![repository("closed/model")]);
    bob.manifest(&repository("closed/model"), &tag("1.0.0"), &quiet())
        .await
        .expect("bob may read");
    let error = bob.repositories(&quiet()).await.expect_err("bob may not list");
    assert_eq!(error.code(), ErrorCode::Denied, "{error}");
    let steps = check(&bob).await;
    assert_eq!(
        failed(&steps),
        [CheckName::List, CheckName::Push, CheckName::Delete],
        "{steps:?}"
    );
    let list = steps
        .iter()
        .find(|step| step.step == CheckName::List)
        .expect("every step is told");
    assert!(list.detail.contains("may pull but not list"), "{list:?}");

    read_as(host, Login::Anonymous, "open/model")
        .await
        .expect("everybody may read this");
    let error = read_as(host, Login::Anonymous, "closed/model")
        .await
        .expect_err("a login is needed");
    assert_eq!(error.code(), ErrorCode::LoginRequired, "{error}");
    let error = read_as(host, password(("alice", "wrong")), "closed/model")
        .await
        .expect_err("a wrong password");
    assert_eq!(error.code(), ErrorCode::LoginExpired, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_the_registry_calls_expired_is_replaced() {
    let filling = TokenServer::start(0).await;
    let source = RegistryServer::distribution2(&Setup {
        token: Some(filling.setup()),
        ..Setup::default()
    });
    filled_as(ALICE, &source.host, &["open/model"]).await;

    let tokens = TokenServer::start(1).await;
    let server = RegistryServer::distribution2(&Setup {
        token: Some(tokens.setup()),
        ..Setup::default()
    });
    let error = read_as(&server.host, password(ALICE), "open/model")
        .await
        .expect_err("this registry is empty");
    assert_eq!(
        error.code(),
        ErrorCode::NotFound,
        "let in with the second token: {error}"
    );
    assert_eq!(tokens.asked(), 2);
}
