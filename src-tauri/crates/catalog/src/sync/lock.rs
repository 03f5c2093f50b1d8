//! Waiting for another process that works on the same connection.

use std::time::{Duration, Instant};

use registry::{Operation, ProgressEvent, RegistryError};

use crate::{
    CatalogError, ConnectionId,
    store::{ConnectionLock, Locks, Store, folder_failure},
};

/// How often the lock is tried; the system has no wait that can be cancelled.
const EVERY: Duration = Duration::from_millis(100);

/// How long what is dropped from the index waits for a sync to end: another process cannot be told to stop.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Waits until nobody works on the connection, in this process or another, and keeps everybody out.
pub(crate) async fn keep_out(
    store: &Store,
    locks: &Locks,
    connection: &ConnectionId,
    patience: Duration,
) -> Result<ConnectionLock, CatalogError> {
    let deadline = Instant::now() + patience;
    loop {
        let lock = locks.try_alone(connection);
        if let Some(lock) = lock.map_err(|error| folder_failure(store.path(), &error))? {
            return Ok(lock);
        }
        if Instant::now() >= deadline {
            return Err(CatalogError::Syncing);
        }
        tokio::time::sleep(EVERY).await;
    }
}

pub(super) async fn wait(
    store: &Store,
    locks: &Locks,
    connection: &ConnectionId,
    operation: &Operation,
) -> Result<ConnectionLock, CatalogError> {
    let mut told = false;
    loop {
        match locks
            .try_connection(connection)
            .map_err(|error| folder_failure(store.path(), &error))?
        {
            Some(lock) => return Ok(lock),
            None if told => {}
            None => {
                told = true;
                let what = "waiting for another Berth that syncs this connection".to_owned();
                operation.report(&ProgressEvent::Step {
                    what,
                    done: 0,
                    total: None,
                });
            }
        }
        let waited = operation.or_cancelled(tokio::time::sleep(EVERY)).await;
        waited.map_err(|_: RegistryError| CatalogError::Cancelled)?;
    }
}
