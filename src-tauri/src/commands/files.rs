//! The files of a version: what reading them costs, the reading, the tree in pages.

use tauri::ipc::Channel;

use application::ConnectionId;

use super::{Answer, Here};
use crate::wire::{FileNode, FilesCost, FilesOptions, FilesSummary, IcicleNode, Page, Progress, page, parse};

#[tauri::command]
#[specta::specta]
pub(crate) async fn files_cost(
    shell: Here<'_>,
    connection_id: String,
    repository: String,
    digest: String,
    platform: Option<String>,
) -> Answer<FilesCost> {
    let (connection, repository, digest) = (ConnectionId::from(connection_id), parse(&repository)?, parse(&digest)?);
    Ok(shell
        .berth()
        .await?
        .files_cost(&connection, &repository, &digest, platform.as_deref())
        .await?
        .into())
}

/// Reads the layers that were never read, and merges all.
#[tauri::command]
#[specta::specta]
pub(crate) async fn files(
    shell: Here<'_>,
    connection_id: String,
    repository: String,
    digest: String,
    platform: Option<String>,
    operation: String,
    progress: Channel<Progress>,
) -> Answer<FilesSummary> {
    let running = shell.operations.begin(operation, progress);
    let (connection, repository, digest) = (ConnectionId::from(connection_id), parse(&repository)?, parse(&digest)?);
    let files = shell.berth().await?.files(
        &connection,
        &repository,
        &digest,
        platform.as_deref(),
        &running.operation,
    );
    Ok(files.await?.into())
}

/// What a folder holds, largest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn file_children(
    shell: Here<'_>,
    view: String,
    path: String,
    options: FilesOptions,
    offset: u32,
    limit: u32,
) -> Answer<Page<FileNode>> {
    let options = options.try_into()?;
    Ok(page(
        shell
            .berth()
            .await?
            .file_children(&view, &path, &options, offset as usize, limit as usize)
            .await?,
    ))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn icicle(shell: Here<'_>, view: String, options: FilesOptions) -> Answer<IcicleNode> {
    Ok(shell.berth().await?.icicle(&view, &options.try_into()?).await?.into())
}
