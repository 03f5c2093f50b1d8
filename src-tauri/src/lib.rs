//! The desktop shell of Berth: window, IPC commands of a few lines, progress, nothing else.
//!
//! Whatever decides something belongs into `application`.

mod bindings;
mod commands;
mod desktop;
mod gathering;
mod log;
mod operations;
mod window;
mod wire;

pub use bindings::bindings;
pub use commands::Shell;
pub use desktop::Desktop;
pub use window::run;
pub use wire::Problem;
