//! Which steps each registry gets, in which order, and what is said of them.

use registry::{DeleteRules, DigestDelete, TagDelete, Undo};

use super::{Repository, plan, repository::*, tags_that_go};
use crate::{Action, Plan, Step};

/// `delete-tag v1`, `delete-manifest`, with the names of the tags, in order.
fn actions(plan: &Plan) -> Vec<String> {
    let told = plan.steps.iter().map(|step| {
        let tags: Vec<&str> = step.tags.iter().map(artifact::Tag::as_str).collect();
        format!("{} {}", step.action.as_str(), tags.join(" ")).trim().to_owned()
    });
    told.collect()
}

fn place(plan: &Plan, name: &str) -> usize {
    let step = deletion(plan, name).expect("it is deleted");
    plan.steps.iter().position(|other| other == step).expect("it is there")
}

fn rules(tag: TagDelete, digest: DigestDelete) -> DeleteRules {
    DeleteRules {
        tag,
        digest,
        ..ONE_BY_ONE
    }
}

fn aliases() -> Repository {
    let mut repository = Repository::of_images(&[("v1", 9)]);
    repository.tag("alias", "v1");
    repository
}

#[test]
fn tags_go_before_a_digest_that_leaves_them() {
    for digest in [
        DigestDelete::LeavesTags,
        DigestDelete::Unknown,
        DigestDelete::RefusedWhileTagged,
    ] {
        let repository = aliases().with_rules(rules(TagDelete::Alone, digest));
        let plan = repository.plan("older_than = \"1d\"");
        assert_eq!(actions(&plan), ["delete-tag alias", "delete-tag v1", "delete-manifest"]);
        assert_eq!(plan.steps[2].after, [0, 1]);
        assert!(
            plan.steps
                .iter()
                .all(|step| step.expected.as_ref() == Some(&step.digest))
        );
    }
}

#[test]
fn a_digest_that_takes_its_tags_is_one_step() {
    let mut all = vec![OVER_A_DUMMY];
    for tag in [
        TagDelete::Alone,
        TagDelete::DummyManifest,
        TagDelete::LastTagTakesVersion,
        TagDelete::TakesVersion,
        TagDelete::ProviderInterface,
    ] {
        all.push(rules(tag, DigestDelete::TakesAllTags));
    }
    for rules in all {
        let mut repository = aliases().with_rules(rules);
        repository.image("cosign", None).attached_tag("v1", ".sig", "cosign");
        let plan = repository.plan("older_than = \"1d\"");
        let signature = attached("v1", ".sig");
        let expected = [
            "delete-manifest alias v1".to_owned(),
            format!("delete-manifest {signature}"),
        ];
        assert_eq!(actions(&plan), expected, "{rules:?}");
        assert_eq!(plan.steps[1].after, [0]);
        assert_eq!(plan.deleted_tags, 2);
    }
}

#[test]
fn where_nothing_is_safe_nothing_is_planned() {
    for (rules, reason, warning) in [
        (DeleteRules::OFF, "deletes are off in this registry", "administrator"),
        (
            rules(TagDelete::Alone, DigestDelete::Unsupported),
            "deletes are off in this registry",
            "administrator",
        ),
        (
            rules(TagDelete::Unsupported, DigestDelete::Unknown),
            "no safe way",
            "no safe way",
        ),
        (
            rules(TagDelete::TakesVersion, DigestDelete::Unknown),
            "no safe way",
            "no safe way",
        ),
        (
            rules(TagDelete::LastTagTakesVersion, DigestDelete::LeavesTags),
            "no safe way",
            "no safe way",
        ),
        (
            rules(TagDelete::ProviderInterface, DigestDelete::RefusedWhileTagged),
            "no safe way",
            "no safe way",
        ),
    ] {
        let mut repository = aliases().with_rules(rules);
        repository.image("left over", Some(9));
        let plan = repository.plan("older_than = \"1d\"; untagged = true");
        assert!(plan.steps.is_empty(), "{rules:?}");
        assert_eq!(plan.kept.len(), 2);
        assert!(
            kept(&plan).iter().all(|kept| kept.contains(reason)),
            "{:?}",
            kept(&plan)
        );
        assert!(
            plan.warnings.len() == 1 && plan.warnings[0].contains(warning),
            "{:?}",
            plan.warnings
        );
        let nothing = repository.plan("older_than = \"99d\"");
        assert!(nothing.warnings.is_empty(), "nothing would have gone");
    }
}

#[test]
fn a_tag_goes_alone_only_where_that_is_safe() {
    for (tag, digest, alone) in [
        (TagDelete::Alone, DigestDelete::TakesAllTags, true),
        (TagDelete::Alone, DigestDelete::Unsupported, true),
        (TagDelete::DummyManifest, DigestDelete::Unknown, true),
        (TagDelete::DummyManifest, DigestDelete::Unsupported, false),
        (TagDelete::LastTagTakesVersion, DigestDelete::TakesAllTags, false),
        (TagDelete::TakesVersion, DigestDelete::TakesAllTags, false),
        (TagDelete::ProviderInterface, DigestDelete::TakesAllTags, false),
        (TagDelete::Unsupported, DigestDelete::TakesAllTags, false),
    ] {
        let repository = aliases().with_rules(rules(tag, digest));
        let plan = repository.plan("match = \"alias\"; each_tag = true");
        if alone {
            assert_eq!(actions(&plan), ["delete-tag alias"], "{tag:?}");
        } else {
            assert!(plan.steps.is_empty());
            assert_eq!(kept(&plan), ["alias: this registry cannot delete it alone"], "{tag:?}");
        }
    }
}

#[test]
fn a_tag_on_a_part_of_what_stays_goes_alone_or_not_at_all() {
    for (rules, expected) in [
        (OVER_A_DUMMY, 1),
        (rules(TagDelete::LastTagTakesVersion, DigestDelete::TakesAllTags), 0),
    ] {
        let mut repository = Repository::of_images(&[("part", 9)]).with_rules(rules);
        repository.index("v1", Some(0), &["part"]).tag("v1", "v1");
        let plan = repository.plan("older_than = \"1d\"");
        assert_eq!(plan.steps.len(), expected);
        assert!(plan.steps.iter().all(|step| step.action == Action::DeleteTag));
        assert_eq!(plan.kept.len(), 2 - expected);
    }
}

fn signed_index(rules: DeleteRules) -> Repository {
    let mut repository = Repository::new().with_rules(rules);
    repository
        .image("amd64", Some(9))
        .index("inner", Some(9), &["amd64"])
        .index("v1", Some(9), &["inner", "amd64"])
        .tag("v1", "v1")
        .referrer("sbom", "amd64")
        .referrer("signature", "sbom")
        .index("fallback", None, &["sbom"])
        .attached_tag("amd64", "", "fallback");
    repository
}

#[test]
fn indexes_go_before_their_children_and_these_before_what_belongs_to_them() {
    let plan = signed_index(ONE_BY_ONE).plan("older_than = \"1d\"");
    let order: Vec<usize> = ["v1", "inner", "amd64", "fallback", "sbom", "signature"]
        .map(|name| place(&plan, name))
        .to_vec();
    assert!(order.is_sorted(), "{order:?}");
    for (later, earlier) in [
        ("inner", "v1"),
        ("amd64", "inner"),
        ("amd64", "v1"),
        ("sbom", "amd64"),
        ("signature", "sbom"),
    ] {
        let step = deletion(&plan, later).expect("it is deleted");
        assert!(
            step.after.contains(&place(&plan, earlier)),
            "{later} waits for {earlier}"
        );
    }
    let fallback = plan
        .steps
        .iter()
        .find(|step| step.tag.as_ref().is_some_and(artifact::Tag::is_referrer_name));
    assert_eq!(fallback.expect("its tag goes").after, [place(&plan, "amd64")]);
    let smaller = |(place, step): (usize, &Step)| step.after.iter().all(|before| *before < place);
    assert!(plan.steps.iter().enumerate().all(smaller));
}

#[test]
fn referrers_go_first_where_the_registry_wants_it() {
    let plan = signed_index(rules(TagDelete::Alone, DigestDelete::RefusedWhileTagged)).plan("older_than = \"1d\"");
    let order = ["v1", "inner", "signature", "sbom", "amd64"].map(|name| place(&plan, name));
    assert!(
        order[0] < order[1] && order[2] < order[3] && order[3] < order[4],
        "{order:?}"
    );
    assert!(
        plan.steps[order[3]].after.contains(&order[1]),
        "nothing leads to it any more"
    );
    let mut repository = aliases().with_rules(rules(TagDelete::Alone, DigestDelete::RefusedWhileTagged));
    repository.referrer("sbom", "v1");
    let plan = repository.plan("older_than = \"1d\"");
    let sbom = deletion(&plan, "sbom").expect("it is deleted");
    assert_eq!(sbom.after, [0, 1], "the tags of its subject are gone before");
}

#[test]
fn a_blob_counts_once_at_the_first_step_that_frees_it() {
    let mut repository = Repository::of_images(&[("a", 9), ("b", 9), ("c", 0)]).with_rules(OVER_A_DUMMY);
    repository
        .layer("a", "base", 1_000)
        .layer("b", "base", 1_000)
        .layer("b", "needed", 500)
        .layer("c", "needed", 500);
    let plan = repository.plan("older_than = \"1d\"");
    assert_eq!(plan.reclaimed.bytes(), 1_020);
    let mut bytes: Vec<u64> = plan.steps.iter().map(|step| step.bytes.bytes()).collect();
    assert_eq!(bytes[0], 1_010);
    bytes.sort_unstable();
    assert_eq!(bytes, [10, 1_010]);
}

#[test]
fn repositories_of_one_registry_share_blobs_and_others_do_not() {
    let one = |connection, name, days| {
        let mut repository = Repository::at(connection, name);
        repository.image("v1", Some(days)).tag("v1", "v1");
        repository
    };
    let old = one("a", "x/old", 9);
    assert_eq!(
        plan(&[&old, &one("b", "x/new", 0)], "older_than = \"1d\"")
            .reclaimed
            .bytes(),
        10
    );
    assert_eq!(
        plan(&[&old, &one("a", "x/new", 0)], "older_than = \"1d\"")
            .reclaimed
            .bytes(),
        0
    );
    assert_eq!(
        plan(&[&old, &one("a", "y/old", 9)], "older_than = \"1d\"")
            .reclaimed
            .bytes(),
        10
    );
}

#[test]
fn several_repositories_stand_one_after_the_other() {
    let mut first = aliases();
    first.0.at.repository = "a/first".parse().expect("a name");
    let second = aliases();
    let plan = plan(&[&second, &first], "older_than = \"1d\"");
    assert_eq!(plan.steps.len(), 6);
    assert_eq!(plan.steps[0].at, first.0.at);
    assert_eq!(plan.steps[5].after, [3, 4]);
    assert_eq!(tags_that_go(&plan).len(), 4);
}

#[test]
fn what_cannot_be_undone_is_said() {
    for (undo, said) in [
        (Undo::None, "cannot be undone"),
        (Undo::Restore { days: 14 }, "undone for 14 days"),
        (Undo::PutAgain, "collects its garbage"),
        (Undo::PutAgainFromDisk, "copied into a new folder or archive"),
    ] {
        let repository = aliases().with_rules(DeleteRules { undo, ..ONE_BY_ONE });
        let plan = repository.plan("older_than = \"1d\"");
        assert_eq!(plan.warnings.len(), 1);
        assert!(plan.warnings[0].contains(said) && plan.warnings[0].contains("vision/model"));
        assert!(repository.plan("older_than = \"99d\"").warnings.is_empty());
    }
}

#[test]
fn every_step_says_why() {
    let mut repository = signed_index(ONE_BY_ONE);
    repository.image("left over", Some(9));
    let plan = repository.plan("older_than = \"1d\"; keep_last = 0; untagged = true");
    let reason = |name: &str| deletion(&plan, name).expect("it is deleted").reason.clone();
    assert_eq!(reason("v1"), "older than 1d, not one of the last 0");
    assert!(reason("inner").starts_with("part of"), "{}", reason("inner"));
    assert_eq!(reason("left over"), "no tag, and nothing that stays needs it");
}
