//! Comparisons of contents that pages can be asked of.

use std::{collections::VecDeque, sync::Arc};

use registry::Operation;

use crate::{
    ApplicationError, Berth, ComparisonAnswer, ContentsComparison, ContentsWanted, FileRow, FilesCost, Page,
    berth::lock,
};

/// So many are kept open; an older one is made anew when it is asked for, from what was read.
const OPEN: usize = 3;

/// The window shows both.
const ALL: ContentsWanted = ContentsWanted {
    files: true,
    packages: true,
};

/// No page is longer.
const LONGEST_PAGE: usize = 1_000;

#[derive(Debug, Default)]
pub(crate) struct KeptComparisons(VecDeque<(String, Arc<ContentsComparison>)>);

impl KeptComparisons {
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    fn keep(&mut self, view: String, found: Arc<ContentsComparison>) {
        self.0.retain(|(known, _)| *known != view);
        self.0.push_back((view, found));
        while self.0.len() > OPEN {
            self.0.pop_front();
        }
    }

    fn find(&self, view: &str) -> Option<Arc<ContentsComparison>> {
        self.0
            .iter()
            .find(|(known, _)| known == view)
            .map(|(_, found)| Arc::clone(found))
    }
}

impl Berth {
    /// What comparing the contents of these versions would read now; a layer of several counts once.
    ///
    /// # Errors
    /// If a version is not there any more.
    pub async fn comparison_cost(&self, answer: &ComparisonAnswer) -> Result<FilesCost, ApplicationError> {
        let versions = answer.versions.iter();
        let named = versions.map(|one| (&one.connection, &one.repository, &one.digest, one.named_platform()));
        self.cost_of_all(&named.collect::<Vec<_>>()).await
    }

    /// Compares contents and keeps the outcome under a name for [`Berth::compared_files`].
    ///
    /// # Errors
    /// As [`Berth::compare_contents`].
    pub async fn open_contents(
        &self,
        answer: &ComparisonAnswer,
        operation: &Operation,
    ) -> Result<(String, Arc<ContentsComparison>), ApplicationError> {
        let found = Arc::new(self.compare_contents(answer, ALL, operation).await?);
        let versions = answer.versions.iter();
        let names =
            versions.map(|version| format!("{}@{}", version.platform.as_deref().unwrap_or_default(), version.digest));
        let view = format!("{}:{}", answer.reference, names.collect::<Vec<_>>().join("+"));
        lock(&self.inner.comparisons).keep(view.clone(), Arc::clone(&found));
        Ok((view, found))
    }

    /// A page of the files that differ, of those whose path holds `text`.
    ///
    /// # Errors
    /// If the comparison is no longer open.
    pub async fn compared_files(
        &self,
        view: &str,
        text: &str,
        offset: usize,
        limit: usize,
    ) -> Result<Page<FileRow>, ApplicationError> {
        let found = lock(&self.inner.comparisons).find(view);
        let found = found.ok_or_else(|| {
            ApplicationError::not_found("this comparison is no longer in memory").with_hint("open it again")
        })?;
        let text = text.to_lowercase();
        self.blocking(move |_| {
            let matches = |row: &&FileRow| text.is_empty() || row.path.to_lowercase().contains(&text);
            let total = found.file_rows.iter().filter(matches).count();
            let rows = found
                .file_rows
                .iter()
                .filter(matches)
                .skip(offset)
                .take(limit.min(LONGEST_PAGE));
            Ok::<_, ApplicationError>(Page {
                total,
                items: rows.cloned().collect(),
            })
        })
        .await
    }
}
