//! Changes: a plan is shown before it is made, and what was made can be undone.

use tauri::ipc::Channel;

use super::{Answer, Here};
use crate::wire::{ChangeRequest, FittingRoute, Outcome, Plan, Pointing, Progress, parse};

/// The plan as the index knows the repository: at once, without the network, and not to be executed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_change(shell: Here<'_>, request: ChangeRequest) -> Answer<Plan> {
    Ok(shell.berth().await?.preview(request.try_into()?).await?.into())
}

/// The plan with everything that may have changed read anew. It is kept until it is executed or others push it out.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_change(
    shell: Here<'_>,
    request: ChangeRequest,
    operation: String,
    progress: Channel<Progress>,
) -> Answer<Plan> {
    let running = shell.operations.begin(operation, progress);
    Ok(shell
        .berth()
        .await?
        .plan_and_keep(request.try_into()?, &running.operation)
        .await?
        .into())
}

/// Makes the change that `plan_change` showed. `typed_name`: what a person typed, where the plan asks for a name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn execute_change(
    shell: Here<'_>,
    plan_id: String,
    typed_name: Option<String>,
    operation: String,
    progress: Channel<Progress>,
) -> Answer<Outcome> {
    let running = shell.operations.begin(operation, progress);
    Ok(shell
        .berth()
        .await?
        .execute_kept(&plan_id, typed_name.as_deref(), &running.operation)
        .await?
        .into())
}

/// The routes that take a version, as the index knows it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fitting_routes(
    shell: Here<'_>,
    connection_id: String,
    repository: String,
    digest: String,
) -> Answer<Vec<FittingRoute>> {
    let at = application::RepositoryAt {
        connection: connection_id.into(),
        repository: parse(&repository)?,
    };
    let routes = shell.berth().await?.fitting_routes(&at, &parse(&digest)?).await?;
    Ok(crate::wire::each(routes))
}

/// Where a channel pointed, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_history(
    shell: Here<'_>,
    connection_id: String,
    repository: String,
    channel: String,
) -> Answer<Vec<Pointing>> {
    let at = application::RepositoryAt {
        connection: connection_id.into(),
        repository: parse(&repository)?,
    };
    let history = shell.berth().await?.channel_history(&at, &parse(&channel)?).await?;
    Ok(crate::wire::each(history))
}
