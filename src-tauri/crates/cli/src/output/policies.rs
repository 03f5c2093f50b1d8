//! The JSON documents of saved policies: the keys of `[[policy]]`, and what they cover.

use application::{NamedPolicy, RuleFlags};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct Policy {
    name: String,
    repositories: Vec<String>,
    #[serde(flatten)]
    rules: Option<Rules>,
    problem: Option<String>,
    covers: Vec<Covered>,
}

#[derive(Debug, Serialize)]
struct Rules {
    #[serde(rename = "match")]
    matching: Option<String>,
    keep_last: Option<u32>,
    keep_last_releases: Option<u32>,
    group_by: Option<String>,
    older_than: Option<String>,
    not_pulled_for: Option<String>,
    keep: Vec<String>,
    keep_semver: bool,
    untagged: bool,
    each_tag: bool,
}

#[derive(Debug, Serialize)]
struct Covered {
    connection: String,
    repository: String,
    tags: u64,
}

impl Rules {
    fn of(rules: &RuleFlags) -> Self {
        Self {
            matching: rules.matching.clone(),
            keep_last: rules.keep_last,
            keep_last_releases: rules.keep_last_releases,
            group_by: rules.group_by.clone(),
            older_than: rules.older_than.clone(),
            not_pulled_for: rules.not_pulled_for.clone(),
            keep: rules.keep.clone(),
            keep_semver: rules.keep_semver,
            untagged: rules.untagged,
            each_tag: rules.each_tag,
        }
    }
}

impl Policy {
    pub(crate) fn of(policy: &NamedPolicy) -> Self {
        let covers = policy.covers.iter().map(|covered| Covered {
            connection: covered.connection_name.clone(),
            repository: covered.at.repository.to_string(),
            tags: covered.tags,
        });
        Self {
            name: policy.name.clone(),
            repositories: policy.patterns.clone(),
            rules: policy.rules.as_ref().map(Rules::of),
            problem: policy.problem.clone(),
            covers: covers.collect(),
        }
    }
}
