//! Which tags each rule lets go.

use super::{Repository, repository::*, tags_that_go};

/// Plans one policy and expects these tags to go; every other tag is kept.
#[track_caller]
fn assert_goes(repository: &Repository, rules: &str, expected: &[&str]) {
    let plan = repository.plan(rules);
    assert_eq!(tags_that_go(&plan), expected, "{rules}; kept: {:?}", kept(&plan));
    assert_eq!(plan.deleted_tags, expected.len() as u64);
}

fn nightlies() -> Repository {
    Repository::of_images(&[("n1", 1), ("n2", 2), ("n3", 3), ("n10", 10), ("n20", 20)])
}

#[test]
fn the_newest_stay() {
    let repository = nightlies();
    assert_goes(&repository, "keep_last = 2", &["n10", "n20", "n3"]);
    assert_goes(&repository, "keep_last = 0", &["n1", "n10", "n2", "n20", "n3"]);
    assert_goes(&repository, "keep_last = 5", &[]);
    let kept = kept(&repository.plan("keep_last = 2"));
    assert_eq!(kept, ["n1: one of the last 2", "n2: one of the last 2"]);
}

#[test]
fn only_what_is_considered_is_counted_and_shown() {
    let mut repository = nightlies();
    repository.image("x", Some(0)).tag("x", "x");
    let plan = repository.plan("match = \"n*\"; keep_last = 4");
    assert_eq!(tags_that_go(&plan), ["n20"]);
    assert_eq!(plan.kept.len(), 4, "x is not considered");
}

#[test]
fn tags_of_one_version_share_a_place() {
    let mut repository = nightlies();
    repository.tag("alias", "n1");
    assert_goes(&repository, "keep_last = 2", &["n10", "n20", "n3"]);
}

#[test]
fn ties_at_the_edge_and_unknown_times_stay() {
    let mut repository = Repository::of_images(&[("a", 1), ("b", 2), ("c", 2), ("d", 2), ("e", 3)]);
    repository.image("unknown", None).tag("unknown", "unknown");
    let plan = repository.plan("keep_last = 2");
    assert_eq!(tags_that_go(&plan), ["e"]);
    let kept = kept(&plan);
    assert_eq!(
        kept.iter().filter(|kept| kept.contains("as old as")).count(),
        2,
        "{kept:?}"
    );
    assert!(kept.contains(&"unknown: age unknown".to_owned()));
    assert_goes(&repository, "keep_last = 1", &["b", "c", "d", "e"]);
    assert_goes(&repository, "keep_last = 0", &["a", "b", "c", "d", "e"]);
}

#[test]
fn releases_are_counted_apart_from_all_other_names() {
    let mut repository = Repository::of_images(&[
        ("1.0.0", 9),
        ("1.1.0", 8),
        ("v1.2.0", 7),
        ("1.3.0-rc.1", 6),
        ("nightly", 1),
        ("1.2.0-onnx", 5),
    ]);
    repository.tag("1.1", "1.1.0");
    let goes = ["1.0.0", "1.2.0-onnx", "1.3.0-rc.1", "nightly"];
    assert_goes(&repository, "keep_last_releases = 2", &goes);
    // The highest, not the newest; an alias shares the place.
    repository.image("old", Some(99)).tag("2.0.0", "old");
    let plan = repository.plan("keep_last_releases = 2");
    assert_eq!(
        kept(&plan),
        [
            "2.0.0: one of the last 2 releases",
            "v1.2.0: one of the last 2 releases"
        ]
    );
}

#[test]
fn one_release_under_two_names_on_two_versions_is_a_tie() {
    let repository = Repository::of_images(&[("1.1.0", 1), ("1.0.0", 2), ("v1.0.0", 3), ("0.9.0", 4)]);
    let plan = repository.plan("keep_last_releases = 2");
    assert_eq!(tags_that_go(&plan), ["0.9.0"]);
}

#[test]
fn dates_are_no_releases() {
    let repository = Repository::of_images(&[("2024-01-01", 4), ("2024-01-02", 3), ("2024-01-03", 2), ("1.0.0", 9)]);
    assert_goes(
        &repository,
        "keep_last_releases = 1",
        &["2024-01-01", "2024-01-02", "2024-01-03"],
    );
}

#[test]
fn age_is_the_later_of_made_and_pushed() {
    let mut repository = Repository::new();
    for (name, made, pushed) in [
        ("old", Some(40), None),
        ("old and pushed", Some(40), Some(35)),
        ("pushed lately", Some(40), Some(5)),
        ("young", Some(5), Some(40)),
        ("only pushed", None, Some(40)),
        ("unknown", None, None),
        ("on the edge", Some(30), None),
    ] {
        let tag = name.replace(' ', "-");
        repository.image(name, made).tag_seen(&tag, name, pushed, None);
    }
    let plan = repository.plan("older_than = \"30d\"");
    assert_eq!(tags_that_go(&plan), ["old", "old-and-pushed", "only-pushed"]);
    assert_eq!(
        kept(&plan),
        [
            "on-the-edge: too young",
            "pushed-lately: too young",
            "unknown: age unknown",
            "young: too young"
        ]
    );
}

#[test]
fn a_pull_keeps_and_an_unknown_one_too() {
    let mut repository = Repository::new();
    for (name, pulled) in [("forgotten", Some(100)), ("used", Some(3)), ("unknown", None)] {
        repository.image(name, Some(200)).tag_seen(name, name, None, pulled);
    }
    let plan = repository.plan("not_pulled_for = \"90d\"");
    assert_eq!(tags_that_go(&plan), ["forgotten"]);
    assert_eq!(kept(&plan), ["unknown: last pull unknown", "used: pulled lately"]);
}

#[test]
fn every_rule_has_to_let_a_tag_go() {
    let repository = nightlies();
    assert_goes(&repository, "keep_last = 1; older_than = \"5d\"", &["n10", "n20"]);
    assert_goes(&repository, "keep_last = 4; older_than = \"1d\"", &["n20"]);
    assert_goes(&repository, "match = \"n?\"", &["n1", "n2", "n3"]);
    assert_goes(&repository, "match = \"n*\"; keep = [\"n1*\"]", &["n2", "n20", "n3"]);
}

#[test]
fn patterns_releases_and_protected_tags_stay() {
    let names = [
        "production",
        "latest",
        "1.0.0",
        "1.1.0-rc.1",
        "golden-3",
        "junk",
        "1.0.0-onnx",
    ];
    let repository = Repository::of_images(&names.map(|name| (name, 50)));
    let plan = repository.plan("older_than = \"1d\"; keep = [\"golden-*\"]; keep_semver = true");
    assert_eq!(tags_that_go(&plan), ["1.1.0-rc.1", "junk"]);
    assert_eq!(
        kept(&plan),
        [
            "1.0.0-onnx: a release",
            "1.0.0: a release",
            "golden-3: matches golden-*",
            "latest: protected",
            "production: protected"
        ]
    );
}

#[test]
fn without_a_rule_no_tag_goes() {
    let mut repository = nightlies();
    repository.image("left over", Some(9));
    let plan = repository.plan("untagged = true");
    assert_eq!(tags_that_go(&plan), [""; 0]);
    assert_eq!(plan.kept.len(), 5);
    assert!(kept(&plan).iter().all(|kept| kept.ends_with("no rule lets it go")));
    assert!(deletes(&plan, "left over"));
}

#[test]
fn several_policies_have_to_agree_where_they_meet() {
    let repository = nightlies();
    let rules = "[[policy]]\nkeep_last = 1\n[[policy]]\nmatch = \"n?\"\nolder_than = \"3d\"\n";
    assert_goes(&repository, rules, &["n10", "n20"]);
    let rules = "[[policy]]\nmatch = \"n?\"\nkeep_last = 1\n[[policy]]\nmatch = \"n??\"\n";
    assert_goes(&repository, rules, &["n10", "n2", "n20", "n3"]);
}

#[test]
fn signature_tags_are_never_considered() {
    let mut repository = nightlies();
    repository
        .image("signature", Some(1))
        .attached_tag("gone", ".sig", "signature");
    let plan = repository.plan("match = \"?*\"");
    assert_eq!(plan.deleted_tags, 5);
    assert!(plan.kept.is_empty() && !deletes(&plan, "signature"));
}
