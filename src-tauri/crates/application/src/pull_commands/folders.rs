//! Versions in a folder of OCI image layouts: only what reads a layout in place.

use std::path::Path;

use artifact::Kind;

use super::{Subject, command, local_name};
use crate::PullCommand;

pub(super) fn commands(subject: &Subject, path: &Path, is_archive: bool) -> Vec<PullCommand> {
    let path = path.display().to_string();
    let mut commands = Vec::new();
    if let Some(layout) = layout_name(subject, &path, is_archive) {
        if subject.kind == Kind::Image {
            commands.extend(engines(subject, &layout));
        }
        commands.push(skopeo(subject, &layout));
    }
    if !is_archive {
        commands.push(oras(subject, &path));
    }
    commands
}

/// How podman, skopeo and apptainer name what is in a layout: by tag alone, and the path ends at the first colon.
fn layout_name(subject: &Subject, path: &str, is_archive: bool) -> Option<String> {
    let tag = subject.tag.as_ref()?;
    if path.contains(':') {
        return None;
    }
    let transport = if is_archive { "oci-archive" } else { "oci" };
    Some(format!("{transport}:{path}:{tag}"))
}

fn engines(subject: &Subject, layout: &str) -> Vec<PullCommand> {
    let note = by_tag_note(subject);
    let file = format!("{}.sif", local_name(subject));
    let daemon = format!("docker-daemon:{}:{}", subject.repository, local_tag(subject));
    vec![
        // Docker itself reads no layout; skopeo hands it over.
        command("docker", ["skopeo", "copy", layout, &daemon]).noted(note.clone()),
        command("podman", ["podman", "pull", layout]).noted(note.clone()),
        command("apptainer", ["apptainer", "build", &file, layout]).noted(note),
    ]
}

fn skopeo(subject: &Subject, layout: &str) -> PullCommand {
    let to = format!("oci:{}:{}", local_name(subject), local_tag(subject));
    command("skopeo", ["skopeo", "copy", "--all", layout, &to]).noted(by_tag_note(subject))
}

/// The only one that takes a digest.
fn oras(subject: &Subject, path: &str) -> PullCommand {
    let from = match subject.tag.as_ref().filter(|_| !subject.by_digest) {
        Some(tag) => format!("{path}:{tag}"),
        None => format!("{path}@{}", subject.digest),
    };
    let folder = local_name(subject);
    if matches!(subject.kind, Kind::Image | Kind::Ollama) {
        let to = format!("{folder}:{}", local_tag(subject));
        return command(
            "oras",
            ["oras", "copy", "--from-oci-layout", &from, "--to-oci-layout", &to],
        );
    }
    command("oras", ["oras", "pull", "--oci-layout", &from, "--output", &folder])
}

fn local_tag(subject: &Subject) -> String {
    subject
        .tag
        .as_ref()
        .map_or_else(|| subject.digest.short().to_owned(), ToString::to_string)
}

fn by_tag_note(subject: &Subject) -> Option<String> {
    subject
        .by_digest
        .then(|| "in a folder this tool finds versions by tag only, and a tag may move".to_owned())
}
