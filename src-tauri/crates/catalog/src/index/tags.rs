//! A repository's tags, a row each, for the command line.

use std::cmp::Reverse;

use artifact::{Kind, SizeCounts, Tag, natural_key, summarize};
use globset::GlobBuilder;

use super::Index;
use crate::{
    CatalogError, TagRow, TagSort, TagsQuery, VersionRow, VersionSort, VersionsQuery,
    kept::KeptContent,
    record::range,
    store::{digest_of, time},
    versions::facts::require_repository,
};

pub(super) fn rows(index: &Index, query: &TagsQuery) -> Result<Vec<TagRow>, CatalogError> {
    let versions = VersionsQuery {
        sort: match query.sort {
            TagSort::Version | TagSort::Name => VersionSort::Version,
            TagSort::Created => VersionSort::Created,
            TagSort::Pushed => VersionSort::Pushed,
            TagSort::Size => VersionSort::Size,
        },
        channels: query.channels.clone(),
        ..VersionsQuery::new(query.connection.clone(), query.repository.clone())
    };
    let view = index.versions(&versions)?;
    let mut rows: Vec<TagRow> = view.rows(0..view.versions)?.iter().flat_map(of_version).collect();
    if query.all {
        rows.append(&mut hidden(index, query)?);
    }
    if query.sort == TagSort::Name {
        rows.sort_by_cached_key(|row| natural_key(row.tag.as_str()));
    }
    if let Some(pattern) = &query.matching {
        let glob = GlobBuilder::new(pattern).build();
        let glob = glob.map_err(|error| CatalogError::InvalidInput(format!("{pattern:?} is no pattern: {error}")))?;
        let matcher = glob.compile_matcher();
        rows.retain(|row| matcher.is_match(row.tag.as_str()));
    }
    Ok(rows)
}

fn of_version(row: &VersionRow) -> Vec<TagRow> {
    let tags: Vec<Tag> = row.tags.iter().filter_map(|tag| tag.parse().ok()).collect();
    let read = row.digest.is_some() && !row.media_type.is_empty();
    let one = |tag: &Tag| TagRow {
        tag: tag.clone(),
        digest: row.digest.clone(),
        media_type: read.then(|| row.media_type.clone()),
        kind: read.then_some(row.kind),
        size: row.size,
        size_counts: row.size_counts,
        created: row.created,
        pushed: row.pushed,
        platforms: row.platforms.clone(),
        layers: read.then_some(row.layer_count),
        also_tagged: tags.iter().filter(|other| *other != tag).cloned().collect(),
        labels: row.labels.clone(),
        problem: row.problem.clone(),
    };
    tags.iter().map(one).collect()
}

/// The tags of signatures and fallback lists, newest seen first.
fn hidden(index: &Index, query: &TagsQuery) -> Result<Vec<TagRow>, CatalogError> {
    let repository = require_repository(index.store(), &query.connection, &query.repository)?;
    let now = repository.synced.unwrap_or_default();
    let mut found = index.store().read(|reading| {
        let select = "SELECT name, digests.digest, first_seen FROM tags LEFT JOIN digests ON digests.id = tags.digest
            WHERE tags.id BETWEEN ?1 AND ?2 AND hidden = 1";
        let mut statement = reading.prepare_cached(select)?;
        let mut rows = statement.query(range(repository.id))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let digest = row.get_ref(1)?.as_blob_or_null()?.and_then(digest_of);
            found.push((row.get::<_, String>(0)?, digest, row.get::<_, i64>(2)?));
        }
        Ok(found)
    })?;
    found.sort_by_key(|(_, _, seen)| Reverse(time(*seen)));
    let source = KeptContent(index.store());
    let rows = found.into_iter().filter_map(|(name, digest, _)| {
        let mut row = unread(name.parse().ok()?);
        if let Some(digest) = digest {
            let summary = summarize(&digest, &source, now);
            if !summary.media_type.is_empty() {
                row.media_type = Some(summary.media_type);
                row.kind = Some(summary.kind);
                row.layers = Some(summary.layer_count);
            }
            row.size = summary.size;
            row.size_counts = summary.size_counts;
            row.created = summary.created;
            row.digest = Some(digest);
        }
        Some(row)
    });
    Ok(rows.collect())
}

fn unread(tag: Tag) -> TagRow {
    TagRow {
        tag,
        digest: None,
        media_type: None,
        kind: None::<Kind>,
        size: None,
        size_counts: SizeCounts::Unknown,
        created: None,
        pushed: None,
        platforms: Vec::new(),
        layers: None,
        also_tagged: Vec::new(),
        labels: std::collections::BTreeMap::new(),
        problem: None,
    }
}
