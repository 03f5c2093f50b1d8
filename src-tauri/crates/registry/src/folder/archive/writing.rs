//! An archive as it is written to, by one writer at a time under the lock beside it.
//!
//! New members go over the tail, which is the list of manifests and the end of the archive, and a new tail is written
//! behind them. What lies over the old tail is held back: all else is written beyond the old end, where nobody looks, and
//! brought to disk. Only then, with a note of it (see `pending`), the held bytes go over the old tail. So nothing but
//! what is wanted ever grows in the file, and it is never without its list: not after a kill, and not while a blob of
//! many gigabytes comes in.

#[cfg(test)]
mod kills;

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
    sync::Arc,
    time::SystemTime,
};

use artifact::{ByteSize, Digest};

use super::{
    Archive,
    members::{self, Members},
    pending::{self, Patch, Pending},
};
use crate::{
    Operation, RawManifest, RegistryError,
    folder::{index_file::IndexFile, lock, problem, store::LARGEST_INDEX, writer},
};

/// Whether the archive can be written to, found out without writing to it.
pub(in crate::folder) fn probe(archive: &Archive) -> Result<(), RegistryError> {
    let file = opened(archive)?;
    let known = archive.known()?;
    refuse_unsafe(archive, &known.members)?;
    drop(file);
    let note = archive.note();
    let failed = |error| RegistryError::io(&note, error);
    if note.exists() {
        return File::options().write(true).open(&note).map(drop).map_err(failed);
    }
    let folder = note.parent().unwrap_or(&note);
    let probe = tempfile::Builder::new().prefix(".berth-").tempfile_in(folder);
    probe
        .and_then(tempfile::NamedTempFile::close)
        .map_err(|error| RegistryError::io(folder, error))
}

/// Changes the list of manifests. What `change` refuses, or leaves as it was, is not written.
pub(in crate::folder) fn change_index<T>(
    archive: &Arc<Archive>,
    operation: &Operation,
    change: impl FnOnce(&mut IndexFile) -> Result<T, RegistryError>,
) -> Result<T, RegistryError> {
    let session = Session::begin(archive, operation)?;
    let mut index = session.index.clone();
    let outcome = change(&mut index)?;
    if index != session.index {
        session.tail()?.finish(&index)?;
    }
    Ok(outcome)
}

/// Stores a manifest and enters it, both at once.
pub(in crate::folder) fn put_manifest(
    archive: &Arc<Archive>,
    manifest: &RawManifest,
    operation: &Operation,
    change: impl FnOnce(&mut IndexFile),
) -> Result<(), RegistryError> {
    let session = Session::begin(archive, operation)?;
    let mut index = session.index.clone();
    change(&mut index);
    let is_new = !session.holds(&manifest.digest, manifest.bytes.len() as u64);
    if !is_new && index == session.index {
        return Ok(());
    }
    let mut tail = session.tail()?;
    if is_new {
        let path = writer::blob_path(&manifest.digest);
        let written = tail.member(&path, &manifest.bytes);
        written.map_err(|error| RegistryError::io(tail.path(), error))?;
    }
    tail.finish(&index)
}

/// Begins a blob of `size` bytes; none if it is there.
pub(in crate::folder) fn incoming(
    archive: &Arc<Archive>,
    digest: &Digest,
    size: ByteSize,
    operation: &Operation,
) -> Result<Option<Tail>, RegistryError> {
    let session = Session::begin(archive, operation)?;
    if session.holds(digest, size.bytes()) {
        return Ok(None);
    }
    let mut tail = session.tail()?;
    let begun = members::head(&writer::blob_path(digest), size.bytes()).and_then(|head| tail.write(&head));
    begun.map_err(|error| RegistryError::io(tail.path(), error))?;
    Ok(Some(tail))
}

/// The archive while nobody else writes to it.
#[derive(Debug)]
struct Session {
    archive: Arc<Archive>,
    file: File,
    /// The lock, as long as this lives.
    note: File,
    members: Members,
    index: IndexFile,
    began: Option<SystemTime>,
}

impl Session {
    fn begin(archive: &Arc<Archive>, operation: &Operation) -> Result<Self, RegistryError> {
        let path = archive.note();
        let mut note = lock::hold(&path, operation)?;
        // What is noted there counts only if the note is found after a power cut.
        let folder = path.parent().unwrap_or(&path);
        writer::sync_folder(folder).map_err(|error| RegistryError::io(folder, error))?;
        pending::recover(&archive.path, &mut note)?;
        let file = opened(archive)?;
        let members = archive.find(&file)?;
        refuse_unsafe(archive, &members)?;
        let read = IndexFile::read(&archive.read_index(&members)?);
        let index = read.map_err(|reason| problem::damaged(&archive.path.join(writer::INDEX_FILE), &reason))?;
        let began = file.metadata().and_then(|metadata| metadata.modified()).ok();
        Ok(Self {
            archive: Arc::clone(archive),
            file,
            note,
            members,
            index,
            began,
        })
    }

    fn holds(&self, digest: &Digest, length: u64) -> bool {
        self.members.blob(digest).is_some_and(|blob| blob.length == length)
    }

    /// Begins to write new members.
    fn tail(self) -> Result<Tail, RegistryError> {
        let start = self.members.tail();
        let kept = self.members.end() + members::END.len() as u64;
        let mut tail = Tail {
            session: self,
            start,
            kept,
            held: Vec::new(),
            written: 0,
            is_decided: false,
        };
        // What lies behind the end, if anything does, was left by a kill, or is padding.
        let file = &mut tail.session.file;
        let begun = file.set_len(kept).and_then(|()| file.seek(SeekFrom::Start(kept)));
        begun.map_err(|error| RegistryError::io(tail.path(), error))?;
        Ok(tail)
    }
}

/// New members and the new tail behind them, as they are written. Unless it is finished, nothing of it stays.
#[derive(Debug)]
pub(in crate::folder) struct Tail {
    session: Session,
    start: u64,
    /// The end of the archive as it is; bytes before it are held back.
    kept: u64,
    held: Vec<u8>,
    /// With those that are held.
    written: u64,
    is_decided: bool,
}

impl Tail {
    /// Writes on.
    pub(in crate::folder) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let room = (self.kept - self.start).saturating_sub(self.held.len() as u64);
        let held = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
        let (held, rest) = bytes.split_at(held);
        self.held.extend_from_slice(held);
        self.session.file.write_all(rest)?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// Fills the member's last block.
    fn pad(&mut self) -> io::Result<()> {
        let padding = usize::try_from(members::padding(self.written)).unwrap_or_default();
        self.write(members::END.get(..padding).unwrap_or_default())
    }

    fn member(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.write(&members::head(path, bytes.len() as u64)?)?;
        self.write(bytes)?;
        self.pad()
    }

    /// Ends the blob that came in.
    pub(in crate::folder) fn keep(mut self) -> Result<(), RegistryError> {
        let index = self.session.index.clone();
        self.pad().map_err(|error| RegistryError::io(self.path(), error))?;
        self.finish(&index)
    }

    /// Writes the new tail, and makes all of it part of the archive.
    fn finish(mut self, index: &IndexFile) -> Result<(), RegistryError> {
        let path = self.path().to_owned();
        let failed = |error| RegistryError::io(&path, error);
        self.written_whole(index).map_err(failed)?;
        let pending = self.pending().map_err(failed)?;
        pending.note(&mut self.session.note).map_err(failed)?;
        // From here on it counts, even if it is somebody else who has to take the step.
        self.is_decided = true;
        let session = &mut self.session;
        pending.take(&mut session.file, session.began).map_err(failed)?;
        session.note.set_len(0).map_err(failed)
    }

    /// The rest, and all that needs room on the disk.
    fn written_whole(&mut self, index: &IndexFile) -> io::Result<()> {
        self.member(Path::new(writer::INDEX_FILE), &index.to_bytes())?;
        self.write(&members::END)?;
        self.session.file.sync_all()
    }

    fn pending(&mut self) -> io::Result<Pending> {
        let before = self.session.file.metadata()?.len();
        let mut patches = vec![Patch {
            at: self.start,
            bytes: std::mem::take(&mut self.held),
        }];
        patches.extend(self.renamed()?);
        let renamed: Vec<u64> = patches.iter().map(|patch| patch.at).collect();
        Ok(Pending {
            tail: self.start,
            lengths: (before, self.start + self.written),
            fingerprint: self.session.members.fingerprint(self.start, &renamed),
            patches,
        })
    }

    /// Lists of manifests that lie further up, as other programs put them there. Some readers take the first list that
    /// they find, so these become what they are: blobs that nothing refers to.
    fn renamed(&self) -> io::Result<Vec<Patch>> {
        let mut file = &self.session.file;
        let mut patches = Vec::new();
        let superseded = self.session.members.superseded(self.start);
        for member in superseded.filter(|member| member.length <= LARGEST_INDEX.bytes()) {
            let mut header = [0; 512];
            file.seek(SeekFrom::Start(member.header))?;
            file.read_exact(&mut header)?;
            let mut content = Vec::new();
            file.seek(SeekFrom::Start(member.content))?;
            file.take(member.length).read_to_end(&mut content)?;
            if let Some(renamed) = members::renamed(&header, &writer::blob_path(&Digest::of(&content))) {
                patches.push(Patch {
                    at: member.header,
                    bytes: renamed.to_vec(),
                });
            }
        }
        Ok(patches)
    }

    /// The archive, for errors.
    pub(in crate::folder) fn path(&self) -> &Path {
        self.session.archive.path()
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        if self.is_decided {
            return;
        }
        // Nobody sees what lies there; it only takes room. A note that was begun says nothing and is in nobody's way.
        let cut = self.session.file.set_len(self.kept);
        if let Err(error) = cut.and_then(|()| self.session.note.set_len(0)) {
            tracing::warn!("{} keeps what came in part: {error}", self.path().display());
        }
    }
}

fn opened(archive: &Archive) -> Result<File, RegistryError> {
    let file = File::options().read(true).write(true).open(&archive.path);
    file.map_err(|error| RegistryError::io(&archive.path, error))
}

/// What is behind a member that breaks off, or of which not all is understood, is not to be found by who appends.
fn refuse_unsafe(archive: &Archive, members: &Members) -> Result<(), RegistryError> {
    if let Some(reason) = members.obstacle {
        return Err(problem::unsafe_archive(&archive.path, reason));
    }
    if members.index().is_none() {
        return Err(problem::no_index(&archive.path));
    }
    Ok(())
}
