//! Connections: listing, adding, changing, checking and removing them, their logins, and the registries behind them.

mod check;
mod docker;
mod draft;
mod list;
mod login;
mod making;
mod registries;
mod save;
mod state;

pub use check::Diagnosis;
pub(crate) use registries::{OpenRegistries, open_folder};
pub(crate) use state::ConnectionState;
