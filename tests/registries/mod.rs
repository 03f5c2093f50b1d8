//! Berth's registry layer against real registries, filled by other people's clients; what it reads is compared with
//! what skopeo, crane and regctl say of the same registry.

mod clients;
mod deletes;
mod encrypted;
mod logins;
mod reading;
mod referrers;
mod tensors;
mod uploading;
mod writing;

use std::{path::PathBuf, sync::Arc};

use artifact::{RepositoryName, Tag};
use registry::{
    CheckName, CheckStep, Clock, HttpOptions, HttpRegistry, Login, Network, NetworkOptions, Operation, ProxyChoice,
    Registry, Secret, Target,
};

use crate::support::{
    fill::{Filled, Filling},
    registry_server::RegistryServer,
};

const REPOSITORY: &str = "vision/defects";

/// A connection as a person would make it.
struct Connection<'a> {
    host: &'a str,
    login: Login,
    /// `None`: plain http.
    ca_file: Option<PathBuf>,
}

impl Connection<'_> {
    fn open(self) -> HttpRegistry {
        let encrypted = self.ca_file.is_some();
        self.open_with(!encrypted)
    }

    fn open_with(self, plain_http: bool) -> HttpRegistry {
        let network = NetworkOptions {
            proxy: ProxyChoice::None,
            ..NetworkOptions::default()
        };
        let options = HttpOptions {
            host: self.host.parse().expect("a server's address"),
            plain_http,
            ca_file: self.ca_file,
            client_certificate: None,
        };
        let network = Arc::new(Network::new(network).expect("usable settings"));
        HttpRegistry::connect(options, self.login, network).expect("a usable connection")
    }
}

/// A connection to a registry that asks for nothing.
fn plain(host: &str) -> HttpRegistry {
    Connection {
        host,
        login: Login::Anonymous,
        ca_file: None,
    }
    .open()
}

fn password((username, secret): (&str, &str)) -> Login {
    Login::Password {
        username: username.to_owned(),
        secret: Secret::from(secret),
    }
}

fn repository(name: &str) -> RepositoryName {
    name.parse().expect("a fixed name")
}

fn tag(name: &str) -> Target {
    Target::Tag(name.parse().expect("a tag's name"))
}

fn quiet() -> Operation {
    Operation::unobserved()
}

/// Twelve versions, three of them for two platforms.
async fn fill(server: &RegistryServer) -> Vec<Filled> {
    let filling = Filling {
        registry: &server.url(),
        repository: REPOSITORY,
        tags: 12,
        two_platforms: 3,
    };
    filling.write().await
}

async fn tag_names(registry: &HttpRegistry, name: &str) -> Vec<String> {
    let listing = registry
        .tags(&repository(name), &quiet())
        .await
        .expect("a list of tags");
    assert!(listing.is_complete() && listing.problems.is_empty(), "{listing:?}");
    let mut names: Vec<_> = listing.items.iter().map(|listed| Tag::to_string(&listed.tag)).collect();
    names.sort();
    names
}

/// The outcome of each step, in their order.
async fn check(registry: &HttpRegistry) -> Vec<CheckStep> {
    let steps = registry.check(&quiet(), &Clock::system()).await;
    assert_eq!(steps.iter().map(|step| step.step).collect::<Vec<_>>(), CheckName::ALL);
    steps
}

fn failed(steps: &[CheckStep]) -> Vec<CheckName> {
    steps
        .iter()
        .filter(|step| step.ok == Some(false))
        .map(|step| step.step)
        .collect()
}

fn passed(steps: &[CheckStep]) -> Vec<CheckName> {
    steps
        .iter()
        .filter(|step| step.ok == Some(true))
        .map(|step| step.step)
        .collect()
}
