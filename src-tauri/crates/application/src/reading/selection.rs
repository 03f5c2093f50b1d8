//! What a selection of versions holds, each blob counted once.

use artifact::{Digest, RepositoryName};
use catalog::ConnectionId;

use super::lists::segments;
use crate::{ApplicationError, Berth, SelectedVersion, SelectionSummary, names::full_name};

impl Berth {
    /// Sums up the selected versions from the index.
    ///
    /// # Errors
    /// If the connection is not there or the index cannot be read.
    pub async fn selection(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digests: &[Digest],
    ) -> Result<SelectionSummary, ApplicationError> {
        let connection = self.connection(id).await?;
        let full = full_name(&connection.location, repository)?;
        let (id, digests, now) = (id.clone(), digests.to_vec(), self.now());
        let usage = self
            .ask(move |index| index.selection(&id, &full, &digests, now))
            .await?;
        let versions = usage.versions.into_iter().map(|version| SelectedVersion {
            layers: segments(&version.layers),
            digest: version.digest,
            name: version.name,
            only_here: version.only_here,
            size: version.size,
        });
        Ok(SelectionSummary {
            stored: usage.stored,
            only_these: usage.only_these,
            shared: usage.shared,
            tags: usage.tags,
            signed: usage.signed,
            oldest: usage.oldest,
            newest: usage.newest,
            versions: versions.collect(),
            shared_among_these: usage.shared_among_these,
            only_layers: usage.only_layers,
            layer_total: usage.layer_total,
            common: usage.common,
        })
    }
}
