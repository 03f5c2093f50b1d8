//! A backup of what a plan deletes: steps of the same plan, copies into another place, that every delete waits for.
//!
//! What goes is read with all that it needs ([`read_going`]); with what the backup holds already, the plan is made anew
//! ([`with_backup`], pure). Nothing here writes. Must not depend on how steps are executed.

mod read;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use artifact::{Digest, Tag};

pub use self::read::read_going;
use crate::{
    Action, ChangeKind, EntryDetail, Located, Needed, Plan, SourceArtifact, Step, TargetState,
    copy::{plan_transfer, tag_step},
    prune::promised_by_backup,
};

/// What a plan deletes of one repository, with everything that it needs, and the tags on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Going {
    /// The manifests that go are its root and its referrers, whatever they are to each other.
    source: SourceArtifact,
    tags: BTreeMap<Tag, Digest>,
}

impl Going {
    /// The repository that loses it.
    pub fn at(&self) -> &Located {
        &self.source.at
    }

    /// What to look for in the place of the backup.
    pub fn needed(&self) -> Needed {
        Needed {
            referrers: BTreeMap::new(),
            ..self.source.needed()
        }
    }

    /// The tags that go with it, to look for in the place of the backup.
    pub fn tags(&self) -> Vec<Tag> {
        self.tags.keys().cloned().collect()
    }

    /// The steps that bring it to `target`; at least one, so that the journal tells where the backup is.
    fn backed_up(&self, target: &TargetState) -> Plan {
        let untagged = TargetState {
            tags: Vec::new(),
            ..target.clone()
        };
        let mut plan = plan_transfer(ChangeKind::Prune, &self.source, &untagged);
        plan.warnings.clone_from(&self.source.warnings);
        for held in &target.tags {
            self.tag(&mut plan, target, &held.tag, held.holds.as_ref());
        }
        if plan.steps.is_empty() {
            self.look_again(&mut plan, target);
        }
        plan
    }

    fn tag(&self, plan: &mut Plan, target: &TargetState, tag: &Tag, holds: Option<&Digest>) {
        let wanted = self
            .tags
            .get(tag)
            .filter(|digest| holds != Some(*digest))
            .and_then(|digest| self.source.manifests.get(digest));
        let Some(manifest) = wanted else { return };
        let puts = plan.steps.iter().position(|step| step.digest == manifest.raw.digest);
        let (mut step, warning) = tag_step(target, (tag, holds), &manifest.raw, puts.into_iter().collect());
        step.reason = format!("{}; {}", manifest.name, step.reason);
        let warning = warning.map(|warning| format!("in the backup {warning}"));
        plan.warnings.extend(warning);
        plan.manifests.insert(step.digest.clone(), manifest.raw.clone());
        let replaced = holds.and_then(|before| target.replaced.get(before));
        plan.manifests
            .extend(replaced.map(|raw| (raw.digest.clone(), raw.clone())));
        plan.steps.push(step);
    }

    /// An earlier backup has it all: its first manifest is put again, which finds out whether that is still there.
    fn look_again(&self, plan: &mut Plan, target: &TargetState) {
        let Some(manifest) = self.source.manifests.get(&self.source.root) else {
            return;
        };
        plan.manifests.insert(manifest.raw.digest.clone(), manifest.raw.clone());
        plan.steps.push(Step {
            action: Action::PutManifest,
            at: target.at.clone(),
            tag: None,
            digest: manifest.raw.digest.clone(),
            expected: Some(manifest.raw.digest.clone()),
            tags: Vec::new(),
            reason: format!("{}; an earlier one holds it already", manifest.name),
            bytes: artifact::ByteSize(manifest.raw.bytes.len() as u64),
            after: Vec::new(),
        });
    }
}

/// The plan with the backup before it, and how many steps that is: no delete starts before every one of them is done.
pub fn with_backup(plan: Plan, backups: &[(Going, TargetState)]) -> (Plan, usize) {
    let (mut steps, mut manifests, mut warnings) = (Vec::new(), BTreeMap::new(), Vec::new());
    for (going, target) in backups {
        let backup = going.backed_up(target);
        let first = steps.len();
        steps.extend(backup.steps.into_iter().map(|step| moved(step, first)));
        manifests.extend(backup.manifests);
        warnings.extend(backup.warnings);
    }
    let count = steps.len();
    // One step waits for all others of the backup, and every delete for that one: so the plan stays small.
    if let Some(last) = steps.last_mut() {
        last.after = (0..count - 1).collect();
    }
    steps.extend(plan.steps.into_iter().map(|step| {
        let mut step = moved(step, count);
        step.after.extend(count.checked_sub(1));
        step.after.sort_unstable();
        step
    }));
    manifests.extend(plan.manifests);
    warnings.extend(if count == 0 {
        plan.warnings
    } else {
        promised_by_backup(plan.warnings)
    });
    let plan = Plan {
        steps,
        warnings,
        manifests,
        ..plan
    };
    (plan, count)
}

/// A step with so many others before all of its plan.
fn moved(step: Step, count: usize) -> Step {
    Step {
        after: step.after.iter().map(|place| place + count).collect(),
        ..step
    }
}

impl EntryDetail {
    /// Where a change that deletes put what it deleted before.
    pub fn backups(&self) -> BTreeSet<Located> {
        backups(self.entry.kind, || self.steps.iter().map(|entry| &entry.step))
    }
}

impl Plan {
    /// Where a plan that deletes puts what it deletes before.
    pub fn backups(&self) -> BTreeSet<Located> {
        backups(self.kind, || self.steps.iter())
    }
}

/// The repositories that a change that deletes writes to and deletes nothing of.
fn backups<'a, I: Iterator<Item = &'a Step>>(kind: ChangeKind, steps: impl Fn() -> I) -> BTreeSet<Located> {
    if !matches!(kind, ChangeKind::Prune | ChangeKind::Delete) {
        return BTreeSet::new();
    }
    let deletes = |step: &&Step| matches!(step.action, Action::DeleteTag | Action::DeleteManifest);
    let lose: BTreeSet<&Located> = steps().filter(deletes).map(|step| &step.at).collect();
    let written = steps().map(|step| &step.at).filter(|at| !lose.contains(at));
    written.cloned().collect()
}
