//! The rules that count: the newest versions of a group, and the highest releases. Tags of one version share a place.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap, HashSet},
};

use artifact::TagOrder;
use chrono::{DateTime, Utc};

use super::graph::{Graph, Node, PointingTag, TagNumber};
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
        let ranked = newest_first(graph, versions);
        let last = usize::try_from(count).ok().and_then(|count| count.checked_sub(1));
        let edge = last.and_then(|last| ranked.get(last)).and_then(|last| last.created);
        for (place, version) in ranked.into_iter().enumerate() {
            let reason = match version.created {
                None => Some(KeepReason::UnknownAge),
                Some(_) if last.is_some_and(|last| place <= last) => Some(KeepReason::KeepLast(count)),
                Some(created) => (edge == Some(created)).then_some(KeepReason::Tie(count)),
            };
            fill(&mut reasons, &version.places, reason.as_ref());
        }
    }
    reasons
}

/// A version with the places of its considered tags.
struct Version {
    created: Option<DateTime<Utc>>,
    places: Vec<usize>,
}

/// Those of unknown age come last, so that they take no place.
fn newest_first(graph: &Graph<'_>, versions: BTreeMap<Node, Vec<usize>>) -> Vec<Version> {
    let versions = versions.into_iter().map(|(node, places)| Version {
        created: graph.created(node),
        places,
    });
    let mut ranked: Vec<_> = versions.collect();
    ranked.sort_by_key(|version| Reverse(version.created));
    ranked
}

/// The `count` highest releases. A version stands where its highest release tag stands; what has the same numbers as
/// the last of these (`1.4.2` and `v1.4.2` on two versions) stays as well.
pub(super) fn last_releases(graph: &Graph<'_>, considered: &[TagNumber], count: u32) -> Reasons {
    let order = TagOrder::of_versions(tags(graph, considered).map(|(_, tag)| tag.tag.as_str()));
    let releases: Vec<_> = tags(graph, considered)
        .filter(|(_, tag)| order.is_release(tag.tag.as_str()))
        .collect();
    let ranked = highest_first(&order, releases.iter().map(|(_, tag)| *tag));
    let last = usize::try_from(count).ok().and_then(|count| count.checked_sub(1));
    let edge = last
        .and_then(|last| ranked.get(last))
        .and_then(|(_, name)| order.version(name));
    let is_tie = |name: &str| {
        let versions = order.version(name).zip(edge.as_ref());
        versions.is_some_and(|(version, edge)| version.cmp_precedence(edge).is_eq())
    };
    let mut kept = HashMap::new();
    for (place, (node, name)) in ranked.iter().enumerate() {
        if last.is_some_and(|last| place <= last) {
            kept.insert(*node, KeepReason::KeepLastReleases(count));
        } else if is_tie(name) {
            kept.insert(*node, KeepReason::Tie(count));
        }
    }
    let mut reasons = vec![None; considered.len()];
    for (place, tag) in releases {
        fill(&mut reasons, &[place], kept.get(&tag.node));
    }
    reasons
}

/// Each version once, with its highest release tag.
fn highest_first<'a>(order: &TagOrder, releases: impl Iterator<Item = &'a PointingTag<'a>>) -> Vec<(Node, &'a str)> {
    let mut ranked: Vec<_> = releases
        .map(|tag| {
            let name = tag.tag.as_str();
            (order.key(name, None), tag.node, name)
        })
        .collect();
    ranked.sort_unstable_by(|one, other| other.cmp(one));
    let mut seen = HashSet::new();
    ranked.retain(|(_, node, _)| seen.insert(*node));
    ranked.into_iter().map(|(_, node, name)| (node, name)).collect()
}

fn tags<'a>(graph: &'a Graph<'a>, considered: &'a [TagNumber]) -> impl Iterator<Item = (usize, &'a PointingTag<'a>)> {
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
