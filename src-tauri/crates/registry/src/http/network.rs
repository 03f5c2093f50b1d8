//! What all connections share: the network settings, clients, and what was learned of each host.

use std::{
    collections::HashMap,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use artifact::Digest;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{Client, NoProxy, Proxy, redirect};
use url::Url;

use super::{authority::Account, host::Host, tls::TlsFiles};
use crate::{Clock, RegistryError, text::visible};

/// How Berth names itself to registries.
const USER_AGENT: &str = concat!("berth/", env!("CARGO_PKG_VERSION"));

/// How long a connection attempt may take at most, however long an answer may.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// How requests reach the network.
#[derive(Clone, Default)]
pub enum ProxyChoice {
    /// `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, and the operating system's own settings.
    #[default]
    System,
    /// No proxy, whatever the environment says.
    None,
    /// This proxy for everything; may hold a login (`http://user:password@proxy:3128`).
    Own(String),
}

impl fmt::Debug for ProxyChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An address may hold a login.
        formatter.write_str(match self {
            Self::System => "System",
            Self::None => "None",
            Self::Own(_) => "Own(…)",
        })
    }
}

/// The network settings. Each has the default of the settings page.
#[derive(Clone, Debug)]
pub struct NetworkOptions {
    pub proxy: ProxyChoice,
    /// Hosts that an own proxy is not used for, as in `NO_PROXY`; the system's proxy has its own list.
    pub no_proxy: String,
    /// PEM files with authorities to trust besides the system's, for all connections.
    pub extra_ca_files: Vec<PathBuf>,
    /// The most requests side by side to one host (32).
    pub requests_per_host: usize,
    /// How long to wait for an answer to begin, or to go on (30 s).
    pub answer_timeout: Duration,
    /// How often a request is sent before its failure counts (4).
    pub tries: u32,
    pub clock: Clock,
}

impl Default for NetworkOptions {
    fn default() -> Self {
        Self {
            proxy: ProxyChoice::System,
            no_proxy: String::new(),
            extra_ca_files: Vec::new(),
            requests_per_host: 32,
            answer_timeout: Duration::from_secs(30),
            tries: 4,
            clock: Clock::system(),
        }
    }
}

/// Clients, limits per host and tokens, shared by every connection of the program.
#[derive(Debug)]
pub struct Network {
    options: NetworkOptions,
    proxies: Proxies,
    clients: Mutex<HashMap<Digest, Client>>,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    accounts: Mutex<HashMap<(String, Digest), Arc<Account>>>,
}

impl Network {
    /// # Errors
    /// [`RegistryError::Configuration`] if the proxy's address or a CA file cannot be used.
    pub fn new(options: NetworkOptions) -> Result<Self, RegistryError> {
        let network = Self {
            proxies: Proxies::new(&options)?,
            options,
            clients: Mutex::default(),
            hosts: Mutex::default(),
            accounts: Mutex::default(),
        };
        // Made once to find mistakes in the settings here, and used by most connections.
        network.client(None, None)?;
        Ok(network)
    }

    pub(crate) fn options(&self) -> &NetworkOptions {
        &self.options
    }

    pub(crate) fn proxies(&self) -> &Proxies {
        &self.proxies
    }

    /// The client for a set of certificate files; one and its connections for all that use the same.
    ///
    /// # Errors
    /// [`RegistryError::Configuration`] if a file cannot be used.
    pub(crate) fn client(&self, authority: Option<&Path>, certificate: Option<&Path>) -> Result<Client, RegistryError> {
        let authorities = self
            .options
            .extra_ca_files
            .iter()
            .map(PathBuf::as_path)
            .chain(authority);
        let files = TlsFiles::read(authorities, certificate)?;
        let key = files.fingerprint();
        if let Some(client) = locked(&self.clients).get(&key) {
            return Ok(client.clone());
        }
        let client = self.build(files)?;
        Ok(locked(&self.clients).entry(key).or_insert(client).clone())
    }

    fn build(&self, files: TlsFiles) -> Result<Client, RegistryError> {
        let builder = Client::builder()
            .user_agent(USER_AGENT)
            .tls_backend_preconfigured(files.configuration()?)
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT.min(self.options.answer_timeout))
            .pool_max_idle_per_host(self.options.requests_per_host.max(1))
            .pool_idle_timeout(Duration::from_secs(90))
            .tcp_keepalive(Duration::from_secs(30))
            .http2_adaptive_window(true)
            .tcp_nodelay(true);
        self.proxies
            .apply(builder)
            .build()
            .map_err(|problem| RegistryError::Configuration {
                message: format!(
                    "the network settings cannot be used: {}",
                    super::failure::root_cause(&problem)
                ),
                hint: None,
            })
    }

    /// What is known of the host behind an origin.
    pub(crate) fn host(&self, origin: &Url) -> Arc<Host> {
        let make = || Arc::new(Host::new(self.options.requests_per_host));
        Arc::clone(
            locked(&self.hosts)
                .entry(origin.as_str().to_owned())
                .or_insert_with(make),
        )
    }

    /// The tokens of one login at one host.
    pub(crate) fn account(&self, origin: &Url, identity: &Digest) -> Arc<Account> {
        let key = (origin.as_str().to_owned(), identity.clone());
        Arc::clone(locked(&self.accounts).entry(key).or_default())
    }
}

/// Which proxy a request goes through.
pub(crate) struct Proxies {
    choice: ProxyChoice,
    own: Option<Proxy>,
    matcher: Option<Matcher>,
}

impl Proxies {
    fn new(options: &NetworkOptions) -> Result<Self, RegistryError> {
        let (own, matcher) = match &options.proxy {
            ProxyChoice::System => (None, Some(Matcher::from_system())),
            ProxyChoice::None => (None, None),
            ProxyChoice::Own(address) => {
                let address = proxy_address(address)?;
                let proxy = Proxy::all(address.as_str()).map_err(|_| not_a_proxy(&address))?;
                let proxy = proxy.no_proxy(NoProxy::from_string(&options.no_proxy));
                let matcher = Matcher::builder()
                    .all(address.as_str())
                    .no(options.no_proxy.as_str())
                    .build();
                (Some(proxy), Some(matcher))
            }
        };
        Ok(Self {
            choice: options.proxy.clone(),
            own,
            matcher,
        })
    }

    fn apply(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        match (&self.choice, &self.own) {
            (ProxyChoice::System, _) => builder,
            (_, Some(own)) => builder.proxy(own.clone()),
            (_, None) => builder.no_proxy(),
        }
    }

    /// The host and port of the proxy that a request to `url` goes through.
    pub(crate) fn of(&self, url: &Url) -> Option<String> {
        let intercept = self.matcher.as_ref()?.intercept(&url.as_str().parse().ok()?)?;
        let authority = intercept.uri().authority()?;
        Some(authority.as_str().rsplit('@').next().unwrap_or_default().to_owned())
    }
}

impl fmt::Debug for Proxies {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Proxies").field(&self.choice).finish()
    }
}

/// The address as a URL; without a scheme it is http, as everywhere.
fn proxy_address(address: &str) -> Result<Url, RegistryError> {
    let address = address.trim();
    let full = if address.contains("://") {
        address.to_owned()
    } else {
        format!("http://{address}")
    };
    let url = Url::parse(&full).map_err(|_| RegistryError::Configuration {
        message: format!("“{}” is no proxy's address", shown_proxy(address)),
        hint: Some("a proxy's address looks like http://proxy.example.org:3128"),
    })?;
    if matches!(url.scheme(), "http" | "https") && url.host().is_some() {
        Ok(url)
    } else {
        Err(not_a_proxy(&url))
    }
}

fn not_a_proxy(url: &Url) -> RegistryError {
    RegistryError::Configuration {
        message: format!("“{}” is no proxy that Berth can use", shown_proxy(url.as_str())),
        hint: Some("only http and https proxies are supported: http://proxy.example.org:3128"),
    }
}

/// Without what stands before an @: it may be a login.
fn shown_proxy(address: &str) -> String {
    visible(address.rsplit('@').next().unwrap_or_default(), 100)
}

/// A lock that stays usable when a thread panicked while it held it: what is behind it is only a cache.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(address: &str, no_proxy: &str) -> Result<Network, RegistryError> {
        Network::new(NetworkOptions {
            proxy: ProxyChoice::Own(address.into()),
            no_proxy: no_proxy.into(),
            ..NetworkOptions::default()
        })
    }

    #[test]
    fn an_own_proxy_is_used_but_for_the_hosts_named() {
        let network = own("user:secret@proxy:3128", "internal.example.org").expect("a proxy");
        let url = |text: &str| Url::parse(text).expect("a fixed URL");
        assert_eq!(
            network.proxies.of(&url("https://ghcr.io/v2/")).as_deref(),
            Some("proxy:3128")
        );
        assert_eq!(network.proxies.of(&url("https://internal.example.org/v2/")), None);
        assert!(!format!("{network:?}").contains("secret"));
    }

    #[test]
    fn a_wrong_proxy_is_said_without_its_login() {
        for wrong in [
            "ftp://user:secret@proxy",
            "http://user:secret@",
            "http://user:secret@pro xy",
        ] {
            let error = own(wrong, "").expect_err("no proxy");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_missing_authority_file_is_named() {
        let options = NetworkOptions {
            extra_ca_files: vec!["/nowhere/authority.pem".into()],
            ..NetworkOptions::default()
        };
        let error = Network::new(options).expect_err("no file");
        assert!(error.to_string().contains("/nowhere/authority.pem"), "{error}");
    }
}
