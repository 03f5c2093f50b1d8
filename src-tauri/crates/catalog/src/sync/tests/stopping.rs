//! Syncs that end early, by a person or a kill, and two processes at once.

use std::{sync::Arc, time::Duration};

use registry::{Operation, ProgressEvent};
use tokio::sync::Notify;

use crate::{
    CatalogError, ConnectionId,
    double::{CONNECTION, MemoryRegistry, Seen, name, tag},
    record,
    store::Locks,
    sync::lock,
};

/// Far more than a machine under load needs.
const PATIENCE: Duration = Duration::from_mins(2);
const TAGS: [&str; 6] = ["1.0", "2.0", "3.0", "4.0", "5.0", "6.0"];

#[tokio::test]
async fn a_cancelled_sync_keeps_what_it_read_and_is_no_failure_of_the_registry() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &TAGS);
    registry.hold("GET team/model:4.0");
    let operation = Operation::unobserved();
    let sync = seen.try_sync(&registry, CONNECTION, &operation);
    let (outcome, ()) = tokio::join!(sync, async {
        registry.reached.notified().await;
        operation.cancel.cancel();
    });
    assert!(matches!(outcome, Err(CatalogError::Cancelled)), "{outcome:?}");
    assert_eq!(seen.rows("team/model").len(), 6, "every listed tag has its row");
    let row = seen.index.connections().expect("rows").remove(0);
    assert_eq!(row.problem, None, "that a person stopped it is no problem");
    assert!(seen.rows("team/model").iter().all(|row| row.problem.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_sync_is_taken_up_where_it_was() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &TAGS);
    registry.hold("GET team/model:6.0");
    let operation = Operation::unobserved();
    let mut sync = Box::pin(seen.try_sync(&registry, CONNECTION, &operation));
    tokio::select! {
        _ = &mut sync => panic!("it is held"),
        () = all_but_one_read(&registry) => {}
    }
    // Dropped in the middle, as by a kill; what was read is written by the time another process gets the lock.
    drop(sync);
    let other = seen.opened_again();
    registry.allow_all();
    registry.forget_questions();
    let report = other.sync(&registry).await;
    assert_eq!(report.tags, 6);
    assert_eq!(
        registry.asked("BLOB").len(),
        1,
        "only the last version is read: {:?}",
        registry.asked("")
    );
    assert!(
        seen.rows("team/model")
            .iter()
            .all(|row| !row.pending && row.problem.is_none())
    );
}

#[tokio::test]
async fn figures_that_a_kill_left_behind_are_counted_by_the_next_sync() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let versions = registry.fill("team/model", &["1.0"]);
    seen.sync(&registry).await;
    // The last batch before the kill: a tag is written, and the repository not counted.
    let written = seen.index.store().write(|writing| {
        let id = writing
            .transaction
            .query_row("SELECT id FROM repositories", [], |row| row.get(0))?;
        record::mark_stale(writing, id)?;
        record::appear(writing, id, &tag("2.0"), 0)?;
        record::read(writing, id, &tag("2.0"), Some(&versions[0].digest), None, 0)
    });
    written.expect("written");
    registry.tag("team/model", "2.0", &versions[0]);
    let report = seen.sync(&registry).await;
    assert_eq!((report.new, report.moved), (0, 0), "it finds nothing new itself");
    let row = seen
        .index
        .repository(&CONNECTION.into(), &name("team/model"))
        .expect("read")
        .expect("a row");
    assert_eq!((row.tags, row.versions), (2, 1));
}

#[tokio::test]
async fn rows_are_there_while_the_registry_is_still_waited_for() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &TAGS);
    registry.hold("GET team/model:6.0");
    let operation = Operation::unobserved();
    let written = async {
        registry.reached.notified().await;
        let connection = CONNECTION.into();
        let find = || {
            seen.index
                .tag(&connection, &name("team/model"), &tag("5.0"))
                .expect("read")
        };
        while find().is_none_or(|tag| tag.digest.is_none()) {
            tokio::task::yield_now().await;
        }
        operation.cancel.cancel();
    };
    let both = async { tokio::join!(seen.try_sync(&registry, CONNECTION, &operation), written) };
    let (outcome, ()) = tokio::time::timeout(PATIENCE, both)
        .await
        .expect("what was read is written");
    assert!(matches!(outcome, Err(CatalogError::Cancelled)), "{outcome:?}");
}

/// Five versions with their configs were answered, and the sixth waits.
async fn all_but_one_read(registry: &MemoryRegistry) {
    registry.reached.notified().await;
    while registry.asked("BLOB").len() < 5 {
        tokio::task::yield_now().await;
    }
    // The last answer is taken in when its own task gets its turn.
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn another_process_waits_for_the_lock_and_sees_what_was_written() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0"]);
    let other = seen.opened_again();
    let before = other.index.data_version().expect("a number");
    registry.hold("GET team/model:1.0");
    let (waits, operation) = (Arc::new(Notify::new()), Operation::unobserved());
    let told = Arc::clone(&waits);
    let waiting = Operation::observed(move |event| {
        if matches!(event, ProgressEvent::Step { what, .. } if what.contains("another Berth")) {
            told.notify_one();
        }
    });
    let first = seen.try_sync(&registry, CONNECTION, &operation);
    let second = async {
        registry.reached.notified().await;
        assert!(other.index.is_syncing(&ConnectionId::from(CONNECTION)));
        assert!(!other.index.is_syncing(&ConnectionId::from("c2")));
        other.try_sync(&registry, CONNECTION, &waiting).await
    };
    let script = async {
        waits.notified().await;
        registry.allow_all();
        operation.cancel.cancel();
    };
    // A lock that holds nobody back would leave the script waiting for ever.
    let all = async { tokio::join!(first, second, script) };
    let (first, second, ()) = tokio::time::timeout(PATIENCE, all)
        .await
        .expect("the second waits for the first");
    assert!(matches!(first, Err(CatalogError::Cancelled)));
    assert_eq!(second.expect("it has the lock now").tags, 1);
    assert_eq!(
        seen.tags("team/model"),
        ["1.0"],
        "the first process sees what the second wrote"
    );
    assert!(!seen.index.is_syncing(&ConnectionId::from(CONNECTION)));
    assert_ne!(other.index.data_version().expect("a number"), before);
    let quiet = seen.index.data_version().expect("a number");
    assert_eq!(seen.index.data_version().expect("a number"), quiet, "nobody wrote");
}

#[tokio::test]
async fn who_waits_for_the_lock_can_be_cancelled() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0"]);
    let other = seen.opened_again();
    registry.hold("GET team/model:1.0");
    let (first, waiting) = (Operation::unobserved(), Operation::unobserved());
    let script = async {
        registry.reached.notified().await;
        waiting.cancel.cancel();
        let outcome = other.try_sync(&registry, CONNECTION, &waiting).await;
        first.cancel.cancel();
        outcome
    };
    let (_, outcome) = tokio::join!(seen.try_sync(&registry, CONNECTION, &first), script);
    assert!(matches!(outcome, Err(CatalogError::Cancelled)), "{outcome:?}");
}

#[tokio::test]
async fn what_is_forgotten_waits_for_another_process_but_not_for_ever() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0"]);
    let other = seen.opened_again();
    registry.hold("GET team/model:1.0");
    let operation = Operation::unobserved();
    let connection = ConnectionId::from(CONNECTION);
    let script = async {
        registry.reached.notified().await;
        let locks = Locks::beside(&seen.folder.path().join("index.sqlite"));
        let refused = lock::keep_out(other.index.store(), &locks, &connection, Duration::ZERO).await;
        assert!(matches!(refused, Err(CatalogError::Syncing)), "{refused:?}");
        operation.cancel.cancel();
        let kept_out = other.index.keep_out(&connection).await.expect("it has ended");
        other.index.forget(&kept_out).expect("forgotten");
    };
    let both = async { tokio::join!(seen.try_sync(&registry, CONNECTION, &operation), script) };
    let (outcome, ()) = tokio::time::timeout(PATIENCE, both)
        .await
        .expect("nobody waits for ever");
    assert!(matches!(outcome, Err(CatalogError::Cancelled)), "{outcome:?}");
    assert!(seen.index.connections().expect("rows").is_empty());
}
