//! Progress as one line on standard error, only where a person watches.

use std::{
    sync::{Arc, Once},
    time::Duration,
};

use application::{Operation, Progress, ProgressEvent, WaitReason};
use indicatif::{ProgressBar, ProgressStyle};

use crate::output::errors;

/// Redrawn so often: fast enough to look alive, slow enough to cost nothing.
const TICK: Duration = Duration::from_millis(120);

/// An operation that shows what it does, and the line to clear when it is over. What registries warn of is told also
/// where nobody watches, unless that was not wanted.
pub(crate) fn operation(visible: bool, quiet: bool) -> (Operation, Line) {
    if quiet {
        return (Operation::unobserved(), Line(None));
    }
    if !visible {
        return (Operation::observed(|event| warn(event, &Line(None))), Line(None));
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
        bar.set_style(style);
    }
    let shown = Shown {
        bar: bar.clone(),
        begun: Once::new(),
    };
    (Operation::new(Arc::new(shown)), Line(Some(bar)))
}

/// The line of progress.
#[derive(Clone, Debug)]
pub(crate) struct Line(Option<ProgressBar>);

impl Line {
    /// Takes it away for good: the result follows.
    pub(crate) fn clear(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }

    /// Takes it away while something else is said.
    pub(crate) fn suspend(&self, say: impl FnOnce()) {
        match &self.0 {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }
}

/// Shows nothing before there is something to tell: an answer from the index comes without a flicker.
struct Shown {
    bar: ProgressBar,
    begun: Once,
}

impl Progress for Shown {
    fn report(&self, event: &ProgressEvent) {
        warn(event, &Line(Some(self.bar.clone())));
        if let Some(text) = text(event) {
            self.bar.set_message(text);
            self.begun.call_once(|| self.bar.enable_steady_tick(TICK));
        }
    }
}

fn warn(event: &ProgressEvent, line: &Line) {
    if let ProgressEvent::Warned { host, text } = event {
        line.suspend(|| errors::warn(&format!("{host}: {text}")));
    }
}

fn text(event: &ProgressEvent) -> Option<String> {
    match event {
        ProgressEvent::Step {
            what,
            done,
            total: Some(total),
        } => Some(format!("{what} · {done} of {total}")),
        ProgressEvent::Step {
            what,
            done: 0,
            total: None,
        } => Some(what.clone()),
        ProgressEvent::Step {
            what,
            done,
            total: None,
        } => Some(format!("{what} · {done}")),
        ProgressEvent::Bytes {
            done,
            total: Some(total),
        } => Some(format!("reading {done} of {total}")),
        ProgressEvent::Bytes { done, total: None } => Some(format!("reading {done}")),
        ProgressEvent::Sent { done, total, .. } => Some(format!("sending {done} of {total}")),
        ProgressEvent::Waiting { reason, host, until } => {
            let why = match reason {
                WaitReason::RateLimited => "limits the number of requests",
                WaitReason::ServerBusy => "is busy",
                WaitReason::Unreachable => "does not answer",
            };
            let until = until.with_timezone(&chrono::Local).format("%H:%M:%S");
            Some(format!("{host} {why}, goes on at {until}"))
        }
        ProgressEvent::Part { .. } | ProgressEvent::Requests(_) | ProgressEvent::Warned { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_that_a_person_can_use_has_words() {
        let step = |done, total| ProgressEvent::Step {
            what: "reading".to_owned(),
            done,
            total,
        };
        assert_eq!(text(&step(3, Some(7))).as_deref(), Some("reading · 3 of 7"));
        assert_eq!(text(&step(0, None)).as_deref(), Some("reading"));
        let bytes = ProgressEvent::Bytes {
            done: 1_500.into(),
            total: None,
        };
        assert_eq!(text(&bytes).as_deref(), Some("reading 1.50 kB"));
        assert_eq!(text(&ProgressEvent::Requests(4)), None);
    }
}
