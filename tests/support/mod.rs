//! What the suites stand on: real servers, real clients and the real window as processes that end with the test.

#![allow(
    dead_code,
    reason = "a suite that is skipped on this machine leaves its part of the support unused"
)]

pub mod certificates;
pub mod fault_server;
pub mod fill;
pub mod layout;
pub mod process;
pub mod registry_server;
pub mod token_server;
