//! Registries over HTTP: the OCI distribution protocol 1.1, with every request going through one layer that knows
//! logins, limits, retries and bounds. Must not know the index, settings or the keychain.
//!
//! From the outside in: [`HttpRegistry`] asks (`names`, `manifests`, `blobs`, `deletes`, `check`) or changes (`uploads`
//! with `session` and `streaming`, `writes`, `fallback`, `removals`); `exchange` says who
//! asks and answers challenges with `authority` and `tokens`; `wire` sends, repeats and waits with `retry` and
//! `limiter`; `body` and `pages` read within bounds; `failure` puts into words what went wrong.

mod address;
mod authority;
mod blobs;
mod body;
mod challenge;
mod check;
mod deletes;
mod exchange;
mod failure;
mod fallback;
mod greeting;
mod host;
mod limiter;
mod link;
mod manifests;
mod message;
mod names;
mod network;
mod pages;
mod parts;
mod registry;
mod removals;
mod retry;
mod schema1;
mod scope;
mod session;
mod streaming;
mod tls;
mod tokens;
mod uploads;
mod wire;
mod writes;

pub use address::{Address, AddressError};
pub use network::{Network, NetworkOptions, ProxyChoice};
pub use registry::{HttpOptions, HttpRegistry};
pub use tls::certificates_end;

#[cfg(test)]
mod tests;
