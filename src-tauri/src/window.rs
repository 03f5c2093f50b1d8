//! The program as a desktop knows it: one window, the plugins around it, the commands inside.

use std::{process::ExitCode, sync::Arc};

use application::{Berth, Environment};
use tauri::{App, Manager, WebviewUrl, WebviewWindowBuilder, window::Color};

use crate::{Shell, bindings, desktop::TauriDesktop, log};

/// Logical pixels: what the pictures are drawn for, and the least that the layout works in.
const SIZE: (f64, f64) = (1280.0, 800.0);
const LEAST_SIZE: (f64, f64) = (900.0, 560.0);

/// Opens the window and stays until it is closed.
pub fn run() -> ExitCode {
    log::start();
    let bindings = bindings();
    let ended = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .invoke_handler(bindings.invoke_handler())
        .setup(|app| {
            let desktop = Arc::new(TauriDesktop(app.handle().clone()));
            // The index is opened by the window's first question, so that the window does not wait for it.
            app.manage(Shell::new(|| Berth::open(Environment::of_this_process(None)?), desktop));
            open_window(app)
        })
        .run(tauri::generate_context!());
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the window cannot be opened");
            ExitCode::FAILURE
        }
    }
}

fn open_window(app: &App) -> Result<(), Box<dyn std::error::Error>> {
    WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Berth")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(LEAST_SIZE.0, LEAST_SIZE.1)
        .enable_clipboard_access()
        .background_color(Color(0xf6, 0xf7, 0xf9, 0xff))
        .build()?;
    Ok(())
}
