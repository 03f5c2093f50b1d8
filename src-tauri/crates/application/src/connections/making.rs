//! Folders and archives that are made for a connection, and taken away again if it comes to nothing.

use std::path::{Path, PathBuf};

use registry::{CheckStep, folder::NewPlace};

use super::draft::path_of;
use crate::{ApplicationError, Berth, ConnectionDraft, Location, settings::SavedConnection};

/// What was made, and where.
#[derive(Debug)]
pub(super) struct Made {
    place: NewPlace,
    path: PathBuf,
}

impl Berth {
    /// What could be made at an address: it leads to a folder or a file that is not there yet.
    ///
    /// # Errors
    /// If this process cannot go on.
    pub async fn new_place(&self, address: &str) -> Result<Option<NewPlace>, ApplicationError> {
        let home = self.inner.process.home();
        let address = address.to_owned();
        self.blocking(move |_| -> Result<_, ApplicationError> {
            Ok(path_of(&address, home.as_deref()).and_then(|path| NewPlace::at(&path)))
        })
        .await
    }

    /// Makes the place of a connection where the draft says so.
    pub(super) async fn make_place(
        &self,
        draft: &ConnectionDraft,
        connection: &SavedConnection,
    ) -> Result<Option<Made>, ApplicationError> {
        let Some(path) = to_make(draft, connection)?.map(Path::to_owned) else {
            return Ok(None);
        };
        self.blocking(move |_| -> Result<_, ApplicationError> {
            let place = NewPlace::make(&path)?;
            Ok(Some(Made { place, path }))
        })
        .await
    }

    pub(super) async fn take_back(&self, made: Made) {
        let taken = self.blocking(move |_| {
            let Made { place, path } = made;
            if let Err(error) = place.take_back(&path) {
                tracing::warn!(%error, path = %path.display(), "what was made could not be removed");
            }
            Ok::<_, ApplicationError>(())
        });
        // It only fails where this process cannot go on.
        let _ = taken.await;
    }

    /// The diagnosis of a place that is yet to be made; none where it is not to be.
    pub(super) async fn check_new_place(
        &self,
        draft: &ConnectionDraft,
        connection: &SavedConnection,
    ) -> Result<Option<Vec<CheckStep>>, ApplicationError> {
        let Some(path) = to_make(draft, connection)?.map(Path::to_owned) else {
            return Ok(None);
        };
        self.blocking(move |_| -> Result<_, ApplicationError> { Ok(Some(NewPlace::check(&path))) })
            .await
    }
}

fn to_make<'a>(draft: &ConnectionDraft, connection: &'a SavedConnection) -> Result<Option<&'a Path>, ApplicationError> {
    match (&connection.location, draft.make_new) {
        (_, false) => Ok(None),
        (Location::Folder(path), true) => Ok(Some(path)),
        (Location::Registry(address), true) => Err(ApplicationError::invalid(format!(
            "{address} is the address of a registry, which cannot be made"
        ))
        .with_hint("write a path: /path/to/folder, ./folder or /path/to/archive.tar")),
    }
}
