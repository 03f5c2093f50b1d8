//! What all connections share: network settings, clients, and what was learned of each host.

use std::{fmt, path::PathBuf, time::Duration};

use crate::{Clock, RegistryError};

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
}

impl Network {
    /// # Errors
    /// [`RegistryError::Configuration`] if the proxy's address or a CA file cannot be used.
    pub fn new(options: NetworkOptions) -> Result<Self, RegistryError> {
        Ok(Self { options })
    }
}
