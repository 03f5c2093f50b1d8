//! The versions of one repository: facts kept in memory, sorted and filtered as a view, read in pages.

use std::ops::Range;

use artifact::{ByteSize, Kind};
use chrono::{DateTime, Utc};

use crate::{CatalogError, VersionRow};

/// The answer to a [`crate::VersionsQuery`], from which pages are taken.
#[derive(Debug)]
pub struct VersionsView {
    /// Of the whole repository, before the filter.
    pub total_versions: usize,
    /// After the filter: the number of rows.
    pub versions: usize,
    /// Tags of the whole repository, without those of signatures and fallback referrers.
    pub tags: usize,
    /// Each blob of the repository once.
    pub stored: ByteSize,
    /// The sum over the versions, as if nothing were shared.
    pub would_be: ByteSize,
    /// Of the versions whose size is not known, how many there are: the figures are without them.
    pub unread: usize,
    /// The largest size in the view, for bars.
    pub largest: ByteSize,
    /// The first row of the group "other tags", where the order has groups.
    pub other_from: Option<usize>,
    pub metrics: Vec<String>,
    pub label_keys: Vec<String>,
    pub platforms: Vec<String>,
    pub kinds: Vec<Kind>,
    pub synced: Option<DateTime<Utc>>,
    pub complete: bool,
    pub partial_reason: Option<String>,
    /// The tag most like the text of the filter, where nothing matched it.
    pub closest: Option<String>,
    /// Changes with the repository's content.
    pub revision: u64,
}

impl VersionsView {
    /// The rows of a page; a range beyond the end is cut.
    pub fn rows(&self, _range: Range<usize>) -> Result<Vec<VersionRow>, CatalogError> {
        Ok(Vec::new())
    }
}
