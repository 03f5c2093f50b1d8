//! The docker and podman logins of this computer: finding them, and making them connections with one click.

use registry::{Address, Operation, docker_login};

use crate::{ApplicationError, Berth, ConnectionDraft, DockerImport, LoginMethod, settings::Saved};

impl Berth {
    /// Hosts of the docker and podman logins of this computer that are no connections yet. Asks no helper.
    ///
    /// # Errors
    /// If the settings cannot be read.
    pub async fn docker_logins(&self) -> Result<Vec<String>, ApplicationError> {
        let saved = self.saved().await?;
        self.blocking(move |inner| {
            let found = docker_login::discover(&inner.process)
                .into_iter()
                .map(|login| login.host);
            Ok::<_, ApplicationError>(found.filter(|host| !is_connected(&saved, host)).collect())
        })
        .await
    }

    /// Makes a connection of every docker login that is none yet and whose check passes.
    ///
    /// # Errors
    /// If the settings cannot be read or written, or the operation was cancelled. A login that does not work stands in
    /// `problems`.
    pub async fn import_docker(&self, operation: &Operation) -> Result<DockerImport, ApplicationError> {
        let mut import = DockerImport::default();
        for host in self.docker_logins().await? {
            operation.check()?;
            match self.import_host(&host, operation).await {
                Ok(connection) => import.added.push(connection),
                Err(problem) if problem.is_cancelled() => return Err(problem),
                Err(problem) => import.problems.push((host, problem)),
            }
        }
        Ok(import)
    }

    /// A loopback host is tried over https, then over plain http; any other over https alone.
    async fn import_host(&self, host: &str, operation: &Operation) -> Result<crate::ConnectionInfo, ApplicationError> {
        let address: Address = host.parse().map_err(ApplicationError::invalid)?;
        let saved = self.saved().await?;
        let draft = ConnectionDraft {
            // The host, without what a name cannot hold.
            name: saved.free_name(&host.replace([':', '/'], "-"), '-'),
            address: host.to_owned(),
            login_method: LoginMethod::Docker,
            store_secret: true,
            ..ConnectionDraft::default()
        };
        match self.save_connection(draft.clone(), operation).await {
            Err(problem) if address.is_loopback() && !problem.is_cancelled() => {
                let plain = ConnectionDraft {
                    plain_http: true,
                    ..draft
                };
                self.save_connection(plain, operation).await.map_err(|second| {
                    // Over https nothing answered: what plain http says is then the better reason, and the other way round.
                    if second.code == registry::ErrorCode::Unreachable {
                        problem
                    } else {
                        second
                    }
                })
            }
            outcome => outcome,
        }
    }
}

fn is_connected(saved: &Saved, host: &str) -> bool {
    saved
        .connections
        .iter()
        .any(|connection| connection.location.to_string() == host)
}
