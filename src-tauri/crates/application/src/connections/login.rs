//! Turning a connection's way of logging in into a login that is ready to use.

use std::time::Duration;

use catalog::ConnectionId;
use registry::{Address, ErrorCode, Login, Provider, Secret, docker_login};

use crate::{
    ApplicationError, Berth, LoginMethod, LoginState,
    berth::Inner,
    secrets::SecretError,
    settings::{SavedConnection, SecretPlace},
};

/// How long the keychain may take: it may ask a person for the password that unlocks it.
const KEYCHAIN_TIME: Duration = Duration::from_mins(1);

impl Berth {
    /// Keeps a secret for this session; it goes before the keychain's.
    pub fn use_secret(&self, id: &ConnectionId, secret: Secret) {
        self.inner.session.put(id.as_str(), secret);
        self.close_registry(id);
    }

    /// The way to log in to an address when none is named: with a password if there is a user, else with a docker
    /// login if there is one for it, else not at all.
    ///
    /// # Errors
    /// If a file of docker logins cannot be read.
    pub async fn usual_login(&self, address: &str, username: Option<&str>) -> Result<LoginMethod, ApplicationError> {
        if username.is_some() {
            return Ok(LoginMethod::Password);
        }
        let Ok(address) = address.parse::<Address>() else {
            return Ok(LoginMethod::Anonymous);
        };
        if Provider::guess(&address.to_string()) == Provider::Folder {
            return Ok(LoginMethod::Anonymous);
        }
        let found = self
            .blocking(move |inner| docker_login::resolve(&address.to_string(), &inner.process))
            .await?;
        Ok(if found.is_some() {
            LoginMethod::Docker
        } else {
            LoginMethod::Anonymous
        })
    }

    /// The login of a connection, from memory, the keychain or a docker login.
    pub(crate) async fn login(&self, connection: &SavedConnection) -> Result<Login, ApplicationError> {
        match connection.login {
            LoginMethod::Anonymous => Ok(Login::Anonymous),
            LoginMethod::Password => {
                let username = connection.username.clone().unwrap_or_default();
                let secret = self.secret(connection).await?.ok_or_else(|| missing(connection))?;
                Ok(Login::Password { username, secret })
            }
            LoginMethod::Docker => {
                let address = connection.location.to_string();
                let found = self
                    .blocking(move |inner| docker_login::resolve(&address, &inner.process))
                    .await?;
                found.ok_or_else(|| {
                    ApplicationError::new(
                        ErrorCode::LoginRequired,
                        format!("there is no docker login for {} on this computer", connection.location),
                    )
                    .with_hint(format!(
                        "run `docker login {}`",
                        connection.location.host().unwrap_or_default()
                    ))
                })
            }
        }
    }

    /// The secret of a connection, wherever it is.
    pub(crate) async fn secret(&self, connection: &SavedConnection) -> Result<Option<Secret>, ApplicationError> {
        if let Some(secret) = self.inner.session.get(connection.id.as_str()) {
            return Ok(Some(secret));
        }
        if connection.secret == SecretPlace::NotStored {
            return Ok(None);
        }
        let account = connection.id.as_str().to_owned();
        self.keychain(move |inner| inner.secrets.read(&account)).await
    }

    /// Asks the keychain; a person may have to unlock it, but nobody waits for ever.
    pub(crate) async fn keychain<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T, ApplicationError> {
        tokio::time::timeout(KEYCHAIN_TIME, self.blocking(work))
            .await
            .unwrap_or_else(|_| {
                Err(SecretError::Silent {
                    seconds: KEYCHAIN_TIME.as_secs(),
                }
                .into())
            })
    }

    /// Where the secret is, without asking the keychain, which might ask a person.
    pub(crate) fn login_state(&self, connection: &SavedConnection, refused: bool) -> LoginState {
        if connection.login == LoginMethod::Anonymous {
            return LoginState::None;
        }
        if refused {
            return LoginState::Expired;
        }
        if connection.login == LoginMethod::Docker {
            return LoginState::Stored;
        }
        match (self.inner.session.get(connection.id.as_str()), connection.secret) {
            (Some(_), _) => LoginState::Session,
            (None, SecretPlace::Keychain) => LoginState::Stored,
            (None, SecretPlace::NotStored) => LoginState::Missing,
        }
    }
}

/// Whether a secret that is kept for a connection may go where the changed one leads: to the same host only, and in
/// clear only where it went in clear before.
///
/// # Errors
/// That the secret has to be given again, and why.
pub(super) fn may_have_kept_secret(
    before: &SavedConnection,
    changed: &SavedConnection,
) -> Result<(), ApplicationError> {
    if changed.login != LoginMethod::Password {
        return Ok(());
    }
    if before.login != LoginMethod::Password {
        // What an earlier login left in the keychain belongs to nobody any more.
        return Err(missing(changed));
    }
    let old = before.location.host().unwrap_or_default();
    let new = changed.location.host().unwrap_or_default();
    if old != new {
        return Err(not_kept_for(
            format!("the password of {} was not given for {new}", before.name),
            &old,
        ));
    }
    if changed.plain_http && !before.plain_http {
        return Err(not_kept_for(
            format!("the password of {} would go to {new} unencrypted", before.name),
            &format!("https://{old}"),
        ));
    }
    Ok(())
}

fn not_kept_for(message: String, old: &str) -> ApplicationError {
    ApplicationError::new(ErrorCode::LoginRequired, message)
        .with_hint(format!("give the password again: it was kept for {old}"))
}

fn missing(connection: &SavedConnection) -> ApplicationError {
    let message = format!("the password of {} is not there", connection.name);
    let hint = match connection.secret {
        SecretPlace::Keychain => "the keychain has no entry for it: log in to the connection again".to_owned(),
        SecretPlace::NotStored => {
            "the connection keeps no secret: log in to it, or give its password with --password-stdin".to_owned()
        }
    };
    ApplicationError::new(ErrorCode::LoginRequired, message).with_hint(hint)
}
