//! The suites over all crates, as one program: real registries, the command line, IPC, the real window.

#![expect(clippy::print_stdout, reason = "who reads the outcome shall know what did not run")]

mod cli;
mod fuzz;
mod house;
mod ipc;
mod registries;
mod support;
mod window;
