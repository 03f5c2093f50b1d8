//! What nothing refers to any more goes: looked for among what syncs let go of, never in the whole index.
//!
//! A version stays while its repository has a tag on it or lists it, and while it is one of the last that a tag was
//! moved away from. So it does while its whole repository is gone: that may be for want of a right, and to read all of
//! it again is dear. A manifest stays while a version, a referrer, a list or another manifest needs it. Of older moves the
//! digests and times stay.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use crate::{
    CatalogError,
    record::KEPT_MOVES,
    store::{Store, Writing},
};

/// Digests that are looked at in one transaction; others may write in between.
const BATCH: i64 = 256;

/// Collects among everything that was let go of. Nobody may sync meanwhile: what a sync has found in the index it does
/// not fetch.
pub(super) fn tidy(store: &Store) -> Result<(), CatalogError> {
    // Without a reason nothing is written: whoever watches the index would read it again.
    while store.read(|reading| reading.prepare_cached("SELECT 1 FROM dropped")?.exists([]))? {
        store.write(|writing| collect(writing))?;
    }
    Ok(())
}

/// Versions that went, by repository.
type Forgotten = HashMap<i64, HashSet<i64>>;

fn collect(writing: &Writing<'_>) -> rusqlite::Result<()> {
    let transaction = &writing.transaction;
    let dropped = ids(
        transaction,
        "SELECT digest FROM dropped ORDER BY digest LIMIT ?1",
        BATCH,
    )?;
    let mut forgotten = Forgotten::new();
    for digest in dropped {
        // First, since what is deleted below may note it anew.
        run(transaction, "DELETE FROM dropped WHERE digest = ?1", digest)?;
        forget_versions(transaction, digest, &mut forgotten)?;
        collect_manifests(transaction, digest)?;
    }
    for (repository, versions) in &forgotten {
        forget_labels(transaction, *repository, versions)?;
    }
    Ok(())
}

fn forget_versions(connection: &Connection, digest: i64, forgotten: &mut Forgotten) -> rusqlite::Result<()> {
    for repository in ids(connection, "SELECT repository FROM versions WHERE digest = ?1", digest)? {
        if is_held(connection, repository, digest)? {
            continue;
        }
        connection
            .prepare_cached("DELETE FROM versions WHERE digest = ?2 AND repository = ?1")?
            .execute((repository, digest))?;
        // Those that tags name are found again with every sync.
        connection
            .prepare_cached("DELETE FROM referrers WHERE repository = ?1 AND subject = ?2 AND from_api = 1")?
            .execute((repository, digest))?;
        forgotten.entry(repository).or_default().insert(digest);
    }
    Ok(())
}

/// Whether the repository has a use for the version.
fn is_held(connection: &Connection, repository: i64, digest: i64) -> rusqlite::Result<bool> {
    let select = "SELECT 1 FROM tags WHERE digest = ?2 AND repository = ?1
        UNION ALL SELECT 1 FROM listed_manifests WHERE repository = ?1 AND digest = ?2
        UNION ALL SELECT 1 FROM tag_moves AS moved WHERE from_digest = ?2 AND repository = ?1
            AND (EXISTS (SELECT 1 FROM tags WHERE tags.repository = ?1 AND tags.name = moved.tag)
                OR EXISTS (SELECT 1 FROM repositories WHERE repositories.id = ?1 AND gone_at IS NOT NULL))
            AND ?3 > (SELECT count(*) FROM (SELECT 1 FROM tag_moves AS later
                WHERE later.repository = ?1 AND later.tag = moved.tag AND later.id > moved.id LIMIT ?3))";
    connection
        .prepare_cached(select)?
        .exists((repository, digest, KEPT_MOVES))
}

/// Drops a manifest that nobody needs, its config, and the parts that only it needed.
fn collect_manifests(connection: &Connection, digest: i64) -> rusqlite::Result<()> {
    let mut open = vec![digest];
    while let Some(manifest) = open.pop() {
        if is_needed(connection, manifest)?
            || run(connection, "DELETE FROM manifests WHERE digest = ?1", manifest)? == 0
        {
            continue;
        }
        run(connection, "UPDATE counts SET manifests = manifests - ?1", 1)?;
        open.extend(ids(
            connection,
            "SELECT child FROM manifest_children WHERE manifest = ?1",
            manifest,
        )?);
        run(
            connection,
            "DELETE FROM manifest_children WHERE manifest = ?1",
            manifest,
        )?;
        let blobs = ids(
            connection,
            "SELECT blob FROM manifest_blobs WHERE manifest = ?1",
            manifest,
        )?;
        run(connection, "DELETE FROM manifest_blobs WHERE manifest = ?1", manifest)?;
        for blob in blobs {
            drop_config(connection, manifest, blob)?;
        }
    }
    Ok(())
}

fn is_needed(connection: &Connection, manifest: i64) -> rusqlite::Result<bool> {
    let select = "SELECT 1 FROM tags WHERE digest = ?1
        UNION ALL SELECT 1 FROM versions WHERE digest = ?1
        UNION ALL SELECT 1 FROM referrers WHERE digest = ?1
        UNION ALL SELECT 1 FROM listed_manifests WHERE digest = ?1
        UNION ALL SELECT 1 FROM manifest_children WHERE child = ?1";
    connection.prepare_cached(select)?.exists([manifest])
}

/// Drops a blob of a manifest that went, if it is a config and no other manifest's.
fn drop_config(connection: &Connection, manifest: i64, blob: i64) -> rusqlite::Result<()> {
    let of_manifest = "DELETE FROM manifest_configs WHERE config = ?1 AND manifest = ?2";
    if connection.prepare_cached(of_manifest)?.execute((blob, manifest))? > 0 {
        let unused = "DELETE FROM configs
            WHERE digest = ?1 AND NOT EXISTS (SELECT 1 FROM manifest_configs WHERE config = ?1)";
        run(connection, unused, blob)?;
    }
    Ok(())
}

/// A repository's labels are looked through once for all versions that went.
fn forget_labels(connection: &Connection, repository: i64, versions: &HashSet<i64>) -> rusqlite::Result<()> {
    let labels: Vec<(i64, i64)> = connection
        .prepare_cached("SELECT id, digest FROM labels WHERE repository = ?1")?
        .query_map([repository], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (label, _) in labels.iter().filter(|(_, digest)| versions.contains(digest)) {
        run(connection, "DELETE FROM labels WHERE id = ?1", *label)?;
    }
    Ok(())
}

fn ids(connection: &Connection, select: &str, of: i64) -> rusqlite::Result<Vec<i64>> {
    connection
        .prepare_cached(select)?
        .query_map([of], |row| row.get(0))?
        .collect()
}

fn run(connection: &Connection, statement: &str, of: i64) -> rusqlite::Result<usize> {
    connection.prepare_cached(statement)?.execute([of])
}
