//! Names: of repositories from files, of tags from the names in `index.json`.

use std::path::Path;

use artifact::{RepositoryName, Tag};

use crate::visible;

/// The name of the one repository of a layout or an archive: its file's, made a valid repository name.
pub(super) fn of_file(path: &Path) -> RepositoryName {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let bare = [".tar", ".oci-archive", ".oci"]
        .iter()
        .fold(name.as_str(), |name, ending| {
            name.strip_suffix(ending)
                .filter(|rest| !rest.is_empty())
                .unwrap_or(name)
        });
    let mut valid = String::with_capacity(bare.len());
    for character in bare.chars().take(200) {
        match character {
            'a'..='z' | '0'..='9' => valid.push(character),
            // A separator stands alone and between letters or digits.
            _ if valid.is_empty() || valid.ends_with(['.', '_', '-']) => {}
            '.' | '_' => valid.push(character),
            _ => valid.push('-'),
        }
    }
    let valid = valid.trim_end_matches(['.', '_', '-']);
    match valid.parse::<RepositoryName>() {
        Ok(name) => name,
        Err(_) => unnamed(),
    }
}

/// For a file whose name has nothing that a repository's name could hold.
fn unnamed() -> RepositoryName {
    #[expect(clippy::expect_used, reason = "a constant, checked by a test")]
    "layout".parse().expect("a valid repository name")
}

/// The tag that a name in `index.json` means: the name itself, or the tag of a full reference.
///
/// # Errors
/// Why the name is no tag, in a sentence.
pub(super) fn tag(name: &str) -> Result<Tag, String> {
    let without_digest = name.split_once('@').map_or(name, |(before, _)| before);
    let last = without_digest.rsplit_once('/').map_or(without_digest, |(_, last)| last);
    let tag = match last.rsplit_once(':') {
        Some((_, tag)) => tag,
        None if last.len() == name.len() => name,
        None => return Err(format!("the name {:?} in index.json has no tag", visible(name, 100))),
    };
    tag.parse::<Tag>()
        .map_err(|error| format!("the name {:?} in index.json is no tag: {error}", visible(name, 100)))
}
