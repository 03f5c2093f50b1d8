//! A large repository is planned in one go. How fast is for `make bench`; run with `--ignored --nocapture` to see it.

use std::time::Instant;

use super::repository::{now, policies};
use crate::{Plan, ProtectedTags, Pruning, Snapshot, plan_prune, synthetic};

fn planned(snapshot: &Snapshot) -> Plan {
    let policies = policies("keep_last = 50; keep_last_releases = 20; older_than = \"30d\"; untagged = true");
    let pruning = Pruning {
        snapshot,
        policies: policies.iter().collect(),
    };
    plan_prune(&[pruning], &ProtectedTags::default(), now())
}

#[test]
fn a_large_repository_is_planned_in_full() {
    let snapshot = synthetic::snapshot(1_000, now()).expect("names");
    let ordinary = snapshot.tags.iter().filter(|seen| !seen.tag.is_referrer_name()).count();
    assert_eq!((ordinary, snapshot.manifests.len()), (1_000, 2_600));
    let plan = planned(&snapshot);
    assert_eq!(plan.kept.len() as u64 + plan.deleted_tags, 1_000);
    assert!(plan.deleted_tags > 0 && plan.reclaimed.bytes() > 0);
}

#[test]
#[ignore = "takes the time that it shows"]
fn how_long_it_takes() {
    for tags in [5_000, 10_000, 20_000] {
        let snapshot = synthetic::snapshot(tags, now()).expect("names");
        let start = Instant::now();
        let plan = planned(&snapshot);
        let taken = start.elapsed();
        assert!(!plan.steps.is_empty());
        #[expect(clippy::print_stderr, reason = "what the test is for")]
        {
            eprintln!("{tags} tags, {} manifests: {taken:?}", snapshot.manifests.len());
        }
    }
}
