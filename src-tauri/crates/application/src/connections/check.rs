//! The doctor: what works of a connection, what not, and the likely cause.

use catalog::ConnectionId;
use registry::{CheckName, CheckStep, ErrorCode, Login, Operation};

use super::login::may_have_kept_secret;
use crate::{ApplicationError, Berth, ConnectionDraft, LoginMethod, settings::SavedConnection};

/// Steps without which a connection is of no use. Listing may be refused: repositories can be pinned by name.
const NEEDED: [CheckName; 5] = [
    CheckName::Name,
    CheckName::Connect,
    CheckName::Tls,
    CheckName::Api,
    CheckName::Login,
];

/// What a check found.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    pub steps: Vec<CheckStep>,
    /// What makes the connection useless, if something does.
    pub failure: Option<ApplicationError>,
}

impl Berth {
    /// Diagnoses a saved connection, step by step.
    ///
    /// # Errors
    /// Those of [`Berth::diagnose`].
    pub async fn check_connection(
        &self,
        id: &ConnectionId,
        operation: &Operation,
    ) -> Result<Vec<CheckStep>, ApplicationError> {
        Ok(self.diagnose(id, operation).await?.steps)
    }

    /// The same with what follows from the steps.
    ///
    /// # Errors
    /// If it is not there, or the operation was cancelled. What does not work stands in the steps.
    pub async fn diagnose(&self, id: &ConnectionId, operation: &Operation) -> Result<Diagnosis, ApplicationError> {
        let connection = self.connection(id).await?;
        let login = self.login(&connection).await;
        let diagnosis = self.check(&connection, login, operation).await?;
        match &diagnosis.failure {
            Some(problem) => self.note_outcome(id, Some(problem)),
            None => self.note_works(id).await?,
        }
        Ok(diagnosis)
    }

    /// Diagnoses a connection before it is saved.
    ///
    /// # Errors
    /// If something in the draft cannot be used, or the operation was cancelled.
    pub async fn check_draft(
        &self,
        draft: ConnectionDraft,
        operation: &Operation,
    ) -> Result<Vec<CheckStep>, ApplicationError> {
        let connection = self.drafted(&draft).await?;
        if let Some(steps) = self.check_new_place(&draft, &connection).await? {
            return Ok(steps);
        }
        let login = self.drafted_login(&draft, &connection).await;
        Ok(self.check(&connection, login, operation).await?.steps)
    }

    /// The login of a draft: the password that was typed, else the one that is stored, where it may go.
    pub(crate) async fn drafted_login(
        &self,
        draft: &ConnectionDraft,
        connection: &SavedConnection,
    ) -> Result<Login, ApplicationError> {
        match (&draft.password, connection.login) {
            (Some(secret), LoginMethod::Password) if !secret.is_empty() => Ok(Login::Password {
                username: connection.username.clone().unwrap_or_default(),
                secret: secret.clone(),
            }),
            _ => {
                let before = match &draft.id {
                    Some(id) => self.connection(id).await?,
                    None => connection.clone(),
                };
                may_have_kept_secret(&before, connection)?;
                self.login(&SavedConnection {
                    secret: before.secret,
                    ..connection.clone()
                })
                .await
            }
        }
    }

    pub(crate) async fn check(
        &self,
        connection: &SavedConnection,
        login: Result<Login, ApplicationError>,
        operation: &Operation,
    ) -> Result<Diagnosis, ApplicationError> {
        let login = match login {
            Ok(login) => login,
            Err(problem) => return Ok(stopped_at(CheckName::Login, problem)),
        };
        let settings = self.preferences().await?;
        match self.open_registry(connection, login, &settings).await {
            Ok(registry) => {
                let steps = registry.check(operation, &self.inner.clock).await;
                operation.check()?;
                let failure = first_failure(&steps);
                Ok(Diagnosis { steps, failure })
            }
            Err(problem) => Ok(stopped_at(CheckName::Name, problem)),
        }
    }
}

/// The failure that makes a connection useless, if there is one.
fn first_failure(steps: &[CheckStep]) -> Option<ApplicationError> {
    let failed = steps
        .iter()
        .find(|step| step.ok == Some(false) && NEEDED.contains(&step.step))?;
    let code = match failed.code {
        // What was typed could be asked; what stands there is the trouble.
        Some(ErrorCode::InvalidInput) => ErrorCode::NotARegistry,
        Some(code) => code,
        None => ErrorCode::Other,
    };
    let mut problem = ApplicationError::new(code, &failed.detail);
    problem.hint.clone_from(&failed.hint);
    Some(problem)
}

/// All steps, of which one failed before anything could be tried.
fn stopped_at(failed: CheckName, problem: ApplicationError) -> Diagnosis {
    let steps = CheckName::ALL
        .into_iter()
        .map(|step| {
            if step == failed {
                CheckStep {
                    step,
                    ok: Some(false),
                    detail: problem.message.clone(),
                    hint: problem.hint.clone(),
                    code: Some(problem.code),
                    milliseconds: None,
                }
            } else {
                CheckStep::skipped(step, "not tried")
            }
        })
        .collect();
    Diagnosis {
        steps,
        failure: Some(problem),
    }
}
