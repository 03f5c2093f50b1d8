//! Python's packages: the headers of `METADATA` and `PKG-INFO`, or the names of their folders.

use super::Package;

/// `Name` and `Version` of the headers, which an empty line ends. Source: Python's core metadata specification.
pub(super) fn headers(text: &str) -> Option<Package> {
    let headers = text.lines().take_while(|line| !line.trim().is_empty());
    let (mut name, mut version) = (None, None);
    for line in headers {
        match line.split_once(':') {
            Some(("Name", value)) => name = name.or(Some(value.trim())),
            Some(("Version", value)) => version = version.or(Some(value.trim())),
            _ => {}
        }
    }
    Some(Package {
        name: normalised(name.filter(|name| !name.is_empty())?),
        version: version.filter(|version| !version.is_empty())?.to_owned(),
    })
}

/// `torch-2.4.1.dist-info`, `six-1.16.0-py3.11.egg-info`.
pub(super) fn named(folder: &str) -> Option<Package> {
    let stem = folder
        .strip_suffix(".dist-info")
        .or_else(|| folder.strip_suffix(".egg-info"))?;
    let mut parts = stem.split('-');
    let (name, version) = (parts.next()?, parts.next()?);
    if name.is_empty() || version.is_empty() {
        return None;
    }
    Some(Package {
        name: normalised(name),
        version: version.to_owned(),
    })
}

/// One name however it is written. Source: Python's packaging specifications, "Names and normalization".
pub(super) fn normalised(name: &str) -> String {
    let words: Vec<&str> = name.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect();
    words.join("-").to_lowercase()
}
