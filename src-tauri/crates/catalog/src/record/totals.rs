//! The figures that a list of repositories shows, counted once when a repository changed.

use crate::{
    store::Writing,
    versions::facts::{Facts, RepositoryFacts},
};

/// Counts a repository's tags, versions and bytes again, and gives it a new revision.
pub(crate) fn recount(writing: &Writing<'_>, repository: i64) -> rusqlite::Result<()> {
    let loaded = RepositoryFacts {
        id: repository,
        ..RepositoryFacts::unknown()
    };
    let facts = Facts::load(&writing.transaction, loaded)?;
    let reads = || facts.versions.iter().filter_map(|version| version.read.as_ref());
    let updated = reads().filter_map(|read| read.created.max(read.pushed)).max();
    let known = facts.versions.is_empty() || reads().any(|read| read.size.is_some());
    let stored = known.then(|| facts.sharing.stored.cast_signed());
    let update =
        "UPDATE repositories SET tags = ?2, versions = ?3, stored = ?4, updated_at = ?5, revision = revision + 1
        WHERE id = ?1";
    let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let row = (
        repository,
        count(facts.tags.len()),
        count(facts.versions.len()),
        stored,
        updated,
    );
    writing.transaction.prepare_cached(update)?.execute(row).map(|_| ())
}
