//! Places that are made because somebody asks for them: an empty folder, or an empty archive. Knows nothing of settings.

use std::{fs, io, path::Path};

use super::{archive, check, problem, writer};
use crate::{CheckName, CheckStep, RegistryError};

/// What is made where nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewPlace {
    /// An empty folder, into which repositories can be copied.
    Folder,
    /// An empty `oci-archive`, which is one repository.
    Archive,
}

impl NewPlace {
    /// What would be made at a path: an archive where it ends in `.tar`. None if something is there.
    pub fn at(path: &Path) -> Option<Self> {
        let nothing = fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        let is_tar = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("tar"));
        nothing.then_some(if is_tar { Self::Archive } else { Self::Folder })
    }

    /// Makes it. The folder above has to be there.
    ///
    /// # Errors
    /// When something is there, or the folder above is not, or cannot be written to.
    pub fn make(path: &Path) -> Result<Self, RegistryError> {
        let place = Self::possible(path)?;
        match place {
            Self::Archive => archive::make(path)?,
            Self::Folder => fs::create_dir(path).map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => problem::taken(path),
                _ => RegistryError::io(path, error),
            })?,
        }
        Ok(place)
    }

    /// Takes away what was just made, if it is still empty as far as that shows.
    ///
    /// # Errors
    /// The system's.
    pub fn take_back(self, path: &Path) -> io::Result<()> {
        match self {
            Self::Folder => fs::remove_dir(path),
            Self::Archive => fs::remove_file(path),
        }
    }

    /// The diagnosis of a place that is yet to be made.
    pub fn check(path: &Path) -> Vec<CheckStep> {
        let mut steps = check::untried("there is nothing to read yet");
        for step in &mut steps {
            if matches!(step.step, CheckName::Connect | CheckName::Push) {
                *step = check::timed(step.step, || Self::tried(path));
            }
        }
        steps
    }

    fn tried(path: &Path) -> Result<String, RegistryError> {
        let place = Self::possible(path)?;
        let folder = path.parent().unwrap_or(path);
        let probe = writer::new_file_builder().tempfile_in(folder);
        let probe = probe.and_then(tempfile::NamedTempFile::close);
        probe.map_err(|error| RegistryError::io(folder, error))?;
        Ok(match place {
            Self::Folder => "an empty folder can be made there".to_owned(),
            Self::Archive => "an empty archive can be made there".to_owned(),
        })
    }

    fn possible(path: &Path) -> Result<Self, RegistryError> {
        let place = Self::at(path).ok_or_else(|| problem::taken(path))?;
        if path.parent().is_some_and(Path::is_dir) {
            return Ok(place);
        }
        Err(problem::no_folder_above(path))
    }
}
