//! What is asked, and how often.

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use registry::{Operation, ProgressEvent, Registry};

use crate::{
    CatalogError, ConnectionId, Scope, Sync,
    double::{CONNECTION, MemoryRegistry, Seen, name, query},
    store::held,
};

#[tokio::test]
async fn a_new_repository_is_read_with_one_get_per_tag_and_one_per_config() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0.0", "1.1.0", "2.0.0"]);
    let report = seen.sync(&registry).await;
    assert_eq!(
        (report.repositories, report.tags, report.new, report.moved, report.gone),
        (1, 3, 3, 0, 0)
    );
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    assert_eq!(seen.tags("team/model"), ["2.0.0", "1.1.0", "1.0.0"]);
    assert_eq!(registry.asked("GET").len(), 3);
    assert_eq!(registry.asked("BLOB").len(), 3);
    assert_eq!(registry.asked("HEAD").len(), 0, "a tag never seen is read at once");
    let row = &seen.rows("team/model")[0];
    assert_eq!(
        (row.layer_count, row.pending, row.platforms.clone()),
        (2, false, vec!["linux/amd64".to_owned()])
    );
    assert!(row.size.is_some_and(|size| size.bytes() > 1010));
}

#[tokio::test]
async fn an_unchanged_repository_costs_one_head_per_tag() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0.0", "1.1.0", "2.0.0", "latest"]);
    seen.sync(&registry).await;
    registry.forget_questions();
    let before = seen.index.versions(&query("team/model")).expect("a view");
    seen.wait(TimeDelta::hours(1));
    let report = seen.sync(&registry).await;
    let after = seen.index.versions(&query("team/model")).expect("a view");
    assert_eq!(after.revision, before.revision, "nothing has to be shown anew");
    assert_eq!(
        (before.synced, after.synced),
        (Some(seen.now() - TimeDelta::hours(1)), Some(seen.now()))
    );
    assert_eq!((report.new, report.moved, report.gone), (0, 0, 0));
    assert_eq!(registry.asked("HEAD").len(), 4);
    assert_eq!(
        report.requests,
        4 + 2,
        "the listings of repositories and of tags, and nothing else"
    );
    assert_eq!(registry.asked("").len(), 6, "{:?}", registry.asked(""));
}

#[tokio::test]
async fn what_is_known_by_digest_is_never_read_again() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let shared = registry.two_platforms(&[("base", 100)]);
    registry.tag("one", "1.0", &shared);
    registry.tag("one", "stable", &shared);
    registry.tag("two", "1.0", &shared);
    seen.sync(&registry).await;
    // Two platforms with a config each; the tags come with their bytes, whatever is known by then.
    assert_eq!(of_digests(&registry), 4, "{:?}", registry.asked(""));
    registry.tag("three", "1.0", &shared);
    registry.forget_questions();
    seen.sync(&registry).await;
    assert_eq!(of_digests(&registry), 0, "{:?}", registry.asked(""));
    assert_eq!(seen.rows("three")[0].platforms, ["linux/amd64", "linux/arm64"]);
}

#[tokio::test]
async fn only_an_unknown_digest_is_read_for_a_tag_that_moved() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let versions = registry.fill("team/model", &["1.0", "2.0"]);
    registry.tag("team/model", "latest", &versions[0]);
    seen.sync(&registry).await;
    registry.tag("team/model", "latest", &versions[1]);
    registry.forget_questions();
    seen.sync(&registry).await;
    assert_eq!(
        registry.asked("GET").len() + registry.asked("BLOB").len(),
        0,
        "2.0 is known"
    );
    let third = registry.image(&[("third", 5)], &[]);
    registry.tag("team/model", "latest", &third);
    registry.forget_questions();
    seen.sync(&registry).await;
    assert_eq!(registry.asked("GET"), [format!("GET team/model@{}", third.digest)]);
    assert_eq!(registry.asked("BLOB").len(), 1);
}

#[tokio::test]
async fn where_a_get_counts_as_a_pull_every_tag_is_looked_at_by_head() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let versions = registry.fill("team/model", &["1.0", "2.0"]);
    registry.tag("team/model", "latest", &versions[1]);
    registry.count_gets_as_pulls();
    seen.sync(&registry).await;
    assert_eq!(registry.asked("HEAD").len(), 3);
    assert_eq!(registry.asked("GET").len(), 2, "each digest once");
    assert!(registry.asked("GET").iter().all(|asked| asked.contains("@sha256:")));
}

#[tokio::test]
async fn connections_are_read_side_by_side_and_apart() {
    let (seen, one, two) = (Seen::new(), MemoryRegistry::new(), MemoryRegistry::new());
    one.fill("team/model", &["1.0"]);
    two.fill("team/model", &["2.0", "3.0"]);
    one.hold("GET");
    let (first, second) = (Operation::unobserved(), Operation::unobserved());
    let script = async {
        one.reached.notified().await;
        // The first stands in the middle of its reading, with its lock and its rows.
        let read = seen.try_sync(&two, "c2", &second).await;
        first.cancel.cancel();
        read.expect("it waits for nobody")
    };
    let (_, report) = tokio::join!(seen.try_sync(&one, CONNECTION, &first), script);
    assert_eq!(report.tags, 2);
    one.allow_all();
    seen.sync(&one).await;
    assert_eq!(seen.tags("team/model"), ["1.0"]);
    let rows = seen.index.connections().expect("rows");
    assert_eq!(
        rows.iter()
            .map(|row| (row.connection.as_str(), row.tags))
            .collect::<Vec<_>>(),
        [("c1", 1), ("c2", 2)]
    );
}

#[tokio::test]
async fn progress_is_told_from_the_first_tag_to_the_last() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let tags: Vec<String> = (0..60).map(|number| format!("1.{number}")).collect();
    registry.fill("team/model", &tags.iter().map(String::as_str).collect::<Vec<_>>());
    let told = Arc::new(Mutex::new(Vec::<(String, u64, Option<u64>)>::new()));
    let teller = Arc::clone(&told);
    let operation = Operation::observed(move |event| {
        if let ProgressEvent::Step { what, done, total } = event {
            held(&teller).push((what.clone(), *done, *total));
        }
    });
    seen.try_sync(&registry, CONNECTION, &operation).await.expect("read");
    let told = held(&told);
    let tags: Vec<u64> = told
        .iter()
        .filter(|(what, ..)| what == "team/model")
        .map(|(_, done, _)| *done)
        .collect();
    assert_eq!(tags, [0, 25, 50, 60]);
    assert!(told.contains(&("repositories".to_owned(), 1, Some(1))));
}

#[tokio::test]
async fn a_single_repository_is_read_without_listing_the_others() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("one", &["1.0"]);
    registry.fill("two", &["1.0"]);
    let connection = ConnectionId::from(CONNECTION);
    let source: Arc<dyn Registry> = Arc::<MemoryRegistry>::clone(&registry);
    let sync = Sync {
        connection: &connection,
        registry: source,
        pinned: &[],
        scope: Scope::Repository(name("two")),
        first: None,
        now: seen.clock(),
    };
    let report = seen
        .index
        .sync(sync, &Operation::unobserved())
        .await
        .expect("it is read");
    assert_eq!((report.repositories, report.tags), (1, 1));
    assert!(registry.asked("REPOSITORIES").is_empty() && registry.asked("TAGS one").is_empty());
    assert!(
        seen.index
            .repository(&connection, &name("one"))
            .expect("read")
            .is_none()
    );
}

#[tokio::test]
async fn what_somebody_looks_at_is_read_before_all_others() {
    let seen = Seen::new();
    let connection = ConnectionId::from(CONNECTION);
    for first in ["one", "three", "five"] {
        let registry = MemoryRegistry::new();
        for repository in ["one", "two", "three", "four", "five"] {
            registry.fill(repository, &["1.0", "2.0"]);
        }
        let source: Arc<dyn Registry> = Arc::<MemoryRegistry>::clone(&registry);
        let wanted = name(first);
        let sync = Sync {
            connection: &connection,
            registry: source,
            pinned: &[],
            scope: Scope::All,
            first: Some(&wanted),
            now: seen.clock(),
        };
        let report = seen.index.sync(sync, &Operation::unobserved()).await.expect("read");
        assert_eq!((report.repositories, report.tags), (5, 10));
        let mut asked = registry.asked("");
        // What points at versions is asked for at the end.
        asked.retain(|question| !question.starts_with("REFERRERS"));
        let is_first = |question: &&String| question.contains(&format!(" {first}"));
        let last_of_first = asked.iter().rposition(|question| is_first(&question));
        let first_of_others = asked
            .iter()
            .position(|question| question != "REPOSITORIES" && !is_first(&question));
        assert!(asked.iter().filter(is_first).count() >= 3, "{asked:?}");
        assert!(
            last_of_first.is_some() && last_of_first < first_of_others,
            "{first} is not first: {asked:?}"
        );
    }
}

#[tokio::test]
async fn what_is_looked_at_and_not_there_holds_up_nothing() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("one", &["1.0"]);
    let connection = ConnectionId::from(CONNECTION);
    let source: Arc<dyn Registry> = Arc::<MemoryRegistry>::clone(&registry);
    let absent = name("absent");
    let sync = Sync {
        connection: &connection,
        registry: source,
        pinned: &[],
        scope: Scope::All,
        first: Some(&absent),
        now: seen.clock(),
    };
    let report = seen.index.sync(sync, &Operation::unobserved()).await.expect("read");
    assert_eq!((report.repositories, report.problems.len()), (1, 0));
    assert!(registry.asked("TAGS absent").is_empty());
}

fn of_digests(registry: &MemoryRegistry) -> usize {
    let by_digest = |asked: &&String| asked.contains("@sha256:") && !asked.starts_with("REFERRERS");
    registry.asked("").iter().filter(by_digest).count()
}

#[tokio::test]
async fn a_version_without_a_tag_is_read_when_it_is_asked_for() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0"]);
    seen.sync(&registry).await;
    let left = registry.two_platforms(&[("left", 7)]);
    let known = |seen: &Seen| {
        let found = seen
            .index
            .version(&CONNECTION.into(), &name("team/model"), &left.digest, seen.now());
        found.expect("the index answers")
    };
    assert!(known(&seen).is_none());
    registry.forget_questions();
    seen.read_version(&registry, "team/model", &left.digest)
        .await
        .expect("the registry has it");
    let record = known(&seen).expect("it was read");
    assert_eq!(record.summary.platforms.len(), 2);
    assert!(record.tags.is_empty());
    assert_eq!(registry.asked("TAGS"), Vec::<String>::new(), "nothing else was read");
    assert_eq!(seen.tags("team/model"), ["1.0"], "the list holds what has tags");

    let missing = registry.blob_of(b"no manifest").0;
    let error = seen.read_version(&registry, "team/model", &missing).await;
    assert!(matches!(error, Err(CatalogError::Registry(_))), "{error:?}");
}
