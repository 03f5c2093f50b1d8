//! The file itself: read again when another process changed it, and written whole or not at all, under a lock.

use std::{
    fs::{self, File, OpenOptions},
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};
use toml_edit::DocumentMut;

use super::{
    SavedConnection, Settings, SettingsError,
    connection::check_unique,
    merge::merge,
    policies::{self, SavedPolicy},
    route::check_connections,
};

const FILE: &str = "settings.toml";
const LOCK: &str = "settings.lock";

/// A new file begins so.
const HEADER: &str = "# Settings of Berth, shared by the window and berthctl. What is not here has its default.\n";

/// All that the file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Saved {
    pub(crate) settings: Settings,
    pub(crate) connections: Vec<SavedConnection>,
    pub(crate) policies: Vec<SavedPolicy>,
}

/// The file's second part. Both are read from the same text: joined by serde's `flatten`, errors would lose their line.
#[derive(Serialize, Deserialize)]
struct Connections {
    // An empty list would be written as a value, which cannot stand behind the tables before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    connection: Vec<SavedConnection>,
}

/// `settings.toml` in the data folder. Blocking, for as long as a small file takes.
#[derive(Debug)]
pub(crate) struct SettingsFile {
    folder: PathBuf,
    known: Mutex<Option<(Stamp, Arc<Saved>)>>,
}

/// Tells one state of the file from another: every write makes a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    number: u64,
}

impl SettingsFile {
    /// The file in a data folder; it need not exist.
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            known: Mutex::new(None),
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Changes whenever the file does.
    ///
    /// # Errors
    /// [`SettingsError::Unreadable`].
    pub(crate) fn revision(&self) -> Result<u64, SettingsError> {
        let mut hasher = DefaultHasher::new();
        self.stamp()?.hash(&mut hasher);
        Ok(hasher.finish())
    }

    /// What the file holds now.
    ///
    /// # Errors
    /// [`SettingsError::Broken`] with the line; the file stays as it is.
    pub(crate) fn read(&self) -> Result<Arc<Saved>, SettingsError> {
        let stamp = self.stamp()?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((seen, saved)) = known.as_ref()
            && *seen == stamp
        {
            return Ok(Arc::clone(saved));
        }
        let saved = Arc::new(parse(&self.path(), &self.text()?)?.0);
        *known = Some((stamp, Arc::clone(&saved)));
        Ok(saved)
    }

    /// Changes what the file holds: read anew, changed and written under a lock that other processes respect.
    ///
    /// # Errors
    /// What `change` refuses; then nothing was written.
    pub(crate) fn update<T, E: From<SettingsError>>(
        &self,
        change: impl FnOnce(&mut Saved) -> Result<T, E>,
    ) -> Result<T, E> {
        let _lock = self.lock()?;
        let path = self.path();
        let text = self.text()?;
        let is_new = text.is_empty();
        let (before, mut document) = parse(&path, &text)?;
        let mut after = before.clone();
        let answer = change(&mut after)?;
        if before != after {
            check(&after)
                .and_then(|()| check_connections(&before, &after))
                .map_err(|(key, reason)| SettingsError::Value { key, reason })?;
            merge(&mut document, &form(&before)?, &form(&after)?);
            let text = document.to_string();
            let text = if is_new { format!("{HEADER}{text}") } else { text };
            write(&path, &text).map_err(|source| SettingsError::Unwritable { path, source })?;
        }
        Ok(answer)
    }

    fn lock(&self) -> Result<File, SettingsError> {
        let path = self.folder.join(LOCK);
        let open = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let locked = open.and_then(|file| file.lock().map(|()| file));
        // Closing the file frees the lock, also when the process is killed.
        locked.map_err(|source| SettingsError::Unwritable { path, source })
    }

    fn text(&self) -> Result<String, SettingsError> {
        let path = self.path();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(SettingsError::Broken {
                path,
                line: 1,
                reason: "it is not UTF-8 text".to_owned(),
            }),
            Err(source) => Err(SettingsError::Unreadable { path, source }),
        }
    }

    fn stamp(&self) -> Result<Stamp, SettingsError> {
        let path = self.path();
        match fs::metadata(&path) {
            Ok(metadata) => Ok(Stamp {
                modified: metadata.modified().ok(),
                length: metadata.len(),
                number: file_number(&metadata),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Stamp {
                modified: None,
                length: 0,
                number: 0,
            }),
            Err(source) => Err(SettingsError::Unreadable { path, source }),
        }
    }
}

#[cfg(unix)]
fn file_number(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn file_number(_metadata: &fs::Metadata) -> u64 {
    0
}

fn parse(path: &Path, text: &str) -> Result<(Saved, DocumentMut), SettingsError> {
    let broken = |offset: Option<usize>, reason: &str| SettingsError::Broken {
        path: path.to_owned(),
        line: line_of(text, offset.unwrap_or_default()),
        reason: reason.trim().to_owned(),
    };
    let document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| broken(error.span().map(|span| span.start), error.message()))?;
    let misfit = |error: toml::de::Error| broken(error.span().map(|span| span.start), error.message());
    let settings = toml::from_str::<Settings>(text).map_err(misfit)?;
    let connections = toml::from_str::<Connections>(text).map_err(misfit)?.connection;
    let policies = policies::read(text).map_err(misfit)?;
    let saved = Saved {
        settings,
        connections,
        policies,
    };
    check(&saved).map_err(|(key, reason)| broken(offset_of(text, &key), &format!("{key}: {reason}")))?;
    Ok((saved, document))
}

/// What no single value tells.
fn check(saved: &Saved) -> Result<(), (String, String)> {
    check_unique(&saved.connections).map_err(|reason| ("connection".to_owned(), reason))?;
    match saved.settings.validate() {
        Err(SettingsError::Value { key, reason }) => Err((key, reason)),
        _ => Ok(()),
    }
}

/// Where a line begins that sets `key`.
fn offset_of(text: &str, key: &str) -> Option<usize> {
    let sets = |line: &str| {
        line.trim_start_matches(['[', ' '])
            .strip_prefix(key)
            .is_some_and(|rest| rest.trim_start().starts_with(['=', ']']))
    };
    text.split_inclusive('\n')
        .scan(0, |offset, line| {
            let start = *offset;
            *offset += line.len();
            Some((start, line))
        })
        .find_map(|(start, line)| sets(line).then_some(start))
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn form(saved: &Saved) -> Result<DocumentMut, SettingsError> {
    let connections = Connections {
        connection: saved.connections.clone(),
    };
    let written = toml::to_string(&saved.settings)
        .and_then(|text| Ok(text + "\n" + &toml::to_string(&connections)?))
        .and_then(|text| Ok(text + "\n" + &policies::write(&saved.policies)?));
    let text = written.map_err(|error| SettingsError::Form(error.to_string()))?;
    text.parse()
        .map_err(|error: toml_edit::TomlError| SettingsError::Form(error.to_string()))
}

/// A temporary file beside it, on the disk, then renamed over it: a crash leaves the old or the new file, whole.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".settings-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}
