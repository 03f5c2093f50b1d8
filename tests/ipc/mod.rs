//! The border between window and program: the committed bindings, and the real dispatch of commands without a window.

mod bindings;
mod changes;
mod commands;
mod shell;
