//! Tags as they appear, move and vanish.

use std::sync::LazyLock;

use artifact::{Digest, Tag};
use rusqlite::OptionalExtension;

use super::{NEXT_TAG, range};
use crate::{Problem, store::Writing};

/// Moves of one tag that are kept, the newest; a tag that moves with every build has thousands.
pub(crate) const MOST_MOVES: i64 = 1_000;
/// Of so many last moves also the version that the tag was moved away from is kept.
pub(crate) const KEPT_MOVES: i64 = 10;

/// A tag that was listed for the first time; where it points is not known yet.
pub(crate) fn appear(writing: &Writing<'_>, repository: i64, tag: &Tag, at: i64) -> rusqlite::Result<()> {
    static INSERT: LazyLock<String> = LazyLock::new(|| {
        format!(
            "INSERT INTO tags (id, repository, name, hidden, first_seen) VALUES ({NEXT_TAG}, ?3, ?4, ?5, ?6)
            ON CONFLICT (repository, name) DO NOTHING"
        )
    });
    let (first, last) = range(repository);
    let row = (first, last, repository, tag.as_str(), tag.is_referrer_name(), at);
    writing.transaction.prepare_cached(&INSERT)?.execute(row).map(|_| ())
}

/// A tag that a whole listing no longer holds.
pub(crate) fn vanish(writing: &Writing<'_>, repository: i64, tag: &Tag, at: i64) -> rusqlite::Result<()> {
    let delete = "DELETE FROM tags WHERE repository = ?1 AND name = ?2 RETURNING digest, first_seen";
    let found: Option<(Option<i64>, i64)> = writing
        .transaction
        .prepare_cached(delete)?
        .query_row((repository, tag.as_str()), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((Some(digest), first_seen)) = found {
        keep_beginning(writing, repository, tag, digest, first_seen)?;
        keep_move(writing, repository, tag, Some(digest), None, at)?;
    }
    // The versions that were kept for its last moves.
    let insert = "INSERT OR IGNORE INTO dropped SELECT from_digest FROM (SELECT from_digest FROM tag_moves
        WHERE repository = ?1 AND tag = ?2 ORDER BY id DESC LIMIT ?3 + 1) WHERE from_digest IS NOT NULL";
    writing
        .transaction
        .prepare_cached(insert)?
        .execute((repository, tag.as_str(), KEPT_MOVES))
        .map(drop)
}

/// A tag that an incomplete listing did not hold: it may still be there, and was last seen the time before.
pub(crate) fn miss(writing: &Writing<'_>, repository: i64, tag: &Tag) -> rusqlite::Result<()> {
    let update = "UPDATE tags SET last_seen = (SELECT synced_at FROM repositories WHERE id = ?1)
        WHERE repository = ?1 AND name = ?2 AND last_seen IS NULL";
    writing
        .transaction
        .prepare_cached(update)?
        .execute((repository, tag.as_str()))
        .map(|_| ())
}

/// A tag that is listed again after it was missing.
pub(crate) fn relist(writing: &Writing<'_>, repository: i64, tag: &Tag) -> rusqlite::Result<()> {
    let update = "UPDATE tags SET last_seen = NULL WHERE repository = ?1 AND name = ?2 AND last_seen IS NOT NULL";
    writing
        .transaction
        .prepare_cached(update)?
        .execute((repository, tag.as_str()))
        .map(|_| ())
}

/// Where a tag points now (`None`: that could not be read, and what was known stays), and what went wrong.
pub(crate) fn read(
    writing: &mut Writing<'_>,
    repository: i64,
    tag: &Tag,
    digest: Option<&Digest>,
    problem: Option<&Problem>,
    at: i64,
) -> rusqlite::Result<()> {
    let select = "SELECT digest, first_seen FROM tags WHERE repository = ?1 AND name = ?2";
    let known: Option<(Option<i64>, i64)> = writing
        .transaction
        .prepare_cached(select)?
        .query_row((repository, tag.as_str()), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((before, first_seen)) = known else {
        return Ok(());
    };
    let now = match digest {
        Some(digest) => Some(writing.ids.id(&writing.transaction, digest)?),
        None => before,
    };
    let update = "UPDATE tags SET digest = ?3, problem = ?4,
            created_at = (SELECT created_at FROM versions WHERE versions.digest = ?3 AND versions.repository = ?1)
        WHERE repository = ?1 AND name = ?2";
    let problem = problem.map(Problem::to_text);
    writing
        .transaction
        .prepare_cached(update)?
        .execute((repository, tag.as_str(), now, problem))?;
    match before {
        Some(before) if Some(before) != now => {
            keep_beginning(writing, repository, tag, before, first_seen)?;
            keep_move(writing, repository, tag, Some(before), now, at)
        }
        None if has_moved(writing, repository, tag)? => keep_move(writing, repository, tag, None, now, at),
        _ => Ok(()),
    }
}

/// The first move of a tag keeps also where it began; until then its row says so.
fn keep_beginning(writing: &Writing<'_>, repository: i64, tag: &Tag, digest: i64, seen: i64) -> rusqlite::Result<()> {
    if has_moved(writing, repository, tag)? {
        return Ok(());
    }
    keep_move(writing, repository, tag, None, Some(digest), seen)
}

fn has_moved(writing: &Writing<'_>, repository: i64, tag: &Tag) -> rusqlite::Result<bool> {
    let select = "SELECT 1 FROM tag_moves WHERE repository = ?1 AND tag = ?2";
    writing
        .transaction
        .prepare_cached(select)?
        .exists((repository, tag.as_str()))
}

fn keep_move(
    writing: &Writing<'_>,
    repository: i64,
    tag: &Tag,
    from: Option<i64>,
    to: Option<i64>,
    at: i64,
) -> rusqlite::Result<()> {
    let insert = "INSERT INTO tag_moves (repository, tag, from_digest, to_digest, seen_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    writing
        .transaction
        .prepare_cached(insert)?
        .execute((repository, tag.as_str(), from, to, at))?;
    bound_moves(writing, repository, tag)
}

/// Lets go of the version that is no longer among the last moves, and forgets the oldest moves.
fn bound_moves(writing: &Writing<'_>, repository: i64, tag: &Tag) -> rusqlite::Result<()> {
    let insert = "INSERT OR IGNORE INTO dropped SELECT from_digest FROM (SELECT from_digest FROM tag_moves
        WHERE repository = ?1 AND tag = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3) WHERE from_digest IS NOT NULL";
    writing
        .transaction
        .prepare_cached(insert)?
        .execute((repository, tag.as_str(), KEPT_MOVES))?;
    let delete = "DELETE FROM tag_moves WHERE repository = ?1 AND tag = ?2 AND id <= (SELECT id FROM tag_moves
        WHERE repository = ?1 AND tag = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)";
    writing
        .transaction
        .prepare_cached(delete)?
        .execute((repository, tag.as_str(), MOST_MOVES))
        .map(drop)
}
