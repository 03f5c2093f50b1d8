//! What is done to a seed: bytes changed, taken out, doubled, put in; pieces of other seeds; words that parsers know.
//!
//! A mutation is a value, so that proptest can leave mutations out until only those that matter are left.

use std::{fmt, ops::Range, rc::Rc};

use proptest::{prelude::*, sample::Index};

/// The most that mutations make of a seed.
const LENGTH: usize = 256 << 10;

/// What parsers look for, and what writers get wrong.
const WORDS: [&[u8]; 32] = [
    b"null",
    b"{}",
    b"[]",
    b"-1",
    b"0",
    b"1e309",
    b"18446744073709551616",
    b"9223372036854775807",
    b"1.5",
    b"true",
    b"\"\"",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xc3\x28",
    b"..",
    b"/",
    b"sha256:",
    b"sha512:",
    b",",
    b":",
    b"{\"a\":",
    b"[[[[[[[[",
    b"\x1f\x8b\x08\x00",
    b"\x28\xb5\x2f\xfd",
    b"ustar\0",
    b"\xed\xa0\x80",
    b"\xe2\x80\xae",
];

/// The first of the words are values of JSON.
const JSON_WORDS: usize = 11;

#[derive(Clone, Debug)]
enum Mutation {
    Set(Index, u8),
    Flip(Index, u8),
    /// Another digit for the first one from there on: sizes, lengths, dates, versions.
    Digit(Index, u8),
    Remove(Index, usize),
    Double(Index, usize, usize),
    /// Another word for the first number or quoted text from there on: JSON stays JSON.
    Value(Index, usize),
    /// In place of what is there: what stands behind keeps its place, as archives need it.
    Over(Index, usize),
    Word(Index, usize),
    Bytes(Index, Vec<u8>),
    Cut(Index),
    /// Goes on as another seed does from there.
    Cross(Index, usize, Index),
}

/// A mutated seed.
#[derive(Clone)]
pub(super) struct Input {
    pub(super) bytes: Vec<u8>,
}

impl fmt::Debug for Input {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.bytes.escape_ascii())
    }
}

/// The bytes with the checksums of tar headers put right again: without that, a mutation of an archive shows nothing but that
/// its checksum is read.
pub(super) fn with_checksums(bytes: &[u8]) -> Vec<u8> {
    let mut mended = bytes.to_vec();
    for block in mended
        .chunks_exact_mut(512)
        .filter(|block| &block[257..262] == b"ustar")
    {
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    mended
}

/// Seeds with up to three mutations each: more of them rarely leave anything that is read far.
pub(super) fn mutated(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Input> {
    let seeds = Rc::new(seeds);
    let number = 0..seeds.len();
    (number, prop::collection::vec(mutation(), 1..4)).prop_map(move |(number, mutations)| {
        let mut bytes = seeds[number].clone();
        for mutation in mutations {
            mutation.apply(&mut bytes, &seeds);
            bytes.truncate(LENGTH);
        }
        Input { bytes }
    })
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = any::<Index>;
    prop_oneof![
        3 => (at(), any::<u8>()).prop_map(|(at, byte)| Mutation::Set(at, byte)),
        2 => (at(), 0..8_u8).prop_map(|(at, bit)| Mutation::Flip(at, bit)),
        3 => (at(), 0..10_u8).prop_map(|(at, digit)| Mutation::Digit(at, digit)),
        3 => (at(), 0..JSON_WORDS).prop_map(|(at, word)| Mutation::Value(at, word)),
        3 => (at(), 0..WORDS.len()).prop_map(|(at, word)| Mutation::Over(at, word)),
        1 => (at(), 1..64_usize).prop_map(|(at, length)| Mutation::Remove(at, length)),
        1 => (at(), 1..600_usize, 1..20_usize).prop_map(|(at, length, times)| Mutation::Double(at, length, times)),
        2 => (at(), 0..WORDS.len()).prop_map(|(at, word)| Mutation::Word(at, word)),
        1 => (at(), prop::collection::vec(any::<u8>(), 1..16)).prop_map(|(at, bytes)| Mutation::Bytes(at, bytes)),
        1 => at().prop_map(Mutation::Cut),
        1 => (at(), any::<usize>(), at()).prop_map(|(at, other, from)| Mutation::Cross(at, other, from)),
    ]
}

impl Mutation {
    fn apply(self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let place = |at: Index, length: usize| at.index(length + 1);
        match self {
            Self::Set(at, byte) if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            Self::Flip(at, bit) if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            Self::Set(..) | Self::Flip(..) => {}
            Self::Digit(at, digit) => {
                let start = place(at, bytes.len());
                if let Some(byte) = bytes[start..].iter_mut().find(|byte| byte.is_ascii_digit()) {
                    *byte = b'0' + digit;
                }
            }
            Self::Remove(at, length) => {
                let start = place(at, bytes.len());
                bytes.drain(start..bytes.len().min(start + length));
            }
            Self::Double(at, length, times) => {
                let start = place(at, bytes.len());
                let piece = bytes[start..bytes.len().min(start + length)].repeat(times);
                bytes.splice(start..start, piece);
            }
            Self::Value(at, word) => {
                let from = place(at, bytes.len());
                if let Some(found) = value(&bytes[from..]) {
                    bytes.splice(from + found.start..from + found.end, WORDS[word].iter().copied());
                }
            }
            Self::Over(at, word) => {
                let start = place(at, bytes.len());
                for (byte, new) in bytes[start..].iter_mut().zip(WORDS[word]) {
                    *byte = *new;
                }
            }
            Self::Word(at, word) => {
                let start = place(at, bytes.len());
                bytes.splice(start..start, WORDS[word].iter().copied());
            }
            Self::Bytes(at, new) => {
                let start = place(at, bytes.len());
                bytes.splice(start..start, new);
            }
            Self::Cut(at) => bytes.truncate(place(at, bytes.len())),
            Self::Cross(at, other, from) => {
                let other = &seeds[other % seeds.len()];
                bytes.truncate(place(at, bytes.len()));
                bytes.extend_from_slice(&other[place(from, other.len())..]);
            }
        }
    }
}

/// Where the first number or quoted text is.
fn value(bytes: &[u8]) -> Option<Range<usize>> {
    let start = bytes.iter().position(|&byte| byte == b'"' || byte.is_ascii_digit())?;
    let inside = &bytes[start + 1..];
    let length = if bytes[start] == b'"' {
        inside.iter().position(|&byte| byte == b'"')? + 1
    } else {
        inside.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    Some(start..start + 1 + length)
}
