//! Saved policies, and the files that they are carried in.

use std::path::Path;

use super::{Answer, Here};
use crate::wire::{CoveredRepository, PolicyDraft, SavedPolicy, each};

#[tauri::command]
#[specta::specta]
pub(crate) async fn policies(shell: Here<'_>) -> Answer<Vec<SavedPolicy>> {
    Ok(each(shell.berth().await?.policies().await?))
}

/// The repositories of the index that patterns match.
#[tauri::command]
#[specta::specta]
pub(crate) async fn covered_repositories(shell: Here<'_>, patterns: Vec<String>) -> Answer<Vec<CoveredRepository>> {
    Ok(each(shell.berth().await?.covered(&patterns).await?))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn save_policy(shell: Here<'_>, policy: PolicyDraft) -> Answer<()> {
    let (rules, berth) = (policy.rules.into(), shell.berth().await?);
    Ok(berth
        .save_policy(&policy.name, &policy.patterns, &rules, policy.replaces.as_deref())
        .await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_policy(shell: Here<'_>, name: String) -> Answer<()> {
    Ok(shell.berth().await?.remove_policy(&name).await?)
}

/// All of them without names.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_policies(shell: Here<'_>, names: Vec<String>, file: String) -> Answer<()> {
    Ok(shell
        .berth()
        .await?
        .export_policies_to(&names, Path::new(&file))
        .await?)
}

/// Gives the names of what was saved.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_policies(shell: Here<'_>, file: String, replace: bool) -> Answer<Vec<String>> {
    Ok(shell.berth().await?.import_policies(Path::new(&file), replace).await?)
}
