//! Everything known of one version.

use std::collections::HashMap;

use artifact::{ByteSize, Descriptor, Digest, Kind, RepositoryName, Summary, TagGroup, summarize};
use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::{Index, lists, usage::Leftovers};
use crate::{
    CatalogError, ConnectionId, ReferrerRow, TagMove, TagRecord, VersionRecord, VersionRow, VersionsQuery,
    kept::{self, KeptContent},
    record::{MOST_MOVES, referrers_of},
    store::{DigestIds, PackedContent, time},
    versions::{
        VersionsView,
        facts::{Facts, require_repository},
    },
};

pub(super) fn record(
    index: &Index,
    connection: &ConnectionId,
    repository: &RepositoryName,
    digest: &Digest,
    now: DateTime<Utc>,
) -> Result<Option<VersionRecord>, CatalogError> {
    let query = VersionsQuery::new(connection.clone(), repository.clone());
    let view = index.versions(&query)?;
    let facts = view.facts();
    let Some(id) = index.store().read(|reading| DigestIds::find(reading, digest))? else {
        return Ok(None);
    };
    let belongs = facts.position(id).is_some() || index.store().read(|reading| was_here(reading, facts, id))?;
    if !belongs {
        return Ok(None);
    }
    let summary = summarize(digest, &KeptContent(index.store()), now);
    let row = match view.row_of(id)? {
        Some(row) => row,
        None => row_of_summary(digest, &summary),
    };
    let content = blobs(index, facts, id, &summary)?;
    let leftovers = Leftovers::of(index, facts)?;
    let unique = ByteSize(
        facts
            .sharing
            .unique(&content, |blob| leftovers.blobs.contains_key(&blob)),
    );
    let shared_in = shared_in(index, &view, &content)?;
    let (tags, moves, referrers_read) = index.store().read(|reading| {
        let tags = tag_records(reading, facts.repository.id, id)?;
        let moves = moves(reading, facts.repository.id, id)?;
        Ok((tags, moves, referrers_read(reading, facts.repository.id, id)?))
    })?;
    let mut referrers = index
        .store()
        .read(|reading| referrers_of(reading, facts.repository.id, id))?;
    add_attestations(index, &summary, &mut referrers);
    Ok(Some(VersionRecord {
        row,
        summary,
        tags,
        referrers,
        referrers_read,
        shared_in,
        unique,
        moves,
    }))
}

/// What points at a digest, as kept; `BuildKit`'s attestations too.
pub(super) fn referrers(
    index: &Index,
    connection: &ConnectionId,
    repository: &RepositoryName,
    digest: &Digest,
) -> Result<Vec<ReferrerRow>, CatalogError> {
    let known = require_repository(index.store(), connection, repository)?;
    let mut found = index.store().read(|reading| match DigestIds::find(reading, digest)? {
        Some(id) => referrers_of(reading, known.id, id),
        None => Ok(Vec::new()),
    })?;
    let summary = summarize(digest, &KeptContent(index.store()), known.synced.unwrap_or_default());
    add_attestations(index, &summary, &mut found);
    Ok(found)
}

/// Whether a digest without a tag belongs to the repository: it was tagged once, or is listed, or is a part of one.
fn was_here(reading: &Connection, facts: &Facts, id: i64) -> rusqlite::Result<bool> {
    let repository = facts.repository.id;
    let direct = "SELECT 1 FROM versions WHERE digest = ?2 AND repository = ?1
        UNION ALL SELECT 1 FROM listed_manifests WHERE repository = ?1 AND digest = ?2
        UNION ALL SELECT 1 FROM referrers WHERE repository = ?1 AND digest = ?2";
    if reading.prepare_cached(direct)?.exists((repository, id))? {
        return Ok(true);
    }
    // Parents first: an index has few, and a repository many versions.
    let part = "SELECT 1 FROM manifest_children JOIN versions ON versions.digest = manifest AND repository = ?1
        WHERE child = ?2";
    reading.prepare_cached(part)?.exists((repository, id))
}

fn row_of_summary(digest: &Digest, summary: &Summary) -> VersionRow {
    let layers = summary.blobs.iter().filter(|(blob, _)| {
        !summary
            .platforms
            .iter()
            .any(|platform| platform.config_digest.as_ref() == Some(blob))
    });
    VersionRow {
        digest: Some(digest.clone()),
        tags: Vec::new(),
        kind: summary.kind,
        media_type: summary.media_type.clone(),
        size: summary.size,
        size_counts: summary.size_counts,
        layers: layers.cloned().collect(),
        layer_count: summary.layer_count,
        created: summary.created,
        pushed: None,
        platforms: summary
            .platforms
            .iter()
            .filter_map(|one| one.platform.as_ref())
            .map(ToString::to_string)
            .collect(),
        metrics: summary.card.metrics.clone(),
        labels: summary.labels.clone(),
        signed: false,
        group: TagGroup::Other,
        problem: None,
        pending: summary.media_type.is_empty(),
    }
}

/// The version's blobs under their ids: from the list's facts, else from its summary.
fn blobs(index: &Index, facts: &Facts, id: i64, summary: &Summary) -> Result<PackedContent, CatalogError> {
    let listed = facts
        .position(id)
        .and_then(|place| facts.versions.get(place)?.read.as_ref());
    if let Some(read) = listed {
        return Ok(read.content());
    }
    index.store().read(|reading| {
        let mut content = PackedContent::default();
        for (digest, size) in &summary.blobs {
            if let Some(blob) = DigestIds::find(reading, digest)? {
                content.layers.push((blob, size.bytes()));
            }
        }
        Ok(content)
    })
}

fn shared_in(
    index: &Index,
    view: &VersionsView,
    content: &PackedContent,
) -> Result<HashMap<Digest, u64>, CatalogError> {
    index.store().read(|reading| {
        content
            .blobs()
            .map(|(blob, _)| {
                let versions = view.facts().sharing.versions_with(blob);
                Ok((DigestIds::digest(reading, blob)?, u64::from(versions)))
            })
            .collect()
    })
}

fn tag_records(reading: &Connection, repository: i64, id: i64) -> rusqlite::Result<Vec<TagRecord>> {
    let select =
        "SELECT digests.digest, first_seen, coalesce(last_seen, repositories.synced_at, first_seen), pushed_at,
            tags.name
        FROM tags JOIN digests ON digests.id = tags.digest JOIN repositories ON repositories.id = tags.repository
        WHERE tags.digest = ?2 AND tags.repository = ?1 AND hidden = 0 ORDER BY tags.name";
    let mut statement = reading.prepare_cached(select)?;
    let mut rows = statement.query((repository, id))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if let Ok(tag) = row.get_ref(4)?.as_str()?.parse() {
            found.push(lists::record(row, tag)?);
        }
    }
    Ok(found)
}

/// The moves of every tag that points here now or did once.
fn moves(reading: &Connection, repository: i64, id: i64) -> rusqlite::Result<Vec<TagMove>> {
    let select = "SELECT before.digest, after.digest, seen_at, tag FROM tag_moves
            LEFT JOIN digests AS before ON before.id = from_digest
            LEFT JOIN digests AS after ON after.id = to_digest
        WHERE repository = ?1 AND tag IN (
            SELECT tag FROM tag_moves WHERE repository = ?1 AND (from_digest = ?2 OR to_digest = ?2)
            UNION SELECT name FROM tags WHERE digest = ?2 AND tags.repository = ?1)
        ORDER BY seen_at DESC, tag_moves.id DESC LIMIT ?3";
    let mut statement = reading.prepare_cached(select)?;
    let mut rows = statement.query((repository, id, MOST_MOVES))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if let Ok(tag) = row.get_ref(3)?.as_str()?.parse() {
            found.push(lists::moved(row, tag)?);
        }
    }
    found.reverse();
    Ok(found)
}

fn referrers_read(reading: &Connection, repository: i64, id: i64) -> rusqlite::Result<Option<DateTime<Utc>>> {
    let select = "SELECT referrers_read_at FROM versions WHERE digest = ?2 AND repository = ?1";
    let mut statement = reading.prepare_cached(select)?;
    let mut rows = statement.query((repository, id))?;
    let at: Option<i64> = rows.next()?.map_or(Ok(None), |row| row.get(0))?;
    Ok(at.and_then(time))
}

fn add_attestations(index: &Index, summary: &Summary, referrers: &mut Vec<ReferrerRow>) {
    for attestation in &summary.attestations {
        if !referrers.iter().any(|known| known.digest == attestation.digest) {
            referrers.push(attestation_row(index, attestation));
        }
    }
}

fn attestation_row(index: &Index, attestation: &Descriptor) -> ReferrerRow {
    let manifest = kept::parsed(index.store(), &attestation.digest);
    ReferrerRow {
        digest: attestation.digest.clone(),
        artifact_type: manifest
            .as_ref()
            .and_then(|manifest| manifest.artifact_type().map(str::to_owned))
            .or_else(|| attestation.artifact_type.clone()),
        kind: match manifest.as_ref().map(Kind::of) {
            Some(Kind::Sbom) => Kind::Sbom,
            _ => Kind::Attestation,
        },
        size: attestation.size,
        created: None,
        annotations: attestation.annotations.clone(),
    }
}
