//! An archive that is made: a layout without a manifest, which appears whole or not at all.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use super::{
    Archive,
    members::{self, END},
};
use crate::{
    RegistryError,
    folder::{index_file::IndexFile, problem, writer},
};

/// Makes an empty archive where nothing is.
pub(in crate::folder) fn make(path: &Path) -> Result<(), RegistryError> {
    let failed = |error| RegistryError::io(path, error);
    let folder = path.parent().unwrap_or(path);
    let mut file = writer::new_file_builder().tempfile_in(folder).map_err(failed)?;
    file.write_all(&empty().map_err(failed)?).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    // What an archive of that name left is none of the new one's business.
    forget_note(path).map_err(failed)?;
    file.persist_noclobber(path)
        .map_err(|refused| match refused.error.kind() {
            io::ErrorKind::AlreadyExists => problem::taken(path),
            _ => failed(refused.error),
        })?;
    writer::sync_folder(folder).map_err(failed)
}

fn empty() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let index = IndexFile::empty().to_bytes();
    for (name, content) in [
        (writer::LAYOUT_FILE, writer::LAYOUT_MARKER.as_bytes()),
        (writer::INDEX_FILE, &index),
    ] {
        let length = content.len() as u64;
        bytes.extend(members::head(Path::new(name), length)?);
        bytes.extend_from_slice(content);
        let padding = usize::try_from(members::padding(length)).unwrap_or_default();
        bytes.resize(bytes.len() + padding, 0);
    }
    bytes.extend_from_slice(&END);
    Ok(bytes)
}

fn forget_note(path: &Path) -> io::Result<()> {
    match File::options().write(true).open(Archive::note_beside(path)) {
        Ok(note) => note.set_len(0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
