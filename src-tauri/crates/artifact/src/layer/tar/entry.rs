//! Puts an entry together: its header, and what extended headers said about it before.

use std::{borrow::Cow, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    super::{FileEntry, FileKind, SpecialFile},
    extended::Extended,
    header::{Header, Type},
    path::{clean, visible},
};
use crate::ByteSize;

/// The longest name of an owner that is kept, in characters.
const OWNER_LENGTH: usize = 64;

/// What extended headers of all dialects say about the next entry.
#[derive(Default)]
pub(super) struct Names {
    pub(super) long_name: Option<Vec<u8>>,
    pub(super) long_link: Option<Vec<u8>>,
    pub(super) extended: Extended,
    /// A header was too large to be read: the entry is left out.
    pub(super) unreadable: bool,
}

impl Names {
    /// Whether an entry must follow.
    pub(super) fn are_waiting(&self) -> bool {
        self.unreadable || self.long_name.is_some() || self.long_link.is_some() || self.extended != Extended::default()
    }

    pub(super) fn stored_size(&self) -> Option<u64> {
        self.extended.size
    }

    pub(super) fn is_sparse(&self) -> bool {
        self.extended.sparse
    }
}

/// Whether bytes follow the header. Links, folders and devices have none, whatever size their headers give.
pub(super) fn has_body(kind: Type) -> bool {
    matches!(kind, Type::File | Type::Sparse)
}

/// The entry of a header; `stored` bytes follow it.
pub(super) fn describe(header: &Header<'_>, kind: Type, stored: u64, names: Names) -> FileEntry {
    let extended = names.extended;
    let stored_path = extended
        .path
        .or(names.long_name)
        .map_or_else(|| header.path(), Cow::Owned);
    let stored_link = extended
        .link
        .or(names.long_link)
        .map_or_else(|| Cow::Borrowed(header.link()), Cow::Owned);
    let path = clean(&stored_path);
    let kind = if kind == Type::File && stored_path.ends_with(b"/") {
        Type::Directory
    } else {
        kind
    };
    let (file_kind, special) = kind_of(kind, &path);
    let real_size = extended
        .real_size
        .or_else(|| if kind == Type::Sparse { header.real_size() } else { None });
    let size = if file_kind == FileKind::File {
        real_size.unwrap_or(stored)
    } else {
        0
    };
    let time = extended
        .modified
        .or_else(|| header.modified().map(|seconds| (seconds, 0)));
    FileEntry {
        link_target: link_target(file_kind, &stored_link),
        path,
        kind: file_kind,
        size: ByteSize(size),
        mode: header.mode(),
        uid: extended.uid.unwrap_or_else(|| header.uid()),
        gid: extended.gid.unwrap_or_else(|| header.gid()),
        user: owner(extended.user.as_deref().unwrap_or_else(|| header.user())),
        group: owner(extended.group.as_deref().unwrap_or_else(|| header.group())),
        modified: time.and_then(|(seconds, nanoseconds)| DateTime::<Utc>::from_timestamp(seconds, nanoseconds)),
        content: None,
        special,
    }
}

fn kind_of(kind: Type, path: &str) -> (FileKind, Option<SpecialFile>) {
    if let Some(mark) = FileKind::of_mark(path) {
        return (mark, None);
    }
    match kind {
        Type::Directory => (FileKind::Directory, None),
        Type::Symlink => (FileKind::Symlink, None),
        Type::Hardlink => (FileKind::Hardlink, None),
        Type::CharacterDevice => (FileKind::File, Some(SpecialFile::CharacterDevice)),
        Type::BlockDevice => (FileKind::File, Some(SpecialFile::BlockDevice)),
        Type::Pipe => (FileKind::File, Some(SpecialFile::Pipe)),
        _ => (FileKind::File, None),
    }
}

fn link_target(kind: FileKind, stored: &[u8]) -> Option<String> {
    match kind {
        FileKind::Symlink => Some(visible(stored)),
        FileKind::Hardlink => Some(clean(stored)),
        _ => None,
    }
}

fn owner(name: &[u8]) -> Arc<str> {
    if name.is_empty() {
        return Arc::default();
    }
    visible(name).chars().take(OWNER_LENGTH).collect::<String>().into()
}

/// GNU's long names end with a NUL.
pub(super) fn without_end(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(end) = bytes.iter().position(|&byte| byte == 0) {
        bytes.truncate(end);
    }
    bytes
}

impl FileEntry {
    /// A file of which no archive says more than its path.
    pub(in super::super) fn single(path: String) -> Self {
        Self {
            path,
            kind: FileKind::File,
            size: ByteSize::ZERO,
            mode: 0o644,
            uid: 0,
            gid: 0,
            user: Arc::default(),
            group: Arc::default(),
            modified: None,
            link_target: None,
            content: None,
            special: None,
        }
    }
}
