//! Credential helpers: programs named `docker-credential-…` that hand out logins from a keychain or a cloud.
//!
//! Run without a shell, with a time limit and a bound on what they may say.

use std::{
    io::{Read, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde::Deserialize;

use super::{Environment, LoginError};
use crate::{Login, Secret};

/// How long a helper may take.
pub(super) const TIME_LIMIT: Duration = Duration::from_secs(10);

/// A login is some kilobytes; what goes beyond is no login.
const LONGEST_ANSWER: u64 = 1024 * 1024;

/// The user name that says that the secret is a refresh token.
const TOKEN_USER: &str = "<token>";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    username: String,
    #[serde(default)]
    secret: String,
}

/// What a finished helper left behind.
struct Outcome {
    succeeded: bool,
    output: Vec<u8>,
    errors: Vec<u8>,
}

/// Asks the helper `name` for the login of `server`, an address as it was stored; none: it knows none.
pub(super) fn ask(name: &str, server: &str, environment: &Environment) -> Result<Option<Login>, LoginError> {
    ask_within(name, server, environment, TIME_LIMIT)
}

pub(super) fn ask_within(
    name: &str,
    server: &str,
    environment: &Environment,
    limit: Duration,
) -> Result<Option<Login>, LoginError> {
    let outcome = run(name, server, environment, limit)?;
    if !outcome.succeeded {
        return failure(name, server, &outcome);
    }
    let answer: Answer = serde_json::from_slice(&outcome.output)
        .map_err(|_not_quoted| LoginError::HelperAnswer { name: name.to_owned() })?;
    if answer.secret.is_empty() {
        return Ok(None);
    }
    Ok(Some(login_of(answer.username, answer.secret)))
}

/// A user and a secret as docker means them: for the user `<token>` the secret is a refresh token.
pub(super) fn login_of(username: String, secret: String) -> Login {
    if username == TOKEN_USER {
        Login::IdentityToken {
            secret: Secret::from(secret),
        }
    } else {
        Login::Password {
            username,
            secret: Secret::from(secret),
        }
    }
}

fn run(name: &str, server: &str, environment: &Environment, limit: Duration) -> Result<Outcome, LoginError> {
    let not_run = |source| LoginError::HelperNotRun {
        name: name.to_owned(),
        source,
    };
    let deadline = Instant::now() + limit;
    let mut child = start(name, environment)?;
    let output = read_aside(child.stdout.take());
    let errors = read_aside(child.stderr.take());
    if let Some(mut input) = child.stdin.take() {
        // A helper that does not want its input has closed it: its answer says why.
        let _ = input.write_all(server.as_bytes());
    }
    let answers = receive(&output, deadline).and_then(|output| Some((output, receive(&errors, deadline)?)));
    let status = answers
        .is_some()
        .then(|| wait_until(&mut child, deadline))
        .transpose()
        .map_err(not_run)?
        .flatten();
    if let (Some(status), Some((output, errors))) = (status, answers) {
        return Ok(Outcome {
            succeeded: status.success(),
            output,
            errors,
        });
    }
    // It may have ended by itself in the meantime.
    let _ = child.kill();
    let _ = child.wait();
    Err(LoginError::HelperSilent {
        name: name.to_owned(),
        seconds: limit.as_secs(),
    })
}

fn start(name: &str, environment: &Environment) -> Result<Child, LoginError> {
    let program = find(name, environment)?;
    Command::new(program)
        .arg("get")
        .env_clear()
        .envs(environment.variables())
        .env("PATH", environment.program_path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| LoginError::HelperNotRun {
            name: name.to_owned(),
            source,
        })
}

/// The helper's program. A name with anything but letters, digits, `.`, `_` and `-` is none: it could lead anywhere.
fn find(name: &str, environment: &Environment) -> Result<PathBuf, LoginError> {
    let missing = || LoginError::HelperMissing {
        name: name.chars().take(100).collect(),
    };
    let is_plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-');
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err(missing());
    }
    let file = format!("docker-credential-{name}{}", std::env::consts::EXE_SUFFIX);
    environment
        .program_folders()
        .into_iter()
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
        .ok_or_else(missing)
}

/// Reads a pipe in a thread of its own: a helper that fills one pipe while nobody reads it would stand still.
fn read_aside(pipe: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What came before a failure is still worth showing; the exit status tells the rest.
            let _ = pipe.take(LONGEST_ANSWER).read_to_end(&mut bytes);
        }
        // Nobody listens any more once the time is up.
        let _ = sender.send(bytes);
    });
    receiver
}

fn receive(receiver: &mpsc::Receiver<Vec<u8>>, deadline: Instant) -> Option<Vec<u8>> {
    receiver
        .recv_timeout(deadline.saturating_duration_since(Instant::now()))
        .ok()
}

/// Waits for the end of a process that has closed its output: a matter of moments, or of never.
fn wait_until(child: &mut Child, deadline: Instant) -> std::io::Result<Option<std::process::ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// What a helper says when it has nothing, when its store is closed, and else.
fn failure(name: &str, server: &str, outcome: &Outcome) -> Result<Option<Login>, LoginError> {
    let text = said(&outcome.output)
        .or_else(|| said(&outcome.errors))
        .unwrap_or_else(|| "it gave no reason".to_owned());
    let lower = text.to_lowercase();
    if lower.contains("credentials not found") || lower.contains("could not be found in the keychain") {
        return Ok(None);
    }
    if LOCKED.iter().any(|words| lower.contains(words)) {
        return Err(LoginError::StoreLocked {
            name: name.to_owned(),
            reason: text,
        });
    }
    Err(LoginError::HelperFailed {
        name: name.to_owned(),
        server: server.to_owned(),
        reason: text,
    })
}

const LOCKED: &[&str] = &[
    "is locked",
    "interaction is not allowed",
    "cannot autolaunch d-bus",
    "no such secret collection",
    "prompt dismissed",
    "pass store is uninitialized",
    "decryption failed",
];

/// The first line of a text that is not empty, cut and without control characters.
fn said(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(
        line.chars()
            .filter(|character| !character.is_control())
            .take(300)
            .collect(),
    )
}
