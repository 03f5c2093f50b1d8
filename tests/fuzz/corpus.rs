//! The seeds: small real documents, one file each, by target.

use std::{fs, path::Path};

/// The seeds of a target with their names, in the order of these.
pub(super) fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz/corpus")
        .join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut seeds: Vec<(String, Vec<u8>)> = files
        .map(|file| {
            let path = file.expect("the folder can be read").path();
            let name = path
                .file_name()
                .expect("a file has a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read(&path).expect("a seed can be read"))
        })
        .collect();
    assert!(!seeds.is_empty(), "{} holds no seed", folder.display());
    seeds.sort();
    seeds
}
