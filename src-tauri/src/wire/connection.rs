//! Connections, their logins and checks, and what a synchronisation reports.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Problem, Settings};

#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Provider {
    DockerHub,
    Ghcr,
    ArtifactRegistry,
    Ecr,
    EcrPublic,
    Acr,
    Harbor,
    Quay,
    GitLab,
    Ngc,
    Distribution,
    Folder,
    Other,
}

/// What is known of last pulls.
#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PullTimes {
    Unread,
    Untold,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LoginMethod {
    Anonymous,
    Password,
    Docker,
}

#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum LoginState {
    None,
    Stored,
    Session,
    Expired,
    Missing,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionInfo {
    pub id: String,
    pub name: String,
    pub location: String,
    pub provider: Provider,
    pub pull_times: PullTimes,
    pub login_method: LoginMethod,
    pub username: Option<String>,
    pub login_state: LoginState,
    pub plain_http: bool,
    pub ca_file: Option<String>,
    pub client_certificate: Option<String>,
    pub pinned: Vec<String>,
    pub repositories: u64,
    pub tags: u64,
    pub synced_at: Option<String>,
    pub syncing: bool,
    pub offline_since: Option<String>,
    pub problem: Option<Problem>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeychainState {
    pub available: bool,
    /// What this system calls it: "Secret Service", "Keychain", "Credential Manager".
    pub name: String,
    pub problem: Option<Problem>,
}

/// Everything that the first screen needs, in one answer.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Start {
    pub version: String,
    pub connections: Vec<ConnectionInfo>,
    pub settings: Settings,
    /// Hosts of the docker and podman logins of this computer that are no connections yet.
    pub docker_logins: Vec<String>,
    pub keychain: KeychainState,
    pub notices: Vec<Problem>,
    pub data_folder: String,
}

/// A connection as it stands in the form. It holds a secret on its way in; nothing sends one out, and its `Debug` hides it.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionDraft {
    pub id: Option<String>,
    pub name: String,
    pub address: String,
    pub login_method: LoginMethod,
    pub username: Option<String>,
    pub password: Option<String>,
    pub plain_http: bool,
    pub ca_file: Option<String>,
    pub client_certificate: Option<String>,
    pub store_secret: bool,
    /// The folder or archive is not there yet, and is to be made.
    pub make_new: bool,
}

/// What can be made where nothing is.
#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum NewPlace {
    Folder,
    Archive,
}

impl std::fmt::Debug for ConnectionDraft {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ConnectionDraft")
            .field("name", &self.name)
            .field("address", &self.address)
            .field("password", &self.password.as_ref().map(|_| "***"))
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CheckName {
    Name,
    Connect,
    Tls,
    Api,
    Login,
    List,
    Pull,
    Push,
    Delete,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckStep {
    pub step: CheckName,
    /// Null where the step does not apply.
    pub ok: Option<bool>,
    pub detail: String,
    pub hint: Option<String>,
    pub milliseconds: Option<u64>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RepositoryProblem {
    pub repository: Option<String>,
    pub reference: Option<String>,
    pub problem: Problem,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SyncReport {
    pub repositories: u64,
    pub tags: u64,
    pub new: u64,
    pub moved: u64,
    pub gone: u64,
    pub requests: u64,
    pub milliseconds: u64,
    pub problems: Vec<RepositoryProblem>,
}

/// A host whose docker login did not lead to a connection.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportProblem {
    pub host: String,
    pub problem: Problem,
}

/// What importing the docker logins led to.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DockerImport {
    pub added: Vec<ConnectionInfo>,
    pub problems: Vec<ImportProblem>,
}
