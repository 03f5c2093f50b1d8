//! berthctl: what the window can do, for terminals and scripts. Arguments in, tables or JSON out.
//!
//! Decides nothing: every use case is one of `application`. Standard output holds the result alone; progress, warnings
//! and errors go to standard error.

mod arguments;
mod exit;
mod interrupt;
mod output;
mod password;
mod progress;
mod run;
mod terminal;
mod verbs;

use std::process::ExitCode;

fn main() -> ExitCode {
    start_log();
    run::run().into()
}

/// As much as `BERTH_LOG` asks for; else nothing: what a person has to know is a warning or an error of its own.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("BERTH_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
