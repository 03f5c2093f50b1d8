//! What a person changes: a request becomes a plan that is read anew, is shown, and is executed as it was shown.

use std::sync::Arc;

use artifact::{RepositoryName, Tag};
use catalog::ConnectionId;
use registry::{ErrorCode, Operation};

use crate::{
    ApplicationError, Berth, ChangeRequest, JournalLine, OutcomeAnswer, Page, PlanAnswer, Pointing, RepositoryAt,
};

/// A plan that can be shown and executed.
#[derive(Clone, Debug)]
pub struct Planned {
    answer: Arc<PlanAnswer>,
}

/// Which changes of the journal are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalFilter {
    pub connection: Option<ConnectionId>,
    /// Relative to the path of `connection`, which it needs.
    pub repository: Option<RepositoryName>,
    pub kind: Option<String>,
}

impl Planned {
    pub fn answer(&self) -> PlanAnswer {
        (*self.answer).clone()
    }
}

impl Berth {
    pub async fn preview(&self, request: ChangeRequest) -> Result<PlanAnswer, ApplicationError> {
        Err(ApplicationError::new(ErrorCode::Other, format!("{request:?}")))
    }

    pub async fn plan(&self, request: ChangeRequest, _operation: &Operation) -> Result<Planned, ApplicationError> {
        Err(ApplicationError::new(ErrorCode::Other, format!("{request:?}")))
    }

    pub async fn plan_and_keep(
        &self,
        request: ChangeRequest,
        operation: &Operation,
    ) -> Result<PlanAnswer, ApplicationError> {
        Ok(self.plan(request, operation).await?.answer())
    }

    pub async fn execute(&self, planned: Planned, _operation: &Operation) -> Result<OutcomeAnswer, ApplicationError> {
        Err(ApplicationError::new(ErrorCode::Other, format!("{planned:?}")))
    }

    pub async fn execute_kept(&self, plan_id: &str, _operation: &Operation) -> Result<OutcomeAnswer, ApplicationError> {
        Err(ApplicationError::new(ErrorCode::Other, plan_id))
    }

    pub async fn journal(
        &self,
        filter: &JournalFilter,
        offset: usize,
        limit: usize,
    ) -> Result<Page<JournalLine>, ApplicationError> {
        Err(ApplicationError::new(
            ErrorCode::Other,
            format!("{filter:?} {offset} {limit}"),
        ))
    }

    pub async fn journal_entry(&self, id: &str) -> Result<JournalLine, ApplicationError> {
        Err(ApplicationError::new(ErrorCode::Other, id))
    }

    pub async fn channel_history(&self, at: &RepositoryAt, channel: &Tag) -> Result<Vec<Pointing>, ApplicationError> {
        Err(ApplicationError::new(ErrorCode::Other, format!("{at:?} {channel}")))
    }
}
