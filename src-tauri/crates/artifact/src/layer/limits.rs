//! How much of a layer is read and kept: foreign bytes are never allowed to ask for unbounded memory or time.

use crate::ByteSize;

/// The bounds of reading one layer. [`LayerLimits::default`] suits every real layer known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerLimits {
    /// What it may unpack to at all.
    pub unpacked: ByteSize,
    /// How many times its packed size it may unpack to, once it is larger than `suspicious_from`.
    pub ratio: u64,
    /// Up to here any ratio passes: logs of zeros and empty tensors shrink a thousandfold.
    pub suspicious_from: ByteSize,
    /// Entries beyond this number are left out, and the contents say so.
    pub entries: usize,
    /// Entries with longer paths (in bytes; no system can unpack them) are left out, and the contents say so.
    pub path_length: usize,
    /// The bytes of all paths together; entries beyond are left out, and the contents say so.
    pub path_bytes: usize,
    /// The largest extended header: long names, attributes.
    pub header_bytes: usize,
    /// The largest file that is kept as a text.
    pub text_length: usize,
    /// The bytes of all texts kept together.
    pub text_bytes: usize,
    /// The largest package database that is kept.
    pub package_length: usize,
    /// The bytes of all package databases kept together.
    pub package_bytes: usize,
}

impl Default for LayerLimits {
    fn default() -> Self {
        Self {
            unpacked: ByteSize(512 << 30),
            ratio: 200,
            suspicious_from: ByteSize(4 << 30),
            entries: 400_000,
            path_length: 4096,
            path_bytes: 64 << 20,
            header_bytes: 1 << 20,
            text_length: 64 << 10,
            text_bytes: 8 << 20,
            package_length: 8 << 20,
            package_bytes: 12 << 20,
        }
    }
}
