//! Names and errors that tests write short.

use artifact::{Digest, RepositoryName, Tag};
use registry::{Place, RegistryError};

pub(crate) fn not_found(what: &str) -> RegistryError {
    RegistryError::NotFound {
        place: Place::registry("registry.test").with(what),
        reason: String::new(),
    }
}

pub(crate) fn unreachable() -> RegistryError {
    let place = Place::registry("registry.test");
    RegistryError::Unreachable {
        place,
        reason: "nobody listens there".to_owned(),
        hint: None,
    }
}

pub(crate) fn denied() -> RegistryError {
    let place = Place::registry("registry.test");
    RegistryError::Denied {
        place,
        action: "list repositories",
        reason: String::new(),
    }
}

/// The digest of a layer that only its name is known of.
pub(crate) fn layer(name: &str) -> Digest {
    Digest::of(name.as_bytes())
}

pub(crate) fn name(name: &str) -> RepositoryName {
    name.parse().expect("a repository's name")
}

pub(crate) fn tag(tag: &str) -> Tag {
    tag.parse().expect("a tag")
}
