//! One version, looked at closely.

use application::ConnectionId;
use tauri::ipc::Channel;

use super::{Answer, Here};
use crate::wire::{
    DocumentText, Progress, PullCommand, RawManifest, Referrer, VersionDetail, each, parse, parse_optional,
};

#[tauri::command]
#[specta::specta]
pub(crate) async fn version(
    shell: Here<'_>,
    connection_id: String,
    repository: String,
    digest: String,
    platform: Option<String>,
) -> Answer<VersionDetail> {
    let (connection, repository, digest) = (ConnectionId::from(connection_id), parse(&repository)?, parse(&digest)?);
    Ok(shell
        .berth()
        .await?
        .version(&connection, &repository, &digest, platform.as_deref())
        .await?
        .into())
}

/// Reads what points at a version anew.
#[tauri::command]
#[specta::specta]
pub(crate) async fn refresh_referrers(
    shell: Here<'_>,
    connection_id: String,
    repository: String,
    digest: String,
    operation: String,
    progress: Channel<Progress>,
) -> Answer<Vec<Referrer>> {
    let running = shell.operations.begin(operation, progress);
    let (connection, repository, digest) = (ConnectionId::from(connection_id), parse(&repository)?, parse(&digest)?);
    Ok(each(
        shell
            .berth()
            .await?
            .refresh_referrers(&connection, &repository, &digest, &running.operation)
            .await?,
    ))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn raw_manifest(
    shell: Here<'_>,
    connection_id: String,
    repository: String,
    digest: String,
) -> Answer<RawManifest> {
    let (connection, repository, digest) = (ConnectionId::from(connection_id), parse(&repository)?, parse(&digest)?);
    Ok(shell
        .berth()
        .await?
        .raw_manifest(&connection, &repository, &digest)
        .await?
        .into())
}

/// A text in a model artifact: its README, its licence.
#[tauri::command]
#[specta::specta]
pub(crate) async fn document(
    shell: Here<'_>,
    connection_id: String,
    repository: String,
    digest: String,
    layer_digest: String,
    operation: String,
    progress: Channel<Progress>,
) -> Answer<DocumentText> {
    let running = shell.operations.begin(operation, progress);
    let (connection, repository, digest) = (ConnectionId::from(connection_id), parse(&repository)?, parse(&digest)?);
    let layer = parse(&layer_digest)?;
    Ok(shell
        .berth()
        .await?
        .document(&connection, &repository, &digest, &layer, &running.operation)
        .await?
        .into())
}

/// The lines to paste, of the tools that fit the version and its connection.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pull_commands(
    shell: Here<'_>,
    connection_id: String,
    repository: String,
    digest: String,
    tag: Option<String>,
    by_digest: bool,
) -> Answer<Vec<PullCommand>> {
    let (connection, repository, digest) = (ConnectionId::from(connection_id), parse(&repository)?, parse(&digest)?);
    let tag = parse_optional(tag.as_deref())?;
    Ok(each(
        shell
            .berth()
            .await?
            .offered_pull_commands(&connection, &repository, &digest, tag.as_ref(), by_digest)
            .await?,
    ))
}
