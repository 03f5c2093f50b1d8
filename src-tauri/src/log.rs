//! Where the program's log goes: standard error, as much as `BERTH_LOG` asks for (`BERTH_LOG=debug`, `BERTH_LOG=registry=trace`).

use tracing_subscriber::EnvFilter;

/// Starts logging. Called once, by the program; libraries only write.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_env("BERTH_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
