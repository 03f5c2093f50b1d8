//! Ctrl-C: the first one cancels what runs, a second one, or a work that does not stop, ends the program at once.

use std::{future::Future, time::Duration};

use application::{ApplicationError, CancellationToken};

/// How long a cancelled operation may take to put things in order.
const GRACE: Duration = Duration::from_secs(3);

/// Runs `work` until it ends or a person ends it.
///
/// # Errors
/// Those of `work`, or that it was cancelled.
pub(crate) async fn until_interrupted<T>(
    work: impl Future<Output = Result<T, ApplicationError>>,
    cancel: &CancellationToken,
) -> Result<T, ApplicationError> {
    tokio::pin!(work);
    tokio::select! {
        outcome = &mut work => return outcome,
        () = asked_to_stop() => cancel.cancel(),
    }
    tokio::select! {
        outcome = &mut work => outcome,
        () = asked_to_stop() => Err(ApplicationError::cancelled()),
        () = tokio::time::sleep(GRACE) => Err(ApplicationError::cancelled()),
    }
}

/// Ctrl-C, or the polite end that service managers and `timeout` ask for.
#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            () = interrupted() => {}
            _ = terminate.recv() => {}
        },
        Err(_) => interrupted().await,
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    interrupted().await;
}

/// Where the system offers no such signal, nobody can send it.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
