//! What became of each file of the reference in every other version: one row for each path that differs anywhere.

use std::collections::BTreeMap;

use artifact::comparison::FilesDifference;

use crate::{FileFate, FileRow};

/// Ascending by path.
pub(super) fn rows(files: &[FilesDifference]) -> Vec<FileRow> {
    let mut rows: BTreeMap<&str, Vec<Option<FileFate>>> = BTreeMap::new();
    for (version, found) in files.iter().enumerate() {
        let added = found.added.iter().map(|file| (&file.path, FileFate::Added(file.size)));
        let removed = found
            .removed
            .iter()
            .map(|file| (&file.path, FileFate::Removed(file.size)));
        let changed = found.changed.iter().map(|file| {
            let fate = if file.content {
                FileFate::Changed(file.sizes)
            } else {
                FileFate::Mode(file.modes.map(|mode| mode & 0o7777))
            };
            (&file.path, fate)
        });
        for (path, fate) in added.chain(removed).chain(changed) {
            rows.entry(path).or_insert_with(|| vec![None; files.len()])[version] = Some(fate);
        }
    }
    let row = |(path, fates): (&str, Vec<Option<FileFate>>)| FileRow {
        path: path.to_owned(),
        fates,
    };
    rows.into_iter().map(row).collect()
}
