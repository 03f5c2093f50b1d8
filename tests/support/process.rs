//! Processes that a test starts: found beside the test program, on the PATH or among the project's own tools, and ended with the test.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// How long a server may take to say where it listens.
const START: Duration = Duration::from_mins(1);

/// A process that ends when this is dropped.
pub(crate) struct Running {
    child: Child,
    /// Its standard input stays open as long as the process shall run.
    _input: Option<std::process::ChildStdin>,
}

impl Running {
    /// Starts `command`, which reads nothing and whose words nobody waits for.
    pub(crate) fn start(command: &mut Command) -> Self {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|problem| panic!("{command:?} starts: {problem}"));
        Self { child, _input: None }
    }

    /// Starts `command` and waits for the first line, of either output, in which `find` sees what it looks for.
    ///
    /// The rest of its output is read and dropped, so that it never blocks on a full pipe.
    pub(crate) fn start_and_find<T: Send + 'static>(
        command: &mut Command,
        find: impl Fn(&str) -> Option<T> + Clone + Send + 'static,
    ) -> (Self, T) {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|problem| panic!("{command:?} starts: {problem}"));
        let (sender, receiver) = mpsc::channel();
        let output = child.stdout.take().expect("standard output is piped");
        let errors = child.stderr.take().expect("standard error is piped");
        watch(output, find.clone(), sender.clone());
        watch(errors, find, sender);
        let input = child.stdin.take();
        let running = Self { child, _input: input };
        let mut said = String::new();
        loop {
            match receiver.recv_timeout(START) {
                Ok(Line::Found(found)) => return (running, found),
                Ok(Line::Other(line)) => said.push_str(&line),
                Err(mpsc::RecvTimeoutError::Timeout | mpsc::RecvTimeoutError::Disconnected) => {
                    panic!("{command:?} never said what was waited for, but:\n{said}")
                }
            }
        }
    }

    /// The process's number in the operating system.
    pub(crate) fn identifier(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as a crash would.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

enum Line<T> {
    Found(T),
    Other(String),
}

fn watch<T: Send + 'static>(
    stream: impl Read + Send + 'static,
    find: impl Fn(&str) -> Option<T> + Send + 'static,
    sender: mpsc::Sender<Line<T>>,
) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let message = find(&line).map_or_else(|| Line::Other(format!("{line}\n")), Line::Found);
            let _ = sender.send(message);
        }
    });
}

/// Runs a command to its end and gives its standard output.
///
/// # Panics
/// With everything that it said, if it fails.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|problem| panic!("{command:?} starts: {problem}"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{command:?} failed: {said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}

/// A command of the machine, or of `.tools/bin`, by name.
pub(crate) fn tool(name: &str) -> Command {
    Command::new(find_tool(name).unwrap_or_else(|| panic!("{name} is not installed: run `.ci/install test`")))
}

/// Where a tool is; tools of the project go before the machine's.
pub(crate) fn find_tool(name: &str) -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::iter::once(own)
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

/// Whether the tools that only Go can build are here. Says so once where they are not; CI refuses to run without Go.
pub(crate) fn has_go_tools() -> bool {
    let found = ["registry", "crane", "regctl", "cosign", "referrers-registry"]
        .iter()
        .all(|name| find_tool(name).is_some());
    if !found {
        println!("skipped: no Go");
    }
    found
}

/// A program of this workspace, built in the profile of the tests.
pub(crate) fn program(name: impl AsRef<OsStr>) -> PathBuf {
    let test_program = std::env::current_exe().expect("a test knows its own path");
    let folder = test_program
        .ancestors()
        .nth(2)
        .expect("test programs stand in deps/ of the profile's folder");
    let program = folder.join(name.as_ref());
    assert!(
        program.is_file(),
        "{} is missing: `cargo build -p berth -p cli` makes it",
        program.display()
    );
    program
}
