//! The desktop around the window: other programs and file pickers, behind a trait, so that commands are tested without one.

use std::path::Path;

use application::ErrorCode;
use async_trait::async_trait;
use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::{DialogExt, FilePath};
use tauri_plugin_opener::OpenerExt;
use tokio::sync::oneshot;

use crate::wire::Problem;

/// What a window may ask of the desktop around it.
#[async_trait]
pub trait Desktop: Send + Sync {
    /// Opens a file in the program that the person has chosen for its kind.
    async fn open_file(&self, path: &Path) -> Result<(), Problem>;
    /// Opens a web address in the browser.
    async fn open_address(&self, address: &str) -> Result<(), Problem>;
    /// A file that the person picks; none if nothing is picked.
    async fn pick_file(&self, title: &str) -> Option<String>;
    /// A place for a new file of that name, or a file that the person wants replaced; none if nothing is picked.
    async fn pick_new_file(&self, title: &str, name: &str) -> Option<String>;
    /// A folder that the person picks; none if nothing is picked.
    async fn pick_folder(&self, title: &str) -> Option<String>;
}

/// The real one.
pub(crate) struct TauriDesktop<R: Runtime>(pub AppHandle<R>);

#[async_trait]
impl<R: Runtime> Desktop for TauriDesktop<R> {
    async fn open_file(&self, path: &Path) -> Result<(), Problem> {
        self.0
            .opener()
            .open_path(path.display().to_string(), None::<&str>)
            .map_err(|error| {
                application::ApplicationError::new(
                    ErrorCode::Other,
                    format!("no program opens {}: {error}", path.display()),
                )
                .with_hint("open the file by hand: its path stands in this message")
                .into()
            })
    }

    async fn open_address(&self, address: &str) -> Result<(), Problem> {
        self.0.opener().open_url(address, None::<&str>).map_err(|error| {
            application::ApplicationError::new(ErrorCode::Other, format!("no browser opens {address}: {error}"))
                .with_hint("copy the address and open it by hand")
                .into()
        })
    }

    async fn pick_file(&self, title: &str) -> Option<String> {
        let (sender, receiver) = oneshot::channel();
        self.0.dialog().file().set_title(title).pick_file(|picked| {
            let _ = sender.send(picked);
        });
        picked(receiver).await
    }

    async fn pick_new_file(&self, title: &str, name: &str) -> Option<String> {
        let (sender, receiver) = oneshot::channel();
        let dialog = self.0.dialog().file().set_title(title).set_file_name(name);
        dialog.save_file(|picked| {
            let _ = sender.send(picked);
        });
        picked(receiver).await
    }

    async fn pick_folder(&self, title: &str) -> Option<String> {
        let (sender, receiver) = oneshot::channel();
        self.0.dialog().file().set_title(title).pick_folder(|picked| {
            let _ = sender.send(picked);
        });
        picked(receiver).await
    }
}

async fn picked(receiver: oneshot::Receiver<Option<FilePath>>) -> Option<String> {
    receiver.await.ok().flatten().map(|path| path.to_string())
}
