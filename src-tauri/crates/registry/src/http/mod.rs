//! Registries over HTTP: the OCI distribution protocol 1.1, with every request going through one layer that knows
//! logins, limits, retries and bounds. Must not know the index, settings or the keychain.

mod address;
mod network;
mod registry;

pub use address::{Address, AddressError};
pub use network::{Network, NetworkOptions, ProxyChoice};
pub use registry::{HttpOptions, HttpRegistry};
