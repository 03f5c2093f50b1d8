//! A registry's address as people type it: `host[:port][/prefix]`. Knows nothing of the network.

use std::{fmt, net::IpAddr, str::FromStr};

use url::{Host, Url};

use crate::{
    docker_hub::{DOCKER_HUB, DOCKER_HUB_REGISTRY, is_docker_hub},
    text::visible,
};

/// Where a registry is: host, port and the path prefix that its listing is limited to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    host: Host<String>,
    port: Option<u16>,
    prefix: Option<String>,
    plain_http: bool,
}

/// Why text is no registry's address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no registry's address: {reason}")]
pub struct AddressError {
    text: String,
    reason: &'static str,
}

impl Address {
    /// The host as references name it, with its port: `ghcr.io`, `127.0.0.1:5000`.
    pub fn host(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.to_string(),
        }
    }

    /// The path that listings are limited to, without slashes at its ends.
    pub fn prefix(&self) -> Option<&str> {
        self.prefix.as_deref()
    }

    /// Whether it was typed with `http://`.
    pub fn says_plain_http(&self) -> bool {
        self.plain_http
    }

    /// Whether the registry runs on this computer, where plain http is harmless.
    pub fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(address) => IpAddr::V4(*address).is_loopback(),
            Host::Ipv6(address) => IpAddr::V6(*address).is_loopback(),
        }
    }

    /// The host name or address alone.
    pub(crate) fn host_name(&self) -> &Host<String> {
        &self.host
    }

    /// The origin that requests go to.
    ///
    /// # Errors
    /// [`AddressError`] if host and port make no URL (cannot happen for a parsed address).
    pub(crate) fn origin(&self, plain_http: bool) -> Result<Url, AddressError> {
        let scheme = if plain_http { "http" } else { "https" };
        let host = self.host();
        // Docker Hub's registry does not live where its name says.
        let host = if host == DOCKER_HUB { DOCKER_HUB_REGISTRY } else { &host };
        Url::parse(&format!("{scheme}://{host}/")).map_err(|_| error(host, "host and port make no URL"))
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let trimmed = text.trim();
        let (scheme, rest) = trimmed
            .split_once("://")
            .map_or((None, trimmed), |(scheme, rest)| (Some(scheme), rest));
        let plain_http = match scheme.map(str::to_ascii_lowercase).as_deref() {
            None | Some("https" | "oci") => false,
            Some("http") => true,
            Some(_) => return Err(error(text, "only http and https are spoken")),
        };
        if rest.contains(['?', '#', '@', '\\']) || rest.chars().any(char::is_whitespace) {
            return Err(error(
                text,
                "it looks like host[:port][/path], without login, question mark or spaces",
            ));
        }
        let url =
            Url::parse(&format!("http://{rest}")).map_err(|_| error(text, "the host or port is not well formed"))?;
        let host = url.host().ok_or_else(|| error(text, "the host is missing"))?.to_owned();
        let port = explicit_port(rest).or_else(|| url.port());
        let prefix = prefix_of(url.path(), text)?;
        Ok(Self {
            host: canonical(host),
            port,
            prefix,
            plain_http,
        })
    }
}

/// The port as typed: `Url` drops `:80`, which matters when the connection is https.
fn explicit_port(rest: &str) -> Option<u16> {
    let authority = rest.split('/').next()?;
    let port = authority.rsplit_once(':').map(|(_, port)| port)?;
    port.parse().ok()
}

fn canonical(host: Host<String>) -> Host<String> {
    match host {
        Host::Domain(name) if is_docker_hub(&name) => Host::Domain(DOCKER_HUB.to_owned()),
        other => other,
    }
}

/// The path without what people copy along: slashes, `/v2`, and Docker Hub's `/v1`.
fn prefix_of(path: &str, text: &str) -> Result<Option<String>, AddressError> {
    let path = path.trim_matches('/');
    if path.is_empty() || path == "v2" || path == "v1" {
        return Ok(None);
    }
    path.parse::<artifact::RepositoryName>().map_err(|_| {
        error(
            text,
            "the path is no repository's name: lower case letters, digits and . _ - between slashes",
        )
    })?;
    Ok(Some(path.to_owned()))
}

fn error(text: &str, reason: &'static str) -> AddressError {
    // What stands before an @ may be a login that was pasted along.
    let shown = text.rsplit('@').next().unwrap_or_default();
    AddressError {
        text: visible(shown, 100),
        reason,
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.host())?;
        match &self.prefix {
            Some(prefix) => write!(formatter, "/{prefix}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_read_as_people_type_them() {
        let cases = [
            ("ghcr.io/acme", "ghcr.io/acme", false),
            ("https://GHCR.io/acme/", "ghcr.io/acme", false),
            ("http://127.0.0.1:5000", "127.0.0.1:5000", true),
            ("registry:80", "registry:80", false),
            ("[::1]:5000/team", "[::1]:5000/team", false),
            ("https://index.docker.io/v1/", "docker.io", false),
            ("registry.example.org/v2/", "registry.example.org", false),
        ];
        for (text, shown, plain) in cases {
            let address: Address = text.parse().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(
                (address.to_string().as_str(), address.says_plain_http()),
                (shown, plain),
                "{text}"
            );
        }
        for wrong in [
            "",
            "ftp://x",
            "user:secret@host",
            "host/UPPER",
            "host:99999",
            "a b",
            "http://",
        ] {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn docker_hub_is_reached_where_it_lives() {
        let address: Address = "docker.io/library".parse().expect("a fixed address");
        assert_eq!(
            address.origin(false).expect("an origin").as_str(),
            "https://registry-1.docker.io/"
        );
    }

    #[test]
    fn an_address_error_keeps_no_login() {
        let error = "user:secret@host".parse::<Address>().expect_err("logins are refused");
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,60}") {
            if let Ok(address) = text.parse::<Address>() {
                let shown = address.to_string();
                prop_assert_eq!(shown.parse::<Address>().map(|again| again.to_string()), Ok(shown));
            }
        }
    }
}
