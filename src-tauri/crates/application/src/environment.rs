//! Where Berth runs: its data folder, its clock, the variables of the process and the keychain, as a value, so that
//! tests hand in their own.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use changes::Origin;
use directories::ProjectDirs;
use registry::{Clock, docker_login};

use crate::{
    ApplicationError,
    secrets::{KeychainStore, SecretStore},
};

/// The program for terminals and scripts, as its file is called.
const COMMAND_LINE: &str = "berthctl";

/// The variable that names the data folder.
pub const DATA_FOLDER_VARIABLE: &str = "BERTH_DATA_DIR";

/// Everything outside that Berth depends on.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Holds `settings.toml`, the index and the locks; made if it is not there.
    pub data_folder: PathBuf,
    pub clock: Clock,
    /// The variables in which docker logins and their helpers are looked for.
    pub process: docker_login::Environment,
    pub secrets: Arc<dyn SecretStore>,
    /// Whether no registry may be asked for anything; folders are no network.
    pub offline: bool,
    /// What the journal notes of who makes changes.
    pub origin: Origin,
}

impl Environment {
    /// This process, with the data folder that was named, else that of `BERTH_DATA_DIR`, else the operating system's
    /// own place for it.
    ///
    /// # Errors
    /// If the user has no home folder and none was named.
    pub fn of_this_process(data_folder: Option<PathBuf>) -> Result<Self, ApplicationError> {
        let process = docker_login::Environment::of_this_process();
        let named = data_folder.or_else(|| process.get(DATA_FOLDER_VARIABLE).map(PathBuf::from));
        let data_folder = match named {
            Some(folder) => std::path::absolute(&folder)
                .map_err(|error| ApplicationError::invalid(format!("{}: {error}", folder.display())))?,
            None => system_folder()?,
        };
        Ok(Self {
            data_folder,
            clock: Clock::system(),
            process,
            secrets: Arc::new(KeychainStore),
            offline: false,
            origin: origin_of_this_process(),
        })
    }
}

fn origin_of_this_process() -> Origin {
    let program = std::env::current_exe().ok();
    let program = program.as_deref().and_then(Path::file_stem);
    let is_command_line = program.is_some_and(|name| name == COMMAND_LINE);
    Origin {
        policy: None,
        version: None,
        computer: gethostname::gethostname()
            .into_string()
            .ok()
            .filter(|name| !name.is_empty()),
        program: Some(if is_command_line { COMMAND_LINE } else { "window" }.to_owned()),
    }
}

fn system_folder() -> Result<PathBuf, ApplicationError> {
    ProjectDirs::from("", "", "berth")
        .map(|places| places.data_local_dir().to_owned())
        .ok_or_else(|| {
            ApplicationError::invalid("this user has no home folder, so there is no place for Berth's data")
                .with_hint(format!("name one with --data-dir or {DATA_FOLDER_VARIABLE}"))
        })
}
