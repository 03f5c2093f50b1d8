//! Prepares the shell's build: Tauri's generated context, and the folder of the built front end, which must exist when cargo compiles.

use std::{fs, path::Path};

use tauri_build::Attributes;

fn main() {
    println!("cargo::rerun-if-changed=src-tauri/capabilities");
    let front_end = Path::new("ui/dist");
    if let Err(problem) = fs::create_dir_all(front_end) {
        println!("cargo::error=cannot create {}: {problem}", front_end.display());
    }
    let attributes = Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/**/*");
    if let Err(problem) = tauri_build::try_build(attributes) {
        println!("cargo::error=Tauri's build step failed: {problem:#}");
    }
}
