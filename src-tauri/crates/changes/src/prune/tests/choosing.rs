//! Deletion of what was picked by hand.

use super::{Repository, repository::*, tags_that_go};
use crate::{ChangeKind, Chosen, ChosenError, Plan, ProtectedTags, plan_delete};

fn delete(repository: &Repository, chosen: &Chosen) -> Plan {
    plan_delete(&repository.0, chosen, &ProtectedTags::default()).expect("what is chosen is there")
}

fn tags(names: &[&str]) -> Chosen {
    Chosen {
        tags: names.iter().map(|name| tag(name)).collect(),
        ..Chosen::default()
    }
}

fn aliases() -> Repository {
    let mut repository = Repository::of_images(&[("v1", 9), ("v2", 9)]);
    repository.tag("alias", "v1").tag("production", "v2");
    repository
}

#[test]
fn a_version_goes_whole_or_not_at_all() {
    let repository = aliases();
    let plan = delete(&repository, &tags(&["v1"]));
    assert_eq!(kept(&plan), ["v1: same version as alias"]);
    assert!(plan.steps.is_empty());
    let plan = delete(&repository, &tags(&["v1", "alias"]));
    assert_eq!(tags_that_go(&plan), ["alias", "v1"]);
    assert!(deletes(&plan, "v1") && plan.kind == ChangeKind::Delete);
    let by_digest = Chosen {
        digests: vec![digest("v1")],
        ..Chosen::default()
    };
    assert_eq!(tags_that_go(&delete(&repository, &by_digest)), ["alias", "v1"]);
}

#[test]
fn a_tag_alone_leaves_its_aliases() {
    let chosen = Chosen {
        each_tag: true,
        ..tags(&["v1"])
    };
    let plan = delete(&aliases(), &chosen);
    assert_eq!(tags_that_go(&plan), ["v1"]);
    assert!(!deletes(&plan, "v1"));
}

#[test]
fn protected_tags_go_only_if_that_was_confirmed() {
    let repository = aliases();
    let mut chosen = tags(&["v2", "production"]);
    let plan = delete(&repository, &chosen);
    assert_eq!(kept(&plan), ["production: protected", "v2: same version as production"]);
    assert!(plan.steps.is_empty());
    chosen.protected_confirmed = true;
    assert_eq!(tags_that_go(&delete(&repository, &chosen)), ["production", "v2"]);
}

#[test]
fn what_is_needed_stays_whoever_chose_it() {
    let mut repository = aliases();
    repository
        .index("list", Some(0), &["v1"])
        .tag("list", "list")
        .referrer("sbom", "list")
        .image("cosign", None)
        .attached_tag("list", ".sig", "cosign");
    let chosen = Chosen {
        digests: vec![digest("v1"), digest("sbom"), digest("cosign")],
        ..Chosen::default()
    };
    let plan = delete(&repository, &chosen);
    assert_eq!(tags_that_go(&plan), ["alias", "v1"]);
    assert!(!["v1", "sbom", "cosign"].into_iter().any(|name| deletes(&plan, name)));
    assert!(
        ["v1", "sbom", "cosign"]
            .into_iter()
            .all(|name| protection(&plan, name).is_some())
    );
    let belongs = format!("{}: belongs to {}", attached("list", ".sig"), digest("list").short());
    assert_eq!(kept(&plan), std::slice::from_ref(&belongs));
    let alone = Chosen {
        each_tag: true,
        ..tags(&[&attached("list", ".sig")])
    };
    assert_eq!(kept(&delete(&repository, &alone)), [belongs]);
}

#[test]
fn the_signature_of_what_is_not_here_can_be_chosen() {
    let mut repository = aliases();
    repository
        .image("cosign", None)
        .attached_tag("elsewhere", ".sig", "cosign");
    let plan = delete(&repository, &tags(&[&attached("elsewhere", ".sig")]));
    assert!(deletes(&plan, "cosign"));
    assert_eq!(plan.deleted_tags, 0, "signature tags are not counted");
}

#[test]
fn a_choice_of_nothing_or_of_what_is_gone_is_refused() {
    let plan = |chosen: &Chosen| plan_delete(&aliases().0, chosen, &ProtectedTags::default());
    assert_eq!(plan(&Chosen::default()), Err(ChosenError::NothingSelected));
    assert_eq!(plan(&tags(&["v9"])), Err(ChosenError::NotThere("v9".to_owned())));
    let unknown = Chosen {
        digests: vec![digest("v9")],
        ..Chosen::default()
    };
    assert!(matches!(plan(&unknown), Err(ChosenError::NotThere(_))));
}

#[test]
fn nothing_goes_from_what_could_not_be_read_in_full() {
    let mut repository = aliases();
    repository.index("v2", Some(9), &["absent"]);
    let chosen = Chosen {
        digests: vec![digest("v1")],
        ..tags(&["v2"])
    };
    let plan = delete(&repository, &chosen);
    assert!(plan.steps.is_empty());
    assert_eq!(plan.kept.len(), 3);
    assert_eq!(plan.unreadable.len(), 1);
}
