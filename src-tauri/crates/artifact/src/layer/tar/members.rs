//! Walks an archive by its headers, over the files in it: where each begins and how long it is. For who has only parts
//! of the archive and can ask for others; whoever has all of it pushes it through a [`super::TarReader`].

use super::{
    entry::{self, Names},
    header::{BLOCK, Block, Header, Type},
};
use crate::{
    ContentsError, FileKind, LayerLimits,
    tensors::window::{View, Wish},
};

/// Asked for with a header: the headers that may stand close behind it.
const GUESS: u64 = 64 << 10;

/// A walk that has seen nothing yet, or the files before `at`.
#[derive(Default)]
pub(crate) struct Members {
    at: u64,
    names: Names,
    /// The map of a sparse file goes on in the next block; so many bytes follow it.
    sparse: Option<u64>,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NextMember {
    /// A regular file.
    File {
        path: String,
        offset: u64,
        size: u64,
    },
    Wants(Wish),
    End,
}

impl Members {
    /// Whether an archive begins with this block.
    pub(crate) fn may_begin(bytes: &[u8]) -> bool {
        let block = bytes.first_chunk::<BLOCK>().map(Block::read);
        matches!(block, Some(Block::Header(_)))
    }

    /// The next file.
    ///
    /// # Errors
    /// [`ContentsError::Truncated`], [`ContentsError::DamagedArchive`] and [`ContentsError::NotATar`].
    pub(crate) fn next(&mut self, view: View<'_>) -> Result<NextMember, ContentsError> {
        loop {
            if view.left(self.at) == 0 {
                return self.end();
            }
            let Some(block) = view.get(self.at, BLOCK as u64).and_then(|bytes| bytes.first_chunk()) else {
                return self.wish(view, BLOCK as u64);
            };
            if let Some(stored) = self.sparse {
                self.pass(0);
                if block.get(504).is_none_or(|&byte| byte == 0) {
                    self.sparse = None;
                    self.at = self.at.saturating_add(padded(stored));
                }
                continue;
            }
            let found = match Block::read(block) {
                Block::Header(header) => self.read(&header, view)?,
                Block::Zeros => return self.end(),
                Block::Damaged if self.at == 0 => return Err(ContentsError::NotATar),
                Block::Damaged => return Err(self.damaged("the checksum of a header does not fit")),
            };
            if let Some(found) = found {
                return Ok(found);
            }
        }
    }

    fn end(&self) -> Result<NextMember, ContentsError> {
        if self.names.are_waiting() || self.sparse.is_some() {
            return Err(ContentsError::Truncated { within: "a header" });
        }
        Ok(NextMember::End)
    }

    fn wish(&self, view: View<'_>, length: u64) -> Result<NextMember, ContentsError> {
        if length > view.left(self.at) {
            return Err(ContentsError::Truncated { within: "a header" });
        }
        Ok(NextMember::Wants(Wish {
            at: self.at,
            least: length,
            guess: length.max(GUESS),
        }))
    }

    fn read(&mut self, header: &Header<'_>, view: View<'_>) -> Result<Option<NextMember>, ContentsError> {
        let size = header
            .size()
            .ok_or_else(|| self.damaged("the size of an entry is no number"))?;
        match header.kind() {
            kind @ (Type::LongName | Type::LongLink | Type::Extended) => self.read_names(kind, size, view),
            Type::Ignored => {
                self.pass(size);
                Ok(None)
            }
            kind => self.read_entry(header, kind, size, view),
        }
    }

    /// What overrules the next header. One that is too large makes its entry unreadable, not the archive.
    fn read_names(&mut self, kind: Type, size: u64, view: View<'_>) -> Result<Option<NextMember>, ContentsError> {
        if size > LayerLimits::default().header_bytes as u64 {
            self.names.unreadable = true;
            self.pass(size);
            return Ok(None);
        }
        let Some(bytes) = view.get(self.at.saturating_add(BLOCK as u64), size) else {
            return self.wish(view, BLOCK as u64 + size).map(Some);
        };
        match kind {
            Type::LongName => self.names.long_name = Some(entry::without_end(bytes.to_vec())),
            Type::LongLink => self.names.long_link = Some(entry::without_end(bytes.to_vec())),
            _ => {
                let read = self.names.extended.read(bytes);
                read.ok_or_else(|| self.damaged("an extended header is malformed"))?;
            }
        }
        self.pass(size);
        Ok(None)
    }

    fn read_entry(
        &mut self,
        header: &Header<'_>,
        kind: Type,
        size: u64,
        view: View<'_>,
    ) -> Result<Option<NextMember>, ContentsError> {
        let names = std::mem::take(&mut self.names);
        let stored = if entry::has_body(kind) {
            names.stored_size().unwrap_or(size)
        } else {
            0
        };
        let offset = self.at.saturating_add(BLOCK as u64);
        if stored > view.left(offset) {
            return Err(ContentsError::Truncated { within: "a file" });
        }
        let whole = kind == Type::File && !names.is_sparse() && !names.unreadable;
        let entry = entry::describe(header, kind, stored, names);
        if kind == Type::Sparse && header.map_goes_on() {
            self.sparse = Some(stored);
            self.pass(0);
            return Ok(None);
        }
        self.pass(stored);
        let is_file = whole && entry.kind == FileKind::File && entry.special.is_none();
        Ok(is_file.then_some(NextMember::File {
            path: entry.path,
            offset,
            size: stored,
        }))
    }

    /// Goes on behind a header and what follows it.
    fn pass(&mut self, length: u64) {
        self.at = self.at.saturating_add(BLOCK as u64).saturating_add(padded(length));
    }

    fn damaged(&self, detail: &'static str) -> ContentsError {
        ContentsError::DamagedArchive {
            offset: self.at,
            detail,
        }
    }
}

fn padded(length: u64) -> u64 {
    length.checked_next_multiple_of(BLOCK as u64).unwrap_or(u64::MAX)
}
