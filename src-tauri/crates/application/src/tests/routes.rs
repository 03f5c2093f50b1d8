//! Routes: kept in the settings, found for a version, and gone with their connections.

use registry::{ErrorCode, Operation};

use super::{add, draft, repository, sampled};
use crate::{ChangeRequest, Confirmed, ReferrerChoice, RepositoryAt, RouteSetting, Version};

fn route(name: &str, from: &str, to: &str) -> RouteSetting {
    RouteSetting {
        name: name.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        tag: "production".to_owned(),
        own_tag: true,
        referrers: ReferrerChoice::All,
        platforms: Vec::new(),
    }
}

/// A folder with one small layout in it: an empty one cannot be told from a mistake.
fn folder_of_layouts() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let layout = folder.path().join("seed");
    std::fs::create_dir_all(layout.join("blobs/sha256")).expect("a folder");
    std::fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).expect("a file");
    std::fs::write(layout.join("index.json"), r#"{"schemaVersion":2,"manifests":[]}"#).expect("a file");
    folder
}

#[tokio::test]
async fn a_route_is_kept_only_if_it_can_be_taken() {
    let sampled = sampled().await;
    let berth = &sampled.berth;
    let target = folder_of_layouts();
    add(berth, "Far", &target.path().display().to_string()).await;
    let unknown = berth.add_route(route("a", "Sample/vision/*", "Nowhere/*")).await;
    let unknown = unknown.expect_err("there is no such connection");
    assert_eq!(unknown.code, ErrorCode::InvalidInput);
    assert!(unknown.message.contains("\"Nowhere\""), "{unknown}");
    let lost = berth.add_route(route("a", "Sample/vision/*", "Far/x")).await;
    assert!(lost.is_err_and(|error| error.message.contains("has no *")));
    berth
        .add_route(route("Production, far", "Sample/vision/*", "Far/prod/*"))
        .await
        .expect("both ends are there");
    let twice = berth
        .add_route(route("production, FAR", "Sample/llm/*", "Far/llm/*"))
        .await;
    assert!(twice.is_err_and(|error| error.message.contains("two routes")));
    let text = sampled.house.settings_text();
    assert!(
        text.contains("[[route]]") && text.contains("from = \"Sample/vision/*\""),
        "{text}"
    );
    assert_eq!(berth.routes().await.expect("the settings").len(), 1);
    assert_eq!(
        berth.remove_route("other").await.expect_err("there is none").code,
        ErrorCode::NotFound
    );
    berth.remove_route("Production, Far").await.expect("it is there");
    assert!(berth.routes().await.expect("the settings").is_empty());
}

#[tokio::test]
async fn a_route_follows_its_connection_and_goes_with_it() {
    let sampled = sampled().await;
    let berth = &sampled.berth;
    let target = folder_of_layouts();
    let far = add(berth, "Far", &target.path().display().to_string()).await;
    berth
        .add_route(route("out", "Sample/vision/*", "Far/prod/*"))
        .await
        .expect("both ends are there");
    let renamed = crate::ConnectionDraft {
        id: Some(far.id.clone()),
        ..draft("Frankfurt", &target.path().display().to_string())
    };
    berth
        .save_connection(renamed, &Operation::unobserved())
        .await
        .expect("it can be renamed");
    let routes = berth.routes().await.expect("the settings");
    assert_eq!(routes[0].route.to, "Frankfurt/prod/*");
    assert_eq!(routes[0].problem, None);
    let gone = berth.remove_connection(&far.id).await.expect("it is there");
    assert_eq!(
        gone.iter().map(|route| route.name.as_str()).collect::<Vec<_>>(),
        ["out"]
    );
    assert!(berth.routes().await.expect("the settings").is_empty());
}

#[tokio::test]
async fn a_version_goes_by_a_route_under_its_own_tag_and_the_channel() {
    let sampled = sampled().await;
    let (berth, operation) = (&sampled.berth, Operation::unobserved());
    let target = folder_of_layouts();
    let far = add(berth, "Far", &target.path().display().to_string()).await;
    berth
        .add_route(route("out", "Sample/vision/*", "Far/prod/*"))
        .await
        .expect("both ends are there");
    let at = RepositoryAt {
        connection: sampled.id.clone(),
        repository: repository("vision/defect-detector"),
    };
    let staging = sampled.digest("vision/defect-detector:staging").await;
    let fitting = berth.fitting_routes(&at, &staging).await.expect("the index");
    let [found] = fitting.as_slice() else {
        panic!("one route fits: {fitting:?}")
    };
    assert_eq!(found.to.at.connection, far.id);
    assert_eq!(found.to.at.repository, repository("prod/defect-detector"));
    let own = found.own_tag.clone().expect("it has a version's tag");
    assert!(own.as_str().starts_with("1."), "no channel: {own}");
    assert_eq!(found.to.tags, [own.clone(), "production".parse().expect("a tag")]);
    // A channel names the version that it holds; it is called there what it is called itself.
    let version = Version::Tag("staging".parse().expect("a tag"));
    let by = berth.by_route(&at, &version, "OUT", &operation).await.expect("it fits");
    assert_eq!(by, *found);
    let planned = berth
        .plan(
            ChangeRequest::PromoteElsewhere {
                at: at.clone(),
                version,
                to: by.to,
                wish: by.wish,
            },
            &operation,
        )
        .await
        .expect("it can be planned");
    let plan = planned.answer();
    assert_eq!(plan.kind, "promote");
    assert_eq!(
        plan.steps.last().map(|step| step.tags.clone()),
        Some(vec!["production".parse().expect("a tag")])
    );
    let outcome = berth
        .execute(planned, Confirmed::ByFlag, &operation)
        .await
        .expect("it is carried out");
    assert_eq!(outcome.state, "done");
    let far_at = RepositoryAt {
        connection: far.id,
        repository: repository("prod/defect-detector"),
    };
    let held = berth
        .channel_history(&far_at, &own)
        .await
        .expect("it was read after the change");
    assert_eq!(held.first().map(|one| one.digest.clone()), Some(staging));
    let elsewhere = RepositoryAt {
        repository: repository("llm/tiny-bert"),
        ..at
    };
    let version = Version::Tag("2.0.0".parse().expect("a tag"));
    let refused = berth
        .by_route(&elsewhere, &version, "out", &operation)
        .await
        .expect_err("it takes vision");
    assert!(refused.message.contains("Sample/vision/*"), "{refused}");
    assert!(
        berth
            .by_route(&elsewhere, &version, "nothing", &operation)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn an_archive_takes_what_goes_into_its_one_repository() {
    let sampled = sampled().await;
    let (berth, operation) = (&sampled.berth, Operation::unobserved());
    let folder = tempfile::tempdir().expect("a folder");
    let archive = crate::ConnectionDraft {
        make_new: true,
        ..draft("Archive", &folder.path().join("one.tar").display().to_string())
    };
    let archive = berth.save_connection(archive, &operation).await.expect("it is made");
    let request = |name: &str| ChangeRequest::Copy {
        at: RepositoryAt {
            connection: sampled.id.clone(),
            repository: repository("vision/defect-detector"),
        },
        version: Version::Tag("1.4.2".parse().expect("a tag")),
        to: crate::CopyTarget {
            at: RepositoryAt {
                connection: archive.id.clone(),
                repository: repository(name),
            },
            tags: vec!["1.4.2".parse().expect("a tag")],
        },
        wish: crate::CopyWish::default(),
    };
    let refused = berth.plan(request("other"), &operation).await;
    let refused = refused.expect_err("it holds one repository");
    assert!(
        refused.message.contains("one repository, one") && refused.hint.is_some(),
        "{refused}"
    );
    let planned = berth.plan(request("one"), &operation).await.expect("a plan");
    let outcome = berth.execute(planned, Confirmed::ByFlag, &operation).await;
    assert_eq!(outcome.expect("it is carried out").state, "done");
    let report = berth
        .sync(&archive.id, None, None, &operation)
        .await
        .expect("it is read");
    assert_eq!((report.repositories, report.tags), (1, 1));
}
