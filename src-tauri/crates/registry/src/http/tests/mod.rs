//! The HTTP layer against servers that misbehave by script: every fault ends in a clear error with a hint, in time.

mod bodies;
mod deletes;
mod doctor;
mod double;
mod environment;
#[path = "../../../../../../tests/support/fault_server.rs"]
mod fault_server;
mod listings;
mod logins;
mod parts;
mod redirects;
mod referrers;
mod removals;
mod repetition;
mod secrets;
mod senders;
mod tls_servers;
mod token_servers;
mod uploads;
mod writes;

use std::{
    str::FromStr,
    sync::{Arc, Mutex},
    time::Duration,
};

use artifact::{ByteSize, Digest, RepositoryName, Tag};
use fault_server::{Asked, FaultServer, Reply};

use super::*;
use crate::{Clock, Login, Operation, ProgressEvent, Registry, RegistryError, Secret, Target};

/// The smallest image there is.
const MANIFEST: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[]}"#;
const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";

/// The time of every test's clock: 2026-01-05 10:00:00 UTC.
const NOW: &str = "2026-01-05T10:00:00Z";

/// Settings with short time limits, so that a test of a stall ends soon.
fn options() -> NetworkOptions {
    NetworkOptions {
        proxy: ProxyChoice::None,
        answer_timeout: Duration::from_millis(1500),
        tries: 2,
        clock: clock(),
        ..NetworkOptions::default()
    }
}

fn clock() -> Clock {
    Clock::fixed(NOW.parse().expect("a fixed time"))
}

fn connect(server: &FaultServer) -> HttpRegistry {
    connect_with(server, Login::Anonymous, options())
}

fn connect_with(server: &FaultServer, login: Login, options: NetworkOptions) -> HttpRegistry {
    let network = Arc::new(Network::new(options).expect("usable settings"));
    connect_over(&network, &server.url(), login)
}

fn connect_over(network: &Arc<Network>, address: &str, login: Login) -> HttpRegistry {
    let host: Address = address.parse().expect("a fixed address");
    let options = HttpOptions {
        plain_http: host.says_plain_http(),
        host,
        ca_file: None,
        client_certificate: None,
    };
    HttpRegistry::connect(options, login, Arc::clone(network)).expect("a usable connection")
}

fn password(secret: &str) -> Login {
    Login::Password {
        username: "alice".to_owned(),
        secret: Secret::from(secret),
    }
}

fn model() -> RepositoryName {
    RepositoryName::from_str("team/model").expect("a fixed name")
}

fn tag(name: &str) -> Target {
    Target::Tag(Tag::from_str(name).expect("a fixed tag"))
}

fn quiet() -> Operation {
    Operation::unobserved()
}

/// An operation with everything that it reported.
fn watched() -> (Operation, Arc<Mutex<Vec<ProgressEvent>>>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&events);
    let operation = Operation::observed(move |event| seen.lock().expect("no test panics here").push(event.clone()));
    (operation, events)
}

/// A registry that says yes to `GET /v2/` and leaves the rest to the script.
async fn open_registry(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> FaultServer {
    FaultServer::start(move |asked| {
        if asked.target == "/v2/" {
            Reply::json(200, "{}")
        } else {
            script(asked)
        }
    })
    .await
}

fn manifest_reply() -> Reply {
    Reply::new(200, MANIFEST).header("Content-Type", MANIFEST_TYPE)
}

fn manifest_digest() -> Digest {
    Digest::of(MANIFEST.as_bytes())
}

/// An address where nothing listens, and nothing can while it is kept: a socket with a port of its own.
fn closed_port() -> (tokio::net::TcpSocket, String) {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket
        .bind("127.0.0.1:0".parse().expect("a fixed address"))
        .expect("a free port");
    let address = socket.local_addr().expect("a bound socket has an address");
    (socket, format!("http://{address}"))
}

/// What went wrong must be told in one clean line with a hint.
fn told(error: &RegistryError) -> String {
    let text = format!(
        "{error} ({})",
        error.hint().unwrap_or_else(|| panic!("no hint for: {error}"))
    );
    assert!(!text.chars().any(char::is_control), "{text:?}");
    assert!(text.chars().count() < 700, "{text}");
    text
}

/// The failure of reading `team/model:v1`.
async fn manifest_failure(registry: &HttpRegistry) -> RegistryError {
    let outcome = registry.manifest(&model(), &tag("v1"), &quiet()).await;
    outcome.expect_err("the server misbehaves")
}
