//! What a plan that deletes means, version by version: what goes along, why it may go, what it holds and what that frees.
//! For people only: nothing is decided here, and nothing of it is carried out or journaled.

use std::{cmp::Reverse, collections::BTreeMap};

use artifact::{ByteSize, Digest, Kind, Tag, TagOrder};
use catalog::ConnectionId;
use chrono::{DateTime, Utc};
use hashbrown::{HashMap, HashSet};

use super::{
    Pruning,
    belonging::{Belonging, Way},
    graph::{Graph, Node, Role},
    reasons::Reasons,
    space::{Blob, only_going},
};
use crate::{Action, Located, Plan, Policy, Snapshot};

/// A plan in the words of versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// Repository by repository, the highest version first.
    pub versions: Vec<GoingVersion>,
    /// What the repositories hold now, each blob once.
    pub stored: ByteSize,
}

/// A version that goes with what belongs to it, or of which tags go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoingVersion {
    pub at: Located,
    pub digest: Digest,
    pub tags: Vec<Tag>,
    /// Whether it goes itself, not only tags of it.
    pub whole: bool,
    /// The steps of the plan that make it go, by their places.
    pub steps: Vec<usize>,
    pub along: Along,
    pub why: Vec<GoReason>,
    /// Of it and what goes along, each blob once.
    pub size: ByteSize,
    /// Blobs of it that nothing needs any more when the whole plan is done, in the order of its manifests.
    pub freed: Vec<(Digest, ByteSize)>,
    /// Of these, what no other version that goes holds.
    pub only_here: ByteSize,
}

/// What goes along with a version, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Along {
    pub platforms: u64,
    pub sboms: u64,
    pub attestations: u64,
    pub signatures: u64,
    /// What points at it besides.
    pub others: u64,
}

/// Why a version may go: what each rule that was given says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoReason {
    /// By hand.
    Chosen,
    /// Nothing leads to it.
    Untagged,
    NotOfLast(u32),
    NotOfLastReleases(u32),
    /// Releases are kept; it comes before one.
    PreRelease,
    /// Releases are kept; its name is none.
    NoRelease,
    Matches(String),
    /// So many days.
    Age(u64),
    /// Last pulled so many days ago.
    NotPulled(u64),
}

/// What a plan of policies means.
pub fn explain_prune(prunings: &[Pruning<'_>], plan: &Plan, now: DateTime<Utc>) -> Explanation {
    let parts = prunings
        .iter()
        .map(|pruning| (pruning.snapshot, pruning.policies.as_slice()));
    explain(parts.collect(), plan, now)
}

/// What a plan of a choice by hand means.
pub fn explain_delete(snapshot: &Snapshot, plan: &Plan, now: DateTime<Utc>) -> Explanation {
    explain(vec![(snapshot, &[])], plan, now)
}

type Part<'a> = (&'a Snapshot, &'a [&'a Policy]);

fn explain(mut parts: Vec<Part<'_>>, plan: &Plan, now: DateTime<Utc>) -> Explanation {
    parts.sort_by(|(one, _), (other, _)| one.at.cmp(&other.at));
    let going = going(plan);
    let nothing = HashSet::new();
    let at = |snapshot: &Snapshot| going.get(&snapshot.at).unwrap_or(&nothing);
    let freed = only_going(&parts.iter().map(|(snapshot, _)| (*snapshot, at(snapshot))));
    let mut steps: BTreeMap<&Located, Vec<usize>> = BTreeMap::new();
    for (place, step) in plan.steps.iter().enumerate() {
        steps.entry(&step.at).or_default().push(place);
    }
    let mut versions = Vec::new();
    for (snapshot, policies) in &parts {
        let (Some(places), Ok(graph)) = (steps.get(&snapshot.at), Graph::read(snapshot)) else {
            continue;
        };
        let telling = Telling {
            belonging: Belonging::of(&graph, at(snapshot)),
            reasons: Reasons::new(&graph, policies, now),
            graph: &graph,
            freed: &freed,
            plan,
        };
        versions.extend(telling.versions(places));
    }
    let alone = only_there(&versions);
    for (version, alone) in versions.iter_mut().zip(alone) {
        version.only_here = alone;
    }
    let stored = stored(parts.iter().map(|(snapshot, _)| *snapshot));
    Explanation { versions, stored }
}

/// Of each version, what no other of them holds.
fn only_there(versions: &[GoingVersion]) -> Vec<ByteSize> {
    let mut holders: HashMap<Blob<'_>, usize> = HashMap::new();
    for version in versions {
        for (digest, _) in &version.freed {
            *holders.entry((&version.at.connection, digest)).or_default() += 1;
        }
    }
    let alone = versions.iter().map(|version| {
        let is_alone = |digest| holders.get(&(&version.at.connection, digest)) == Some(&1);
        let blobs = version.freed.iter().filter(|(digest, _)| is_alone(digest));
        blobs.map(|(_, size)| *size).sum()
    });
    alone.collect()
}

/// The manifests that a plan deletes, by repository.
fn going(plan: &Plan) -> BTreeMap<&Located, HashSet<&Digest>> {
    let mut going: BTreeMap<&Located, HashSet<&Digest>> = BTreeMap::new();
    for step in &plan.steps {
        if step.action == Action::DeleteManifest {
            going.entry(&step.at).or_default().insert(&step.digest);
        }
    }
    going
}

fn stored<'a>(snapshots: impl Iterator<Item = &'a Snapshot>) -> ByteSize {
    let mut seen: HashSet<(&ConnectionId, &Digest)> = HashSet::new();
    let mut all = ByteSize::ZERO;
    for snapshot in snapshots {
        let blobs = snapshot.manifests.values().flat_map(|manifest| &manifest.blobs);
        for (digest, size) in blobs {
            if seen.insert((&snapshot.at.connection, digest)) {
                all += *size;
            }
        }
    }
    all
}

/// One repository.
struct Telling<'a, 'g> {
    graph: &'g Graph<'a>,
    belonging: Belonging,
    reasons: Reasons<'g>,
    freed: &'g HashMap<Blob<'a>, ByteSize>,
    plan: &'g Plan,
}

impl Telling<'_, '_> {
    fn versions(&self, places: &[usize]) -> Vec<GoingVersion> {
        let mut steps: BTreeMap<Node, Vec<usize>> = BTreeMap::new();
        for &place in places {
            if let Some(node) = self.version_of(place) {
                steps.entry(node).or_default().push(place);
            }
        }
        let names = self.graph.tags.iter().map(|tag| tag.tag.as_str());
        let order = TagOrder::of_versions(names);
        let mut told: Vec<_> = steps
            .into_iter()
            .filter_map(|(node, steps)| self.version(node, steps))
            .map(|(node, version)| {
                let highest = version.tags.iter().map(|tag| order.key(tag.as_str(), None)).max();
                (Reverse((highest, self.graph.created(node))), version)
            })
            .collect();
        told.sort_by(|(one, _), (other, _)| one.cmp(other));
        told.into_iter().map(|(_, version)| version).collect()
    }

    /// The version that a step belongs to: its manifest's, else that of what its tag stands for, else the one it leaves.
    fn version_of(&self, place: usize) -> Option<Node> {
        let step = self.plan.steps.get(place)?;
        let node = self.graph.find(&step.digest)?;
        let subject = || {
            let number = self.graph.tag_named(step.tag.as_ref()?)?;
            match self.graph.tags.get(number)?.role {
                Role::Owned(subject) => self.belonging.owner(subject),
                _ => None,
            }
        };
        Some(self.belonging.owner(node).or_else(subject).unwrap_or(node))
    }

    fn version(&self, node: Node, steps: Vec<usize>) -> Option<(Node, GoingVersion)> {
        let digest = (*self.graph.digests.get(node)?).clone();
        let own = steps.iter().filter_map(|place| self.plan.steps.get(*place));
        let own = own.filter(|step| step.digest == digest).flat_map(|step| &step.tags);
        let mut tags: Vec<Tag> = own.filter(|tag| !tag.is_referrer_name()).cloned().collect();
        tags.sort_unstable();
        tags.dedup();
        let whole = self.belonging.owner(node).is_some();
        let blobs = if whole { self.blobs(node) } else { Vec::new() };
        let connection = &self.graph.snapshot.at.connection;
        let is_freed = |(digest, _): &&(&Digest, ByteSize)| self.freed.contains_key(&(connection, *digest));
        let freed = blobs.iter().filter(is_freed);
        let version = GoingVersion {
            at: self.graph.snapshot.at.clone(),
            why: self.reasons.of(node, &tags),
            whole,
            steps,
            along: self.along(node),
            size: blobs.iter().map(|(_, size)| *size).sum(),
            freed: freed.map(|(digest, size)| ((*digest).clone(), *size)).collect(),
            only_here: ByteSize::ZERO,
            digest,
            tags,
        };
        Some((node, version))
    }

    /// The blobs of a version and of all that belongs to it, each once.
    fn blobs(&self, node: Node) -> Vec<(&Digest, ByteSize)> {
        let mut seen: HashSet<Node> = [node].into_iter().collect();
        let mut waiting = vec![node];
        let mut known = HashSet::new();
        let mut blobs = Vec::new();
        while let Some(node) = waiting.pop() {
            for (digest, size) in self.graph.manifests.get(node).into_iter().flat_map(|it| &it.blobs) {
                if known.insert(digest) {
                    blobs.push((digest, *size));
                }
            }
            let needs = self.graph.needs.get(node).into_iter().flatten().rev();
            waiting.extend(needs.map(|(needed, _)| *needed).filter(|needed| seen.insert(*needed)));
        }
        blobs
    }

    fn along(&self, node: Node) -> Along {
        let mut along = Along::default();
        for (part, way) in self.belonging.parts(node) {
            let kind = self.graph.manifests.get(*part).and_then(|manifest| manifest.points_as);
            let count = match (kind, way) {
                (Some(Kind::Signature), _) => &mut along.signatures,
                (Some(Kind::Sbom), _) => &mut along.sboms,
                (Some(Kind::Attestation), _) => &mut along.attestations,
                (None, Way::Child) => &mut along.platforms,
                _ => &mut along.others,
            };
            *count += 1;
        }
        along
    }
}
