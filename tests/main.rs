//! The suites over all crates, as one program: real registries, the command line, IPC, the real window.

mod cli;
mod fuzz;
mod house;
mod ipc;
mod registries;
mod support;
mod window;
