//! The docker logins of a computer as connections.

use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use registry::Operation;

use super::{
    House,
    server::{Kind, Server},
};
use crate::{LoginMethod, SecretStore as _};

fn put_logins(house: &House, logins: &[(&str, &str)]) {
    let auths: Vec<String> = logins
        .iter()
        .map(|(host, login)| format!(r#""{host}": {{ "auth": "{}" }}"#, STANDARD.encode(login)))
        .collect();
    let folder = house.home().join(".docker");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(
        folder.join("config.json"),
        format!(r#"{{ "auths": {{ {} }} }}"#, auths.join(", ")),
    )
    .expect("a file");
}

#[tokio::test]
async fn every_login_that_works_becomes_a_connection() {
    let house = House::new();
    let works = Server::start(Kind::Registry, Some(("ada", "right")));
    let refuses = Server::start(Kind::Registry, Some(("ada", "right")));
    put_logins(
        &house,
        &[
            (&works.host(), "ada:right"),
            (&refuses.host(), "ada:wrong"),
            ("127.0.0.1:1", "ada:right"),
        ],
    );
    let (berth, operation) = (house.open(), Operation::unobserved());
    assert_eq!(berth.docker_logins().await.expect("logins").len(), 3);
    let import = berth.import_docker(&operation).await.expect("settings can be written");
    // Loopback speaks plain http here, which is tried after https.
    let added: Vec<_> = import
        .added
        .iter()
        .map(|info| (info.location.clone(), info.plain_http))
        .collect();
    assert_eq!(added, [(works.host(), true)]);
    assert_eq!(import.added[0].login_method, LoginMethod::Docker);
    let mut problems: Vec<&str> = import.problems.iter().map(|(host, _)| host.as_str()).collect();
    problems.sort_unstable();
    let mut expected = [refuses.host(), "127.0.0.1:1".to_owned()];
    expected.sort_unstable();
    assert_eq!(problems, expected);
    assert!(
        import.problems.iter().all(|(_, problem)| problem.hint.is_some()),
        "{:?}",
        import.problems
    );

    let id = &import.added[0].id;
    assert!(
        house.keychain.read(id.as_str()).expect("a keychain").is_none(),
        "the login is used in place"
    );
    assert!(!house.settings_text().contains("right"));
    assert_eq!(
        berth
            .sync(id, None, None, &operation)
            .await
            .expect("the login is used")
            .tags,
        1
    );
    assert_eq!(
        berth.docker_logins().await.expect("logins").len(),
        2,
        "what is connected is offered no more"
    );
}

#[tokio::test]
async fn a_docker_login_is_the_usual_one_where_there_is_one() {
    let house = House::new();
    put_logins(&house, &[("registry.lab:5000", "ada:right")]);
    let berth = house.open();
    let usual =
        async |address: &str, user: Option<&str>| berth.usual_login(address, user).await.expect("files are whole");
    assert_eq!(usual("registry.lab:5000", None).await, LoginMethod::Docker);
    assert_eq!(usual("https://registry.lab:5000", None).await, LoginMethod::Docker);
    assert_eq!(usual("registry.lab:5000", Some("ada")).await, LoginMethod::Password);
    assert_eq!(usual("ghcr.io/acme", None).await, LoginMethod::Anonymous);
    assert_eq!(usual("/srv/models", None).await, LoginMethod::Anonymous);
}

#[tokio::test]
async fn a_docker_login_that_went_away_is_told() {
    let house = House::new();
    let server = Server::start(Kind::Registry, Some(("ada", "right")));
    put_logins(&house, &[(&server.host(), "ada:right")]);
    let berth = house.open();
    let import = berth
        .import_docker(&Operation::unobserved())
        .await
        .expect("settings can be written");
    let id = import.added[0].id.clone();
    drop(berth);
    put_logins(&house, &[]);
    let problem = house
        .open()
        .sync(&id, None, None, &Operation::unobserved())
        .await
        .expect_err("there is no login");
    assert!(problem.hint.is_some_and(|hint| hint.contains("docker login")));
}

/// ECR answers 403 to a login that has expired.
#[tokio::test]
async fn a_docker_login_that_was_renewed_is_read_again_after_a_refusal() {
    let house = House::new();
    let server = Server::start(Kind::Refusing, Some(("ada", "right")));
    put_logins(&house, &[(&server.host(), "ada:right")]);
    let (berth, operation) = (house.open(), Operation::unobserved());
    let import = berth.import_docker(&operation).await.expect("settings can be written");
    let id = import.added[0].id.clone();
    berth
        .sync(&id, None, None, &operation)
        .await
        .expect("the login is used");
    server.accept("ada", "renewed");
    let problem = berth
        .sync(&id, None, None, &operation)
        .await
        .expect_err("the login has expired");
    assert_eq!(problem.code, registry::ErrorCode::Denied, "{problem:?}");
    put_logins(&house, &[(&server.host(), "ada:renewed")]);
    berth
        .sync(&id, None, None, &operation)
        .await
        .expect("the new login is used");
}
