//! What a plan means, version by version.

use artifact::{ByteSize, Kind};

use super::repository::{Repository, digest, now, policies, tag};
use crate::{Chosen, Explanation, GoReason, GoingVersion, Plan, ProtectedTags, Pruning, explain_delete, explain_prune};

fn explained(repositories: &[&Repository], rules: &str) -> (Plan, Explanation) {
    let policies = policies(rules);
    let prunings: Vec<_> = repositories
        .iter()
        .map(|repository| Pruning {
            snapshot: &repository.0,
            policies: policies.iter().collect(),
        })
        .collect();
    let plan = crate::plan_prune(&prunings, &ProtectedTags::default(), now());
    let explanation = explain_prune(&prunings, &plan, now());
    (plan, explanation)
}

fn version<'a>(explanation: &'a Explanation, name: &str) -> &'a GoingVersion {
    let found = explanation.versions.iter().find(|one| one.digest == digest(name));
    found.unwrap_or_else(|| panic!("{name} is not told"))
}

/// `1.0` and `1.1` are indexes that share a layer with each other and another one with `2.0`, which stays.
fn indexes() -> Repository {
    let mut repository = Repository::new();
    for name in ["1.0", "1.1", "2.0"] {
        let child = format!("child of {name}");
        repository.image(&child, None).layer(&child, "base", 1_000);
        let days = if name == "2.0" { 1 } else { 100 };
        repository.index(name, Some(days), &[&child]).tag(name, name);
    }
    for name in ["1.0", "1.1"] {
        repository.layer(&format!("child of {name}"), "shared by two", 100);
        let signature = format!("signature of {name}");
        repository.referrer(&signature, name).layer(&signature, &signature, 1);
        repository.attached_tag(name, ".sig", &signature);
        let manifest = repository.0.manifests.get_mut(&digest(&signature));
        manifest.expect("it was just made").points_as = Some(Kind::Signature);
    }
    repository
}

#[test]
fn what_goes_along_is_counted_and_sizes_add_up() {
    let (plan, explanation) = explained(&[&indexes()], "older_than = \"30d\"");
    let names: Vec<_> = explanation
        .versions
        .iter()
        .map(|version| version.tags.clone())
        .collect();
    assert_eq!(names, [vec![tag("1.1")], vec![tag("1.0")]], "the highest first");
    let one = version(&explanation, "1.0");
    assert_eq!((one.along.platforms, one.along.signatures, one.along.others), (1, 1, 0));
    assert_eq!(one.size, ByteSize(10 + 1_000 + 100 + 1));
    let freed: Vec<u64> = one.freed.iter().map(|(_, size)| size.bytes()).collect();
    assert_eq!(freed.iter().sum::<u64>(), 111, "the base stays in use: {freed:?}");
    assert_eq!(one.only_here, ByteSize(11));
    assert_eq!(one.why, [GoReason::Age(100)]);
    let alone: u64 = explanation
        .versions
        .iter()
        .map(|version| version.only_here.bytes())
        .sum();
    assert_eq!(plan.reclaimed.bytes() - alone, 100, "shared, but only among these");
    assert_eq!(explanation.stored, ByteSize(3 * 10 + 1_000 + 100 + 2));
    let mut steps: Vec<usize> = explanation.versions.iter().flat_map(|one| one.steps.clone()).collect();
    steps.sort_unstable();
    assert_eq!(steps, (0..plan.steps.len()).collect::<Vec<_>>(), "each step once");
}

#[test]
fn a_blob_of_two_repositories_counts_once() {
    let mut one = Repository::at("registry", "a");
    one.image("x", Some(100)).layer("x", "both", 50).tag("1.0", "x");
    let mut other = Repository::at("registry", "b");
    other.image("y", Some(100)).layer("y", "both", 50).tag("1.0", "y");
    let (plan, explanation) = explained(&[&one, &other], "older_than = \"30d\"");
    assert_eq!((plan.reclaimed, explanation.stored), (ByteSize(70), ByteSize(70)));
    assert!(
        explanation
            .versions
            .iter()
            .all(|version| version.only_here == ByteSize(10))
    );
}

#[test]
fn each_rule_says_why() {
    let images = [("1.0.0", 200), ("1.1.0-rc.1", 150), ("pr-7", 100), ("1.1.0", 1)];
    let rules = "keep_last_releases = 1; older_than = \"30d\"";
    let (_, explanation) = explained(&[&Repository::of_images(&images)], rules);
    let why = |name: &str| version(&explanation, name).why.clone();
    assert_eq!(why("1.0.0"), [GoReason::NotOfLastReleases(1), GoReason::Age(200)]);
    assert_eq!(why("1.1.0-rc.1"), [GoReason::PreRelease, GoReason::Age(150)]);
    assert_eq!(why("pr-7"), [GoReason::NoRelease, GoReason::Age(100)]);
    let (_, explanation) = explained(&[&Repository::of_images(&images)], "match = \"pr-*\"; keep_last = 0");
    let expected = [GoReason::NotOfLast(0), GoReason::Matches("pr-*".to_owned())];
    assert_eq!(version(&explanation, "pr-7").why, expected);
}

#[test]
fn a_tag_that_goes_alone_frees_nothing() {
    let mut repository = Repository::of_images(&[("1.0", 100)]);
    repository.tag("production", "1.0");
    let (_, explanation) = explained(&[&repository], "match = \"1.0\"; each_tag = true");
    let one = version(&explanation, "1.0");
    assert!(!one.whole && one.freed.is_empty() && one.steps == [0] && one.tags == [tag("1.0")]);
}

#[test]
fn leftovers_and_circles_are_told_once() {
    let mut repository = Repository::of_images(&[("1.0", 1)]);
    repository.image("leftover", Some(90)).referrer("note", "leftover");
    repository
        .listed_referrer("ring", "rung")
        .listed_referrer("rung", "ring");
    repository.0.untagged = ["leftover", "note", "ring", "rung"].map(digest).to_vec();
    let (plan, explanation) = explained(&[&repository], "untagged = true");
    assert_eq!(plan.steps.len(), 4);
    assert_eq!(explanation.versions.len(), 2, "a leftover with its note, and a circle");
    assert_eq!(version(&explanation, "leftover").along.others, 1);
    assert_eq!(version(&explanation, "leftover").why, [GoReason::Untagged]);
}

#[test]
fn a_choice_by_hand_says_so() {
    let repository = Repository::of_images(&[("1.0", 1), ("2.0", 1)]);
    let chosen = Chosen {
        tags: vec![tag("1.0")],
        ..Chosen::default()
    };
    let plan = crate::plan_delete(&repository.0, &chosen, &ProtectedTags::default()).expect("it is there");
    let explanation = explain_delete(&repository.0, &plan, now());
    assert_eq!(version(&explanation, "1.0").why, [GoReason::Chosen]);
}

#[test]
fn tags_that_are_no_releases_are_warned_of_where_releases_alone_are_kept() {
    let repository = Repository::of_images(&[("1.0.0", 9), ("1.1.0", 8), ("1.1.0-rc.1", 8), ("pr-7", 7), ("main", 1)]);
    let warned = |rules: &str| {
        let (plan, _) = explained(&[&repository], rules);
        plan.warnings
            .iter()
            .find(|warning| warning.contains("no release"))
            .cloned()
    };
    let warning = warned("keep_last_releases = 1").expect("two names are no releases");
    assert!(warning.contains("2 tags") && warning.contains("--keep"), "{warning}");
    assert_eq!(warned("keep_last_releases = 1; older_than = \"2d\""), None);
    assert_eq!(warned("keep_last_releases = 1; keep = [\"pr-*\", \"main\"]"), None);
    assert_eq!(warned("keep_last = 1"), None);
}
