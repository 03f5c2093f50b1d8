//! What several versions hold together, and what would go with them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use artifact::{ByteSize, Digest, RepositoryName, Summary, summarize};
use chrono::{DateTime, Utc};

use super::{Index, usage::Leftovers};
use crate::{
    CatalogError, ConnectionId, OnlyLayer, SelectedVersion, SelectionUsage, VersionsQuery,
    kept::KeptContent,
    store::{DigestIds, PackedContent, time},
    versions::{VersionsView, digests, facts::ReadFacts},
};

/// Versions whose manifests are read again for the names of their layers and what they have in common.
const NAMED: usize = 100;
/// Different values of one field that are still worth a line.
const VALUES: usize = 2;

/// One selected version.
struct Selected<'a> {
    digest: Digest,
    name: String,
    tags: usize,
    signed: bool,
    read: Option<&'a ReadFacts>,
    content: PackedContent,
}

pub(super) fn selection(
    index: &Index,
    connection: &ConnectionId,
    repository: &RepositoryName,
    digests: &[Digest],
    now: DateTime<Utc>,
) -> Result<SelectionUsage, CatalogError> {
    let view = index.versions(&VersionsQuery::new(connection.clone(), repository.clone()))?;
    let selected = selected(index, &view, digests)?;
    let leftovers = Leftovers::of(index, view.facts())?;
    let mut within: HashMap<i64, (u64, u32)> = HashMap::new();
    for (blob, size) in selected.iter().flat_map(|version| version.content.blobs()) {
        within.entry(blob).or_insert((size, 0)).1 += 1;
    }
    let needed_outside = |blob: i64, inside: u32| {
        view.facts().sharing.versions_with(blob) > inside || leftovers.blobs.contains_key(&blob)
    };
    let mut usage = SelectionUsage {
        tags: selected.iter().map(|one| one.tags as u64).sum(),
        ..Default::default()
    };
    let mut only: HashSet<i64> = HashSet::new();
    for (blob, (size, inside)) in &within {
        usage.stored += ByteSize(*size);
        if needed_outside(*blob, *inside) {
            usage.shared += ByteSize(*size);
        } else {
            only.insert(*blob);
            usage.only_these += ByteSize(*size);
            if *inside > 1 {
                usage.shared_among_these += ByteSize(*size);
            }
        }
    }
    usage.signed = selected.iter().filter(|one| one.signed).count() as u64;
    let created = || selected.iter().filter_map(|one| one.read?.created);
    usage.oldest = created().min().and_then(time);
    usage.newest = created().max().and_then(time);
    let only_here = |blob: i64| within.get(&blob).is_some_and(|(_, inside)| *inside == 1) && only.contains(&blob);
    usage.versions = versions(index, &selected, only_here)?;
    let layers: BTreeMap<i64, u64> = selected
        .iter()
        .flat_map(|one| one.content.layers.iter().copied())
        .collect();
    usage.layer_total = layers.len() as u64;
    let summaries: Vec<Summary> = selected
        .iter()
        .take(NAMED)
        .map(|one| summarize(&one.digest, &KeptContent(index.store()), now))
        .collect();
    let only_layers: Vec<(i64, u64)> = layers.into_iter().filter(|(blob, _)| only.contains(blob)).collect();
    usage.only_layers = name_layers(index, &selected, &summaries, &only_layers)?;
    usage.common = common(&selected, &summaries);
    Ok(usage)
}

fn selected<'a>(index: &Index, view: &'a VersionsView, digests: &[Digest]) -> Result<Vec<Selected<'a>>, CatalogError> {
    let facts = view.facts();
    let places: HashMap<i64, usize> = facts
        .versions
        .iter()
        .enumerate()
        .filter_map(|(place, version)| Some((version.id?, place)))
        .collect();
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for digest in digests.iter().filter(|digest| seen.insert(*digest)) {
        let id = index.store().read(|reading| DigestIds::find(reading, digest))?;
        let Some(place) = id.and_then(|id| places.get(&id).copied()) else {
            continue;
        };
        let Some(version) = facts.versions.get(place) else {
            continue;
        };
        let read = version.read.as_ref();
        found.push(Selected {
            digest: digest.clone(),
            name: view
                .best_tag(place)
                .map_or_else(|| digest.short().to_owned(), str::to_owned),
            tags: version.tags.len(),
            signed: version.signed,
            content: read.map(ReadFacts::content).unwrap_or_default(),
            read,
        });
    }
    Ok(found)
}

fn versions(
    index: &Index,
    selected: &[Selected<'_>],
    only_here: impl Fn(i64) -> bool,
) -> Result<Vec<SelectedVersion>, CatalogError> {
    index.store().read(|reading| {
        selected
            .iter()
            .map(|one| {
                let alone = one
                    .content
                    .blobs()
                    .filter(|(blob, _)| only_here(*blob))
                    .map(|(_, size)| size);
                Ok(SelectedVersion {
                    digest: one.digest.clone(),
                    name: one.name.clone(),
                    only_here: ByteSize(alone.sum()),
                    size: one.read.and_then(|read| read.size).map(ByteSize),
                    layers: digests(reading, &one.content.layers)?,
                })
            })
            .collect()
    })
}

/// Layers that only the selection needs, largest first, named as a version's own list names them.
fn name_layers(
    index: &Index,
    selected: &[Selected<'_>],
    summaries: &[Summary],
    layers: &[(i64, u64)],
) -> Result<Vec<OnlyLayer>, CatalogError> {
    let mut names: HashMap<&Digest, &str> = HashMap::new();
    for layer in summaries
        .iter()
        .flat_map(|one| &one.platforms)
        .flat_map(|platform| &platform.layers)
    {
        if let Some(name) = layer.title.as_deref().or(layer.created_by.as_deref()) {
            names.entry(&layer.digest).or_insert(name);
        }
    }
    let resolved = index.store().read(|reading| digests(reading, layers))?;
    let mut found: Vec<OnlyLayer> = layers
        .iter()
        .zip(resolved)
        .map(|((blob, _), (digest, size))| {
            let holds = |one: &&Selected<'_>| one.content.layers.iter().any(|(layer, _)| layer == blob);
            OnlyLayer {
                name: names
                    .get(&digest)
                    .map_or_else(|| digest.short().to_owned(), |name| (*name).to_owned()),
                of: selected.iter().filter(holds).map(|one| one.name.clone()).collect(),
                digest,
                size,
            }
        })
        .collect();
    found.sort_by(|one, other| {
        other
            .size
            .bytes()
            .cmp(&one.size.bytes())
            .then_with(|| one.digest.cmp(&other.digest))
    });
    Ok(found)
}

/// Reads one field of a card as text.
type FieldOf = fn(&Summary) -> Option<String>;

/// What all of them have: kind, platforms, metrics as a span, and fields of the card with few values.
fn common(selected: &[Selected<'_>], summaries: &[Summary]) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let kinds: BTreeSet<&str> = selected.iter().filter_map(|one| Some(one.read?.kind.label())).collect();
    push_values(&mut lines, "Kind", kinds.into_iter().map(str::to_owned).collect());
    if summaries.is_empty() || summaries.len() < selected.len() {
        return lines;
    }
    let platforms: BTreeSet<Vec<String>> = summaries
        .iter()
        .map(|one| {
            one.platforms
                .iter()
                .filter_map(|one| one.platform.as_ref())
                .map(ToString::to_string)
                .collect()
        })
        .collect();
    if let (1, Some(names)) = (platforms.len(), platforms.first())
        && !names.is_empty()
    {
        lines.push(("Platforms".to_owned(), names.join(", ")));
    }
    push_metrics(&mut lines, summaries);
    let fields: [(&str, FieldOf); 6] = [
        ("Architecture", |one| one.card.architecture.clone()),
        ("Framework", |one| one.card.framework.clone()),
        ("Dataset", |one| one.card.dataset.clone()),
        ("Format", |one| one.card.format.clone()),
        ("Precision", |one| one.card.precision.clone()),
        ("Licence", |one| {
            (!one.card.licenses.is_empty()).then(|| one.card.licenses.join(", "))
        }),
    ];
    for (field, value) in fields {
        let values: Option<BTreeSet<String>> = summaries.iter().map(value).collect();
        push_values(&mut lines, field, values.unwrap_or_default());
    }
    lines
}

fn push_values(lines: &mut Vec<(String, String)>, field: &str, values: BTreeSet<String>) {
    if (1..=VALUES).contains(&values.len()) {
        lines.push((field.to_owned(), values.into_iter().collect::<Vec<_>>().join(", ")));
    }
}

fn push_metrics(lines: &mut Vec<(String, String)>, summaries: &[Summary]) {
    let Some(first) = summaries.first() else { return };
    for name in first.card.metrics.keys() {
        let values: Option<Vec<f64>> = summaries
            .iter()
            .map(|one| one.card.metrics.get(name).copied())
            .collect();
        let Some(values) = values else { continue };
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let text = if least.total_cmp(&most).is_eq() {
            format!("{least}")
        } else {
            format!("{least} to {most}")
        };
        lines.push((name.clone(), text));
    }
}
