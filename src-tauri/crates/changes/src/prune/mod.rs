//! Plans that delete: by policies, or what was chosen by hand. Pure: snapshots in, a plan out; no network, no clock.
//!
//! In this order: what each rule says of each tag (`rules`, `ranking`, `chosen`), what becomes of whole versions
//! (`decision`), what goes along and what is needed (`closure`), the steps (`ways`, `order`, `steps`), and what they
//! free (`space`). `explain` then tells a plan version by version, with `belonging` and `reasons`.

mod belonging;
mod chosen;
mod closure;
mod decision;
mod explain;
mod graph;
mod order;
mod ranking;
mod reasons;
mod rules;
mod space;
mod steps;
#[cfg(test)]
mod tests;
mod verdict;
mod warnings;
mod ways;

use std::collections::BTreeMap;

use artifact::{Digest, Tag};
use chrono::{DateTime, Utc};
use hashbrown::HashSet;

pub(crate) use self::warnings::promised_by_backup;
pub use self::{
    chosen::{Chosen, ChosenError},
    explain::{Along, Explanation, GoReason, GoingVersion, explain_delete, explain_prune},
};
use self::{
    decision::{Decision, Fate, decide},
    graph::{Graph, Role},
    verdict::Verdicts,
    ways::Ways,
};
use crate::{
    ChangeKind, KeepReason, KeptTag, Plan, Policy, ProtectedDigest, ProtectedTags, Snapshot, Step, Unreadable,
};

/// A repository and the policies that are for it.
///
/// A tag that several of them consider goes only if all of these let it go, and alone only if all say `each_tag`.
#[derive(Clone, Debug)]
pub struct Pruning<'a> {
    pub snapshot: &'a Snapshot,
    pub policies: Vec<&'a Policy>,
}

/// What the policies delete, and what stays and why. The same input in any order gives the same plan.
///
/// A repository that could not be read in full gets no steps. `Plan::reclaimed` counts configs and layers that no
/// manifest that stays in these snapshots needs.
pub fn plan_prune(prunings: &[Pruning<'_>], protected: &ProtectedTags, now: DateTime<Utc>) -> Plan {
    let repositories = prunings.iter().map(|pruning| {
        let snapshot = pruning.snapshot;
        match Graph::read(snapshot) {
            Ok(graph) => {
                let verdicts = rules::judge(&graph, &pruning.policies, protected, now);
                let plan = RepositoryPlan::decided(&graph, &verdicts);
                RepositoryPlan {
                    no_releases: rules::count_no_releases(&graph, &pruning.policies, &plan.steps),
                    ..plan
                }
            }
            Err(problems) => {
                let is_considered = |tag: &Tag| rules::is_considered(tag, &pruning.policies);
                RepositoryPlan::stopped(snapshot, problems, is_considered)
            }
        }
    });
    assemble(ChangeKind::Prune, repositories.collect())
}

/// What the choice deletes, and what of it stays and why.
///
/// # Errors
/// If nothing is chosen, or something that is not there.
pub fn plan_delete(snapshot: &Snapshot, chosen: &Chosen, protected: &ProtectedTags) -> Result<Plan, ChosenError> {
    let repository = match Graph::read(snapshot) {
        Ok(graph) => RepositoryPlan::decided(&graph, &chosen.verdicts(&graph, protected)?),
        Err(problems) => {
            let digests: HashSet<&Digest> = chosen.digests.iter().collect();
            let of_chosen = snapshot.tags.iter().filter(|seen| digests.contains(&seen.digest));
            let tags: HashSet<&Tag> = chosen.tags.iter().chain(of_chosen.map(|seen| &seen.tag)).collect();
            RepositoryPlan::stopped(snapshot, problems, |tag| tags.contains(tag))
        }
    };
    Ok(assemble(ChangeKind::Delete, vec![repository]))
}

/// What is planned for one repository.
struct RepositoryPlan<'a> {
    snapshot: &'a Snapshot,
    steps: Vec<Step>,
    kept: Vec<KeptTag>,
    protected: Vec<ProtectedDigest>,
    unreadable: Vec<Unreadable>,
    deleted_tags: u64,
    /// The manifests that go.
    going: HashSet<&'a Digest>,
    /// Why nothing can be deleted of what should go.
    obstacle: Option<KeepReason>,
    /// Tags that are no releases and go by a rule that speaks of releases alone.
    no_releases: usize,
}

impl<'a> RepositoryPlan<'a> {
    fn stopped(snapshot: &'a Snapshot, unreadable: Vec<Unreadable>, is_considered: impl Fn(&Tag) -> bool) -> Self {
        let mut tags: Vec<_> = snapshot.tags.iter().filter(|seen| is_considered(&seen.tag)).collect();
        tags.sort_unstable_by_key(|seen| (&seen.tag, &seen.digest));
        tags.dedup_by_key(|seen| &seen.tag);
        let kept = tags.into_iter().map(|seen| KeptTag {
            at: snapshot.at.clone(),
            tag: seen.tag.clone(),
            digest: seen.digest.clone(),
            reason: KeepReason::Unreadable,
        });
        Self {
            snapshot,
            steps: Vec::new(),
            kept: kept.collect(),
            protected: Vec::new(),
            unreadable,
            deleted_tags: 0,
            going: HashSet::new(),
            obstacle: None,
            no_releases: 0,
        }
    }

    fn decided(graph: &Graph<'a>, verdicts: &Verdicts) -> Self {
        let snapshot = graph.snapshot;
        let ways = Ways::of(snapshot.rules);
        let decision = decide(graph, verdicts, ways);
        let going = graph.digests.iter().zip(&decision.closure.going);
        Self {
            snapshot,
            steps: steps::steps(graph, &decision, ways),
            kept: kept(graph, &decision),
            protected: protected(graph, &decision),
            unreadable: Vec::new(),
            deleted_tags: deleted_tags(graph, &decision),
            going: going
                .filter(|(_, why)| why.is_some())
                .map(|(digest, _)| *digest)
                .collect(),
            obstacle: ways.obstacle().filter(|_| decision.hindered),
            no_releases: 0,
        }
    }
}

fn kept(graph: &Graph<'_>, decision: &Decision) -> Vec<KeptTag> {
    let tags = graph.tags.iter().zip(&decision.tags);
    let kept = tags.filter_map(|(tag, fate)| match fate {
        Fate::Stays(reason) => Some(KeptTag {
            at: graph.snapshot.at.clone(),
            tag: tag.tag.clone(),
            digest: tag.seen.digest.clone(),
            reason: reason.clone(),
        }),
        _ => None,
    });
    kept.collect()
}

fn protected(graph: &Graph<'_>, decision: &Decision) -> Vec<ProtectedDigest> {
    let protected = decision.closure.protected.iter().filter_map(|(node, because)| {
        Some(ProtectedDigest {
            at: graph.snapshot.at.clone(),
            digest: (*graph.digests.get(*node)?).clone(),
            because: because.clone(),
        })
    });
    protected.collect()
}

fn deleted_tags(graph: &Graph<'_>, decision: &Decision) -> u64 {
    let tags = graph.tags.iter().zip(&decision.tags);
    let gone = tags.filter(|(tag, fate)| {
        tag.role == Role::Ordinary && matches!(fate, Fate::GoesAlone(_) | Fate::GoesWithVersion(_))
    });
    gone.count().try_into().unwrap_or(u64::MAX)
}

/// One plan of all repositories, one after the other.
fn assemble(kind: ChangeKind, mut repositories: Vec<RepositoryPlan<'_>>) -> Plan {
    repositories.sort_by(|one, other| one.snapshot.at.cmp(&other.snapshot.at));
    let reclaimed = space::attribute(&mut repositories);
    let mut plan = Plan {
        kind,
        steps: Vec::new(),
        kept: Vec::new(),
        protected: Vec::new(),
        unreadable: Vec::new(),
        reclaimed,
        deleted_tags: 0,
        warnings: warnings::warnings(&repositories),
        manifests: BTreeMap::new(),
    };
    for repository in repositories {
        let first = plan.steps.len();
        plan.steps.extend(repository.steps.into_iter().map(|step| Step {
            after: step.after.iter().map(|place| first + place).collect(),
            ..step
        }));
        plan.kept.extend(repository.kept);
        plan.protected.extend(repository.protected);
        plan.unreadable.extend(repository.unreadable);
        plan.deleted_tags += repository.deleted_tags;
    }
    plan
}
