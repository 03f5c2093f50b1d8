//! What a person started and may cancel: passed down through every layer, with a place to report progress to.

use std::{fmt, future::Future, sync::Arc};

use artifact::{ByteSize, Digest};
use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::RegistryError;

/// One thing that a person started: can be cancelled, and tells how far it is.
#[derive(Clone)]
pub struct Operation {
    /// Cancelled as soon as the person no longer wants it.
    pub cancel: CancellationToken,
    /// Where progress is shown.
    pub progress: Arc<dyn Progress>,
}

/// Takes reports of progress. Called often and from many tasks: must return at once.
pub trait Progress: Send + Sync {
    /// Takes one report.
    fn report(&self, event: &ProgressEvent);
}

/// One report of progress.
#[derive(Clone, Debug, PartialEq)]
pub enum ProgressEvent {
    /// A part of the work, in the user's words: "reading versions of team/model".
    Step {
        what: String,
        done: u64,
        total: Option<u64>,
    },
    /// Bytes read of a transfer.
    Bytes { done: ByteSize, total: Option<ByteSize> },
    /// How much of a blob has been sent to a registry. Goes back where an upload has to begin again.
    Sent {
        digest: Digest,
        done: ByteSize,
        total: ByteSize,
    },
    /// How far one part of the work is, where it was announced in parts: the place of a step in a plan.
    Part { place: usize, standing: Standing },
    /// Nothing happens until then, and why.
    Waiting {
        reason: WaitReason,
        host: String,
        until: DateTime<Utc>,
    },
    /// Requests sent so far.
    Requests(u64),
    /// What a registry wants its users to know; each text is told once. Source: distribution-spec 1.1, "Warnings".
    Warned { host: String, text: String },
}

/// How far a part of the work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// So much of it has been sent. Goes back where an upload has to begin again.
    Sent {
        done: ByteSize,
        total: ByteSize,
    },
    Done,
    Failed,
    Skipped,
}

/// Why a request waits before it is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitReason {
    /// The registry asked for fewer requests (429).
    RateLimited,
    /// The registry answered that it cannot at the moment (408, 5xx).
    ServerBusy,
    /// The registry did not answer.
    Unreachable,
}

impl Operation {
    /// An operation that reports to `progress`.
    pub fn new(progress: Arc<dyn Progress>) -> Self {
        Self {
            cancel: CancellationToken::new(),
            progress,
        }
    }

    /// An operation that reports to a function.
    pub fn observed(report: impl Fn(&ProgressEvent) + Send + Sync + 'static) -> Self {
        Self::new(Arc::new(Observed(report)))
    }

    /// An operation that nobody watches or cancels.
    pub fn unobserved() -> Self {
        Self::new(Arc::new(Unobserved))
    }

    /// A part of this operation: cancelled with it, and by itself without it.
    #[must_use]
    pub fn child(&self) -> Self {
        Self {
            cancel: self.cancel.child_token(),
            progress: Arc::clone(&self.progress),
        }
    }

    /// Reports progress.
    pub fn report(&self, event: &ProgressEvent) {
        self.progress.report(event);
    }

    /// # Errors
    /// [`RegistryError::Cancelled`] once the person cancelled.
    pub fn check(&self) -> Result<(), RegistryError> {
        if self.cancel.is_cancelled() {
            Err(RegistryError::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Waits for `work` or for the cancelling, whichever comes first; the work is dropped then.
    ///
    /// # Errors
    /// [`RegistryError::Cancelled`] if the person cancelled before the work was done.
    pub async fn or_cancelled<F: Future>(&self, work: F) -> Result<F::Output, RegistryError> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(RegistryError::Cancelled),
            output = work => Ok(output),
        }
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Operation")
            .field("cancelled", &self.cancel.is_cancelled())
            .finish_non_exhaustive()
    }
}

/// Reports to nobody.
struct Unobserved;

impl Progress for Unobserved {
    fn report(&self, _event: &ProgressEvent) {}
}

/// Reports to a function.
struct Observed<F>(F);

impl<F: Fn(&ProgressEvent) + Send + Sync> Progress for Observed<F> {
    fn report(&self, event: &ProgressEvent) {
        (self.0)(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn cancelling_ends_the_wait_at_once() {
        let operation = Operation::unobserved();
        let child = operation.child();
        operation.cancel.cancel();
        let outcome = child.or_cancelled(std::future::pending::<()>()).await;
        assert!(matches!(outcome, Err(RegistryError::Cancelled)));
        assert!(child.check().is_err());
    }
}
