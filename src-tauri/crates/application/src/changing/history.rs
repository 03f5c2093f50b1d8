//! What was changed, from the journal: lists, single changes, and the plans that undo or finish them.

use std::collections::BTreeSet;

use artifact::RepositoryName;
use catalog::ConnectionId;
use changes::{ChangeId, EntryDetail, EntryFilter};
use registry::Operation;

use super::{
    planning::{Planned, Way},
    shown,
};
use crate::{ApplicationError, Berth, JournalLine, Page, names::full_name};

/// Which changes of the journal are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalFilter {
    pub connection: Option<ConnectionId>,
    /// Relative to the path of `connection`, which it needs.
    pub repository: Option<RepositoryName>,
    /// `prune`, `delete`, `promote`, `rollback`, `copy`, `undo`.
    pub kind: Option<String>,
}

impl Berth {
    /// A page of the journal, newest first.
    ///
    /// # Errors
    /// If the journal cannot be read, or there is no such kind or connection.
    pub async fn journal(
        &self,
        filter: &JournalFilter,
        offset: usize,
        limit: usize,
    ) -> Result<Page<JournalLine>, ApplicationError> {
        let (journal, names) = (self.open_journal().await?, self.names().await?);
        let filter = self.entry_filter(filter).await?;
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        self.blocking(move |_| {
            let page = journal.entries(&filter, count(offset), count(limit))?;
            let lines = page.entries.iter().map(|entry| {
                let detail = journal.entry(entry.id)?;
                Ok(shown::line(&detail, &names))
            });
            Ok::<_, changes::JournalError>(Page {
                total: usize::try_from(page.total).unwrap_or(usize::MAX),
                items: lines.collect::<Result<_, _>>()?,
            })
        })
        .await
    }

    /// One change with its steps.
    ///
    /// # Errors
    /// If there is none by that number.
    pub async fn journal_entry(&self, id: &str) -> Result<JournalLine, ApplicationError> {
        let detail = self.journal_detail(change_id(id)?).await?;
        Ok(shown::line(&detail, &self.names().await?))
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

    pub(super) async fn plan_resume(&self, id: &str) -> Result<Planned, ApplicationError> {
        let id = change_id(id)?;
        let journal = self.open_journal().await?;
        let plan = self.blocking(move |_| changes::plan_resume(&journal, id)).await?;
        Ok(Planned::new(plan, Way::Resume(id), self.names().await?))
    }

    /// With every connection that a change touched.
    async fn context_of(&self, id: ChangeId) -> Result<changes::Context, ApplicationError> {
        let detail = self.journal_detail(id).await?;
        let parties: BTreeSet<ConnectionId> = detail.entry.parties.into_iter().map(|party| party.connection).collect();
        self.change_context(parties).await
    }

    async fn entry_filter(&self, filter: &JournalFilter) -> Result<EntryFilter, ApplicationError> {
        let repository = match (&filter.connection, &filter.repository) {
            (Some(id), Some(name)) => Some(full_name(&self.connection(id).await?.location, name)?),
            _ => None,
        };
        let kind = filter.kind.as_ref().map(|kind| {
            let kind = serde_json::Value::String(kind.clone());
            serde_json::from_value(kind).map_err(ApplicationError::invalid)
        });
        Ok(EntryFilter {
            connection: filter.connection.clone(),
            repository,
            kind: kind.transpose()?,
        })
    }
}

fn change_id(text: &str) -> Result<ChangeId, ApplicationError> {
    text.parse().map_err(ApplicationError::not_found)
}
