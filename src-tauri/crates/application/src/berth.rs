//! The one value that holds everything: settings, index, logins and open registries. Each use case is one method, in
//! the module of its area; here is only what they share.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use catalog::{CatalogError, ConnectionId, Index, Opened};
use changes::Journal;
use chrono::{DateTime, Utc};
use registry::{Clock, ErrorCode, docker_login};

use crate::{
    ApplicationError, Environment,
    changing::KeptPlans,
    comparing::KeptComparisons,
    connections::{ConnectionState, OpenRegistries},
    reading::FilesViews,
    secrets::{SecretStore, SessionStore},
    settings::{Saved, SavedConnection, Settings, SettingsFile},
};

const INDEX: &str = "index.sqlite";

/// Something to tell once: the index was kept aside, say.
pub type Notice = ApplicationError;

/// Berth, open on its data folder. Cheap to clone; all clones are one. Nothing in it blocks the async runtime.
#[derive(Clone, Debug)]
pub struct Berth {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) data_folder: PathBuf,
    pub(crate) clock: Clock,
    pub(crate) process: docker_login::Environment,
    pub(crate) origin: changes::Origin,
    pub(crate) offline: bool,
    pub(crate) settings: SettingsFile,
    pub(crate) index: Index,
    pub(crate) secrets: Arc<dyn SecretStore>,
    pub(crate) session: SessionStore,
    pub(crate) registries: Mutex<OpenRegistries>,
    pub(crate) states: Mutex<HashMap<ConnectionId, ConnectionState>>,
    pub(crate) views: Mutex<FilesViews>,
    pub(crate) comparisons: Mutex<KeptComparisons>,
    pub(crate) journal: Mutex<Option<Journal>>,
    pub(crate) plans: Mutex<KeptPlans>,
    pub(crate) notices: Vec<Notice>,
}

impl Berth {
    /// Opens the data folder, and makes it if need be. Blocking: milliseconds, longer if a damaged index is rebuilt.
    ///
    /// # Errors
    /// If the folder cannot be used, the settings are broken, or a newer Berth wrote the index.
    pub fn open(environment: Environment) -> Result<(Self, Vec<Notice>), ApplicationError> {
        let Environment {
            data_folder,
            clock,
            process,
            secrets,
            offline,
            origin,
        } = environment;
        make_folder(&data_folder)?;
        let settings = SettingsFile::new(&data_folder);
        let saved = settings.read()?;
        let Opened { index, notice } = Index::open(&data_folder.join(INDEX))?;
        index.set_limit(artifact::ByteSize(saved.settings.index_limit_bytes))?;
        let notices: Vec<Notice> = notice
            .into_iter()
            .map(|notice| ApplicationError::new(ErrorCode::Storage, notice))
            .collect();
        let inner = Inner {
            data_folder,
            clock,
            process,
            offline,
            origin,
            settings,
            index,
            secrets,
            session: SessionStore::default(),
            registries: Mutex::default(),
            states: Mutex::default(),
            views: Mutex::default(),
            comparisons: Mutex::default(),
            journal: Mutex::default(),
            plans: Mutex::default(),
            notices: notices.clone(),
        };
        Ok((Self { inner: Arc::new(inner) }, notices))
    }

    /// The folder that holds settings, index and locks.
    pub fn data_folder(&self) -> &Path {
        &self.inner.data_folder
    }

    /// `settings.toml`, for an editor. It need not exist.
    pub fn settings_file(&self) -> PathBuf {
        self.inner.settings.path()
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now()
    }

    /// Runs what reads the index or files where it does not hold up the runtime.
    pub(crate) async fn blocking<T, E>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, E> + Send + 'static,
    ) -> Result<T, ApplicationError>
    where
        T: Send + 'static,
        E: Send + 'static,
        ApplicationError: From<E>,
    {
        let inner = Arc::clone(&self.inner);
        Ok(tokio::task::spawn_blocking(move || work(&inner)).await??)
    }

    /// Asks the index.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Index) -> Result<T, CatalogError> + Send + 'static,
    ) -> Result<T, ApplicationError> {
        self.blocking(move |inner| question(&inner.index)).await
    }

    pub(crate) async fn saved(&self) -> Result<Arc<Saved>, ApplicationError> {
        self.blocking(|inner| inner.settings.read()).await
    }

    pub(crate) async fn preferences(&self) -> Result<Settings, ApplicationError> {
        Ok(self.saved().await?.settings.clone())
    }

    pub(crate) async fn connection(&self, id: &ConnectionId) -> Result<SavedConnection, ApplicationError> {
        self.saved().await?.connection(id).cloned()
    }
}

impl Saved {
    /// Whether a connection, other than `except`, has this name, whatever the case of its letters.
    pub(crate) fn is_taken(&self, name: &str, except: Option<&ConnectionId>) -> bool {
        let name = name.to_lowercase();
        self.connections
            .iter()
            .any(|other| Some(&other.id) != except && other.name.to_lowercase() == name)
    }

    /// The name, or the first numbered one of it that no connection has.
    pub(crate) fn free_name(&self, name: &str, separator: char) -> String {
        if !self.is_taken(name, None) {
            return name.to_owned();
        }
        (2..=u32::MAX)
            .map(|number| format!("{name}{separator}{number}"))
            .find(|numbered| !self.is_taken(numbered, None))
            .unwrap_or_else(|| name.to_owned())
    }

    pub(crate) fn connection(&self, id: &ConnectionId) -> Result<&SavedConnection, ApplicationError> {
        self.connections
            .iter()
            .find(|connection| connection.id == *id)
            .ok_or_else(|| ApplicationError::not_found("this connection was removed"))
    }
}

/// A lock whose holder panicked still guards a value that is whole: every change under it is one assignment.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The data folder is its user's alone.
fn make_folder(folder: &Path) -> Result<(), ApplicationError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        let hint = match error.kind() {
            io::ErrorKind::StorageFull => "the disk is full: make room and try again",
            _ => "choose another data folder with --data-dir or BERTH_DATA_DIR",
        };
        ApplicationError::new(
            ErrorCode::Storage,
            format!("{} cannot be made: {error}", folder.display()),
        )
        .with_hint(hint)
    })
}
