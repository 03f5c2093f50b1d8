//! What is wrong with a folder, in words that say what to do.

use std::{io, path::Path};

use artifact::RepositoryName;

use crate::{Place, RegistryError, visible};

const WHAT_IS_EXPECTED: &str = "choose a folder with OCI image layouts in it (one sub-folder for each repository, each with oci-layout, index.json and blobs), a single layout, or an oci-archive; `skopeo copy` and `berthctl sample` write such folders";
const DAMAGED: &str = "the layout is damaged or was written only in part: copy it again";

/// The path does not lead anywhere, or not for this user.
pub(super) fn unopened(path: &Path, error: io::Error) -> RegistryError {
    match error.kind() {
        io::ErrorKind::NotFound => configuration(
            format!("there is no folder or archive {}", shown(path)),
            "check the spelling, and that the disk it lies on is connected; a new one is made with `--new`, in the window with “Make it”",
        ),
        _ => RegistryError::io(path, error),
    }
}

/// Neither a folder nor a file: a socket, a device.
pub(super) fn no_folder(path: &Path) -> RegistryError {
    configuration(
        format!("{} is neither a folder nor an oci-archive", shown(path)),
        WHAT_IS_EXPECTED,
    )
}

/// A folder with no layout anywhere in it.
pub(super) fn no_layouts(path: &Path, because: Option<&str>) -> RegistryError {
    let because = because.map_or_else(String::new, |problem| format!(" ({problem})"));
    configuration(
        format!("{} holds no image layout{because}", shown(path)),
        WHAT_IS_EXPECTED,
    )
}

/// A folder that was taken for a layout and is none.
pub(super) fn no_layout(path: &Path) -> RegistryError {
    configuration(
        format!("{} is no image layout: it has no index.json beside blobs", shown(path)),
        WHAT_IS_EXPECTED,
    )
}

/// A file that is no tar archive with a layout in it.
pub(super) fn no_archive(path: &Path, reason: &str) -> RegistryError {
    configuration(format!("{} is no oci-archive: {reason}", shown(path)), WHAT_IS_EXPECTED)
}

/// An archive that is compressed as a whole: nothing in it can be reached without reading all before it.
pub(super) fn compressed_archive(path: &Path) -> RegistryError {
    configuration(
        format!("{} is compressed, and is read only as a plain tar", shown(path)),
        "unpack it first: `gunzip` or `zstd -d`, whichever it was packed with",
    )
}

/// An archive without its list.
pub(super) fn no_index(path: &Path) -> RegistryError {
    no_archive(path, "it has no index.json at its top")
}

/// An archive that is read, but not written to.
pub(super) fn unsafe_archive(path: &Path, reason: &str) -> RegistryError {
    configuration(
        format!("nothing can be written to {}: {reason}", shown(path)),
        "copy it again, or copy what can be read of it into a new archive: `berthctl connection add NAME FILE.tar --new`",
    )
}

/// An archive that is never the same for two looks.
pub(super) fn busy_archive(path: &Path) -> RegistryError {
    configuration(
        format!("{} is being written to by another program", shown(path)),
        "wait until it has ended, and try again",
    )
}

/// A place that is to be made where something is.
pub(super) fn taken(path: &Path) -> RegistryError {
    configuration(
        format!("{} is there already", shown(path)),
        "connect it as it is, or choose another name for the new one",
    )
}

/// A place that is to be made in a folder that is not there.
pub(super) fn no_folder_above(path: &Path) -> RegistryError {
    configuration(
        format!("there is no folder for {}", shown(path)),
        "check the spelling, or make that folder first",
    )
}

/// A repository that is not the only one of an archive or a layout.
pub(super) fn not_the_one(place: Place, own: &RepositoryName) -> RegistryError {
    RegistryError::Unsupported {
        place,
        what: format!("it is one repository, {own}, and holds no other"),
        hint: Some("name that one; or use a folder, which holds any number"),
    }
}

/// A name that leads among the blobs of another layout.
pub(super) fn inside_a_layout(path: &Path) -> RegistryError {
    configuration(
        format!(
            "{} is an image layout, and its blobs are no place for another",
            shown(path)
        ),
        "choose another name for the repository",
    )
}

/// A file of the layout that cannot be understood.
pub(super) fn damaged(path: &Path, reason: &str) -> RegistryError {
    configuration(
        format!("{} cannot be read: {}", shown(path), visible(reason, 200)),
        DAMAGED,
    )
}

/// A link that leads out of the folder.
pub(super) fn leads_out(path: &Path) -> RegistryError {
    configuration(
        format!(
            "{} is a symbolic link that leads out of the folder; it is not followed",
            shown(path)
        ),
        "put the files themselves into the folder, or connect the folder that the link leads to",
    )
}

/// Something in the place of a file that is none.
pub(super) fn no_file(path: &Path) -> RegistryError {
    configuration(format!("{} is not a file", shown(path)), DAMAGED)
}

fn configuration(message: String, hint: &'static str) -> RegistryError {
    RegistryError::Configuration {
        message,
        hint: Some(hint),
    }
}

/// A path fit to show; long ones are cut.
pub(super) fn shown(path: &Path) -> String {
    visible(&path.display().to_string(), 300)
}
