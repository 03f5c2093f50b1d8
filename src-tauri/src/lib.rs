//! The desktop shell of Berth: window, IPC commands of a few lines, progress, nothing else.
