//! What this process has seen of a connection since it started. The index holds what outlives it.

use catalog::ConnectionId;
use chrono::{DateTime, Utc};
use registry::ErrorCode;

use crate::{ApplicationError, Berth, berth::lock};

#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectionState {
    /// Syncs that run now in this process.
    pub(crate) syncing: usize,
    pub(crate) offline_since: Option<DateTime<Utc>>,
    pub(crate) problem: Option<ApplicationError>,
}

/// Counts a sync as running until it is dropped.
pub(crate) struct Syncing {
    berth: Berth,
    id: ConnectionId,
}

impl Drop for Syncing {
    fn drop(&mut self) {
        self.berth
            .change_state(&self.id, |state| state.syncing = state.syncing.saturating_sub(1));
    }
}

impl Berth {
    pub(crate) fn begin_sync(&self, id: &ConnectionId) -> Syncing {
        self.change_state(id, |state| state.syncing += 1);
        Syncing {
            berth: self.clone(),
            id: id.clone(),
        }
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
