//! Plans, outcomes and entries of the journal in the form of answers. Decides nothing.

use std::collections::BTreeSet;

use artifact::{ByteSize, Digest};
use catalog::ConnectionId;
use changes::{
    Entry, EntryStep, Explanation, KeepReason, Located, Outcome, OvertakenTag, Party, Plan, RequirementOutcome, Step,
};
use registry::ErrorCode;

use super::naming::Names;
use crate::{
    FailedStep, GoingVersion, JournalDetail, JournalLine, JournalStep, Kept, LayerSegment, OutcomeAnswer, PlanAnswer,
    PlannedStep, Protected, RequirementAnswer, SkippedStep, Unread,
};

/// How many digits of a plan's hash tell it from others.
const PLAN_DIGITS: usize = 16;
/// Segments of a bar that is 124 pixels long.
const SEGMENTS: usize = 24;

pub(super) fn plan(plan: &Plan, names: &Names) -> PlanAnswer {
    PlanAnswer {
        kind: plan.kind.as_str(),
        plan_id: plan_id(plan),
        steps: plan.steps.iter().map(|one| step(one, names)).collect(),
        kept: plan
            .kept
            .iter()
            .map(|kept| Kept {
                repository: names.repository(&kept.at),
                tag: kept.tag.clone(),
                digest: kept.digest.clone(),
                reason: kept.reason.to_string(),
                why: kept.reason.clone(),
            })
            .collect(),
        protected: plan
            .protected
            .iter()
            .map(|protected| Protected {
                repository: names.repository(&protected.at),
                digest: protected.digest.clone(),
                because: protected.because.to_string(),
                why: protected.because.clone(),
            })
            .collect(),
        unreadable: plan
            .unreadable
            .iter()
            .map(|unread| Unread {
                repository: names.repository(&unread.at),
                reference: unread_reference(&names.repository(&unread.at), &unread.reference),
                problem: unread.problem.clone(),
            })
            .collect(),
        reclaimed: plan.reclaimed,
        deleted_tags: plan.deleted_tags,
        warnings: plan.warnings.clone(),
        hindered: plan.kept.iter().any(|kept| {
            matches!(
                kept.reason,
                KeepReason::DeletesOff | KeepReason::CannotGoAlone | KeepReason::NoSafeWay
            )
        }),
        requirements: Vec::new(),
        typed_name: None,
        transfer: None,
        versions: Vec::new(),
        stored: None,
        backups: plan.backups().iter().map(|at| names.repository(at)).collect(),
        overtaken: Vec::new(),
    }
}

pub(super) fn versions(explanation: &Explanation, names: &Names) -> Vec<GoingVersion> {
    let told = explanation.versions.iter().map(|version| GoingVersion {
        repository: names.repository(&version.at),
        digest: version.digest.clone(),
        tags: version.tags.clone(),
        whole: version.whole,
        steps: version.steps.clone(),
        along: version.along,
        why: version.why.clone(),
        size: version.size,
        freed: segments(&version.freed),
        freed_size: version.freed.iter().map(|(_, size)| *size).sum(),
        only_here: version.only_here,
    });
    told.collect()
}

/// As many of the largest as a bar can show, in their order.
fn segments(blobs: &[(Digest, ByteSize)]) -> Vec<LayerSegment> {
    let mut places: Vec<usize> = (0..blobs.len()).collect();
    if blobs.len() > SEGMENTS {
        places.sort_by_key(|place| std::cmp::Reverse(blobs.get(*place).map(|(_, size)| *size)));
        places.truncate(SEGMENTS);
        places.sort_unstable();
    }
    let largest = places.into_iter().filter_map(|place| blobs.get(place));
    let segment = |(digest, size): &(Digest, ByteSize)| LayerSegment {
        digest: digest.clone(),
        size: *size,
    };
    largest.map(segment).collect()
}

pub(super) fn requirement(outcome: &RequirementOutcome) -> RequirementAnswer {
    RequirementAnswer {
        requirement: outcome.requirement.to_string(),
        met: outcome.met,
        detail: outcome.detail.clone(),
    }
}

/// The same for the same steps, whoever plans them.
fn plan_id(plan: &Plan) -> String {
    // Steps are plain values: they can always be written.
    let steps = serde_json::to_vec(&(plan.kind, &plan.steps)).unwrap_or_default();
    Digest::of(&steps).hex().chars().take(PLAN_DIGITS).collect()
}

fn unread_reference(repository: &str, reference: &str) -> String {
    if reference.parse::<Digest>().is_ok() {
        format!("{repository}@{reference}")
    } else if reference.parse::<artifact::Tag>().is_ok() {
        format!("{repository}:{reference}")
    } else {
        repository.to_owned()
    }
}

/// What a tag that moved since the plan means for it.
pub(super) fn overtaken(OvertakenTag { at, tag, holds }: &OvertakenTag, names: &Names) -> String {
    let now = holds.as_ref().map_or_else(
        || "is gone".to_owned(),
        |digest| format!("is {} by now", digest.short()),
    );
    format!(
        "{}:{tag} {now}: its step will be skipped; a new plan would judge it again",
        names.repository(at)
    )
}

pub(super) fn step(step: &Step, names: &Names) -> PlannedStep {
    PlannedStep {
        action: step.action.as_str(),
        reference: reference(&step.at, step, names),
        digest: step.digest.clone(),
        expected: step.expected.clone(),
        tags: step.tags.clone(),
        reason: step.reason.clone(),
        bytes: step.bytes,
    }
}

fn reference(at: &Located, step: &Step, names: &Names) -> String {
    let repository = names.repository(at);
    match &step.tag {
        Some(tag) => format!("{repository}:{tag}"),
        None => format!("{repository}@{}", step.digest),
    }
}

pub(super) fn outcome(outcome: &Outcome, plan: PlanAnswer) -> OutcomeAnswer {
    OutcomeAnswer {
        plan,
        journal_id: Some(outcome.journal_id.to_string()),
        state: outcome.state.as_str(),
        done: outcome.done.clone(),
        failed: outcome
            .failed
            .iter()
            .map(|failed| FailedStep {
                step: failed.step,
                code: code_named(&failed.code),
                message: failed.message.clone(),
                hint: failed.hint.clone(),
            })
            .collect(),
        skipped: outcome
            .skipped
            .iter()
            .map(|skipped| SkippedStep {
                step: skipped.step,
                reason: skipped.reason.clone(),
            })
            .collect(),
    }
}

/// Nothing was there to be done.
pub(super) fn nothing_done(plan: PlanAnswer) -> OutcomeAnswer {
    OutcomeAnswer {
        plan,
        journal_id: None,
        state: "done",
        done: Vec::new(),
        failed: Vec::new(),
        skipped: Vec::new(),
    }
}

fn code_named(code: &str) -> ErrorCode {
    serde_json::from_value(serde_json::Value::String(code.to_owned())).unwrap_or(ErrorCode::Other)
}

pub(super) fn line(entry: &Entry, names: &Names) -> JournalLine {
    let written = entry.repositories.iter().chain(&entry.backups);
    let written: BTreeSet<&ConnectionId> = written.map(|at| &at.connection).collect();
    let (targets, sources): (Vec<&Party>, Vec<&Party>) = entry
        .parties
        .iter()
        .partition(|party| written.contains(&party.connection));
    let called = |parties: &[&Party]| {
        let shown = parties
            .iter()
            .map(|party| names.connection(&party.connection).unwrap_or(&party.name));
        shown.map(str::to_owned).collect()
    };
    JournalLine {
        id: entry.id.to_string(),
        kind: entry.kind.as_str(),
        started: entry.started,
        finished: entry.finished,
        state: entry.state.as_str(),
        repositories: entry.repositories.iter().map(|at| names.repository(at)).collect(),
        backups: entry.backups.iter().map(|at| names.repository(at)).collect(),
        sources: called(&sources),
        targets: called(&targets),
        tags: entry.tags.clone(),
        planned: entry.planned,
        done: entry.done,
        by: targets.iter().chain(&sources).find_map(|party| party.user.clone()),
        origin: entry.origin.clone(),
        undoes: entry.undoes.map(|id| id.to_string()),
        undone_by: entry.undone_by.map(|id| id.to_string()),
    }
}

pub(super) fn detail(entry: &Entry, steps: &[EntryStep], names: &Names) -> JournalDetail {
    JournalDetail {
        line: line(entry, names),
        steps: steps.iter().map(|step| journal_step(step, names)).collect(),
        undo: None,
        copied_from: None,
    }
}

fn journal_step(entry: &EntryStep, names: &Names) -> JournalStep {
    JournalStep {
        step: step(&entry.step, names),
        state: entry.state.as_str(),
        at: entry.ended.or(entry.begun),
        message: entry.message.clone(),
    }
}
