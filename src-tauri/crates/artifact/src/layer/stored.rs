//! The compact form in which contents are kept: a version byte, then a zstd frame of postcard records with front-coded
//! paths. Reading never trusts the bytes: whatever they are, the answer is contents or an error.

use std::{
    collections::HashMap,
    io::{Read, Write},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ContentsError, FileEntry, FileKind, KeptText, LayerContents, SpecialFile};
use crate::ByteSize;

/// Counts up with every change of the form; older forms are simply read from the registry again.
const VERSION: u8 = 1;
const LEVEL: i32 = 3;
/// More than the limits of reading a layer can ever produce.
const LARGEST: u64 = 256 << 20;
/// The bytes of all paths together. Without this a few damaged bytes could repeat a long path a million times.
const LONGEST_PATHS: usize = 128 << 20;

#[derive(Serialize, Deserialize)]
struct Heading<'bytes> {
    entries: u64,
    texts: u64,
    uncompressed_size: u64,
    truncated: bool,
    texts_left_out: u64,
    #[serde(borrow)]
    owners: Vec<&'bytes str>,
}

#[derive(Serialize, Deserialize)]
struct Entry<'bytes> {
    /// How many bytes of the path before it also begin this path.
    shared: u32,
    suffix: &'bytes str,
    kind: u8,
    special: u8,
    size: u64,
    mode: u32,
    uid: u64,
    gid: u64,
    user: u32,
    group: u32,
    modified: Option<(i64, u32)>,
    link_target: Option<&'bytes str>,
    content: Option<[u8; 32]>,
}

#[derive(Serialize, Deserialize)]
struct Text<'bytes> {
    path: &'bytes str,
    bytes: &'bytes [u8],
}

const KINDS: [FileKind; 6] = [
    FileKind::File,
    FileKind::Directory,
    FileKind::Symlink,
    FileKind::Hardlink,
    FileKind::Whiteout,
    FileKind::Opaque,
];
const SPECIALS: [Option<SpecialFile>; 4] = [
    None,
    Some(SpecialFile::CharacterDevice),
    Some(SpecialFile::BlockDevice),
    Some(SpecialFile::Pipe),
];

impl LayerContents {
    /// The contents in the form in which they are kept.
    ///
    /// # Errors
    /// [`ContentsError::Stored`] if the compressor fails.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ContentsError> {
        let mut owners = Owners::default();
        let numbers: Vec<(u32, u32)> = self
            .entries
            .iter()
            .map(|entry| (owners.number(&entry.user), owners.number(&entry.group)))
            .collect();
        let heading = Heading {
            entries: self.entries.len() as u64,
            texts: self.texts.len() as u64,
            uncompressed_size: self.uncompressed_size.bytes(),
            truncated: self.truncated,
            texts_left_out: self.texts_left_out,
            owners: owners.names,
        };
        let mut form = Writer::begin(VERSION)?;
        form.write(&heading)?;
        let mut previous = "";
        for (entry, owner) in self.entries.iter().zip(numbers) {
            form.write(&Entry::of(entry, previous, owner))?;
            previous = &entry.path;
        }
        for text in &self.texts {
            form.write(&Text {
                path: &text.path,
                bytes: &text.bytes,
            })?;
        }
        form.finish()
    }

    /// Contents from their kept form.
    ///
    /// # Errors
    /// [`ContentsError::Stored`] for bytes of another version, and for all that [`Self::to_bytes`] did not write.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ContentsError> {
        let plain = unpack(VERSION, bytes)?;
        let (heading, mut rest): (Heading<'_>, _) = take(&plain)?;
        let owners: Vec<Arc<str>> = heading.owners.iter().map(|&name| Arc::from(name)).collect();
        let mut contents = Self {
            uncompressed_size: ByteSize(heading.uncompressed_size),
            truncated: heading.truncated,
            texts_left_out: heading.texts_left_out,
            ..Self::default()
        };
        let mut path = String::new();
        let mut path_bytes = 0;
        for _ in 0..heading.entries {
            let (entry, after): (Entry<'_>, _) = take(rest)?;
            path = entry.path(&path)?;
            path_bytes += path.len();
            if path_bytes > LONGEST_PATHS {
                return Err(ContentsError::Stored("its paths are too long"));
            }
            contents.entries.push(entry.into_entry(path.clone(), &owners)?);
            rest = after;
        }
        for _ in 0..heading.texts {
            let (text, after): (Text<'_>, _) = take(rest)?;
            contents.texts.push(KeptText {
                path: text.path.to_owned(),
                bytes: text.bytes.to_owned(),
            });
            rest = after;
        }
        contents.entries.shrink_to_fit();
        Ok(contents)
    }
}

/// A record behind its version byte, packed.
///
/// # Errors
/// [`ContentsError::Stored`] if the compressor fails.
pub(crate) fn pack(version: u8, record: &impl Serialize) -> Result<Vec<u8>, ContentsError> {
    let mut form = Writer::begin(version)?;
    form.write(record)?;
    form.finish()
}

/// The records behind a version byte.
///
/// # Errors
/// [`ContentsError::Stored`] for another version, damage, and what is too large.
pub(crate) fn unpack(expected: u8, bytes: &[u8]) -> Result<Vec<u8>, ContentsError> {
    let (version, packed) = bytes.split_first().ok_or(ContentsError::Stored("it is empty"))?;
    if *version != expected {
        return Err(ContentsError::Stored("it is of another version"));
    }
    let damaged = |_| ContentsError::Stored("it is damaged");
    let mut plain = Vec::new();
    let mut unpacked = zstd::Decoder::with_buffer(packed).map_err(damaged)?.take(LARGEST + 1);
    unpacked.read_to_end(&mut plain).map_err(damaged)?;
    if plain.len() as u64 > LARGEST {
        return Err(ContentsError::Stored("it is too large"));
    }
    Ok(plain)
}

/// Packs records as they come: all of them in plain would double what a large layer takes.
struct Writer {
    packed: zstd::Encoder<'static, Vec<u8>>,
    record: Vec<u8>,
}

impl Writer {
    fn begin(version: u8) -> Result<Self, ContentsError> {
        let packed = zstd::Encoder::new(vec![version], LEVEL).map_err(|_| unwritten())?;
        Ok(Self {
            packed,
            record: Vec::new(),
        })
    }

    fn write(&mut self, record: &impl Serialize) -> Result<(), ContentsError> {
        let mut bytes = std::mem::take(&mut self.record);
        bytes.clear();
        self.record = postcard::to_extend(record, bytes).map_err(|_| unwritten())?;
        self.packed.write_all(&self.record).map_err(|_| unwritten())
    }

    fn finish(self) -> Result<Vec<u8>, ContentsError> {
        self.packed.finish().map_err(|_| unwritten())
    }
}

fn unwritten() -> ContentsError {
    ContentsError::Stored("it could not be written")
}

fn take<'bytes, T: Deserialize<'bytes>>(bytes: &'bytes [u8]) -> Result<(T, &'bytes [u8]), ContentsError> {
    postcard::take_from_bytes(bytes).map_err(|_| ContentsError::Stored("it is damaged"))
}

/// The names of users and groups, each once.
#[derive(Default)]
struct Owners<'contents> {
    names: Vec<&'contents str>,
    numbers: HashMap<&'contents str, u32>,
}

impl<'contents> Owners<'contents> {
    fn number(&mut self, name: &'contents str) -> u32 {
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(name).or_insert_with(|| {
            self.names.push(name);
            next
        })
    }
}

impl<'contents> Entry<'contents> {
    fn of(entry: &'contents FileEntry, previous: &str, (user, group): (u32, u32)) -> Self {
        let shared = shared_prefix(previous, &entry.path);
        Self {
            shared: u32::try_from(shared).unwrap_or_default(),
            suffix: entry.path.get(shared..).unwrap_or(&entry.path),
            kind: number_in(&KINDS, &entry.kind),
            special: number_in(&SPECIALS, &entry.special),
            size: entry.size.bytes(),
            mode: entry.mode,
            uid: entry.uid,
            gid: entry.gid,
            user,
            group,
            modified: entry
                .modified
                .map(|time| (time.timestamp(), time.timestamp_subsec_nanos())),
            link_target: entry.link_target.as_deref(),
            content: entry.content,
        }
    }

    fn path(&self, previous: &str) -> Result<String, ContentsError> {
        let shared = usize::try_from(self.shared)
            .ok()
            .and_then(|shared| previous.get(..shared));
        let shared = shared.ok_or(ContentsError::Stored("a path in it is damaged"))?;
        Ok([shared, self.suffix].concat())
    }

    fn into_entry(self, path: String, owners: &[Arc<str>]) -> Result<FileEntry, ContentsError> {
        let owner = |number: u32| {
            let name = usize::try_from(number).ok().and_then(|number| owners.get(number));
            name.cloned().ok_or(ContentsError::Stored("an owner in it is missing"))
        };
        let unknown = ContentsError::Stored("it holds an entry of an unknown kind");
        Ok(FileEntry {
            path,
            kind: KINDS
                .get(usize::from(self.kind))
                .copied()
                .ok_or_else(|| unknown.clone())?,
            special: SPECIALS.get(usize::from(self.special)).copied().ok_or(unknown)?,
            size: ByteSize(self.size),
            mode: self.mode,
            uid: self.uid,
            gid: self.gid,
            user: owner(self.user)?,
            group: owner(self.group)?,
            modified: self
                .modified
                .and_then(|(seconds, nanoseconds)| DateTime::<Utc>::from_timestamp(seconds, nanoseconds)),
            link_target: self.link_target.map(str::to_owned),
            content: self.content,
        })
    }
}

/// How many bytes two paths begin with in common, at the end of a character.
fn shared_prefix(previous: &str, path: &str) -> usize {
    let equal = previous
        .bytes()
        .zip(path.bytes())
        .take_while(|(one, other)| one == other)
        .count();
    (0..=equal).rev().find(|&end| path.is_char_boundary(end)).unwrap_or(0)
}

fn number_in<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter()
        .position(|candidate| candidate == one)
        .and_then(|position| u8::try_from(position).ok())
        .unwrap_or(0)
}
