//! Without the network: what was seen is shown, what was not is told.

use std::time::Duration;

use registry::{ErrorCode, Operation};

use super::{
    House, add, repository,
    server::{Kind, Server},
};
use crate::TagsWanted;

const NOW: Duration = Duration::ZERO;

#[tokio::test]
async fn what_was_never_synced_is_told_with_what_to_do() {
    let (house, server) = (House::new(), Server::start(Kind::Registry, None));
    let (id, name) = (
        add(&house.open(), "r", &server.url()).await.id,
        repository("team/model"),
    );
    let asked = server.count();
    let (berth, operation) = (house.open_offline(), Operation::unobserved());
    let problem = berth
        .refresh(&id, &name, NOW, &operation)
        .await
        .expect_err("nothing is known");
    assert_eq!(problem.code, ErrorCode::NeverSynced);
    assert!(
        problem
            .hint
            .is_some_and(|hint| hint.contains("berthctl sync r/team/model"))
    );
    let problem = berth
        .refresh_connection(&id, NOW, &operation)
        .await
        .expect_err("nothing is known");
    assert_eq!(problem.code, ErrorCode::NeverSynced);
    let problem = berth
        .tags(&id, &name, TagsWanted::default())
        .await
        .expect_err("nothing is known");
    assert_eq!(problem.code, ErrorCode::NeverSynced);
    let problem = berth
        .sync(&id, None, None, &operation)
        .await
        .expect_err("the network is needed");
    assert_eq!(problem.code, ErrorCode::Offline);
    assert_eq!(server.count(), asked, "offline nothing is asked");
}

#[tokio::test]
async fn what_was_seen_is_shown_without_a_request() {
    let (house, server) = (House::new(), Server::start(Kind::Registry, None));
    let (online, operation) = (house.open(), Operation::unobserved());
    let id = add(&online, "r", &server.url()).await.id;
    online.sync(&id, None, None, &operation).await.expect("it can be read");
    let (asked, berth, name) = (server.count(), house.open_offline(), repository("team/model"));
    assert!(
        berth
            .refresh(&id, &name, NOW, &operation)
            .await
            .expect("it was seen")
            .is_none()
    );
    let rows = berth
        .tags(&id, &name, TagsWanted::default())
        .await
        .expect("they were seen");
    let digest = rows[0].digest.clone().expect("it was read");
    let detail = berth.version(&id, &name, &digest, None).await.expect("it was seen");
    assert_eq!(detail.digest, digest);
    berth
        .refresh_old_referrers(&id, &name, &digest, NOW, &operation)
        .await
        .expect("offline nothing is read");
    let files = berth
        .listed_files(&id, &name, &digest, None, None, &operation)
        .await
        .expect("no layer is unread");
    assert!(files.files.is_empty());
    assert_eq!(server.count(), asked, "offline nothing is asked");
}

#[tokio::test]
async fn what_is_young_is_not_read_again() {
    let (house, server) = (House::new(), Server::start(Kind::Registry, None));
    let (berth, operation, name) = (house.open(), Operation::unobserved(), repository("team/model"));
    let id = add(&berth, "r", &server.url()).await.id;
    let minute = Duration::from_mins(1);
    assert!(
        berth
            .refresh(&id, &name, minute, &operation)
            .await
            .expect("read")
            .is_some(),
        "never seen"
    );
    let asked = server.count();
    assert!(
        berth
            .refresh(&id, &name, minute, &operation)
            .await
            .expect("known")
            .is_none()
    );
    assert_eq!(server.count(), asked);
}

#[tokio::test]
async fn a_registry_that_went_away_is_told_with_the_way_to_what_was_seen() {
    let house = House::new();
    let server = Server::start(Kind::Registry, None);
    let (berth, operation, name) = (house.open(), Operation::unobserved(), repository("team/model"));
    let id = add(&berth, "r", &server.url()).await.id;
    berth.sync(&id, None, None, &operation).await.expect("it can be read");
    drop(berth);
    // The same connection at a port where nothing listens.
    let text = house.settings_text().replace(&server.host(), "127.0.0.1:1");
    std::fs::write(house.data_folder().join("settings.toml"), text).expect("it can be written");
    let settings = "tries = 1\n".to_owned() + &house.settings_text();
    std::fs::write(house.data_folder().join("settings.toml"), settings).expect("it can be written");
    let later = crate::Environment {
        clock: registry::Clock::fixed(super::now() + chrono::TimeDelta::hours(2)),
        ..house.environment()
    };
    let berth = super::open(later);
    let problem = berth
        .refresh(&id, &name, NOW, &operation)
        .await
        .expect_err("nothing listens there");
    assert_eq!(problem.code, ErrorCode::Unreachable, "{problem:?}");
    assert!(
        problem.hint.as_ref().is_some_and(|hint| hint.contains("--offline")),
        "{problem:?}"
    );
    let info = berth.connection_info(&id).await.expect("there");
    assert!(
        info.offline_since.is_some() && info.tags == 1,
        "what was seen stays: {info:?}"
    );
}
