//! Connections, repositories and single tags, each by one statement.

use artifact::{ByteSize, Digest, RepositoryName, Tag};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, Rows};

use crate::{
    ConnectionId, ConnectionRow, Problem, RepositoryRow, TagMove, TagRecord,
    record::MOST_MOVES,
    store::{digest_of, time},
};

/// Of a repository's row.
const COLUMNS: &str = "connections.name, repositories.name, tags, versions, stored, updated_at,
    repositories.synced_at, partial_reason, repositories.problem";

pub(super) fn connections(reading: &Connection) -> rusqlite::Result<Vec<ConnectionRow>> {
    let select = "SELECT connections.name, count(repositories.id), coalesce(sum(repositories.tags), 0),
            connections.synced_at, connections.problem
        FROM connections LEFT JOIN repositories ON connection = connections.id AND gone_at IS NULL
        GROUP BY connections.id ORDER BY connections.name";
    reading
        .prepare_cached(select)?
        .query_map([], |row| {
            Ok(ConnectionRow {
                connection: ConnectionId::new(row.get::<_, String>(0)?),
                repositories: row.get::<_, i64>(1)?.cast_unsigned(),
                tags: row.get::<_, i64>(2)?.cast_unsigned(),
                synced: optional_time(row, 3)?,
                problem: problem(row, 4)?,
            })
        })?
        .collect()
}

/// How many repositories a connection has, and `limit` of them by name from the `offset`th on. An index holds the names
/// in their order: only the rows of the page are read.
pub(super) fn repository_page(
    reading: &Connection,
    connection: &ConnectionId,
    offset: usize,
    limit: usize,
) -> rusqlite::Result<(usize, Vec<RepositoryRow>)> {
    let count = "SELECT count(*) FROM repositories
        WHERE connection = (SELECT id FROM connections WHERE name = ?1) AND gone_at IS NULL";
    let total: i64 = reading
        .prepare_cached(count)?
        .query_row([connection.as_str()], |row| row.get(0))?;
    let select = format!(
        "SELECT {COLUMNS} FROM (SELECT id AS place FROM repositories
                WHERE connection = (SELECT id FROM connections WHERE name = ?1) AND gone_at IS NULL
                ORDER BY name LIMIT ?2 OFFSET ?3)
            JOIN repositories ON repositories.id = place JOIN connections ON connections.id = connection
        ORDER BY repositories.name"
    );
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let mut statement = reading.prepare_cached(&select)?;
    let rows = statement.query((connection.as_str(), number(limit), number(offset)))?;
    Ok((usize::try_from(total).unwrap_or_default(), collect(rows)?))
}

pub(super) fn repositories(
    reading: &Connection,
    connection: Option<&ConnectionId>,
    name: Option<&RepositoryName>,
) -> rusqlite::Result<Vec<RepositoryRow>> {
    let select = format!(
        "SELECT {COLUMNS} FROM repositories JOIN connections ON connections.id = connection
        WHERE gone_at IS NULL AND (?1 IS NULL OR connections.name = ?1) AND (?2 IS NULL OR repositories.name = ?2)
        ORDER BY connections.name, repositories.name"
    );
    let mut statement = reading.prepare_cached(&select)?;
    collect(statement.query((connection.map(ConnectionId::as_str), name.map(RepositoryName::as_str)))?)
}

fn collect(mut rows: Rows<'_>) -> rusqlite::Result<Vec<RepositoryRow>> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        // What is kept was a name when it came.
        if let Ok(name) = row.get_ref(1)?.as_str()?.parse() {
            found.push(repository(row, name)?);
        }
    }
    Ok(found)
}

fn repository(row: &Row<'_>, name: RepositoryName) -> rusqlite::Result<RepositoryRow> {
    let synced = optional_time(row, 6)?;
    let partial_reason: Option<String> = row.get(7)?;
    Ok(RepositoryRow {
        connection: ConnectionId::new(row.get::<_, String>(0)?),
        name,
        tags: row.get::<_, i64>(2)?.cast_unsigned(),
        versions: row.get::<_, i64>(3)?.cast_unsigned(),
        size: row.get::<_, Option<i64>>(4)?.map(|size| ByteSize(size.cast_unsigned())),
        updated: optional_time(row, 5)?,
        complete: synced.is_some() && partial_reason.is_none(),
        synced,
        partial_reason,
        problem: problem(row, 8)?,
    })
}

pub(super) fn tag(
    reading: &Connection,
    connection: &ConnectionId,
    repository: &RepositoryName,
    tag: &Tag,
) -> rusqlite::Result<Option<TagRecord>> {
    let select = "SELECT digests.digest, first_seen, coalesce(last_seen, repositories.synced_at, first_seen), pushed_at
        FROM connections
            JOIN repositories ON connection = connections.id
            JOIN tags ON tags.repository = repositories.id
            LEFT JOIN digests ON digests.id = tags.digest
        WHERE connections.name = ?1 AND repositories.name = ?2 AND tags.name = ?3";
    reading
        .prepare_cached(select)?
        .query_row((connection.as_str(), repository.as_str(), tag.as_str()), |row| {
            record(row, tag.clone())
        })
        .optional()
}

/// A tag's record from digest, first seen, last seen and pushed.
pub(super) fn record(row: &Row<'_>, tag: Tag) -> rusqlite::Result<TagRecord> {
    Ok(TagRecord {
        tag,
        digest: digest(row, 0)?,
        first_seen: optional_time(row, 1)?.unwrap_or_default(),
        last_seen: optional_time(row, 2)?.unwrap_or_default(),
        pushed: optional_time(row, 3)?,
    })
}

pub(super) fn tag_moves(
    reading: &Connection,
    connection: &ConnectionId,
    repository: &RepositoryName,
    tag: &Tag,
) -> rusqlite::Result<Vec<TagMove>> {
    let select = "SELECT before.digest, after.digest, seen_at
        FROM connections
            JOIN repositories ON connection = connections.id
            JOIN tag_moves ON tag_moves.repository = repositories.id
            LEFT JOIN digests AS before ON before.id = from_digest
            LEFT JOIN digests AS after ON after.id = to_digest
        WHERE connections.name = ?1 AND repositories.name = ?2 AND tag = ?3
        ORDER BY seen_at DESC, tag_moves.id DESC LIMIT ?4";
    let row = (connection.as_str(), repository.as_str(), tag.as_str(), MOST_MOVES);
    let mut statement = reading.prepare_cached(select)?;
    let newest = statement.query_map(row, |row| moved(row, tag.clone()))?;
    let mut found: Vec<TagMove> = newest.collect::<rusqlite::Result<_>>()?;
    found.reverse();
    Ok(found)
}

/// A move from the digests before and after, and its time.
pub(super) fn moved(row: &Row<'_>, tag: Tag) -> rusqlite::Result<TagMove> {
    Ok(TagMove {
        tag,
        from: digest(row, 0)?,
        to: digest(row, 1)?,
        seen: optional_time(row, 2)?.unwrap_or_default(),
    })
}

fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Digest>> {
    Ok(row.get_ref(column)?.as_blob_or_null()?.and_then(digest_of))
}

fn optional_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<DateTime<Utc>>> {
    Ok(row.get::<_, Option<i64>>(column)?.and_then(time))
}

fn problem(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Problem>> {
    Ok(row.get_ref(column)?.as_str_or_null()?.and_then(Problem::from_text))
}
