//! The variables and folders of the process, as a value: tests hand in their own.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    path::PathBuf,
};

/// The environment variables that the search for logins may see, and that helpers are started with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
}

impl Environment {
    /// The environment of this process as it is now.
    pub fn of_this_process() -> Self {
        Self {
            variables: std::env::vars_os().collect(),
        }
    }

    /// A variable's value; one that is set to nothing counts as not set.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.variables
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
            .filter(|value| !value.is_empty())
    }

    /// All variables, for a process that is started.
    pub fn variables(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.variables
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    /// The user's own folder.
    pub fn home(&self) -> Option<PathBuf> {
        self.folder("HOME").or_else(|| self.folder("USERPROFILE"))
    }

    /// A variable that names a folder or a file; a relative one is ignored, since it would depend on where Berth runs.
    pub fn folder(&self, name: &str) -> Option<PathBuf> {
        self.get(name).map(PathBuf::from).filter(|path| path.is_absolute())
    }

    /// `PATH` with the folders of [`Self::program_folders`], for a process that is started.
    pub fn program_path(&self) -> OsString {
        // A folder whose name holds the separator cannot be in a path at all.
        let separable = |folder: &PathBuf| std::env::join_paths([folder]).is_ok();
        std::env::join_paths(self.program_folders().into_iter().filter(separable)).unwrap_or_default()
    }

    /// Where programs are looked for: `PATH`, then the folders in which docker's helpers usually lie and which a
    /// program started from a desktop menu often lacks.
    pub fn program_folders(&self) -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> = self
            .get("PATH")
            .map(|path| std::env::split_paths(path).collect())
            .unwrap_or_default();
        folders.extend(USUAL_FOLDERS.iter().map(PathBuf::from));
        if let Some(home) = self.home() {
            folders.extend(USUAL_FOLDERS_AT_HOME.iter().map(|folder| home.join(folder)));
        }
        let mut seen = std::collections::BTreeSet::new();
        // Folders of other systems are relative here.
        folders.retain(|folder| folder.is_absolute() && seen.insert(folder.clone()));
        folders
    }
}

impl<Name: Into<OsString>, Value: Into<OsString>> FromIterator<(Name, Value)> for Environment {
    fn from_iter<Variables: IntoIterator<Item = (Name, Value)>>(variables: Variables) -> Self {
        Self {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }
}

const USUAL_FOLDERS: &[&str] = &[
    "/usr/local/bin",
    "/usr/bin",
    "/bin",
    "/opt/homebrew/bin",
    "/opt/local/bin",
    "/snap/bin",
    "/usr/local/google-cloud-sdk/bin",
    "/Applications/Docker.app/Contents/Resources/bin",
    "C:\\Program Files\\Docker\\Docker\\resources\\bin",
];

const USUAL_FOLDERS_AT_HOME: &[&str] = &[".docker/bin", ".local/bin", "bin", "google-cloud-sdk/bin", ".rd/bin"];
