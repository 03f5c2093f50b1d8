//! The operations that run now, by the name that the window gave them, so that it can cancel them.
//!
//! Knows nothing of what an operation does.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use application::{CancellationToken, Operation, ProgressEvent};
use tauri::ipc::Channel;

use crate::{gathering::Gathering, wire};

/// Running operations by name. Clones share one list.
#[derive(Clone, Default)]
pub struct Operations {
    running: Arc<Mutex<HashMap<String, CancellationToken>>>,
}

/// Keeps an operation listed until it ends, however it ends.
pub struct Running {
    name: String,
    operations: Operations,
    pub operation: Operation,
}

impl Operations {
    /// Lists an operation whose progress goes to the window: bytes gathered, anything else at once. A window that is gone
    /// is no error.
    pub fn begin(&self, name: String, channel: Channel<wire::Progress>) -> Running {
        let gathering = Gathering::new(Instant::now());
        let observer = move |event: &ProgressEvent| {
            for progress in gathering.take(event, Instant::now()) {
                let _ = channel.send(progress);
            }
        };
        self.list(name, Operation::observed(observer))
    }

    /// Cancels an operation; one that has ended already needs nothing.
    pub fn cancel(&self, name: &str) {
        if let Some(token) = self.lock().get(name) {
            token.cancel();
        }
    }

    fn list(&self, name: String, operation: Operation) -> Running {
        self.lock().insert(name.clone(), operation.cancel.clone());
        Running {
            name,
            operations: self.clone(),
            operation,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, CancellationToken>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.operations.lock().remove(&self.name);
    }
}
