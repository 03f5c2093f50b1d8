//! The journal: its pages, one change of it, what nobody has settled, and its export.

use std::path::PathBuf;

use super::{Answer, Here};
use crate::wire::{
    JournalDetail, JournalEntry, JournalFormat, JournalManifest, JournalQuery, JournalSize, Page, UnsettledChanges,
    page, parse,
};

/// Newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn journal(
    shell: Here<'_>,
    query: JournalQuery,
    offset: u32,
    limit: u32,
) -> Answer<Page<JournalEntry>> {
    Ok(page(
        shell
            .berth()
            .await?
            .journal(&query.try_into()?, offset as usize, limit as usize)
            .await?,
    ))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn journal_detail(shell: Here<'_>, id: String) -> Answer<JournalDetail> {
    Ok(shell.berth().await?.journal_entry(&id).await?.into())
}

/// A manifest that a change kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn journal_manifest(shell: Here<'_>, id: String, digest: String) -> Answer<JournalManifest> {
    Ok(shell
        .berth()
        .await?
        .journal_manifest(&id, &parse(&digest)?)
        .await?
        .into())
}

/// What was interrupted, and what could be undone next.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unsettled_changes(shell: Here<'_>) -> Answer<UnsettledChanges> {
    Ok(shell.berth().await?.unsettled_changes().await?.into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn journal_size(shell: Here<'_>) -> Answer<JournalSize> {
    Ok(shell.berth().await?.journal_size().await?.into())
}

/// Writes what the filters show to a file that the person picks; null: the person picked none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_journal(
    shell: Here<'_>,
    query: JournalQuery,
    format: JournalFormat,
    title: String,
) -> Answer<Option<String>> {
    let name = match format {
        JournalFormat::Csv => "berth-journal.csv",
        JournalFormat::Json => "berth-journal.json",
    };
    let Some(path) = shell.desktop.pick_new_file(&title, name).await else {
        return Ok(None);
    };
    let berth = shell.berth().await?;
    berth
        .export_journal_to_file(&query.try_into()?, format.into(), PathBuf::from(&path))
        .await?;
    Ok(Some(path))
}
