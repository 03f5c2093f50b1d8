//! Connections: added, checked, changed, removed, read anew.

use tauri::ipc::Channel;

use super::{Answer, Here};
use crate::wire::{self, CheckStep, ConnectionDraft, ConnectionInfo, Progress, Provider, SyncReport, each, parse};

#[tauri::command]
#[specta::specta]
pub(crate) async fn connections(shell: Here<'_>) -> Answer<Vec<ConnectionInfo>> {
    Ok(each(shell.berth().await?.connections().await?))
}

/// Which product an address most likely belongs to, while it is typed.
#[tauri::command]
#[specta::specta]
pub(crate) fn guess_provider(address: &str) -> Provider {
    application::Provider::guess(address).into()
}

/// What could be made where an address leads; null: something is there, or it leads to no place on this computer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn new_place(shell: Here<'_>, address: String) -> Answer<Option<wire::NewPlace>> {
    Ok(shell.berth().await?.new_place(&address).await?.map(Into::into))
}

/// Checks a connection before it is saved.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_draft(
    shell: Here<'_>,
    draft: ConnectionDraft,
    operation: String,
    progress: Channel<Progress>,
) -> Answer<Vec<CheckStep>> {
    let running = shell.operations.begin(operation, progress);
    Ok(each(
        shell
            .berth()
            .await?
            .check_draft(draft.try_into()?, &running.operation)
            .await?,
    ))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn check_connection(
    shell: Here<'_>,
    id: String,
    operation: String,
    progress: Channel<Progress>,
) -> Answer<Vec<CheckStep>> {
    let running = shell.operations.begin(operation, progress);
    Ok(each(
        shell
            .berth()
            .await?
            .check_connection(&id.into(), &running.operation)
            .await?,
    ))
}

/// Adds a connection, or changes the one whose id the draft has.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_connection(
    shell: Here<'_>,
    draft: ConnectionDraft,
    operation: String,
    progress: Channel<Progress>,
) -> Answer<ConnectionInfo> {
    let running = shell.operations.begin(operation, progress);
    Ok(shell
        .berth()
        .await?
        .save_connection(draft.try_into()?, &running.operation)
        .await?
        .into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_connection(shell: Here<'_>, id: String) -> Answer<()> {
    shell.berth().await?.remove_connection(&id.into()).await?;
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_docker_logins(
    shell: Here<'_>,
    operation: String,
    progress: Channel<Progress>,
) -> Answer<wire::DockerImport> {
    let running = shell.operations.begin(operation, progress);
    Ok(shell.berth().await?.import_docker(&running.operation).await?.into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn pin_repositories(shell: Here<'_>, id: String, names: Vec<String>) -> Answer<()> {
    let names = names.iter().map(|name| parse(name)).collect::<Result<Vec<_>, _>>()?;
    Ok(shell.berth().await?.pin_repositories(&id.into(), &names).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn unpin_repository(shell: Here<'_>, id: String, name: String) -> Answer<()> {
    Ok(shell
        .berth()
        .await?
        .unpin_repository(&id.into(), &parse(&name)?)
        .await?)
}

/// Writes the sample models into the data folder and adds them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create_sample(
    shell: Here<'_>,
    operation: String,
    progress: Channel<Progress>,
) -> Answer<ConnectionInfo> {
    let running = shell.operations.begin(operation, progress);
    Ok(shell.berth().await?.sample(None, &running.operation).await?.into())
}

/// Reads a connection, or one repository of it, anew; of a connection the repository `first` before the others.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sync(
    shell: Here<'_>,
    connection_id: String,
    repository: Option<String>,
    first: Option<String>,
    operation: String,
    progress: Channel<Progress>,
) -> Answer<SyncReport> {
    let running = shell.operations.begin(operation, progress);
    let (repository, first) = (
        wire::parse_optional(repository.as_deref())?,
        wire::parse_optional(first.as_deref())?,
    );
    Ok(shell
        .berth()
        .await?
        .sync(
            &connection_id.into(),
            repository.as_ref(),
            first.as_ref(),
            &running.operation,
        )
        .await?
        .into())
}
