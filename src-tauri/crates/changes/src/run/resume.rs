//! Taking a change up again that did not come to its end.

use std::collections::BTreeMap;

use artifact::{ByteSize, Digest, Tag};
use futures::{StreamExt, TryStreamExt, stream};
use registry::{Operation, Target};

use super::{Context, Outcome, Run, blocking, dummy, held, parties_of};
use crate::{
    Action, ChangeError, ChangeId, ChangeState, Entry, EntryDetail, EntryStep, Journal, JournalError, Located, Plan,
    Step, StepState,
};

/// More tags than these are not looked at before a change is resumed: each step looks at its own anyway.
const TAGS_LOOKED_AT: usize = 200;
const SIDE_BY_SIDE: usize = 8;

/// What is left of a change, as a plan to show. Steps that were under way are among them: when they are resumed, a look
/// at the registry tells first what became of them.
///
/// # Errors
/// [`ChangeError::Refused`] for a change that runs, is done, or is undone.
pub fn plan_resume(journal: &Journal, id: ChangeId) -> Result<Plan, ChangeError> {
    let detail = journal.entry(id)?;
    refuse_unless_unfinished(&detail.entry)?;
    let under_way = detail
        .steps
        .iter()
        .filter(|step| step.state == StepState::Begun)
        .count();
    let mut warnings = Vec::new();
    if under_way > 0 {
        warnings.push(format!(
            "{under_way} of these steps had begun; each is looked at in the registry first, and not made twice"
        ));
    }
    let steps = left(&detail.steps);
    Ok(Plan {
        kind: detail.entry.kind,
        deleted_tags: deleted_tags(&steps),
        steps,
        kept: Vec::new(),
        protected: Vec::new(),
        unreadable: Vec::new(),
        reclaimed: ByteSize::ZERO,
        warnings,
        manifests: BTreeMap::new(),
    })
}

/// A tag of a plan that holds by now what the plan neither expects nor wants: its step will be skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OvertakenTag {
    pub at: Located,
    pub tag: Tag,
    /// `None`: it is gone.
    pub holds: Option<Digest>,
}

/// Looks at the tags of what is left of a change, at some of them where there are many. Only reads.
///
/// # Errors
/// If the journal cannot be read or a registry cannot be asked.
pub async fn read_overtaken(
    id: ChangeId,
    context: &Context,
    operation: &Operation,
) -> Result<Vec<OvertakenTag>, ChangeError> {
    let journal = context.journal.clone();
    let (detail, word) = blocking(move || Ok((journal.entry(id)?, journal.word(id)?))).await?;
    let left = detail
        .steps
        .into_iter()
        .enumerate()
        .filter(|(_, step)| step.state != StepState::Done);
    let tags = left.flat_map(|(place, entry)| {
        let ours = dummy(&word, place);
        let tags = entry.step.tags.clone().into_iter();
        tags.map(move |tag| (entry.step.clone(), tag, ours.clone()))
    });
    let looks = stream::iter(tags.take(TAGS_LOOKED_AT)).map(|(step, tag, ours)| async move {
        let registry = context.parties.registry(&step.at.connection)?;
        let (at, target) = (step.at, Target::Tag(tag.clone()));
        let holds = held(&**registry, &at.repository, &target, operation).await?;
        let is_fit = match step.action {
            Action::PutManifest => holds == step.expected || holds.as_ref() == Some(&step.digest),
            // A delete that was under way may have left its dummy there.
            _ => holds
                .as_ref()
                .is_none_or(|holds| *holds == step.digest || *holds == ours),
        };
        Ok::<_, ChangeError>((!is_fit).then_some(OvertakenTag { at, tag, holds }))
    });
    let looks: Vec<_> = looks.buffered(SIDE_BY_SIDE).try_collect().await?;
    Ok(looks.into_iter().flatten().collect())
}

/// Without those of signatures and fallback lists.
fn deleted_tags(steps: &[Step]) -> u64 {
    let deletes = steps
        .iter()
        .filter(|step| matches!(step.action, Action::DeleteTag | Action::DeleteManifest));
    let tags = deletes
        .flat_map(|step| &step.tags)
        .filter(|tag| !tag.is_referrer_name());
    tags.count() as u64
}

/// Finishes a change under its own entry in the journal, with the same checks as the first run: a tag that moved in
/// between is left alone.
///
/// # Errors
/// As [`super::execute`]; and [`ChangeError::Refused`] for a change that is done or undone,
/// [`JournalError::Running`] for one that runs.
pub async fn resume(id: ChangeId, context: &Context, operation: &Operation) -> Result<Outcome, ChangeError> {
    let journal = context.journal.clone();
    let (unfinished, detail, manifests) = blocking(move || {
        let unfinished = journal.take_up(id)?;
        // Read under the lock: nobody else changes it now.
        Ok((unfinished, journal.entry(id)?, journal.manifests(id)?))
    })
    .await?;
    let mut entry = detail.entry;
    if entry.state == ChangeState::Running {
        // It is us who hold the lock.
        entry.state = ChangeState::Interrupted;
    }
    refuse_unless_unfinished(&entry)?;
    let steps: Vec<Step> = detail.steps.iter().map(|step| step.step.clone()).collect();
    parties_of(&steps, &context.parties)?;
    let run = Run {
        done_before: detail.steps.iter().map(|step| step.state == StepState::Done).collect(),
        steps,
        kept: Vec::new(),
        manifests,
    };
    let journal = context.journal.clone();
    blocking(move || journal.reopen(id)).await?;
    run.carry_out(unfinished, context, operation).await
}

fn refuse_unless_unfinished(entry: &Entry) -> Result<(), ChangeError> {
    let id = entry.id;
    match entry.state {
        ChangeState::Interrupted | ChangeState::Partial | ChangeState::Failed | ChangeState::Cancelled => Ok(()),
        ChangeState::Running => Err(JournalError::Running(id).into()),
        ChangeState::Done => Err(ChangeError::refused(
            format!("change {id} is done: nothing of it is left"),
            format!("`berthctl journal undo {id}` takes it back"),
        )),
        ChangeState::Undone => Err(ChangeError::refused(
            format!("change {id} was undone"),
            "undo its undo instead, which does it again",
        )),
    }
}

/// The steps that were not done, with the places that they have among themselves.
fn left(steps: &[EntryStep]) -> Vec<Step> {
    let mut places = vec![None; steps.len()];
    let mut left: Vec<Step> = Vec::new();
    for (place, entry) in steps.iter().enumerate() {
        if entry.state == StepState::Done {
            continue;
        }
        let mut step = entry.step.clone();
        step.after = step.after.iter().filter_map(|before| *places.get(*before)?).collect();
        places[place] = Some(left.len());
        left.push(step);
    }
    left
}

impl EntryDetail {
    /// Whether [`resume`] would do something.
    pub fn can_resume(&self) -> bool {
        refuse_unless_unfinished(&self.entry).is_ok()
    }
}
