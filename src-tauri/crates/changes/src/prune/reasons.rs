//! Why a version may go, in the words of the rules that were given. Tells what `rules` decided; decides nothing.

use artifact::{Tag, TagOrder};
use chrono::{DateTime, Utc};

use super::{
    explain::GoReason,
    graph::{Graph, Node, PointingTag},
};
use crate::Policy;

/// The rules of one repository.
pub(super) struct Reasons<'g> {
    graph: &'g Graph<'g>,
    /// None: the choice was made by hand.
    policies: &'g [&'g Policy],
    order: TagOrder,
    now: DateTime<Utc>,
}

impl<'g> Reasons<'g> {
    pub(super) fn new(graph: &'g Graph<'g>, policies: &'g [&'g Policy], now: DateTime<Utc>) -> Self {
        let names = graph.tags.iter().map(|tag| tag.tag.as_str());
        Self {
            graph,
            policies,
            order: TagOrder::of_versions(names),
            now,
        }
    }

    /// Of a version, or of its tags that go.
    pub(super) fn of(&self, node: Node, tags: &[Tag]) -> Vec<GoReason> {
        if self.policies.is_empty() {
            return vec![GoReason::Chosen];
        }
        let tag = tags.first().and_then(|tag| self.graph.tag_named(tag));
        let mut told = Vec::new();
        match tag.and_then(|number| self.graph.tags.get(number)) {
            Some(tag) => {
                let considering = self.policies.iter();
                for policy in considering.filter(|policy| policy.matching.matches(tag.tag.as_str())) {
                    self.of_tag(policy, tag, &mut told);
                }
            }
            None => self.of_leftover(node, &mut told),
        }
        let mut once: Vec<GoReason> = Vec::with_capacity(told.len());
        for reason in told {
            if !once.contains(&reason) {
                once.push(reason);
            }
        }
        once
    }

    fn of_tag(&self, policy: &Policy, tag: &PointingTag<'_>, told: &mut Vec<GoReason>) {
        let name = tag.tag.as_str();
        if let Some(count) = policy.keep_last {
            told.push(GoReason::NotOfLast(count));
        }
        if let Some(count) = policy.keep_last_releases {
            told.push(match (self.order.is_release(name), self.order.is_candidate(name)) {
                (true, _) => GoReason::NotOfLastReleases(count),
                (false, true) => GoReason::PreRelease,
                (false, false) => GoReason::NoRelease,
            });
        }
        if !policy.matching.is_everything() {
            told.push(GoReason::Matches(policy.matching.to_string()));
        }
        if policy.older_than.is_some() {
            told.extend(self.days_since(self.graph.age(tag)).map(GoReason::Age));
        }
        if policy.not_pulled_for.is_some() {
            told.extend(self.days_since(tag.seen.pulled).map(GoReason::NotPulled));
        }
    }

    fn of_leftover(&self, node: Node, told: &mut Vec<GoReason>) {
        told.push(GoReason::Untagged);
        if self.policies.iter().any(|policy| policy.older_than.is_some()) {
            told.extend(self.days_since(self.graph.created(node)).map(GoReason::Age));
        }
    }

    fn days_since(&self, time: Option<DateTime<Utc>>) -> Option<u64> {
        u64::try_from((self.now - time?).num_days()).ok()
    }
}
