//! What a request needs to be allowed to do, in the words of the token protocol: `repository:NAME:pull`.
//! Source: distribution, "Token Scope Documentation".

use std::{collections::BTreeMap, collections::BTreeSet, fmt};

use artifact::RepositoryName;

/// Permissions by resource, in one order, so that equal needs are equal text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope(BTreeMap<String, BTreeSet<String>>);

impl Scope {
    /// Reading from a repository.
    pub(crate) fn pull(repository: &RepositoryName) -> Self {
        Self::of(&format!("repository:{repository}:pull"))
    }

    /// Writing to a repository.
    pub(crate) fn push(repository: &RepositoryName) -> Self {
        Self::of(&format!("repository:{repository}:pull,push"))
    }

    /// Deleting from a repository; distribution 2.8 wants exactly this action.
    pub(crate) fn delete(repository: &RepositoryName) -> Self {
        Self::of(&format!("repository:{repository}:delete"))
    }

    /// Listing the repositories.
    pub(crate) fn catalog() -> Self {
        Self::of("registry:catalog:*")
    }

    /// Reads scopes separated by spaces, as a challenge or request names them.
    pub(crate) fn of(text: &str) -> Self {
        let mut scope = Self::default();
        for part in text.split_whitespace() {
            // The last colon separates: a repository may name a host with a port.
            let (resource, actions) = part.rsplit_once(':').unwrap_or((part, ""));
            let entry = scope.0.entry(resource.to_owned()).or_default();
            entry.extend(
                actions
                    .split(',')
                    .filter(|action| !action.is_empty())
                    .map(str::to_owned),
            );
        }
        scope
    }

    /// Both together.
    pub(crate) fn merged(&self, other: &Self) -> Self {
        let mut merged = self.clone();
        for (resource, actions) in &other.0 {
            merged
                .0
                .entry(resource.clone())
                .or_default()
                .extend(actions.iter().cloned());
        }
        merged
    }

    /// Each resource with its actions: one `scope` parameter of a token request each.
    pub(crate) fn parts(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(resource, actions)| {
            let actions: Vec<_> = actions.iter().map(String::as_str).collect();
            if actions.is_empty() {
                resource.clone()
            } else {
                format!("{resource}:{}", actions.join(","))
            }
        })
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, part) in self.parts().enumerate() {
            if position > 0 {
                formatter.write_str(" ")?;
            }
            formatter.write_str(&part)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_sorted_and_merged() {
        let pull = Scope::of("repository:a/b:push,pull");
        assert_eq!(pull.to_string(), "repository:a/b:pull,push");
        let both = pull.merged(&Scope::of("repository:a/b:delete repository:host:5000/c:pull"));
        assert_eq!(
            both.to_string(),
            "repository:a/b:delete,pull,push repository:host:5000/c:pull"
        );
        assert_eq!(Scope::catalog().to_string(), "registry:catalog:*");
        assert_eq!(Scope::of("*").to_string(), "*");
    }
}
