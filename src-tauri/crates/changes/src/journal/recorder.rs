//! The one who writes the marks of a run: all that wait share one commit, so that many steps side by side cost few syncs.

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot};

use super::{ChangeId, Ending, Journal, JournalError, Mark, StepEnd};

/// Marks that may wait for the disk before steps wait for them.
const WAITING: usize = 1024;

/// Takes marks in order. After the first that cannot be written, every further one fails with the same error.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    notes: mpsc::Sender<Note>,
}

#[derive(Debug)]
struct Note {
    mark: Mark,
    written: Option<oneshot::Sender<Result<(), JournalError>>>,
}

impl Recorder {
    /// Starts writing; ends when the last clone is dropped.
    pub(crate) fn start(journal: Journal, id: ChangeId) -> Self {
        let (notes, waiting) = mpsc::channel(WAITING);
        tokio::task::spawn_blocking(move || write_all(&journal, id, waiting));
        Self { notes }
    }

    /// On disk when it answers: nothing of the step may be sent before.
    pub(crate) async fn begin(&self, place: usize, at: DateTime<Utc>) -> Result<(), JournalError> {
        self.wait_for(Mark::Begun { place, at }).await
    }

    /// Does not wait for the disk: whatever is asked for afterwards is written after it, and if it is lost, a look at
    /// the registry tells the same.
    pub(crate) async fn end(&self, place: usize, at: DateTime<Utc>, end: StepEnd) {
        let mark = Mark::Ended { place, at, end };
        // A writer that ended has failed; `finish` tells why.
        let _ = self.notes.send(Note { mark, written: None }).await;
    }

    /// Notes that a step was skipped which was not begun. Does not wait for the disk, either.
    pub(crate) async fn pass(&self, place: usize, at: DateTime<Utc>, reason: String) {
        let mark = Mark::Passed { place, at, reason };
        let _ = self.notes.send(Note { mark, written: None }).await;
    }

    /// On disk when it answers, with every mark before it.
    pub(crate) async fn finish(&self, at: DateTime<Utc>, ending: Ending) -> Result<(), JournalError> {
        self.wait_for(Mark::Finished { at, ending }).await
    }

    async fn wait_for(&self, mark: Mark) -> Result<(), JournalError> {
        let (written, answer) = oneshot::channel();
        let note = Note {
            mark,
            written: Some(written),
        };
        let _ = self.notes.send(note).await;
        answer.await.unwrap_or_else(|_| {
            Err(JournalError::Storage {
                path: std::path::PathBuf::new(),
                detail: "its writer has ended".to_owned(),
            })
        })
    }
}

fn write_all(journal: &Journal, id: ChangeId, mut notes: mpsc::Receiver<Note>) {
    let mut failed = None;
    while let Some(first) = notes.blocking_recv() {
        let mut marks = vec![first.mark];
        let mut answers = vec![first.written];
        while marks.len() < WAITING
            && let Ok(next) = notes.try_recv()
        {
            marks.push(next.mark);
            answers.push(next.written);
        }
        #[cfg(test)]
        if journal.is_killed(Moment::BeforeCommit) {
            std::mem::forget(answers);
            continue;
        }
        let outcome = failed.clone().map_or_else(|| journal.note(id, &marks), Err);
        failed = outcome.as_ref().err().cloned();
        #[cfg(test)]
        if journal.is_killed(Moment::AfterCommit) {
            std::mem::forget(answers);
            continue;
        }
        for answer in answers.into_iter().flatten() {
            // Whoever asked may have gone.
            let _ = answer.send(outcome.clone());
        }
    }
}

/// Where tests end a run as a kill would.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    BeforeCommit,
    AfterCommit,
}

/// Answers whether the program is dead from this moment on.
#[cfg(test)]
pub(super) type Observer = std::sync::Arc<dyn Fn(Moment) -> bool + Send + Sync>;

#[cfg(test)]
impl Journal {
    /// Asks `observer` at each commit of marks whether the program was killed there.
    pub(crate) fn observe(&self, observer: impl Fn(Moment) -> bool + Send + Sync + 'static) {
        *self.shared.observer.lock().expect("no test panicked") = Some(std::sync::Arc::new(observer));
    }

    fn is_killed(&self, moment: Moment) -> bool {
        let observer = self.shared.observer.lock().expect("no test panicked").clone();
        observer.is_some_and(|observer| observer(moment))
    }
}
