//! The built `berthctl`, run as a person or a script runs it: against real registries that other tools filled, on its own
//! data folder, with what it says compared with what skopeo, crane and the contract say.

mod archives;
mod backups;
mod bad_input;
mod changing;
mod comparing;
mod contract;
mod full_disk;
mod journal;
mod killing;
mod logins;
mod policies;
mod together;
mod witnesses;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{
    process::{program, run, tool},
    registry_server::RegistryServer,
};

const DETECTOR: &str = "vision/defect-detector";
const TAGS: [&str; 3] = ["1.4.1", "1.4.2", "latest"];

/// A person at a terminal: a home folder, a data folder, no keychain and no session.
struct Terminal {
    home: TempDir,
}

/// How a run of berthctl ended.
struct Ended {
    code: Option<i32>,
    output: String,
    errors: String,
}

impl Terminal {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().expect("a temporary home"),
        }
    }

    fn data_folder(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program("berthctl"));
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("XDG_RUNTIME_DIR", self.home.path())
            .env("BERTH_DATA_DIR", self.data_folder())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(&self.command(arguments).output().expect("berthctl starts"))
    }

    /// The same with something on standard input.
    fn run_with(&self, arguments: &[&str], input: &str) -> Ended {
        Ended::of(&with_input(&mut self.command(arguments), input))
    }

    /// Its result, where it must succeed.
    fn done(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.code, Some(0), "{arguments:?}: {}{}", ended.output, ended.errors);
        ended.output
    }

    /// The document of `--json`, where it must succeed.
    fn json(&self, arguments: &[&str]) -> Value {
        let text = self.done(&[arguments, &["--json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|problem| panic!("{arguments:?}: {problem}: {text}"))
    }

    /// The error of `--json`, where it must fail with this code: standard error's last line, and no result.
    fn error(&self, code: i32, arguments: &[&str]) -> Value {
        let ended = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(
            ended.code,
            Some(code),
            "{arguments:?}: {}{}",
            ended.output,
            ended.errors
        );
        ended.error()
    }

    /// A connection `r` to a registry.
    fn connect(&self, server: &RegistryServer) {
        self.done(&["connection", "add", "r", &server.url()]);
    }
}

impl Ended {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code(),
            output: text(&output.stdout),
            errors: text(&output.stderr),
        }
    }

    fn error(&self) -> Value {
        let last = self.errors.lines().last().unwrap_or_default();
        let document: Value = serde_json::from_str(last).unwrap_or_else(|problem| panic!("{problem}: {}", self.errors));
        let error = document["error"].clone();
        assert_eq!(keys(&error), ["code", "hint", "message", "retryable"]);
        assert!(!error["message"].as_str().unwrap_or_default().is_empty());
        error
    }
}

fn with_input(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("berthctl starts");
    let mut pipe = child.stdin.take().expect("it is piped");
    // Who fails before reading closes the pipe: that is for the test to see in the outcome.
    let _ = pipe.write_all(input.as_bytes());
    drop(pipe);
    child.wait_with_output().expect("berthctl ends")
}

/// The sample models, as layouts for other tools to push from.
fn sample() -> &'static Path {
    static SAMPLE: OnceLock<PathBuf> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        // Lives as long as the tests: statics are not dropped.
        let folder = tempfile::tempdir().expect("a temporary folder").keep();
        let terminal = Terminal::new();
        terminal.done(&["sample", &folder.join("sample").display().to_string()]);
        folder.join("sample")
    })
}

/// A registry that skopeo filled: three versions of two platforms, a model and a chart.
fn filled() -> RegistryServer {
    let server = RegistryServer::distribution2(&crate::support::registry_server::Setup::default());
    fill(&server);
    server
}

fn fill(server: &RegistryServer) {
    for tag in TAGS {
        server.push_layout(&sample().join(DETECTOR), tag, &format!("{DETECTOR}:{tag}"));
    }
    server.push_layout(&sample().join("llm/tiny-bert"), "2.0.0", "llm/tiny-bert:2.0.0");
    server.push_layout(
        &sample().join("charts/inference-gateway"),
        "0.4.0",
        "charts/inference-gateway:0.4.0",
    );
}

/// What skopeo says of something in a registry without TLS.
fn skopeo(arguments: &[&str], reference: &str) -> String {
    run(tool("skopeo")
        .arg("inspect")
        .arg("--tls-verify=false")
        .args(arguments)
        .arg(format!("docker://{reference}")))
}

fn skopeo_json(arguments: &[&str], reference: &str) -> Value {
    serde_json::from_str(&skopeo(arguments, reference)).expect("skopeo writes JSON")
}

/// The keys of an object, sorted.
fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, _)| key.as_str())
        .collect();
    keys.sort_unstable();
    keys
}

/// What the steps of a plan do, in their order.
fn actions(plan: &Value) -> Vec<&str> {
    list(&plan["steps"]).iter().map(|step| text(&step["action"])).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
