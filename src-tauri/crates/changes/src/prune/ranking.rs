//! The rules that count: the newest versions of a group, and the highest releases. Tags of one version share a place.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use artifact::TagOrder;
use chrono::{DateTime, Utc};

use super::graph::{Graph, Node, TagNumber};
use crate::{GroupBy, KeepReason};

/// By the place in the list of considered tags: why a tag stays, or nothing.
type Reasons = Vec<Option<KeepReason>>;

/// The `count` newest versions of each group. Versions as old as the last of these stay as well, and so do those of
/// unknown age, which take no place.
pub(super) fn last_versions(
    graph: &Graph<'_>,
    considered: &[TagNumber],
    count: u32,
    group_by: Option<&GroupBy>,
) -> Reasons {
    let mut groups: HashMap<Option<&str>, BTreeMap<Node, Vec<usize>>> = HashMap::new();
    for (place, tag) in tags(graph, considered) {
        let group = group_by.and_then(|group_by| group_by.group(tag.tag.as_str()));
        let versions = groups.entry(group).or_default();
        versions.entry(tag.node).or_default().push(place);
    }
    let mut reasons = vec![None; considered.len()];
    for versions in groups.into_values() {
        let times = versions.keys().filter_map(|&node| graph.created(node));
        let edge = edge(times.collect(), count);
        let mut left = count;
        for (node, places) in newest_first(graph, versions) {
            let reason = match graph.created(node) {
                None => Some(KeepReason::UnknownAge),
                Some(_) if left > 0 => {
                    left -= 1;
                    Some(KeepReason::KeepLast(count))
                }
                Some(created) => (edge == Some(created)).then_some(KeepReason::Tie(count)),
            };
            fill(&mut reasons, &places, reason.as_ref());
        }
    }
    reasons
}

/// The time of the last that is within the count.
fn edge(mut times: Vec<DateTime<Utc>>, count: u32) -> Option<DateTime<Utc>> {
    times.sort_unstable_by(|one, other| other.cmp(one));
    let last = usize::try_from(count).ok()?.checked_sub(1)?;
    times.get(last).copied()
}

fn newest_first(graph: &Graph<'_>, versions: BTreeMap<Node, Vec<usize>>) -> Vec<(Node, Vec<usize>)> {
    let mut ranked: Vec<_> = versions.into_iter().collect();
    ranked.sort_by_key(|(node, _)| Reverse(graph.created(*node)));
    ranked
}

/// The `count` highest releases. A version stands where its highest release tag stands; what has the same numbers as
/// the last of these (`1.4.2` and `v1.4.2` on two versions) stays as well.
pub(super) fn last_releases(graph: &Graph<'_>, considered: &[TagNumber], count: u32) -> Reasons {
    let order = TagOrder::of_versions(tags(graph, considered).map(|(_, tag)| tag.tag.as_str()));
    let releases: Vec<_> = tags(graph, considered)
        .filter(|(_, tag)| order.is_release(tag.tag.as_str()))
        .collect();
    let mut highest: HashMap<Node, (artifact::TagKey, &str)> = HashMap::new();
    for (_, tag) in &releases {
        let name = tag.tag.as_str();
        let key = (order.key(name, None), name);
        let known = highest.entry(tag.node).or_insert_with(|| key.clone());
        if *known < key {
            *known = key;
        }
    }
    let mut ranked: Vec<_> = highest.into_iter().collect();
    ranked.sort_unstable_by(|(_, one), (_, other)| other.cmp(one));
    let within = usize::try_from(count).unwrap_or(usize::MAX);
    let numbers = |name: &str| order.version(name);
    let edge = within.checked_sub(1).and_then(|last| ranked.get(last));
    let edge = edge.and_then(|(_, (_, name))| numbers(name));
    let reason = |(place, (node, (_, name))): (usize, (Node, (_, &str)))| {
        let reason = if place < within {
            KeepReason::KeepLastReleases(count)
        } else if edge.is_some()
            && numbers(name)
                .zip(edge.as_ref())
                .is_some_and(|(it, edge)| it.cmp_precedence(edge).is_eq())
        {
            KeepReason::Tie(count)
        } else {
            return None;
        };
        Some((node, reason))
    };
    let kept: HashMap<Node, KeepReason> = ranked.into_iter().enumerate().filter_map(reason).collect();
    let mut reasons = vec![None; considered.len()];
    for (place, tag) in releases {
        fill(&mut reasons, &[place], kept.get(&tag.node));
    }
    reasons
}

fn tags<'a>(
    graph: &'a Graph<'a>,
    considered: &'a [TagNumber],
) -> impl Iterator<Item = (usize, &'a super::graph::PointingTag<'a>)> {
    let places = considered.iter().enumerate();
    places.filter_map(|(place, &number)| Some((place, graph.tags.get(number)?)))
}

fn fill(reasons: &mut Reasons, places: &[usize], reason: Option<&KeepReason>) {
    for &place in places {
        if let Some(slot) = reasons.get_mut(place) {
            *slot = reason.cloned();
        }
    }
}
