//! The connections that a change touches: their registries, and what the journal notes of them.

use std::{collections::BTreeMap, sync::Arc};

use catalog::ConnectionId;
use registry::WritableRegistry;

use crate::{ChangeError, Party};

/// Every connection that a plan names, opened. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Parties {
    by_connection: BTreeMap<ConnectionId, (Party, Arc<dyn WritableRegistry>)>,
}

impl Parties {
    /// Adds a connection, or puts another registry in its place.
    pub fn insert(&mut self, party: Party, registry: Arc<dyn WritableRegistry>) {
        self.by_connection.insert(party.connection.clone(), (party, registry));
    }

    /// A connection's registry.
    ///
    /// # Errors
    /// [`ChangeError::NotFound`] if it is not among them.
    pub fn registry(&self, connection: &ConnectionId) -> Result<&Arc<dyn WritableRegistry>, ChangeError> {
        self.find(connection).map(|(_, registry)| registry)
    }

    pub(crate) fn party(&self, connection: &ConnectionId) -> Result<&Party, ChangeError> {
        self.find(connection).map(|(party, _)| party)
    }

    /// Each connection with its registry.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&ConnectionId, &Arc<dyn WritableRegistry>)> {
        self.by_connection.iter().map(|(id, (_, registry))| (id, registry))
    }

    fn find(&self, connection: &ConnectionId) -> Result<&(Party, Arc<dyn WritableRegistry>), ChangeError> {
        self.by_connection
            .get(connection)
            .ok_or_else(|| ChangeError::NotFound(format!("the connection {connection} of this change is not there")))
    }
}
