//! The verbs around connections.

use std::path::PathBuf;

use application::LoginMethod;
use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum ConnectionVerb {
    /// Add a registry, a folder of OCI image layouts or an oci-archive; one whose check fails is not added
    #[command(after_help = "\
Examples:
  berthctl connection add lab http://localhost:5000
  berthctl connection add models /srv/models
  berthctl connection add attic /srv/attic.tar --new
  printf '%s' \"$TOKEN\" | berthctl connection add ghcr ghcr.io/acme --username ada --password-stdin
  berthctl connection add hub docker.io/acme --login docker
  berthctl connection add intern registry.intern:8443 --ca /etc/ssl/intern-ca.pem")]
    Add(Add),
    /// Change a connection; what is not named stays as it is
    #[command(after_help = "\
Examples:
  berthctl connection edit lab --name laboratory
  printf '%s' \"$NEW_TOKEN\" | berthctl connection edit ghcr --password-stdin")]
    Edit(Edit),
    /// List the connections
    #[command(after_help = "\
Examples:
  berthctl connection list
  berthctl connection list --json | jq -r '.[] | select(.status != \"ready\") | .name'")]
    List,
    /// Forget a connection, its login, and what the index holds of it; the registry is not touched
    #[command(after_help = "\
Examples:
  berthctl connection remove lab")]
    Remove {
        /// The connection
        name: String,
    },
    /// Add every docker or podman login of this computer that works
    #[command(after_help = "\
Examples:
  berthctl connection import-docker
  DOCKER_CONFIG=~/work/.docker berthctl connection import-docker")]
    ImportDocker,
    /// Diagnose a connection step by step
    #[command(after_help = "\
Examples:
  berthctl connection check ghcr
  berthctl connection check ghcr --json | jq '.steps[] | select(.ok == false)'")]
    Check {
        /// The connection
        name: String,
    },
    /// Use repositories by name where the registry does not list them
    #[command(after_help = "\
Examples:
  berthctl connection pin ghcr vision/detector llm/tiny-bert
  berthctl connection pin ghcr vision/detector --remove")]
    Pin {
        /// The connection
        name: String,
        /// Names of repositories, relative to the connection's path
        #[arg(required = true, value_name = "REPOSITORY")]
        repositories: Vec<String>,
        /// Take the pins away again
        #[arg(long)]
        remove: bool,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Add {
    /// How references name it
    pub(crate) name: String,
    /// host[:port][/path], with http:// for a registry without TLS; or a folder or an oci-archive
    #[arg(value_name = "ADDRESS-or-FOLDER")]
    pub(crate) address: String,
    /// Make it: an empty archive where the path ends in .tar, else an empty folder; nothing may be there yet
    #[arg(long)]
    pub(crate) new: bool,
    #[command(flatten)]
    pub(crate) access: Access,
}

#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub(crate) struct Edit {
    /// The connection to change
    #[arg(value_name = "NAME")]
    pub(crate) connection: String,
    /// A new name
    #[arg(long = "name", value_name = "NEW-NAME")]
    pub(crate) new_name: Option<String>,
    /// A new address or folder
    #[arg(long, value_name = "ADDRESS-or-FOLDER")]
    pub(crate) address: Option<String>,
    #[command(flatten)]
    pub(crate) access: Access,
    /// Trust the system's authorities alone again
    #[arg(long, conflicts_with = "ca")]
    pub(crate) no_ca: bool,
    /// Show the registry no client certificate any more
    #[arg(long, conflicts_with = "client_certificate")]
    pub(crate) no_client_certificate: bool,
    /// Use TLS again
    #[arg(long, conflicts_with = "plain_http")]
    pub(crate) https: bool,
    /// Keep the secret in the keychain again
    #[arg(long, conflicts_with = "no_store")]
    pub(crate) store: bool,
}

/// How the registry is reached and logged in to.
#[derive(Args, Debug)]
pub(crate) struct Access {
    /// The login's user; the password or token comes with --password-stdin
    #[arg(long, value_name = "USER")]
    pub(crate) username: Option<String>,
    /// How to log in. A new connection without it: password with --username, else a docker login if there is one, else
    /// anonymous
    #[arg(long, value_name = "METHOD")]
    pub(crate) login: Option<Login>,
    /// A PEM file of the authority that signed the registry's certificate
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// A PEM file with the certificate and unencrypted key that the registry asks its clients for
    #[arg(long, value_name = "FILE")]
    pub(crate) client_certificate: Option<PathBuf>,
    /// Speak http without TLS
    #[arg(long)]
    pub(crate) plain_http: bool,
    /// Keep the connection without its secret: every verb then takes --password-stdin
    #[arg(long)]
    pub(crate) no_store: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Login {
    /// No login
    Anonymous,
    /// User and password, access token or key
    Password,
    /// A docker or podman login of this computer, used in place
    Docker,
}

impl From<Login> for LoginMethod {
    fn from(login: Login) -> Self {
        match login {
            Login::Anonymous => Self::Anonymous,
            Login::Password => Self::Password,
            Login::Docker => Self::Docker,
        }
    }
}
