//! Repository names as people use them, relative to a connection's path, and as registries know them, in full.
//!
//! A connection's path may itself be a repository, which has no name below the path: it keeps its full name. So does
//! every name that is the path and nothing else, once or repeated (`grafana/grafana` below `docker.io/grafana`): else two
//! repositories would share a relative name.

use artifact::RepositoryName;

use crate::{ApplicationError, Location};

/// The full name of a repository that was named relative to the connection's path.
pub(crate) fn full_name(location: &Location, relative: &RepositoryName) -> Result<RepositoryName, ApplicationError> {
    match location.prefix() {
        Some(prefix) if is_only(prefix, relative.as_str()) => Ok(relative.clone()),
        Some(prefix) => Ok(format!("{prefix}/{relative}").parse()?),
        None => Ok(relative.clone()),
    }
}

/// The name of a repository relative to the connection's path. A name outside of the path stays as it is.
pub(crate) fn relative_name(location: &Location, full: &RepositoryName) -> RepositoryName {
    location
        .prefix()
        .filter(|prefix| !is_only(prefix, full.as_str()))
        .and_then(|prefix| full.as_str().strip_prefix(prefix)?.strip_prefix('/'))
        .and_then(|relative| relative.parse().ok())
        .unwrap_or_else(|| full.clone())
}

/// Whether a name is the path and nothing else, once or several times.
fn is_only(prefix: &str, name: &str) -> bool {
    let mut rest = name;
    while let Some(after) = rest.strip_prefix(prefix) {
        if after.is_empty() {
            return true;
        }
        let Some(after) = after.strip_prefix('/') else {
            return false;
        };
        rest = after;
    }
    false
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
    use proptest::prelude::*;

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

    #[test]
    fn a_repository_named_like_the_path_is_not_taken_for_the_path() {
        let grafana = at("docker.io/grafana");
        let (one, two) = (name("grafana"), name("grafana/grafana"));
        assert_eq!(full_name(&grafana, &relative_name(&grafana, &two)), Ok(two));
        assert_eq!(full_name(&grafana, &relative_name(&grafana, &one)), Ok(one));
        assert_eq!(full_name(&grafana, &name("loki")), Ok(name("grafana/loki")));
    }

    proptest! {
        #[test]
        fn full_and_relative_names_are_inverse(prefix in "[ab]{1,2}(/[ab]){0,2}", rest in "([ab]{1,2}(/[ab]{1,2}){0,4})?") {
            let location = at(&format!("registry.test/{prefix}"));
            let full = name(format!("{prefix}/{rest}").trim_end_matches('/'));
            let relative = relative_name(&location, &full);
            prop_assert_eq!(full_name(&location, &relative), Ok(full));
        }

        #[test]
        fn names_that_repeat_the_path_are_told_apart(prefix in "[ab](/[ab]){0,1}", times in 1_usize..5, rest in "(/[ab]){0,2}") {
            let location = at(&format!("registry.test/{prefix}"));
            let full = name(&format!("{}{rest}", vec![prefix; times].join("/")));
            let relative = relative_name(&location, &full);
            prop_assert_eq!(full_name(&location, &relative), Ok(full));
        }

        #[test]
        fn every_relative_name_comes_back(prefix in "[ab](/[ab]){0,1}", relative in "[ab](/[ab]){0,4}") {
            let location = at(&format!("registry.test/{prefix}"));
            let relative = name(&relative);
            let full = full_name(&location, &relative).expect("a short name");
            prop_assert_eq!(relative_name(&location, &full), relative);
            prop_assert!(covers(&location, &full));
        }
    }
}
