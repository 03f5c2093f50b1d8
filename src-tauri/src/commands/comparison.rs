//! Versions beside each other.

use application as app;
use tauri::ipc::Channel;

use super::{Answer, Here};
use crate::wire::{ComparedContents, ComparedFile, Comparison, FilesCost, Page, Progress, VersionAt, page};

/// From the index alone. `reference`: the place of the version that the others are held against.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare(shell: Here<'_>, versions: Vec<VersionAt>, reference: u32) -> Answer<Comparison> {
    Ok(answer(&shell, versions, reference).await?.into())
}

/// What differs, as Markdown.
#[tauri::command]
#[specta::specta]
pub(crate) async fn comparison_markdown(shell: Here<'_>, versions: Vec<VersionAt>, reference: u32) -> Answer<String> {
    let answer = answer(&shell, versions, reference).await?;
    let units = shell.berth().await?.settings().await?.sizes.into();
    Ok(answer.report(&app::ComparisonPart::KNOWN, units).markdown())
}

/// What comparing the files and packages would read now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn comparison_cost(shell: Here<'_>, versions: Vec<VersionAt>, reference: u32) -> Answer<FilesCost> {
    let answer = answer(&shell, versions, reference).await?;
    Ok(shell.berth().await?.comparison_cost(&answer).await?.into())
}

/// Reads the layers that were never read, and compares files and packages.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_contents(
    shell: Here<'_>,
    versions: Vec<VersionAt>,
    reference: u32,
    operation: String,
    progress: Channel<Progress>,
) -> Answer<ComparedContents> {
    let running = shell.operations.begin(operation, progress);
    let answer = answer(&shell, versions, reference).await?;
    let (view, found) = shell.berth().await?.open_contents(&answer, &running.operation).await?;
    Ok(ComparedContents::new(view, &found))
}

/// A page of the files that differ, of those whose path holds the text.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compared_files(
    shell: Here<'_>,
    view: String,
    text: String,
    offset: u32,
    limit: u32,
) -> Answer<Page<ComparedFile>> {
    let (offset, limit) = (offset as usize, limit as usize);
    Ok(page(
        shell.berth().await?.compared_files(&view, &text, offset, limit).await?,
    ))
}

async fn answer(shell: &Here<'_>, versions: Vec<VersionAt>, reference: u32) -> Answer<app::ComparisonAnswer> {
    let versions = versions
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Answer<Vec<_>>>()?;
    let reference = usize::try_from(reference).unwrap_or_default();
    Ok(shell.berth().await?.compare(versions, reference).await?)
}
