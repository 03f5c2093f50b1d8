//! The shell around a data folder of its own, on Tauri's runtime without a window.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use application::{Berth, Clock, Environment, KeychainStore, ProcessEnvironment};
use async_trait::async_trait;
use berth::{Desktop, Problem, Shell};
use serde_json::Value;
use tauri::{
    App, Manager, WebviewWindow, WebviewWindowBuilder,
    ipc::{CallbackFn, InvokeBody, InvokeResponseBody},
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets},
    webview::InvokeRequest,
};
use tempfile::TempDir;

/// Remembers what it was asked to open.
#[derive(Default)]
pub(super) struct Recorded(Mutex<Vec<String>>);

#[async_trait]
impl Desktop for Recorded {
    async fn open_file(&self, path: &Path) -> Result<(), Problem> {
        self.note(path.display().to_string());
        Ok(())
    }

    async fn open_address(&self, address: &str) -> Result<(), Problem> {
        self.note(address.to_owned());
        Ok(())
    }

    async fn pick_file(&self, _title: &str) -> Option<String> {
        None
    }

    async fn pick_new_file(&self, _title: &str, name: &str) -> Option<String> {
        Some(
            std::env::temp_dir()
                .join(format!("{}-{name}", std::process::id()))
                .display()
                .to_string(),
        )
    }

    async fn pick_folder(&self, _title: &str) -> Option<String> {
        None
    }
}

impl Recorded {
    fn note(&self, what: String) {
        self.0.lock().expect("nobody panics while noting").push(what);
    }

    pub(super) fn opened(&self) -> Vec<String> {
        self.0.lock().expect("nobody panics while noting").clone()
    }
}

/// A program whose window is a stand-in: commands are dispatched, checked and answered as in the real one.
pub(super) struct Program {
    pub desktop: Arc<Recorded>,
    pub page: Page,
    _app: App<MockRuntime>,
    folder: TempDir,
}

impl Program {
    pub(super) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary data folder");
        let data_folder = folder.path().join("berth");
        let open = move || {
            let environment = Environment {
                data_folder: data_folder.clone(),
                clock: Clock::system(),
                process: ProcessEnvironment::default(),
                secrets: Arc::new(KeychainStore),
                offline: false,
                origin: application::Origin::default(),
            };
            Berth::open(environment)
        };
        let desktop = Arc::new(Recorded::default());
        let bindings = berth::bindings::<MockRuntime>();
        let app = mock_builder()
            .invoke_handler(bindings.invoke_handler())
            .build(mock_context(noop_assets()))
            .expect("the program starts");
        app.manage(Shell::new(open, Arc::clone(&desktop) as Arc<dyn Desktop>));
        let window = WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default())
            .build()
            .expect("a window");
        Self {
            desktop,
            page: Page(window),
            _app: app,
            folder,
        }
    }

    pub(super) fn data_folder(&self) -> &Path {
        self.folder.path()
    }

    /// As [`Page::invoke`].
    pub(super) fn invoke(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        self.page.invoke(command, arguments)
    }

    /// As [`Page::ask`].
    pub(super) fn ask(&self, command: &str, arguments: Value) -> Value {
        self.page.ask(command, arguments)
    }
}

/// What the window shows, which may ask several things at once.
#[derive(Clone)]
pub(super) struct Page(WebviewWindow<MockRuntime>);

impl Page {
    /// Invokes a command as the window does. Answers or, where the command fails, what the window would be told.
    pub(super) fn invoke(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let request = InvokeRequest {
            cmd: command.to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: "tauri://localhost".parse().expect("an address"),
            body: InvokeBody::Json(arguments),
            headers: tauri::http::HeaderMap::new(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(&self.0, request).map(|body| match body {
            InvokeResponseBody::Json(text) => serde_json::from_str(&text).expect("an answer is JSON"),
            InvokeResponseBody::Raw(_) => panic!("{command} answers with bytes"),
        })
    }

    /// Invokes a command that must not fail.
    pub(super) fn ask(&self, command: &str, arguments: Value) -> Value {
        self.invoke(command, arguments)
            .unwrap_or_else(|problem| panic!("{command} failed: {problem}"))
    }
}
