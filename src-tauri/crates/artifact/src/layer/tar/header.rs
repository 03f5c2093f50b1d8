//! One 512-byte header of a tar archive, in all its dialects: old, ustar, GNU, star.
//!
//! Reads fields only; what follows a header, and what extended headers say, is the reader's business.

use std::borrow::Cow;

/// Every header and every piece of padding is a multiple of this.
pub(super) const BLOCK: usize = 512;

/// A header whose checksum is right.
pub(super) struct Header<'block> {
    block: &'block [u8; BLOCK],
}

/// What a block at the place of a header is.
pub(super) enum Block<'block> {
    Header(Header<'block>),
    /// Two of these end an archive.
    Zeros,
    /// The checksum does not fit.
    Damaged,
}

/// The letter that says what an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    File,
    Hardlink,
    Symlink,
    CharacterDevice,
    BlockDevice,
    Directory,
    Pipe,
    /// GNU's old way of sparse files: the map stands in the header and in blocks after it.
    Sparse,
    LongName,
    LongLink,
    Extended,
    /// For all entries that follow; and what only tape archives have. Passed over.
    Ignored,
}

impl<'block> Block<'block> {
    pub(super) fn read(block: &'block [u8; BLOCK]) -> Self {
        if block.iter().all(|&byte| byte == 0) {
            return Self::Zeros;
        }
        let header = Header { block };
        if header.checksum_fits() {
            Self::Header(header)
        } else {
            Self::Damaged
        }
    }
}

impl<'block> Header<'block> {
    pub(super) fn kind(&self) -> Type {
        match self.byte(156) {
            b'1' => Type::Hardlink,
            b'2' => Type::Symlink,
            b'3' => Type::CharacterDevice,
            b'4' => Type::BlockDevice,
            b'5' => Type::Directory,
            b'6' => Type::Pipe,
            b'S' => Type::Sparse,
            b'L' => Type::LongName,
            b'K' => Type::LongLink,
            b'x' | b'X' => Type::Extended,
            b'g' | b'V' | b'M' | b'N' => Type::Ignored,
            // Old archives mark a folder by its name alone. Unknown types read as files: POSIX, pax, "typeflag".
            _ if self.text(0, 100).ends_with(b"/") => Type::Directory,
            _ => Type::File,
        }
    }

    /// The name, with the prefix that ustar splits off from long ones.
    pub(super) fn path(&self) -> Cow<'block, [u8]> {
        let name = self.text(0, 100);
        let prefix = self.prefix();
        if prefix.is_empty() {
            return Cow::Borrowed(name);
        }
        Cow::Owned([prefix, b"/", name].concat())
    }

    pub(super) fn link(&self) -> &'block [u8] {
        self.text(157, 100)
    }

    /// None if the field is no number.
    pub(super) fn size(&self) -> Option<u64> {
        self.number(124, 12)?.try_into().ok()
    }

    /// A sparse file's full size.
    pub(super) fn real_size(&self) -> Option<u64> {
        self.number(483, 12)?.try_into().ok()
    }

    /// Whether a sparse file's map goes on in the next block.
    pub(super) fn map_goes_on(&self) -> bool {
        self.byte(482) != 0
    }

    pub(super) fn mode(&self) -> u32 {
        let permissions = self.number(100, 8).unwrap_or_default() & 0o7777;
        u32::try_from(permissions).unwrap_or_default()
    }

    pub(super) fn uid(&self) -> u64 {
        self.number(108, 8)
            .and_then(|number| number.try_into().ok())
            .unwrap_or_default()
    }

    pub(super) fn gid(&self) -> u64 {
        self.number(116, 8)
            .and_then(|number| number.try_into().ok())
            .unwrap_or_default()
    }

    /// Seconds since 1970.
    pub(super) fn modified(&self) -> Option<i64> {
        self.number(136, 12)
    }

    pub(super) fn user(&self) -> &'block [u8] {
        if self.has_names() { self.text(265, 32) } else { &[] }
    }

    pub(super) fn group(&self) -> &'block [u8] {
        if self.has_names() { self.text(297, 32) } else { &[] }
    }

    fn prefix(&self) -> &'block [u8] {
        if self.bytes(257, 6) != b"ustar\0" {
            return &[];
        }
        let star = self.bytes(508, 4) == b"tar\0";
        self.text(345, if star { 131 } else { 155 })
    }

    fn has_names(&self) -> bool {
        self.bytes(257, 5) == b"ustar"
    }

    /// The sum of all bytes, the checksum's own as spaces; some old writers summed them as signed numbers.
    fn checksum_fits(&self) -> bool {
        let Some(stored) = self.number(148, 8) else {
            return false;
        };
        let blank = |(position, &byte): (usize, &u8)| if (148..156).contains(&position) { b' ' } else { byte };
        let unsigned: i64 = self.block.iter().enumerate().map(blank).map(i64::from).sum();
        let signed: i64 = self
            .block
            .iter()
            .enumerate()
            .map(blank)
            .map(|byte| i64::from(byte.cast_signed()))
            .sum();
        stored == unsigned || stored == signed
    }

    fn number(&self, start: usize, length: usize) -> Option<i64> {
        let field = self.bytes(start, length);
        match field {
            [first, ..] if first & 0x80 != 0 => binary(field),
            _ => octal(field),
        }
    }

    /// Up to the first NUL.
    fn text(&self, start: usize, length: usize) -> &'block [u8] {
        self.bytes(start, length)
            .split(|&byte| byte == 0)
            .next()
            .unwrap_or_default()
    }

    fn bytes(&self, start: usize, length: usize) -> &'block [u8] {
        self.block.get(start..start + length).unwrap_or_default()
    }

    fn byte(&self, position: usize) -> u8 {
        self.block.get(position).copied().unwrap_or_default()
    }
}

/// GNU's way for numbers that octal digits have no room for: big-endian, two's complement, the first bit a mark.
fn binary(field: &[u8]) -> Option<i64> {
    let (&first, rest) = field.split_first()?;
    // The mark goes, the sign behind it is spread over the whole byte.
    let first = if first & 0x40 == 0 { first & 0x7f } else { first };
    rest.iter().try_fold(i64::from(first.cast_signed()), |number, &byte| {
        number.checked_mul(256)?.checked_add(i64::from(byte))
    })
}

fn octal(field: &[u8]) -> Option<i64> {
    let digits = field.trim_ascii_start();
    let digits = digits.split(|&byte| byte == 0 || byte == b' ').next()?;
    digits.iter().try_fold(0_i64, |number, &digit| match digit {
        b'0'..=b'7' => number.checked_mul(8)?.checked_add(i64::from(digit - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_or_binary() {
        assert_eq!(octal(b"0000644\0"), Some(0o644));
        assert_eq!(octal(b"   644 \0"), Some(0o644));
        assert_eq!(octal(b"\0\0\0\0"), Some(0));
        assert_eq!(octal(b"64x\0"), None);
        assert_eq!(binary(b"\x80\0\0\0\0\0\0\x02\0\0\0\0"), Some(8 << 30));
        assert_eq!(binary(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe"), Some(-2));
        assert_eq!(binary(b"\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), None);
    }
}
