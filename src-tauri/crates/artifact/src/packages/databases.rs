//! The databases of conda, Debian, Alpine and npm.

use serde_json::Value;

use super::Package;

/// `numpy-1.26.4-py311h64a7726_0.json`: name, version and build, of which only the name may hold dashes.
pub(super) fn conda(file: &str) -> Option<Package> {
    let mut parts = file.strip_suffix(".json")?.rsplitn(3, '-');
    let (_build, version, name) = (parts.next()?, parts.next()?, parts.next()?);
    package(name, version)
}

/// Paragraphs of fields; what was removed and left its settings is not installed. Source: deb-control(5), dpkg(1).
pub(super) fn debian(text: &str) -> Vec<Package> {
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let field = |name: &str| {
            let mut lines = paragraph.lines().filter_map(|line| line.split_once(':'));
            lines.find(|(found, _)| *found == name).map(|(_, value)| value.trim())
        };
        let installed = field("Status").is_none_or(|status| status.split(' ').next_back() == Some("installed"));
        package(field("Package")?, field("Version")?).filter(|_| installed)
    });
    paragraphs.flatten().collect()
}

/// Paragraphs of `P:name` and `V:version`. Source: Alpine's apk package database.
pub(super) fn alpine(text: &str) -> Vec<Package> {
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let field = |name: &str| paragraph.lines().find_map(|line| line.strip_prefix(name));
        package(field("P:")?, field("V:")?)
    });
    paragraphs.flatten().collect()
}

/// One `package.json`; one without a name or a version is part of a package, not one.
pub(super) fn npm(text: &str) -> Option<Package> {
    let value: Value = serde_json::from_str(text).ok()?;
    package(value.get("name")?.as_str()?, value.get("version")?.as_str()?)
}

fn package(name: &str, version: &str) -> Option<Package> {
    if name.is_empty() || version.is_empty() {
        return None;
    }
    Some(Package {
        name: name.to_owned(),
        version: version.to_owned(),
    })
}
