//! What a list shows of a version, made ready once when its content is read.

use std::collections::HashMap;

use artifact::{Digest, Summary};

use super::{LabelGate, NEXT_VERSION, labels, range};
use crate::{
    Problem,
    store::{Packed, PackedContent, PackedPlatform, PackedWords, Writing, milliseconds},
};

/// A version of a repository whose content was read.
#[derive(Debug)]
pub(crate) struct KeptVersion {
    pub(crate) repository: i64,
    pub(crate) digest: Digest,
    pub(crate) summary: Summary,
    pub(crate) problem: Option<Problem>,
    /// False: the next sync tries again to read what is missing.
    pub(crate) complete: bool,
}

/// Keeps the row of a version, and its labels for search.
pub(crate) fn keep_version(
    writing: &mut Writing<'_>,
    version: &KeptVersion,
    gate: &mut LabelGate,
) -> rusqlite::Result<()> {
    let digest = writing.ids.id(&writing.transaction, &version.digest)?;
    let content = pack_content(writing, &version.summary)?;
    let summary = &version.summary;
    let words = PackedWords {
        labels: summary
            .labels
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect(),
        metrics: summary
            .card
            .metrics
            .iter()
            .map(|(name, value)| (name.as_str(), *value))
            .collect(),
    };
    let created = summary.created.map(milliseconds);
    let (first, last) = range(version.repository);
    let insert = insert_statement();
    writing.transaction.prepare_cached(insert)?.execute(rusqlite::params![
        first,
        last,
        version.repository,
        digest,
        summary.media_type,
        summary.kind.as_str(),
        summary.size.map(|size| size.bytes().cast_signed()),
        summary.size_counts.as_str(),
        created,
        summary.layer_count.cast_signed(),
        Packed(content),
        Packed(words),
        version.problem.as_ref().map(Problem::to_text),
        version.complete,
    ])?;
    // A tag that came before its version, or a version that is read better than before.
    let update = "UPDATE tags SET created_at = ?3 WHERE digest = ?2 AND repository = ?1 AND created_at IS NOT ?3";
    writing
        .transaction
        .prepare_cached(update)?
        .execute((version.repository, digest, created))?;
    labels::keep_labels(writing, version.repository, digest, created, summary, gate)
}

fn insert_statement() -> &'static str {
    static INSERT: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
        format!(
            "INSERT INTO versions (id, repository, digest, media_type, kind, size, size_counts, created_at, layer_count,
                content, words, problem, complete)
            VALUES ({NEXT_VERSION}, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            ON CONFLICT (digest, repository) DO UPDATE SET
                media_type = excluded.media_type, kind = excluded.kind, size = excluded.size,
                size_counts = excluded.size_counts, created_at = excluded.created_at,
                layer_count = excluded.layer_count, content = excluded.content, words = excluded.words,
                problem = excluded.problem, complete = excluded.complete"
        )
    });
    INSERT.as_str()
}

/// Configs and distinct layers as ids, in order of first appearance; each platform with its places among the layers.
fn pack_content(writing: &mut Writing<'_>, summary: &Summary) -> rusqlite::Result<PackedContent> {
    let mut content = PackedContent::default();
    let configs: Vec<&Digest> = summary
        .platforms
        .iter()
        .filter_map(|platform| platform.config_digest.as_ref())
        .collect();
    let mut places: HashMap<&Digest, u32> = HashMap::new();
    for (digest, size) in &summary.blobs {
        let blob = (writing.ids.id(&writing.transaction, digest)?, size.bytes());
        if configs.contains(&digest) {
            content.configs.push(blob);
        } else {
            places.insert(digest, u32::try_from(content.layers.len()).unwrap_or(u32::MAX));
            content.layers.push(blob);
        }
    }
    for platform in &summary.platforms {
        let mut layers: Vec<u32> = Vec::with_capacity(platform.layers.len());
        for layer in &platform.layers {
            if let Some(place) = places.get(&layer.digest)
                && !layers.contains(place)
            {
                layers.push(*place);
            }
        }
        content.platforms.push(PackedPlatform {
            name: platform.platform.as_ref().map(ToString::to_string),
            size: platform.size_known.then(|| platform.size.bytes()),
            created: platform.created.map(milliseconds),
            layers,
        });
    }
    Ok(content)
}
