//! Saved policies: kept, carried, covering; and plans over several repositories that a person confirms.

use std::fs;

use proptest::prelude::*;
use registry::{ErrorCode, Operation};

use super::{House, add, now, repository, sampled};
use crate::{Berth, ChangeRequest, Confirmed, ConnectionId, Planned, PruneRules, RepositoryAt, RuleFlags, sample};

fn rules(keep_last: u32) -> RuleFlags {
    RuleFlags {
        keep_last: Some(keep_last),
        ..RuleFlags::default()
    }
}

fn patterns(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A sample of its own, which may be changed, connected and not read yet.
async fn own_sample(house: &House, berth: &Berth, name: &str) -> ConnectionId {
    let folder = house.folder.path().join(name);
    sample::write(&folder, now()).expect("the sample can be written");
    add(berth, name, &folder.display().to_string()).await.id
}

#[tokio::test]
async fn a_policy_is_saved_renamed_replaced_and_removed() {
    let sampled = sampled().await;
    let berth = &sampled.berth;
    let vision = patterns(&["vision/*"]);
    berth
        .save_policy("quarterly", &vision, &rules(5), None)
        .await
        .expect("saved");
    let twin = berth.save_policy("Quarterly", &vision, &rules(3), None).await;
    assert_eq!(twin.expect_err("the name is taken").code, ErrorCode::Conflict);
    berth
        .save_policy("yearly", &patterns(&["Sample/*"]), &rules(3), Some("quarterly"))
        .await
        .expect("renamed");
    let policies = berth.policies().await.expect("a list");
    assert_eq!(policies.len(), 1);
    assert_eq!(
        (policies[0].name.as_str(), &policies[0].rules),
        ("yearly", &Some(rules(3)))
    );
    assert_eq!(
        policies[0].covers.len(),
        6,
        "the connection's name stands for all of it"
    );
    let covered = berth.covered(&vision).await.expect("two");
    assert!(covered.len() == 2 && covered.iter().all(|one| one.tags > 0));
    berth.remove_policy("yearly").await.expect("removed");
    assert!(berth.remove_policy("yearly").await.expect_err("gone").hint.is_some());
}

#[tokio::test]
async fn what_cannot_be_a_policy_is_refused_with_what_to_do() {
    let house = House::new();
    let berth = house.open();
    let everything = patterns(&["*"]);
    let bad = [
        ("", &everything, rules(1)),
        ("a", &everything, RuleFlags::default()),
        ("a", &patterns(&["["]), rules(1)),
        ("a", &Vec::new(), rules(1)),
        (
            "a",
            &everything,
            RuleFlags {
                older_than: Some("3 moons".to_owned()),
                ..RuleFlags::default()
            },
        ),
        (
            "a",
            &everything,
            RuleFlags {
                group_by: Some("(".to_owned()),
                ..rules(1)
            },
        ),
    ];
    for (name, patterns, rules) in bad {
        let error = berth
            .save_policy(name, patterns, &rules, None)
            .await
            .expect_err("refused");
        assert_eq!(error.code, ErrorCode::InvalidInput);
        assert!(error.hint.is_some(), "{error:?}");
    }
}

#[tokio::test]
async fn comments_stay_and_a_policy_of_another_version_is_kept_but_not_used() {
    let house = House::new();
    house.open();
    let text = "theme = \"dark\"\n\n# ours\n[[policy]]\nname = \"old\" # since 2024\nkeep_last = 5\n\n[[policy]]\nname = \"new\"\nkeep_every = 3\nkeep_last = 1\n";
    fs::write(house.data_folder().join("settings.toml"), text).expect("written");
    let berth = house.open();
    berth
        .save_policy("more", &patterns(&["*"]), &rules(2), None)
        .await
        .expect("saved");
    berth
        .save_policy("old", &patterns(&["*"]), &rules(6), Some("old"))
        .await
        .expect("changed");
    let now = house.settings_text();
    for kept in [
        "# ours",
        "# since 2024",
        "keep_every = 3",
        "keep_last = 6",
        "name = \"more\"",
    ] {
        assert!(now.contains(kept), "{kept} is missing in:\n{now}");
    }
    let policies = berth.policies().await.expect("a list");
    let new = policies
        .iter()
        .find(|policy| policy.name == "new")
        .expect("it stands there");
    assert!(
        new.rules.is_none()
            && new
                .problem
                .as_deref()
                .is_some_and(|problem| problem.contains("keep_every"))
    );
    let error = berth.export_policies(&patterns(&["new"])).await.expect_err("not used");
    assert_eq!(error.code, ErrorCode::InvalidInput);
    assert!(berth.export_policies(&[]).await.expect("the others").contains("more"));
}

#[tokio::test]
async fn over_half_of_the_tags_of_a_repository_wait_for_its_name() {
    let house = House::new();
    let (berth, operation) = (house.open(), Operation::unobserved());
    let connection = own_sample(&house, &berth, "own").await;
    let names = ["vision/defect-detector", "vision/line-scan-segmenter"];
    let repositories = names.map(|name| RepositoryAt {
        connection: connection.clone(),
        repository: repository(name),
    });
    let request = || ChangeRequest::Prune {
        repositories: repositories.to_vec(),
        rules: PruneRules::Flags(rules(1)),
        backup: None,
    };
    let plan = berth.plan_and_keep(request(), &operation).await.expect("a plan");
    assert_eq!(
        plan.typed_name.as_deref(),
        Some(names[0]),
        "less than half of the other one goes"
    );
    for typed in [None, Some(names[1])] {
        let refused = berth.execute_kept(&plan.plan_id, typed, &operation).await;
        assert_eq!(refused.expect_err("it waits").code, ErrorCode::Refused);
    }
    let planned = berth.plan(request(), &operation).await.expect("a plan");
    let refused = berth.execute(planned, Confirmed::Typed(None), &operation).await;
    assert_eq!(refused.expect_err("it waits").code, ErrorCode::Refused);
    let typed = plan.typed_name.as_deref();
    let done = berth.execute_kept(&plan.plan_id, typed, &operation).await;
    assert_eq!(done.expect("it was typed").state, "done");
}

/// Each with a sample of its own, of which over half of a repository's tags would go.
async fn over_half_of_each(berth: &Berth, connections: &[ConnectionId]) -> Planned {
    let repositories = connections.iter().map(|connection| RepositoryAt {
        connection: connection.clone(),
        repository: repository("vision/defect-detector"),
    });
    let request = ChangeRequest::Prune {
        repositories: repositories.collect(),
        rules: PruneRules::Flags(rules(1)),
        backup: None,
    };
    berth.plan(request, &Operation::unobserved()).await.expect("a plan")
}

#[tokio::test]
async fn the_names_of_several_repositories_are_typed_as_they_stand_and_many_are_counted() {
    let house = House::new();
    let (berth, operation) = (house.open(), Operation::unobserved());
    let mut connections = Vec::new();
    for name in ["one", "two", "three", "four"] {
        connections.push(own_sample(&house, &berth, name).await);
    }
    let joined = "vision/defect-detector, vision/defect-detector";
    for (count, expected) in [(2, joined), (4, "4 repositories")] {
        let planned = over_half_of_each(&berth, &connections[..count]).await;
        assert_eq!(planned.answer().typed_name.as_deref(), Some(expected));
        for typed in [None, Some(""), Some("vision/defect-detector"), Some("3 repositories")] {
            let refused = planned.is_confirmed(Confirmed::Typed(typed)).expect_err("it waits");
            assert_eq!(refused.code, ErrorCode::Refused, "{typed:?}");
            let run = berth
                .execute(planned.clone(), Confirmed::Typed(typed), &operation)
                .await;
            assert_eq!(run.expect_err("it waits").code, ErrorCode::Refused);
        }
        let padded = format!(" {expected} ");
        assert!(planned.is_confirmed(Confirmed::Typed(Some(&padded))).is_ok());
        assert!(planned.is_confirmed(Confirmed::ByFlag).is_ok());
    }
    let planned = over_half_of_each(&berth, &connections[..2]).await;
    let done = berth.execute(planned, Confirmed::Typed(Some(joined)), &operation).await;
    assert_eq!(done.expect("both names were typed").state, "done");
}

#[tokio::test]
async fn a_repository_that_cannot_be_read_stops_alone() {
    let house = House::new();
    let (berth, operation) = (house.open(), Operation::unobserved());
    let (own, lost) = (
        own_sample(&house, &berth, "own").await,
        own_sample(&house, &berth, "lost").await,
    );
    berth.sync(&own, None, None, &operation).await.expect("it is read");
    fs::remove_dir_all(house.folder.path().join("lost")).expect("it goes");
    let name = "vision/defect-detector";
    let at = |connection: &ConnectionId| RepositoryAt {
        connection: connection.clone(),
        repository: repository(name),
    };
    let request = |places: &[&ConnectionId]| ChangeRequest::Prune {
        repositories: places.iter().map(|connection| at(connection)).collect(),
        rules: PruneRules::Flags(rules(1)),
        backup: None,
    };
    for answer in [
        berth.preview(request(&[&lost, &own])).await,
        berth.plan_and_keep(request(&[&lost, &own]), &operation).await,
    ] {
        let plan = answer.expect("the other one goes on");
        assert_eq!(plan.unreadable.len(), 1);
        assert_eq!(plan.unreadable[0].repository, format!("lost/{name}"));
        assert!(!plan.steps.is_empty() && plan.steps.iter().all(|step| step.reference.starts_with("own/")));
        assert!(!plan.versions.is_empty() && plan.stored.is_some());
    }
    assert!(
        berth.plan(request(&[&lost]), &operation).await.is_err(),
        "alone it is an error"
    );
}

fn any_rules() -> impl Strategy<Value = RuleFlags> {
    let texts = (
        proptest::option::of("[a-z]{1,3}[*]"),
        proptest::option::of("[1-9][0-9]{0,2}(d|w|h|min|s)"),
        proptest::collection::vec("[a-z]{1,4}[*]?", 0..3),
    );
    let rest = (
        1_u32..1_000,
        proptest::option::of(1_u32..50),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    );
    (texts, rest).prop_map(
        |((matching, older_than, keep), (last, releases, semver, untagged, each_tag))| RuleFlags {
            matching,
            keep_last: Some(last),
            keep_last_releases: releases,
            group_by: semver.then(|| "^([a-z]+)".to_owned()),
            older_than,
            not_pulled_for: None,
            keep,
            keep_semver: semver,
            untagged,
            each_tag,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_is_saved_is_read_again_and_carried_whole(given in any_rules(), name in "[a-zA-Z \"'#=äß-]{0,12}x") {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let (house, other) = (House::new(), House::new());
            let berth = house.open();
            berth.save_policy(&name, &patterns(&["vision/*", "lab/x"]), &given, None).await.expect("saved");
            let read = house.open().policies().await.expect("a list");
            prop_assert_eq!(read[0].name.as_str(), name.trim());
            prop_assert_eq!(&read[0].rules, &Some(given));
            let file = house.folder.path().join("policies.toml");
            berth.export_policies_to(&[], &file).await.expect("written");
            let far = other.open();
            far.import_policies(&file, false).await.expect("read");
            prop_assert_eq!(far.policies().await.expect("a list"), read);
            Ok(())
        })?;
    }
}
