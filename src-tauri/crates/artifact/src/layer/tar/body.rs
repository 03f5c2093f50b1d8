//! The bytes that follow a header: hashed, collected or passed over.

use blake3::Hasher;

use super::kept::{Candidate, Interest};

/// Texts are collected up to here before the reader knows their length (a layer that is a single file).
const LONGEST_TEXT: usize = 64 << 10;

/// What becomes of the bytes of an entry.
pub(super) enum Body {
    Passed,
    File(Box<FileBody>),
    LongName(Vec<u8>),
    LongLink(Vec<u8>),
    Extended(Vec<u8>),
}

/// A regular file that passes.
pub(super) struct FileBody {
    pub(super) hasher: Hasher,
    /// Given up as soon as the file is no text.
    pub(super) candidate: Option<Candidate>,
}

impl Body {
    pub(super) fn file(interest: Option<Interest>, size: u64) -> Self {
        let candidate = interest.map(|interest| Candidate::new(interest, size));
        Self::File(Box::new(FileBody {
            hasher: Hasher::new(),
            candidate,
        }))
    }

    pub(super) fn long_name() -> Self {
        Self::LongName(Vec::new())
    }

    pub(super) fn long_link() -> Self {
        Self::LongLink(Vec::new())
    }

    pub(super) fn extended() -> Self {
        Self::Extended(Vec::new())
    }

    /// Takes the next bytes. Their number is bounded by whoever starts a body.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        match self {
            Self::Passed => {}
            Self::File(file) => file.push(bytes),
            Self::LongName(collected) | Self::LongLink(collected) | Self::Extended(collected) => {
                collected.extend_from_slice(bytes);
            }
        }
    }
}

impl FileBody {
    fn push(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.candidate = self
            .candidate
            .take()
            .and_then(|candidate| candidate.with(bytes, LONGEST_TEXT));
    }
}
