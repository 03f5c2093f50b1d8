//! The first question, the index's revision, and the end of anything that runs.

use super::{Answer, Here};
use crate::wire::Start;

/// Everything that the first screen needs.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start(shell: Here<'_>) -> Answer<Start> {
    Ok(shell.berth().await?.start().await?.into())
}

/// Cancels an operation by the name that the window gave it.
#[tauri::command]
#[specta::specta]
#[expect(clippy::needless_pass_by_value, reason = "a command is handed its state by value")]
pub(crate) fn cancel(shell: Here<'_>, operation: &str) {
    shell.operations.cancel(operation);
}

/// Changes whenever somebody, perhaps another process, has written to the index or the settings.
#[tauri::command]
#[specta::specta]
pub(crate) async fn revision(shell: Here<'_>) -> Answer<u64> {
    Ok(shell.berth().await?.revision().await?)
}
