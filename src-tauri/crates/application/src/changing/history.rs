//! What was changed, from the journal: lists, single changes, and the plans that undo or finish them.

use std::collections::BTreeSet;

use artifact::{Digest, RepositoryName};
use catalog::ConnectionId;
use changes::{ChangeId, EntryDetail, EntryFilter, JournalSize, Period};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use registry::Operation;
use serde::de::DeserializeOwned;

use super::{
    carry_out::connections_of,
    planning::{Planned, Way},
    shown,
};
use crate::{
    ApplicationError, Berth, JournalDetail, JournalLine, JournalManifest, Page, UnsettledChanges, names::full_name,
};

/// Which changes of the journal are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalFilter {
    pub connection: Option<ConnectionId>,
    /// Relative to the path of `connection`, which it needs.
    pub repository: Option<RepositoryName>,
    /// `prune`, `delete`, `promote`, `rollback`, `copy`, `undo`.
    pub kind: Option<String>,
    /// `running`, `interrupted`, `done`, `partial`, `failed`, `cancelled`, `undone`.
    pub state: Option<String>,
    /// A part of the name of a repository or a tag.
    pub text: Option<String>,
    /// Begun at that time or later: `30d` ago, a day or a time in RFC 3339.
    pub since: Option<String>,
}

impl Berth {
    /// A page of the journal, newest first.
    ///
    /// # Errors
    /// If the journal cannot be read, or there is no such kind, state or connection.
    pub async fn journal(
        &self,
        filter: &JournalFilter,
        offset: usize,
        limit: usize,
    ) -> Result<Page<JournalLine>, ApplicationError> {
        let (journal, names) = (self.open_journal().await?, self.names().await?);
        let filter = self.entry_filter(filter).await?;
        let page = self
            .blocking(move |_| journal.entries(&filter, number(offset), number(limit)))
            .await?;
        Ok(Page {
            total: usize::try_from(page.total).unwrap_or(usize::MAX),
            items: page.entries.iter().map(|entry| shown::line(entry, &names)).collect(),
        })
    }

    /// A page of the journal, newest first, each change with its steps.
    ///
    /// # Errors
    /// As [`Berth::journal`].
    pub async fn journal_details(
        &self,
        filter: &JournalFilter,
        offset: usize,
        limit: usize,
    ) -> Result<Page<JournalDetail>, ApplicationError> {
        let (journal, names) = (self.open_journal().await?, self.names().await?);
        let filter = self.entry_filter(filter).await?;
        let read = move |_: &_| {
            let page = journal.entries(&filter, number(offset), number(limit))?;
            let ids: Vec<ChangeId> = page.entries.iter().map(|entry| entry.id).collect();
            let steps = journal.steps_of(&ids)?;
            Ok::<_, changes::JournalError>((page, steps))
        };
        let (page, steps) = self.blocking(read).await?;
        let steps_of = |id| steps.get(&id).map_or(&[][..], Vec::as_slice);
        Ok(Page {
            total: usize::try_from(page.total).unwrap_or(usize::MAX),
            items: page
                .entries
                .iter()
                .map(|entry| shown::detail(entry, steps_of(entry.id), &names))
                .collect(),
        })
    }

    /// What was interrupted, and what could be undone next: asked at each start, and cheap.
    ///
    /// # Errors
    /// If the journal cannot be read. Where there is none, there is nothing.
    pub async fn unsettled_changes(&self) -> Result<UnsettledChanges, ApplicationError> {
        let Some(journal) = self.journal_if_there().await? else {
            return Ok(UnsettledChanges::default());
        };
        let names = self.names().await?;
        let unsettled = self.blocking(move |_| journal.unsettled()).await?;
        let line = |entry: &changes::Entry| shown::line(entry, &names);
        Ok(UnsettledChanges {
            interrupted: unsettled.interrupted.iter().map(line).collect(),
            interrupted_total: unsettled.interrupted_total,
            undoable: unsettled.undoable.as_ref().map(line),
        })
    }

    /// What the journal holds, in numbers.
    ///
    /// # Errors
    /// If it cannot be read. Where there is none, it is empty.
    pub async fn journal_size(&self) -> Result<JournalSize, ApplicationError> {
        match self.journal_if_there().await? {
            Some(journal) => self.blocking(move |_| journal.size()).await,
            None => Ok(JournalSize::default()),
        }
    }

    /// One change with its steps.
    ///
    /// # Errors
    /// If there is none by that number.
    pub async fn journal_entry(&self, id: &str) -> Result<JournalDetail, ApplicationError> {
        let detail = self.journal_detail(change_id(id)?).await?;
        Ok(JournalDetail {
            undo: self.undo_promise(&detail).await?,
            copied_from: self.copied_from(&detail).await?,
            ..shown::detail(&detail.entry, &detail.steps, &self.names().await?)
        })
    }

    /// A manifest that a change kept, byte for byte.
    ///
    /// # Errors
    /// If the change did not keep it.
    pub async fn journal_manifest(&self, id: &str, digest: &Digest) -> Result<JournalManifest, ApplicationError> {
        let (id, digest, journal) = (change_id(id)?, digest.clone(), self.open_journal().await?);
        let kept = self.blocking(move |_| journal.manifest(id, &digest)).await?;
        let kept = kept.ok_or_else(|| ApplicationError::not_found("the change kept no such manifest"))?;
        Ok(JournalManifest {
            digest: kept.digest,
            media_type: kept.media_type,
            text: String::from_utf8_lossy(&kept.bytes).into_owned(),
        })
    }

    pub(super) async fn journal_detail(&self, id: ChangeId) -> Result<EntryDetail, ApplicationError> {
        let journal = self.open_journal().await?;
        self.blocking(move |_| journal.entry(id)).await
    }

    pub(super) async fn plan_undo(&self, id: &str, operation: &Operation) -> Result<Planned, ApplicationError> {
        let id = change_id(id)?;
        let context = self.context_of(id).await?;
        let plan = changes::plan_undo(id, &context, operation).await?;
        Ok(Planned::new(plan, Way::Undo(id), self.names().await?))
    }

    pub(super) async fn plan_resume(&self, id: &str, operation: &Operation) -> Result<Planned, ApplicationError> {
        let id = change_id(id)?;
        let journal = self.open_journal().await?;
        let plan = self.blocking(move |_| changes::plan_resume(&journal, id)).await?;
        let context = self.change_context(connections_of(&plan.steps)).await?;
        let overtaken = changes::read_overtaken(id, &context, operation).await?;
        let mut planned = Planned::new(plan, Way::Resume(id), self.names().await?);
        planned.overtaken = overtaken;
        Ok(planned)
    }

    /// With every connection that a change touched. That of a backup may be gone: what is lost without it is told then.
    async fn context_of(&self, id: ChangeId) -> Result<changes::Context, ApplicationError> {
        let detail = self.journal_detail(id).await?;
        let backups: BTreeSet<ConnectionId> = detail.backups().into_iter().map(|at| at.connection).collect();
        let parties: BTreeSet<ConnectionId> = detail.entry.parties.into_iter().map(|party| party.connection).collect();
        match self.change_context(parties.clone()).await {
            Err(_) if !backups.is_empty() => {
                let others = parties.into_iter().filter(|party| !backups.contains(party));
                self.change_context(others).await
            }
            context => context,
        }
    }

    pub(super) async fn entry_filter(&self, filter: &JournalFilter) -> Result<EntryFilter, ApplicationError> {
        let repository = match (&filter.connection, &filter.repository) {
            (Some(id), Some(name)) => Some(full_name(&self.connection(id).await?.location, name)?),
            _ => None,
        };
        Ok(EntryFilter {
            connection: filter.connection.clone(),
            repository,
            kind: filter.kind.as_deref().map(named).transpose()?,
            state: filter.state.as_deref().map(named).transpose()?,
            text: filter.text.clone(),
            since: filter
                .since
                .as_deref()
                .map(|text| moment(text, self.now()))
                .transpose()?,
        })
    }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A kind or state by its name.
fn named<T: DeserializeOwned>(name: &str) -> Result<T, ApplicationError> {
    let name = serde_json::Value::String(name.to_owned());
    serde_json::from_value(name).map_err(ApplicationError::invalid)
}

/// A time ago, the beginning of a day in UTC, or a time.
fn moment(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, ApplicationError> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.and_time(NaiveTime::MIN).and_utc());
    }
    let ago: Option<DateTime<Utc>> = text.parse::<Period>().ok().and_then(|period| period.before(now));
    ago.ok_or_else(|| {
        ApplicationError::invalid(format!("{text:?} is no time"))
            .with_hint("write how long ago (12h, 30d, 4w), a day (2026-09-30), or a time (2026-09-30T12:00:00Z)")
    })
}

fn change_id(text: &str) -> Result<ChangeId, ApplicationError> {
    text.parse().map_err(ApplicationError::not_found)
}
