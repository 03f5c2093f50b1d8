//! Reads numbers and texts one after the other, and tells where bytes are missing.

use std::borrow::Cow;

use super::{TensorsError, window::View};
use crate::ByteSize;

/// Which end of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endian {
    Little,
    Big,
}

/// Why reading stopped.
#[derive(Debug)]
pub(super) enum Halt {
    /// Bytes up to `end` are missing; reading goes on at `from` once they are there.
    Short {
        from: u64,
        end: u64,
    },
    Bad(TensorsError),
}

/// A place in a file.
#[derive(Debug)]
pub(super) struct Cursor<'window> {
    view: View<'window>,
    /// Where the thing begins that is read whole or not at all.
    from: u64,
    at: u64,
    endian: Endian,
}

impl From<TensorsError> for Halt {
    fn from(error: TensorsError) -> Self {
        Self::Bad(error)
    }
}

impl<'window> Cursor<'window> {
    pub(super) fn new(view: View<'window>, at: u64, endian: Endian) -> Self {
        Self {
            view,
            from: at,
            at,
            endian,
        }
    }

    pub(super) fn at(&self) -> u64 {
        self.at
    }

    pub(super) fn left(&self) -> u64 {
        self.view.left(self.at)
    }

    /// What was read so far need not be read again.
    pub(super) fn settle(&mut self) {
        self.from = self.at;
    }

    pub(super) fn turn(&mut self, endian: Endian) {
        self.endian = endian;
    }

    pub(super) fn need(&self, length: u64) -> Result<(), Halt> {
        self.peek(length).map(drop)
    }

    pub(super) fn bytes(&mut self, length: u64) -> Result<&'window [u8], Halt> {
        let bytes = self.peek(length)?;
        self.at += length;
        Ok(bytes)
    }

    /// Goes back over bytes that were just read.
    pub(super) fn back(&mut self, length: u64) {
        self.at = self.at.saturating_sub(length);
    }

    /// Passes over bytes, which need not be there.
    pub(super) fn pass(&mut self, length: u64) {
        self.at = self.at.saturating_add(length);
    }

    pub(super) fn u8(&mut self) -> Result<u8, Halt> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Halt> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Halt> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Halt> {
        self.array().map(u64::from_le_bytes)
    }

    /// A number of seven bits a byte, as protobuf writes them.
    pub(super) fn varint(&mut self) -> Result<u64, Halt> {
        let mut number = 0;
        for place in 0..10 {
            let byte = self.u8()?;
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Halt::Bad(TensorsError::damaged(self.at, "a number has no end")))
    }

    /// The length of what follows, held against what the file has left.
    pub(super) fn length(&mut self, what: &'static str) -> Result<u64, Halt> {
        let length = self.u64()?;
        self.within(what, length, self.at.saturating_add(self.left()))?;
        Ok(length)
    }

    /// Holds the length of what follows against where it must end.
    pub(super) fn within(&self, what: &'static str, length: u64, end: u64) -> Result<(), Halt> {
        let stated = self.at.saturating_add(length);
        if stated <= end && length <= self.left() {
            return Ok(());
        }
        Err(Halt::Bad(TensorsError::BeyondTheFile {
            what: what.to_owned(),
            end: stated,
            size: self.view.size.unwrap_or(end).min(end),
        }))
    }

    /// A text of at most so many bytes.
    pub(super) fn text(&mut self, what: &'static str, limit: u64) -> Result<Cow<'window, str>, Halt> {
        let length = self.length(what)?;
        if length > limit {
            return Err(Halt::Bad(TensorsError::TooLong {
                what,
                stated: ByteSize(length),
                limit: ByteSize(limit),
            }));
        }
        self.bytes(length).map(String::from_utf8_lossy)
    }

    /// Bytes in the order of a little end.
    fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], Halt> {
        let missing = self.missing(LENGTH as u64);
        let mut bytes = *self.bytes(LENGTH as u64)?.first_chunk().ok_or(missing)?;
        if self.endian == Endian::Big {
            bytes.reverse();
        }
        Ok(bytes)
    }

    fn peek(&self, length: u64) -> Result<&'window [u8], Halt> {
        self.view.get(self.at, length).ok_or_else(|| self.missing(length))
    }

    fn missing(&self, length: u64) -> Halt {
        Halt::Short {
            from: self.from,
            end: self.at.saturating_add(length),
        }
    }
}
