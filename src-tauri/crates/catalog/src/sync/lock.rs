//! Waiting for another process that works on the same connection.

use std::time::Duration;

use registry::{Operation, ProgressEvent, RegistryError};

use crate::{
    CatalogError, ConnectionId,
    store::{ConnectionLock, Locks, Store, folder_failure},
};

/// How often the lock is tried; the system has no wait that can be cancelled.
const EVERY: Duration = Duration::from_millis(100);

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
