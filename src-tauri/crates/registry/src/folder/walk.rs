//! Finding the layouts below a folder. A layout's name is its path.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use artifact::RepositoryName;

use super::{problem, writer};
use crate::{Completeness, Listing, Operation, RegistryError, visible};

/// How deep names are nested at most.
const DEEPEST: usize = 16;
/// How many folders are looked at: a home folder chosen by mistake should not be walked for minutes.
const MOST_FOLDERS: usize = 50_000;
/// How many problems are told one by one.
const TOLD: usize = 50;

/// Whether a folder is a layout: a list of manifests, and beside it the marker or blobs.
pub(super) fn is_layout(folder: &Path) -> bool {
    folder.join(writer::INDEX_FILE).is_file()
        && (folder.join(writer::LAYOUT_FILE).is_file() || folder.join("blobs").is_dir())
}

/// The names of all layouts below `root`, a path free of links, in order.
pub(super) fn repositories(root: &Path, operation: &Operation) -> Result<Listing<RepositoryName>, RegistryError> {
    let mut walk = Walk {
        root,
        found: Listing::complete(Vec::new()),
        looked_at: 0,
        waiting: Vec::new(),
    };
    // Nothing was found if the folder itself cannot be read; of those below each is a problem of its own.
    walk.enter(&Step {
        folder: root.to_owned(),
        name: String::new(),
        depth: 0,
    })?;
    while let Some(step) = walk.waiting.pop() {
        operation.check()?;
        walk.looked_at += 1;
        if walk.looked_at > MOST_FOLDERS {
            let reason = format!("only the first {MOST_FOLDERS} folders were looked at");
            walk.found.complete = Completeness::Partial { reason };
            break;
        }
        if let Err(error) = walk.enter(&step) {
            walk.found.complete = Completeness::Partial {
                reason: "not every folder can be read".to_owned(),
            };
            walk.tell(error.to_string());
        }
    }
    let mut found = walk.found;
    found.items.sort();
    found.items.dedup();
    Ok(found)
}

struct Walk<'a> {
    root: &'a Path,
    found: Listing<RepositoryName>,
    looked_at: usize,
    waiting: Vec<Step>,
}

/// A folder that is looked into.
struct Step {
    /// Free of links.
    folder: PathBuf,
    /// The path below the root, as it is named; empty for the root.
    name: String,
    depth: usize,
}

impl Walk<'_> {
    fn enter(&mut self, step: &Step) -> Result<(), RegistryError> {
        let failed = |error| RegistryError::io(&step.folder, error);
        let mut is_layout = false;
        if !step.name.is_empty() && self::is_layout(&step.folder) {
            is_layout = true;
            self.add(&step.name);
        } else if step.folder.join(writer::LAYOUT_FILE).is_file() {
            self.tell(format!("{} has no index.json", problem::shown(&step.folder)));
        }
        if step.depth == DEEPEST {
            return Ok(());
        }
        for entry in fs::read_dir(&step.folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let file_name = entry.file_name();
            let Some(file_name) = file_name.to_str() else {
                continue;
            };
            if file_name.starts_with('.') || (is_layout && file_name == "blobs") {
                continue;
            }
            let Some(folder) = self.folder_behind(&entry, &step.folder).map_err(failed)? else {
                continue;
            };
            let separator = if step.name.is_empty() { "" } else { "/" };
            let name = format!("{}{separator}{file_name}", step.name);
            self.waiting.push(Step {
                folder,
                name,
                depth: step.depth + 1,
            });
        }
        Ok(())
    }

    /// The folder that an entry is or links to; none if it is no folder, or not one to go into.
    fn folder_behind(&mut self, entry: &fs::DirEntry, parent: &Path) -> io::Result<Option<PathBuf>> {
        let kind = entry.file_type()?;
        if kind.is_dir() {
            return Ok(Some(entry.path()));
        }
        if !kind.is_symlink() {
            return Ok(None);
        }
        let Ok(real) = entry.path().canonicalize() else {
            // It leads nowhere.
            return Ok(None);
        };
        if !real.starts_with(self.root) {
            self.tell(problem::leads_out(&entry.path()).to_string());
            return Ok(None);
        }
        // A link to where one came from would be followed for ever.
        Ok((real.is_dir() && !parent.starts_with(&real)).then_some(real))
    }

    fn add(&mut self, name: &str) {
        match name.parse::<RepositoryName>() {
            Ok(name) => self.found.items.push(name),
            Err(error) => self.tell(format!("the layout {:?} is left out: {error}", visible(name, 100))),
        }
    }

    fn tell(&mut self, problem: String) {
        match self.found.problems.len() {
            told if told < TOLD => self.found.problems.push(problem),
            TOLD => self
                .found
                .problems
                .push("there are more problems of this kind".to_owned()),
            _ => {}
        }
    }
}
