//! A repository's list as asked for: which versions, in which order, and the figures above it.

use std::{ops::Range, sync::Arc};

use artifact::{ByteSize, Digest, Kind, TagGroup, TagOrder};
use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::{
    facts::{Facts, ReadFacts, RepositoryFacts, VersionFacts},
    filter::{Matcher, closest},
    order::{self, Rank},
};
use crate::{
    CatalogError, VersionRow, VersionSort, VersionsQuery,
    store::{DigestIds, PackedContent, Store, time},
};

/// The answer to a [`VersionsQuery`], from which pages are taken.
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
    /// Versions whose size is not known: the figures are without them.
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
    store: Arc<Store>,
    facts: Arc<Facts>,
    order: TagOrder,
    ranks: Vec<Rank>,
    /// Places in the facts, in the order of the rows.
    places: Vec<u32>,
    channels: Vec<String>,
    platform: Option<String>,
}

impl VersionsView {
    /// The facts may be older than the repository's row where only the time of the last reading changed.
    pub(super) fn new(
        store: Arc<Store>,
        facts: Arc<Facts>,
        repository: &RepositoryFacts,
        query: &VersionsQuery,
    ) -> Self {
        let (order, ranks) = order::ranks(&facts, &query.channels);
        let matcher = Matcher::new(&query.filter);
        let all = 0_u32..;
        let kept = all
            .zip(&facts.versions)
            .filter(|(_, version)| matcher.matches(&facts, version));
        let mut places: Vec<u32> = kept.map(|(place, _)| place).collect();
        order::sort(&facts, &ranks, &mut places, &query.sort, query.descending);
        let other_from = match query.sort {
            VersionSort::Version => first_other(&ranks, &places),
            _ => None,
        };
        let text = query.filter.text.trim();
        let closest = if places.is_empty() && !text.is_empty() {
            closest(&facts, text)
        } else {
            None
        };
        let mut view = Self {
            total_versions: facts.versions.len(),
            versions: places.len(),
            tags: facts.tags.len(),
            stored: ByteSize(facts.sharing.stored),
            would_be: ByteSize(facts.sharing.would_be),
            unread: facts.sharing.unread,
            largest: ByteSize(0),
            other_from,
            metrics: facts.metrics.clone(),
            label_keys: facts.label_keys.clone(),
            platforms: facts.platforms.clone(),
            kinds: facts.kinds.clone(),
            synced: repository.synced,
            complete: repository.partial_reason.is_none(),
            partial_reason: repository.partial_reason.clone(),
            closest,
            revision: facts.repository.revision,
            store,
            facts,
            order,
            ranks,
            places,
            channels: query.channels.clone(),
            platform: query.platform.clone(),
        };
        view.largest = view.largest_size();
        if view.platform.is_some() && query.sort == VersionSort::Size {
            view.sort_by_platform_size(query.descending);
        }
        view
    }

    /// The rows of a page; a range beyond the end is cut.
    ///
    /// # Errors
    /// [`CatalogError`] if the index cannot be read.
    pub fn rows(&self, range: Range<usize>) -> Result<Vec<VersionRow>, CatalogError> {
        let end = range.end.min(self.places.len());
        let places = self.places.get(range.start.min(end)..end).unwrap_or_default();
        self.store
            .read(|connection| places.iter().filter_map(|place| self.row(connection, *place)).collect())
    }

    /// The row of a digest, whether the filter lets it through or not.
    pub(crate) fn row_of(&self, digest: i64) -> Result<Option<VersionRow>, CatalogError> {
        let Some(place) = self.facts.position(digest).and_then(|place| u32::try_from(place).ok()) else {
            return Ok(None);
        };
        self.store.read(|connection| self.row(connection, place).transpose())
    }

    /// The best tag of a version, by its place in the facts.
    pub(crate) fn best_tag(&self, place: usize) -> Option<&str> {
        let best = self.ranks.get(place)?.best;
        self.facts.tags.get(best as usize).map(|tag| &*tag.name)
    }

    pub(crate) fn facts(&self) -> &Arc<Facts> {
        &self.facts
    }

    fn row(&self, connection: &Connection, place: u32) -> Option<rusqlite::Result<VersionRow>> {
        let version = self.facts.versions.get(place as usize)?;
        let rank = self.ranks.get(place as usize)?;
        Some(self.make_row(connection, version, rank))
    }

    fn make_row(&self, connection: &Connection, version: &VersionFacts, rank: &Rank) -> rusqlite::Result<VersionRow> {
        let tags = order::names(&self.facts, version, &self.order, &self.channels, rank.best);
        let mut row = VersionRow {
            digest: version.digest.clone(),
            tags,
            kind: Kind::Other,
            media_type: String::new(),
            size: None,
            size_counts: artifact::SizeCounts::Unknown,
            layers: Vec::new(),
            layer_count: 0,
            created: None,
            pushed: None,
            platforms: Vec::new(),
            metrics: std::collections::BTreeMap::new(),
            labels: std::collections::BTreeMap::new(),
            signed: version.signed,
            group: rank.group,
            problem: version.problem.as_deref().cloned(),
            pending: version.read.is_none() && version.problem.is_none(),
        };
        if let Some(read) = &version.read {
            self.fill(connection, &mut row, read)?;
        }
        Ok(row)
    }

    fn fill(&self, connection: &Connection, row: &mut VersionRow, read: &ReadFacts) -> rusqlite::Result<()> {
        let content = read.content();
        let shown = Shown::of(read, &content, self.platform.as_deref());
        row.kind = read.kind;
        row.media_type = read.media_type.to_string();
        row.size = shown.size.map(ByteSize);
        row.size_counts = read.size_counts;
        row.layer_count = shown.layers.len() as u64;
        row.layers = digests(connection, &shown.layers)?;
        row.created = shown.created.and_then(time);
        row.pushed = read.pushed.and_then(time);
        row.platforms = content
            .platforms
            .into_iter()
            .filter_map(|platform| platform.name)
            .collect();
        let words = read.words();
        row.metrics = words
            .metrics
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        row.labels = words
            .labels
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        Ok(())
    }

    fn shown_size(&self, place: u32) -> Option<u64> {
        let read = self.facts.versions.get(place as usize)?.read.as_ref()?;
        match &self.platform {
            None => read.size,
            Some(platform) => Shown::of(read, &read.content(), Some(platform)).size,
        }
    }

    fn largest_size(&self) -> ByteSize {
        ByteSize(
            self.places
                .iter()
                .filter_map(|place| self.shown_size(*place))
                .max()
                .unwrap_or_default(),
        )
    }

    fn sort_by_platform_size(&mut self, descending: bool) {
        let mut places = std::mem::take(&mut self.places);
        order::arrange(&mut places, descending, |place| self.shown_size(place));
        self.places = places;
    }
}

/// What a row shows of a version: all of it, or one platform.
struct Shown {
    size: Option<u64>,
    created: Option<i64>,
    layers: Vec<(i64, u64)>,
}

impl Shown {
    fn of(read: &ReadFacts, content: &PackedContent, platform: Option<&str>) -> Self {
        let whole = || Self {
            size: read.size,
            created: read.created,
            layers: content.layers.clone(),
        };
        let Some(wanted) = platform else { return whole() };
        // What is made for any platform is shown whole under each.
        if content.platforms.iter().all(|platform| platform.name.is_none()) {
            return whole();
        }
        let found = content
            .platforms
            .iter()
            .find(|platform| platform.name.as_deref() == Some(wanted));
        let Some(found) = found else {
            return Self {
                size: None,
                created: read.created,
                layers: Vec::new(),
            };
        };
        let layers = found
            .layers
            .iter()
            .filter_map(|place| content.layers.get(*place as usize).copied())
            .collect();
        Self {
            size: found.size,
            created: found.created,
            layers,
        }
    }
}

fn first_other(ranks: &[Rank], places: &[u32]) -> Option<usize> {
    let is_other = |place: &u32| {
        ranks
            .get(*place as usize)
            .is_some_and(|rank| rank.group == TagGroup::Other)
    };
    places.iter().position(is_other)
}

/// Blobs with the digests of their ids.
pub(crate) fn digests(connection: &Connection, blobs: &[(i64, u64)]) -> rusqlite::Result<Vec<(Digest, ByteSize)>> {
    blobs
        .iter()
        .map(|(id, size)| Ok((DigestIds::digest(connection, *id)?, ByteSize(*size))))
        .collect()
}
