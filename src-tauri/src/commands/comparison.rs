//! Versions beside each other.

use application as app;

use super::{Answer, Here};
use crate::wire::{Comparison, VersionAt};

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

async fn answer(shell: &Here<'_>, versions: Vec<VersionAt>, reference: u32) -> Answer<app::ComparisonAnswer> {
    let versions = versions
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Answer<Vec<_>>>()?;
    let reference = usize::try_from(reference).unwrap_or_default();
    Ok(shell.berth().await?.compare(versions, reference).await?)
}
