//! Aligned tables and blocks of facts for people.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// A column: its heading, and on which side its content stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Column {
    Left(&'static str),
    Right(&'static str),
}

impl Column {
    const fn heading(self) -> &'static str {
        match self {
            Self::Left(heading) | Self::Right(heading) => heading,
        }
    }
}

/// A table with its headings; ends with a line end.
pub(crate) fn table(columns: &[Column], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = plain();
    table.set_header(
        columns
            .iter()
            .map(|column| column.heading().to_owned())
            .collect::<Vec<_>>(),
    );
    table.add_rows(
        rows.into_iter()
            .map(|row| row.into_iter().map(|cell| one_line(&cell)).collect::<Vec<_>>()),
    );
    for (column, drawn) in columns.iter().zip(table.column_iter_mut()) {
        drawn.set_padding((0, 2));
        if matches!(column, Column::Right(_)) {
            drawn.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt() + "\n"
}

/// Names and what they stand for, below each other; empty ones are left out.
pub(crate) fn facts(facts: &[(&str, String)], indent: &str) -> String {
    let mut table = plain();
    let shown = facts.iter().filter(|(_, value)| !value.is_empty());
    table.add_rows(shown.map(|(name, value)| vec![format!("{indent}{name}"), one_line(value)]));
    if table.is_empty() {
        return String::new();
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt() + "\n"
}

/// A part of a longer answer under its heading; nothing if it is empty.
pub(crate) fn section(heading: &str, body: &str) -> String {
    if body.is_empty() {
        String::new()
    } else {
        format!("\n{heading}\n{body}")
    }
}

/// The lines of a text further to the right.
pub(crate) fn indented(text: &str) -> String {
    text.lines()
        .map(|line| {
            if line.is_empty() {
                "\n".to_owned()
            } else {
                format!("  {line}\n")
            }
        })
        .collect()
}

/// The first so many characters of a text.
pub(crate) fn cut(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let kept: String = text.chars().take(characters.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

fn plain() -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    table
}

/// Names of registries are foreign: what would break the table, or tell the terminal something, is shown as text.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_lines_end_with_their_text() {
        let rows = [
            vec!["a".to_owned(), "1.00 kB".to_owned()],
            vec!["longer".to_owned(), "97.2 MB".to_owned()],
        ];
        let text = table(&[Column::Left("TAG"), Column::Right("SIZE")], rows);
        assert_eq!(text, "TAG        SIZE\na       1.00 kB\nlonger  97.2 MB\n");
    }

    #[test]
    fn nothing_tells_the_terminal_something() {
        let text = table(&[Column::Left("TAG")], [vec!["a\u{1b}[31mb\nc".to_owned()]]);
        assert_eq!(text, "TAG\na [31mb c\n");
    }

    #[test]
    fn empty_facts_are_left_out() {
        let text = facts(&[("kind", "image".to_owned()), ("tags", String::new())], "");
        assert_eq!(text, "kind  image\n");
        assert_eq!(facts(&[], ""), "");
    }
}
