//! A comparison as sections of rows, for a terminal, a pull request or a page: only what differs.

use artifact::{ByteSize, Digest, Ecosystem, LayerSummary, SizeUnits, comparison::ValueRow, tensors::GroupCell};

use super::words::{label, told};
use crate::{
    ComparisonAnswer, ComparisonPart, ContentsComparison, FileFate, PackageRow, Report, ReportRow, ReportSection,
    TensorsComparison, reading::layer_name,
};

/// The sections that are asked for, the versions before them.
pub(super) fn report(answer: &ComparisonAnswer, parts: &[ComparisonPart], units: SizeUnits) -> Report {
    let wants = |part: ComparisonPart| parts.contains(&part);
    let mut sections = vec![versions(answer, units)];
    if wants(ComparisonPart::Card) {
        sections.push(values("Model card", "fields", &answer.comparison.card));
    }
    if wants(ComparisonPart::Layers) {
        sections.push(layers(answer, units));
        sections.push(history(answer));
    }
    if let Some(tensors) = answer.tensors.as_ref().filter(|_| wants(ComparisonPart::Tensors)) {
        sections.push(tensor_groups(answer.reference, tensors, units));
    }
    if let Some(contents) = answer.contents.as_ref().filter(|_| wants(ComparisonPart::Packages)) {
        sections.extend(
            contents
                .packages
                .iter()
                .map(|(ecosystem, rows)| packages(*ecosystem, rows, contents.packages_stated)),
        );
    }
    if wants(ComparisonPart::Config) {
        sections.push(values("Configuration", "entries", &answer.comparison.config));
    }
    if let Some(contents) = answer.contents.as_ref().filter(|_| wants(ComparisonPart::Files)) {
        sections.push(files(contents, units));
    }
    Report {
        columns: answer
            .versions
            .iter()
            .map(|version| version.reference.clone())
            .collect(),
        sections,
    }
}

fn versions(answer: &ComparisonAnswer, units: SizeUnits) -> ReportSection {
    let size = |size: Option<ByteSize>| size.map(|size| size.display(units));
    let row = |name: &str, cells: Vec<Option<String>>| ReportRow {
        name: name.to_owned(),
        cells,
    };
    let of_versions =
        |cell: &dyn Fn(&crate::ComparedVersion) -> Option<String>| answer.versions.iter().map(cell).collect::<Vec<_>>();
    let blobs = &answer.comparison.blobs;
    let reference = char::from(b'A' + u8::try_from(answer.reference).unwrap_or_default());
    let rows = vec![
        row("Digest", of_versions(&|version| Some(shortened(&version.digest)))),
        row("Platform", of_versions(&|version| version.platform.clone())),
        row(
            "Created",
            of_versions(&|version| version.created.map(|time| time.format("%-d %b %Y").to_string())),
        ),
        row("Size", blobs.iter().map(|blobs| size(blobs.total)).collect()),
        row(
            &format!("To pull, having {reference}"),
            blobs.iter().map(|blobs| size(blobs.to_pull)).collect(),
        ),
        row(
            &format!("Shared with {reference}"),
            blobs.iter().map(|blobs| size(blobs.shared)).collect(),
        ),
        row("Only here", blobs.iter().map(|blobs| size(blobs.own)).collect()),
    ];
    ReportSection {
        title: "Versions".to_owned(),
        note: if answer.comparison.same {
            "the same, by digest"
        } else {
            ""
        }
        .to_owned(),
        rows,
    }
}

fn values(title: &str, of_what: &str, rows: &[ValueRow]) -> ReportSection {
    let differing = rows.iter().filter(|row| row.differs);
    let shown = differing.clone().map(|row| {
        let cells = row.values.iter().zip(&row.differences).map(|(value, difference)| {
            let value = told(&row.path, value.as_ref()?);
            Some(match difference {
                Some(difference) => format!("{value} ({difference})"),
                None => value,
            })
        });
        ReportRow {
            name: label(&row.path),
            cells: cells.collect(),
        }
    });
    ReportSection {
        title: title.to_owned(),
        note: format!("{} of {} {of_what} differ", differing.clone().count(), rows.len()),
        rows: shown.collect(),
    }
}

fn layers(answer: &ComparisonAnswer, units: SizeUnits) -> ReportSection {
    let rows = &answer.comparison.layers;
    let cell = |layer: &LayerSummary| format!("{} {}", layer.digest.short(), layer.size.display(units));
    let differing: Vec<_> = rows.iter().filter(|row| row.differs).collect();
    let shown = differing.iter().map(|row| ReportRow {
        name: row.layers.iter().flatten().next().map(layer_name).unwrap_or_default(),
        cells: row.layers.iter().map(|layer| layer.as_ref().map(cell)).collect(),
    });
    ReportSection {
        title: "Layers".to_owned(),
        note: format!("{} of {} differ", differing.len(), rows.len()),
        rows: shown.collect(),
    }
}

/// The commands that changed, where there are any beside those that name a layer already.
fn history(answer: &ComparisonAnswer) -> ReportSection {
    let rows = &answer.comparison.history;
    let differing: Vec<_> = rows.iter().enumerate().filter(|(_, row)| row.differs).collect();
    let shown = differing.iter().map(|(place, row)| ReportRow {
        name: (place + 1).to_string(),
        cells: row.steps.clone(),
    });
    ReportSection {
        title: "Build steps".to_owned(),
        note: format!("{} of {} differ", differing.len(), rows.len()),
        rows: shown.collect(),
    }
}

/// As much of a digest as people compare.
fn shortened(digest: &Digest) -> String {
    let text = digest.to_string();
    let length = text.find(':').map_or(0, |colon| colon + 1) + 12;
    text.chars().take(length).collect()
}

fn packages(ecosystem: Ecosystem, rows: &[PackageRow], stated: bool) -> ReportSection {
    let differing: Vec<_> = rows.iter().filter(|row| row.differs).collect();
    let shown = differing.iter().map(|row| ReportRow {
        name: row.name.clone(),
        cells: row.versions.clone(),
    });
    ReportSection {
        title: format!("{} packages", ecosystem.label()),
        note: format!(
            "{} of {} differ{}",
            differing.len(),
            rows.len(),
            if stated { ", from the SBOMs" } else { "" }
        ),
        rows: shown.collect(),
    }
}

/// What became of a file of the reference in each version; a dash: it is as it was.
fn files(contents: &ContentsComparison, units: SizeUnits) -> ReportSection {
    let by_size = contents
        .files
        .iter()
        .map(|found| found.same_by_size)
        .max()
        .unwrap_or_default();
    let differing = contents.file_rows.len();
    let rows = contents.file_rows.iter().map(|row| ReportRow {
        name: row.path.clone(),
        cells: row
            .fates
            .iter()
            .map(|fate| fate.map(|fate| became(fate, units)))
            .collect(),
    });
    ReportSection {
        title: "Files".to_owned(),
        note: match by_size {
            0 => format!("{differing} differ"),
            _ => format!("{differing} differ; {by_size} count as the same by their size alone"),
        },
        rows: rows.collect(),
    }
}

fn became(fate: FileFate, units: SizeUnits) -> String {
    match fate {
        FileFate::Added(size) => format!("added, {}", size.display(units)),
        FileFate::Removed(_) => "removed".to_owned(),
        FileFate::Changed([before, after]) if before == after => format!("changed, {}", after.display(units)),
        FileFate::Changed([before, after]) => {
            format!("changed, {} → {}", before.display(units), after.display(units))
        }
        FileFate::Mode([before, after]) => format!("mode {before:04o} → {after:04o}"),
    }
}

/// Tensors that are alike in one line; what differs of them stands in the cells.
fn tensor_groups(reference: usize, tensors: &TensorsComparison, units: SizeUnits) -> ReportSection {
    let differing = tensors.groups.iter().filter(|group| group.differs);
    let rows = differing.map(|group| ReportRow {
        name: match group.tensors {
            1 => group.name.clone(),
            count => format!("{} ({count})", group.name),
        },
        cells: group.cells.iter().map(|cell| cell.as_ref().map(tensor_cell)).collect(),
    });
    let each = tensors
        .versions
        .iter()
        .enumerate()
        .filter(|(version, _)| *version != reference);
    let counts: Vec<String> = each
        .map(|(version, found)| {
            let found = &found.difference;
            let letter = char::from(b'A' + u8::try_from(version).unwrap_or_default());
            let (added, removed) = (found.added.len(), found.removed.len());
            format!(
                "{letter}: {added} added, {removed} removed, {} changed, {} alike",
                found.changed.len(),
                found.same
            )
        })
        .collect();
    let read = tensors.bytes_read.display(units);
    ReportSection {
        title: "Tensors".to_owned(),
        note: format!(
            "{}; types and shapes from the headers, {read} read, values are not compared",
            counts.join(". ")
        ),
        rows: rows.collect(),
    }
}

fn tensor_cell(cell: &GroupCell) -> String {
    match &cell.shape {
        Some(shape) => {
            let shape: Vec<String> = shape.iter().map(u64::to_string).collect();
            format!("{} [{}]", cell.dtype, shape.join(", "))
        }
        None => cell.dtype.to_string(),
    }
}
