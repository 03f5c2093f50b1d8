//! Repositories and versions in pages, from the index alone.

use std::sync::Arc;

use artifact::RepositoryName;
use catalog::{ConnectionId, VersionsView};
use globset::Glob;

use super::labels::TagLabels;
use crate::{
    ApplicationError, Berth, LayerSegment, Page, RepositoryRow, VersionRow, VersionsPage, VersionsQuery,
    names::{full_name, relative_name},
    settings::SavedConnection,
};

/// The most rows that one page holds, whatever is asked for.
const PAGE_LIMIT: usize = 1_000;

impl Berth {
    /// The repositories of a connection by name; pinned ones stand there before they were read.
    ///
    /// # Errors
    /// If the connection is not there or the index cannot be read.
    pub async fn repositories(
        &self,
        id: &ConnectionId,
        offset: usize,
        limit: usize,
    ) -> Result<Page<RepositoryRow>, ApplicationError> {
        let connection = self.connection(id).await?;
        let unread = self.unread_pins(&connection).await?;
        let limit = limit.min(PAGE_LIMIT);
        // Each pinned one moves those behind it by a place.
        let start = offset.saturating_sub(unread.len());
        let (asked, wanted) = (id.clone(), limit + (offset - start));
        let (known, rows) = self
            .ask(move |index| index.repository_page(&asked, start, wanted))
            .await?;
        let total = known + unread.len();
        // Those before the first row stand on earlier pages; where there is no row, the pages have ended.
        let behind = |(full, _): &Pin| match rows.first() {
            Some(first) => start == 0 || *full > first.name,
            None => start == 0,
        };
        let behind: Vec<Pin> = unread.iter().filter(|pin| behind(pin)).cloned().collect();
        let before = start + unread.len() - behind.len();
        let items = merge(&connection, rows, behind).into_iter();
        let items = items.skip(offset.saturating_sub(before)).take(limit).collect();
        Ok(Page { total, items })
    }

    /// Pinned repositories that were never read, by their full names, each with its own.
    async fn unread_pins(&self, connection: &SavedConnection) -> Result<Vec<Pin>, ApplicationError> {
        let (id, location) = (connection.id.clone(), &connection.location);
        let mut pins: Vec<Pin> = connection
            .pinned
            .iter()
            .map(|name| Ok((full_name(location, name)?, name.clone())))
            .collect::<Result<_, ApplicationError>>()?;
        pins.sort();
        pins.dedup();
        self.ask(move |index| {
            let mut unread = Vec::new();
            for pin in pins {
                if index.repository(&id, &pin.0)?.is_none() {
                    unread.push(pin);
                }
            }
            Ok(unread)
        })
        .await
    }

    /// The same, whole, for the command line; `matching` is a glob over the names.
    ///
    /// # Errors
    /// If the connection is not there, the glob is none, or the index cannot be read.
    pub async fn all_repositories(
        &self,
        id: &ConnectionId,
        matching: Option<&str>,
    ) -> Result<Vec<RepositoryRow>, ApplicationError> {
        let glob = matching.map(Glob::new).transpose().map_err(ApplicationError::invalid)?;
        let connection = self.connection(id).await?;
        let asked = id.clone();
        let known = self.ask(move |index| index.repositories(Some(&asked))).await?;
        let mut rows: Vec<RepositoryRow> = known.into_iter().map(|row| repository_row(&connection, row)).collect();
        let unread = connection
            .pinned
            .iter()
            .filter(|pinned| !rows.iter().any(|row| row.name == **pinned));
        let unread: Vec<RepositoryRow> = unread.map(|name| unread_row(name.clone())).collect();
        rows.extend(unread);
        if let Some(matcher) = glob.map(|glob| glob.compile_matcher()) {
            rows.retain(|row| matcher.is_match(row.name.as_str()));
        }
        rows.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(rows)
    }

    /// A page of the versions of a repository.
    ///
    /// # Errors
    /// If the repository was never synced or the index cannot be read.
    pub async fn versions(
        &self,
        query: VersionsQuery,
        offset: usize,
        limit: usize,
    ) -> Result<VersionsPage, ApplicationError> {
        let (view, labels) = self.view(&query).await?;
        let metrics = query.metrics;
        self.blocking(move |_| -> Result<_, ApplicationError> {
            let end = offset.saturating_add(limit.min(PAGE_LIMIT));
            let rows = view.rows(offset..end)?;
            let rows = rows
                .into_iter()
                .map(|row| version_row(row, &metrics, &labels))
                .collect();
            Ok(page(&view, rows))
        })
        .await
    }

    pub(crate) async fn view(&self, query: &VersionsQuery) -> Result<(Arc<VersionsView>, TagLabels), ApplicationError> {
        let saved = self.saved().await?;
        let connection = saved.connection(&query.connection)?;
        let labels = TagLabels::new(saved.settings.clone());
        let asked = catalog::VersionsQuery {
            connection: query.connection.clone(),
            repository: full_name(&connection.location, &query.repository)?,
            sort: query.sort.clone(),
            descending: query.descending,
            filter: query.filter.clone(),
            channels: labels.channels(),
            platform: query.platform.clone(),
        };
        Ok((self.ask(move |index| index.versions(&asked)).await?, labels))
    }
}

/// A pinned repository by its full name and its own.
type Pin = (RepositoryName, RepositoryName);

/// Rows of the index and pinned ones, both by their full names, as one list.
fn merge(connection: &SavedConnection, rows: Vec<catalog::RepositoryRow>, pins: Vec<Pin>) -> Vec<RepositoryRow> {
    let mut pins = pins.into_iter().peekable();
    let mut merged = Vec::new();
    for row in rows {
        while let Some((_, name)) = pins.next_if(|(full, _)| *full < row.name) {
            merged.push(unread_row(name));
        }
        merged.push(repository_row(connection, row));
    }
    merged.extend(pins.map(|(_, name)| unread_row(name)));
    merged
}

fn repository_row(connection: &SavedConnection, row: catalog::RepositoryRow) -> RepositoryRow {
    let name = relative_name(&connection.location, &row.name);
    RepositoryRow {
        pinned: connection.pinned.contains(&name),
        name,
        tags: row.tags,
        versions: row.versions,
        size: row.size,
        updated: row.updated,
        synced: row.synced,
        problem: row.problem.map(ApplicationError::from),
    }
}

fn unread_row(name: RepositoryName) -> RepositoryRow {
    RepositoryRow {
        name,
        tags: 0,
        versions: 0,
        size: None,
        updated: None,
        synced: None,
        pinned: true,
        problem: None,
    }
}

fn version_row(row: catalog::VersionRow, metrics: &[String], labels: &TagLabels) -> VersionRow {
    VersionRow {
        tags: labels.labels(row.tags.iter().map(String::as_str)),
        digest: row.digest,
        kind: row.kind,
        size: row.size,
        size_counts: row.size_counts,
        layers: segments(&row.layers),
        layer_count: row.layer_count,
        created: row.created,
        pushed: row.pushed,
        platforms: row.platforms,
        metrics: metrics.iter().map(|name| row.metrics.get(name).copied()).collect(),
        signed: row.signed,
        group: row.group,
        problem: row.problem.map(ApplicationError::from),
        pending: row.pending,
    }
}

pub(super) fn segments(layers: &[(artifact::Digest, artifact::ByteSize)]) -> Vec<LayerSegment> {
    layers
        .iter()
        .map(|(digest, size)| LayerSegment {
            digest: digest.clone(),
            size: *size,
        })
        .collect()
}

fn page(view: &VersionsView, rows: Vec<VersionRow>) -> VersionsPage {
    let is_known = view.unread == 0;
    VersionsPage {
        revision: view.revision,
        total_versions: view.total_versions,
        total: view.versions,
        tags: view.tags,
        stored: is_known.then_some(view.stored),
        would_be: is_known.then_some(view.would_be),
        largest: view.largest,
        other_from: view.other_from,
        metric_names: view.metrics.clone(),
        label_keys: view.label_keys.clone(),
        platforms: view.platforms.clone(),
        kinds: view.kinds.clone(),
        synced: view.synced,
        complete: view.complete,
        partial_reason: view.partial_reason.clone(),
        closest: view.closest.clone(),
        rows,
    }
}
