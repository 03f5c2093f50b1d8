//! What differs between two trees of files: what came, what went, and what is not the same any more.

use std::{cmp::Ordering, iter::Peekable};

use crate::{ByteSize, FileKind, MergedFile, MergedTree};

/// The second tree against the first. Folders are not told: what is in them is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilesDifference {
    /// Ascending by path, folder by folder; so are the others.
    pub added: Vec<FileFound>,
    pub removed: Vec<FileFound>,
    pub changed: Vec<FileChanged>,
    pub same: u64,
    /// How many of the same count as such only because of their sizes: their content is not known.
    pub same_by_size: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFound {
    pub path: String,
    pub kind: FileKind,
    pub size: ByteSize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChanged {
    pub path: String,
    /// Before and after.
    pub sizes: [ByteSize; 2],
    pub modes: [u32; 2],
    /// The bytes differ; of a link, where it leads; or one is no file and the other is.
    pub content: bool,
}

impl FilesDifference {
    /// Holds what is seen of the second tree against the first, in one pass over both.
    pub fn of(first: &MergedTree, second: &MergedTree) -> Self {
        let mut found = Self::default();
        let is_file = |file: &MergedFile<'_>| file.kind != FileKind::Directory;
        let mut before = first.flat().filter(is_file).peekable();
        let mut after = second.flat().filter(is_file).peekable();
        loop {
            match next(&mut before, &mut after) {
                (None, None) => return found,
                (Some(gone), None) => found.removed.push(told(gone)),
                (None, Some(new)) => found.added.push(told(new)),
                (Some(one), Some(other)) => found.hold(&one, &other),
            }
        }
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }

    fn hold(&mut self, before: &MergedFile<'_>, after: &MergedFile<'_>) {
        let likeness = content(before, after);
        if likeness != Content::Different && before.mode == after.mode {
            self.same += 1;
            self.same_by_size += u64::from(likeness == Content::SameSize);
            return;
        }
        self.changed.push(FileChanged {
            sizes: [before.size, after.size],
            modes: [before.mode, after.mode],
            content: likeness == Content::Different,
            path: after.path.clone(),
        });
    }
}

/// The next of both where they are at the same path, else the one whose path comes first.
fn next<'one, 'other>(
    before: &mut Peekable<impl Iterator<Item = MergedFile<'one>>>,
    after: &mut Peekable<impl Iterator<Item = MergedFile<'other>>>,
) -> (Option<MergedFile<'one>>, Option<MergedFile<'other>>) {
    let order = match (before.peek(), after.peek()) {
        (Some(one), Some(other)) => by_folders(&one.path, &other.path),
        _ => Ordering::Equal,
    };
    match order {
        Ordering::Less => (before.next(), None),
        Ordering::Greater => (None, after.next()),
        Ordering::Equal => (before.next(), after.next()),
    }
}

/// The order of [`MergedTree::flat`]: name by name, so that `a/b` comes before `a.b`.
fn by_folders(one: &str, other: &str) -> Ordering {
    one.split('/').cmp(other.split('/'))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Same,
    SameSize,
    Different,
}

fn content(before: &MergedFile<'_>, after: &MergedFile<'_>) -> Content {
    // A hard link is the file that it is another name of.
    let is_plain = |file: &MergedFile<'_>| matches!(file.kind, FileKind::File | FileKind::Hardlink);
    let special = |file: &MergedFile<'_>| file.entry.and_then(|entry| entry.special);
    if is_plain(before) != is_plain(after) || special(before) != special(after) {
        return Content::Different;
    }
    if !is_plain(before) {
        let leads = |file: &MergedFile<'_>| file.entry.and_then(|entry| entry.link_target.clone());
        let same = before.kind == after.kind && leads(before) == leads(after);
        return if same { Content::Same } else { Content::Different };
    }
    match (before.content, after.content) {
        (Some(one), Some(other)) if one == other => Content::Same,
        (Some(_), Some(_)) => Content::Different,
        _ if before.size != after.size => Content::Different,
        _ if before.size == ByteSize::ZERO => Content::Same,
        _ => Content::SameSize,
    }
}

fn told(file: MergedFile<'_>) -> FileFound {
    FileFound {
        kind: file.kind,
        size: file.size,
        path: file.path,
    }
}
