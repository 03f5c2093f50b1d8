//! Where a version stands: the tag that gives it its place, and the orders that a list can have.

use std::cmp::Ordering;

use artifact::{NaturalKey, TagGroup, TagKey, TagOrder, natural_key};

use super::facts::{Facts, VersionFacts};
use crate::{VersionSort, store::time};

/// Where a version stands in the order of its repository's scheme.
#[derive(Debug)]
pub(super) struct Rank {
    pub(super) group: TagGroup,
    key: TagKey,
    /// Place in [`Facts::tags`] of the tag that decided.
    pub(super) best: u32,
}

/// The ranks of all versions of a repository, by place.
pub(super) fn ranks(facts: &Facts, channels: &[String]) -> (TagOrder, Vec<Rank>) {
    let order = TagOrder::recognise(facts.tags.iter().map(|tag| &*tag.name), channels);
    let ranks = facts
        .versions
        .iter()
        .map(|version| rank(facts, version, &order, channels))
        .collect();
    (order, ranks)
}

fn rank(facts: &Facts, version: &VersionFacts, order: &TagOrder, channels: &[String]) -> Rank {
    let created = version.read.as_ref().and_then(|read| read.created).and_then(time);
    let candidates = version.tags.iter().map(|place| {
        let name = facts.tags.get(*place as usize).map_or("", |tag| &*tag.name);
        let rank = Rank {
            group: order.group(name),
            key: order.key(name, created),
            best: *place,
        };
        (is_channel(name, channels), rank)
    });
    let best = candidates.min_by(|(one_channel, one), (other_channel, other)| {
        let by_group = one.group.cmp(&other.group).then(one_channel.cmp(other_channel));
        by_group.then_with(|| other.key.cmp(&one.key))
    });
    best.map_or_else(
        || Rank {
            group: TagGroup::Other,
            key: order.key("", None),
            best: u32::MAX,
        },
        |(_, rank)| rank,
    )
}

pub(super) fn is_channel(name: &str, channels: &[String]) -> bool {
    channels.iter().any(|channel| channel == name)
}

/// The names of a version: best first, then channels in their own order, then the others, highest first.
pub(super) fn names(
    facts: &Facts,
    version: &VersionFacts,
    order: &TagOrder,
    channels: &[String],
    best: u32,
) -> Vec<String> {
    let created = version.read.as_ref().and_then(|read| read.created).and_then(time);
    let place_of = |name: &str| {
        channels
            .iter()
            .position(|channel| channel == name)
            .unwrap_or(usize::MAX)
    };
    let mut names: Vec<&str> = facts.tag_names(version).collect();
    let first = facts.tags.get(best as usize).map(|tag| &*tag.name);
    names.sort_by_cached_key(|name| {
        (
            Some(*name) != first,
            place_of(name),
            order.group(name),
            std::cmp::Reverse(order.key(name, created)),
        )
    });
    names.into_iter().map(str::to_owned).collect()
}

/// Sorts places of versions; what has no value comes last in both directions.
pub(super) fn sort(facts: &Facts, ranks: &[Rank], places: &mut [u32], sort: &VersionSort, descending: bool) {
    let by_version = |one: &u32, other: &u32| match (ranks.get(*one as usize), ranks.get(*other as usize)) {
        (Some(one), Some(other)) => one.group.cmp(&other.group).then_with(|| other.key.cmp(&one.key)),
        _ => Ordering::Equal,
    };
    places.sort_by(by_version);
    let version = |place: u32| facts.versions.get(place as usize);
    let read = |place: u32| version(place).and_then(|version| version.read.as_ref());
    match sort {
        VersionSort::Version if descending => {}
        VersionSort::Version => reverse_within_groups(ranks, places),
        VersionSort::Name => arrange(places, descending, |place| name_key(facts, ranks, place)),
        VersionSort::Kind => arrange(places, descending, |place| read(place).map(|read| read.kind.label())),
        VersionSort::Created => arrange(places, descending, |place| read(place)?.created),
        VersionSort::Pushed => arrange(places, descending, |place| read(place)?.pushed),
        VersionSort::Size => arrange(places, descending, |place| read(place)?.size),
        VersionSort::Layers => arrange(places, descending, |place| read(place).map(|read| read.layer_count)),
        VersionSort::Platforms => arrange(places, descending, |place| {
            let platforms = read(place)?.content().platforms;
            Some(
                platforms
                    .into_iter()
                    .filter_map(|platform| platform.name)
                    .collect::<Vec<_>>(),
            )
        }),
        VersionSort::Metric(name) => arrange(places, descending, |place| {
            let metrics = read(place)?.words().metrics;
            metrics
                .iter()
                .find(|(metric, _)| metric == name)
                .map(|(_, value)| Number(*value))
        }),
    }
}

fn reverse_within_groups(ranks: &[Rank], places: &mut [u32]) {
    let first_other = places
        .iter()
        .position(|place| {
            ranks
                .get(*place as usize)
                .is_some_and(|rank| rank.group == TagGroup::Other)
        })
        .unwrap_or(places.len());
    let (scheme, other) = places.split_at_mut(first_other);
    scheme.reverse();
    other.reverse();
}

fn name_key(facts: &Facts, ranks: &[Rank], place: u32) -> Option<NaturalKey> {
    let best = ranks.get(place as usize)?.best;
    facts.tags.get(best as usize).map(|tag| natural_key(&tag.name))
}

pub(super) fn arrange<K: Ord>(places: &mut [u32], descending: bool, key: impl Fn(u32) -> Option<K>) {
    let mut keyed: Vec<(Option<K>, u32)> = places.iter().map(|place| (key(*place), *place)).collect();
    keyed.sort_by(|(one, _), (other, _)| match (one, other) {
        (Some(one), Some(other)) if descending => other.cmp(one),
        (Some(one), Some(other)) => one.cmp(other),
        (one, other) => other.is_some().cmp(&one.is_some()),
    });
    for (place, (_, sorted)) in places.iter_mut().zip(keyed) {
        *place = sorted;
    }
}

struct Number(f64);

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}
