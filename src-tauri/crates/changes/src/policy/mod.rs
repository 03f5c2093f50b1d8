//! Retention policies: what may go and what stays, as values and as TOML. Pure; what they mean for a repository is
//! worked out in `prune`.

mod error;
mod file;
mod pattern;
mod period;
#[cfg(test)]
mod tests;

use artifact::RepositoryName;
use serde::{Deserialize, Serialize};

pub use self::{
    error::PolicyError,
    pattern::{GroupBy, Pattern, PatternError, ProtectedTags},
    period::{Period, PeriodError},
};

/// One retention policy. The fields are those of `[[policy]]` in a file and of the flags of `berthctl prune`.
///
/// A tag goes only if every rule that is given lets it go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The repositories that it is for, by their names in their connection or with the connection before it
    /// (`vision/*`, `lab/vision/*`); without it: every one that it is asked for.
    pub repositories: Vec<Pattern>,
    /// The tags that are considered. Lets them go, unless it says `*`.
    #[serde(rename = "match")]
    pub matching: Pattern,
    /// Lets all versions go but the newest of each group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_last: Option<u32>,
    /// Lets all versions go but the highest releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_last_releases: Option<u32>,
    /// The groups that `keep_last` counts in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_by: Option<GroupBy>,
    /// Lets tags go whose age is known and above this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub older_than: Option<Period>,
    /// Lets tags go whose last pull is known and longer ago than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_pulled_for: Option<Period>,
    /// Tags that stay.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<Pattern>,
    /// Releases stay; pre-releases may go.
    #[serde(skip_serializing_if = "is_off")]
    pub keep_semver: bool,
    /// Manifests without a tag that nothing kept needs go, too.
    #[serde(skip_serializing_if = "is_off")]
    pub untagged: bool,
    /// Each tag is judged by itself: it may go while its version stays.
    #[serde(skip_serializing_if = "is_off")]
    pub each_tag: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_off(flag: &bool) -> bool {
    !*flag
}

impl Default for Policy {
    /// Considers everything and lets nothing go.
    fn default() -> Self {
        Self {
            name: None,
            repositories: vec![Pattern::everything()],
            matching: Pattern::everything(),
            keep_last: None,
            keep_last_releases: None,
            group_by: None,
            older_than: None,
            not_pulled_for: None,
            keep: Vec::new(),
            keep_semver: false,
            untagged: false,
            each_tag: false,
        }
    }
}

impl Policy {
    /// Whether any of its rules lets a tag go. Without one no tag does, whatever else it says.
    pub fn lets_tags_go(&self) -> bool {
        self.keep_last.is_some()
            || self.keep_last_releases.is_some()
            || self.older_than.is_some()
            || self.not_pulled_for.is_some()
            || !self.matching.is_everything()
    }

    /// Whether the number of releases that stay is all that it says: then every other name goes.
    pub fn speaks_of_releases_alone(&self) -> bool {
        self.keep_last_releases.is_some()
            && self.keep_last.is_none()
            && self.older_than.is_none()
            && self.not_pulled_for.is_none()
            && self.matching.is_everything()
    }

    /// Whether it is for a repository, named relative to its connection's path.
    pub fn is_for(&self, connection: &str, repository: &RepositoryName) -> bool {
        let whole = format!("{connection}/{repository}");
        self.repositories
            .iter()
            .any(|pattern| pattern.matches(repository.as_str()) || pattern.matches(&whole))
    }

    /// # Errors
    /// [`PolicyError::NothingSelected`] if neither a tag nor anything untagged can go by it, and
    /// [`PolicyError::NoRepository`] if it is for none.
    pub fn check(&self) -> Result<(), PolicyError> {
        if !self.lets_tags_go() && !self.untagged {
            return Err(PolicyError::NothingSelected {
                policy: self.name.clone(),
            });
        }
        if self.repositories.is_empty() {
            return Err(PolicyError::NoRepository {
                policy: self.name.clone(),
            });
        }
        Ok(())
    }

    /// Why a tag goes by this policy, for people: `older than 30d, not one of the last 5`.
    pub(crate) fn reason(&self) -> String {
        let mut parts = Vec::new();
        if let Some(period) = self.older_than {
            parts.push(format!("older than {period}"));
        }
        if let Some(period) = self.not_pulled_for {
            parts.push(format!("not pulled for {period}"));
        }
        if let Some(count) = self.keep_last {
            parts.push(format!("not one of the last {count}"));
        }
        if let Some(count) = self.keep_last_releases {
            parts.push(format!("not one of the last {count} releases"));
        }
        if !self.matching.is_everything() {
            parts.push(format!("matches {}", self.matching));
        }
        parts.join(", ")
    }
}

/// Policies that each select something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicySet(Vec<Policy>);

impl PolicySet {
    /// # Errors
    /// What [`Policy::check`] finds wrong with the first of them.
    pub fn new(policies: Vec<Policy>) -> Result<Self, PolicyError> {
        policies.iter().try_for_each(Policy::check)?;
        Ok(Self(policies))
    }

    /// All of them, in the order of the file.
    pub fn policies(&self) -> &[Policy] {
        &self.0
    }

    /// Those that are for a repository. What several of them consider goes only if all of these let it go.
    pub fn for_repository(&self, connection: &str, repository: &RepositoryName) -> Vec<&Policy> {
        let is_for = |policy: &&Policy| policy.is_for(connection, repository);
        self.0.iter().filter(is_for).collect()
    }

    /// Reads `[[policy]]` tables.
    ///
    /// # Errors
    /// With line and column for what is no TOML, an unknown key, a value of the wrong type or form; and
    /// [`PolicyError::NothingSelected`].
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        file::read(text)
    }

    /// The text that [`PolicySet::from_toml`] reads.
    ///
    /// # Errors
    /// If TOML cannot hold them, which no policy that was read or checked causes.
    pub fn to_toml(&self) -> Result<String, PolicyError> {
        file::write(&self.0)
    }
}
