//! The last step of a write to an archive, noted beside it before it is taken. A kill or a power cut in the middle of the
//! step leaves the note, and who comes next takes the step again: it is the same however often it is taken.
//!
//! The note lies in the lock's own file, so that one file beside the archive is enough; it is empty while all is well.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

use artifact::Digest;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use super::{super::lock, members::Members};
use crate::RegistryError;

/// A note that is longer was not written here: what it holds is a list of manifests and a few headers.
const LONGEST_NOTE: u64 = 512 * 1024 * 1024;

/// What is still to be written. All else of the new state is in the archive and on the disk.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Pending {
    /// From where on the members are new.
    pub(super) tail: u64,
    /// Of the archive, before the step and after it.
    pub(super) lengths: (u64, u64),
    /// Of the members before `tail`.
    pub(super) fingerprint: Digest,
    pub(super) patches: Vec<Patch>,
}

/// Bytes for a place in the archive.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Patch {
    pub(super) at: u64,
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    pub(super) bytes: Vec<u8>,
}

impl Pending {
    /// Brings the note to the disk.
    pub(super) fn note(&self, note: &mut File) -> io::Result<()> {
        let text = serde_json::to_vec(self)?;
        note.set_len(0)?;
        note.rewind()?;
        writeln!(note, "{}", Digest::of(&text))?;
        note.write_all(&text)?;
        note.sync_all()
    }

    /// A note that was written to its end. One that was not: then nothing of its step was done.
    fn noted(note: &mut File) -> io::Result<Option<Self>> {
        note.rewind()?;
        let mut bytes = Vec::new();
        note.take(LONGEST_NOTE).read_to_end(&mut bytes)?;
        let Some(line) = bytes.iter().position(|byte| *byte == b'\n') else {
            return Ok(None);
        };
        let (digest, text) = (&bytes[..line], &bytes[line + 1..]);
        let is_whole = digest == Digest::of(text).to_string().as_bytes();
        Ok(is_whole.then(|| serde_json::from_slice(text).ok()).flatten())
    }

    /// Takes the step. Readers know a change by the archive's time: it becomes later than `before`, also where all
    /// happens within one tick of the file system's clock.
    pub(super) fn take(&self, archive: &mut File, before: Option<std::time::SystemTime>) -> io::Result<()> {
        let latest = before.max(archive.metadata()?.modified().ok());
        for Patch { at, bytes } in &self.patches {
            archive.seek(SeekFrom::Start(*at))?;
            archive.write_all(bytes)?;
        }
        archive.set_len(self.lengths.1)?;
        let now = archive.metadata()?.modified().ok();
        if let Some(latest) = latest.filter(|latest| now.is_none_or(|now| now <= *latest)) {
            archive.set_modified(latest + std::time::Duration::from_millis(1))?;
        }
        archive.sync_all()
    }

    /// Whether this is the archive that the note was written for: another may lie in its place by now.
    fn fits(&self, archive: &File) -> io::Result<bool> {
        let length = archive.metadata()?.len();
        if length < self.lengths.0.min(self.lengths.1) {
            return Ok(false);
        }
        let renamed: Vec<u64> = self.patches.iter().map(|patch| patch.at).collect();
        Ok(Members::find(archive, self.tail).is_ok_and(|members| {
            members.end() == self.tail && members.fingerprint(self.tail, &renamed) == self.fingerprint
        }))
    }
}

/// Takes the step that somebody noted and could not take. The caller holds the lock.
pub(super) fn recover(archive: &Path, note: &mut File) -> Result<(), RegistryError> {
    let failed = |error| RegistryError::io(archive, error);
    if note.metadata().map_err(failed)?.len() == 0 {
        return Ok(());
    }
    if let Some(pending) = Pending::noted(note).map_err(failed)? {
        let mut file = File::options().read(true).write(true).open(archive).map_err(failed)?;
        if pending.fits(&file).map_err(failed)? {
            pending.take(&mut file, None).map_err(failed)?;
        }
    }
    note.set_len(0).map_err(failed)
}

/// The same before the archive is read: if something is noted, nobody is at it, and this user may.
pub(super) fn recover_if_free(archive: &Path, note: &Path) {
    if !fs::metadata(note).is_ok_and(|found| found.len() > 0) {
        return;
    }
    if let Ok(Some(mut note)) = lock::try_hold(note)
        && let Err(error) = recover(archive, &mut note)
    {
        tracing::warn!("what was begun in {} could not be finished: {error}", archive.display());
    }
}

fn to_base64<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
}

fn from_base64<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    BASE64_STANDARD.decode(text).map_err(serde::de::Error::custom)
}
