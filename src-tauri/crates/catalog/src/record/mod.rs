//! Writing rows: each function is one fact, inside of a transaction that somebody else began.
//!
//! Knows the schema; knows nothing of registries. Time is passed in as milliseconds.

mod content;
mod labels;
mod referrers;
mod repositories;
mod tags;
mod totals;
mod versions;

pub(crate) use content::{KnownManifest, keep_config, keep_manifest};
pub(crate) use labels::LabelGate;
pub(crate) use referrers::{keep_referrers, mark_signed, note_tagged_referrers, referrers_of};
pub(crate) use repositories::{
    connection_done, ensure_connection, ensure_repository, is_stale, keep_listed_manifests, learn_referrers_api,
    mark_stale, repositories_gone, repository_failed, repository_finished,
};
pub(crate) use tags::{KEPT_MOVES, MOST_MOVES, appear, miss, read, relist, vanish};
pub(crate) use totals::recount;
pub(crate) use versions::{KeptVersion, keep_version};

use crate::versions::facts::id_range;

/// The condition and parameters that give a new row of a repository's own range its id.
pub(crate) const NEXT_TAG: &str =
    "coalesce((SELECT id FROM tags WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1), ?1) + 1";
pub(crate) const NEXT_VERSION: &str =
    "coalesce((SELECT id FROM versions WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1), ?1) + 1";

pub(crate) fn range(repository: i64) -> (i64, i64) {
    id_range(repository)
}
