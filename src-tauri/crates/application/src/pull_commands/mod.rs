//! The line to paste that pulls a version, for every tool that can.
//!
//! Pure: a description of the version goes in, texts come out. Only commands that really work for the kind of artifact
//! and the kind of connection are there; each names tag or digest, never both, since half of the tools refuse that.

mod artifacts;
mod containers;
mod folders;
mod snippets;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use artifact::{Digest, Kind, RepositoryName, Tag};
use registry::Provider;

use crate::PullCommand;

/// What is to be pulled, and from where.
#[derive(Clone, Debug)]
pub struct Subject {
    pub place: Place,
    /// The registry's full name for the repository.
    pub repository: RepositoryName,
    pub digest: Digest,
    pub tag: Option<Tag>,
    /// Name the digest even if there is a tag: a tag may move after the line was copied.
    pub by_digest: bool,
    pub kind: Kind,
    /// `8080/tcp`, from the image's config.
    pub ports: Vec<String>,
}

/// Where the version is stored.
#[derive(Clone, Debug)]
pub enum Place {
    Registry(RegistryPlace),
    /// An OCI image layout, or an archive of one.
    Layout {
        path: PathBuf,
        is_archive: bool,
    },
}

/// A registry as its clients have to be told of it.
#[derive(Clone, Debug)]
pub struct RegistryPlace {
    /// `host[:port]`
    pub host: String,
    /// The part of the registry that the connection is for.
    pub prefix: Option<String>,
    pub connection_name: String,
    pub provider: Provider,
    pub plain_http: bool,
    pub is_loopback: bool,
    pub ca_file: Option<PathBuf>,
}

/// Every tool that Berth knows a command for, as settings and `--tool` name them, with the name for people.
pub const TOOLS: [(&str, &str); 17] = [
    ("docker", "docker"),
    ("podman", "podman"),
    ("nerdctl", "nerdctl"),
    ("apptainer", "apptainer"),
    ("skopeo", "skopeo"),
    ("crane", "crane"),
    ("oras", "oras"),
    ("modctl", "modctl"),
    ("kit", "kit"),
    ("docker-model", "docker model"),
    ("ollama", "ollama"),
    ("helm", "helm"),
    ("kubernetes", "Kubernetes"),
    ("compose", "Compose"),
    ("docker-run", "docker run"),
    ("python", "Python"),
    ("zenml", "ZenML"),
];

/// Every command that fits, the most natural one for the kind first.
pub fn pull_commands(subject: &Subject) -> Vec<PullCommand> {
    match &subject.place {
        Place::Layout { path, is_archive } => folders::commands(subject, path, *is_archive),
        Place::Registry(place) => {
            let source = Source { subject, place };
            match subject.kind {
                Kind::Image => containers::commands(&source),
                _ => artifacts::commands(&source),
            }
        }
    }
}

/// A version in a registry, with the ways in which tools name it.
struct Source<'a> {
    subject: &'a Subject,
    place: &'a RegistryPlace,
}

impl Source<'_> {
    /// `host/repository`
    fn repository(&self) -> String {
        format!("{}/{}", self.place.host, self.subject.repository)
    }

    /// The tag, unless the digest is wanted.
    fn tag(&self) -> Option<&Tag> {
        self.subject.tag.as_ref().filter(|_| !self.subject.by_digest)
    }

    /// `host/repository:tag` or `host/repository@digest`.
    fn reference(&self) -> String {
        match self.tag() {
            Some(tag) => format!("{}:{tag}", self.repository()),
            None => format!("{}@{}", self.repository(), self.subject.digest),
        }
    }

    /// A name for what lands on disk: `defect-detector-1.4.2`.
    fn local_name(&self) -> String {
        local_name(self.subject)
    }

    /// `flag`, where the registry speaks plain http.
    fn if_plain(&self, flag: &'static str) -> Option<&'static str> {
        self.place.plain_http.then_some(flag)
    }

    fn ca_file(&self) -> Option<String> {
        self.place.ca_file.as_ref().map(|path| path.display().to_string())
    }
}

/// The repository's last part with the tag, or with the start of the digest.
fn local_name(subject: &Subject) -> String {
    let name = subject.repository.as_str().rsplit('/').next().unwrap_or_default();
    match &subject.tag {
        Some(tag) => format!("{name}-{tag}"),
        None => format!("{name}-{}", subject.digest.short()),
    }
}

/// A command of words, each quoted for a shell where it needs it.
fn command<'a>(tool: &'static str, words: impl IntoIterator<Item = impl Into<Option<&'a str>>>) -> PullCommand {
    let words = words.into_iter().filter_map(Into::into);
    text(tool, words.map(quoted).collect::<Vec<_>>().join(" "))
}

/// A word as a shell reads it back. `--flag=value` needs no quotes, although shlex would set them.
pub fn quoted(word: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_./:@%+,=".contains(character);
    if !word.is_empty() && !word.starts_with('=') && word.chars().all(is_plain) {
        return word.to_owned();
    }
    shlex::try_quote(word).unwrap_or_default().into_owned()
}

/// A snippet that is no shell command.
fn text(tool: &'static str, text: String) -> PullCommand {
    let label = TOOLS
        .iter()
        .find(|(name, _)| *name == tool)
        .map_or(tool, |(_, label)| label);
    PullCommand {
        tool,
        label,
        command: text,
        note: None,
    }
}

impl PullCommand {
    fn noted(mut self, note: Option<String>) -> Self {
        self.note = note;
        self
    }
}
