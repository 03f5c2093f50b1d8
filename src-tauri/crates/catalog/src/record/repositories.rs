//! Connections and repositories: that they exist, how their last reading went.

use std::collections::HashSet;

use artifact::{Digest, RepositoryName};

use super::range;
use crate::{ConnectionId, Problem, store::Writing};

pub(crate) fn ensure_connection(writing: &Writing<'_>, name: &ConnectionId) -> rusqlite::Result<i64> {
    let insert = "INSERT INTO connections (name) VALUES (?1) ON CONFLICT (name) DO UPDATE SET name = name RETURNING id";
    writing
        .transaction
        .prepare_cached(insert)?
        .query_row([name.as_str()], |row| row.get(0))
}

/// The id of a repository's row, made if there is none; one that was gone is back.
pub(crate) fn ensure_repository(
    writing: &Writing<'_>,
    connection: i64,
    name: &RepositoryName,
) -> rusqlite::Result<i64> {
    let insert = "INSERT INTO repositories (connection, name) VALUES (?1, ?2)
        ON CONFLICT (connection, name) DO UPDATE SET gone_at = NULL RETURNING id";
    writing
        .transaction
        .prepare_cached(insert)?
        .query_row((connection, name.as_str()), |row| row.get(0))
}

/// Marks repositories that a whole listing no longer holds; answers how many tags went with them.
pub(crate) fn repositories_gone(
    writing: &Writing<'_>,
    connection: i64,
    listed: &HashSet<RepositoryName>,
    at: i64,
) -> rusqlite::Result<u64> {
    let known: Vec<(i64, String)> = writing
        .transaction
        .prepare_cached("SELECT id, name FROM repositories WHERE connection = ?1 AND gone_at IS NULL")?
        .query_map([connection], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut gone_tags = 0;
    for (id, name) in known {
        if name.parse::<RepositoryName>().is_ok_and(|name| listed.contains(&name)) {
            continue;
        }
        gone_tags += repository_gone(writing, id, at)?;
    }
    Ok(gone_tags)
}

fn repository_gone(writing: &Writing<'_>, repository: i64, at: i64) -> rusqlite::Result<u64> {
    let transaction = &writing.transaction;
    let (first, last) = range(repository);
    transaction
        .prepare_cached(
            "INSERT INTO tag_moves (repository, tag, from_digest, seen_at)
            SELECT repository, name, digest, ?3 FROM tags WHERE id BETWEEN ?1 AND ?2 AND digest IS NOT NULL",
        )?
        .execute((first, last, at))?;
    let tags: i64 = transaction
        .prepare_cached("SELECT count(*) FROM tags WHERE id BETWEEN ?1 AND ?2 AND hidden = 0")?
        .query_row((first, last), |row| row.get(0))?;
    transaction
        .prepare_cached("DELETE FROM tags WHERE id BETWEEN ?1 AND ?2")?
        .execute((first, last))?;
    transaction
        .prepare_cached(
            "UPDATE repositories SET gone_at = ?2, tags = 0, versions = 0, stored = 0, revision = revision + 1,
                problem = NULL WHERE id = ?1",
        )?
        .execute((repository, at))?;
    Ok(tags.cast_unsigned())
}

/// Rows of the repository change with this transaction.
pub(crate) fn mark_stale(writing: &Writing<'_>, repository: i64) -> rusqlite::Result<()> {
    let update = "UPDATE repositories SET stale = 1 WHERE id = ?1 AND stale = 0";
    writing
        .transaction
        .prepare_cached(update)?
        .execute([repository])
        .map(|_| ())
}

/// Whether rows changed since the repository was last read to its end, or it never was.
pub(crate) fn is_stale(writing: &Writing<'_>, repository: i64) -> rusqlite::Result<bool> {
    let select = "SELECT 1 FROM repositories WHERE id = ?1 AND (stale = 1 OR synced_at IS NULL)";
    writing.transaction.prepare_cached(select)?.exists([repository])
}

/// The repository was read to the end of what could be read, and everything that follows from its rows is in line.
pub(crate) fn repository_finished(
    writing: &Writing<'_>,
    repository: i64,
    partial_reason: Option<&str>,
    at: i64,
) -> rusqlite::Result<()> {
    let update = "UPDATE repositories SET synced_at = ?2, partial_reason = ?3, problem = NULL, stale = 0 WHERE id = ?1";
    let row = (repository, at, partial_reason);
    writing.transaction.prepare_cached(update)?.execute(row).map(|_| ())
}

/// The repository's list could not be read; what was known of it stays.
pub(crate) fn repository_failed(writing: &Writing<'_>, repository: i64, problem: &Problem) -> rusqlite::Result<()> {
    let update = "UPDATE repositories SET problem = ?2, revision = revision + 1 WHERE id = ?1";
    writing
        .transaction
        .prepare_cached(update)?
        .execute((repository, problem.to_text()))
        .map(|_| ())
}

/// The connection's repositories were listed, or could not be.
pub(crate) fn connection_done(
    writing: &Writing<'_>,
    connection: i64,
    at: Option<i64>,
    problem: Option<&Problem>,
) -> rusqlite::Result<()> {
    let update = "UPDATE connections SET synced_at = coalesce(?2, synced_at), problem = ?3 WHERE id = ?1";
    writing
        .transaction
        .prepare_cached(update)?
        .execute((connection, at, problem.map(Problem::to_text)))
        .map(|_| ())
}

pub(crate) fn learn_referrers_api(
    writing: &Writing<'_>,
    connection: i64,
    present: bool,
    at: i64,
) -> rusqlite::Result<()> {
    let update = "UPDATE connections SET referrers_api = ?2, referrers_api_at = ?3 WHERE id = ?1";
    writing
        .transaction
        .prepare_cached(update)?
        .execute((connection, present, at))
        .map(|_| ())
}

/// Every manifest that the registry listed, tagged or not.
pub(crate) fn keep_listed_manifests(
    writing: &mut Writing<'_>,
    repository: i64,
    listed: &[Digest],
) -> rusqlite::Result<()> {
    let known: HashSet<i64> = writing
        .transaction
        .prepare_cached("SELECT digest FROM listed_manifests WHERE repository = ?1")?
        .query_map([repository], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut now = HashSet::new();
    for digest in listed {
        now.insert(writing.ids.id(&writing.transaction, digest)?);
    }
    let mut delete = writing
        .transaction
        .prepare_cached("DELETE FROM listed_manifests WHERE repository = ?1 AND digest = ?2")?;
    for gone in known.difference(&now) {
        delete.execute((repository, gone))?;
    }
    let mut insert = writing
        .transaction
        .prepare_cached("INSERT INTO listed_manifests (repository, digest) VALUES (?1, ?2)")?;
    for new in now.difference(&known) {
        insert.execute((repository, new))?;
    }
    let update = "UPDATE repositories SET lists_manifests = 1 WHERE id = ?1 AND lists_manifests = 0";
    writing
        .transaction
        .prepare_cached(update)?
        .execute([repository])
        .map(|_| ())
}
