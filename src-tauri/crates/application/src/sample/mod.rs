//! The sample models: a folder of OCI image layouts that Berth writes itself, so that everything can be tried without a
//! registry, a login or a download.
//!
//! The content is made up but whole: every digest fits, every layer unpacks, every safetensors file loads. It depends
//! on nothing but the time that is handed in. Knows the write primitives of a layout, nothing of connections.

mod attached;
mod defect_detector;
mod detector_releases;
mod image;
mod inference_gateway;
mod layer;
mod line_scan_segmenter;
mod nightly_forecast;
mod noise;
mod packages;
mod python;
mod repository;
mod store_demand;
mod system;
#[cfg(test)]
mod tests;
mod tiny_bert;
mod tiny_bert_texts;
mod weights;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use registry::folder::LayoutWriteError;

use layer::Shelf;
use repository::Repository;

/// Why the sample could not be written. Nothing is left behind then.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    #[error("{} is there already and is not empty", .0.display())]
    AlreadyThere(PathBuf),
    #[error("{} is no place for a folder", .0.display())]
    NoPlace(PathBuf),
    #[error("{} cannot be written: {source}", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Layout(#[from] LayoutWriteError),
    #[error("a layer of the sample could not be packed: {0}")]
    Layer(io::Error),
    #[error("the weights of the sample could not be written: {0}")]
    Weights(#[from] safetensors::SafeTensorError),
}

impl SampleError {
    /// The one thing to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::AlreadyThere(_) => {
                Some("name another folder, or connect this one as it is with `connection add`".to_owned())
            }
            Self::NoPlace(_) => Some("name a folder that does not exist yet".to_owned()),
            Self::Folder { path, .. } => Some(format!(
                "check that {} is writable and that the disk is not full",
                path.display()
            )),
            Self::Layout(_) => Some("check that the disk is not full".to_owned()),
            Self::Layer(_) | Self::Weights(_) => None,
        }
    }
}

/// Writes the sample to `folder`, which must not exist or be empty: about 20 MB in six repositories.
///
/// Deterministic for a given `now`, from which all times in the sample are counted back. It is written beside `folder`
/// and renamed into place: a kill leaves no half a sample. Blocking, for a second or so.
///
/// # Errors
/// When the folder is not empty or the disk refuses; nothing is left behind.
pub fn write(folder: &Path, now: DateTime<Utc>) -> Result<(), SampleError> {
    let no_place = || SampleError::NoPlace(folder.to_owned());
    let parent = match folder.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return Err(no_place()),
    };
    refuse_what_is_there(folder)?;
    let failed = |source| SampleError::Folder {
        path: parent.to_owned(),
        source,
    };
    fs::create_dir_all(parent).map_err(failed)?;
    let unfinished = folder_builder().tempdir_in(parent).map_err(failed)?;
    write_repositories(unfinished.path(), now)?;
    put_in_place(unfinished, folder)
}

fn write_repositories(root: &Path, now: DateTime<Utc>) -> Result<(), SampleError> {
    let mut shelf = Shelf::default();
    let created = |name: &str| Repository::create(root, name, now);
    defect_detector::write(created("vision/defect-detector")?, &mut shelf)?;
    line_scan_segmenter::write(created("vision/line-scan-segmenter")?, &mut shelf)?;
    nightly_forecast::write(created("pipelines/nightly-forecast")?, &mut shelf)?;
    tiny_bert::write(created("llm/tiny-bert")?)?;
    store_demand::write(created("forecasting/store-demand")?)?;
    inference_gateway::write(created("charts/inference-gateway")?)
}

fn refuse_what_is_there(folder: &Path) -> Result<(), SampleError> {
    let failed = |source| SampleError::Folder {
        path: folder.to_owned(),
        source,
    };
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(SampleError::AlreadyThere(folder.to_owned())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(SampleError::AlreadyThere(folder.to_owned())),
        Err(error) => Err(failed(error)),
    }
}

fn put_in_place(unfinished: tempfile::TempDir, folder: &Path) -> Result<(), SampleError> {
    // Not every system renames over an empty folder. One that got content in the meantime stays as it is.
    match fs::remove_dir(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(_) => return Err(SampleError::AlreadyThere(folder.to_owned())),
    }
    fs::rename(unfinished.path(), folder).map_err(|source| SampleError::Folder {
        path: folder.to_owned(),
        source,
    })?;
    // It has moved: there is nothing left to clean up.
    let _ = unfinished.keep();
    Ok(())
}

/// Temporary folders are private by nature; the sample is a folder like any other.
fn folder_builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".berth-sample-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder
}
