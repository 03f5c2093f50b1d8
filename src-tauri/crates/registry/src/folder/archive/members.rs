//! The members of a tar file as they lie there, and how a new one begins. Knows nothing of who reads or writes them.

use std::{
    collections::HashMap,
    fmt::Write as _,
    fs::File,
    io::{self, BufReader, Seek},
    path::{Component, Path},
};

use artifact::Digest;

use super::super::writer;

/// An archive with more members than this is none that anybody made of images.
const MOST_MEMBERS: usize = 1_000_000;
/// Everything in a tar file lies at multiples of this.
pub(super) const BLOCK: u64 = 512;
/// What ends a tar file: two blocks of zeros.
pub(super) const END: [u8; 1024] = [0; 1024];

/// A member, and where it lies.
#[derive(Debug)]
pub(super) struct Member {
    /// With the headers that extend its own.
    start: u64,
    pub(super) header: u64,
    pub(super) content: u64,
    pub(super) length: u64,
    part: Option<Part>,
}

/// What a member is in the layout.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Index,
    Blob(Digest),
}

impl Member {
    fn end(&self) -> u64 {
        self.content + self.length.next_multiple_of(BLOCK)
    }
}

/// All members of an archive.
#[derive(Debug, Default)]
pub(super) struct Members {
    list: Vec<Member>,
    /// Of two members with one name the later one counts, as for everybody who unpacks them.
    blobs: HashMap<Digest, usize>,
    index: Option<usize>,
    /// Why nothing may be written behind them.
    pub(super) obstacle: Option<&'static str>,
}

impl Members {
    /// Finds the members that begin before `until`.
    pub(super) fn find(file: &File, until: u64) -> io::Result<Self> {
        let whole = file.metadata()?.len();
        let mut reader = BufReader::new(file);
        reader.rewind()?;
        let mut archive = tar::Archive::new(reader);
        let mut members = Self::default();
        let mut entries = archive.entries_with_seek()?;
        // Nothing is read from there on: it may be half written.
        while members.end() < until {
            let Some(entry) = entries.next().transpose()? else {
                break;
            };
            let start = members.end();
            if members.list.len() >= MOST_MEMBERS {
                return Err(io::Error::other("it has over a million members"));
            }
            let kind = entry.header().entry_type();
            if kind.is_gnu_sparse() {
                members.obstacle = Some("it holds a sparse file");
            }
            // Links and sparse files have no bytes of their own at their place.
            let part = if kind.is_file() { part_of(&entry.path()?) } else { None };
            members.add(Member {
                start,
                header: entry.raw_header_position(),
                content: entry.raw_file_position(),
                length: entry.size(),
                part,
            });
        }
        if members.end() > whole {
            members.obstacle = Some("it ends in the middle of a member");
        }
        Ok(members)
    }

    fn add(&mut self, member: Member) {
        let place = self.list.len();
        match &member.part {
            Some(Part::Index) => self.index = Some(place),
            Some(Part::Blob(digest)) => {
                self.blobs.insert(digest.clone(), place);
            }
            None => {}
        }
        self.list.push(member);
    }

    /// Where the last of them ends.
    pub(super) fn end(&self) -> u64 {
        self.list.last().map_or(0, Member::end)
    }

    pub(super) fn blob(&self, digest: &Digest) -> Option<&Member> {
        self.list.get(*self.blobs.get(digest)?)
    }

    /// The list of manifests that counts.
    pub(super) fn index(&self) -> Option<&Member> {
        self.list.get(self.index?)
    }

    /// From where on new members are written: over the list of manifests if it is the last member, else behind all.
    pub(super) fn tail(&self) -> u64 {
        let last = self.list.last();
        last.filter(|last| last.part == Some(Part::Index))
            .map_or_else(|| self.end(), |last| last.start)
    }

    /// Lists of manifests before `tail`, which count no more once there is one behind it.
    pub(super) fn superseded(&self, tail: u64) -> impl Iterator<Item = &Member> {
        let before = self.list.iter().take_while(move |member| member.end() <= tail);
        before.filter(|member| member.part == Some(Part::Index))
    }

    /// What tells the members before `tail` from those of another archive; of those whose headers are `renamed` the
    /// place alone counts.
    pub(super) fn fingerprint(&self, tail: u64, renamed: &[u64]) -> Digest {
        let mut text = String::new();
        for member in self.list.iter().take_while(|member| member.end() <= tail) {
            // Writing to a string cannot fail.
            let _ = write!(text, "{} {}", member.content, member.length);
            if let Some(Part::Blob(digest)) = &member.part
                && !renamed.contains(&member.header)
            {
                let _ = write!(text, " {digest}");
            }
            text.push('\n');
        }
        Digest::of(text.as_bytes())
    }
}

fn part_of(path: &Path) -> Option<Part> {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::Normal(part) => parts.push(part.to_str()?),
            _ => return None,
        }
    }
    match parts.as_slice() {
        [file] if *file == writer::INDEX_FILE => Some(Part::Index),
        ["blobs", algorithm, hex] => format!("{algorithm}:{hex}").parse().ok().map(Part::Blob),
        _ => None,
    }
}

/// How a member begins. Nothing in it is of this moment or this user: the same content makes the same archive.
pub(super) fn head(path: &Path, length: u64) -> io::Result<Vec<u8>> {
    let mut header = tar::Header::new_gnu();
    header.set_size(length);
    header.set_mode(0o644);
    header.set_mtime(0);
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_data(&mut header, path, io::empty())?;
    Ok(std::mem::take(builder.get_mut()))
}

/// How many zeros follow a content of that length.
pub(super) fn padding(length: u64) -> u64 {
    length.next_multiple_of(BLOCK) - length
}

/// A header with another name and all else as it was; none where the name stands elsewhere.
pub(super) fn renamed(header: &[u8; 512], path: &Path) -> Option<[u8; 512]> {
    let mut header = tar::Header::from_byte_slice(header).clone();
    let before = part_of(&header.path().ok()?);
    header.set_path(path).ok()?;
    header.set_cksum();
    let is_plain = before == Some(Part::Index) && header.path().ok()? == path;
    is_plain.then(|| *header.as_bytes())
}
