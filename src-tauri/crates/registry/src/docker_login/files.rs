//! The files in which docker and podman keep logins: where they lie, what stands in them.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use docker_credential::DockerCredential;
use serde::{Deserialize, Deserializer, Serialize};

use super::{DockerLogin, Environment, LoginError, helper, server::ServerKey};
use crate::{Login, Secret};

/// More than any login file ever needs: one entry is some kilobytes at most.
const LARGEST_FILE: u64 = 4 * 1024 * 1024;

/// The files to ask, the first one first: docker's own, then podman's, which a variable can replace.
pub(super) fn paths(environment: &Environment) -> Vec<PathBuf> {
    let home = environment.home();
    let docker = environment
        .folder("DOCKER_CONFIG")
        .or_else(|| home.as_ref().map(|home| home.join(".docker")));
    let mut paths: Vec<PathBuf> = docker.map(|folder| folder.join("config.json")).into_iter().collect();
    if let Some(file) = environment.folder("REGISTRY_AUTH_FILE") {
        paths.push(file);
    } else {
        let settings = environment
            .folder("XDG_CONFIG_HOME")
            .or_else(|| home.as_ref().map(|home| home.join(".config")));
        let folders = environment.folder("XDG_RUNTIME_DIR").into_iter().chain(settings);
        paths.extend(folders.map(|folder| folder.join("containers").join("auth.json")));
    }
    paths
}

/// One file, read.
pub(super) struct LoginFile {
    path: PathBuf,
    content: Content,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Content {
    #[serde(deserialize_with = "null_is_empty")]
    auths: BTreeMap<String, Option<StoredLogin>>,
    #[serde(deserialize_with = "null_is_empty")]
    cred_helpers: BTreeMap<String, String>,
    creds_store: Option<String>,
}

/// An entry of `auths`. Docker leaves an empty one where a credential store keeps the login.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct StoredLogin {
    #[serde(skip_serializing_if = "Option::is_none")]
    auth: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identitytoken: Option<String>,
    #[serde(skip_serializing)]
    registrytoken: Option<String>,
}

/// An entry that holds something, with the key under which it stands.
pub(super) struct Entry<'a> {
    path: &'a Path,
    key: &'a str,
    stored: StoredLogin,
}

impl LoginFile {
    /// The file's content; none where there is no such file.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, LoginError> {
        let unreadable = |source| LoginError::Unreadable {
            path: path.to_owned(),
            source,
        };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        let mut text = Vec::new();
        file.take(LARGEST_FILE + 1).read_to_end(&mut text).map_err(unreadable)?;
        if text.len() as u64 > LARGEST_FILE {
            return Err(LoginError::TooLarge {
                path: path.to_owned(),
                limit: LARGEST_FILE,
            });
        }
        let content = if text.trim_ascii().is_empty() {
            Ok(Content::default())
        } else {
            serde_json::from_slice(&text)
        };
        match content {
            Ok(content) => Ok(Some(Self {
                path: path.to_owned(),
                content,
            })),
            Err(error) => Err(LoginError::NotJson {
                path: path.to_owned(),
                reason: without_content(&error),
            }),
        }
    }

    /// Every login that the file speaks of.
    pub(super) fn logins(&self) -> Vec<DockerLogin> {
        let own = self.content.auths.iter().filter_map(|(key, stored)| {
            let holds_something = stored.as_ref().is_some_and(StoredLogin::holds_something);
            let helper = self
                .helper_named(&ServerKey::of_key(key))
                .map(|(name, _)| name)
                .or(self.store());
            // An empty entry without a store is what a logout leaves behind.
            (holds_something || helper.is_some()).then(|| self.login(key, helper))
        });
        let by_helper = self
            .content
            .cred_helpers
            .iter()
            .filter(|(_, name)| !name.is_empty())
            .map(|(key, name)| self.login(key, Some(name)));
        own.chain(by_helper).filter(|login| !login.host.is_empty()).collect()
    }

    fn login(&self, key: &str, helper: Option<&str>) -> DockerLogin {
        DockerLogin {
            host: ServerKey::of_key(key).location(),
            source: self.path.clone(),
            helper: helper.map(str::to_owned),
        }
    }

    /// What the file itself holds for a place.
    pub(super) fn entry_for(&self, wanted: &ServerKey) -> Option<Entry<'_>> {
        let holding = self.content.auths.iter().filter_map(|(key, stored)| {
            let stored = stored.as_ref()?.without_empty_fields();
            stored.holds_something().then_some((key.as_str(), stored))
        });
        let (key, stored) = longest(wanted, holding)?;
        Some(Entry {
            path: &self.path,
            key,
            stored,
        })
    }

    /// The helper that keeps the login of a place, and the server address to ask it for.
    pub(super) fn helper_for(&self, wanted: &ServerKey) -> Option<(String, String)> {
        if let Some((name, server)) = self.helper_named(wanted) {
            return Some((name.to_owned(), server.to_owned()));
        }
        let store = self.store()?;
        // A store finds a login only under the address with which it was put there.
        let keys = self.content.auths.keys().map(|key| (key.as_str(), ()));
        let server = longest(wanted, keys).map_or_else(|| wanted.asked_of_helper(), |(key, ())| key);
        Some((store.to_owned(), server.to_owned()))
    }

    fn helper_named(&self, wanted: &ServerKey) -> Option<(&str, &str)> {
        let named = self.content.cred_helpers.iter().filter(|(_, name)| !name.is_empty());
        longest(wanted, named.map(|(key, name)| (key.as_str(), name.as_str()))).map(|(key, name)| (name, key))
    }

    fn store(&self) -> Option<&str> {
        self.content.creds_store.as_deref().filter(|store| !store.is_empty())
    }
}

impl StoredLogin {
    fn holds_something(&self) -> bool {
        let fields = [&self.auth, &self.identitytoken, &self.registrytoken, &self.username];
        fields
            .iter()
            .any(|field| field.as_ref().is_some_and(|value| !value.is_empty()))
    }

    fn without_empty_fields(&self) -> Self {
        let kept = |field: &Option<String>| field.clone().filter(|value| !value.is_empty());
        Self {
            auth: kept(&self.auth),
            username: kept(&self.username),
            password: kept(&self.password),
            identitytoken: kept(&self.identitytoken),
            registrytoken: kept(&self.registrytoken),
        }
    }
}

impl Entry<'_> {
    /// The login that the entry holds. Decoding is `docker_credential`'s, which is handed this one entry; registry
    /// tokens, which it does not know, go first, as they do for docker.
    pub(super) fn login(self) -> Result<Option<Login>, LoginError> {
        if let Some(token) = self.stored.registrytoken {
            return Ok(Some(Login::RegistryToken {
                secret: Secret::from(token),
            }));
        }
        let undecodable = || LoginError::Undecodable {
            path: self.path.to_owned(),
            host: ServerKey::of_key(self.key).location(),
        };
        let single = serde_json::json!({ "auths": { self.key: &self.stored } }).to_string();
        match docker_credential::get_credential_from_reader(single.as_bytes(), self.key) {
            Ok(DockerCredential::IdentityToken(token)) => Ok(Some(Login::IdentityToken {
                secret: Secret::from(token),
            })),
            Ok(DockerCredential::UsernamePassword(username, password)) => {
                // Some writers fill the password up with zero bytes; docker takes them off as well.
                let password = password.trim_matches('\0').to_owned();
                Ok(Some(helper::login_of(username, password)))
            }
            Err(_) => Err(undecodable()),
        }
    }
}

/// Of the keys that cover `wanted` the longest; of equal ones the first.
fn longest<'a, Value>(wanted: &ServerKey, keys: impl Iterator<Item = (&'a str, Value)>) -> Option<(&'a str, Value)> {
    let mut best: Option<(usize, &'a str, Value)> = None;
    for (key, value) in keys {
        if let Some(length) = ServerKey::of_key(key).covers(wanted)
            && best.as_ref().is_none_or(|(longest, ..)| length > *longest)
        {
            best = Some((length, key, value));
        }
    }
    best.map(|(_, key, value)| (key, value))
}

fn null_is_empty<'de, Source, Value>(source: Source) -> Result<Value, Source::Error>
where
    Source: Deserializer<'de>,
    Value: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(source)?.unwrap_or_default())
}

/// Where the text stops being JSON, without quoting any of it: it holds secrets.
fn without_content(error: &serde_json::Error) -> String {
    let problem = match error.classify() {
        serde_json::error::Category::Data => "has another shape than a list of logins",
        serde_json::error::Category::Eof => "ends too early",
        _ => "is no valid JSON",
    };
    format!("line {} column {} {problem}", error.line(), error.column())
}
