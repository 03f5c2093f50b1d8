//! What goes to standard error: warnings and errors, for people or as one line of JSON.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use application::{ApplicationError, ErrorCode, visible};
use serde::Serialize;

use crate::arguments::Common;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

/// Marks the error of a standard output that nobody reads any more.
const CLOSED_PIPE: &str = "standard output was closed";

#[derive(Serialize)]
struct Document<'a> {
    error: Fields<'a>,
}

#[derive(Serialize)]
struct Fields<'a> {
    code: &'static str,
    message: &'a str,
    hint: Option<&'a str>,
    retryable: bool,
}

/// Says what went wrong; with JSON as the last line, one document.
pub(crate) fn report(problem: &ApplicationError, as_json: bool) {
    if as_json {
        let (message, hint) = (whole(&problem.message), problem.hint.as_deref().map(whole));
        let error = Fields {
            code: problem.code.as_str(),
            message: &message,
            hint: hint.as_deref(),
            retryable: problem.retryable,
        };
        // A document of four plain values can always be written.
        write_line(&serde_json::to_string(&Document { error }).unwrap_or_default());
        return;
    }
    if problem.is_cancelled() {
        write_line("cancelled");
        return;
    }
    say(ERROR, "error:", &problem.message);
    if let Some(hint) = &problem.hint {
        say(HINT, "hint:", hint);
    }
}

/// Says what a person should know beside the result.
pub(crate) fn warn(text: &str) {
    say(WARNING, "warning:", text);
}

/// Says what comes next.
pub(crate) fn suggest(command: &str) {
    say(HINT, "next:", command);
}

/// A wrong use as an error like others: everything that stands before the usage, in one line.
pub(crate) fn of_usage(error: &clap::Error) -> ApplicationError {
    let text = error.to_string();
    let mut hint = None;
    let mut message = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with("Usage:") || line.starts_with("For more information") {
            break;
        }
        match line.strip_prefix("tip: ") {
            Some(tip) => hint = Some(tip.to_owned()),
            None => message.push(line),
        }
    }
    let message = message.join(" ");
    let hint = hint.unwrap_or_else(|| "see `berthctl --help`, or `--help` of the verb".to_owned());
    ApplicationError::invalid_input(message.trim_start_matches("error: ").to_owned()).with_hint(hint)
}

/// A result that could not be written.
pub(crate) fn of_output(error: &io::Error) -> ApplicationError {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return ApplicationError::new(ErrorCode::Other, CLOSED_PIPE);
    }
    ApplicationError::new(ErrorCode::Storage, format!("the result cannot be written: {error}"))
}

/// Whether nobody wanted the rest of the result, as with `| head`.
pub(crate) fn is_closed_pipe(problem: &ApplicationError) -> bool {
    problem.code == ErrorCode::Other && problem.message == CLOSED_PIPE
}

/// Whether somebody watches who would like to see progress.
pub(crate) fn progress_is_visible(common: &Common) -> bool {
    !common.quiet && io::stderr().is_terminal()
}

fn marked(style: Style, text: &str) -> String {
    if is_coloured() {
        format!("{style}{text}{style:#}")
    } else {
        text.to_owned()
    }
}

/// Colours only for a terminal that can, and that was not asked to leave them (<https://no-color.org>).
fn is_coloured() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    io::stderr().is_terminal() && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Says a text that foreign hands may have written: nothing in it may steer the terminal.
fn say(style: Style, mark: &str, text: &str) {
    write_line(&format!("{} {}", marked(style, mark), whole(text)));
}

/// A text fit for a terminal, all of it.
fn whole(text: &str) -> String {
    visible(text, usize::MAX)
}

/// Standard error that is closed can be told to nobody.
fn write_line(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_said_steers_the_terminal() {
        let long = "x".repeat(2000);
        assert_eq!(
            whole(&format!("a\u{1b}]0;b\u{7} \u{9b}2J{long}")),
            format!("a ]0;b 2J{long}")
        );
    }
}
