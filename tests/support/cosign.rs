//! cosign with a key of its own, without the public infrastructure.

use std::{path::Path, process::Command};

use super::process::{run, tool};

/// Signs a version with a key that is made for it, and nothing of the public infrastructure.
pub(crate) fn sign(reference: &str, folder: &Path) {
    run(cosign(folder).args(["generate-key-pair"]));
    run(cosign(folder).args([
        "sign",
        "--key",
        "cosign.key",
        "--tlog-upload=false",
        "--use-signing-config=false",
        "--allow-http-registry",
        "--yes",
        reference,
    ]));
}

fn cosign(folder: &Path) -> Command {
    let mut command = tool("cosign");
    command
        .current_dir(folder)
        .env("COSIGN_PASSWORD", "")
        .env("HOME", folder);
    command
}

/// Verifies with the key that [`sign`] made, as another person would.
///
/// # Panics
/// If it does not verify.
pub(crate) fn verify(reference: &str, folder: &Path) {
    run(cosign(folder).args([
        "verify",
        "--key",
        "cosign.pub",
        "--insecure-ignore-tlog",
        "--allow-http-registry",
        reference,
    ]));
}
