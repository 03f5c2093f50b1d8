//! Images: container engines, image tools, orchestrators.

use super::{Source, command, snippets};
use crate::PullCommand;

pub(super) fn commands(source: &Source<'_>) -> Vec<PullCommand> {
    let reference = source.reference();
    let podman = [
        Some("podman"),
        Some("pull"),
        source.if_plain("--tls-verify=false"),
        Some(&reference),
    ];
    // A flag of nerdctl itself, not of its verb.
    let nerdctl = [
        Some("nerdctl"),
        source.if_plain("--insecure-registry"),
        Some("pull"),
        Some(&reference),
    ];
    let mut commands = vec![
        command("docker", ["docker", "pull", &reference]).noted(daemon_note(source)),
        command("podman", podman).noted(containers_note(source)),
        command("nerdctl", nerdctl).noted(ca_note(source, "/etc/containerd/certs.d")),
        apptainer(source, &reference),
        skopeo(source),
        crane(source),
        oras_copy(source),
        docker_run(source, &reference).noted(daemon_note(source)),
        snippets::kubernetes(source),
        snippets::compose(source),
        snippets::python(source).noted(daemon_note(source)),
    ];
    commands.push(snippets::zenml(source));
    commands
}

fn apptainer(source: &Source<'_>, reference: &str) -> PullCommand {
    let file = format!("{}.sif", source.local_name());
    let address = format!("docker://{reference}");
    command(
        "apptainer",
        [
            Some("apptainer"),
            Some("pull"),
            source.if_plain("--no-https"),
            Some(&file),
            Some(&address),
        ],
    )
}

/// With all platforms, as stored, into a layout beside the user.
pub(super) fn skopeo(source: &Source<'_>) -> PullCommand {
    let from = format!("docker://{}", source.reference());
    // A layout's name for it: skopeo has none for a digest.
    let name = source
        .tag()
        .map_or_else(|| source.subject.digest.short().to_owned(), ToString::to_string);
    let folder = source
        .subject
        .repository
        .as_str()
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let to = format!("oci:{folder}:{name}");
    let words = [
        Some("skopeo"),
        Some("copy"),
        Some("--all"),
        source.if_plain("--src-tls-verify=false"),
        Some(&from),
        Some(&to),
    ];
    command("skopeo", words).noted(containers_note(source))
}

/// Into a layout: crane's own default keeps one platform of an image and breaks artifacts that are none.
pub(super) fn crane(source: &Source<'_>) -> PullCommand {
    let (reference, folder) = (source.reference(), source.local_name());
    let words = [
        Some("crane"),
        Some("pull"),
        source.if_plain("--insecure"),
        Some("--format=oci"),
        Some(&reference),
        Some(&folder),
    ];
    let note = source
        .ca_file()
        .map(|file| format!("set SSL_CERT_FILE={file} for the registry's own authority"));
    command("crane", words).noted(note)
}

/// The layers of an image have no file names that `oras pull` could write: it is copied whole, into a layout.
fn oras_copy(source: &Source<'_>) -> PullCommand {
    let (reference, ca_file) = (source.reference(), source.ca_file());
    let folder = source
        .subject
        .repository
        .as_str()
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let name = source
        .tag()
        .map_or_else(|| source.subject.digest.short().to_owned(), ToString::to_string);
    let to = format!("{folder}:{name}");
    let words = [
        Some("oras"),
        Some("copy"),
        source.if_plain("--from-plain-http"),
        ca_file.as_ref().map(|_| "--from-ca-file"),
        ca_file.as_deref(),
        Some(&reference),
        Some("--to-oci-layout"),
        Some(&to),
    ];
    command("oras", words)
}

fn docker_run(source: &Source<'_>, reference: &str) -> PullCommand {
    let ports: Vec<String> = source.subject.ports.iter().filter_map(|port| published(port)).collect();
    let mut words = vec!["docker", "run", "--rm", "-it"];
    for port in &ports {
        words.extend(["-p", port]);
    }
    words.push(reference);
    command("docker-run", words)
}

/// `8080/tcp` as `8080:8080`. Anything that is no port is left out: the config may hold what it likes.
pub(super) fn published(port: &str) -> Option<String> {
    let (number, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
    let number: u16 = number.parse().ok().filter(|number| *number > 0)?;
    match protocol.to_ascii_lowercase().as_str() {
        "tcp" => Some(format!("{number}:{number}")),
        protocol @ ("udp" | "sctp") => Some(format!("{number}:{number}/{protocol}")),
        _ => None,
    }
}

/// Docker takes no flag for this: its daemon has to be told. Loopback it lets through by itself.
fn daemon_note(source: &Source<'_>) -> Option<String> {
    let host = &source.place.host;
    if source.place.plain_http && !source.place.is_loopback {
        return Some(format!(
            "plain http: first add {host:?} to \"insecure-registries\" in Docker's daemon.json"
        ));
    }
    ca_note(source, "/etc/docker/certs.d")
}

fn containers_note(source: &Source<'_>) -> Option<String> {
    ca_note(source, "/etc/containers/certs.d")
}

fn ca_note(source: &Source<'_>, folder: &str) -> Option<String> {
    let file = source.ca_file()?;
    Some(format!(
        "own authority: first copy {file} to {folder}/{}/ca.crt",
        source.place.host
    ))
}
