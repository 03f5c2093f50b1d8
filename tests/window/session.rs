//! The real program in a real window: Xvfb for a display, a session bus with a real keychain, the driver of its web view.
//!
//! Each session has its own display, bus, keychain and home, all of which end with it.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, wd::Capabilities};
use serde_json::json;

use crate::support::process::{Running, find_tool, program, run, tool};

/// How long the window may take to show what a step waits for.
const PATIENCE: Duration = Duration::from_secs(30);
/// The size in which the window opens.
const WINDOW: (u32, u32) = (1280, 800);

/// A home folder, with a display and a keychain, in which the program can be started again and again.
pub(super) struct Desktop {
    home: tempfile::TempDir,
    display: String,
    _screen: Running,
    driver: Running,
    address: String,
}

impl Desktop {
    pub(super) async fn start() -> Self {
        let home = tempfile::tempdir().expect("a temporary home");
        let (screen, display) = start_screen();
        let (driver, address) = start_driver(home.path(), &display).await;
        Self {
            home,
            display,
            _screen: screen,
            driver,
            address,
        }
    }

    /// The folder in which Berth keeps everything.
    pub(super) fn data_folder(&self) -> PathBuf {
        self.home.path().join("berth")
    }

    pub(super) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Opens the program. Close the window before the next.
    pub(super) async fn open(&self) -> Window {
        let mut capabilities = Capabilities::new();
        capabilities.insert("tauri:options".to_owned(), json!({ "application": program("berth") }));
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities)
            .connect(&self.address)
            .await
            .expect("the driver opens the program");
        Window {
            client,
            display: self.display.clone(),
        }
    }

    /// What the clipboard of this display holds.
    pub(super) fn clipboard(&self) -> String {
        let output = tool("xclip")
            .args(["-selection", "clipboard", "-o"])
            .env("DISPLAY", &self.display)
            .output()
            .expect("xclip runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // The bus, the keychain and the driver are children of one process group.
        let group = format!("-{}", self.driver.identifier());
        let _ = Command::new("kill")
            .args(["-TERM", "--", &group])
            .stderr(Stdio::null())
            .status();
    }
}

/// The program's window, driven as a person would.
pub(super) struct Window {
    client: Client,
    display: String,
}

impl Window {
    /// Waits for an element that a person would call `name`: a button, link, tab, field or row with that accessible name or text.
    pub(super) async fn find(&self, selector: &str) -> Element {
        let found = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(locator(selector))
            .await;
        match found {
            Ok(element) => element,
            Err(problem) => {
                let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join("window.png");
                self.picture(&picture);
                panic!(
                    "{selector} never appeared: {problem}; what did is in {}",
                    picture.display()
                )
            }
        }
    }

    /// Clicks as soon as it can be: a row that is drawn anew in between is looked for again.
    pub(super) async fn click(&self, selector: &str) {
        let patient = tokio::time::timeout(PATIENCE, async {
            while let Err(problem) = self.find(selector).await.click().await {
                println!("{selector} cannot be clicked yet: {problem}");
            }
        });
        patient.await.unwrap_or_else(|_| panic!("{selector} cannot be clicked"));
    }

    pub(super) async fn fill(&self, selector: &str, text: &str) {
        let element = self.find(selector).await;
        element.clear().await.expect("the field can be emptied");
        element.send_keys(text).await.expect("the field takes text");
    }

    /// Presses keys where the focus is.
    pub(super) async fn press(&self, keys: &str) {
        let focused = self.client.active_element().await.expect("something has the focus");
        focused.send_keys(keys).await.expect("the focused element takes keys");
    }

    /// Waits until an element's text contains `text`.
    pub(super) async fn wait_for_text(&self, selector: &str, text: &str) {
        let wanted = format!("({selector})[contains(normalize-space(.), {})]", quoted(text));
        self.find(&wanted).await;
    }

    /// Keeps a picture of the screen where the window is, as PNG.
    pub(super) fn picture(&self, file: &Path) {
        let area = format!("{}x{}+0+0", WINDOW.0, WINDOW.1);
        run(tool("import")
            .args(["-window", "root", "-crop", &area, "+repage"])
            .arg(file)
            .env("DISPLAY", &self.display));
    }

    /// Runs a script in the page and gives its answer.
    pub(super) async fn evaluate(&self, script: &str) -> serde_json::Value {
        self.client.execute(script, Vec::new()).await.expect("the script runs")
    }

    /// Waits until what was changed last is on the screen.
    pub(super) async fn painted(&self) {
        let script = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))";
        self.client
            .execute_async(script, Vec::new())
            .await
            .expect("the page is drawn");
    }

    pub(super) async fn close(self) {
        self.client.close().await.expect("the window closes");
    }
}

/// An `XPath` where it starts as one, else CSS.
fn locator(selector: &str) -> Locator<'_> {
    if selector.starts_with(['/', '(']) {
        Locator::XPath(selector)
    } else {
        Locator::Css(selector)
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn start_screen() -> (Running, String) {
    let mut command = tool("Xvfb");
    command.args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"]);
    let (running, number) = Running::start_and_find(&mut command, |line| line.trim().parse::<u32>().ok());
    (running, format!(":{number}"))
}

async fn start_driver(home: &Path, display: &str) -> (Running, String) {
    let (port, native_port) = (free_port(), free_port());
    let native = find_tool("WebKitWebDriver").expect("WebKitWebDriver is installed by `.ci/install test`");
    let driver = find_tool("tauri-driver").expect("tauri-driver is built by `.ci/install test`");
    // An empty line is the password of a new keychain; without it the keychain would ask in a window of its own.
    let script = format!(
        "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec {} --port {port} --native-port {native_port} --native-driver {}",
        driver.display(),
        native.display()
    );
    let mut command = tool("setsid");
    command
        .args(["--wait", "dbus-run-session", "--", "bash", "-c", &script])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("LANG", "C.UTF-8")
        .env("XDG_DATA_HOME", home.join("share"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_RUNTIME_DIR", home)
        .env("BERTH_DATA_DIR", home.join("berth"))
        .env("DISPLAY", display)
        .env("GDK_BACKEND", "x11")
        .env("NO_AT_BRIDGE", "1")
        .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1");
    let running = Running::start(&mut command);
    // The driver of the program passes everything on to WebKit's, and starts a moment before it.
    wait_for_port(native_port).await;
    wait_for_port(port).await;
    (running, format!("http://127.0.0.1:{port}"))
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the system has a free port");
    listener.local_addr().expect("a bound listener has an address").port()
}

async fn wait_for_port(port: u16) {
    let connected = async {
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, connected)
        .await
        .expect("the driver listens");
}
