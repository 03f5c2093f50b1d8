//! The diagnosis of a connection: step by step from the name to a delete, each with its likely cause in plain words.
//!
//! Changes nothing: the upload is begun and cancelled, and what is deleted is not there.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use artifact::RepositoryName;
use reqwest::{Method, StatusCode, header::LOCATION};
use tokio::net::{TcpStream, lookup_host};
use url::Host;

use super::{
    HttpRegistry,
    deletes::DELETE,
    exchange::{Ask, Greeting},
    host::Scheme,
    names::cannot_list,
    scope::Scope,
    wire::Message,
};
use crate::{CheckName, CheckStep, Clock, DigestDelete, Login, Operation, Registry, RegistryError, TagDelete, Target};

/// How far the clocks may differ before it is said.
const SKEW_SECONDS: i64 = 300;

/// How many repositories are looked at for a tag to read.
const REPOSITORIES_TRIED: usize = 3;

const PUSH: &str = "push";

/// All steps in their order; after a failure that makes the rest pointless these are told as not tried.
pub(super) async fn run(registry: &HttpRegistry, operation: &Operation, clock: &Clock) -> Vec<CheckStep> {
    let mut diagnosis = Diagnosis {
        registry,
        operation,
        clock,
        steps: Vec::with_capacity(CheckName::ALL.len()),
    };
    diagnosis.run().await;
    for step in CheckName::ALL {
        if !diagnosis.steps.iter().any(|done| done.step == step) {
            diagnosis
                .steps
                .push(CheckStep::skipped(step, "not tried, because of the step before"));
        }
    }
    diagnosis
        .steps
        .sort_by_key(|step| CheckName::ALL.iter().position(|name| *name == step.step));
    diagnosis.steps
}

struct Diagnosis<'a> {
    registry: &'a HttpRegistry,
    operation: &'a Operation,
    clock: &'a Clock,
    steps: Vec<CheckStep>,
}

/// Why the diagnosis ends early: the step that says it has been noted.
struct Ended;

impl Diagnosis<'_> {
    async fn run(&mut self) {
        // Each part notes its own steps; an early end is noted there, too.
        let _ended = self.all().await;
    }

    async fn all(&mut self) -> Result<(), Ended> {
        self.reach().await?;
        self.greet_and_log_in().await?;
        let listed = self.list().await;
        let repository = self.pull(listed).await;
        match repository {
            Some(repository) => {
                self.push(&repository).await;
                self.delete(&repository).await;
            }
            None => {
                for step in [CheckName::Push, CheckName::Delete] {
                    self.steps.push(CheckStep::skipped(step, "no repository to try it on"));
                }
            }
        }
        Ok(())
    }

    // ---- the way there

    async fn reach(&mut self) -> Result<(), Ended> {
        if let Some(proxy) = self
            .registry
            .exchange
            .wire
            .network
            .proxies()
            .of(&self.registry.exchange.origin)
        {
            self.steps.push(CheckStep::skipped(
                CheckName::Name,
                format!("the proxy {proxy} finds the registry"),
            ));
            self.steps.push(CheckStep::skipped(
                CheckName::Connect,
                format!("through the proxy {proxy}"),
            ));
            return Ok(());
        }
        let addresses = self.resolve_name().await?;
        self.connect(addresses).await
    }

    async fn resolve_name(&mut self) -> Result<Vec<SocketAddr>, Ended> {
        let origin = &self.registry.exchange.origin;
        let port = origin.port_or_known_default().unwrap_or(443);
        let name = match self.registry.address.host_name() {
            Host::Domain(_) => origin.host_str().unwrap_or_default().to_owned(),
            Host::Ipv4(address) => return Ok(self.no_name((*address, port).into())),
            Host::Ipv6(address) => return Ok(self.no_name((*address, port).into())),
        };
        let began = Instant::now();
        let looked_up = self.in_time(lookup_host((name.clone(), port))).await;
        match looked_up {
            Ok(Ok(addresses)) => {
                let addresses: Vec<_> = addresses.collect();
                let shown: Vec<_> = addresses
                    .iter()
                    .take(3)
                    .map(|address| address.ip().to_string())
                    .collect();
                self.note(
                    CheckName::Name,
                    true,
                    format!("{name} is {}", shown.join(", ")),
                    None,
                    began,
                );
                Ok(addresses)
            }
            Ok(Err(_)) => Err(self.fail(CheckName::Name, &RegistryError::NameNotResolved { host: name }, began)),
            Err(error) => Err(self.fail(CheckName::Name, &error, began)),
        }
    }

    fn no_name(&mut self, address: SocketAddr) -> Vec<SocketAddr> {
        self.steps
            .push(CheckStep::skipped(CheckName::Name, "an address needs no name"));
        vec![address]
    }

    async fn connect(&mut self, addresses: Vec<SocketAddr>) -> Result<(), Ended> {
        let began = Instant::now();
        let place = self.registry.place();
        let unreachable = |reason: &str| RegistryError::Unreachable {
            place: place.clone(),
            reason: reason.to_owned(),
            hint: None,
        };
        match self.in_time(TcpStream::connect(addresses.as_slice())).await {
            Ok(Ok(stream)) => {
                let peer = stream.peer_addr().map(|peer| peer.to_string()).unwrap_or_default();
                self.note(CheckName::Connect, true, format!("{peer} answers"), None, began);
                Ok(())
            }
            Ok(Err(problem)) if problem.kind() == std::io::ErrorKind::ConnectionRefused => {
                Err(self.fail(CheckName::Connect, &unreachable("nothing listens on this port"), began))
            }
            Ok(Err(problem)) => {
                let reason = crate::text::visible(&problem.to_string(), crate::text::SHOWN_CHARACTERS);
                Err(self.fail(CheckName::Connect, &unreachable(&reason), began))
            }
            Err(error) => Err(self.fail(CheckName::Connect, &error, began)),
        }
    }

    /// Waits for something of the operating system: in the time of an answer, and not beyond a cancelling.
    async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, RegistryError> {
        let wire = &self.registry.exchange.wire;
        let limit = wire.patience().min(Duration::from_secs(15));
        let outcome = self.operation.or_cancelled(tokio::time::timeout(limit, work)).await?;
        outcome.map_err(|_| RegistryError::Unreachable {
            place: wire.place.clone(),
            reason: "nothing answers at this address".to_owned(),
            hint: Some("check the address and port, and whether a VPN or a firewall is in the way"),
        })
    }

    // ---- the registry itself

    async fn greet_and_log_in(&mut self) -> Result<(), Ended> {
        let began = Instant::now();
        let greeting = self.registry.exchange.greet(self.operation).await;
        self.judge_tls(&greeting, began)?;
        let Greeting { scheme, date } = match greeting {
            Ok(greeting) => greeting,
            Err(error) => return Err(self.fail(CheckName::Api, &error, began)),
        };
        let asks = match *scheme {
            Scheme::Open => "it asks for no login",
            Scheme::Basic => "it asks for user name and password",
            Scheme::Bearer { .. } => "it hands out tokens",
        };
        let hint = date.and_then(|date| skew_hint(date, self.clock));
        self.note(CheckName::Api, true, format!("a registry answers; {asks}"), hint, began);
        self.log_in(&scheme).await
    }

    /// What the first answer tells of the encryption.
    fn judge_tls(&mut self, greeting: &Result<Greeting, RegistryError>, began: Instant) -> Result<(), Ended> {
        if self.registry.exchange.wire.plain_http {
            let detail = "plain http: nothing is encrypted, logins included";
            self.steps.push(CheckStep::skipped(CheckName::Tls, detail));
            return Ok(());
        }
        match greeting {
            Err(error @ (RegistryError::Proxy { .. } | RegistryError::NameNotResolved { .. })) => {
                self.steps.retain(|step| step.step != CheckName::Connect);
                Err(self.fail(CheckName::Connect, error, began))
            }
            Err(
                error @ (RegistryError::UntrustedCertificate { .. }
                | RegistryError::WrongScheme { .. }
                | RegistryError::Unreachable { .. }
                | RegistryError::Stalled { .. }
                | RegistryError::Cancelled),
            ) => Err(self.fail(CheckName::Tls, error, began)),
            _ => {
                self.note(
                    CheckName::Tls,
                    true,
                    "encrypted, and the certificate is trusted",
                    None,
                    began,
                );
                Ok(())
            }
        }
    }

    async fn log_in(&mut self, scheme: &Scheme) -> Result<(), Ended> {
        let login = &self.registry.exchange.authority.login;
        if *scheme == Scheme::Open {
            let detail = match login {
                Login::Anonymous => "no login is needed",
                _ => "the registry does not ask for the login",
            };
            self.steps.push(CheckStep::skipped(CheckName::Login, detail));
            return Ok(());
        }
        let began = Instant::now();
        let who = login
            .username()
            .map_or_else(|| "the token".to_owned(), |name| format!("“{name}”"));
        let is_anonymous = login.is_anonymous();
        match self.probe(Method::GET, "", Scope::default(), "log in").await {
            Ok(status) if status.is_success() && is_anonymous => {
                let detail = "no login: only what everybody may see";
                self.steps.push(CheckStep::skipped(CheckName::Login, detail));
                Ok(())
            }
            Ok(status) if status.is_success() => {
                self.note(CheckName::Login, true, format!("{who} is accepted"), None, began);
                Ok(())
            }
            // /v2/ itself may be closed to a login that is good for repositories.
            Ok(_) | Err(RegistryError::Denied { .. }) => {
                let detail = format!("{who} is known; the registry does not say more without a repository");
                self.note(CheckName::Login, true, detail, None, began);
                Ok(())
            }
            // Without a login some repositories may still be open to all.
            Err(RegistryError::LoginRequired { .. }) if matches!(scheme, Scheme::Bearer { .. }) => {
                let detail = "no login: only what everybody may see";
                self.steps.push(CheckStep::skipped(CheckName::Login, detail));
                Ok(())
            }
            Err(error) => Err(self.fail(CheckName::Login, &error, began)),
        }
    }

    // ---- what the login may do

    /// The repositories to try the rest on: those known by name, then those listed.
    async fn list(&mut self) -> Vec<RepositoryName> {
        let began = Instant::now();
        let registry = self.registry;
        let listing = if registry.never_lists() {
            Err(cannot_list(registry.place()))
        } else {
            registry
                .exchange
                .list_some_repositories(registry.address.prefix(), self.operation)
                .await
        };
        let mut candidates = registry.known.clone();
        candidates.extend(registry.address.prefix().and_then(|prefix| prefix.parse().ok()));
        match listing {
            Ok(found) => {
                let detail = match found.len() {
                    0 => "the list of repositories is empty".to_owned(),
                    1 => "1 repository is listed".to_owned(),
                    number => format!("{number} repositories are listed (of the first page)"),
                };
                self.note(CheckName::List, true, detail, None, began);
                candidates.retain(|candidate| registry.known.contains(candidate) || found.contains(candidate));
                candidates.extend(found);
            }
            Err(error) => {
                self.fail(CheckName::List, &error, began);
            }
        }
        let mut seen = std::collections::HashSet::new();
        candidates.retain(|candidate| seen.insert(candidate.clone()));
        candidates
    }

    /// Reads one tag; gives the repository that the rest is tried on.
    async fn pull(&mut self, candidates: Vec<RepositoryName>) -> Option<RepositoryName> {
        let began = Instant::now();
        let mut first_error = None;
        let mut readable = None;
        for repository in candidates.iter().take(REPOSITORIES_TRIED) {
            match self.read_one(repository).await {
                Ok(Some(tag)) => {
                    self.note(
                        CheckName::Pull,
                        true,
                        format!("{repository}:{tag} can be read"),
                        None,
                        began,
                    );
                    self.say_that_listing_is_all_that_fails();
                    return Some(repository.clone());
                }
                Ok(None) => readable = readable.or(Some(repository)),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        if let Some(repository) = readable {
            self.note(
                CheckName::Pull,
                true,
                format!("{repository} can be read; it has no tags"),
                None,
                began,
            );
            return Some(repository.clone());
        }
        let Some(error) = first_error else {
            let mut step = CheckStep::skipped(CheckName::Pull, "no repository to try it on");
            let listing_failed = self
                .steps
                .iter()
                .any(|step| step.step == CheckName::List && step.ok == Some(false));
            step.hint = listing_failed.then(|| "pin a repository by name, then check again".to_owned());
            self.steps.push(step);
            return None;
        };
        self.fail(CheckName::Pull, &error, began);
        // Who may not pull may still push (a robot of a build); absent repositories are of no use.
        candidates
            .into_iter()
            .next()
            .filter(|_| matches!(error, RegistryError::Denied { .. }))
    }

    /// A tag of the repository that was resolved; `None` if it has no tags.
    async fn read_one(&self, repository: &RepositoryName) -> Result<Option<String>, RegistryError> {
        let listing = self
            .registry
            .exchange
            .list_some_tags(repository, self.operation)
            .await?;
        let Some(tag) = listing.into_iter().next() else {
            return Ok(None);
        };
        let target = Target::Tag(tag.clone());
        self.registry.resolve(repository, &target, self.operation).await?;
        Ok(Some(tag.to_string()))
    }

    /// The commonest trouble in the user's words, once it is known that reading works.
    fn say_that_listing_is_all_that_fails(&mut self) {
        let list = self
            .steps
            .iter_mut()
            .find(|step| step.step == CheckName::List && step.ok == Some(false));
        if let Some(list) = list {
            list.detail = format!("denied: the login may pull but not list ({})", list.detail);
            list.hint = Some("pin repositories by name: they can be used without listing".to_owned());
        }
    }

    /// Begins an upload and cancels it.
    async fn push(&mut self, repository: &RepositoryName) {
        let began = Instant::now();
        let exchange = &self.registry.exchange;
        let outcome = self.begin_upload(repository).await;
        let (ok, detail, hint) = match outcome {
            Ok(Some(location)) => {
                let scope = Scope::push(repository);
                let message = Message::new(Method::DELETE, location, exchange.wire.place.with(repository.as_str()));
                let ask = Ask {
                    message,
                    scope,
                    action: PUSH,
                };
                // Registries end forgotten uploads by themselves; a refusal here takes nothing away from the answer.
                let _cancelled = exchange
                    .open(&ask, &mut exchange.wire.tries(&ask.message), self.operation)
                    .await;
                (true, format!("an upload to {repository} was begun and cancelled"), None)
            }
            Ok(None) => (true, format!("an upload to {repository} may begin"), None),
            Err(error @ (RegistryError::Denied { .. } | RegistryError::LoginRequired { .. })) => (
                false,
                error.to_string(),
                Some("fine if you only read; else use a login that may write".to_owned()),
            ),
            Err(error) => (false, error.to_string(), error.hint()),
        };
        self.note(CheckName::Push, ok, detail, hint, began);
    }

    /// The address of the upload, if it is on the registry itself.
    async fn begin_upload(&self, repository: &RepositoryName) -> Result<Option<url::Url>, RegistryError> {
        let exchange = &self.registry.exchange;
        let url = exchange.url(&format!("{repository}/blobs/uploads/"))?;
        let place = exchange.wire.place.with(repository.as_str());
        let ask = Ask {
            message: Message::new(Method::POST, url, place),
            scope: Scope::push(repository),
            action: PUSH,
        };
        let answer = exchange
            .open(&ask, &mut exchange.wire.tries(&ask.message), self.operation)
            .await?;
        let status = answer.response.status();
        let headers = answer.response.headers().clone();
        if !status.is_success() {
            let body = exchange
                .wire
                .read_complaint(answer.response, &ask.message, self.operation)
                .await?;
            let complaint = super::failure::Complaint::read(&headers, &body);
            return Err(complaint.into_error(status, ask.message.place, PUSH));
        }
        let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
        let location = location.and_then(|location| ask.message.url.join(location).ok());
        Ok(location.filter(|location| location.origin() == exchange.origin.origin()))
    }

    /// Deletes what is not there, and says what a delete would take along.
    async fn delete(&mut self, repository: &RepositoryName) {
        let began = Instant::now();
        let (ok, detail, hint) = match self.registry.exchange.probe_digest(repository, self.operation).await {
            Ok(DigestDelete::Unsupported) => (
                false,
                "deletes are switched off in the registry, or not offered".to_owned(),
                Some("fine if you only read; its operator can switch them on".to_owned()),
            ),
            Ok(_) => (true, self.what_deletes_take(repository).await, None),
            Err(error @ (RegistryError::Denied { .. } | RegistryError::LoginRequired { .. })) => (
                false,
                error.to_string(),
                Some(format!("fine if you do not {DELETE}; else use a login that may")),
            ),
            Err(error) => (false, error.to_string(), error.hint()),
        };
        self.note(CheckName::Delete, ok, detail, hint, began);
    }

    async fn what_deletes_take(&self, repository: &RepositoryName) -> String {
        let tag = self
            .registry
            .delete_rules(repository, self.operation)
            .await
            .map(|rules| rules.tag);
        let what = match tag {
            Ok(TagDelete::Alone) => "versions can be deleted, and tags alone",
            Ok(TagDelete::DummyManifest) => "versions can be deleted; a tag alone only by a detour that Berth knows",
            Ok(TagDelete::LastTagTakesVersion) => "versions can be deleted; the last tag takes its version along",
            Ok(TagDelete::TakesVersion) => "versions can be deleted; a tag takes its version along",
            Ok(TagDelete::ProviderInterface | TagDelete::Unsupported) | Err(_) => "versions can be deleted",
        };
        what.to_owned()
    }

    // ---- noting

    async fn probe(
        &self,
        method: Method,
        path: &str,
        scope: Scope,
        action: &'static str,
    ) -> Result<StatusCode, RegistryError> {
        let exchange = &self.registry.exchange;
        let message = Message::new(method, exchange.url(path)?, exchange.wire.place.clone());
        let ask = Ask { message, scope, action };
        let answer = exchange
            .open(&ask, &mut exchange.wire.tries(&ask.message), self.operation)
            .await?;
        Ok(answer.response.status())
    }

    fn note(&mut self, step: CheckName, ok: bool, detail: impl Into<String>, hint: Option<String>, began: Instant) {
        let milliseconds = u64::try_from(began.elapsed().as_millis()).ok();
        self.steps.push(CheckStep {
            step,
            ok: Some(ok),
            detail: detail.into(),
            hint,
            milliseconds,
        });
    }

    fn fail(&mut self, step: CheckName, error: &RegistryError, began: Instant) -> Ended {
        if matches!(error, RegistryError::Cancelled) {
            self.steps.push(CheckStep::skipped(step, "cancelled"));
        } else {
            self.note(step, false, error.to_string(), error.hint(), began);
        }
        Ended
    }
}

/// What to say where this computer's clock and the registry's differ.
fn skew_hint(registry: chrono::DateTime<chrono::Utc>, clock: &Clock) -> Option<String> {
    let seconds = (clock.now() - registry).num_seconds();
    if seconds.abs() <= SKEW_SECONDS {
        return None;
    }
    let direction = if seconds > 0 { "ahead of" } else { "behind" };
    let minutes = seconds.abs() / 60;
    Some(format!(
        "this computer's clock is {minutes} minutes {direction} the registry's: logins and certificates may fail"
    ))
}
