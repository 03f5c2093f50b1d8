//! What points at a version: from the referrers API, from fallback and cosign tags, from manifests with a subject.

use artifact::{Descriptor, Digest, Kind, Manifest};
use rusqlite::{Connection, params};

use super::range;
use crate::{
    ReferrerRow,
    store::{DigestIds, Writing, digest_of, milliseconds, time},
};

/// Referrers of one subject that are kept; real ones have some tens.
const MOST: usize = 1_000;
const CREATED: &str = "org.opencontainers.image.created";

/// What the referrers API named for a subject; replaces what it named before.
pub(crate) fn keep_referrers(
    writing: &mut Writing<'_>,
    repository: i64,
    subject: &Digest,
    found: &[Descriptor],
    at: i64,
) -> rusqlite::Result<()> {
    let subject = writing.ids.id(&writing.transaction, subject)?;
    writing
        .transaction
        .prepare_cached("DELETE FROM referrers WHERE repository = ?1 AND subject = ?2 AND from_api = 1")?
        .execute((repository, subject))?;
    for descriptor in found.iter().take(MOST) {
        keep(
            writing,
            repository,
            subject,
            descriptor,
            Kind::of_referrer(descriptor),
            true,
        )?;
    }
    let update = "UPDATE versions SET referrers_read_at = ?3 WHERE repository = ?1 AND digest = ?2";
    writing
        .transaction
        .prepare_cached(update)?
        .execute((repository, subject, at))?;
    let update = "UPDATE versions SET signed = NOT signed WHERE repository = ?1 AND digest = ?2 AND signed <> EXISTS (
        SELECT 1 FROM referrers WHERE referrers.repository = ?1 AND subject = ?2 AND referrers.kind = 'signature')";
    if writing
        .transaction
        .prepare_cached(update)?
        .execute((repository, subject))?
        == 0
    {
        return Ok(());
    }
    // Only this is seen in a list.
    let update = "UPDATE repositories SET revision = revision + 1 WHERE id = ?1";
    writing
        .transaction
        .prepare_cached(update)?
        .execute([repository])
        .map(|_| ())
}

fn keep(
    writing: &mut Writing<'_>,
    repository: i64,
    subject: i64,
    descriptor: &Descriptor,
    kind: Kind,
    from_api: bool,
) -> rusqlite::Result<()> {
    let digest = writing.ids.id(&writing.transaction, &descriptor.digest)?;
    let created = descriptor
        .annotations
        .get(CREATED)
        .and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok());
    let annotations = serde_json::to_string(&descriptor.annotations).unwrap_or_default();
    let insert = "INSERT INTO referrers
            (repository, subject, digest, artifact_type, kind, size, created_at, annotations, from_api)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (repository, subject, digest) DO UPDATE SET from_api = max(from_api, excluded.from_api)";
    writing
        .transaction
        .prepare_cached(insert)?
        .execute(params![
            repository,
            subject,
            digest,
            descriptor.artifact_type,
            kind.as_str(),
            descriptor.size.bytes().cast_signed(),
            created.map(|created| milliseconds(created.to_utc())),
            annotations,
            from_api,
        ])
        .map(|_| ())
}

/// Finds again what the tags of a repository, and manifests with a subject among what was read, point at.
pub(crate) fn note_tagged_referrers(writing: &mut Writing<'_>, repository: i64) -> rusqlite::Result<()> {
    writing
        .transaction
        .prepare_cached("DELETE FROM referrers WHERE repository = ?1 AND from_api = 0")?
        .execute([repository])?;
    for (tag, id) in hidden_tags(&writing.transaction, repository)? {
        if let Some(pointer) = Pointer::of_tag(&tag) {
            note_hidden_tag(writing, repository, &pointer, id)?;
        }
    }
    for (referrer, subject) in with_subjects(&writing.transaction, repository)? {
        if let Some((descriptor, _, kind)) = described(&writing.transaction, referrer)? {
            keep(writing, repository, subject, &descriptor, kind, false)?;
        }
    }
    Ok(())
}

fn note_hidden_tag(writing: &mut Writing<'_>, repository: i64, pointer: &Pointer, id: i64) -> rusqlite::Result<()> {
    let Some(subject) = DigestIds::find(&writing.transaction, &pointer.subject)? else {
        return Ok(());
    };
    let Some((descriptor, manifest, kind)) = described(&writing.transaction, id)? else {
        return Ok(());
    };
    match (pointer.kind, &manifest) {
        (Some(kind), _) => keep(writing, repository, subject, &descriptor, kind, false),
        // The fallback list: an index of what points at the subject.
        (None, Manifest::Index(index)) => {
            for entry in &index.manifests {
                keep(writing, repository, subject, entry, Kind::of_referrer(entry), false)?;
            }
            Ok(())
        }
        (None, _) => keep(writing, repository, subject, &descriptor, kind, false),
    }
}

/// What a tag of the form `sha256-<hex>[.sig|.att|.sbom]` stands for.
struct Pointer {
    subject: Digest,
    /// `None`: the fallback list of referrers.
    kind: Option<Kind>,
}

impl Pointer {
    fn of_tag(tag: &str) -> Option<Self> {
        let (algorithm, rest) = tag.split_once('-')?;
        let (hex, kind) = match rest.split_once('.') {
            None => (rest, None),
            Some((hex, "sig")) => (hex, Some(Kind::Signature)),
            Some((hex, "att")) => (hex, Some(Kind::Attestation)),
            Some((hex, "sbom")) => (hex, Some(Kind::Sbom)),
            Some(_) => return None,
        };
        let subject = format!("{algorithm}:{}", hex.to_ascii_lowercase()).parse().ok()?;
        Some(Self { subject, kind })
    }
}

fn hidden_tags(connection: &Connection, repository: i64) -> rusqlite::Result<Vec<(String, i64)>> {
    let (first, last) = range(repository);
    connection
        .prepare_cached(
            "SELECT name, digest FROM tags WHERE id BETWEEN ?1 AND ?2 AND hidden = 1 AND digest IS NOT NULL",
        )?
        .query_map((first, last), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Manifests of the repository, tagged or listed, that name a subject; and that subject.
fn with_subjects(connection: &Connection, repository: i64) -> rusqlite::Result<Vec<(i64, i64)>> {
    let (first, last) = range(repository);
    connection
        .prepare_cached(
            "SELECT manifests.digest, subject FROM tags CROSS JOIN manifests ON manifests.digest = tags.digest
                WHERE tags.id BETWEEN ?1 AND ?2 AND subject IS NOT NULL
            UNION SELECT manifests.digest, subject FROM listed_manifests
                CROSS JOIN manifests ON manifests.digest = listed_manifests.digest
                WHERE repository = ?3 AND subject IS NOT NULL",
        )?
        .query_map((first, last, repository), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// A kept manifest as a referrers list would name it.
fn described(connection: &Connection, id: i64) -> rusqlite::Result<Option<(Descriptor, Manifest, Kind)>> {
    let mut statement = connection.prepare_cached("SELECT media_type, bytes FROM manifests WHERE digest = ?1")?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (media_type, bytes): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
    let Ok(manifest) = Manifest::parse(Some(&media_type), &bytes) else {
        return Ok(None);
    };
    let descriptor = Descriptor {
        media_type,
        digest: DigestIds::digest(connection, id)?,
        size: artifact::ByteSize(bytes.len() as u64),
        annotations: manifest.annotations().clone(),
        platform: None,
        artifact_type: manifest.artifact_type().map(str::to_owned),
    };
    let kind = Kind::of(&manifest);
    Ok(Some((descriptor, manifest, kind)))
}

/// Brings "signed" of a repository's versions in line with what points at them.
pub(crate) fn mark_signed(writing: &Writing<'_>, repository: i64) -> rusqlite::Result<()> {
    let (first, last) = range(repository);
    let update = "UPDATE versions SET signed = NOT signed WHERE id BETWEEN ?1 AND ?2 AND signed <> EXISTS (
        SELECT 1 FROM referrers
        WHERE referrers.repository = ?3 AND subject = versions.digest AND referrers.kind = 'signature')";
    writing
        .transaction
        .prepare_cached(update)?
        .execute((first, last, repository))
        .map(|_| ())
}

/// The rows of a subject, signatures first.
pub(crate) fn referrers_of(
    connection: &Connection,
    repository: i64,
    subject: i64,
) -> rusqlite::Result<Vec<ReferrerRow>> {
    let select = "SELECT digests.digest, artifact_type, kind, size, created_at, annotations
        FROM referrers JOIN digests ON digests.id = referrers.digest
        WHERE repository = ?1 AND subject = ?2 ORDER BY kind <> 'signature', kind, created_at, digests.digest";
    let mut statement = connection.prepare_cached(select)?;
    let mut rows = statement.query((repository, subject))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(digest) = digest_of(row.get_ref(0)?.as_blob()?) else {
            continue;
        };
        found.push(ReferrerRow {
            digest,
            artifact_type: row.get(1)?,
            kind: row.get_ref(2)?.as_str()?.parse().unwrap_or(Kind::Other),
            size: artifact::ByteSize(row.get::<_, i64>(3)?.cast_unsigned()),
            created: row.get::<_, Option<i64>>(4)?.and_then(time),
            annotations: serde_json::from_str(row.get_ref(5)?.as_str()?).unwrap_or_default(),
        });
    }
    Ok(found)
}
