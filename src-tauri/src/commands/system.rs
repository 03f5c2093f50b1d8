//! What lies outside the window: other programs, files that a person picks.

use super::{Answer, Here};

/// Opens `settings.toml` in the program that the person uses for text.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_settings_file(shell: Here<'_>) -> Answer<()> {
    shell.desktop.open_file(&shell.berth().await?.settings_file()).await
}

/// Opens a web address in the browser. Anything but http and https is refused.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_address(shell: Here<'_>, url: String) -> Answer<()> {
    shell.desktop.open_address(&application::web_address(&url)?).await
}

/// Null: the person picked nothing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_file(shell: Here<'_>, title: String) -> Answer<Option<String>> {
    Ok(shell.desktop.pick_file(&title).await)
}

/// A place for a new file of that name, or a file that the person wants replaced. Null: the person picked nothing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_new_file(shell: Here<'_>, title: String, name: String) -> Answer<Option<String>> {
    Ok(shell.desktop.pick_new_file(&title, &name).await)
}

/// Null: the person picked nothing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_folder(shell: Here<'_>, title: String) -> Answer<Option<String>> {
    Ok(shell.desktop.pick_folder(&title).await)
}
