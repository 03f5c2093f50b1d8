//! Which packages are installed in a tree of files, by what their tools leave behind, or by a bill of
//! materials.
//!
//! Read from paths and from the package databases that [`crate::LayerContents`] keeps. Source: artifacts.md, "Packages
//! by path alone". RPM's databases are binary and are not read.

mod databases;
mod python;
mod sbom;
#[cfg(test)]
pub(crate) mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde::Serialize;

pub use self::sbom::SbomError;

use crate::{FileKind, LayerContents, MergedFile, MergedTree};

/// Whose rules a package follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ecosystem {
    Python,
    Conda,
    Debian,
    Alpine,
    Rpm,
    Npm,
}

impl Ecosystem {
    /// In the order in which they are told: what models are made of first.
    pub const ALL: [Self; 6] = [
        Self::Python,
        Self::Conda,
        Self::Debian,
        Self::Alpine,
        Self::Rpm,
        Self::Npm,
    ];

    /// The word of the command line's JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Conda => "conda",
            Self::Debian => "debian",
            Self::Alpine => "alpine",
            Self::Rpm => "rpm",
            Self::Npm => "npm",
        }
    }

    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::Conda => "conda",
            Self::Debian => "Debian",
            Self::Alpine => "Alpine",
            Self::Rpm => "RPM",
            Self::Npm => "npm",
        }
    }
}

/// What is installed: of each ecosystem the names with their versions, of which there may be several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packages {
    pub installed: BTreeMap<Ecosystem, BTreeMap<String, BTreeSet<String>>>,
    /// Package databases that are there and could not be read.
    pub unread: Vec<String>,
}

impl Packages {
    /// What is seen in a tree.
    pub fn of(tree: &MergedTree) -> Self {
        let layers: BTreeMap<String, &LayerContents> = tree
            .layers()
            .iter()
            .map(|(digest, contents)| (digest.to_string(), contents.as_ref()))
            .collect();
        let mut found = Self::default();
        for file in tree.flat() {
            found.read(&file, &layers);
        }
        found
    }

    fn read(&mut self, file: &MergedFile<'_>, layers: &BTreeMap<String, &LayerContents>) {
        let text = || {
            let layer = layers.get(&file.layer.to_string())?;
            let written = file.entry.map_or(file.path.as_str(), |entry| entry.path.as_str());
            std::str::from_utf8(&layer.text(written)?.bytes).ok()
        };
        let Some(place) = Place::of(file) else { return };
        let known = match place {
            Place::Python { folder } => {
                let package = text().and_then(python::headers).or_else(|| python::named(folder));
                package.map(|package| self.add(Ecosystem::Python, package))
            }
            Place::Conda { name } => databases::conda(name).map(|package| self.add(Ecosystem::Conda, package)),
            Place::Debian => text().map(|text| self.add_all(Ecosystem::Debian, databases::debian(text))),
            Place::Alpine => text().map(|text| self.add_all(Ecosystem::Alpine, databases::alpine(text))),
            Place::Npm => text().map(|text| self.add_all(Ecosystem::Npm, databases::npm(text))),
            Place::Rpm => None,
        };
        if known.is_none() {
            self.unread.push(file.path.clone());
        }
    }

    fn add_all(&mut self, ecosystem: Ecosystem, packages: impl IntoIterator<Item = Package>) {
        for package in packages {
            self.add(ecosystem, package);
        }
    }

    fn add(&mut self, ecosystem: Ecosystem, package: Package) {
        let names = self.installed.entry(ecosystem).or_default();
        names.entry(package.name).or_default().insert(package.version);
    }
}

/// One package of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Package {
    name: String,
    version: String,
}

/// Where a tool says what it installed.
enum Place<'a> {
    Python { folder: &'a str },
    Conda { name: &'a str },
    Debian,
    Alpine,
    Rpm,
    Npm,
}

impl<'a> Place<'a> {
    fn of(file: &'a MergedFile<'_>) -> Option<Self> {
        if !matches!(file.kind, FileKind::File | FileKind::Hardlink) {
            return None;
        }
        let mut components = file.path.rsplit('/');
        let (name, folder) = (components.next()?, components.next().unwrap_or_default());
        let above = components.next().unwrap_or_default();
        let is_library = |folder: &str| matches!(folder, "site-packages" | "dist-packages");
        match name {
            "METADATA" if folder.ends_with(".dist-info") && is_library(above) => Some(Self::Python { folder }),
            "PKG-INFO" if folder.ends_with(".egg-info") && is_library(above) => Some(Self::Python { folder }),
            _ if name.ends_with(".egg-info") && is_library(folder) => Some(Self::Python { folder: name }),
            _ if folder == "conda-meta" && Path::new(name).extension() == Some("json".as_ref()) => {
                Some(Self::Conda { name })
            }
            "package.json" if above == "node_modules" => Some(Self::Npm),
            "package.json" if above.starts_with('@') && components.next() == Some("node_modules") => Some(Self::Npm),
            _ => Self::of_system(&file.path, name),
        }
    }

    fn of_system(path: &str, name: &str) -> Option<Self> {
        match path {
            "var/lib/dpkg/status" => Some(Self::Debian),
            "lib/apk/db/installed" | "usr/lib/apk/db/installed" => Some(Self::Alpine),
            _ if path.starts_with("var/lib/dpkg/status.d/") && !name.ends_with(".md5sums") => Some(Self::Debian),
            _ if matches!(name, "Packages" | "Packages.db" | "rpmdb.sqlite") && path.contains("lib/rpm/")
                || path.contains("sysimage/rpm/") && matches!(name, "Packages" | "Packages.db" | "rpmdb.sqlite") =>
            {
                Some(Self::Rpm)
            }
            _ => None,
        }
    }
}
