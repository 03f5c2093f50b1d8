//! A comparison as Markdown, for a pull request: a table for each section that has something to tell.

use std::fmt::Write;

use crate::{Report, ReportSection};

/// Longer cells are cut: a table of a pull request is read, not parsed.
const LONGEST_CELL: usize = 120;

pub(super) fn markdown(report: &Report) -> String {
    let columns: Vec<String> = report.columns.iter().map(|column| escaped(column)).collect();
    let mut text = format!("## {}\n", columns.join(" ↔ "));
    for section in &report.sections {
        let _ = match section.note.as_str() {
            "" => writeln!(text, "\n### {}\n", section.title),
            note => writeln!(text, "\n### {} · {note}\n", section.title),
        };
        if !section.rows.is_empty() {
            table(&mut text, &columns, section);
        }
    }
    text
}

fn table(text: &mut String, headings: &[String], section: &ReportSection) {
    let _ = writeln!(text, "| | {} |", headings.join(" | "));
    let _ = writeln!(text, "|---|{}", "---|".repeat(headings.len()));
    for row in &section.rows {
        let cells: Vec<String> = row
            .cells
            .iter()
            .map(|cell| cell.as_deref().map_or_else(|| "—".to_owned(), escaped))
            .collect();
        let _ = writeln!(text, "| {} | {} |", escaped(&row.name), cells.join(" | "));
    }
}

/// Names and values are foreign: nothing in them ends a cell, opens a tag or calls a person.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (place, character) in text.chars().enumerate() {
        if place == LONGEST_CELL {
            escaped.push('…');
            break;
        }
        match character {
            character if character.is_control() => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '@' => escaped.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => {
                escaped.push('\\');
                escaped.push(character);
            }
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReportRow;

    #[test]
    fn foreign_text_stays_text() {
        let report = Report {
            columns: vec!["a/b:1".to_owned(), "a/b@sha256:0".to_owned()],
            sections: vec![ReportSection {
                title: "Model card".to_owned(),
                note: "1 of 2 fields differ".to_owned(),
                rows: vec![ReportRow {
                    name: "x|y".to_owned(),
                    cells: vec![Some("<script>\n`*".to_owned()), None],
                }],
            }],
        };
        let text = markdown(&report);
        let expected = "## a/b:1 ↔ a/b&#64;sha256:0\n\n### Model card · 1 of 2 fields differ\n\n\
             | | a/b:1 | a/b&#64;sha256:0 |\n|---|---|---|\n| x\\|y | &lt;script> \\`\\* | — |\n";
        assert_eq!(text, expected);
    }
}
