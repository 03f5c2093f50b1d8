//! `completions SHELL`.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{arguments::Arguments, exit::Exit};

/// Writes the completions; needs neither settings nor index.
pub(crate) fn write(shell: Shell) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "berthctl", &mut text);
    // Nobody to tell: standard output is closed, or broken for good.
    let _ = io::stdout().lock().write_all(&text);
    Exit::Done
}
