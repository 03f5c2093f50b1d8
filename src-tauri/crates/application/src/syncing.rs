//! Bringing the index up to date, and the sample that there is something to read.

use std::{path::Path, time::Duration};

use artifact::{Digest, RepositoryName};
use catalog::{ConnectionId, Scope, Sync, SyncReport};
use chrono::{DateTime, Utc};
use registry::{ErrorCode, Operation};

use crate::{
    ApplicationError, Berth, ConnectionDraft, ConnectionInfo,
    names::{full_name, relative_name},
    pull_commands::quoted,
    sample,
    settings::SavedConnection,
};

const SAMPLE_FOLDER: &str = "sample";
const SAMPLE_NAME: &str = "Sample";

impl Berth {
    /// Brings a connection, or one repository of it, up to date; of a connection the repository `first` is read before
    /// all others: the one that somebody looks at.
    ///
    /// # Errors
    /// If nothing at all could be read. What could not be read in part stands in the report's `problems`, with names
    /// relative to the connection's path.
    pub async fn sync(
        &self,
        id: &ConnectionId,
        repository: Option<&RepositoryName>,
        first: Option<&RepositoryName>,
        operation: &Operation,
    ) -> Result<SyncReport, ApplicationError> {
        let running = self.begin_sync(id, operation);
        let connection = self.connection(id).await?;
        let scope = match repository {
            Some(name) => Scope::Repository(full_name(&connection.location, name)?),
            None => Scope::All,
        };
        let outcome = self.sync_registry(&connection, scope, first, &running.operation).await;
        drop(running);
        match &outcome {
            Ok(report) => {
                let whole = report.problems.iter().find(|problem| problem.repository.is_none());
                self.note_outcome(id, whole.cloned().map(ApplicationError::from).as_ref());
            }
            Err(problem) if repository.is_some() && problem.code == ErrorCode::NotFound => {}
            Err(problem) => self.note_outcome(id, Some(problem)),
        }
        outcome
    }

    /// Brings every connection up to date, side by side; each with its own outcome, by its name.
    ///
    /// # Errors
    /// If the settings cannot be read or the operation was cancelled.
    pub async fn sync_all(
        &self,
        operation: &Operation,
    ) -> Result<Vec<(String, Result<SyncReport, ApplicationError>)>, ApplicationError> {
        let saved = self.saved().await?;
        let syncs = saved.connections.iter().map(|connection| async {
            (
                connection.name.clone(),
                self.sync(&connection.id, None, None, operation).await,
            )
        });
        let outcomes = futures::future::join_all(syncs).await;
        operation.check()?;
        Ok(outcomes)
    }

    async fn sync_registry(
        &self,
        connection: &SavedConnection,
        scope: Scope,
        first: Option<&RepositoryName>,
        operation: &Operation,
    ) -> Result<SyncReport, ApplicationError> {
        let registry = operation.or_cancelled(self.registry(&connection.id)).await??;
        let location = &connection.location;
        let pinned: Vec<RepositoryName> = connection
            .pinned
            .iter()
            .map(|name| full_name(location, name))
            .collect::<Result<_, _>>()?;
        let first = first.map(|name| full_name(location, name)).transpose()?;
        let now = self.inner.clock.clone();
        let sync = Sync {
            connection: &connection.id,
            registry,
            pinned: &pinned,
            scope,
            first: first.as_ref(),
            now,
        };
        let mut report = self.inner.index.sync(sync, operation).await?;
        for problem in &mut report.problems {
            problem.repository = problem.repository.as_ref().map(|full| relative_name(location, full));
        }
        Ok(report)
    }

    /// Reads one version that no tag needs to lead to. Offline, nothing is read.
    ///
    /// # Errors
    /// If the registry does not have it or cannot be asked.
    pub(crate) async fn read_version(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<(), ApplicationError> {
        if self.inner.offline {
            return Ok(());
        }
        let running = self.begin_sync(id, operation);
        let connection = self.connection(id).await?;
        let scope = Scope::Version(full_name(&connection.location, repository)?, digest.clone());
        self.sync_registry(&connection, scope, None, &running.operation)
            .await
            .map(drop)
    }

    /// Syncs a repository if it was seen longer ago than `age`. Offline, nothing is read. `None`: it was young enough.
    ///
    /// # Errors
    /// If it could not be read; offline, if it was never synced.
    pub async fn refresh(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        age: Duration,
        operation: &Operation,
    ) -> Result<Option<SyncReport>, ApplicationError> {
        let connection = self.connection(id).await?;
        let full = full_name(&connection.location, repository)?;
        let asked = id.clone();
        let row = self.ask(move |index| index.repository(&asked, &full)).await?;
        let synced = row.and_then(|row| row.synced);
        if self.inner.offline {
            return match synced {
                Some(_) => Ok(None),
                None => Err(never_synced(&format!("{}/{repository}", connection.name))),
            };
        }
        if self.is_young(synced, age) {
            return Ok(None);
        }
        self.sync(id, Some(repository), None, operation)
            .await
            .map(Some)
            .map_err(|problem| or_offline(problem, synced))
    }

    /// The same for a whole connection.
    ///
    /// # Errors
    /// If nothing could be read; offline, if it was never synced.
    pub async fn refresh_connection(
        &self,
        id: &ConnectionId,
        age: Duration,
        operation: &Operation,
    ) -> Result<Option<SyncReport>, ApplicationError> {
        let info = self.connection_info(id).await?;
        if self.inner.offline {
            return match info.synced {
                Some(_) => Ok(None),
                None => Err(never_synced(&info.name)),
            };
        }
        if self.is_young(info.synced, age) {
            return Ok(None);
        }
        self.sync(id, None, None, operation)
            .await
            .map(Some)
            .map_err(|problem| or_offline(problem, info.synced))
    }

    /// A time of the future is a clock that was set back: what was seen then is not young.
    pub(crate) fn is_young(&self, seen: Option<DateTime<Utc>>, age: Duration) -> bool {
        seen.is_some_and(|at| (self.now() - at).to_std().is_ok_and(|passed| passed <= age))
    }

    /// Writes the sample models to `folder`, by default one in the data folder, and adds them as a connection.
    ///
    /// # Errors
    /// If the folder is not empty or cannot be written.
    pub async fn sample(
        &self,
        folder: Option<&Path>,
        operation: &Operation,
    ) -> Result<ConnectionInfo, ApplicationError> {
        let folder = match folder {
            Some(folder) => std::path::absolute(folder).map_err(ApplicationError::invalid)?,
            None => self.inner.data_folder.join(SAMPLE_FOLDER),
        };
        let name = self.saved().await?.free_name(SAMPLE_NAME, ' ');
        let now = self.now();
        let target = folder.clone();
        self.blocking(move |_| sample::write(&target, now)).await?;
        let draft = ConnectionDraft {
            name,
            address: folder.display().to_string(),
            store_secret: true,
            ..ConnectionDraft::default()
        };
        let name = draft.name.clone();
        let outcome = self.save_connection(draft, operation).await;
        // A folder that nobody connected would stand in the way of the next try.
        if outcome.is_err() && !self.saved().await?.is_taken(&name, None) {
            self.blocking(move |_| {
                if let Err(error) = std::fs::remove_dir_all(&folder) {
                    tracing::warn!(%error, folder = %folder.display(), "the sample could not be removed");
                }
                Ok::<_, ApplicationError>(())
            })
            .await?;
        }
        outcome
    }
}

fn never_synced(reference: &str) -> ApplicationError {
    ApplicationError::new(ErrorCode::NeverSynced, format!("{reference} was never synced")).with_hint(format!(
        "run `berthctl sync {}` where the network can be reached",
        quoted(reference)
    ))
}

/// What was seen before is still there for who does not need it fresh.
fn or_offline(mut problem: ApplicationError, synced: Option<DateTime<Utc>>) -> ApplicationError {
    if synced.is_some() && matches!(problem.code, ErrorCode::Unreachable | ErrorCode::RateLimited) {
        let hint = problem.hint.take().map(|hint| hint + "; ").unwrap_or_default();
        problem.hint = Some(format!("{hint}--offline shows what was seen before"));
    }
    problem
}
