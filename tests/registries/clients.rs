//! Other people's clients: they fill the registries and say what is in them.

use std::{collections::BTreeSet, path::Path, process::Command};

use crate::support::process::{run, tool};

/// skopeo, which is on every machine that runs these tests.
pub(super) fn skopeo(arguments: &[&str]) -> String {
    run(tool("skopeo").args(arguments))
}

/// The raw manifest of `host/name:tag`.
pub(super) fn skopeo_raw(reference: &str) -> String {
    skopeo(&[
        "inspect",
        "--raw",
        "--tls-verify=false",
        &format!("docker://{reference}"),
    ])
}

/// What `skopeo list-tags` lists.
pub(super) fn skopeo_tags(repository: &str) -> Vec<String> {
    let text = skopeo(&["list-tags", "--tls-verify=false", &format!("docker://{repository}")]);
    let listed: serde_json::Value = serde_json::from_str(&text).expect("skopeo prints JSON");
    let tags = listed["Tags"].as_array().expect("a list of tags");
    sorted(tags.iter().filter_map(|tag| tag.as_str()))
}

/// Copies between registries with everything that belongs to it, and keeps the digests.
pub(super) fn skopeo_copy(from: &str, to: &str, more: &[&str]) {
    let mut command = tool("skopeo");
    command.args([
        "copy",
        "--all",
        "--quiet",
        "--preserve-digests",
        "--src-tls-verify=false",
    ]);
    command
        .args(more)
        .args([format!("docker://{from}"), format!("docker://{to}")]);
    run(&mut command);
}

pub(super) fn crane(arguments: &[&str]) -> String {
    run(tool("crane").args(arguments)).trim_end().to_owned()
}

/// What `crane ls` lists.
pub(super) fn crane_tags(repository: &str) -> Vec<String> {
    sorted(crane(&["ls", repository]).lines())
}

/// regctl, told that the registry speaks plain http.
pub(super) fn regctl(host: &str, arguments: &[&str]) -> String {
    run(regctl_command(host).args(arguments)).trim_end().to_owned()
}

/// Attaches a text to a version.
pub(super) fn regctl_attach(host: &str, subject: &str, artifact_type: &str, file: &Path) {
    let mut command = regctl_command(host);
    command.args([
        "artifact",
        "put",
        "--artifact-type",
        artifact_type,
        "--subject",
        subject,
        "--file",
    ]);
    run(command.arg(file));
}

fn regctl_command(host: &str) -> Command {
    let mut command = tool("regctl");
    command.args(["--host", &format!("reg={host},tls=disabled")]);
    command
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let names: BTreeSet<_> = names.map(str::to_owned).collect();
    names.into_iter().collect()
}
