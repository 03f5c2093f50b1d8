//! Carrying out a plan: every connection that it names is opened, the journal is written, the index is brought up to date.

use std::collections::BTreeSet;

use artifact::Tag;
use catalog::ConnectionId;
use changes::{Action, ChangeKind, Context, Journal, Located, Outcome, Parties, Party, Step};
use registry::Operation;

use super::{
    planning::{Confirmed, Planned, Way},
    shown,
};
use crate::{
    ApplicationError, Berth, OutcomeAnswer,
    berth::{Inner, lock},
    names::relative_name,
};

const JOURNAL: &str = "journal.sqlite";

impl Berth {
    /// Carries out a plan. What a step meets stands in the outcome.
    ///
    /// # Errors
    /// If nothing was changed: a safety rule forbids it, a connection is gone, the journal cannot be written.
    pub async fn execute(
        &self,
        planned: Planned,
        confirmation: Confirmed<'_>,
        operation: &Operation,
    ) -> Result<OutcomeAnswer, ApplicationError> {
        planned.meets_requirements()?;
        planned.is_confirmed(confirmation)?;
        let answer = planned.answer();
        // An undo that finds everything as it was is noted all the same.
        if planned.plan.steps.is_empty() && !matches!(planned.way, Way::Undo(_)) {
            return Ok(shown::nothing_done(answer));
        }
        let mut context = self.change_context(connections_of(&planned.plan.steps)).await?;
        context.origin.policy.clone_from(&planned.policy);
        if !matches!(planned.plan.kind, ChangeKind::Prune | ChangeKind::Delete) {
            context.origin.version = self.version_moved_to(&planned.plan.steps).await;
        }
        let outcome = match planned.way {
            Way::New => changes::execute(&planned.plan, &context, operation).await,
            Way::Undo(id) => changes::execute_undo(id, &planned.plan, &context, operation).await,
            Way::Resume(id) => changes::resume(id, &context, operation).await,
        };
        self.see_again(&planned.plan.steps).await;
        let outcome: Outcome = outcome?;
        let answer = match planned.way {
            // The outcome counts all steps of the change, the plan only those that were left.
            Way::Resume(id) => {
                let detail = self.journal_detail(id).await?;
                crate::PlanAnswer {
                    steps: detail
                        .steps
                        .iter()
                        .map(|one| shown::step(&one.step, &planned.names))
                        .collect(),
                    ..answer
                }
            }
            Way::New | Way::Undo(_) => answer,
        };
        Ok(shown::outcome(&outcome, answer))
    }

    /// The journal of the data folder, opened when it is first needed: who only reads can do without.
    pub(super) async fn open_journal(&self) -> Result<Journal, ApplicationError> {
        self.blocking(|inner| {
            let mut opened = lock(&inner.journal);
            if let Some(journal) = &*opened {
                return Ok(journal.clone());
            }
            let journal = Journal::open(&inner.data_folder.join(JOURNAL))?;
            *opened = Some(journal.clone());
            Ok::<_, changes::JournalError>(journal)
        })
        .await
    }

    /// The journal, if anything was ever changed: one that is not there yet is not made.
    pub(super) async fn journal_if_there(&self) -> Result<Option<Journal>, ApplicationError> {
        if !self.inner.data_folder.join(JOURNAL).exists() {
            return Ok(None);
        }
        self.open_journal().await.map(Some)
    }

    /// Changes whenever this or another process wrote to the journal. One that cannot be read stands in nobody's way.
    pub(crate) async fn journal_revision(&self) -> Result<Option<u64>, ApplicationError> {
        let Ok(Some(journal)) = self.journal_if_there().await else {
            return Ok(None);
        };
        self.blocking(move |_| journal.data_version()).await.map(Some)
    }

    /// What a run needs beside its plan, with these connections opened.
    pub(super) async fn change_context(
        &self,
        connections: impl IntoIterator<Item = ConnectionId>,
    ) -> Result<Context, ApplicationError> {
        let mut parties = Parties::default();
        for id in connections {
            let connection = self.connection(&id).await?;
            let registry = self.writable_registry(&id).await?;
            let party = Party {
                host: connection.location.to_string(),
                name: connection.name,
                user: connection.username,
                connection: id,
            };
            parties.insert(party, registry);
        }
        Ok(Context {
            journal: self.open_journal().await?,
            parties,
            index: Some(self.inner.index.clone()),
            clock: self.inner.clock.clone(),
            origin: self.inner.origin.clone(),
        })
    }

    /// What people call the version that tags are moved to, as far as the index knows: another tag of it.
    async fn version_moved_to(&self, steps: &[Step]) -> Option<String> {
        let moves = |step: &&Step| step.action == Action::PutManifest && step.tag.is_some();
        let last = steps.iter().rev().find(moves)?;
        let (digest, taken) = (last.digest.clone(), last.tags.clone());
        let sources = steps.iter().filter_map(|step| match &step.action {
            Action::CopyBlob { from } => Some(from.clone()),
            _ => None,
        });
        let places: BTreeSet<Located> = sources.chain([last.at.clone()]).collect();
        let read = move |inner: &Inner| {
            let mut found: Vec<Tag> = Vec::new();
            for at in places {
                let known = inner
                    .index
                    .version(&at.connection, &at.repository, &digest, inner.clock.now())?;
                let tags = known.into_iter().flat_map(|version| version.tags);
                found.extend(tags.map(|record| record.tag));
            }
            Ok::<_, ApplicationError>(found)
        };
        let found = self.blocking(read).await.ok()?;
        let named = found
            .into_iter()
            .filter(|tag| !taken.contains(tag) && !tag.is_referrer_name());
        // Tags with a number say more than those that move.
        let name = named.min_by_key(|tag| {
            !tag.as_str()
                .starts_with(|first: char| first == 'v' || first.is_ascii_digit())
        });
        name.map(|tag| tag.to_string())
    }

    /// Reads the repositories that were written to; what fails shows at the next sync.
    async fn see_again(&self, steps: &[Step]) {
        let written: BTreeSet<&Located> = steps.iter().map(|step| &step.at).collect();
        for at in written {
            let Ok(connection) = self.connection(&at.connection).await else {
                continue;
            };
            let name = relative_name(&connection.location, &at.repository);
            let read = self
                .sync(&at.connection, Some(&name), None, &Operation::unobserved())
                .await;
            if let Err(error) = read {
                tracing::debug!(%error, repository = %at.repository, "it could not be read after the change");
            }
        }
    }
}

/// Every connection that steps write to or read from.
pub(super) fn connections_of(steps: &[Step]) -> BTreeSet<ConnectionId> {
    let sources = steps.iter().filter_map(|step| match &step.action {
        Action::CopyBlob { from } => Some(from.connection.clone()),
        _ => None,
    });
    steps
        .iter()
        .map(|step| step.at.connection.clone())
        .chain(sources)
        .collect()
}
