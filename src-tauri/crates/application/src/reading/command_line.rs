//! What only the command line asks: tags one by one, versions by reference, storage.

use std::time::Duration;

use artifact::{Digest, RepositoryName};
use catalog::{CatalogError, ConnectionId, TagRow, TagSort, TagsQuery, Usage};
use registry::Operation;

use crate::{
    ApplicationError, Berth, SyncReport,
    names::{full_name, relative_name},
    pull_commands::quoted,
    references::Found,
};

/// Which tags of a repository, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagsWanted {
    pub sort: TagSort,
    /// A glob over the names.
    pub matching: Option<String>,
    /// Also the tags of signatures and fallback referrers.
    pub all: bool,
}

impl Berth {
    /// The tags of a repository, from the index.
    ///
    /// # Errors
    /// If the repository was never synced or the index cannot be read.
    pub async fn tags(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        wanted: TagsWanted,
    ) -> Result<Vec<TagRow>, ApplicationError> {
        let saved = self.saved().await?;
        let connection = saved.connection(id)?;
        if let Some(pattern) = &wanted.matching {
            globset::Glob::new(pattern).map_err(ApplicationError::invalid)?;
        }
        let query = TagsQuery {
            connection: id.clone(),
            repository: full_name(&connection.location, repository)?,
            sort: wanted.sort,
            all: wanted.all,
            matching: wanted.matching,
            channels: saved.settings.channel_names(),
        };
        self.ask(move |index| index.tags(&query)).await
    }

    /// Why the last listing of a repository's tags did not reach its end; `None`: it did, or there was none.
    ///
    /// # Errors
    /// If the connection is not there or the index cannot be read.
    pub async fn listing_gap(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
    ) -> Result<Option<String>, ApplicationError> {
        let connection = self.connection(id).await?;
        let full = full_name(&connection.location, repository)?;
        let id = id.clone();
        let row = self.ask(move |index| index.repository(&id, &full)).await?;
        let unfinished = row.filter(|row| row.synced.is_some() && !row.complete);
        Ok(unfinished.map(|row| {
            row.partial_reason
                .unwrap_or_else(|| "the registry did not say why".to_owned())
        }))
    }

    /// The digest that a reference stands for, read anew if what is known is older than `age`. What the refresh could
    /// not read stands in the report.
    ///
    /// # Errors
    /// If the reference names no version, or it is not there.
    pub async fn locate(
        &self,
        found: &Found,
        age: Duration,
        operation: &Operation,
    ) -> Result<(Digest, Option<SyncReport>), ApplicationError> {
        let repository = found.need_repository()?;
        if let Some(digest) = &found.digest
            && self.is_known(&found.connection, repository, digest).await?
        {
            return Ok((digest.clone(), None));
        }
        let report = self.refresh(&found.connection, repository, age, operation).await?;
        if let Some(digest) = &found.digest {
            if !self.is_known(&found.connection, repository, digest).await? {
                self.read_version(&found.connection, repository, digest, operation)
                    .await?;
            }
            return Ok((digest.clone(), report));
        }
        let tag = found.tag.clone().ok_or_else(|| {
            ApplicationError::invalid(format!("{} names no version", found.reference())).with_hint(format!(
                "add a tag or a digest: {}:TAG; `berthctl tags` lists them",
                found.reference()
            ))
        })?;
        let connection = self.connection(&found.connection).await?;
        let full = full_name(&connection.location, repository)?;
        let id = found.connection.clone();
        let record = self.ask(move |index| index.tag(&id, &full, &tag)).await?;
        let digest = record.and_then(|record| record.digest).ok_or_else(|| {
            ApplicationError::not_found(format!("{} was not found", found.reference())).with_hint(format!(
                "`berthctl tags {}` lists what is there",
                quoted(&format!("{}/{repository}", found.connection_name))
            ))
        })?;
        Ok((digest, report))
    }

    /// Honest storage of a connection or one repository, from the index.
    ///
    /// # Errors
    /// If it was never synced or the index cannot be read.
    pub async fn usage(
        &self,
        id: &ConnectionId,
        repository: Option<&RepositoryName>,
    ) -> Result<Usage, ApplicationError> {
        let connection = self.connection(id).await?;
        let full = repository
            .map(|name| full_name(&connection.location, name))
            .transpose()?;
        let asked = id.clone();
        let mut usage = self.ask(move |index| index.usage(&asked, full.as_ref())).await?;
        for tag in &mut usage.tags {
            tag.repository = relative_name(&connection.location, &tag.repository);
        }
        Ok(usage)
    }

    async fn is_known(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<bool, ApplicationError> {
        let connection = self.connection(id).await?;
        let full = full_name(&connection.location, repository)?;
        let (id, digest, now) = (id.clone(), digest.clone(), self.now());
        self.ask(move |index| match index.version(&id, &full, &digest, now) {
            Err(CatalogError::NeverSynced(_)) => Ok(false),
            found => Ok(found?.is_some()),
        })
        .await
    }
}
