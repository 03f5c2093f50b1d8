//! References as people type them: `CONNECTION/REPOSITORY[:TAG][@DIGEST]`.

use artifact::{Digest, Reference, RepositoryName, Tag};
use catalog::ConnectionId;
use registry::{Address, DOCKER_HUB};

use crate::{
    ApplicationError, Berth, Location,
    names::{covers, relative_name},
    settings::{Saved, SavedConnection},
};

/// What a reference names: a connection, and perhaps a repository in it, and perhaps a version of that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub connection: ConnectionId,
    pub connection_name: String,
    /// Relative to the connection's path.
    pub repository: Option<RepositoryName>,
    pub tag: Option<Tag>,
    pub digest: Option<Digest>,
}

impl Found {
    /// The reference again, by the connection's name.
    pub fn reference(&self) -> String {
        let mut text = self.connection_name.clone();
        if let Some(repository) = &self.repository {
            text = format!("{text}/{repository}");
        }
        if let Some(tag) = &self.tag {
            text = format!("{text}:{tag}");
        }
        if let Some(digest) = &self.digest {
            text = format!("{text}@{digest}");
        }
        text
    }

    /// The repository that a verb needs.
    ///
    /// # Errors
    /// If only a connection was named.
    pub fn need_repository(&self) -> Result<&RepositoryName, ApplicationError> {
        self.repository.as_ref().ok_or_else(|| {
            ApplicationError::invalid(format!(
                "{} names a connection; a repository is needed",
                self.connection_name
            ))
            .with_hint(format!("write it as {}/REPOSITORY", self.connection_name))
        })
    }
}

impl Found {
    /// The repository that a verb needs, where a tag or digest would mean nothing.
    ///
    /// # Errors
    /// If only a connection was named, or a version.
    pub fn need_only_repository(&self) -> Result<&RepositoryName, ApplicationError> {
        let repository = self.need_repository()?;
        if self.tag.is_none() && self.digest.is_none() {
            return Ok(repository);
        }
        Err(
            ApplicationError::invalid(format!("{} names a version; a repository is needed", self.reference()))
                .with_hint(format!(
                    "leave the tag or digest out: {}/{repository}",
                    self.connection_name
                )),
        )
    }
}

impl Berth {
    /// Finds what a reference names. A connection's name goes before a host.
    ///
    /// # Errors
    /// If it is no reference, or no connection covers it.
    pub async fn find(&self, text: &str) -> Result<Found, ApplicationError> {
        let saved = self.saved().await?;
        find(&saved, text)
    }
}

/// The parts of a reference as typed.
#[derive(Clone, Copy)]
struct Parts<'a> {
    head: &'a str,
    repository: Option<&'a str>,
    tag: Option<&'a str>,
    digest: Option<&'a str>,
}

fn find(saved: &Saved, text: &str) -> Result<Found, ApplicationError> {
    let parts = split(text.trim());
    let exact = saved
        .connections
        .iter()
        .find(|connection| connection.name == parts.head);
    let named = exact.or_else(|| {
        saved
            .connections
            .iter()
            .find(|connection| connection.name.to_lowercase() == parts.head.to_lowercase())
    });
    if let Some(connection) = named {
        let repository = parts
            .repository
            .map(|name| complete(&connection.location, name))
            .transpose()?;
        return found(connection, repository, parts);
    }
    by_host(saved, parts).unwrap_or_else(|| by_short_name(saved, text))
}

/// `HEAD[/REPOSITORY[:TAG]][@DIGEST]`; a colon before the first slash belongs to a port.
fn split(text: &str) -> Parts<'_> {
    let (name, digest) = text
        .split_once('@')
        .map_or((text, None), |(name, digest)| (name, Some(digest)));
    let Some((head, rest)) = name.split_once('/') else {
        return Parts {
            head: name,
            repository: None,
            tag: None,
            digest,
        };
    };
    let (repository, tag) = rest
        .rsplit_once(':')
        .map_or((rest, None), |(name, tag)| (name, Some(tag)));
    let repository = Some(repository.trim_end_matches('/')).filter(|name| !name.is_empty());
    Parts {
        head,
        repository,
        tag,
        digest,
    }
}

/// A host with the repository's full name: of the connections to it, the one with the longest path that covers it.
fn by_host(saved: &Saved, parts: Parts<'_>) -> Option<Result<Found, ApplicationError>> {
    let host = parts.head.parse::<Address>().ok()?.host();
    let at_host = |connection: &&SavedConnection| connection.location.host().as_deref() == Some(host.as_str());
    let mut connections: Vec<&SavedConnection> = saved.connections.iter().filter(at_host).collect();
    if connections.is_empty() {
        return None;
    }
    connections.sort_by_key(|connection| std::cmp::Reverse(connection.location.prefix().map_or(0, str::len)));
    let Some(name) = parts.repository else {
        let whole = connections.last().map(|connection| found(connection, None, parts));
        return whole;
    };
    Some(full_name_at(&host, name).and_then(|full| {
        let connection = connections
            .iter()
            .find(|connection| covers(&connection.location, &full));
        let connection = connection.ok_or_else(|| {
            ApplicationError::not_found(format!("no connection to {host} covers {full}"))
                .with_hint(format!("add one: `berthctl connection add NAME {host}`"))
        })?;
        found(connection, Some(relative_name(&connection.location, &full)), parts)
    }))
}

/// `ubuntu:24.04`, `pytorch/pytorch`: Docker Hub, if it is connected.
fn by_short_name(saved: &Saved, text: &str) -> Result<Found, ApplicationError> {
    let unknown = || unknown_connection(saved, text);
    let reference: Reference = text.trim().parse().map_err(|_| unknown())?;
    if reference.host != DOCKER_HUB {
        return Err(unknown());
    }
    let digest = reference.digest.as_ref().map(ToString::to_string);
    let parts = Parts {
        head: DOCKER_HUB,
        repository: Some(reference.repository.as_str()),
        tag: reference.tag.as_ref().map(Tag::as_str),
        digest: digest.as_deref(),
    };
    by_host(saved, parts).unwrap_or_else(|| Err(unknown()))
}

fn full_name_at(host: &str, name: &str) -> Result<RepositoryName, ApplicationError> {
    if host == DOCKER_HUB && !name.contains('/') {
        return Ok(format!("library/{name}").parse()?);
    }
    Ok(name.parse()?)
}

/// A name relative to the connection's path; on Docker Hub as a whole, a single word is one of the library.
fn complete(location: &Location, name: &str) -> Result<RepositoryName, ApplicationError> {
    match (location.host(), location.prefix()) {
        (Some(host), None) => full_name_at(&host, name),
        _ => Ok(name.parse()?),
    }
}

fn found(
    connection: &SavedConnection,
    repository: Option<RepositoryName>,
    parts: Parts<'_>,
) -> Result<Found, ApplicationError> {
    if repository.is_none() && parts.digest.is_some() {
        return Err(ApplicationError::invalid(
            "a digest needs a repository: CONNECTION/REPOSITORY@DIGEST",
        ));
    }
    Ok(Found {
        connection: connection.id.clone(),
        connection_name: connection.name.clone(),
        repository,
        tag: parts.tag.map(str::parse).transpose()?,
        digest: parts.digest.map(str::parse).transpose()?,
    })
}

fn unknown_connection(saved: &Saved, text: &str) -> ApplicationError {
    let shown = registry::visible(text, 100);
    let names: Vec<&str> = saved
        .connections
        .iter()
        .map(|connection| connection.name.as_str())
        .collect();
    let hint = if names.is_empty() {
        "add one with `berthctl connection add NAME ADDRESS`, or try `berthctl sample`".to_owned()
    } else {
        format!("the connections: {}", names.join(", "))
    };
    ApplicationError::not_found(format!("no connection covers {shown:?}")).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn saved() -> Saved {
        let connections = vec![
            SavedConnection::anonymous("GHCR", "ghcr.io/acme"),
            SavedConnection::anonymous("all", "ghcr.io"),
            SavedConnection::anonymous("local", "127.0.0.1:5000"),
            SavedConnection::anonymous("Hub", "docker.io"),
            SavedConnection::anonymous("Sample", "/srv/sample"),
        ];
        Saved {
            connections,
            ..Saved::default()
        }
    }

    fn read(text: &str) -> String {
        match find(&saved(), text) {
            Ok(found) => found.reference(),
            Err(error) => format!("{}: {}", error.code, error.message),
        }
    }

    #[test]
    fn a_name_goes_before_a_host_and_is_relative_to_the_path() {
        assert_eq!(read("GHCR/vision/x:1.4.2"), "GHCR/vision/x:1.4.2");
        assert_eq!(read("ghcr/vision/x"), "GHCR/vision/x");
        assert_eq!(read("ghcr.io/acme/vision/x:1"), "GHCR/vision/x:1");
        assert_eq!(read("ghcr.io/other/x"), "all/other/x");
        assert_eq!(read("GHCR"), "GHCR");
    }

    #[test]
    fn ports_tags_and_digests_are_told_apart() {
        assert_eq!(read("127.0.0.1:5000/a/b:v1"), "local/a/b:v1");
        assert_eq!(read("127.0.0.1:5000"), "local");
        assert_eq!(
            read(&format!("Sample/a/b:v1@{DIGEST}")),
            format!("Sample/a/b:v1@{DIGEST}")
        );
        assert_eq!(read(&format!("local/a@{DIGEST}")), format!("local/a@{DIGEST}"));
    }

    #[test]
    fn short_names_of_docker_hub_are_completed() {
        assert_eq!(read("docker.io/ubuntu:24.04"), "Hub/library/ubuntu:24.04");
        assert_eq!(read("index.docker.io/pytorch/pytorch"), "Hub/pytorch/pytorch");
        assert_eq!(read("Hub/ubuntu"), "Hub/library/ubuntu");
        assert_eq!(read("pytorch/pytorch:latest"), "Hub/pytorch/pytorch:latest");
    }

    #[test]
    fn what_no_connection_covers_is_refused_with_a_hint() {
        let error = find(&saved(), "quay.io/x/y").expect_err("quay.io is not connected");
        assert_eq!(error.code, registry::ErrorCode::NotFound);
        assert!(error.hint.is_some_and(|hint| hint.contains("GHCR")));
        assert!(read("local/UPPER").starts_with("invalid_input"));
        assert!(read("local/a:b:c@x").starts_with("invalid_input"));
        assert!(read(&format!("local@{DIGEST}")).starts_with("invalid_input"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_found_or_refused(text in "\\PC{0,40}") {
            let _ = find(&saved(), &text);
        }
    }
}
