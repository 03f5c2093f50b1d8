//! Counting per group.

use super::{Repository, tags_that_go};

fn branches() -> Repository {
    Repository::of_images(&[
        ("main-1", 5),
        ("main-2", 4),
        ("dev-1", 3),
        ("dev-2", 2),
        ("1", 9),
        ("2", 8),
    ])
}

#[test]
fn each_group_keeps_its_own_newest() {
    let plan = branches().plan("keep_last = 1; group_by = '^([a-z]+)-'");
    assert_eq!(tags_that_go(&plan), ["1", "dev-1", "main-1"]);
    let plan = branches().plan("keep_last = 1; group_by = '^[a-z]+'");
    assert_eq!(tags_that_go(&plan), ["1", "dev-1", "main-1"]);
    let plan = branches().plan("keep_last = 1");
    assert_eq!(tags_that_go(&plan).len(), 5);
}

#[test]
fn a_version_takes_a_place_in_each_of_its_groups() {
    let mut repository = branches();
    repository.tag("main-3", "dev-2");
    let plan = repository.plan("keep_last = 1; group_by = '^([a-z]+)-'");
    assert_eq!(tags_that_go(&plan), ["1", "dev-1", "main-1", "main-2"]);
}
