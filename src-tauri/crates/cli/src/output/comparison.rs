//! Versions beside each other, as JSON and as tables of what differs.

use application::{
    ByteSize, ComparedVersion, ComparisonAnswer, ComparisonPart, LayerRow, Report, ReportSection, ValueRow,
};
use serde::Serialize;
use serde_json::Value;

use super::{
    tables::{Column, cut, indented, section, table},
    times::{UNKNOWN, precise},
};

/// What the versions are called in the tables, in their order.
const LETTERS: [&str; application::MOST_COMPARED] = ["A", "B", "C", "D", "E", "F", "G", "H"];

/// Longer cells are cut.
const LONGEST_CELL: usize = 60;

#[derive(Debug, Serialize)]
pub(crate) struct Document<'a> {
    versions: Vec<Version<'a>>,
    #[serde(flatten)]
    last: Pair,
    #[serde(skip_serializing_if = "Option::is_none")]
    layers: Option<Vec<Layer>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<Step<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<Vec<Entry<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<Vec<Field<'a>>>,
    /// With more than two versions: each further one against the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pairs: Vec<Pair>,
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
struct Pair {
    same: bool,
    bytes_to_pull: Option<u64>,
    shared_bytes: Option<u64>,
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
    let found = &answer.comparison;
    let wants = |part: ComparisonPart| parts.contains(&part);
    let last = answer.versions.len().saturating_sub(1);
    let pairs = if last > 1 { 1..=last } else { 1..=0 };
    Document {
        versions: answer.versions.iter().map(version).collect(),
        last: pair(answer, last),
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
        pairs: pairs.map(|place| pair(answer, place)).collect(),
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

fn pair(answer: &ComparisonAnswer, place: usize) -> Pair {
    let digest = |place: usize| answer.versions.get(place).map(|version| &version.digest);
    let blobs = answer.comparison.blobs.get(place);
    Pair {
        same: digest(place) == digest(0),
        bytes_to_pull: blobs.and_then(|blobs| blobs.to_pull).map(ByteSize::bytes),
        shared_bytes: blobs.and_then(|blobs| blobs.shared).map(ByteSize::bytes),
    }
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
    let mut text = String::new();
    for (letter, reference) in LETTERS.iter().zip(&report.columns) {
        text += &format!("{letter}  {reference}\n");
    }
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
        std::iter::once(cut(&row.name, LONGEST_CELL)).chain(cells).collect()
    });
    indented(&table(&columns, rows))
}
