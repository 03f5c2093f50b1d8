//! What holds for every registry and every policy.

use std::collections::{BTreeMap, BTreeSet};

use artifact::{Digest, Tag};
use chrono::{DateTime, Utc};
use proptest::{collection::vec, prelude::*, test_runner::TestCaseResult};
use registry::DigestDelete;

use super::{
    model::{Follow, ModelRegistry, reach},
    random,
    repository::{now, tag},
};
use crate::{
    Action, Chosen, KeepReason, Plan, Policy, ProtectedTags, Pruning, Snapshot, SnapshotTag, Step, plan_delete,
    plan_prune,
};

fn plan(snapshot: &Snapshot, policies: &[Policy]) -> Plan {
    let pruning = Pruning {
        snapshot,
        policies: policies.iter().collect(),
    };
    plan_prune(&[pruning], &ProtectedTags::default(), now())
}

fn going_tags(plan: &Plan) -> Vec<&Tag> {
    plan.steps.iter().flat_map(|step| &step.tags).collect()
}

fn deleted(plan: &Plan) -> BTreeSet<&Digest> {
    let deletions = plan.steps.iter().filter(|step| step.action == Action::DeleteManifest);
    deletions.map(|step| &step.digest).collect()
}

/// The tags that the plan leaves alone.
fn staying<'a>(snapshot: &'a Snapshot, plan: &Plan) -> Vec<&'a SnapshotTag> {
    let going: BTreeSet<&Tag> = going_tags(plan).into_iter().collect();
    snapshot.tags.iter().filter(|seen| !going.contains(&seen.tag)).collect()
}

fn nothing_needed_is_deleted(snapshot: &Snapshot, plan: &Plan) -> TestCaseResult {
    let deleted = deleted(plan);
    for seen in staying(snapshot, plan) {
        let needed = reach(snapshot, &seen.digest, Follow::Everything);
        prop_assert!(needed.is_disjoint(&deleted), "{} needs what is deleted", seen.tag);
    }
    // Nor is what a manifest needs that stays without any tag.
    for digest in snapshot.manifests.keys().filter(|digest| !deleted.contains(digest)) {
        let needed = reach(snapshot, digest, Follow::Everything);
        prop_assert!(needed.is_disjoint(&deleted), "{digest} stays and needs what is deleted");
    }
    Ok(())
}

fn considered_tags_stand_in_one_place(plan: &Plan, considered: &BTreeSet<&Tag>) -> TestCaseResult {
    let mut places: BTreeMap<&Tag, usize> = BTreeMap::new();
    for tag in going_tags(plan)
        .into_iter()
        .chain(plan.kept.iter().map(|kept| &kept.tag))
    {
        *places.entry(tag).or_default() += 1;
    }
    for (tag, count) in &places {
        prop_assert_eq!(*count, 1, "{} stands in several places", tag);
        prop_assert!(
            considered.contains(*tag) || tag.is_referrer_name(),
            "{tag} was not considered"
        );
    }
    for tag in considered {
        prop_assert!(places.contains_key(*tag), "{tag} is lost");
    }
    let counted = going_tags(plan).iter().filter(|tag| !tag.is_referrer_name()).count() as u64;
    prop_assert_eq!(plan.deleted_tags, counted);
    Ok(())
}

fn considered<'a>(snapshot: &'a Snapshot, policies: &[Policy]) -> BTreeSet<&'a Tag> {
    let tags = snapshot.tags.iter().map(|seen| &seen.tag);
    let is_considered = |tag: &&Tag| {
        let matches = policies.iter().any(|policy| policy.matching.matches(tag.as_str()));
        matches && !tag.is_referrer_name()
    };
    tags.filter(is_considered).collect()
}

/// The rules once more, as simply as they can be said: whether a policy may let a tag go.
struct Rules<'a> {
    snapshot: &'a Snapshot,
    policy: &'a Policy,
}

impl Rules<'_> {
    fn may_go(&self, seen: &SnapshotTag) -> bool {
        let policy = self.policy;
        let name = seen.tag.as_str();
        let release = matches!(name, "1.0.0" | "v1.0.0" | "1.1.0" | "2.0.0");
        let older = |time: Option<DateTime<Utc>>, limit: Option<crate::Period>| {
            let Some(limit) = limit else { return true };
            time.is_some_and(|time| time < limit.before(now()).expect("within the calendar"))
        };
        !["production", "latest", "staging"].contains(&name)
            && policy.lets_tags_go()
            && policy.keep.iter().all(|pattern| !pattern.matches(name))
            && !(policy.keep_semver && release)
            && older(self.created(seen).max(seen.pushed), policy.older_than)
            && older(seen.pulled, policy.not_pulled_for)
            && policy
                .keep_last
                .is_none_or(|count| self.newer(seen) >= count as usize && self.created(seen).is_some())
            && policy
                .keep_last_releases
                .is_none_or(|count| !release || self.higher(seen) >= count as usize)
    }

    fn created(&self, seen: &SnapshotTag) -> Option<DateTime<Utc>> {
        self.snapshot.manifests[&seen.digest].created
    }

    fn considered(&self) -> impl Iterator<Item = &SnapshotTag> {
        let tags = self.snapshot.tags.iter();
        tags.filter(|seen| !seen.tag.is_referrer_name() && self.policy.matching.matches(seen.tag.as_str()))
    }

    /// How many versions of its group are newer. Those of the same age are not.
    fn newer(&self, seen: &SnapshotTag) -> usize {
        let group = |seen: &SnapshotTag| {
            let group_by = self.policy.group_by.as_ref()?;
            group_by.group(seen.tag.as_str()).map(str::to_owned)
        };
        let newer = self
            .considered()
            .filter(|other| group(other) == group(seen) && self.created(other) > self.created(seen));
        newer.map(|other| &other.digest).collect::<BTreeSet<_>>().len()
    }

    /// How many other versions have a higher release.
    fn higher(&self, seen: &SnapshotTag) -> usize {
        let rank = |seen: &SnapshotTag| {
            ["1.0.0", "1.1.0", "2.0.0"]
                .iter()
                .position(|it| seen.tag.as_str().ends_with(it))
        };
        let higher = self
            .considered()
            .filter(|other| rank(other) > rank(seen) && other.digest != seen.digest);
        higher.map(|other| &other.digest).collect::<BTreeSet<_>>().len()
    }
}

/// Executes the steps in the order of `priorities` as far as `after` allows; a step that fails, or that the registry
/// refuses, holds back what depends on it.
struct Run<'a> {
    snapshot: &'a Snapshot,
    plan: &'a Plan,
    registry: ModelRegistry<'a>,
    /// By step: whether it succeeded; none has not been tried.
    outcomes: Vec<Option<bool>>,
}

impl<'a> Run<'a> {
    fn new(snapshot: &'a Snapshot, plan: &'a Plan, unknown_takes_tags: bool) -> Self {
        Self {
            snapshot,
            plan,
            registry: ModelRegistry::new(snapshot, unknown_takes_tags),
            outcomes: vec![None; plan.steps.len()],
        }
    }

    fn all(mut self, priorities: &[u16], failing: &[bool]) -> Result<Self, TestCaseError> {
        let pick = |list: &[u16], place: usize| list.get(place % list.len().max(1)).copied().unwrap_or_default();
        loop {
            let ready = (0..self.outcomes.len()).filter(|place| self.is_ready(*place));
            let Some(next) = ready.min_by_key(|place| (pick(priorities, *place), *place)) else {
                return Ok(self);
            };
            let step = &self.plan.steps[next];
            let waits = step.after.iter().all(|before| self.outcomes[*before] == Some(true));
            let fails = failing.get(next % failing.len().max(1)).copied().unwrap_or_default();
            self.outcomes[next] = Some(waits && !fails && self.registry.apply(step).is_ok());
            self.holds()?;
        }
    }

    fn is_ready(&self, place: usize) -> bool {
        let before = &self.plan.steps[place].after;
        self.outcomes[place].is_none() && before.iter().all(|before| self.outcomes[*before].is_some())
    }

    fn holds(&self) -> TestCaseResult {
        for seen in staying(self.snapshot, self.plan) {
            prop_assert_eq!(
                self.registry.tags.get(&seen.tag),
                Some(&&seen.digest),
                "{} is gone",
                seen.tag
            );
            let needed = reach(self.snapshot, &seen.digest, Follow::Everything);
            prop_assert!(needed.is_subset(&self.registry.manifests), "{} lacks a part", seen.tag);
        }
        for (tag, digest) in &self.registry.tags {
            let parts = reach(self.snapshot, digest, Follow::Children);
            prop_assert!(parts.is_subset(&self.registry.manifests), "{tag} dangles");
        }
        Ok(())
    }
}

/// The same in another order; hash maps have a new one by themselves.
fn shuffled(snapshot: &Snapshot) -> Snapshot {
    let mut other = snapshot.clone();
    other.tags.reverse();
    other.untagged.reverse();
    other.manifests = snapshot
        .manifests
        .iter()
        .map(|(digest, manifest)| (digest.clone(), manifest.clone()))
        .collect();
    for manifest in other.manifests.values_mut() {
        manifest.children.reverse();
        manifest.referrers.reverse();
        manifest.blobs.reverse();
    }
    other
}

fn any_policies() -> impl Strategy<Value = Vec<Policy>> {
    vec(random::policy(), 1..3)
}

fn any_choice() -> impl Strategy<Value = (Vec<usize>, Vec<usize>, bool, bool)> {
    (
        vec(0..64_usize, 0..4),
        vec(0..64_usize, 0..3),
        any::<bool>(),
        any::<bool>(),
    )
}

fn choose(snapshot: &Snapshot, choice: &(Vec<usize>, Vec<usize>, bool, bool)) -> Chosen {
    let mut digests: Vec<&Digest> = snapshot.manifests.keys().collect();
    digests.sort_unstable();
    let tags = choice.0.iter().filter(|_| !snapshot.tags.is_empty());
    Chosen {
        tags: tags
            .map(|number| snapshot.tags[number % snapshot.tags.len()].tag.clone())
            .collect(),
        digests: choice
            .1
            .iter()
            .map(|number| digests[number % digests.len()].clone())
            .collect(),
        each_tag: choice.2,
        protected_confirmed: choice.3,
    }
}

proptest! {
    #[test]
    fn nothing_that_stays_lacks_anything(snapshot in random::snapshot(), policies in any_policies()) {
        nothing_needed_is_deleted(&snapshot, &plan(&snapshot, &policies))?;
    }

    #[test]
    fn every_considered_tag_stands_in_one_place(snapshot in random::snapshot(), policies in any_policies()) {
        let plan = plan(&snapshot, &policies);
        considered_tags_stand_in_one_place(&plan, &considered(&snapshot, &policies))?;
    }

    #[test]
    fn protected_tags_never_go_by_policy(snapshot in random::snapshot(), policies in any_policies()) {
        let plan = plan(&snapshot, &policies);
        for name in ["production", "staging", "latest"] {
            prop_assert!(!going_tags(&plan).contains(&&tag(name)), "{name} goes");
        }
    }

    #[test]
    fn signature_tags_go_only_with_what_they_are_for(snapshot in random::snapshot(), policies in any_policies()) {
        let plan = plan(&snapshot, &policies);
        let deleted = deleted(&plan);
        for tag in going_tags(&plan).into_iter().filter(|tag| tag.is_referrer_name()) {
            let subject = tag.referrer_subject().expect("a whole sha256");
            prop_assert!(deleted.contains(&subject), "{tag} goes without its subject");
        }
    }

    #[test]
    fn a_tag_goes_only_if_every_rule_lets_it_go(snapshot in random::snapshot(), policies in any_policies()) {
        let plan = plan(&snapshot, &policies);
        let going = going_tags(&plan);
        for seen in snapshot.tags.iter().filter(|seen| going.contains(&&seen.tag) && !seen.tag.is_referrer_name()) {
            for policy in policies.iter().filter(|policy| policy.matching.matches(seen.tag.as_str())) {
                let rules = Rules { snapshot: &snapshot, policy };
                prop_assert!(rules.may_go(seen), "{} goes against {policy:?}", seen.tag);
            }
        }
    }

    /// The other direction: where the registry can do everything and no version or need stands in the way, the rules
    /// decide.
    #[test]
    fn a_tag_that_may_go_goes(snapshot in random::snapshot(), policy in random::policy()) {
        let mut snapshot = snapshot;
        snapshot.rules = super::repository::ONE_BY_ONE;
        let policy = Policy { each_tag: true, ..policy };
        let plan = plan(&snapshot, std::slice::from_ref(&policy));
        let going = going_tags(&plan);
        let rules = Rules { snapshot: &snapshot, policy: &policy };
        for seen in rules.considered() {
            let may_go = rules.may_go(seen);
            let counts = policy.keep_last_releases.is_some() || policy.keep_semver;
            prop_assert!(counts || going.contains(&&seen.tag) == may_go, "{} with {policy:?}", seen.tag);
        }
    }

    #[test]
    fn a_version_stays_or_goes_whole(snapshot in random::snapshot(), policies in any_policies()) {
        let policies: Vec<Policy> = policies.into_iter().map(|policy| Policy { each_tag: false, ..policy }).collect();
        let plan = plan(&snapshot, &policies);
        let going = going_tags(&plan);
        for seen in staying(&snapshot, &plan).iter().filter(|seen| !seen.tag.is_referrer_name()) {
            let twins = snapshot.tags.iter().filter(|other| other.digest == seen.digest && !other.tag.is_referrer_name());
            for twin in twins {
                prop_assert!(!going.contains(&&twin.tag), "{} goes, {} stays", twin.tag, seen.tag);
            }
        }
    }

    #[test]
    fn steps_hurt_nothing_that_stays_in_any_order_and_whatever_fails(
        snapshot in random::snapshot(),
        policies in any_policies(),
        priorities in vec(any::<u16>(), 1..40),
        failing in vec(proptest::bool::weighted(0.15), 1..40),
        unknown_takes_tags in any::<bool>(),
    ) {
        let plan = plan(&snapshot, &policies);
        let _ = Run::new(&snapshot, &plan, unknown_takes_tags).all(&priorities, &failing)?;
        let _ = Run::new(&snapshot, &plan, unknown_takes_tags).all(&[], &failing)?;
    }

    #[test]
    fn steps_that_all_succeed_do_the_whole_plan(
        snapshot in random::snapshot(),
        policies in any_policies(),
        priorities in vec(any::<u16>(), 1..40),
        unknown_takes_tags in any::<bool>(),
    ) {
        let plan = plan(&snapshot, &policies);
        let run = Run::new(&snapshot, &plan, unknown_takes_tags).all(&priorities, &[])?;
        // A referrer that stays holds its subject where the registry refuses to delete one.
        let gone = deleted(&plan);
        let held = |step: &Step| {
            let mut staying = snapshot.manifests.iter().filter(|(digest, _)| !gone.contains(digest));
            snapshot.rules.digest == DigestDelete::RefusedWhileTagged
                && staying.any(|(_, manifest)| manifest.subject.as_ref() == Some(&step.digest))
        };
        if plan.steps.iter().any(held) {
            return Ok(());
        }
        prop_assert!(run.outcomes.iter().all(|outcome| *outcome == Some(true)), "{:?}", plan.steps);
        for tag in going_tags(&plan) {
            prop_assert!(!run.registry.tags.contains_key(tag), "{tag} is still there");
        }
        prop_assert!(deleted(&plan).is_disjoint(&run.registry.manifests));
        prop_assert_eq!(run.registry.manifests.len() + deleted(&plan).len(), snapshot.manifests.len());
    }

    #[test]
    fn a_tag_that_goes_alone_never_takes_an_alias(snapshot in random::snapshot(), policy in random::policy()) {
        let policy = Policy { each_tag: true, ..policy };
        let plan = plan(&snapshot, &[policy]);
        let run = Run::new(&snapshot, &plan, true).all(&[], &[])?;
        for kept in &plan.kept {
            prop_assert_eq!(run.registry.tags.get(&kept.tag), Some(&&kept.digest));
        }
        for step in plan.steps.iter().filter(|step| step.action == Action::DeleteManifest) {
            prop_assert!(plan.kept.iter().all(|kept| kept.digest != step.digest), "an alias stays on {}", step.digest);
        }
    }

    #[test]
    fn choices_by_hand_are_as_safe(
        snapshot in random::snapshot(),
        choice in any_choice(),
        priorities in vec(any::<u16>(), 1..40),
        failing in vec(proptest::bool::weighted(0.15), 1..40),
    ) {
        let chosen = choose(&snapshot, &choice);
        let Ok(plan) = plan_delete(&snapshot, &chosen, &ProtectedTags::default()) else { return Ok(()) };
        nothing_needed_is_deleted(&snapshot, &plan)?;
        let of_digests = snapshot.tags.iter().filter(|seen| chosen.digests.contains(&seen.digest)).map(|seen| &seen.tag);
        considered_tags_stand_in_one_place(&plan, &chosen.tags.iter().chain(of_digests).collect())?;
        let _ = Run::new(&snapshot, &plan, false).all(&priorities, &failing)?;
        if !chosen.protected_confirmed {
            prop_assert!(!going_tags(&plan).contains(&&tag("production")));
        }
    }

    #[test]
    fn the_order_of_the_input_changes_nothing(
        snapshot in random::snapshot(),
        second in random::snapshot(),
        policies in any_policies(),
    ) {
        let mut second = second;
        second.at.repository = "another/model".parse().expect("a name");
        let policies: Vec<&Policy> = policies.iter().collect();
        let of = |snapshots: [&Snapshot; 2]| {
            let prunings = snapshots.map(|snapshot| Pruning { snapshot, policies: policies.clone() });
            plan_prune(&prunings, &ProtectedTags::default(), now())
        };
        prop_assert_eq!(of([&snapshot, &second]), of([&shuffled(&second), &shuffled(&snapshot)]));
    }

    #[test]
    fn what_is_reclaimed_is_what_nobody_needs(snapshot in random::snapshot(), policies in any_policies()) {
        let plan = plan(&snapshot, &policies);
        let deleted = deleted(&plan);
        let blobs = |gone: bool| {
            let manifests = snapshot.manifests.iter().filter(|(digest, _)| deleted.contains(digest) == gone);
            manifests.flat_map(|(_, manifest)| manifest.blobs.clone()).collect::<BTreeSet<_>>()
        };
        let freed: u64 = blobs(true).difference(&blobs(false)).map(|(_, size)| size.bytes()).sum();
        prop_assert_eq!(plan.reclaimed.bytes(), freed);
        let by_step: u64 = plan.steps.iter().map(|step| step.bytes.bytes()).sum();
        prop_assert_eq!(by_step, freed);
    }

    #[test]
    fn what_cannot_be_read_stops_everything(snapshot in random::snapshot(), policies in any_policies(), lost in any::<u16>()) {
        let mut digests: Vec<Digest> = snapshot.manifests.keys().cloned().collect();
        digests.sort_unstable();
        let mut snapshot = snapshot;
        snapshot.manifests.remove(&digests[usize::from(lost) % digests.len()]);
        let plan = plan(&snapshot, &policies);
        prop_assert!(plan.steps.is_empty() && !plan.unreadable.is_empty());
        prop_assert!(plan.kept.iter().all(|kept| kept.reason == KeepReason::Unreadable));
        considered_tags_stand_in_one_place(&plan, &considered(&snapshot, &policies))?;
    }
}
