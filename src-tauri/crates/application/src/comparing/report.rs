//! A comparison as sections of rows, for a terminal, a pull request or a page: only what differs.

use std::collections::BTreeMap;

use artifact::{
    ByteSize, Digest, Ecosystem, LayerSummary, SizeUnits,
    comparison::{FileChanged, ValueRow},
};

use super::words::{label, told};
use crate::{
    ComparisonAnswer, ComparisonPart, ContentsComparison, PackageRow, Report, ReportRow, ReportSection,
    reading::layer_name,
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
    if let Some(contents) = answer.contents.as_ref().filter(|_| wants(ComparisonPart::Packages)) {
        sections.extend(
            contents
                .packages
                .iter()
                .map(|(ecosystem, rows)| packages(*ecosystem, rows)),
        );
    }
    if wants(ComparisonPart::Config) {
        sections.push(values("Configuration", "entries", &answer.comparison.config));
    }
    if let Some(contents) = answer.contents.as_ref().filter(|_| wants(ComparisonPart::Files)) {
        sections.push(files(answer.reference, contents, units));
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

fn packages(ecosystem: Ecosystem, rows: &[PackageRow]) -> ReportSection {
    let differing: Vec<_> = rows.iter().filter(|row| row.differs).collect();
    let shown = differing.iter().map(|row| ReportRow {
        name: row.name.clone(),
        cells: row.versions.clone(),
    });
    ReportSection {
        title: format!("{} packages", ecosystem.label()),
        note: format!("{} of {} differ", differing.len(), rows.len()),
        rows: shown.collect(),
    }
}

/// What became of a file of the reference in each version; a dash: it is as it was.
fn files(reference: usize, contents: &ContentsComparison, units: SizeUnits) -> ReportSection {
    let mut rows: BTreeMap<&str, Vec<Option<String>>> = BTreeMap::new();
    let count = contents.files.len();
    for (version, found) in contents
        .files
        .iter()
        .enumerate()
        .filter(|(version, _)| *version != reference)
    {
        let size = |size: ByteSize| size.display(units);
        let added = found
            .added
            .iter()
            .map(|file| (&file.path, format!("added, {}", size(file.size))));
        let removed = found.removed.iter().map(|file| (&file.path, "removed".to_owned()));
        let changed = found.changed.iter().map(|file| (&file.path, became(file, units)));
        for (path, told) in added.chain(removed).chain(changed) {
            rows.entry(path).or_insert_with(|| vec![None; count])[version] = Some(told);
        }
    }
    let same: Vec<u64> = contents.files.iter().map(|found| found.same_by_size).collect();
    let by_size = same.iter().max().copied().unwrap_or_default();
    let note = match (rows.len(), by_size) {
        (count, 0) => format!("{count} differ"),
        (count, by_size) => format!("{count} differ; {by_size} count as the same by their size alone"),
    };
    let row = |(path, cells): (&str, Vec<Option<String>>)| ReportRow {
        name: path.to_owned(),
        cells,
    };
    ReportSection {
        title: "Files".to_owned(),
        note,
        rows: rows.into_iter().map(row).collect(),
    }
}

fn became(file: &FileChanged, units: SizeUnits) -> String {
    let [before, after] = file.sizes.map(|size| size.display(units));
    match (file.content, file.sizes[0] == file.sizes[1]) {
        (false, _) => format!("mode {:04o} → {:04o}", file.modes[0] & 0o7777, file.modes[1] & 0o7777),
        (true, true) => format!("changed, {after}"),
        (true, false) => format!("changed, {before} → {after}"),
    }
}
