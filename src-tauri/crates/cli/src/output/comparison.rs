//! Versions beside each other, as JSON and as tables of what differs.

use std::collections::BTreeMap;

use application::{
    ByteSize, ComparedVersion, ComparisonAnswer, ComparisonPart, ContentsComparison, Dtype, FilesDifference, LayerRow,
    Report, ReportSection, Tensor, TensorChange, TensorsComparison, TensorsDifference, ValueRow,
};
use serde::Serialize;
use serde_json::Value;

use super::{
    tables::{Column, cut, indented, section, table},
    times::{UNKNOWN, precise},
};

/// What the versions are called in the tables, in their order.
const LETTERS: [&str; application::MOST_COMPARED] = ["A", "B", "C", "D", "E", "F", "G", "H"];

/// Paths of files are names.
const LONGEST_NAME: usize = 160;

/// Longer cells are cut.
const LONGEST_CELL: usize = 60;

#[derive(Debug, Serialize)]
pub(crate) struct Document<'a> {
    versions: Vec<Version<'a>>,
    #[serde(flatten)]
    last: Pair<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layers: Option<Vec<Layer>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<Step<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<Vec<Entry<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<Vec<Field<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    packages: Option<BTreeMap<&'static str, Vec<Package<'a>>>>,
    /// With more than two versions: each further one against the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pairs: Vec<Pair<'a>>,
}

#[derive(Debug, Serialize)]
struct Version<'a> {
    reference: &'a str,
    digest: String,
    platform: Option<&'a str>,
    size_bytes: Option<u64>,
    created: Option<String>,
}

/// One version against the first.
#[derive(Debug, Serialize)]
struct Pair<'a> {
    same: bool,
    bytes_to_pull: Option<u64>,
    shared_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tensors: Option<Tensors<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Files<'a>>,
}

#[derive(Debug, Serialize)]
struct Tensors<'a> {
    added: Vec<Named<'a>>,
    removed: Vec<Named<'a>>,
    changed: Vec<Changed<'a>>,
    /// How many have the same type and shape; of their values nothing is known.
    same: u64,
    metadata: Vec<Metadata<'a>>,
    /// For all versions together.
    bytes_read: u64,
    verified: bool,
}

#[derive(Debug, Serialize)]
struct Named<'a> {
    name: &'a str,
    dtype: &'a Dtype,
    shape: &'a [u64],
}

#[derive(Debug, Serialize)]
struct Changed<'a> {
    name: &'a str,
    dtype: &'a [Dtype; 2],
    shape: &'a [Vec<u64>; 2],
}

#[derive(Debug, Serialize)]
struct Metadata<'a> {
    key: &'a str,
    values: [Option<String>; 2],
}

#[derive(Debug, Serialize)]
struct Files<'a> {
    added: Vec<File<'a>>,
    removed: Vec<File<'a>>,
    changed: Vec<File<'a>>,
    same: u64,
    /// Of the same: whose content is not known.
    same_by_size: u64,
}

/// Before and after; null where it is not there.
#[derive(Debug, Serialize)]
struct File<'a> {
    path: &'a str,
    size_bytes: [Option<u64>; 2],
}

#[derive(Debug, Serialize)]
struct Package<'a> {
    name: &'a str,
    versions: &'a [Option<String>],
}

#[derive(Debug, Serialize)]
struct Layer {
    digest: String,
    size_bytes: u64,
    #[serde(rename = "in")]
    contained: Vec<bool>,
}

#[derive(Debug, Serialize)]
struct Step<'a> {
    steps: &'a [Option<String>],
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    path: &'a str,
    values: &'a [Option<Value>],
}

#[derive(Debug, Serialize)]
struct Field<'a> {
    field: &'a str,
    values: &'a [Option<Value>],
}

/// The document of `compare --json`.
pub(crate) fn document<'a>(answer: &'a ComparisonAnswer, parts: &[ComparisonPart]) -> Document<'a> {
    let (found, contents) = (&answer.comparison, answer.contents.as_ref());
    let wants = |part: ComparisonPart| parts.contains(&part);
    let last = answer.versions.len().saturating_sub(1);
    let pairs = 1..if last > 1 { last + 1 } else { 1 };
    Document {
        versions: answer.versions.iter().map(version).collect(),
        last: pair(answer, last, parts),
        layers: wants(ComparisonPart::Layers).then(|| layers(&found.layers)),
        history: wants(ComparisonPart::Layers).then(|| {
            let differing = found.history.iter().filter(|row| row.differs);
            differing.map(|row| Step { steps: &row.steps }).collect()
        }),
        config: wants(ComparisonPart::Config).then(|| {
            let entry = |row: &'a ValueRow| Entry {
                path: &row.path,
                values: &row.values,
            };
            found.config.iter().filter(|row| row.differs).map(entry).collect()
        }),
        card: wants(ComparisonPart::Card).then(|| {
            let field = |row: &'a ValueRow| Field {
                field: &row.path,
                values: &row.values,
            };
            found.card.iter().filter(|row| row.differs).map(field).collect()
        }),
        pairs: pairs.map(|place| pair(answer, place, parts)).collect(),
        packages: contents.filter(|_| wants(ComparisonPart::Packages)).map(packages),
    }
}

fn version(version: &ComparedVersion) -> Version<'_> {
    Version {
        reference: &version.reference,
        digest: version.digest.to_string(),
        platform: version.platform.as_deref().filter(|platform| *platform != "any"),
        size_bytes: version.size.map(ByteSize::bytes),
        created: version.created.map(precise),
    }
}

fn pair<'a>(answer: &'a ComparisonAnswer, place: usize, parts: &[ComparisonPart]) -> Pair<'a> {
    let contents = answer
        .contents
        .as_ref()
        .filter(|_| parts.contains(&ComparisonPart::Files));
    let digest = |place: usize| answer.versions.get(place).map(|version| &version.digest);
    let tensors = answer
        .tensors
        .as_ref()
        .filter(|_| parts.contains(&ComparisonPart::Tensors));
    let blobs = answer.comparison.blobs.get(place);
    Pair {
        same: digest(place) == digest(0),
        bytes_to_pull: blobs.and_then(|blobs| blobs.to_pull).map(ByteSize::bytes),
        shared_bytes: blobs.and_then(|blobs| blobs.shared).map(ByteSize::bytes),
        tensors: tensors.and_then(|found| Some(tensors_document(found, &found.versions.get(place)?.difference))),
        files: contents.and_then(|contents| contents.files.get(place)).map(files),
    }
}

fn tensors_document<'a>(read: &TensorsComparison, found: &'a TensorsDifference) -> Tensors<'a> {
    let named = |tensor: &'a Tensor| Named {
        name: &tensor.name,
        dtype: &tensor.dtype,
        shape: &tensor.shape,
    };
    let changed = |change: &'a TensorChange| Changed {
        name: &change.name,
        dtype: &change.dtype,
        shape: &change.shape,
    };
    let metadata = found.metadata.iter().map(|change| Metadata {
        key: &change.key,
        values: [0, 1].map(|side| change.values[side].as_ref().map(ToString::to_string)),
    });
    Tensors {
        added: found.added.iter().map(named).collect(),
        removed: found.removed.iter().map(named).collect(),
        changed: found.changed.iter().map(changed).collect(),
        same: found.same,
        metadata: metadata.collect(),
        bytes_read: read.bytes_read.bytes(),
        verified: read.verified,
    }
}

/// A file whose mode alone changed holds the same bytes.
fn files(found: &FilesDifference) -> Files<'_> {
    let changed = found.changed.iter().filter(|file| file.content);
    let modes = found.changed.iter().filter(|file| !file.content);
    Files {
        added: found
            .added
            .iter()
            .map(|file| told(&file.path, None, Some(file.size)))
            .collect(),
        removed: found
            .removed
            .iter()
            .map(|file| told(&file.path, Some(file.size), None))
            .collect(),
        changed: changed
            .map(|file| told(&file.path, Some(file.sizes[0]), Some(file.sizes[1])))
            .collect(),
        same: found.same + modes.count() as u64,
        same_by_size: found.same_by_size,
    }
}

fn told(path: &str, before: Option<ByteSize>, after: Option<ByteSize>) -> File<'_> {
    File {
        path,
        size_bytes: [before, after].map(|size| size.map(ByteSize::bytes)),
    }
}

fn packages(contents: &ContentsComparison) -> BTreeMap<&'static str, Vec<Package<'_>>> {
    let mut found = BTreeMap::new();
    for (ecosystem, rows) in &contents.packages {
        let rows = rows.iter().filter(|row| row.differs).map(|row| Package {
            name: &row.name,
            versions: &row.versions,
        });
        found.insert(ecosystem.as_str(), rows.collect());
    }
    found
}

/// Each digest once, in the order of the rows.
fn layers(rows: &[LayerRow]) -> Vec<Layer> {
    let mut found: Vec<Layer> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for row in rows {
        for (version, layer) in row.layers.iter().enumerate() {
            let Some(layer) = layer else { continue };
            let place = *places.entry(&layer.digest).or_insert_with(|| {
                found.push(Layer {
                    digest: layer.digest.to_string(),
                    size_bytes: layer.size.bytes(),
                    contained: vec![false; row.layers.len()],
                });
                found.len() - 1
            });
            found[place].contained[version] = true;
        }
    }
    found
}

/// A table for each section that has something to tell, under the letters of the versions.
pub(crate) fn text(report: &Report) -> String {
    let heads = LETTERS.iter().zip(&report.columns);
    let heads: Vec<String> = heads
        .map(|(letter, reference)| format!("{letter}  {reference}\n"))
        .collect();
    let mut text = heads.concat();
    for part in &report.sections {
        let heading = if part.note.is_empty() {
            part.title.clone()
        } else {
            format!("{} · {}", part.title, part.note)
        };
        text += &section(&heading, &body(part));
    }
    text
}

fn body(part: &ReportSection) -> String {
    let Some(first) = part.rows.first() else {
        return String::new();
    };
    let letters = LETTERS.iter().take(first.cells.len());
    let columns: Vec<Column> = std::iter::once(&"").chain(letters).copied().map(Column::Left).collect();
    let rows = part.rows.iter().map(|row| {
        let cells = row
            .cells
            .iter()
            .map(|cell| cut(cell.as_deref().unwrap_or(UNKNOWN), LONGEST_CELL));
        std::iter::once(cut(&row.name, LONGEST_NAME)).chain(cells).collect()
    });
    indented(&table(&columns, rows))
}
