//! The part of a foreign blob that is at hand, and what parsers ask for beyond it. Knows no format.

/// Consumed bytes are let go of once they are more than this: often enough to stay small, seldom enough to be cheap.
const SPENT: u64 = 256 << 10;

/// Consecutive bytes of a blob.
#[derive(Debug, Default)]
pub(crate) struct Window {
    start: u64,
    bytes: Vec<u8>,
}

/// A file in a blob: the whole of it, or a member of an archive. Positions in it count from its own start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'window> {
    window: &'window Window,
    base: u64,
    /// None where it is not known: of what is being unpacked.
    pub(crate) size: Option<u64>,
}

/// What a parser needs to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Its position in the file.
    pub(crate) at: u64,
    /// As much as the next step takes.
    pub(crate) least: u64,
    /// As much as will be needed from there on, as far as one can tell; at least `least`.
    pub(crate) guess: u64,
}

/// How far a parser got.
#[derive(Debug)]
pub(crate) enum Step {
    Wants(Wish),
    Done,
}

impl Wish {
    pub(crate) fn exactly(at: u64, least: u64) -> Self {
        Self {
            at,
            least,
            guess: least,
        }
    }
}

impl Window {
    /// The position behind the last byte.
    pub(crate) fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    /// Takes bytes of the blob that begin at `offset`. Where these do not go on from what is at hand, they replace it.
    pub(crate) fn push(&mut self, offset: u64, bytes: &[u8]) {
        if offset != self.end() {
            self.start = offset;
            self.bytes.clear();
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Lets go of what lies before a position.
    pub(crate) fn forget_before(&mut self, at: u64) {
        let spent = at.saturating_sub(self.start).min(self.bytes.len() as u64);
        if spent < SPENT && spent < self.bytes.len() as u64 {
            return;
        }
        self.bytes.drain(..usize::try_from(spent).unwrap_or_default());
        self.start += spent;
    }

    pub(crate) fn view(&self, base: u64, size: Option<u64>) -> View<'_> {
        View {
            window: self,
            base,
            size,
        }
    }
}

impl<'window> View<'window> {
    /// Bytes of the file, if all of them are at hand.
    pub(crate) fn get(&self, at: u64, length: u64) -> Option<&'window [u8]> {
        let start = self.base.checked_add(at)?.checked_sub(self.window.start)?;
        let end = start.checked_add(length)?;
        let bytes = &self.window.bytes;
        bytes.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
    }

    /// How many bytes from `at` on are at hand.
    pub(crate) fn at_hand(&self, at: u64) -> u64 {
        self.window.end().saturating_sub(self.base.saturating_add(at))
    }

    /// How many bytes the file has from `at` on; as many as there can be where nobody knows.
    pub(crate) fn left(&self, at: u64) -> u64 {
        self.size.map_or(u64::MAX, |size| size.saturating_sub(at))
    }
}
