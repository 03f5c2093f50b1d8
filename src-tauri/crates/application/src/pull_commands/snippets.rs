//! Texts for files instead of shells: Kubernetes, Compose, Python; and the registration of a registry in `ZenML`.

use registry::Provider;

use super::{Source, command, containers::published, text};
use crate::PullCommand;

/// A pod that runs it; the part under `containers` is what people paste.
pub(super) fn kubernetes(source: &Source<'_>) -> PullCommand {
    let name = label_name(source);
    let mut lines = vec![
        "apiVersion: v1".to_owned(),
        "kind: Pod".to_owned(),
        "metadata:".to_owned(),
        format!("  name: {name}"),
        "spec:".to_owned(),
        "  containers:".to_owned(),
        format!("    - name: {name}"),
        format!("      image: {}", quoted(&source.reference())),
    ];
    let ports: Vec<(u16, String)> = source
        .subject
        .ports
        .iter()
        .filter_map(|port| container_port(port))
        .collect();
    if !ports.is_empty() {
        lines.push("      ports:".to_owned());
    }
    for (number, protocol) in ports {
        lines.push(format!("        - containerPort: {number}"));
        if protocol != "TCP" {
            lines.push(format!("          protocol: {protocol}"));
        }
    }
    let note = source
        .place
        .plain_http
        .then_some("the nodes' container runtime must allow this registry over plain http");
    text("kubernetes", lines.join("\n")).noted(note.map(str::to_owned))
}

pub(super) fn compose(source: &Source<'_>) -> PullCommand {
    let mut lines = vec![
        "services:".to_owned(),
        format!("  {}:", label_name(source)),
        format!("    image: {}", quoted(&source.reference())),
    ];
    let ports: Vec<String> = source.subject.ports.iter().filter_map(|port| published(port)).collect();
    if !ports.is_empty() {
        lines.push("    ports:".to_owned());
        // Quoted: YAML may read 22:22 as a number to the base of sixty.
        lines.extend(ports.iter().map(|port| format!("      - {}", quoted(port))));
    }
    text("compose", lines.join("\n"))
}

/// With the `docker` package.
pub(super) fn python(source: &Source<'_>) -> PullCommand {
    let pull = match source.tag() {
        Some(tag) => format!("{}, tag={}", quoted(&source.repository()), quoted(tag.as_str())),
        None => quoted(&source.reference()),
    };
    text(
        "python",
        format!("import docker\n\nimage = docker.from_env().images.pull({pull})"),
    )
}

/// Registers the whole part of the registry that the connection is for.
pub(super) fn zenml(source: &Source<'_>) -> PullCommand {
    let flavor = match source.place.provider {
        Provider::DockerHub => "dockerhub",
        Provider::Ghcr => "github",
        Provider::ArtifactRegistry => "gcp",
        Provider::Ecr => "aws",
        Provider::Acr => "azure",
        _ => "default",
    };
    // Hub and GitHub are registered with an owner, which a connection to all of them does not name.
    let owner = source
        .subject
        .repository
        .as_str()
        .split_once('/')
        .map(|(owner, _)| owner);
    let needs_owner = matches!(source.place.provider, Provider::DockerHub | Provider::Ghcr);
    let part = source.place.prefix.as_deref().or(owner.filter(|_| needs_owner));
    let address = part.map_or_else(
        || source.place.host.clone(),
        |part| format!("{}/{part}", source.place.host),
    );
    let name = plain(&source.place.connection_name);
    let words = [
        "zenml",
        "container-registry",
        "register",
        &name,
        &format!("--flavor={flavor}"),
        &format!("--uri={address}"),
    ];
    command("zenml", words)
}

fn container_port(port: &str) -> Option<(u16, String)> {
    let (number, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
    published(port)?;
    Some((number.parse().ok()?, protocol.to_ascii_uppercase()))
}

/// A text in double quotes that YAML and Python read alike: JSON's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The repository's last part as a DNS label: lower case, digits and inner hyphens, at most 63.
fn label_name(source: &Source<'_>) -> String {
    let name = source
        .subject
        .repository
        .as_str()
        .rsplit('/')
        .next()
        .unwrap_or_default();
    plain(name)
        .chars()
        .take(63)
        .collect::<String>()
        .trim_end_matches('-')
        .to_owned()
}

/// Lower case letters and digits, with hyphens in place of all else.
fn plain(text: &str) -> String {
    let parts = text
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty());
    let name = parts.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    if name.is_empty() { "registry".to_owned() } else { name }
}
