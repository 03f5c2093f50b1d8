//! Connections with what is known of them.

use catalog::{ConnectionId, ConnectionRow};
use registry::{ErrorCode, Provider};

use crate::{
    ApplicationError, Berth, ConnectionInfo, Start,
    settings::{SavedConnection, SecretPlace},
};

impl Berth {
    /// Everything that the first screen needs.
    ///
    /// # Errors
    /// If settings or index cannot be read.
    pub async fn start(&self) -> Result<Start, ApplicationError> {
        Ok(Start {
            version: env!("CARGO_PKG_VERSION"),
            connections: self.connections().await?,
            settings: self.preferences().await?,
            docker_logins: self.docker_logins().await?,
            keychain: self.keychain_at_start().await,
            notices: self.inner.notices.clone(),
            data_folder: self.inner.data_folder.clone(),
        })
    }

    /// All connections, in the order in which they were added. Asks neither network nor keychain.
    ///
    /// # Errors
    /// If settings or index cannot be read.
    pub async fn connections(&self) -> Result<Vec<ConnectionInfo>, ApplicationError> {
        let saved = self.saved().await?;
        let rows = self.ask(catalog::Index::connections).await?;
        let syncing = self
            .syncing(
                saved
                    .connections
                    .iter()
                    .map(|connection| connection.id.clone())
                    .collect(),
            )
            .await?;
        let infos = saved.connections.iter().map(|connection| {
            let row = rows.iter().find(|row| row.connection == connection.id);
            self.info(connection, row, syncing.contains(&connection.id))
        });
        Ok(infos.collect())
    }

    /// One connection.
    ///
    /// # Errors
    /// If it is not there, or settings or index cannot be read.
    pub async fn connection_info(&self, id: &ConnectionId) -> Result<ConnectionInfo, ApplicationError> {
        let infos = self.connections().await?;
        infos
            .into_iter()
            .find(|info| info.id == *id)
            .ok_or_else(|| ApplicationError::not_found("this connection was removed"))
    }

    /// The product behind an address that is being typed.
    pub fn guess_provider(address: &str) -> Provider {
        Provider::guess(address)
    }

    /// Which of these are synced by some process at this moment.
    async fn syncing(&self, ids: Vec<ConnectionId>) -> Result<Vec<ConnectionId>, ApplicationError> {
        self.ask(move |index| Ok(ids.into_iter().filter(|id| index.is_syncing(id)).collect()))
            .await
    }

    fn info(&self, connection: &SavedConnection, row: Option<&ConnectionRow>, syncing: bool) -> ConnectionInfo {
        let state = self.state(&connection.id);
        let is_syncing = state.is_syncing();
        let problem = state
            .problem
            .or_else(|| row.and_then(|row| row.problem.clone()).map(ApplicationError::from));
        let refused = problem
            .as_ref()
            .is_some_and(|problem| problem.code == ErrorCode::LoginExpired);
        ConnectionInfo {
            id: connection.id.clone(),
            name: connection.name.clone(),
            location: connection.location.to_string(),
            provider: self
                .known_provider(&connection.id)
                .unwrap_or_else(|| connection.location.provider()),
            login_method: connection.login,
            username: connection.username.clone(),
            login_state: self.login_state(connection, refused),
            plain_http: connection.plain_http,
            ca_file: connection.ca_file.clone(),
            client_certificate: connection.client_certificate.clone(),
            store_secret: connection.secret == SecretPlace::Keychain,
            pinned: connection.pinned.clone(),
            repositories: row.map_or(0, |row| row.repositories),
            tags: row.map_or(0, |row| row.tags),
            synced: row.and_then(|row| row.synced),
            syncing: syncing || is_syncing,
            offline_since: state.offline_since,
            problem,
        }
    }
}
