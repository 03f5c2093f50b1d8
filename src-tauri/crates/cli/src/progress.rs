//! Progress as one line on standard error, only where a person watches.

use std::{
    sync::{Arc, Mutex, Once, PoisonError},
    time::{Duration, Instant},
};

use application::{ByteSize, Operation, Pace, Progress, ProgressEvent, WaitReason};
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
        transfer: Mutex::default(),
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
    transfer: Mutex<Transfer>,
}

/// The transfer that runs: how fast it is, and what it is called.
#[derive(Default)]
struct Transfer {
    pace: Pace,
    /// Whether a plan's steps send something: then bytes are not only read.
    copies: bool,
}

impl Transfer {
    fn note(&mut self, event: &ProgressEvent, now: Instant) {
        match event {
            ProgressEvent::Bytes { done, .. } => self.pace.note(*done, now),
            ProgressEvent::Part { .. } => self.copies = true,
            _ => {}
        }
    }

    /// `copying 12.0 MB of 40.0 MB · 26.3 MB/s, 2 s left`.
    fn text(&self, done: ByteSize, total: Option<ByteSize>) -> String {
        let doing = if self.copies { "copying" } else { "reading" };
        let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
        let rate = self
            .pace
            .per_second()
            .map(|rate| format!(" · {rate}/s"))
            .unwrap_or_default();
        let left = total.and_then(|total| self.pace.left(total));
        let left = left.map(|left| format!(", {} left", span(left))).unwrap_or_default();
        format!("{doing} {done}{of}{rate}{left}")
    }
}

/// `8 s`, `4 min`, `2 h 5 min`.
fn span(left: Duration) -> String {
    let seconds = left.as_secs().max(1);
    let minutes = seconds.saturating_add(30) / 60;
    match (seconds, minutes / 60, minutes % 60) {
        (..60, ..) => format!("{seconds} s"),
        (_, 0, minutes) => format!("{minutes} min"),
        (_, hours, 0) => format!("{hours} h"),
        (_, hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

impl Progress for Shown {
    fn report(&self, event: &ProgressEvent) {
        warn(event, &Line(Some(self.bar.clone())));
        let mut transfer = self.transfer.lock().unwrap_or_else(PoisonError::into_inner);
        transfer.note(event, Instant::now());
        let text = text(event, &transfer);
        drop(transfer);
        if let Some(text) = text {
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

fn text(event: &ProgressEvent, transfer: &Transfer) -> Option<String> {
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
        ProgressEvent::Bytes { done, total } => Some(transfer.text(*done, *total)),
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
        let text = |event: &ProgressEvent| text(event, &Transfer::default());
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

    #[test]
    fn a_copy_says_how_fast_it_is_and_how_long_it_takes() {
        let began = Instant::now();
        let mut transfer = Transfer::default();
        let bytes = |done: u64| ProgressEvent::Bytes {
            done: done.into(),
            total: Some(10_000_000.into()),
        };
        let part = ProgressEvent::Part {
            place: 0,
            standing: application::Standing::Done,
        };
        transfer.note(&part, began);
        transfer.note(&bytes(1_000_000), began);
        assert_eq!(
            text(&bytes(1_000_000), &transfer).as_deref(),
            Some("copying 1.00 MB of 10.0 MB")
        );
        transfer.note(&bytes(3_000_000), began + Duration::from_secs(1));
        let told = text(&bytes(3_000_000), &transfer);
        assert_eq!(
            told.as_deref(),
            Some("copying 3.00 MB of 10.0 MB · 2.00 MB/s, 4 s left")
        );
    }

    #[test]
    fn what_a_person_waits_has_few_words() {
        let spans = [0, 59, 60, 75, 3600, 7500].map(|seconds| span(Duration::from_secs(seconds)));
        assert_eq!(spans, ["1 s", "59 s", "1 min", "1 min", "1 h", "2 h 5 min"]);
    }
}
