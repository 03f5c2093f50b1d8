//! The files of a version, as JSON and as a list like that of `ls -l`.

use application::{FileKind, ListedFile};
use serde::Serialize;

use super::tables::{Column, table};
use crate::terminal::Terminal;

#[derive(Debug, Serialize)]
pub(crate) struct File<'a> {
    path: &'a str,
    size_bytes: u64,
    mode: &'a str,
    layer: String,
    kind: &'static str,
}

/// The documents, in the order of the list.
pub(crate) fn documents(files: &[ListedFile]) -> Vec<File<'_>> {
    let documents = files.iter().map(|file| File {
        path: &file.path,
        size_bytes: file.size.bytes(),
        mode: &file.mode,
        layer: file.layer.to_string(),
        kind: kind_name(file.kind),
    });
    documents.collect()
}

pub(crate) fn table_of(files: &[ListedFile], terminal: &Terminal) -> String {
    const COLUMNS: [Column; 5] = [
        Column::Left("MODE"),
        Column::Right("SIZE"),
        Column::Left("LAYER"),
        Column::Left("KIND"),
        Column::Left("PATH"),
    ];
    let line = |file: &ListedFile| {
        vec![
            file.mode.clone(),
            terminal.size(file.size),
            file.layer.short().to_owned(),
            kind_name(file.kind).to_owned(),
            file.path.clone(),
        ]
    };
    table(&COLUMNS, files.iter().map(line))
}

const fn kind_name(kind: FileKind) -> &'static str {
    match kind {
        FileKind::File => "file",
        FileKind::Directory => "directory",
        FileKind::Symlink => "symlink",
        FileKind::Hardlink => "hardlink",
        FileKind::Whiteout => "whiteout",
        FileKind::Opaque => "opaque",
    }
}
