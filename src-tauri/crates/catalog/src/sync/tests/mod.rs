//! Synchronisation over a registry in memory that counts what it is asked.

mod asking;
mod changing;
mod failing;
mod referring;
mod stopping;
