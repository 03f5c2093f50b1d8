//! What this process has seen of a connection since it started. The index holds what outlives it.

use std::collections::BTreeMap;

use catalog::{ConnectionId, KeptOut};
use chrono::{DateTime, Utc};
use registry::{ErrorCode, Operation};
use tokio_util::sync::CancellationToken;

use crate::{ApplicationError, Berth, berth::lock};

#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectionState {
    /// Syncs that run now in this process, each by a number of its own.
    running: BTreeMap<u64, CancellationToken>,
    begun: u64,
    pub(crate) offline_since: Option<DateTime<Utc>>,
    pub(crate) problem: Option<ApplicationError>,
}

impl ConnectionState {
    pub(crate) fn is_syncing(&self) -> bool {
        !self.running.is_empty()
    }
}

/// Counts a sync as running until it is dropped.
pub(crate) struct Syncing {
    berth: Berth,
    id: ConnectionId,
    number: u64,
    /// The part of the caller's operation that the sync is: it ends alone where the connection is removed.
    pub(crate) operation: Operation,
}

impl Drop for Syncing {
    fn drop(&mut self) {
        self.berth
            .change_state(&self.id, |state| drop(state.running.remove(&self.number)));
    }
}

impl Berth {
    /// Before the connection is looked up: whoever removes it either ends this sync, or it does not find the connection.
    pub(crate) fn begin_sync(&self, id: &ConnectionId, operation: &Operation) -> Syncing {
        let operation = operation.child();
        let mut number = 0;
        self.change_state(id, |state| {
            state.begun += 1;
            number = state.begun;
            state.running.insert(number, operation.cancel.clone());
        });
        Syncing {
            berth: self.clone(),
            id: id.clone(),
            number,
            operation,
        }
    }

    /// Ends what this process reads of a connection.
    pub(crate) fn cancel_syncs(&self, id: &ConnectionId) {
        for cancel in self.state(id).running.values() {
            cancel.cancel();
        }
    }

    /// Ends what this process reads of a connection, waits for what another one reads, and keeps everybody out.
    ///
    /// # Errors
    /// If another process goes on for too long.
    pub(crate) async fn keep_out(&self, id: &ConnectionId) -> Result<KeptOut, ApplicationError> {
        self.cancel_syncs(id);
        Ok(self.inner.index.keep_out(id).await?)
    }

    pub(crate) fn state(&self, id: &ConnectionId) -> ConnectionState {
        lock(&self.inner.states).get(id).cloned().unwrap_or_default()
    }

    pub(crate) fn change_state(&self, id: &ConnectionId, change: impl FnOnce(&mut ConnectionState)) {
        change(lock(&self.inner.states).entry(id.clone()).or_default());
    }

    /// Remembers that a connection was tried and works: what went wrong before is over, in the index too.
    pub(crate) async fn note_works(&self, id: &ConnectionId) -> Result<(), ApplicationError> {
        self.note_outcome(id, None);
        let id = id.clone();
        self.ask(move |index| index.clear_problem(&id)).await
    }

    /// Remembers how a use of the registry ended. A failure of one repository says nothing of the connection.
    pub(crate) fn note_outcome(&self, id: &ConnectionId, problem: Option<&ApplicationError>) {
        let now = self.now();
        // The keychain or a docker login may hold a newer secret the next time.
        match problem.map(|problem| problem.code) {
            Some(ErrorCode::LoginExpired | ErrorCode::LoginRequired) => self.close_registry(id),
            // Amazon's registry answers so to a login that has expired.
            Some(ErrorCode::Denied) => self.close_docker_registry(id),
            _ => {}
        }
        self.change_state(id, |state| match problem {
            Some(problem) if problem.is_cancelled() => {}
            Some(problem) => {
                let unreachable = matches!(problem.code, ErrorCode::Unreachable | ErrorCode::Offline);
                state.offline_since = unreachable.then(|| state.offline_since.unwrap_or(now));
                state.problem = Some(problem.clone());
            }
            None => {
                state.offline_since = None;
                state.problem = None;
            }
        });
    }
}
