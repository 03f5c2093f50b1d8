//! A comparison as sections of rows, for a terminal, a pull request or a page: only what differs.

use artifact::{ByteSize, LayerSummary, SizeUnits, comparison::ValueRow};

use super::words::{label, told};
use crate::{ComparisonAnswer, ComparisonPart, Report, ReportRow, ReportSection, reading::layer_name};

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
    if wants(ComparisonPart::Config) {
        sections.push(values("Configuration", "entries", &answer.comparison.config));
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
        row("Digest", of_versions(&|version| Some(version.digest.to_string()))),
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
    let differing: Vec<_> = rows.iter().filter(|row| row.differs).collect();
    let shown = differing.iter().enumerate().map(|(place, row)| ReportRow {
        name: (place + 1).to_string(),
        cells: row.steps.clone(),
    });
    ReportSection {
        title: "Build steps".to_owned(),
        note: format!("{} of {} differ", differing.len(), rows.len()),
        rows: shown.collect(),
    }
}
