//! Which files of a layer are kept whole: package databases first, then whatever is a small text.
//!
//! Decides by path, size and bytes; knows nothing of archives.

use super::super::{KeptText, LayerContents, LayerLimits};

/// Why a file may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interest {
    /// It says what is installed.
    Packages,
    /// It is small enough to be read as a text, if it is one.
    Text,
}

/// The bytes of the file that passes, as long as it may still be kept.
pub(super) struct Candidate {
    interest: Interest,
    bytes: Vec<u8>,
}

/// What is still free of the limits.
pub(super) struct Room {
    texts: usize,
    packages: usize,
}

impl Interest {
    /// The interest in a file, by its path and size in bytes.
    pub(super) fn of(path: &str, size: u64, limits: &LayerLimits) -> Option<Self> {
        let fits = |limit: usize| size <= limit as u64;
        if holds_packages(path) {
            return fits(limits.package_length).then_some(Self::Packages);
        }
        (size > 0 && fits(limits.text_length)).then_some(Self::Text)
    }
}

/// Whether a path is a package database of Python, conda, Debian, Alpine or npm.
fn holds_packages(path: &str) -> bool {
    let mut components = path.rsplit('/');
    let (name, folder) = (
        components.next().unwrap_or_default(),
        components.next().unwrap_or_default(),
    );
    match name {
        "METADATA" => folder.ends_with(".dist-info"),
        "PKG-INFO" => folder.ends_with(".egg-info"),
        "status" => path == "var/lib/dpkg/status",
        "installed" => matches!(path, "lib/apk/db/installed" | "usr/lib/apk/db/installed"),
        "package.json" => {
            let above = components.next().unwrap_or_default();
            above == "node_modules" || (above.starts_with('@') && components.next() == Some("node_modules"))
        }
        _ => {
            (folder == "conda-meta" && ends_as(name, "json"))
                || folder == "status.d"
                || (ends_as(name, "egg-info") && matches!(folder, "site-packages" | "dist-packages"))
        }
    }
}

fn ends_as(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, found)| found == extension)
}

impl Candidate {
    pub(super) fn new(interest: Interest, size: u64) -> Self {
        // A header may promise more than comes: room is made as bytes arrive.
        let capacity = usize::try_from(size).unwrap_or(0).min(64 << 10);
        Self {
            interest,
            bytes: Vec::with_capacity(capacity),
        }
    }

    /// The candidate with the next bytes of the file; none if it turns out to be no text, or a text of more than
    /// `longest` bytes.
    pub(super) fn with(mut self, bytes: &[u8], longest: usize) -> Option<Self> {
        let fits = self.interest == Interest::Packages || self.bytes.len() + bytes.len() <= longest;
        if !fits || bytes.contains(&0) {
            return None;
        }
        self.bytes.extend_from_slice(bytes);
        Some(self)
    }
}

impl Room {
    pub(super) fn new(limits: &LayerLimits) -> Self {
        Self {
            texts: limits.text_bytes,
            packages: limits.package_bytes,
        }
    }

    /// Keeps the candidate if it is a text and there is room.
    pub(super) fn keep(&mut self, path: &str, candidate: Candidate, contents: &mut LayerContents) {
        if std::str::from_utf8(&candidate.bytes).is_err() {
            return;
        }
        let room = match candidate.interest {
            Interest::Packages => &mut self.packages,
            Interest::Text => &mut self.texts,
        };
        let Some(left) = room.checked_sub(candidate.bytes.len() + path.len()) else {
            contents.texts_left_out += 1;
            return;
        };
        *room = left;
        let mut bytes = candidate.bytes;
        bytes.shrink_to_fit();
        contents.texts.push(KeptText {
            path: path.to_owned(),
            bytes,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_databases_are_known_by_their_paths() {
        for path in [
            "usr/lib/python3.11/site-packages/torch-2.5.0.dist-info/METADATA",
            "usr/lib/python3/dist-packages/six.egg-info/PKG-INFO",
            "usr/lib/python3/dist-packages/wheel-0.38.4.egg-info",
            "opt/conda/conda-meta/numpy-1.26.4-py311_0.json",
            "var/lib/dpkg/status",
            "var/lib/dpkg/status.d/base",
            "lib/apk/db/installed",
            "app/node_modules/react/package.json",
            "app/node_modules/@types/node/package.json",
        ] {
            assert!(holds_packages(path), "{path} was not known");
        }
        for path in [
            "METADATA",
            "torch-2.5.0.dist-info/RECORD",
            "app/package.json",
            "home/status",
            "conda-meta/history",
        ] {
            assert!(!holds_packages(path), "{path} was taken for one");
        }
    }
}
