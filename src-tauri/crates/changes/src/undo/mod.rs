//! Undo: a plan that brings back what a change found, from its entry in the journal and from what is there now.
//!
//! Only reads; the plan is carried out as any other. Never takes anything that somebody else put there since.

mod before;
mod present;
mod steps;
#[cfg(test)]
mod tests;

use artifact::Tag;
use registry::Operation;

use self::{before::Before, present::Look};
use crate::{
    ChangeError, ChangeId, ChangeKind, ChangeState, Entry, JournalError, Located, Plan,
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
    refuse_if_overtaken(id, &before, context).await?;
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

/// A tag that a later change wrote, and that was not taken back, belongs to that change, whatever it holds.
async fn refuse_if_overtaken(id: ChangeId, before: &Before, context: &Context) -> Result<(), ChangeError> {
    let written: Vec<(Located, Tag)> = before
        .tags
        .iter()
        .filter(|(_, tag)| tag.written)
        .map(|(key, _)| key.clone())
        .collect();
    let journal = context.journal.clone();
    let later = blocking(move || {
        for (at, tag) in written {
            for moved in journal.tag_moves(&at, &tag)? {
                let is_later = moved.change > id && moved.kind != ChangeKind::Undo;
                if is_later && journal.entry(moved.change)?.entry.undone_by.is_none() {
                    return Ok(Some((at, tag, moved.change)));
                }
            }
        }
        Ok(None)
    });
    match later.await? {
        None => Ok(()),
        Some((at, tag, by)) => Err(ChangeError::refused(
            format!("{}:{tag} was moved since change {id}, by change {by}", at.repository),
            format!("undo change {by} first"),
        )),
    }
}
