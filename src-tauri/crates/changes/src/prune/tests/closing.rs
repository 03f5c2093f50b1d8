//! Versions whole, what goes along, and what is needed.

use super::{Repository, plan, repository::*, tags_that_go};
use crate::Unreadable;

#[test]
fn a_version_stays_whole_if_one_of_its_tags_stays() {
    for (other, policy) in [
        ("latest", "older_than = \"1d\""),
        ("golden", "older_than = \"1d\"; keep = [\"golden\"]"),
        ("other", "match = \"v*\""),
    ] {
        let mut repository = Repository::of_images(&[("v1", 9), ("v2", 9)]);
        repository.tag(other, "v1");
        let plan = repository.plan(policy);
        assert_eq!(tags_that_go(&plan), ["v2"], "{policy}");
        let expected = format!("v1: same version as {other}");
        assert!(kept(&plan).contains(&expected), "{:?}", kept(&plan));
        assert!(!deletes(&plan, "v1") && deletes(&plan, "v2"));
    }
}

#[test]
fn each_tag_lets_a_tag_go_while_its_version_stays() {
    let mut repository = Repository::of_images(&[("v1", 9), ("v2", 9)]);
    repository.tag("latest", "v1");
    let plan = repository.plan("older_than = \"1d\"; each_tag = true");
    assert_eq!(tags_that_go(&plan), ["v1", "v2"]);
    assert!(!deletes(&plan, "v1") && deletes(&plan, "v2"));
}

#[test]
fn what_belongs_to_a_version_goes_with_it() {
    let mut repository = Repository::new();
    repository
        .image("amd64", Some(9))
        .image("arm64", Some(9))
        .index("v1", Some(9), &["amd64", "arm64"])
        .tag("v1", "v1")
        .referrer("sbom", "v1")
        .referrer("signature of sbom", "sbom")
        .listed_referrer("scan of amd64", "amd64")
        .image("cosign", None)
        .attached_tag("v1", ".sig", "cosign")
        .index("fallback", None, &["sbom"])
        .attached_tag("v1", "", "fallback");
    let plan = repository.plan("older_than = \"1d\"");
    for name in [
        "v1",
        "amd64",
        "arm64",
        "sbom",
        "signature of sbom",
        "scan of amd64",
        "cosign",
        "fallback",
    ] {
        assert!(deletes(&plan, name), "{name} stays");
    }
    assert_eq!(plan.deleted_tags, 1, "signature tags are not counted");
    assert!(plan.protected.is_empty());
}

#[test]
fn what_something_that_stays_needs_stays() {
    let mut repository = Repository::new();
    repository
        .image("shared", Some(9))
        .image("own", Some(9))
        .index("old", Some(9), &["shared", "own"])
        .index("new", Some(0), &["shared"])
        .tag("old", "old")
        .tag("new", "new")
        .referrer("scan of shared", "shared")
        .image("cosign", None)
        .attached_tag("shared", ".sig", "cosign");
    let plan = repository.plan("older_than = \"1d\"");
    assert!(deletes(&plan, "old") && deletes(&plan, "own"));
    let new = digest("new");
    let shared = digest("shared");
    assert_eq!(protection(&plan, "shared"), Some(format!("part of {}", new.short())));
    let belongs = Some(format!("belongs to {}", shared.short()));
    assert_eq!(protection(&plan, "scan of shared"), belongs);
    assert_eq!(protection(&plan, "cosign"), belongs);
    assert_eq!(plan.steps.len(), 3, "{:?}", plan.steps);
}

#[test]
fn a_tagged_part_of_what_stays_loses_its_tag_only() {
    let mut repository = Repository::new();
    repository
        .image("amd64", Some(9))
        .index("v1", Some(0), &["amd64"])
        .tag("v1", "v1")
        .tag("v1-amd64", "amd64");
    let plan = repository.plan("older_than = \"1d\"");
    assert_eq!(tags_that_go(&plan), ["v1-amd64"]);
    assert!(!deletes(&plan, "amd64"));
    assert!(protection(&plan, "amd64").expect("protected").starts_with("part of"));
}

#[test]
fn a_part_or_referrer_that_is_tagged_by_itself_stays() {
    let mut repository = Repository::new();
    repository
        .image("amd64", Some(0))
        .index("v1", Some(9), &["amd64"])
        .tag("v1", "v1")
        .tag("young", "amd64")
        .referrer("sbom", "v1")
        .tag("sbom", "sbom");
    let plan = repository.plan("older_than = \"1d\"");
    assert_eq!(tags_that_go(&plan), ["v1"]);
    assert_eq!(protection(&plan, "amd64"), Some("tagged young".to_owned()));
    assert_eq!(protection(&plan, "sbom"), Some("tagged sbom".to_owned()));
}

#[test]
fn what_an_untagged_manifest_that_stays_needs_stays() {
    let mut repository = Repository::of_images(&[("v1", 9)]);
    repository.index("pinned by digest", Some(9), &["v1"]);
    let plan = repository.plan("older_than = \"1d\"");
    assert!(!deletes(&plan, "v1"));
    assert_eq!(tags_that_go(&plan), ["v1"]);
    let plan = repository.plan("older_than = \"1d\"; untagged = true");
    assert!(deletes(&plan, "v1") && deletes(&plan, "pinned by digest"));
}

#[test]
fn leftovers_go_by_age_and_only_if_nothing_needs_them() {
    let mut repository = Repository::new();
    repository
        .image("part", Some(40))
        .index("v1", Some(40), &["part"])
        .tag("v1", "v1")
        .image("old", Some(40))
        .image("young", Some(3))
        .image("unknown", None)
        .index("old index", Some(40), &["attestation"])
        .image("attestation", None)
        .referrer("signature of the attestation", "attestation");
    let plan = repository.plan("untagged = true; older_than = \"30d\"; keep = [\"v1\"]");
    for (name, goes) in [
        ("old", true),
        ("young", false),
        ("unknown", false),
        ("part", false),
        ("old index", true),
    ] {
        assert_eq!(deletes(&plan, name), goes, "{name}");
    }
    assert!(deletes(&plan, "attestation"), "it belongs to what goes");
    assert!(deletes(&plan, "signature of the attestation"));
    let young = Some("too young, or of unknown age".to_owned());
    assert_eq!(protection(&plan, "young"), young);
    assert_eq!(protection(&plan, "unknown"), young);
    assert!(protection(&plan, "part").expect("protected").starts_with("part of"));
    let plan = repository.plan("untagged = true");
    assert!(deletes(&plan, "young") && deletes(&plan, "unknown") && !deletes(&plan, "part"));
    let plan = repository.plan("untagged = true; not_pulled_for = \"1d\"");
    assert!(plan.steps.is_empty(), "nobody tells of their pulls");
}

#[test]
fn signature_tags_of_what_is_not_here_stay() {
    let mut repository = Repository::of_images(&[("v1", 9)]);
    repository.attached_tag("of another repository", ".sig", "v1");
    let plan = repository.plan("older_than = \"1d\"; untagged = true");
    assert!(plan.steps.is_empty());
    assert!(kept(&plan)[0].starts_with("v1: same version as sha256-"));
}

#[test]
fn a_signature_tag_goes_with_its_subject_even_if_its_manifest_stays() {
    let mut repository = Repository::of_images(&[("old", 9), ("new", 0)]);
    repository
        .image("cosign", None)
        .attached_tag("old", ".sig", "cosign")
        .attached_tag("new", ".sig", "cosign");
    let plan = repository.plan("older_than = \"1d\"");
    assert!(!deletes(&plan, "cosign"));
    assert_eq!(tags_that_go(&plan), ["old".to_owned(), attached("old", ".sig")]);
    assert_eq!(plan.deleted_tags, 1);
    let plan = repository.plan("match = \"?*\"");
    assert!(deletes(&plan, "cosign"), "both its subjects go");
}

#[test]
fn a_fallback_tag_that_cuts_a_long_digest_belongs_to_it() {
    let long: artifact::Digest = format!("sha512:{}", "ab".repeat(64)).parse().expect("a digest");
    let mut repository = Repository::of_images(&[("v1", 0)]);
    repository.image("list", None);
    let manifest = crate::SnapshotManifest {
        created: Some(days_ago(9)),
        ..Default::default()
    };
    repository.0.manifests.insert(long.clone(), manifest);
    repository
        .tag("long", "v1")
        .tag(artifact::Tag::of_referrers(&long).as_str(), "list");
    repository.0.tags[1].digest = long;
    let plan = repository.plan("older_than = \"1d\"");
    assert!(deletes(&plan, "list"));
}

#[test]
fn cycles_end() {
    let mut repository = Repository::new();
    repository
        .index("a", Some(9), &["b"])
        .index("b", Some(9), &["c", "b"])
        .index("c", Some(9), &["a"])
        .listed_referrer("a", "c")
        .attached_tag("a", "", "b")
        .tag("v1", "a");
    let plan = repository.plan("older_than = \"1d\"");
    assert!(["a", "b", "c"].into_iter().all(|name| deletes(&plan, name)));
    repository.tag("latest", "c");
    let plan = repository.plan("older_than = \"1d\"");
    assert_eq!(plan.steps.len(), 1, "only the tag on a goes: {:?}", plan.steps);
}

#[test]
fn an_unreadable_repository_is_left_alone_and_others_are_not() {
    let mut broken = Repository::of_images(&[("v1", 9), ("v2", 9)]);
    broken.0.unreadable.push(Unreadable {
        at: broken.0.at.clone(),
        reference: "v3".to_owned(),
        problem: "500".to_owned(),
    });
    let whole = Repository::at("registry", "another/model");
    let mut whole = Repository(crate::Snapshot {
        manifests: broken.0.manifests.clone(),
        ..whole.0
    });
    whole.tag("v1", "v1").tag("v2", "v2");
    let plan = plan(&[&broken, &whole], "match = \"v1\"");
    assert_eq!(kept(&plan), ["v1: the repository could not be read in full"]);
    assert_eq!(plan.unreadable.len(), 1);
    assert_eq!(tags_that_go(&plan), ["v1"]);
    assert!(plan.steps.iter().all(|step| step.at == whole.0.at));
    assert_eq!(plan.reclaimed.bytes(), 0, "the other repository still needs the layer");
}

#[test]
fn a_snapshot_with_a_hole_counts_as_unreadable() {
    let hole = |change: fn(&mut Repository)| {
        let mut repository = Repository::of_images(&[("v1", 9)]);
        change(&mut repository);
        let plan = repository.plan("older_than = \"1d\"");
        assert!(plan.steps.is_empty() && plan.unreadable.len() == 1, "{plan:?}");
        assert!(
            kept(&plan)
                .iter()
                .all(|kept| kept.ends_with("could not be read in full"))
        );
    };
    hole(|repository| {
        repository.tag("v2", "absent");
    });
    hole(|repository| {
        repository.index("v1", Some(9), &["absent"]);
    });
    hole(|repository| {
        repository
            .0
            .manifests
            .get_mut(&digest("v1"))
            .expect("there")
            .referrers
            .push(digest("absent"));
    });
    hole(|repository| repository.0.untagged.push(digest("absent")));
    hole(|repository| {
        repository.image("other", Some(9)).tag("v1", "other");
    });
}

#[test]
fn a_subject_need_not_exist() {
    let mut repository = Repository::of_images(&[("v1", 9)]);
    repository.referrer("v1", "absent");
    assert_eq!(tags_that_go(&repository.plan("older_than = \"1d\"")), ["v1"]);
}
