//! A connection as `settings.toml` holds it: everything but the secret.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use artifact::RepositoryName;
use catalog::ConnectionId;
use registry::{Address, Provider};
use serde::{Deserialize, Serialize};

use crate::LoginMethod;

/// Where a connection leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    Registry(Address),
    Folder(PathBuf),
}

impl Location {
    /// The path of the connection inside its registry, to which its listing is limited.
    pub fn prefix(&self) -> Option<&str> {
        match self {
            Self::Registry(address) => address.prefix(),
            Self::Folder(_) => None,
        }
    }

    /// `host[:port]` of a registry.
    pub fn host(&self) -> Option<String> {
        match self {
            Self::Registry(address) => Some(address.host()),
            Self::Folder(_) => None,
        }
    }

    /// Which product stands there, as far as the address tells.
    pub fn provider(&self) -> Provider {
        match self {
            Self::Registry(address) => Provider::guess(&address.to_string()),
            Self::Folder(_) => Provider::Folder,
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registry(address) => fmt::Display::fmt(address, formatter),
            Self::Folder(path) => fmt::Display::fmt(&path.display(), formatter),
        }
    }
}

/// Where a connection's secret is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SecretPlace {
    /// The operating system's keychain, under the connection's id.
    #[default]
    Keychain,
    /// Nowhere: it lasts for a session of the window, or is given to each verb of the command line.
    NotStored,
}

/// A connection without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub(crate) struct SavedConnection {
    pub id: ConnectionId,
    pub name: String,
    pub location: Location,
    pub login: LoginMethod,
    pub username: Option<String>,
    pub secret: SecretPlace,
    pub plain_http: bool,
    pub ca_file: Option<PathBuf>,
    pub client_certificate: Option<PathBuf>,
    /// Used without listing; relative to the location's path.
    pub pinned: Vec<RepositoryName>,
}

/// The form in the file: an address or a folder.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
struct Written {
    id: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    folder: Option<PathBuf>,
    #[serde(default)]
    login: LoginMethod,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(default)]
    secret: SecretPlace,
    #[serde(default)]
    plain_http: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ca_file: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_certificate: Option<PathBuf>,
    #[serde(default)]
    pinned: Vec<RepositoryName>,
}

impl TryFrom<Written> for SavedConnection {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let location = match (written.address, written.folder) {
            (Some(address), None) => Location::Registry(address.parse().map_err(|error| format!("{error}"))?),
            (None, Some(folder)) => Location::Folder(folder),
            _ => {
                return Err(format!(
                    "the connection {:?} needs an address or a folder",
                    written.name
                ));
            }
        };
        check_name(&written.name)?;
        Ok(Self {
            id: ConnectionId::new(written.id),
            name: written.name,
            location,
            login: written.login,
            username: written.username,
            secret: written.secret,
            plain_http: written.plain_http,
            ca_file: written.ca_file,
            client_certificate: written.client_certificate,
            pinned: written.pinned,
        })
    }
}

impl From<SavedConnection> for Written {
    fn from(saved: SavedConnection) -> Self {
        let (address, folder) = match saved.location {
            Location::Registry(address) => (Some(address.to_string()), None),
            Location::Folder(folder) => (None, Some(folder)),
        };
        Self {
            id: saved.id.as_str().to_owned(),
            name: saved.name,
            address,
            folder,
            login: saved.login,
            username: saved.username,
            secret: saved.secret,
            plain_http: saved.plain_http,
            ca_file: saved.ca_file,
            client_certificate: saved.client_certificate,
            pinned: saved.pinned,
        }
    }
}

#[cfg(test)]
impl SavedConnection {
    /// A connection without a login whose id is its name; what is no address is a folder.
    pub(crate) fn anonymous(name: &str, address: &str) -> Self {
        Self {
            id: ConnectionId::new(name),
            name: name.to_owned(),
            location: address
                .parse()
                .map_or_else(|_| Location::Folder(address.into()), Location::Registry),
            login: LoginMethod::Anonymous,
            username: None,
            secret: SecretPlace::Keychain,
            plain_http: false,
            ca_file: None,
            client_certificate: None,
            pinned: Vec::new(),
        }
    }
}

/// Whether a text can name a connection: it stands before the first `/` of a reference.
///
/// # Errors
/// What is wrong with it, for people.
pub(crate) fn check_name(name: &str) -> Result<(), String> {
    if name.trim().is_empty() {
        return Err("a connection needs a name".to_owned());
    }
    if name != name.trim() {
        return Err("the name of a connection does not begin or end with a space".to_owned());
    }
    if name.chars().count() > 100 {
        return Err("the name of a connection has at most 100 characters".to_owned());
    }
    match name
        .chars()
        .find(|character| matches!(character, '/' | ':' | '@' | '\\') || character.is_control())
    {
        Some(character) => Err(format!(
            "the name of a connection cannot hold {character:?}: references are made of it"
        )),
        None => Ok(()),
    }
}

/// The first connection whose name or id is not its own.
///
/// # Errors
/// What stands there twice.
pub(super) fn check_unique(connections: &[SavedConnection]) -> Result<(), String> {
    let (mut names, mut ids) = (BTreeMap::new(), BTreeMap::new());
    for connection in connections {
        if let Some(other) = names.insert(connection.name.to_lowercase(), &connection.name) {
            return Err(format!("two connections are named {other:?}"));
        }
        if let Some(other) = ids.insert(connection.id.as_str(), &connection.name) {
            return Err(format!(
                "the connections {other:?} and {:?} have the same id: each needs its own",
                connection.name
            ));
        }
    }
    Ok(())
}
