//! Tags and repositories that move, vanish and come back.

use chrono::TimeDelta;

use crate::double::{CONNECTION, MemoryRegistry, Seen, name, tag, unreachable};

#[tokio::test]
async fn a_tag_that_moved_is_recorded_with_its_time_and_both_ends() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let versions = registry.fill("team/model", &["1.0", "2.0"]);
    registry.tag("team/model", "latest", &versions[0]);
    let began = seen.now();
    seen.sync(&registry).await;
    assert!(seen.moves("team/model", "latest").is_empty(), "it has not moved yet");
    seen.wait(TimeDelta::days(3));
    registry.tag("team/model", "latest", &versions[1]);
    let report = seen.sync(&registry).await;
    assert_eq!((report.new, report.moved, report.gone), (0, 1, 0));
    let moves = seen.moves("team/model", "latest");
    let ends: Vec<_> = moves
        .iter()
        .map(|it| (it.from.as_ref(), it.to.as_ref(), it.seen))
        .collect();
    let (first, second) = (&versions[0].digest, &versions[1].digest);
    assert_eq!(
        ends,
        [(None, Some(first), began), (Some(first), Some(second), seen.now())]
    );
    let record = seen
        .index
        .version(&CONNECTION.into(), &name("team/model"), first, seen.now());
    let record = record.expect("read").expect("it is still known");
    assert_eq!(record.moves, moves, "the version that was left tells it too");
}

#[tokio::test]
async fn a_tag_that_vanished_is_recorded_and_its_return_too() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let versions = registry.fill("team/model", &["1.0", "2.0"]);
    seen.sync(&registry).await;
    registry.untag("team/model", "2.0");
    seen.wait(TimeDelta::hours(1));
    let report = seen.sync(&registry).await;
    assert_eq!((report.tags, report.gone), (1, 1));
    assert_eq!(seen.tags("team/model"), ["1.0"]);
    let gone = seen.moves("team/model", "2.0").pop().expect("a move");
    assert_eq!(
        (gone.from.as_ref(), gone.to, gone.seen),
        (Some(&versions[1].digest), None, seen.now())
    );
    assert!(
        seen.index
            .tag(&CONNECTION.into(), &name("team/model"), &tag("2.0"))
            .expect("read")
            .is_none()
    );
    registry.tag("team/model", "2.0", &versions[1]);
    seen.wait(TimeDelta::hours(1));
    seen.sync(&registry).await;
    let back = seen.moves("team/model", "2.0").pop().expect("a move");
    assert_eq!((back.from, back.to.as_ref()), (None, Some(&versions[1].digest)));
}

#[tokio::test]
async fn a_partial_list_and_an_empty_one_that_failed_lose_no_row() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0", "2.0", "3.0"]);
    registry.fill("team/other", &["1.0"]);
    seen.sync(&registry).await;
    let first = seen.now();
    registry.untag("team/model", "2.0");
    registry.drop_repository("team/other");
    registry.list_partially("the list ended in the middle");
    seen.wait(TimeDelta::hours(1));
    let report = seen.sync(&registry).await;
    assert_eq!(report.gone, 0);
    assert_eq!(seen.tags("team/model"), ["3.0", "2.0", "1.0"]);
    assert_eq!(
        seen.tags("team/other"),
        ["1.0"],
        "the list of repositories was not whole either"
    );
    let row = seen
        .index
        .repository(&CONNECTION.into(), &name("team/model"))
        .expect("read")
        .expect("a row");
    assert_eq!(
        (row.complete, row.partial_reason.as_deref()),
        (false, Some("the list ended in the middle"))
    );
    let missing = seen
        .index
        .tag(&CONNECTION.into(), &name("team/model"), &tag("2.0"))
        .expect("read")
        .expect("kept");
    assert_eq!(missing.last_seen, first, "it was not seen the second time");
    assert!(
        report
            .problems
            .iter()
            .any(|problem| problem.message.contains("ended in the middle"))
    );
    registry.allow_all();
    let report = seen.sync(&registry).await;
    assert_eq!(report.gone, 2, "a whole list tells what is gone");
    assert_eq!(seen.tags("team/model"), ["3.0", "1.0"]);
}

#[tokio::test]
async fn an_empty_list_is_not_believed_while_a_tag_is_still_there() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0", "2.0"]);
    seen.sync(&registry).await;
    registry.list_no_tags();
    let report = seen.sync(&registry).await;
    assert_eq!(report.gone, 0);
    assert_eq!(seen.tags("team/model"), ["2.0", "1.0"]);
    assert!(
        report
            .problems
            .iter()
            .any(|problem| problem.message.contains("is still there")),
        "{report:?}"
    );
    registry.allow_all();
    registry.untag("team/model", "1.0");
    registry.untag("team/model", "2.0");
    assert_eq!(seen.sync(&registry).await.gone, 2, "now it is empty");
    assert!(seen.rows("team/model").is_empty());
}

#[tokio::test]
async fn a_repository_that_is_gone_is_in_no_list_and_comes_back_with_its_history() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let versions = registry.fill("team/model", &["1.0", "2.0"]);
    registry.fill("team/other", &["1.0"]);
    seen.sync(&registry).await;
    registry.drop_repository("team/model");
    let report = seen.sync(&registry).await;
    assert_eq!((report.repositories, report.gone), (1, 2));
    let rows = seen.index.repositories(None).expect("rows");
    assert_eq!(
        rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        ["team/other"]
    );
    registry.tag("team/model", "1.0", &versions[0]);
    registry.forget_questions();
    seen.sync(&registry).await;
    assert_eq!(seen.tags("team/model"), ["1.0"]);
    assert_eq!(registry.asked("BLOB").len(), 0, "its content is still known");
}

#[tokio::test]
async fn names_of_signatures_are_in_no_count() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let versions = registry.fill("team/model", &["1.0"]);
    let signature = registry.image(&[("signature", 7)], &[]);
    registry.tag(
        "team/model",
        &format!("sha256-{}.sig", versions[0].digest.hex()),
        &signature,
    );
    let report = seen.sync(&registry).await;
    assert_eq!((report.tags, report.new), (1, 1));
    assert_eq!(seen.tags("team/model"), ["1.0"]);
    assert!(seen.rows("team/model")[0].signed);
    registry.untag("team/model", &format!("sha256-{}.sig", versions[0].digest.hex()));
    let report = seen.sync(&registry).await;
    assert_eq!(report.gone, 0);
    assert!(!seen.rows("team/model")[0].signed, "the signature was taken away");
}

#[tokio::test]
async fn an_empty_list_of_repositories_is_not_believed_while_one_is_still_there() {
    let (mut seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0", "2.0"]);
    registry.fill("team/pinned", &["1.0"]);
    seen.pinned = vec![name("team/pinned")];
    seen.sync(&registry).await;
    registry.list_no_repositories();
    let report = seen.sync(&registry).await;
    assert_eq!((report.gone, report.problems.len()), (0, 1), "{report:?}");
    let message = &report.problems[0].message;
    assert!(message.contains("team/model is still there"), "{message}");
    assert_eq!(seen.tags("team/model"), ["2.0", "1.0"]);

    registry.refuse("TAGS team/model", unreachable());
    let report = seen.sync(&registry).await;
    assert_eq!((report.gone, report.problems.len()), (0, 1), "{report:?}");
    assert_eq!(seen.tags("team/model"), ["2.0", "1.0"]);

    registry.allow_all();
    registry.list_no_repositories();
    registry.drop_repository("team/model");
    let report = seen.sync(&registry).await;
    assert_eq!((report.gone, report.problems.len()), (2, 0), "{report:?}");
    assert_eq!(seen.tags("team/pinned"), ["1.0"]);
    let report = seen.sync(&registry).await;
    assert!(
        report.problems.is_empty(),
        "pinned ones do not need the list: {report:?}"
    );
}
