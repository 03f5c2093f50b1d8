//! Tests of execution against registries in memory: every check, every refusal, and a kill at every moment.

mod copying;
mod faults;
mod guarding;
mod killing;
mod resuming;
mod steps;

use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};
use registry::{Clock, Operation};
use tempfile::TempDir;

use super::{Context, Outcome, Parties, execute};
use crate::{
    ChangeError, Journal, Party, Plan,
    double::{CONNECTION, MemoryRegistry},
};

/// A data folder with a journal, and one connection.
pub(crate) struct Stage {
    pub(crate) folder: TempDir,
    pub(crate) context: Context,
    pub(crate) registry: Arc<MemoryRegistry>,
}

impl Stage {
    pub(crate) fn new(registry: &Arc<MemoryRegistry>) -> Self {
        Self::on(folder(), registry)
    }

    /// In a folder that was used before, as after a restart.
    pub(crate) fn on(folder: TempDir, registry: &Arc<MemoryRegistry>) -> Self {
        let journal = Journal::open(&folder.path().join("journal.sqlite")).expect("a journal");
        let mut parties = Parties::default();
        parties.insert(party(CONNECTION), registry.clone());
        let context = Context {
            journal,
            parties,
            index: None,
            clock: Clock::fixed(noon()),
            origin: crate::Origin::default(),
        };
        Self {
            folder,
            context,
            registry: Arc::clone(registry),
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("journal.sqlite")
    }

    pub(crate) async fn execute(&self, plan: &Plan) -> Result<Outcome, ChangeError> {
        execute(plan, &self.context, &Operation::unobserved()).await
    }

    /// Carries a plan out that nothing stands against.
    pub(crate) async fn make(&self, plan: &Plan) -> Outcome {
        self.execute(plan).await.expect("it runs")
    }
}

pub(crate) fn party(connection: &str) -> Party {
    Party {
        connection: connection.into(),
        name: "Test".to_owned(),
        host: "registry.test".to_owned(),
        user: Some("ann".to_owned()),
    }
}

pub(crate) fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_268_800, 0).expect("a time")
}

/// A folder in memory where there is one: the properties sync their journals thousands of times.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .expect("a folder")
}
