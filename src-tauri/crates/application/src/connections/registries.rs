//! The registries behind the connections, opened when first needed and kept open.

use std::{collections::HashMap, path::Path, sync::Arc, time::Duration};

use catalog::ConnectionId;
use registry::{
    ErrorCode, HttpOptions, HttpRegistry, Login, Network, NetworkOptions, ProxyChoice, Registry, WritableRegistry,
    folder::FolderRegistry,
};

use crate::{
    ApplicationError, Berth, Location, LoginMethod, ProxySetting, Settings, berth::lock, settings::SavedConnection,
};

/// What is open now.
#[derive(Debug, Default)]
pub(crate) struct OpenRegistries {
    network: Option<(Settings, Arc<Network>)>,
    open: HashMap<ConnectionId, Open>,
}

#[derive(Debug)]
struct Open {
    /// What it was opened for; another process may have changed the connection since.
    saved: SavedConnection,
    network: Settings,
    registry: Arc<dyn WritableRegistry>,
}

impl Berth {
    /// The registry of a connection, with its login, to read from.
    pub(crate) async fn registry(&self, id: &ConnectionId) -> Result<Arc<dyn Registry>, ApplicationError> {
        Ok(self.writable_registry(id).await?)
    }

    /// The same for the crate of changes, which alone may write.
    pub(crate) async fn writable_registry(
        &self,
        id: &ConnectionId,
    ) -> Result<Arc<dyn WritableRegistry>, ApplicationError> {
        let saved = self.saved().await?;
        let connection = saved.connection(id)?.clone();
        let network = network_part(&saved.settings);
        if let Some(open) = lock(&self.inner.registries).open.get(id)
            && open.saved == connection
            && open.network == network
        {
            return Ok(Arc::clone(&open.registry));
        }
        let login = self.login(&connection).await?;
        let registry = self.open_registry(&connection, login, &network).await?;
        let open = Open {
            saved: connection,
            network,
            registry: Arc::clone(&registry),
        };
        lock(&self.inner.registries).open.insert(id.clone(), open);
        Ok(registry)
    }

    /// A registry that will not be asked for anything, because everything is known: offline too, and without a login.
    pub(crate) async fn unasked_registry(
        &self,
        connection: &SavedConnection,
    ) -> Result<Arc<dyn Registry>, ApplicationError> {
        Ok(self
            .connect(connection, Login::Anonymous, &self.preferences().await?)
            .await?)
    }

    /// Opens a registry that need not be saved. Sends nothing.
    ///
    /// # Errors
    /// Offline, if it is not a folder.
    pub(crate) async fn open_registry(
        &self,
        connection: &SavedConnection,
        login: Login,
        settings: &Settings,
    ) -> Result<Arc<dyn WritableRegistry>, ApplicationError> {
        if self.inner.offline && matches!(connection.location, Location::Registry(_)) {
            let message = format!("{} was not asked: --offline", connection.location);
            return Err(ApplicationError::new(ErrorCode::Offline, message)
                .with_hint("leave --offline out where the network can be reached"));
        }
        self.connect(connection, login, settings).await
    }

    async fn connect(
        &self,
        connection: &SavedConnection,
        login: Login,
        settings: &Settings,
    ) -> Result<Arc<dyn WritableRegistry>, ApplicationError> {
        match &connection.location {
            Location::Folder(path) => {
                let path = path.clone();
                self.blocking(move |_| -> Result<_, ApplicationError> {
                    Ok(Arc::new(open_folder(&path)?) as Arc<dyn WritableRegistry>)
                })
                .await
            }
            Location::Registry(address) => {
                let options = HttpOptions {
                    host: address.clone(),
                    plain_http: connection.plain_http,
                    ca_file: connection.ca_file.clone(),
                    client_certificate: connection.client_certificate.clone(),
                };
                let settings = network_part(settings);
                self.blocking(move |inner| -> Result<_, ApplicationError> {
                    let network = network(inner, settings)?;
                    Ok(Arc::new(HttpRegistry::connect(options, login, network)?) as Arc<dyn WritableRegistry>)
                })
                .await
            }
        }
    }

    pub(crate) fn close_registry(&self, id: &ConnectionId) {
        lock(&self.inner.registries).open.remove(id);
    }

    /// Closes the registry if it was opened with a docker login, which lies in files that others renew.
    pub(crate) fn close_docker_registry(&self, id: &ConnectionId) {
        let mut registries = lock(&self.inner.registries);
        let open = registries.open.get(id);
        if open.is_some_and(|open| open.saved.login == LoginMethod::Docker) {
            registries.open.remove(id);
        }
    }

    /// What an open registry told of itself; none if it is not open.
    pub(crate) fn known_provider(&self, id: &ConnectionId) -> Option<registry::Provider> {
        lock(&self.inner.registries)
            .open
            .get(id)
            .map(|open| open.registry.traits().provider)
    }
}

/// A folder that is not there was named well enough, but is not found.
pub(crate) fn open_folder(path: &Path) -> Result<FolderRegistry, ApplicationError> {
    FolderRegistry::open(path).map_err(|error| {
        let problem = ApplicationError::from(error);
        let code = match problem.code {
            ErrorCode::InvalidInput => ErrorCode::NotFound,
            code => code,
        };
        ApplicationError { code, ..problem }
    })
}

/// One network for all connections, made anew when its settings change.
fn network(inner: &crate::berth::Inner, settings: Settings) -> Result<Arc<Network>, ApplicationError> {
    let mut registries = lock(&inner.registries);
    if let Some((known, network)) = &registries.network
        && *known == settings
    {
        return Ok(Arc::clone(network));
    }
    let network = Arc::new(Network::new(NetworkOptions {
        proxy: match settings.proxy {
            ProxySetting::System => ProxyChoice::System,
            ProxySetting::None => ProxyChoice::None,
            ProxySetting::Own => ProxyChoice::Own(settings.proxy_address.clone()),
        },
        no_proxy: settings.no_proxy.clone(),
        extra_ca_files: settings.trusted_ca.clone(),
        requests_per_host: usize::try_from(settings.requests_per_host).unwrap_or(1),
        answer_timeout: Duration::from_secs(settings.answer_timeout_seconds.into()),
        tries: settings.tries,
        clock: inner.clock.clone(),
    })?);
    registries.network = Some((settings, Arc::clone(&network)));
    Ok(network)
}

/// The settings with only those that concern the network: others change nothing that is open.
fn network_part(settings: &Settings) -> Settings {
    Settings {
        proxy: settings.proxy,
        proxy_address: settings.proxy_address.clone(),
        no_proxy: settings.no_proxy.clone(),
        trusted_ca: settings.trusted_ca.clone(),
        requests_per_host: settings.requests_per_host,
        answer_timeout_seconds: settings.answer_timeout_seconds,
        tries: settings.tries,
        ..Settings::default()
    }
}
