//! The rules of a policy, each by itself over all tags that it considers. Who shares a version or needs one is not
//! asked here. Source: the contract of `berthctl`, "Prune: the rules".

use std::rc::Rc;

use artifact::TagOrder;
use chrono::{DateTime, Utc};

use super::{
    graph::{Graph, PointingTag, Role, TagNumber},
    ranking::{last_releases, last_versions},
    verdict::{LeftoverVerdict, TagVerdict, Verdicts},
};
use crate::{KeepReason, Period, Policy, ProtectedTags, Step};

/// What some policies say of a repository together.
pub(super) fn judge(
    graph: &Graph<'_>,
    policies: &[&Policy],
    protected: &ProtectedTags,
    now: DateTime<Utc>,
) -> Verdicts {
    let mut all = Verdicts::none(graph);
    for policy in policies {
        let judgement = Judgement {
            graph,
            policy,
            protected,
            now,
        };
        for (number, verdict) in judgement.tags() {
            if let Some(known) = all.tags.get_mut(number) {
                *known = std::mem::replace(known, TagVerdict::NotConsidered).and(verdict);
            }
        }
        if policy.untagged {
            judgement.leftovers(&mut all.leftovers);
        }
    }
    all
}

/// The tags that some policies consider. Signature and fallback tags never are.
pub(super) fn is_considered(tag: &artifact::Tag, policies: &[&Policy]) -> bool {
    !tag.is_referrer_name() && policies.iter().any(|policy| policy.matching.matches(tag.as_str()))
}

/// How many tags go that are no releases, by policies that keep releases and say nothing else.
pub(super) fn count_no_releases(graph: &Graph<'_>, policies: &[&Policy], steps: &[Step]) -> usize {
    let alone: Vec<_> = policies
        .iter()
        .filter(|policy| policy.speaks_of_releases_alone())
        .collect();
    if alone.is_empty() {
        return 0;
    }
    let order = TagOrder::of_versions(graph.tags.iter().map(|tag| tag.tag.as_str()));
    let names = steps.iter().flat_map(|step| &step.tags);
    let others = names.filter(|tag| {
        let name = tag.as_str();
        let is_release = order.is_release(name) || order.is_candidate(name);
        !tag.is_referrer_name() && !is_release && alone.iter().any(|policy| policy.matching.matches(name))
    });
    others.collect::<std::collections::BTreeSet<_>>().len()
}

/// One policy over one repository.
struct Judgement<'a> {
    graph: &'a Graph<'a>,
    policy: &'a Policy,
    protected: &'a ProtectedTags,
    now: DateTime<Utc>,
}

impl Judgement<'_> {
    fn tags(&self) -> Vec<(TagNumber, TagVerdict)> {
        let considered = self.considered();
        let newest = self.policy.keep_last.map(|count| {
            let group_by = self.policy.group_by.as_ref();
            last_versions(self.graph, &considered, count, group_by)
        });
        let releases = self
            .policy
            .keep_last_releases
            .map(|count| last_releases(self.graph, &considered, count));
        let order = self.policy.keep_semver.then(|| self.version_order());
        let why: Rc<str> = self.policy.reason().into();
        let judged = considered.iter().enumerate().filter_map(|(place, &number)| {
            let tag = self.graph.tags.get(number)?;
            let ranked = |ranks: &Option<Vec<Option<KeepReason>>>| ranks.as_ref()?.get(place)?.clone();
            let reason = self
                .named(tag, order.as_ref())
                .or_else(|| ranked(&newest))
                .or_else(|| ranked(&releases))
                .or_else(|| self.aged(tag))
                .or_else(|| (!self.policy.lets_tags_go()).then_some(KeepReason::NoRule));
            let verdict = match reason {
                Some(reason) => TagVerdict::Stays(reason),
                None => TagVerdict::Goes {
                    each_tag: self.policy.each_tag,
                    why: Rc::clone(&why),
                },
            };
            Some((number, verdict))
        });
        judged.collect()
    }

    fn considered(&self) -> Vec<TagNumber> {
        let tags = self.graph.tags.iter().enumerate();
        let considered = tags
            .filter(|(_, tag)| tag.role == Role::Ordinary && self.policy.matching.matches(tag.tag.as_str()))
            .map(|(number, _)| number);
        considered.collect()
    }

    /// Told from all names of the repository: `3` is a version where there is a `3.12`.
    fn version_order(&self) -> TagOrder {
        TagOrder::of_versions(self.graph.tags.iter().map(|tag| tag.tag.as_str()))
    }

    /// Why a tag stays by its name.
    fn named(&self, tag: &PointingTag<'_>, order: Option<&TagOrder>) -> Option<KeepReason> {
        if self.protected.covers(tag.tag) {
            return Some(KeepReason::Protected);
        }
        let name = tag.tag.as_str();
        if let Some(pattern) = self.policy.keep.iter().find(|pattern| pattern.matches(name)) {
            return Some(KeepReason::Pattern(pattern.to_string()));
        }
        // A variant such as `1.4.2-onnx` is no pre-release and stays.
        let is_release = order.is_some_and(|order| order.version(name).is_some() && !order.is_candidate(name));
        is_release.then_some(KeepReason::Semver)
    }

    /// Why a tag stays by its times.
    fn aged(&self, tag: &PointingTag<'_>) -> Option<KeepReason> {
        let age = self.policy.older_than.and_then(|limit| match self.graph.age(tag) {
            None => Some(KeepReason::UnknownAge),
            Some(time) => (!self.is_older(time, limit)).then_some(KeepReason::Younger(limit)),
        });
        age.or_else(|| {
            let limit = self.policy.not_pulled_for?;
            match tag.seen.pulled {
                None => Some(KeepReason::UnknownPull),
                Some(time) => (!self.is_older(time, limit)).then_some(KeepReason::PulledLately(limit)),
            }
        })
    }

    /// What is exactly as old as the limit stays.
    fn is_older(&self, time: DateTime<Utc>, limit: Period) -> bool {
        limit.before(self.now).is_some_and(|edge| time < edge)
    }

    /// Registries tell of no pull of an untagged manifest, so a limit on pulls keeps all of them.
    fn leftovers(&self, verdicts: &mut [LeftoverVerdict]) {
        let why: Rc<str> = "no tag, and nothing that stays needs it".into();
        for (node, known) in verdicts.iter_mut().enumerate() {
            if self.graph.tags_of.get(node).is_none_or(|tags| !tags.is_empty()) {
                continue;
            }
            let is_old = |limit| {
                let created = self.graph.created(node);
                created.is_some_and(|created| self.is_older(created, limit))
            };
            let may_go = self.policy.older_than.is_none_or(is_old) && self.policy.not_pulled_for.is_none();
            let verdict = if may_go {
                LeftoverVerdict::Goes(Rc::clone(&why))
            } else {
                LeftoverVerdict::TooYoung
            };
            *known = std::mem::replace(known, LeftoverVerdict::NotConsidered).and(verdict);
        }
    }
}
