//! Repositories as `changes` knows them, by connection and full name, and as people read them.

use std::collections::HashMap;

use catalog::ConnectionId;
use changes::Located;

use crate::{
    ApplicationError, Berth, RepositoryAt,
    names::{full_name, relative_name},
    settings::Saved,
};

/// What connections are called. One that was removed goes by its id.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    connections: HashMap<ConnectionId, (String, crate::Location)>,
}

impl Names {
    pub(super) fn of(saved: &Saved) -> Self {
        let connections = saved.connections.iter().map(|connection| {
            let shown = (connection.name.clone(), connection.location.clone());
            (connection.id.clone(), shown)
        });
        Self {
            connections: connections.collect(),
        }
    }

    pub(super) fn connection(&self, id: &ConnectionId) -> Option<&str> {
        self.connections.get(id).map(|(name, _)| name.as_str())
    }

    /// `CONNECTION/REPOSITORY`, relative to the connection's path.
    pub(super) fn repository(&self, at: &Located) -> String {
        match self.connections.get(&at.connection) {
            Some((name, location)) => format!("{name}/{}", relative_name(location, &at.repository)),
            None => format!("{}/{}", at.connection, at.repository),
        }
    }
}

impl Berth {
    pub(super) async fn names(&self) -> Result<Names, ApplicationError> {
        Ok(Names::of(&*self.saved().await?))
    }

    /// The repository by its full name.
    pub(super) async fn located(&self, at: &RepositoryAt) -> Result<Located, ApplicationError> {
        let connection = self.connection(&at.connection).await?;
        Ok(Located {
            repository: full_name(&connection.location, &at.repository)?,
            connection: connection.id,
        })
    }
}
