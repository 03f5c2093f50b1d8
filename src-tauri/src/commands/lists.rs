//! Lists, in pages, and search: all answered from the index.

use application::ConnectionId;

use super::{Answer, Here};
use crate::wire::{
    Page, RepositoryRow, SearchAnswer, SelectionSummary, SeriesPoint, VersionsPage, VersionsQuery, each, page, parse,
};

#[tauri::command]
#[specta::specta]
pub(crate) async fn repositories(
    shell: Here<'_>,
    connection_id: String,
    offset: u32,
    limit: u32,
) -> Answer<Page<RepositoryRow>> {
    Ok(page(
        shell
            .berth()
            .await?
            .repositories(&connection_id.into(), offset as usize, limit as usize)
            .await?,
    ))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn versions(shell: Here<'_>, query: VersionsQuery, offset: u32, limit: u32) -> Answer<VersionsPage> {
    Ok(shell
        .berth()
        .await?
        .versions(query.try_into()?, offset as usize, limit as usize)
        .await?
        .into())
}

/// A metric, or "size", over the versions, oldest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn series(shell: Here<'_>, query: VersionsQuery, metric: String) -> Answer<Vec<SeriesPoint>> {
    Ok(each(shell.berth().await?.series(query.try_into()?, &metric).await?))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn selection(
    shell: Here<'_>,
    connection_id: String,
    repository: String,
    digests: Vec<String>,
) -> Answer<SelectionSummary> {
    let digests = digests
        .iter()
        .map(|digest| parse(digest))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(shell
        .berth()
        .await?
        .selection(&connection_id.into(), &parse(&repository)?, &digests)
        .await?
        .into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn search(
    shell: Here<'_>,
    text: String,
    connection_id: Option<String>,
    limit: u32,
) -> Answer<SearchAnswer> {
    let connection = connection_id.map(ConnectionId::from);
    Ok(shell
        .berth()
        .await?
        .search(&text, connection.as_ref(), limit as usize)
        .await?
        .into())
}
