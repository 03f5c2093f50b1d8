//! The front end's bindings are what the shell's commands say. `make bindings` writes them.

use std::{fs, path::Path};

use specta_typescript::Typescript;

const FILE: &str = "ui/src/ipc/bindings.ts";

#[test]
fn are_what_the_commands_say() {
    let generated = tempfile::tempdir().expect("a temporary folder");
    let fresh = generated.path().join("bindings.ts");
    let language = Typescript::default();
    berth::bindings::<tauri::test::MockRuntime>()
        .export(language, &fresh)
        .expect("the bindings are generated");
    let fresh = fs::read_to_string(fresh).expect("the generated bindings are text");
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("BERTH_WRITE_BINDINGS").is_some() {
        fs::write(&committed, &fresh).expect("the bindings are written");
    }
    let committed = fs::read_to_string(committed).expect("the bindings are committed");
    assert!(
        committed == fresh,
        "{FILE} differs from the commands: run `make bindings` and commit what it writes"
    );
}
