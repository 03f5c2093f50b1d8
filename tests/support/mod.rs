//! What the suites stand on: real servers, real clients and the real window as processes that end with the test.

#![allow(
    dead_code,
    reason = "a suite that is skipped on this machine leaves its part of the support unused"
)]

pub(crate) mod certificates;
pub(crate) mod cosign;
pub(crate) mod fault_server;
pub(crate) mod fill;
pub(crate) mod holding_proxy;
pub(crate) mod layout;
pub(crate) mod process;
pub(crate) mod registry_server;
pub(crate) mod token_server;
