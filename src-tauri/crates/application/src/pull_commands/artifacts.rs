//! What is no image: models, charts, and whatever else a registry keeps.

use artifact::Kind;

use super::{Source, command, containers};
use crate::PullCommand;

pub(super) fn commands(source: &Source<'_>) -> Vec<PullCommand> {
    let own = match source.subject.kind {
        Kind::ModelPack => Some(modctl(source)),
        Kind::ModelKit => Some(kit(source)),
        Kind::DockerModel => docker_model(source),
        Kind::Ollama => ollama(source),
        Kind::Helm => helm(source),
        _ => None,
    };
    let mut commands: Vec<PullCommand> = own.into_iter().collect();
    // The layers of an Ollama model name no files that oras could write.
    if source.subject.kind != Kind::Ollama {
        commands.push(oras_pull(source));
    }
    commands.push(containers::skopeo(source));
    commands.push(containers::crane(source));
    commands
}

fn oras_pull(source: &Source<'_>) -> PullCommand {
    let (reference, folder, ca_file) = (source.reference(), source.local_name(), source.ca_file());
    let words = [
        Some("oras"),
        Some("pull"),
        source.if_plain("--plain-http"),
        ca_file.as_ref().map(|_| "--ca-file"),
        ca_file.as_deref(),
        Some(&reference),
        Some("--output"),
        Some(&folder),
    ];
    command("oras", words)
}

fn modctl(source: &Source<'_>) -> PullCommand {
    let (reference, folder) = (source.reference(), source.local_name());
    let words = [
        Some("modctl"),
        Some("pull"),
        source.if_plain("--plain-http"),
        Some(&reference),
        Some("--extract-from-remote"),
        Some("--extract-dir"),
        Some(&folder),
    ];
    command("modctl", words)
}

/// Unpacking reads from the registry by itself where the kit is not there yet.
fn kit(source: &Source<'_>) -> PullCommand {
    let (reference, folder) = (source.reference(), source.local_name());
    let words = [
        Some("kit"),
        Some("unpack"),
        source.if_plain("--plain-http"),
        Some(&reference),
        Some("--dir"),
        Some(&folder),
    ];
    command("kit", words)
}

/// Has no flag for plain http; loopback it lets through by itself.
fn docker_model(source: &Source<'_>) -> Option<PullCommand> {
    let works = !source.place.plain_http || source.place.is_loopback;
    works.then(|| command("docker-model", ["docker", "model", "pull", &source.reference()]))
}

/// Names are `host/namespace/model:tag`, neither deeper nor by digest.
fn ollama(source: &Source<'_>) -> Option<PullCommand> {
    let tag = source.subject.tag.as_ref()?;
    if source.subject.repository.as_str().split('/').count() != 2 {
        return None;
    }
    let scheme = if source.place.plain_http { "http://" } else { "" };
    let reference = format!("{scheme}{}:{tag}", source.repository());
    let words = [
        Some("ollama"),
        Some("pull"),
        source.if_plain("--insecure"),
        Some(&reference),
    ];
    Some(command("ollama", words).noted(by_tag_note(source)))
}

/// A chart's version is its tag, in which `_` stands for `+`.
fn helm(source: &Source<'_>) -> Option<PullCommand> {
    let version = source.subject.tag.as_ref()?.as_str().replace('_', "+");
    let (address, ca_file) = (format!("oci://{}", source.repository()), source.ca_file());
    let words = [
        Some("helm"),
        Some("pull"),
        source.if_plain("--plain-http"),
        ca_file.as_ref().map(|_| "--ca-file"),
        ca_file.as_deref(),
        Some(&address),
        Some("--version"),
        Some(&version),
    ];
    Some(command("helm", words).noted(by_tag_note(source)))
}

fn by_tag_note(source: &Source<'_>) -> Option<String> {
    source
        .subject
        .by_digest
        .then(|| "this tool pulls by tag, and a tag may move".to_owned())
}
