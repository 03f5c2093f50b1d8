//! What the window may ask, one function each: takes the arguments apart, calls one use case, turns the answer round.
//!
//! No command decides, reads or remembers anything by itself.

pub(crate) mod changes;
pub(crate) mod comparison;
pub(crate) mod connections;
pub(crate) mod files;
pub(crate) mod journal;
pub(crate) mod lists;
pub(crate) mod policies;
pub(crate) mod settings;
pub(crate) mod start;
pub(crate) mod system;
pub(crate) mod version;

use std::sync::Arc;

use application::{ApplicationError, Berth, Notice};
use tauri::State;
use tokio::sync::OnceCell;

use crate::{desktop::Desktop, operations::Operations, wire::Problem};

type Open = dyn Fn() -> Result<(Berth, Vec<Notice>), ApplicationError> + Send + Sync;

/// What commands work on: the use cases, what runs now, and the desktop around the window.
pub struct Shell {
    open: Arc<Open>,
    berth: OnceCell<Berth>,
    pub operations: Operations,
    pub desktop: Arc<dyn Desktop>,
}

impl Shell {
    /// A shell that opens the data folder when it is first asked for something.
    pub fn new(
        open: impl Fn() -> Result<(Berth, Vec<Notice>), ApplicationError> + Send + Sync + 'static,
        desktop: Arc<dyn Desktop>,
    ) -> Self {
        Self {
            open: Arc::new(open),
            berth: OnceCell::new(),
            operations: Operations::default(),
            desktop,
        }
    }

    /// The use cases. A data folder that could not be opened is tried again by the next question.
    ///
    /// # Errors
    /// [`Problem`] that says why the data folder, the settings or the index cannot be opened.
    pub async fn berth(&self) -> Result<&Berth, Problem> {
        let open = Arc::clone(&self.open);
        let opened = self.berth.get_or_try_init(|| async move {
            let (berth, _) = tokio::task::spawn_blocking(move || open())
                .await
                .map_err(ApplicationError::from)
                .flatten()?;
            Ok::<_, ApplicationError>(berth)
        });
        Ok(opened.await?)
    }
}

/// Every command's answer. `Problem` is what the window is told when it fails.
type Answer<T> = Result<T, Problem>;
type Here<'a> = State<'a, Shell>;
