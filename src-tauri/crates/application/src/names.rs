//! Repository names as people use them, relative to a connection's path, and as registries know them, in full.

use artifact::RepositoryName;

use crate::{ApplicationError, Location};

/// The full name of a repository that was named relative to the connection's path.
pub(crate) fn full_name(location: &Location, relative: &RepositoryName) -> Result<RepositoryName, ApplicationError> {
    match location.prefix() {
        // A connection whose path is itself a repository.
        Some(prefix) if prefix == relative.as_str() => Ok(relative.clone()),
        Some(prefix) => Ok(format!("{prefix}/{relative}").parse()?),
        None => Ok(relative.clone()),
    }
}

/// The name of a repository relative to the connection's path. A name outside of the path stays as it is.
pub(crate) fn relative_name(location: &Location, full: &RepositoryName) -> RepositoryName {
    location
        .prefix()
        .and_then(|prefix| full.as_str().strip_prefix(prefix)?.strip_prefix('/'))
        .and_then(|relative| relative.parse().ok())
        .unwrap_or_else(|| full.clone())
}

/// Whether a full name is inside the connection's path.
pub(crate) fn covers(location: &Location, full: &RepositoryName) -> bool {
    location.prefix().is_none_or(|prefix| {
        full.as_str()
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> RepositoryName {
        text.parse().expect("a fixed name")
    }

    fn at(address: &str) -> Location {
        Location::Registry(address.parse().expect("a fixed address"))
    }

    #[test]
    fn names_are_relative_to_the_path_of_the_connection() {
        let acme = at("ghcr.io/acme");
        assert_eq!(full_name(&acme, &name("vision/x")), Ok(name("acme/vision/x")));
        assert_eq!(relative_name(&acme, &name("acme/vision/x")), name("vision/x"));
        assert_eq!(relative_name(&acme, &name("acmes/x")), name("acmes/x"));
        assert!(covers(&acme, &name("acme/x")) && covers(&acme, &name("acme")) && !covers(&acme, &name("acmes/x")));
    }

    #[test]
    fn a_connection_to_one_repository_names_it_in_full() {
        let one = at("ghcr.io/acme/model");
        assert_eq!(relative_name(&one, &name("acme/model")), name("acme/model"));
        assert_eq!(full_name(&one, &name("acme/model")), Ok(name("acme/model")));
    }

    #[test]
    fn without_a_path_names_stay_as_they_are() {
        let whole = at("localhost:5000");
        assert_eq!(full_name(&whole, &name("a/b")), Ok(name("a/b")));
        assert_eq!(relative_name(&whole, &name("a/b")), name("a/b"));
    }
}
