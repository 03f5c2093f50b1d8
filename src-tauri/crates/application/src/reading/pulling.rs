//! The pull commands of a version in the index.

use artifact::{Digest, RepositoryName, Tag};
use catalog::ConnectionId;
use registry::{Provider, folder::FolderRegistry};

use super::detail::choose_platform;
use crate::{
    ApplicationError, Berth, Location, PullCommand,
    names::full_name,
    pull_commands::{Place, RegistryPlace, Subject, pull_commands},
    settings::SavedConnection,
};

/// The first tool for images.
const IMAGE_TOOL: &str = "docker";

impl Berth {
    /// The commands that pull a version for the tools that the settings offer. The tool that is made for a kind of
    /// artifact is always among them; where none of the offered ones fits, all that fit are.
    ///
    /// # Errors
    /// If the version is not in the index.
    pub async fn offered_pull_commands(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        tag: Option<&Tag>,
        by_digest: bool,
    ) -> Result<Vec<PullCommand>, ApplicationError> {
        let commands = self.pull_commands(id, repository, digest, tag, by_digest).await?;
        let offered = self.preferences().await?.pull_tools;
        let is_offered = |tool: &str| offered.iter().any(|name| name == tool);
        // What pulls an image does so by the dozen: there the settings alone decide.
        let natural = commands
            .first()
            .map(|command| command.tool)
            .filter(|tool| *tool != IMAGE_TOOL);
        if !commands.iter().any(|command| is_offered(command.tool)) {
            return Ok(commands);
        }
        let kept = commands.into_iter();
        Ok(kept
            .filter(|command| is_offered(command.tool) || Some(command.tool) == natural)
            .collect())
    }

    /// The commands that pull a version, by one of its tags or by its digest: the tools that the settings name first,
    /// after the one that is made for this kind.
    ///
    /// # Errors
    /// If the version is not in the index.
    pub async fn pull_commands(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        tag: Option<&Tag>,
        by_digest: bool,
    ) -> Result<Vec<PullCommand>, ApplicationError> {
        let saved = self.saved().await?;
        let connection = saved.connection(id)?.clone();
        let record = self.record(&connection, repository, digest).await?;
        let chosen = choose_platform(&record.summary.platforms, None)?;
        let detail = match chosen {
            Some(_) => self.version(id, repository, digest, None).await?.config,
            None => None,
        };
        let best = record.row.tags.first().and_then(|tag| tag.parse().ok());
        let subject = Subject {
            place: self.place(&connection, repository).await?,
            repository: full_name(&connection.location, repository)?,
            digest: digest.clone(),
            tag: tag.cloned().or(best),
            by_digest,
            kind: record.row.kind,
            ports: detail.map(|config| config.ports).unwrap_or_default(),
        };
        let mut commands = pull_commands(&subject);
        let wanted = &saved.settings.pull_tools;
        let place = |tool: &str| wanted.iter().position(|name| name == tool).unwrap_or(wanted.len());
        // The first is the natural one for the kind; among the others the sort is stable.
        if let Some(others) = commands.get_mut(1..) {
            others.sort_by_key(|command| place(command.tool));
        }
        Ok(commands)
    }

    async fn place(
        &self,
        connection: &SavedConnection,
        repository: &RepositoryName,
    ) -> Result<Place, ApplicationError> {
        match &connection.location {
            Location::Registry(address) => Ok(Place::Registry(RegistryPlace {
                host: address.host(),
                prefix: address.prefix().map(str::to_owned),
                connection_name: connection.name.clone(),
                provider: Provider::guess(&address.to_string()),
                plain_http: connection.plain_http,
                is_loopback: address.is_loopback(),
                ca_file: connection.ca_file.clone(),
            })),
            Location::Folder(path) => {
                let (path, repository) = (path.clone(), repository.clone());
                self.blocking(move |_| -> Result<_, ApplicationError> {
                    // An archive is one repository and has no folder.
                    let layout = FolderRegistry::open(&path)?.layout_folder(&repository)?;
                    let is_archive = layout.is_none();
                    Ok(Place::Layout {
                        path: layout.unwrap_or(path),
                        is_archive,
                    })
                })
                .await
            }
        }
    }
}
