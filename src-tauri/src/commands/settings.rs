//! Settings, and the numbers that stand beside them.

use super::{Answer, Here};
use crate::wire::{IndexStatistics, KeychainState, ProtectedCount, Settings, TrustedFile, each};

#[tauri::command]
#[specta::specta]
pub(crate) async fn settings(shell: Here<'_>) -> Answer<Settings> {
    Ok(shell.berth().await?.settings().await?.into())
}

/// The settings as they are before anybody changes one.
#[tauri::command]
#[specta::specta]
pub(crate) fn default_settings() -> Settings {
    application::Settings::default().into()
}

/// Saves what differs between the settings as the window saw them and as they shall be. Gives them as they are now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn update_settings(shell: Here<'_>, seen: Settings, wanted: Settings) -> Answer<Settings> {
    Ok(shell
        .berth()
        .await?
        .update_settings(seen.try_into()?, wanted.try_into()?)
        .await?
        .into())
}

/// The text of a file that holds a public key.
#[tauri::command]
#[specta::specta]
pub(crate) async fn public_key_file(path: String) -> Answer<String> {
    Ok(application::public_key_file(path.into()).await?.to_string())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn index_statistics(shell: Here<'_>) -> Answer<IndexStatistics> {
    Ok(shell.berth().await?.index_statistics().await?.into())
}

/// Forgets the lists of files; they can be read again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn clear_contents(shell: Here<'_>) -> Answer<()> {
    Ok(shell.berth().await?.clear_contents().await?)
}

/// Forgets everything that was seen; it can be read again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn clear_index(shell: Here<'_>) -> Answer<()> {
    Ok(shell.berth().await?.clear_index().await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn keychain_state(shell: Here<'_>) -> Answer<KeychainState> {
    Ok(shell.berth().await?.keychain_state().await.into())
}

/// How many tags the protected patterns cover.
#[tauri::command]
#[specta::specta]
pub(crate) async fn protected_count(shell: Here<'_>) -> Answer<ProtectedCount> {
    Ok(shell.berth().await?.protected_count().await?.into())
}

/// The files of trusted authorities, with the day until which they hold.
#[tauri::command]
#[specta::specta]
pub(crate) async fn trusted_files(shell: Here<'_>) -> Answer<Vec<TrustedFile>> {
    Ok(each(shell.berth().await?.trusted_files().await?))
}
