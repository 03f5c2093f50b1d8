//! Secrets that last as long as the process.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use registry::Secret;

use super::{SecretError, SecretStore};

/// Secrets in memory, wiped when forgotten.
#[derive(Debug, Default)]
pub struct SessionStore {
    secrets: Mutex<HashMap<String, Secret>>,
}

impl SessionStore {
    fn secrets(&self) -> MutexGuard<'_, HashMap<String, Secret>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The secret of an account.
    pub(crate) fn get(&self, account: &str) -> Option<Secret> {
        self.secrets().get(account).cloned()
    }

    /// Keeps a secret as long as the process runs.
    pub(crate) fn put(&self, account: &str, secret: Secret) {
        self.secrets().insert(account.to_owned(), secret);
    }

    /// Forgets an account.
    pub(crate) fn forget(&self, account: &str) {
        self.secrets().remove(account);
    }
}

impl SecretStore for SessionStore {
    fn name(&self) -> &'static str {
        "Memory"
    }

    fn probe(&self) -> Result<(), SecretError> {
        Ok(())
    }

    fn read(&self, account: &str) -> Result<Option<Secret>, SecretError> {
        Ok(self.get(account))
    }

    fn write(&self, account: &str, secret: &Secret) -> Result<(), SecretError> {
        self.put(account, secret.clone());
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), SecretError> {
        self.forget(account);
        Ok(())
    }
}
