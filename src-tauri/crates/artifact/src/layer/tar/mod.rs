//! Reads a tar archive as it passes: every entry with a hash of its content, and the texts worth keeping.
//!
//! Pure push parser: knows nothing of compression, disks or threads. Understands old, ustar, GNU, star and pax archives.
//! The archive ends at its first block of zeros, as for every unpacker; what follows is passed over.

mod body;
mod entry;
mod extended;
mod header;
mod kept;
pub(crate) mod members;
pub(crate) mod path;

use self::{
    body::Body,
    entry::Names,
    header::{BLOCK, Block, Header, Type},
    kept::{Interest, Room},
    path::clean,
};

use super::{ContentsError, FileEntry, FileKind, LayerContents, LayerLimits};
use crate::ByteSize;

/// A push parser of tar archives.
pub struct TarReader {
    state: State,
    /// The beginning of a block whose end has not come yet.
    partial: Vec<u8>,
    /// What extended headers said about the next entry.
    names: Names,
    contents: LayerContents,
    limits: LayerLimits,
    room: Room,
    /// Bytes of all paths so far.
    path_bytes: usize,
    /// How many bytes were taken.
    offset: u64,
    /// The path of the layer's only file, should it be no archive.
    otherwise: Option<String>,
}

enum State {
    Header,
    /// Blocks with the rest of a sparse file's map; then comes the body.
    SparseMap {
        stored: u64,
    },
    Body {
        left: u64,
        padding: u64,
        body: Body,
    },
    /// No archive: all bytes are one file's.
    SingleFile(Body),
    End,
}

impl TarReader {
    /// A reader that has seen nothing yet.
    pub fn new(limits: LayerLimits) -> Self {
        Self {
            state: State::Header,
            partial: Vec::new(),
            names: Names::default(),
            contents: LayerContents::default(),
            limits,
            room: Room::new(&limits),
            path_bytes: 0,
            offset: 0,
            otherwise: None,
        }
    }

    /// A layer that turns out to be no archive is then one file of this path: some tools push single files as layers.
    #[must_use]
    pub fn or_single_file(mut self, path: Option<&str>) -> Self {
        self.otherwise = path.map(|path| clean(path.as_bytes())).filter(|path| !path.is_empty());
        self
    }

    /// Takes the next plain bytes.
    ///
    /// # Errors
    /// [`ContentsError::NotATar`] and [`ContentsError::DamagedArchive`].
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), ContentsError> {
        self.contents.uncompressed_size += ByteSize(bytes.len() as u64);
        while !bytes.is_empty() {
            let taken = match &mut self.state {
                State::Header | State::SparseMap { .. } => self.take_block(bytes)?,
                State::Body { .. } => self.take_body(bytes)?,
                State::SingleFile(body) => {
                    body.push(bytes);
                    bytes.len()
                }
                State::End => bytes.len(),
            };
            self.offset += taken as u64;
            bytes = bytes.get(taken..).unwrap_or_default();
        }
        Ok(())
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    /// [`ContentsError::Truncated`] if the archive ends within an entry, [`ContentsError::NotATar`] if it is none.
    pub fn finish(mut self) -> Result<LayerContents, ContentsError> {
        if matches!(self.state, State::Header) && self.offset < BLOCK as u64 && !self.partial.is_empty() {
            self.become_single_file()?;
        }
        match std::mem::replace(&mut self.state, State::End) {
            State::Header if !self.partial.is_empty() => Err(ContentsError::Truncated { within: "a header" }),
            State::Header if self.names.are_waiting() => Err(ContentsError::Truncated { within: "a header" }),
            State::SparseMap { .. } => Err(ContentsError::Truncated { within: "a header" }),
            State::Body { left: 1.., .. } => Err(ContentsError::Truncated { within: "a file" }),
            State::SingleFile(body) => {
                self.finish_body(body)?;
                self.measure_single_file();
                Ok(self.contents)
            }
            State::Header | State::Body { .. } | State::End => {
                self.contents.entries.shrink_to_fit();
                Ok(self.contents)
            }
        }
    }

    /// Takes a block, or as much of it as there is.
    fn take_block(&mut self, bytes: &[u8]) -> Result<usize, ContentsError> {
        if self.partial.is_empty()
            && let Some(block) = bytes.first_chunk::<BLOCK>()
        {
            self.read_block(block)?;
            return Ok(BLOCK);
        }
        let (missing, _) = bytes.split_at(bytes.len().min(BLOCK - self.partial.len()));
        self.partial.extend_from_slice(missing);
        if let Some(block) = self.partial.first_chunk::<BLOCK>() {
            let block = *block;
            self.partial.clear();
            self.read_block(&block)?;
        }
        Ok(missing.len())
    }

    fn read_block(&mut self, block: &[u8; BLOCK]) -> Result<(), ContentsError> {
        if let State::SparseMap { stored } = self.state {
            let goes_on = block.get(504).is_some_and(|&byte| byte != 0);
            if !goes_on {
                self.start_body(stored, Body::Passed)?;
            }
            return Ok(());
        }
        match Block::read(block) {
            Block::Header(header) => self.read_header(&header),
            Block::Zeros => {
                self.state = State::End;
                Ok(())
            }
            Block::Damaged if self.contents.uncompressed_size.bytes() > 0 && self.is_first_block() => {
                self.partial.extend_from_slice(block);
                self.become_single_file()
            }
            Block::Damaged => Err(self.damaged("the checksum of a header does not fit")),
        }
    }

    fn is_first_block(&self) -> bool {
        self.offset < BLOCK as u64
    }

    fn read_header(&mut self, header: &Header<'_>) -> Result<(), ContentsError> {
        let size = header
            .size()
            .ok_or_else(|| self.damaged("the size of an entry is no number"))?;
        match header.kind() {
            Type::LongName => self.start_names(size, Body::long_name),
            Type::LongLink => self.start_names(size, Body::long_link),
            Type::Extended => self.start_names(size, Body::extended),
            Type::Ignored => self.start_body(size, Body::Passed),
            kind => self.read_entry(header, kind, size),
        }
    }

    /// An extended header follows. One that is too large makes its entry unreadable, not the archive.
    fn start_names(&mut self, size: u64, body: fn() -> Body) -> Result<(), ContentsError> {
        if size > self.limits.header_bytes as u64 {
            self.names.unreadable = true;
            return self.start_body(size, Body::Passed);
        }
        self.start_body(size, body())
    }

    fn read_entry(&mut self, header: &Header<'_>, kind: Type, size: u64) -> Result<(), ContentsError> {
        let names = std::mem::take(&mut self.names);
        let stored = if entry::has_body(kind) {
            names.stored_size().unwrap_or(size)
        } else {
            0
        };
        let sparse = names.is_sparse() || kind == Type::Sparse;
        let described = (!names.unreadable).then(|| entry::describe(header, kind, stored, names));
        let body = self.keep_entry(described, sparse);
        if kind == Type::Sparse && header.map_goes_on() {
            self.state = State::SparseMap { stored };
            return Ok(());
        }
        self.start_body(stored, body)
    }

    /// Keeps the entry if the limits allow; says what becomes of its bytes.
    fn keep_entry(&mut self, described: Option<FileEntry>, sparse: bool) -> Body {
        let Some(entry) = described else {
            self.contents.truncated = true;
            return Body::Passed;
        };
        if entry.path.is_empty() {
            // The root itself.
            return Body::Passed;
        }
        let length = entry.path.len() + entry.link_target.as_ref().map_or(0, String::len);
        let fits = entry.path.len() <= self.limits.path_length
            && self.contents.entries.len() < self.limits.entries
            && self.path_bytes + length <= self.limits.path_bytes;
        if !fits {
            self.contents.truncated = true;
            return Body::Passed;
        }
        self.path_bytes += length;
        let body = if entry.kind == FileKind::File && entry.special.is_none() && !sparse {
            Body::file(
                Interest::of(&entry.path, entry.size.bytes(), &self.limits),
                entry.size.bytes(),
            )
        } else {
            Body::Passed
        };
        self.contents.entries.push(entry);
        body
    }

    fn start_body(&mut self, left: u64, body: Body) -> Result<(), ContentsError> {
        let padding = left.next_multiple_of(BLOCK as u64).saturating_sub(left);
        if left == 0 {
            self.state = State::Header;
            return self.finish_body(body);
        }
        self.state = State::Body { left, padding, body };
        Ok(())
    }

    fn take_body(&mut self, bytes: &[u8]) -> Result<usize, ContentsError> {
        let State::Body { left, padding, body } = &mut self.state else {
            return Ok(0);
        };
        if *left == 0 {
            let taken = (bytes.len() as u64).min(*padding);
            *padding -= taken;
            if *padding == 0 {
                self.state = State::Header;
            }
            return Ok(as_length(taken));
        }
        let taken = as_length((bytes.len() as u64).min(*left));
        body.push(bytes.get(..taken).unwrap_or_default());
        *left -= taken as u64;
        if *left == 0 {
            let ended = std::mem::replace(body, Body::Passed);
            if *padding == 0 {
                self.state = State::Header;
            }
            self.finish_body(ended)?;
        }
        Ok(taken)
    }

    /// The body of an entry is complete: what it was collected for is done with it.
    fn finish_body(&mut self, body: Body) -> Result<(), ContentsError> {
        match body {
            Body::Passed => {}
            Body::File(file) => {
                let Some(entry) = self.contents.entries.last_mut() else {
                    return Ok(());
                };
                entry.content = Some(*file.hasher.finalize().as_bytes());
                if let Some(candidate) = file.candidate {
                    let path = entry.path.clone();
                    self.room.keep(&path, candidate, &mut self.contents);
                }
            }
            Body::LongName(bytes) => self.names.long_name = Some(entry::without_end(bytes)),
            Body::LongLink(bytes) => self.names.long_link = Some(entry::without_end(bytes)),
            Body::Extended(bytes) => {
                let read = self.names.extended.read(&bytes);
                read.ok_or_else(|| self.damaged("an extended header is malformed"))?;
            }
        }
        Ok(())
    }

    /// The first block is no header: the layer is a single file, if one was named.
    fn become_single_file(&mut self) -> Result<(), ContentsError> {
        let path = self.otherwise.take().ok_or(ContentsError::NotATar)?;
        let mut body = Body::file(Some(Interest::Text), 0);
        body.push(&std::mem::take(&mut self.partial));
        self.contents.entries.push(FileEntry::single(path));
        self.state = State::SingleFile(body);
        Ok(())
    }

    fn measure_single_file(&mut self) {
        let size = self.contents.uncompressed_size;
        if let Some(entry) = self.contents.entries.last_mut() {
            entry.size = size;
        }
    }

    fn damaged(&self, detail: &'static str) -> ContentsError {
        ContentsError::DamagedArchive {
            offset: self.offset,
            detail,
        }
    }
}

fn as_length(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
