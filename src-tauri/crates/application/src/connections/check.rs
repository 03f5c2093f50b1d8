//! The doctor: what works of a connection, what not, and the likely cause.

use catalog::ConnectionId;
use registry::{CheckName, CheckStep, Login, Operation};

use crate::{ApplicationError, Berth, ConnectionDraft, LoginMethod, settings::SavedConnection};

/// Steps without which a connection is of no use. Listing may be refused: repositories can be pinned by name.
const NEEDED: [CheckName; 5] = [
    CheckName::Name,
    CheckName::Connect,
    CheckName::Tls,
    CheckName::Api,
    CheckName::Login,
];

impl Berth {
    /// Diagnoses a saved connection.
    ///
    /// # Errors
    /// If it is not there, or the operation was cancelled. What does not work stands in the steps.
    pub async fn check_connection(
        &self,
        id: &ConnectionId,
        operation: &Operation,
    ) -> Result<Vec<CheckStep>, ApplicationError> {
        let connection = self.connection(id).await?;
        let login = self.login(&connection).await;
        let steps = self.check(&connection, login, operation).await?;
        match first_failure(&steps) {
            Some(problem) => self.note_outcome(id, Some(&problem)),
            None => self.note_works(id).await?,
        }
        Ok(steps)
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
        let login = self.drafted_login(&draft, &connection).await;
        self.check(&connection, login, operation).await
    }

    /// The login of a draft: the password that was typed, else the one that is stored.
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
    ) -> Result<Vec<CheckStep>, ApplicationError> {
        let login = match login {
            Ok(login) => login,
            Err(problem) => return Ok(without_login(&problem)),
        };
        let settings = self.preferences().await?;
        match self.open_registry(connection, login, &settings).await {
            Ok(registry) => {
                let steps = registry.check(operation, &self.inner.clock).await;
                operation.check()?;
                Ok(steps)
            }
            Err(problem) => Ok(stopped_at(CheckName::Name, &problem)),
        }
    }
}

/// The failure that makes a connection useless, if there is one.
pub fn first_failure(steps: &[CheckStep]) -> Option<ApplicationError> {
    let failed = steps
        .iter()
        .find(|step| step.ok == Some(false) && NEEDED.contains(&step.step))?;
    let code = match failed.step {
        CheckName::Tls => registry::ErrorCode::UntrustedCertificate,
        CheckName::Login => registry::ErrorCode::LoginExpired,
        CheckName::Api => registry::ErrorCode::NotARegistry,
        _ => registry::ErrorCode::Unreachable,
    };
    let mut problem = ApplicationError::new(code, &failed.detail);
    problem.hint.clone_from(&failed.hint);
    Some(problem)
}

fn without_login(problem: &ApplicationError) -> Vec<CheckStep> {
    stopped_at(CheckName::Login, problem)
}

/// All steps, of which one failed before anything could be tried.
fn stopped_at(failed: CheckName, problem: &ApplicationError) -> Vec<CheckStep> {
    CheckName::ALL
        .into_iter()
        .map(|step| {
            if step == failed {
                CheckStep {
                    step,
                    ok: Some(false),
                    detail: problem.message.clone(),
                    hint: problem.hint.clone(),
                    milliseconds: None,
                }
            } else {
                CheckStep::skipped(step, "not tried")
            }
        })
        .collect()
}
