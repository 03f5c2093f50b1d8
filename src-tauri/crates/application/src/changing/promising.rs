//! What is still promised of a change of the journal: how far its undo reaches, and what a new plan of it would begin with.

use std::collections::BTreeSet;

use changes::{Action, EntryDetail};
use chrono::{DateTime, TimeDelta, Utc};
use registry::{DeleteRules, Undo};

use crate::{ApplicationError, Berth, RepositoryAt, UndoPromise, names::relative_name};

impl Berth {
    /// How far the undo of a change that deletes is promised; `None` where no version went.
    pub(super) async fn undo_promise(&self, detail: &EntryDetail) -> Result<Option<UndoPromise>, ApplicationError> {
        let deletes = detail
            .steps
            .iter()
            .filter(|entry| entry.step.action == Action::DeleteManifest);
        let places: BTreeSet<_> = deletes.map(|entry| &entry.step.at.connection).collect();
        if places.is_empty() {
            return Ok(None);
        }
        if !detail.backups().is_empty() {
            return Ok(Some(UndoPromise::Backup));
        }
        let saved = self.saved().await?;
        // A connection that was removed promises nothing.
        let rules = places.into_iter().map(|id| {
            let connection = saved.connection(id).ok()?;
            let known = DeleteRules::known(connection.location.provider());
            Some(known.map_or(Undo::PutAgain, |rules| rules.undo))
        });
        Ok(rules
            .map(|undo| promise(undo.unwrap_or(Undo::None), detail.entry.started))
            .min_by_key(strength))
    }

    /// Where a change took its blobs from, if that was one place that is still there.
    pub(super) async fn copied_from(&self, detail: &EntryDetail) -> Result<Option<RepositoryAt>, ApplicationError> {
        let sources = detail.steps.iter().filter_map(|entry| match &entry.step.action {
            Action::CopyBlob { from } => Some(from),
            _ => None,
        });
        let mut sources = sources.collect::<BTreeSet<_>>().into_iter();
        let (Some(from), None) = (sources.next(), sources.next()) else {
            return Ok(None);
        };
        let saved = self.saved().await?;
        Ok(saved.connection(&from.connection).ok().map(|connection| RepositoryAt {
            connection: connection.id.clone(),
            repository: relative_name(&connection.location, &from.repository),
        }))
    }
}

fn promise(undo: Undo, begun: DateTime<Utc>) -> UndoPromise {
    match undo {
        Undo::PutAgain => UndoPromise::UntilCollected,
        Undo::PutAgainFromDisk => UndoPromise::OnDisk,
        // Counted from before the first delete: so it is never too long.
        Undo::Restore { days } => UndoPromise::Kept {
            days,
            until: begun + TimeDelta::days(i64::from(days)),
        },
        Undo::None => UndoPromise::Nothing,
    }
}

/// The weakest of several promises is the one that holds for all.
fn strength(promise: &UndoPromise) -> (u8, DateTime<Utc>) {
    match promise {
        UndoPromise::Nothing => (0, DateTime::<Utc>::MIN_UTC),
        UndoPromise::UntilCollected => (1, DateTime::<Utc>::MIN_UTC),
        UndoPromise::Kept { until, .. } => (2, *until),
        UndoPromise::OnDisk => (3, DateTime::<Utc>::MIN_UTC),
        UndoPromise::Backup => (4, DateTime::<Utc>::MIN_UTC),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_for_several_registries_is_the_weakest_of_their_promises() {
        let begun = DateTime::UNIX_EPOCH;
        let weakest = |all: &[Undo]| all.iter().map(|undo| promise(*undo, begun)).min_by_key(strength);
        let month = Undo::Restore { days: 30 };
        let until = begun + TimeDelta::days(14);
        assert_eq!(
            weakest(&[month, Undo::Restore { days: 14 }]),
            Some(UndoPromise::Kept { days: 14, until })
        );
        assert_eq!(weakest(&[month, Undo::PutAgain]), Some(UndoPromise::UntilCollected));
        assert_eq!(weakest(&[Undo::PutAgainFromDisk]), Some(UndoPromise::OnDisk));
        assert_eq!(
            weakest(&[Undo::PutAgainFromDisk, Undo::PutAgain]),
            Some(UndoPromise::UntilCollected)
        );
        assert_eq!(
            weakest(&[Undo::PutAgain, Undo::None, month]),
            Some(UndoPromise::Nothing)
        );
    }
}
