//! What crosses to the window: plain values in camelCase, made from the answers of `application` and nothing else.
//!
//! Times are RFC 3339 in UTC, bytes are numbers. The bindings of the front end are generated from these types.

mod change;
mod comparison;
mod connection;
mod deletion;
mod detail;
mod files;
mod from;
mod from_change;
mod from_deletion;
mod from_detail;
mod from_files;
mod from_search;
mod from_settings;
mod from_versions;
mod journal;
mod policies;
mod problem;
mod progress;
mod questions;
mod search;
mod settings;
mod version;

pub(crate) use change::*;
pub(crate) use comparison::*;
pub(crate) use connection::*;
pub(crate) use deletion::*;
pub(crate) use detail::*;
pub(crate) use files::*;
pub(crate) use from::{each, page};
pub(crate) use journal::*;
pub(crate) use policies::*;
pub use problem::*;
pub(crate) use progress::*;
pub(crate) use questions::{parse, parse_optional};
pub(crate) use search::*;
pub(crate) use settings::*;
pub(crate) use version::*;
