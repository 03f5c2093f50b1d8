//! Adding, changing and removing connections.

use artifact::RepositoryName;
use catalog::ConnectionId;
use registry::{ErrorCode, Operation};

use crate::{
    ApplicationError, Berth, ConnectionDraft, ConnectionInfo, LoginMethod, RouteSetting,
    settings::{Saved, SavedConnection, SecretPlace},
};

impl Berth {
    /// Adds or changes a connection, but only if its check passes: one that fails leaves nothing behind, also not the
    /// folder or archive that was made for it.
    ///
    /// # Errors
    /// What failed, or what of the draft cannot be used.
    pub async fn save_connection(
        &self,
        draft: ConnectionDraft,
        operation: &Operation,
    ) -> Result<ConnectionInfo, ApplicationError> {
        let connection = self.drafted(&draft).await?;
        let made = self.make_place(&draft, &connection).await?;
        let location = connection.location.clone();
        let outcome = self.save_checked(&draft, connection, operation).await;
        if let (Err(_), Some(made)) = (&outcome, made) {
            let saved = self.saved().await?;
            if !saved.connections.iter().any(|saved| saved.location == location) {
                self.take_back(made).await;
            }
        }
        self.connection_info(&outcome?).await
    }

    async fn save_checked(
        &self,
        draft: &ConnectionDraft,
        connection: SavedConnection,
        operation: &Operation,
    ) -> Result<ConnectionId, ApplicationError> {
        let login = self.drafted_login(draft, &connection).await?;
        if let Some(problem) = self.check(&connection, Ok(login), operation).await?.failure {
            return Err(problem);
        }
        self.keep_secret(draft, &connection).await?;
        let id = connection.id.clone();
        let is_new = draft.id.is_none();
        if let Err(problem) = self.keep_connection(connection.clone(), is_new).await {
            // Of a connection that is not there, nothing stays; one that was removed meanwhile is such a one.
            if is_new || problem.code == ErrorCode::NotFound {
                self.forget_secret(&connection).await;
            }
            return Err(problem);
        }
        self.close_registry(&id);
        self.note_works(&id).await?;
        Ok(id)
    }

    /// Forgets a connection with its login and what the index holds of it. The registry is not touched. The routes that
    /// lead there or come from there go too: these are given back.
    ///
    /// # Errors
    /// If it is not there, settings or index cannot be written, or another process syncs it for too long; then nothing
    /// has changed.
    pub async fn remove_connection(&self, id: &ConnectionId) -> Result<Vec<RouteSetting>, ApplicationError> {
        self.connection(id).await?;
        let kept_out = self.keep_out(id).await?;
        let removed = id.clone();
        let (connection, routes) = self
            .blocking(move |inner| {
                inner.settings.update(|saved| {
                    let connection = saved.connection(&removed)?.clone();
                    saved.connections.retain(|connection| connection.id != removed);
                    let routes = saved.drop_routes(&connection.name);
                    Ok::<_, ApplicationError>((connection, routes))
                })
            })
            .await?;
        // Syncs that began in between wait for the lock, and would go on without a connection.
        self.cancel_syncs(id);
        self.close_registry(id);
        self.forget_secret(&connection).await;
        self.ask(move |index| index.forget(&kept_out)).await?;
        Ok(routes)
    }

    /// Pins repositories by name: they are read even where the registry refuses to list.
    ///
    /// # Errors
    /// If the connection is not there, or the settings cannot be written.
    pub async fn pin_repositories(&self, id: &ConnectionId, names: &[RepositoryName]) -> Result<(), ApplicationError> {
        let names = names.to_vec();
        self.change_connection(id, move |connection| {
            for name in names {
                if !connection.pinned.contains(&name) {
                    connection.pinned.push(name);
                }
            }
        })
        .await
    }

    /// # Errors
    /// If the connection is not there, or the settings cannot be written.
    pub async fn unpin_repository(&self, id: &ConnectionId, name: &RepositoryName) -> Result<(), ApplicationError> {
        let name = name.clone();
        self.change_connection(id, move |connection| connection.pinned.retain(|pinned| *pinned != name))
            .await
    }

    async fn change_connection(
        &self,
        id: &ConnectionId,
        change: impl FnOnce(&mut SavedConnection) + Send + 'static,
    ) -> Result<(), ApplicationError> {
        let id = id.clone();
        self.blocking(move |inner| {
            inner.settings.update(|saved| {
                let found = saved.connections.iter_mut().find(|connection| connection.id == id);
                change(found.ok_or_else(|| ApplicationError::not_found("this connection was removed"))?);
                Ok::<_, ApplicationError>(())
            })
        })
        .await
    }

    async fn keep_connection(&self, connection: SavedConnection, is_new: bool) -> Result<(), ApplicationError> {
        self.blocking(move |inner| inner.settings.update(|saved| put(saved, connection, is_new)))
            .await
    }

    /// The secret first: a connection without its secret would be of no use.
    async fn keep_secret(&self, draft: &ConnectionDraft, connection: &SavedConnection) -> Result<(), ApplicationError> {
        let account = connection.id.as_str().to_owned();
        if connection.login != LoginMethod::Password {
            self.forget_secret_of(draft).await?;
            return Ok(());
        }
        let Some(secret) = draft.password.clone().filter(|secret| !secret.is_empty()) else {
            return self.move_secret(draft, connection).await;
        };
        match connection.secret {
            SecretPlace::Keychain => {
                self.keychain(move |inner| inner.secrets.write(&account, &secret))
                    .await?;
                self.inner.session.forget(connection.id.as_str());
            }
            SecretPlace::NotStored => {
                self.forget_secret_of(draft).await?;
                self.inner.session.put(&account, secret);
            }
        }
        Ok(())
    }

    /// No new password was typed, but where the old one is kept may have changed.
    async fn move_secret(&self, draft: &ConnectionDraft, connection: &SavedConnection) -> Result<(), ApplicationError> {
        let Some(id) = &draft.id else { return Ok(()) };
        let before = self.connection(id).await?;
        if before.secret == connection.secret {
            return Ok(());
        }
        let Some(secret) = self.secret(&before).await? else {
            return Ok(());
        };
        let account = id.as_str().to_owned();
        match connection.secret {
            SecretPlace::Keychain => self.keychain(move |inner| inner.secrets.write(&account, &secret)).await,
            SecretPlace::NotStored => {
                self.forget_secret(&before).await;
                self.inner.session.put(&account, secret);
                Ok(())
            }
        }
    }

    /// Forgets the secret that a connection had before it is changed.
    async fn forget_secret_of(&self, draft: &ConnectionDraft) -> Result<(), ApplicationError> {
        let Some(id) = &draft.id else { return Ok(()) };
        self.forget_secret(&self.connection(id).await?).await;
        Ok(())
    }

    /// A keychain that cannot be reached keeps an entry that nothing refers to any more; that is not worth a failure.
    /// It is not asked where it holds none: it might ask a person to unlock it.
    async fn forget_secret(&self, connection: &SavedConnection) {
        let id = &connection.id;
        self.inner.session.forget(id.as_str());
        if connection.login != LoginMethod::Password || connection.secret != SecretPlace::Keychain {
            return;
        }
        let account = id.as_str().to_owned();
        if let Err(problem) = self.keychain(move |inner| inner.secrets.delete(&account)).await {
            tracing::warn!(
                connection = id.as_str(),
                "the keychain did not forget an entry: {problem}"
            );
        }
    }
}

/// Adds or changes a connection. The check took its time: what others changed meanwhile stays, and what they removed
/// does not come back.
fn put(saved: &mut Saved, connection: SavedConnection, is_new: bool) -> Result<(), ApplicationError> {
    if is_new {
        saved.connections.push(connection);
        return Ok(());
    }
    let known = saved.connections.iter_mut().find(|known| known.id == connection.id);
    let known = known.ok_or_else(|| ApplicationError::not_found("this connection was removed"))?;
    let pinned = std::mem::take(&mut known.pinned);
    let (before, now) = (known.name.clone(), connection.name.clone());
    *known = SavedConnection { pinned, ..connection };
    saved.rename_in_routes(&before, &now);
    Ok(())
}
