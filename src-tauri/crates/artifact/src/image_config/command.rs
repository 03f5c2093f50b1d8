//! Build commands as people wrote them: what builders wrap around is taken off.

use crate::text::one_line;

/// The longest command that is shown, in characters; scripts inside a build step can have thousands of lines.
const LENGTH: usize = 512;

/// A command of a history step, tidied: on one line, without the shell that the builder put before it.
pub fn tidy_command(command: &str) -> String {
    one_line(command, LENGTH)
}
