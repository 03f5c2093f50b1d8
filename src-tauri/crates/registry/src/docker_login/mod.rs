//! Logins that docker, podman and their like have already left on this computer.
//!
//! Reads their files and asks their credential helpers; never writes to either. Knows nothing of the network and
//! never looks at the process: all that it needs comes in an [`Environment`].

mod environment;
mod error;
mod files;
mod helper;
mod server;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use crate::Login;

pub use environment::Environment;
pub use error::LoginError;

use files::{Entry, LoginFile};
use server::ServerKey;

/// A login that was found, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DockerLogin {
    /// Where the login is for: `host[:port]`, or `host[:port]/path` where a podman login is for a part of a registry.
    /// Docker Hub is `docker.io`.
    pub host: String,
    /// The file in which it stands.
    pub source: PathBuf,
    /// The credential helper that keeps the secret (`desktop`, `osxkeychain`, `ecr-login` …); none: the file itself.
    pub helper: Option<String>,
}

/// The logins found, and what could not be read while looking.
#[derive(Debug, Default)]
pub struct Discovered {
    /// Sorted by host; of several for one host the one that [`resolve`] would use.
    pub logins: Vec<DockerLogin>,
    /// Files that are there but cannot be read or understood.
    pub problems: Vec<LoginError>,
}

/// The logins of this computer, without asking any helper for a secret.
pub fn discover(environment: &Environment) -> Vec<DockerLogin> {
    survey(environment).logins
}

/// The logins of this computer, and which files could not be read. Blocking, but only as long as a few files take.
pub fn survey(environment: &Environment) -> Discovered {
    let mut found = Discovered::default();
    for path in files::paths(environment) {
        match LoginFile::read(&path) {
            Ok(Some(file)) => found.logins.extend(file.logins()),
            Ok(None) => {}
            Err(problem) => found.problems.push(problem),
        }
    }
    // A stable sort: of several files with one host the first stays first, and `resolve` asks it first, too.
    found.logins.sort_by(|left, right| left.host.cmp(&right.host));
    found.logins.dedup_by(|later, first| later.host == first.host);
    found
}

/// The login for `host[:port][/path]`; none: nobody has logged in there.
///
/// The files are asked in the order of [`survey`]; in each one the longest key that covers the host wins, and a
/// credential helper goes before what the file itself holds, as docker does it. Blocking: a helper may take up to
/// [`helper::TIME_LIMIT`]; call it where that does not matter.
///
/// # Errors
/// When the login stands somewhere but cannot be had: a broken file, a missing helper, a store that is locked. A login
/// in a later file is preferred to an error of an earlier one.
pub fn resolve(host: &str, environment: &Environment) -> Result<Option<Login>, LoginError> {
    let wanted = ServerKey::of_host(host);
    let mut problem = None;
    for path in files::paths(environment) {
        match resolve_in(&path, &wanted, environment) {
            Ok(Some(login)) => return Ok(Some(login)),
            Ok(None) => {}
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    problem.map_or(Ok(None), Err)
}

fn resolve_in(
    path: &std::path::Path,
    wanted: &ServerKey,
    environment: &Environment,
) -> Result<Option<Login>, LoginError> {
    let Some(file) = LoginFile::read(path)? else {
        return Ok(None);
    };
    let kept = file.entry_for(wanted);
    let Some((name, server)) = file.helper_for(wanted) else {
        return kept.map(Entry::login).transpose().map(Option::flatten);
    };
    match (helper::ask(&name, &server, environment), kept) {
        (Ok(Some(login)), _) => Ok(Some(login)),
        // What the file holds is from before the store was chosen, or the store does not know this host.
        (Ok(None), Some(entry)) => entry.login(),
        (Err(error), Some(entry)) => entry.login().ok().flatten().map_or(Err(error), |login| Ok(Some(login))),
        (answer, None) => answer,
    }
}
