//! The diagnosis of a folder, in the steps of a registry's. What belongs to networks does not apply.

use std::{path::Path, time::Instant};

use super::{
    Content, Folder,
    archive::{self, Archive},
};
use crate::{CheckName, CheckStep, Operation, RegistryError};

/// All steps, for a diagnosis that did not come to try them.
pub(super) fn untried(reason: &str) -> Vec<CheckStep> {
    CheckName::ALL
        .into_iter()
        .map(|step| CheckStep::skipped(step, reason))
        .collect()
}

pub(super) fn steps(folder: &Folder, operation: &Operation) -> Vec<CheckStep> {
    let no_network = "a folder needs no network";
    let is_new = is_new(folder);
    let list = timed(CheckName::List, || {
        if is_new {
            Ok("the folder is empty: versions can be copied into it".to_owned())
        } else {
            listed(folder, operation)
        }
    });
    let pull = if list.ok == Some(true) && !is_new {
        timed(CheckName::Pull, || pulled(folder, operation))
    } else {
        CheckStep::skipped(CheckName::Pull, "nothing was found to read")
    };
    vec![
        CheckStep::skipped(CheckName::Name, no_network),
        timed(CheckName::Connect, || reached(folder)),
        CheckStep::skipped(CheckName::Tls, no_network),
        CheckStep {
            step: CheckName::Api,
            detail: api_detail(folder, &list),
            ..list.clone()
        },
        CheckStep::skipped(CheckName::Login, "a folder needs no login"),
        list,
        pull,
        written(folder, CheckName::Push),
        written(folder, CheckName::Delete),
    ]
}

/// Whether there is nothing in the folder at all. One with other things in it was chosen by mistake.
fn is_new(folder: &Folder) -> bool {
    let Content::Tree(root) = &folder.content else {
        return false;
    };
    root.read_dir().is_ok_and(|mut entries| entries.next().is_none())
}

fn api_detail(folder: &Folder, list: &CheckStep) -> String {
    match (&folder.content, list.ok) {
        (_, Some(false)) => list.detail.clone(),
        (Content::Tree(_), _) => "a folder of image layouts".to_owned(),
        (Content::Single { layout, .. }, _) if layout.archive().is_some() => "an oci-archive".to_owned(),
        (Content::Single { .. }, _) => "an image layout".to_owned(),
    }
}

pub(super) fn timed(step: CheckName, look: impl FnOnce() -> Result<String, RegistryError>) -> CheckStep {
    let started = Instant::now();
    let outcome = look();
    let milliseconds = u64::try_from(started.elapsed().as_millis()).ok();
    match outcome {
        Ok(detail) => CheckStep {
            step,
            ok: Some(true),
            detail,
            hint: None,
            code: None,
            milliseconds,
        },
        Err(RegistryError::Cancelled) => CheckStep::skipped(step, "cancelled"),
        Err(error) => CheckStep {
            step,
            ok: Some(false),
            detail: error.to_string(),
            hint: error.hint(),
            code: Some(error.code()),
            milliseconds,
        },
    }
}

fn reached(folder: &Folder) -> Result<String, RegistryError> {
    let failed = |error| RegistryError::io(&folder.shown, error);
    let metadata = folder.shown.metadata().map_err(failed)?;
    if metadata.is_dir() {
        folder.shown.read_dir().map_err(failed)?;
        return Ok("the folder is there and can be read".to_owned());
    }
    std::fs::File::open(&folder.shown).map_err(failed)?;
    Ok("the file is there and can be read".to_owned())
}

fn listed(folder: &Folder, operation: &Operation) -> Result<String, RegistryError> {
    let repositories = folder.repositories(operation)?;
    // A list of names alone would not notice a layout that cannot be read.
    let tags = match repositories.items.first() {
        Some(first) => folder.layout(first)?.tags()?.items.len(),
        None => 0,
    };
    let found = match repositories.items.as_slice() {
        [only] => format!("one repository, {only}, with {}", counted(tags, "tag", "tags")),
        all => counted(all.len(), "repository", "repositories"),
    };
    Ok(match repositories.problems.len() {
        0 => found,
        problems => format!("{found}; {} left out", counted(problems, "folder", "folders")),
    })
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {many}")
    }
}

/// Reads the first manifest that there is.
fn pulled(folder: &Folder, operation: &Operation) -> Result<String, RegistryError> {
    for repository in folder.repositories(operation)?.items {
        operation.check()?;
        let layout = folder.layout(&repository)?;
        if let Some(first) = layout.snapshot()?.manifests.first() {
            layout.small(&first.digest)?;
            return Ok(format!(
                "a manifest of {repository} was read and is what its digest says"
            ));
        }
    }
    Ok("there is no manifest yet".to_owned())
}

/// Whether it can be written to, found out with a file that is removed at once; in an archive nothing is tried.
fn written(folder: &Folder, step: CheckName) -> CheckStep {
    let path: &Path = match &folder.content {
        Content::Single { layout, .. } => match layout.archive() {
            Some(archive) => return timed(step, || writable_archive(&archive, step)),
            None => &folder.shown,
        },
        Content::Tree(root) => root,
    };
    timed(step, || {
        let probe = tempfile::Builder::new().prefix(".berth-").tempfile_in(path);
        probe
            .and_then(tempfile::NamedTempFile::close)
            .map_err(|error| RegistryError::io(path, error))?;
        Ok("the folder can be written".to_owned())
    })
}

fn writable_archive(archive: &Archive, step: CheckName) -> Result<String, RegistryError> {
    archive::probe(archive)?;
    Ok(match step {
        CheckName::Delete => "versions can leave the archive's list; their bytes stay in the file",
        _ => "the archive can be written",
    }
    .to_owned())
}
