//! Undo: a plan that brings back what a change found, from its entry in the journal and from what is there now.
//!
//! Only reads; the plan is carried out as any other. Never takes anything that somebody else put there since.

mod before;
mod present;
mod steps;
#[cfg(test)]
mod tests;

use registry::Operation;

use self::{before::Before, present::Look};
use crate::{
    ChangeError, ChangeId, ChangeState, Entry, JournalError, Plan,
    run::{Context, blocking},
};

/// Plans to take a change back: deleted manifests are put again, parts before wholes, then their tags; moved tags go
/// back to what they held; tags that were new go. Of a change that did not come to its end, what may have happened is
/// looked up. What cannot be brought back stands in the plan's warnings.
///
/// # Errors
/// [`ChangeError::Refused`] if the change was undone already, if a tag holds by now what neither it nor its time before
/// knew, or if nothing can be brought back; [`JournalError::Running`] for a change that runs;
/// [`ChangeError::NotFound`] if its connection is not there.
pub async fn plan_undo(id: ChangeId, context: &Context, operation: &Operation) -> Result<Plan, ChangeError> {
    let journal = context.journal.clone();
    let read = move || Ok((journal.entry(id)?, journal.word(id)?, journal.manifests(id)?));
    let (detail, word, manifests) = blocking(read).await?;
    refuse_unless_undoable(&detail.entry)?;
    let before = Before::of(&detail, &word, &manifests);
    let look = Look {
        parties: &context.parties,
        manifests: &manifests,
        operation,
    };
    let present = look.at(&before).await?;
    steps::plan(id, &before, &present, &look).await
}

fn refuse_unless_undoable(entry: &Entry) -> Result<(), ChangeError> {
    match (entry.state, entry.undone_by) {
        (ChangeState::Running, _) => Err(JournalError::Running(entry.id).into()),
        (_, Some(by)) => Err(ChangeError::refused(
            format!("change {} was undone by change {by}", entry.id),
            format!("to do it again, undo change {by}"),
        )),
        (_, None) => Ok(()),
    }
}
