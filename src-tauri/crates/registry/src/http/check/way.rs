//! The way to the registry: its name, and a connection to it.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::net::{TcpStream, lookup_host};
use url::Host;

use super::{Diagnosis, Ended};
use crate::{CheckName, CheckStep, Registry, RegistryError};

impl Diagnosis<'_> {
    pub(super) async fn reach(&mut self) -> Result<(), Ended> {
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
    pub(super) async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, RegistryError> {
        let wire = &self.registry.exchange.wire;
        let limit = wire.patience().min(Duration::from_secs(15));
        let outcome = self.operation.or_cancelled(tokio::time::timeout(limit, work)).await?;
        outcome.map_err(|_| RegistryError::Unreachable {
            place: wire.place.clone(),
            reason: "nothing answers at this address".to_owned(),
            hint: Some("check the address and port, and whether a VPN or a firewall is in the way"),
        })
    }
}
