//! The keys under which login files keep their entries, and which of them covers a host.

use crate::docker_hub::{DOCKER_HUB, is_docker_hub};

/// A key of `auths` or `credHelpers`, or the place that is looked for: host and path, without scheme.
///
/// `https://index.docker.io/v1/` is Docker Hub's key; docker writes other keys as a host or as an address with a scheme
/// and a path that mean nothing; podman writes `host/namespace/repository`, and there the path does mean something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServerKey {
    host: String,
    path: String,
}

/// What docker and podman send to a helper for Docker Hub.
pub(super) const DOCKER_HUB_KEY: &str = "https://index.docker.io/v1/";

impl ServerKey {
    /// The place of a connection: `host[:port][/path]`.
    pub(super) fn of_host(host: &str) -> Self {
        Self::of_key(host)
    }

    /// A key as it stands in a file.
    pub(super) fn of_key(key: &str) -> Self {
        let key = key.trim();
        let (address, has_scheme) = match key.split_once("://") {
            Some((_, address)) => (address, true),
            None => (key, false),
        };
        let (host, path) = address.split_once('/').unwrap_or((address, ""));
        let path = path.trim_matches('/');
        // An address with a scheme was typed for docker, which looks at its host alone; so do bare API paths.
        let path = if has_scheme || matches!(path, "v1" | "v2") {
            ""
        } else {
            path
        };
        let host = host.to_ascii_lowercase();
        let host = if is_docker_hub(&host) {
            DOCKER_HUB.to_owned()
        } else {
            host
        };
        Self {
            host,
            path: path.to_owned(),
        }
    }

    /// How a person writes it.
    pub(super) fn location(&self) -> String {
        if self.path.is_empty() {
            self.host.clone()
        } else {
            format!("{}/{}", self.host, self.path)
        }
    }

    /// What a helper is asked for when no file names the key as it was stored.
    pub(super) fn asked_of_helper(&self) -> &str {
        if self.host == DOCKER_HUB {
            DOCKER_HUB_KEY
        } else {
            &self.host
        }
    }

    /// How well this key fits: the length of its path if it covers `wanted`, none if it does not.
    pub(super) fn covers(&self, wanted: &Self) -> Option<usize> {
        let below = wanted.path.strip_prefix(&self.path)?;
        let at_a_boundary = self.path.is_empty() || below.is_empty() || below.starts_with('/');
        (self.host == wanted.host && at_a_boundary).then_some(self.path.len())
    }
}
