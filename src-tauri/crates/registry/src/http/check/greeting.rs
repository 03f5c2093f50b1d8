//! The registry's first answer: its encryption, whether it is a registry at all, and what it thinks of the login.

use std::time::Instant;

use reqwest::{Method, StatusCode};

use super::{Diagnosis, Ended};
use crate::{
    CheckName, CheckStep, Clock, Login, RegistryError,
    http::{exchange::Ask, greeting::Greeting, host::Scheme, message::Message, scope::Scope},
};

/// How far the clocks may differ before it is said.
const SKEW_SECONDS: i64 = 300;

impl Diagnosis<'_> {
    pub(super) async fn greet_and_log_in(&mut self) -> Result<(), Ended> {
        let began = Instant::now();
        let greeting = self.registry.exchange.greet(self.operation).await;
        self.judge_tls(&greeting, began)?;
        let Greeting { scheme, date } = match greeting {
            Ok(greeting) => greeting,
            Err(error) => return Err(self.fail(CheckName::Api, &error, began)),
        };
        let asks = match *scheme {
            Scheme::Open => "it asks for no login",
            Scheme::Basic => "it asks for user name and password",
            Scheme::Bearer { .. } => "it hands out tokens",
        };
        let hint = date.and_then(|date| skew_hint(date, self.clock));
        self.note(CheckName::Api, true, format!("a registry answers; {asks}"), hint, began);
        self.log_in(&scheme).await
    }

    /// What the first answer tells of the encryption.
    fn judge_tls(&mut self, greeting: &Result<Greeting, RegistryError>, began: Instant) -> Result<(), Ended> {
        if self.registry.exchange.wire.plain_http {
            let detail = "plain http: nothing is encrypted, logins included";
            self.steps.push(CheckStep::skipped(CheckName::Tls, detail));
            return Ok(());
        }
        match greeting {
            Err(error @ (RegistryError::Proxy { .. } | RegistryError::NameNotResolved { .. })) => {
                self.steps.retain(|step| step.step != CheckName::Connect);
                Err(self.fail(CheckName::Connect, error, began))
            }
            Err(
                error @ (RegistryError::UntrustedCertificate { .. }
                | RegistryError::WrongScheme { .. }
                | RegistryError::Unreachable { .. }
                | RegistryError::Stalled { .. }
                | RegistryError::Cancelled),
            ) => Err(self.fail(CheckName::Tls, error, began)),
            _ => {
                self.note(
                    CheckName::Tls,
                    true,
                    "encrypted, and the certificate is trusted",
                    None,
                    began,
                );
                Ok(())
            }
        }
    }

    async fn log_in(&mut self, scheme: &Scheme) -> Result<(), Ended> {
        let login = &self.registry.exchange.authority.login;
        if *scheme == Scheme::Open {
            let detail = match login {
                Login::Anonymous => "no login is needed",
                _ => "the registry does not ask for the login",
            };
            self.steps.push(CheckStep::skipped(CheckName::Login, detail));
            return Ok(());
        }
        let began = Instant::now();
        let who = login
            .username()
            .map_or_else(|| "the token".to_owned(), |name| format!("“{name}”"));
        let is_anonymous = login.is_anonymous();
        match self.probe(Method::GET, "", Scope::default(), "log in").await {
            Ok(status) if status.is_success() && is_anonymous => {
                let detail = "no login: only what everybody may see";
                self.steps.push(CheckStep::skipped(CheckName::Login, detail));
                Ok(())
            }
            Ok(status) if status.is_success() => {
                self.note(CheckName::Login, true, format!("{who} is accepted"), None, began);
                Ok(())
            }
            // /v2/ itself may be closed to a login that is good for repositories.
            Ok(_) | Err(RegistryError::Denied { .. }) => {
                let detail = format!("{who} is known; the registry does not say more without a repository");
                self.note(CheckName::Login, true, detail, None, began);
                Ok(())
            }
            // Without a login some repositories may still be open to all.
            Err(RegistryError::LoginRequired { .. }) if matches!(scheme, Scheme::Bearer { .. }) => {
                let detail = "no login: only what everybody may see";
                self.steps.push(CheckStep::skipped(CheckName::Login, detail));
                Ok(())
            }
            Err(error) => Err(self.fail(CheckName::Login, &error, began)),
        }
    }

    async fn probe(
        &self,
        method: Method,
        path: &str,
        scope: Scope,
        action: &'static str,
    ) -> Result<StatusCode, RegistryError> {
        let exchange = &self.registry.exchange;
        let message = Message::new(method, exchange.url(path)?, exchange.wire.place.clone());
        let ask = Ask { message, scope, action };
        let answer = exchange
            .open(&ask, &mut exchange.wire.tries(&ask.message), self.operation)
            .await?;
        Ok(answer.response.status())
    }
}

/// What to say where this computer's clock and the registry's differ.
fn skew_hint(registry: chrono::DateTime<chrono::Utc>, clock: &Clock) -> Option<String> {
    let seconds = (clock.now() - registry).num_seconds();
    if seconds.abs() <= SKEW_SECONDS {
        return None;
    }
    let direction = if seconds > 0 { "ahead of" } else { "behind" };
    let minutes = seconds.abs() / 60;
    Some(format!(
        "this computer's clock is {minutes} minutes {direction} the registry's: logins and certificates may fail"
    ))
}
