//! Keychains that are there, locked or absent, and secrets that are kept nowhere.

use std::sync::Arc;

use registry::{ErrorCode, Operation, Secret};

use super::{
    House, draft, open,
    server::{Kind, Server},
};
use crate::{Berth, ConnectionDraft, Environment, LoginMethod, LoginState, SecretError, SecretStore};

/// A keychain that answers everything with the same error.
#[derive(Debug)]
struct Failing(SecretError);

impl SecretStore for Failing {
    fn name(&self) -> &'static str {
        "Secret Service"
    }

    fn probe(&self) -> Result<(), SecretError> {
        Err(self.0.clone())
    }

    fn read(&self, _: &str) -> Result<Option<Secret>, SecretError> {
        Err(self.0.clone())
    }

    fn write(&self, _: &str, _: &Secret) -> Result<(), SecretError> {
        Err(self.0.clone())
    }

    fn delete(&self, _: &str) -> Result<(), SecretError> {
        Err(self.0.clone())
    }
}

/// A keychain that nobody may ask: it would wait for a person.
#[derive(Debug)]
struct Untouchable;

impl SecretStore for Untouchable {
    fn name(&self) -> &'static str {
        "Secret Service"
    }

    fn probe(&self) -> Result<(), SecretError> {
        unreachable!("the keychain was asked whether it is there")
    }

    fn read(&self, _: &str) -> Result<Option<Secret>, SecretError> {
        unreachable!("the keychain was asked for a secret")
    }

    fn write(&self, _: &str, _: &Secret) -> Result<(), SecretError> {
        unreachable!("the keychain was given a secret")
    }

    fn delete(&self, _: &str) -> Result<(), SecretError> {
        unreachable!("the keychain was told to forget a secret")
    }
}

fn without_keychain(house: &House, error: SecretError) -> Berth {
    open(Environment {
        secrets: Arc::new(Failing(error)),
        ..house.environment()
    })
}

fn absent() -> SecretError {
    SecretError::Absent {
        reason: "nobody answers on the bus".to_owned(),
    }
}

fn with_login(address: &str, store_secret: bool) -> ConnectionDraft {
    ConnectionDraft {
        login_method: LoginMethod::Password,
        username: Some("ada".to_owned()),
        password: Some(Secret::from("right")),
        store_secret,
        ..draft("r", address)
    }
}

#[tokio::test]
async fn without_a_keychain_it_is_said_what_is_missing() {
    let (house, server) = (House::new(), Server::start(Kind::Registry, Some(("ada", "right"))));
    let berth = without_keychain(&house, absent());
    let problem = berth
        .save_connection(with_login(&server.url(), true), &Operation::unobserved())
        .await;
    let problem = problem.expect_err("the secret cannot be kept");
    assert_eq!(problem.code, ErrorCode::KeychainUnavailable);
    assert!(
        problem.hint.as_ref().is_some_and(|hint| hint.contains("--no-store")),
        "{problem:?}"
    );
    assert_eq!(house.settings_text(), "");
    let state = berth.keychain_state().await;
    assert!(!state.available && state.problem.is_some_and(|problem| problem.hint.is_some()));
    assert!(!berth.start().await.expect("the first screen").keychain.available);
}

#[tokio::test]
async fn a_locked_keychain_may_be_tried_again() {
    let berth = without_keychain(
        &House::new(),
        SecretError::Locked {
            reason: "dismissed".to_owned(),
        },
    );
    let problem = berth.keychain_state().await.problem.expect("it is locked");
    assert!(problem.retryable && problem.hint.is_some_and(|hint| hint.contains("unlock")));
}

#[tokio::test]
async fn this_session_only_needs_no_keychain_and_ends_with_the_session() {
    let (house, server) = (House::new(), Server::start(Kind::Registry, Some(("ada", "right"))));
    let operation = Operation::unobserved();
    let berth = without_keychain(&house, absent());
    let info = berth
        .save_connection(with_login(&server.url(), false), &operation)
        .await
        .expect("no keychain is asked");
    assert_eq!((info.login_state, info.store_secret), (LoginState::Session, false));
    berth
        .sync(&info.id, None, None, &operation)
        .await
        .expect("the session has the secret");
    drop(berth);

    let next = without_keychain(&house, absent());
    let state = next.connection_info(&info.id).await.expect("it is saved").login_state;
    assert_eq!(state, LoginState::Missing);
    let problem = next
        .sync(&info.id, None, None, &operation)
        .await
        .expect_err("the secret is gone");
    assert_eq!(problem.code, ErrorCode::LoginRequired);
    assert!(problem.hint.is_some_and(|hint| hint.contains("--password-stdin")));
    next.use_secret(&info.id, Secret::from("right"));
    next.sync(&info.id, None, None, &operation)
        .await
        .expect("the secret was given");
    next.remove_connection(&info.id)
        .await
        .expect("no keychain is needed to forget it");
}

#[tokio::test]
async fn who_needs_no_secret_never_meets_the_keychain() {
    let (house, server) = (House::new(), Server::start(Kind::Registry, None));
    let operation = Operation::unobserved();
    let berth = open(Environment {
        secrets: Arc::new(Untouchable),
        ..house.environment()
    });
    let info = berth
        .save_connection(draft("r", &server.url()), &operation)
        .await
        .expect("added");
    berth.sync(&info.id, None, None, &operation).await.expect("read");
    let renamed = ConnectionDraft {
        name: "renamed".to_owned(),
        ..info.to_draft()
    };
    berth.save_connection(renamed, &operation).await.expect("changed");
    berth.connections().await.expect("listed");
    berth.remove_connection(&info.id).await.expect("removed");
}

#[tokio::test]
async fn a_secret_moves_between_keychain_and_session_with_the_setting() {
    let (house, server) = (House::new(), Server::start(Kind::Registry, Some(("ada", "right"))));
    let (berth, operation) = (house.open(), Operation::unobserved());
    let info = berth
        .save_connection(with_login(&server.url(), true), &operation)
        .await
        .expect("added");
    let kept = || house.keychain.read(info.id.as_str()).expect("a keychain").is_some();
    assert!(kept());
    let session = ConnectionDraft {
        store_secret: false,
        ..info.to_draft()
    };
    let info = berth.save_connection(session, &operation).await.expect("moved");
    assert_eq!(info.login_state, LoginState::Session);
    assert!(!kept(), "the keychain has forgotten it");
    let stored = ConnectionDraft {
        store_secret: true,
        ..info.to_draft()
    };
    berth.save_connection(stored, &operation).await.expect("moved back");
    assert!(kept());
    let anonymous = ConnectionDraft {
        login_method: LoginMethod::Anonymous,
        ..info.to_draft()
    };
    assert!(
        berth.save_connection(anonymous, &operation).await.is_err(),
        "the registry wants a login"
    );
    assert!(kept(), "a change that fails forgets nothing");
}

#[tokio::test]
async fn an_expired_login_is_told_and_mended() {
    let (house, server) = (House::new(), Server::start(Kind::Registry, Some(("ada", "right"))));
    let (berth, operation) = (house.open(), Operation::unobserved());
    let info = berth
        .save_connection(with_login(&server.url(), true), &operation)
        .await
        .expect("added");
    house
        .keychain
        .write(info.id.as_str(), &Secret::from("revoked"))
        .expect("a keychain");
    drop(berth);
    let berth = house.open();
    let problem = berth
        .sync(&info.id, None, None, &operation)
        .await
        .expect_err("the password is wrong now");
    assert_eq!(problem.code, ErrorCode::LoginExpired);
    let state = berth.connection_info(&info.id).await.expect("there").login_state;
    assert_eq!(state, LoginState::Expired);
    let again = ConnectionDraft {
        password: Some(Secret::from("right")),
        ..info.to_draft()
    };
    let info = berth.save_connection(again, &operation).await.expect("logged in again");
    assert_eq!(info.login_state, LoginState::Stored);
    berth
        .sync(&info.id, None, None, &operation)
        .await
        .expect("it works again");
}
