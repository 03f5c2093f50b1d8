//! Saved policies: what the window is shown of them, and what it saves.

use application as app;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{PruneRules, each};

/// A repository by its connection and its name relative to the connection's path.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RepositoryPlace {
    pub connection_id: String,
    pub repository: String,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SavedPolicy {
    pub name: String,
    /// Globs over repositories, by their names in their connection or with the connection before it.
    pub patterns: Vec<String>,
    /// Null where it cannot be used.
    pub rules: Option<PruneRules>,
    /// Why it cannot be used.
    pub problem: Option<String>,
    /// The repositories of the index that the patterns match.
    pub covers: Vec<CoveredRepository>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CoveredRepository {
    pub connection_id: String,
    pub connection: String,
    pub repository: String,
    pub tags: u64,
}

/// A policy as it shall be saved.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyDraft {
    pub name: String,
    pub patterns: Vec<String>,
    pub rules: PruneRules,
    /// The policy that this is now; null: it is new.
    pub replaces: Option<String>,
}

impl From<app::RepositoryAt> for RepositoryPlace {
    fn from(at: app::RepositoryAt) -> Self {
        Self {
            connection_id: at.connection.to_string(),
            repository: at.repository.to_string(),
        }
    }
}

impl From<app::NamedPolicy> for SavedPolicy {
    fn from(policy: app::NamedPolicy) -> Self {
        Self {
            name: policy.name,
            patterns: policy.patterns,
            rules: policy.rules.map(PruneRules::from),
            problem: policy.problem,
            covers: each(policy.covers),
        }
    }
}

impl From<app::CoveredRepository> for CoveredRepository {
    fn from(covered: app::CoveredRepository) -> Self {
        Self {
            connection_id: covered.at.connection.to_string(),
            connection: covered.connection_name,
            repository: covered.at.repository.to_string(),
            tags: covered.tags,
        }
    }
}

impl From<app::RuleFlags> for PruneRules {
    fn from(rules: app::RuleFlags) -> Self {
        Self {
            matching: rules.matching,
            keep_last: rules.keep_last,
            keep_last_releases: rules.keep_last_releases,
            group_by: rules.group_by,
            older_than: rules.older_than,
            not_pulled_for: rules.not_pulled_for,
            keep: rules.keep,
            keep_semver: rules.keep_semver,
            untagged: rules.untagged,
            each_tag: rules.each_tag,
        }
    }
}
