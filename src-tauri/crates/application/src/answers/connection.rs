//! Connections as a person sees them, and what goes in to make one.

use std::path::PathBuf;

use artifact::RepositoryName;
use catalog::ConnectionId;
use chrono::{DateTime, Utc};
use registry::{ErrorCode, Provider, Secret};
use serde::{Deserialize, Serialize};

use crate::{ApplicationError, Settings};

/// How one logs in to a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoginMethod {
    /// No login.
    #[default]
    Anonymous,
    /// A user with a password, access token or key.
    Password,
    /// A docker or podman login of this computer, used in place.
    Docker,
}

impl LoginMethod {
    /// The method's name on the command line and in `settings.toml`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Password => "password",
            Self::Docker => "docker",
        }
    }
}

/// Where the secret of a login is, and whether it still works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginState {
    /// There is no secret: the connection is anonymous.
    None,
    /// The keychain or a docker login holds it.
    Stored,
    /// It is in memory and gone when Berth closes.
    Session,
    /// The registry refused it the last time.
    Expired,
    /// The connection needs one and there is none.
    Missing,
}

/// A connection with what is known of it.
#[derive(Clone, Debug)]
pub struct ConnectionInfo {
    pub id: ConnectionId,
    pub name: String,
    /// `host[:port][/path]`, or the folder.
    pub location: String,
    pub provider: Provider,
    pub login_method: LoginMethod,
    pub username: Option<String>,
    pub login_state: LoginState,
    pub plain_http: bool,
    pub ca_file: Option<PathBuf>,
    /// A PEM file with a client certificate and its key.
    pub client_certificate: Option<PathBuf>,
    /// Whether its secret, if it has one, goes to the keychain.
    pub store_secret: bool,
    pub pinned: Vec<RepositoryName>,
    pub repositories: u64,
    pub tags: u64,
    /// When its repositories were last listed to the end; `None`: never.
    pub synced: Option<DateTime<Utc>>,
    /// Whether this or another process syncs it at this moment.
    pub syncing: bool,
    /// Since when it has not answered.
    pub offline_since: Option<DateTime<Utc>>,
    /// What went wrong the last time, for the connection as a whole.
    pub problem: Option<ApplicationError>,
}

impl ConnectionInfo {
    /// The connection as a form shows it before anything is changed; without its secret, which stays as it is.
    pub fn to_draft(&self) -> ConnectionDraft {
        ConnectionDraft {
            id: Some(self.id.clone()),
            name: self.name.clone(),
            address: self.location.clone(),
            login_method: self.login_method,
            username: self.username.clone(),
            password: None,
            plain_http: self.plain_http,
            ca_file: self.ca_file.clone(),
            client_certificate: self.client_certificate.clone(),
            store_secret: self.store_secret,
            make_new: false,
        }
    }

    /// How it stands, in one word.
    pub fn status(&self) -> ConnectionStatus {
        if self.syncing {
            return ConnectionStatus::Syncing;
        }
        match (self.login_state, &self.problem) {
            (LoginState::Expired, _) => ConnectionStatus::LoginExpired,
            (LoginState::Missing, _) => ConnectionStatus::LoginMissing,
            (_, Some(problem)) => match problem.code {
                ErrorCode::Unreachable | ErrorCode::Offline => ConnectionStatus::Offline,
                ErrorCode::LoginRequired => ConnectionStatus::LoginMissing,
                _ => ConnectionStatus::Problem,
            },
            (_, None) if self.synced.is_none() => ConnectionStatus::NeverSynced,
            (_, None) => ConnectionStatus::Ready,
        }
    }
}

/// How a connection stood when it was last used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionStatus {
    /// It was read to the end.
    Ready,
    NeverSynced,
    Syncing,
    /// It did not answer.
    Offline,
    LoginExpired,
    LoginMissing,
    /// Something else went wrong.
    Problem,
}

impl ConnectionStatus {
    /// The word of the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::NeverSynced => "never synced",
            Self::Syncing => "syncing",
            Self::Offline => "offline",
            Self::LoginExpired => "login expired",
            Self::LoginMissing => "login missing",
            Self::Problem => "problem",
        }
    }
}

/// A connection as it stands in the form or on the command line.
#[derive(Clone, Debug, Default)]
pub struct ConnectionDraft {
    /// `None`: a new connection. Else the one to change; a password that is not given stays as it is.
    pub id: Option<ConnectionId>,
    pub name: String,
    /// A host with port and path, with or without a scheme; or a folder.
    pub address: String,
    pub login_method: LoginMethod,
    pub username: Option<String>,
    pub password: Option<Secret>,
    pub plain_http: bool,
    pub ca_file: Option<PathBuf>,
    /// A PEM file with a client certificate and its unencrypted key.
    pub client_certificate: Option<PathBuf>,
    /// Whether the secret goes to the keychain; else it lasts for this session.
    pub store_secret: bool,
    /// The folder or archive is not there yet, and is to be made.
    pub make_new: bool,
}

/// What importing the docker logins led to.
#[derive(Clone, Debug, Default)]
pub struct DockerImport {
    /// The connections that were added.
    pub added: Vec<ConnectionInfo>,
    /// Hosts whose login did not work, and why.
    pub problems: Vec<(String, ApplicationError)>,
}

/// Whether secrets can be kept.
#[derive(Clone, Debug)]
pub struct KeychainState {
    pub available: bool,
    /// What this operating system calls it: "Secret Service", "Keychain", "Credential Manager".
    pub name: &'static str,
    /// What is missing and how to get it.
    pub problem: Option<ApplicationError>,
}

/// Everything that the first screen needs.
#[derive(Clone, Debug)]
pub struct Start {
    pub version: &'static str,
    pub connections: Vec<ConnectionInfo>,
    pub settings: Settings,
    /// Hosts of the docker and podman logins of this computer that are no connections yet.
    pub docker_logins: Vec<String>,
    pub keychain: KeychainState,
    pub notices: Vec<ApplicationError>,
    pub data_folder: PathBuf,
}

/// What a sync of one connection found. `problems` name repositories relative to the connection's path.
pub type SyncReport = catalog::SyncReport;
