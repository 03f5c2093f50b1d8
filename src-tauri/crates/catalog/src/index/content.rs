//! A repository as a web of manifests: what each tag leads to, what belongs to it, and what nothing leads to.

use std::collections::{HashMap, HashSet};

use artifact::{ByteSize, Digest, Kind, RepositoryName, summarize};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

use super::Index;
use crate::{
    CatalogError, ConnectionId, LeftoverContent, ManifestContent, Problem, RepositoryContent, TagContent,
    kept::KeptContent,
    record::KnownManifest,
    store::{DigestIds, time},
    versions::facts::{RepositoryFacts, id_range, require_repository},
};

pub(super) fn content(
    index: &Index,
    connection: &ConnectionId,
    repository: &RepositoryName,
    now: DateTime<Utc>,
) -> Result<RepositoryContent, CatalogError> {
    let known = require_repository(index.store(), connection, repository)?;
    let mut content = index.store().read(|reading| Web::load(reading, &known))?;
    // Only of leftovers: the age of everything else is that of its version.
    for leftover in &mut content.leftovers {
        if leftover.created.is_none() {
            leftover.created = summarize(&leftover.digest, &KeptContent(index.store()), now).created;
        }
    }
    Ok(content)
}

/// Ids that were met, and what is known of them.
struct Web<'a> {
    reading: &'a Connection,
    digests: HashMap<i64, Digest>,
    created: HashMap<i64, DateTime<Utc>>,
    referrers: Referrers,
    points_as: HashMap<i64, Kind>,
    content: RepositoryContent,
}

impl<'a> Web<'a> {
    fn load(reading: &'a Connection, repository: &RepositoryFacts) -> rusqlite::Result<RepositoryContent> {
        let (referrers, points_as) = referrers(reading, repository.id)?;
        let mut web = Self {
            reading,
            digests: HashMap::new(),
            created: created(reading, repository.id)?,
            referrers,
            points_as,
            content: RepositoryContent {
                partial_reason: repository.partial_reason.clone(),
                lists_manifests: repository.lists_manifests,
                ..RepositoryContent::default()
            },
        };
        let tagged = web.tags(repository.id)?;
        let mut reached = HashSet::new();
        web.follow(tagged, &mut reached)?;
        let leftovers = leftovers(reading, repository.id)?;
        let alone: Vec<i64> = leftovers.into_iter().filter(|id| !reached.contains(id)).collect();
        for id in &alone {
            let leftover = LeftoverContent {
                digest: web.digest(*id)?,
                created: web.created.get(id).copied(),
            };
            web.content.leftovers.push(leftover);
        }
        web.follow(alone, &mut reached)?;
        Ok(web.content)
    }

    /// Every tag with its digest. Gives the digests' ids.
    fn tags(&mut self, repository: i64) -> rusqlite::Result<Vec<i64>> {
        let (first, last) = id_range(repository);
        let select = "SELECT tags.name, tags.digest, coalesce(tags.pushed_at, versions.pushed_at), tags.problem
            FROM tags LEFT JOIN versions ON versions.digest = tags.digest AND versions.repository = ?3
            WHERE tags.id BETWEEN ?1 AND ?2 ORDER BY tags.name";
        let mut statement = self.reading.prepare_cached(select)?;
        let mut rows = statement.query((first, last, repository))?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            let Ok(tag) = row.get_ref(0)?.as_str()?.parse() else {
                continue;
            };
            let id: Option<i64> = row.get(1)?;
            let digest = id.map(|id| self.digest(id)).transpose()?;
            ids.extend(id);
            self.content.tags.push(TagContent {
                tag,
                digest,
                pushed: row.get::<_, Option<i64>>(2)?.and_then(time),
                problem: row.get::<_, Option<String>>(3)?.as_deref().and_then(Problem::from_text),
            });
        }
        Ok(ids)
    }

    /// Notes these manifests and all that they lead to.
    fn follow(&mut self, from: Vec<i64>, reached: &mut HashSet<i64>) -> rusqlite::Result<()> {
        let mut open: Vec<i64> = from.into_iter().filter(|id| reached.insert(*id)).collect();
        while let Some(id) = open.pop() {
            let children = ids(
                self.reading,
                "SELECT child FROM manifest_children WHERE manifest = ?1",
                id,
            )?;
            let referrers = self.referrers.remove(&id).unwrap_or_default();
            self.note(id, &children, &referrers)?;
            open.extend(
                children
                    .into_iter()
                    .chain(referrers)
                    .filter(|next| reached.insert(*next)),
            );
        }
        Ok(())
    }

    fn note(&mut self, id: i64, children: &[i64], referrers: &[i64]) -> rusqlite::Result<()> {
        let digest = self.digest(id)?;
        let Some((row, subject, doubt)) = self.manifest(id, &digest)? else {
            self.content.missing.push(digest);
            return Ok(());
        };
        if !doubt.is_empty() {
            self.content.doubtful.push((digest.clone(), doubt));
        }
        let manifest = ManifestContent {
            created: self.created.get(&id).copied(),
            children: self.all(children)?,
            blobs: self.blobs(id)?,
            subject: subject.map(|subject| self.digest(subject)).transpose()?,
            referrers: self.all(referrers)?,
            points_as: self.points_as.get(&id).copied().or(row.points_as),
            ..row
        };
        self.content.manifests.insert(digest, manifest);
        Ok(())
    }

    /// The manifest's own row, its subject, and what is doubtful about it; the rest of the row is empty.
    fn manifest(&self, id: i64, digest: &Digest) -> rusqlite::Result<Option<(ManifestContent, Option<i64>, String)>> {
        // BuildKit lists attestations among the platforms of an index: only what is in them tells.
        let select = "SELECT media_type, length(bytes), subject, doubt, CASE WHEN doubt IS NULL THEN bytes END,
                instr(bytes, CAST('\"application/vnd.in-toto+json\"' AS BLOB)) > 0 FROM manifests WHERE digest = ?1";
        self.reading
            .prepare_cached(select)?
            .query_row([id], |row| {
                let media_type: String = row.get(0)?;
                let doubt = match (row.get::<_, Option<String>>(3)?, row.get::<_, Option<Vec<u8>>>(4)?) {
                    (Some(doubt), _) => doubt,
                    (None, bytes) => {
                        let bytes = Bytes::from(bytes.unwrap_or_default());
                        KnownManifest::new(digest.clone(), media_type.clone(), bytes)
                            .doubt()
                            .to_owned()
                    }
                };
                let content = ManifestContent {
                    media_type,
                    size: ByteSize(row.get::<_, i64>(1)?.cast_unsigned()),
                    points_as: row.get::<_, bool>(5)?.then_some(Kind::Attestation),
                    ..ManifestContent::default()
                };
                Ok((content, row.get(2)?, doubt))
            })
            .optional()
    }

    fn blobs(&mut self, manifest: i64) -> rusqlite::Result<Vec<(Digest, ByteSize)>> {
        let mut statement = self
            .reading
            .prepare_cached("SELECT blob, size FROM manifest_blobs WHERE manifest = ?1")?;
        let rows: Vec<(i64, i64)> = statement
            .query_map([manifest], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        rows.into_iter()
            .map(|(blob, size)| Ok((self.digest(blob)?, ByteSize(size.cast_unsigned()))))
            .collect()
    }

    fn all(&mut self, ids: &[i64]) -> rusqlite::Result<Vec<Digest>> {
        ids.iter().map(|id| self.digest(*id)).collect()
    }

    fn digest(&mut self, id: i64) -> rusqlite::Result<Digest> {
        if let Some(digest) = self.digests.get(&id) {
            return Ok(digest.clone());
        }
        let digest = DigestIds::digest(self.reading, id)?;
        self.digests.insert(id, digest.clone());
        Ok(digest)
    }
}

fn created(reading: &Connection, repository: i64) -> rusqlite::Result<HashMap<i64, DateTime<Utc>>> {
    let (first, last) = id_range(repository);
    let mut statement = reading.prepare_cached(
        "SELECT digest, created_at FROM versions WHERE id BETWEEN ?1 AND ?2 AND created_at IS NOT NULL",
    )?;
    let rows = statement.query_map((first, last), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut found = HashMap::new();
    for row in rows {
        let (id, at) = row?;
        found.extend(time(at).map(|at| (id, at)));
    }
    Ok(found)
}

/// Ids of what points at a manifest.
type Referrers = HashMap<i64, Vec<i64>>;

/// What points at what, as the registry or a tag told, and as what.
fn referrers(reading: &Connection, repository: i64) -> rusqlite::Result<(Referrers, HashMap<i64, Kind>)> {
    let mut statement = reading.prepare_cached("SELECT subject, digest, kind FROM referrers WHERE repository = ?1")?;
    let mut rows = statement.query([repository])?;
    let mut found = Referrers::new();
    let mut kinds = HashMap::new();
    while let Some(row) = rows.next()? {
        let referrer = row.get(1)?;
        found.entry(row.get(0)?).or_default().push(referrer);
        if let Ok(kind) = row.get_ref(2)?.as_str()?.parse() {
            kinds.insert(referrer, kind);
        }
    }
    Ok((found, kinds))
}

/// Manifests that are listed, or were tagged once.
fn leftovers(reading: &Connection, repository: i64) -> rusqlite::Result<Vec<i64>> {
    let (first, last) = id_range(repository);
    let mut statement = reading.prepare_cached(
        "SELECT digest FROM listed_manifests WHERE repository = ?1
        UNION SELECT digest FROM versions WHERE id BETWEEN ?2 AND ?3",
    )?;
    statement
        .query_map((repository, first, last), |row| row.get(0))?
        .collect()
}

fn ids(reading: &Connection, select: &str, of: i64) -> rusqlite::Result<Vec<i64>> {
    reading
        .prepare_cached(select)?
        .query_map([of], |row| row.get(0))?
        .collect()
}
