//! From what was typed to a connection that could be saved.

use std::path::{Path, PathBuf};

use catalog::ConnectionId;
use registry::{Address, Provider};

use crate::{
    ApplicationError, Berth, ConnectionDraft, Location, LoginMethod,
    settings::{Saved, SavedConnection, SecretPlace, check_name},
};

const ADDRESS_HINT: &str = "type a registry's address, such as ghcr.io/acme or localhost:5000, or the path of a folder";

impl ConnectionDraft {
    /// The connection as it would be saved.
    ///
    /// # Errors
    /// What of it cannot be: name, address, login.
    pub(crate) fn to_connection(
        &self,
        saved: &Saved,
        home: Option<&Path>,
    ) -> Result<SavedConnection, ApplicationError> {
        let before = self.id.as_ref().map(|id| saved.connection(id)).transpose()?;
        check_name(&self.name).map_err(ApplicationError::invalid)?;
        self.check_unique_name(saved)?;
        let (location, scheme) = locate(&self.address, home)?;
        self.check_unique_location(saved, &location)?;
        let username = self
            .username
            .as_deref()
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned);
        if self.login_method == LoginMethod::Password && username.is_none() {
            return Err(ApplicationError::invalid("a login with a password needs a user name")
                .with_hint("some registries take a fixed name with an access token; see the token's page"));
        }
        if matches!(location, Location::Folder(_)) {
            self.check_folder()?;
        }
        Ok(SavedConnection {
            id: before.map_or_else(new_id, |connection| connection.id.clone()),
            name: self.name.clone(),
            login: self.login_method,
            username: username.filter(|_| self.login_method == LoginMethod::Password),
            secret: if self.store_secret {
                SecretPlace::Keychain
            } else {
                SecretPlace::NotStored
            },
            plain_http: scheme.map_or(self.plain_http, |scheme| scheme == Scheme::Plain),
            ca_file: self.ca_file.clone(),
            client_certificate: self.client_certificate.clone(),
            pinned: before.map(|connection| connection.pinned.clone()).unwrap_or_default(),
            location,
        })
    }

    /// A folder is read from the disk: what only a registry needs is not dropped in silence.
    fn check_folder(&self) -> Result<(), ApplicationError> {
        let given = [
            ("login", self.login_method != LoginMethod::Anonymous),
            ("CA file", self.ca_file.is_some()),
            ("client certificate", self.client_certificate.is_some()),
            ("plain http", self.plain_http),
        ];
        match given.iter().find(|(_, is_given)| *is_given) {
            None => Ok(()),
            Some((what, _)) => Err(ApplicationError::invalid(format!(
                "{:?} is a folder; {what} does not apply to it",
                self.address
            ))
            .with_hint("leave it out, or give the address of a registry")),
        }
    }

    fn check_unique_name(&self, saved: &Saved) -> Result<(), ApplicationError> {
        if !saved.is_taken(&self.name, self.id.as_ref()) {
            return Ok(());
        }
        Err(ApplicationError::new(
            registry::ErrorCode::Conflict,
            format!("there is a connection named {:?} already", self.name),
        )
        .with_hint("choose another name, or edit that connection"))
    }

    fn check_unique_location(&self, saved: &Saved, location: &Location) -> Result<(), ApplicationError> {
        let username = self
            .username
            .as_deref()
            .filter(|_| self.login_method == LoginMethod::Password);
        let same = saved.connections.iter().find(|other| {
            Some(&other.id) != self.id.as_ref()
                // As written: `http://` before it makes no other place.
                && other.location.to_string() == location.to_string()
                && other.username.as_deref() == username
                && (other.login == self.login_method || matches!(location, Location::Folder(_)))
        });
        let Some(same) = same else { return Ok(()) };
        Err(ApplicationError::new(
            registry::ErrorCode::Conflict,
            format!("{location} is connected already, as {:?}", same.name),
        )
        .with_hint("edit that connection; or use another login or a longer path for a second one"))
    }
}

/// The scheme that an address was typed with; it says more than what was chosen before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Plain,
    Encrypted,
}

impl Scheme {
    fn of(text: &str, address: &Address) -> Option<Self> {
        if address.says_plain_http() {
            return Some(Self::Plain);
        }
        let (scheme, _) = text.split_once("://")?;
        scheme.eq_ignore_ascii_case("https").then_some(Self::Encrypted)
    }
}

/// An address or a folder, and the scheme if it was typed with one.
fn locate(text: &str, home: Option<&Path>) -> Result<(Location, Option<Scheme>), ApplicationError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ApplicationError::invalid("a connection needs an address or a folder").with_hint(ADDRESS_HINT));
    }
    if is_path(text) {
        return Ok((Location::Folder(folder(text, home)?), None));
    }
    let address: Address = text
        .parse()
        .map_err(|error| ApplicationError::invalid(error).with_hint(ADDRESS_HINT))?;
    let scheme = Scheme::of(text, &address);
    Ok((Location::Registry(address), scheme))
}

fn is_path(text: &str) -> bool {
    Provider::guess(text) == Provider::Folder || Path::new(text).is_dir() && !text.contains(':')
}

/// Where an address leads on this computer, if it does.
pub(super) fn path_of(text: &str, home: Option<&Path>) -> Option<PathBuf> {
    let text = text.trim();
    is_path(text).then(|| folder(text, home).ok()).flatten()
}

fn folder(text: &str, home: Option<&Path>) -> Result<PathBuf, ApplicationError> {
    let path = text
        .strip_prefix("file://")
        .or_else(|| text.strip_prefix("file:"))
        .unwrap_or(text);
    let path = match (
        path.strip_prefix('~').map(|rest| rest.trim_start_matches(['/', '\\'])),
        home,
    ) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    };
    let absolute = std::path::absolute(&path)
        .map_err(|error| ApplicationError::invalid(format!("{}: {error}", path.display())))?;
    // The same folder by another way is the same connection.
    Ok(absolute.canonicalize().unwrap_or(absolute))
}

/// 128 random bits.
fn new_id() -> ConnectionId {
    ConnectionId::new(uuid::Uuid::new_v4().simple().to_string())
}

impl Berth {
    pub(crate) async fn drafted(&self, draft: &ConnectionDraft) -> Result<SavedConnection, ApplicationError> {
        let saved = self.saved().await?;
        let home = self.inner.process.home();
        let draft = draft.clone();
        self.blocking(move |_| draft.to_connection(&saved, home.as_deref()))
            .await
    }
}
