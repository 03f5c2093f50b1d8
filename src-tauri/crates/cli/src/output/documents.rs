//! The JSON documents of the verbs, but for versions and files. Scripts rely on their keys.
//!
//! Scripts depend on every key here. Bytes are integers, times RFC 3339 in UTC, what is not known is null.

use std::collections::BTreeMap;

use application::{
    ByteSize, CheckStep, ConnectionInfo, PullCommand, RepositoryProblem, RepositoryRow, RouteInfo, SearchHit,
    SyncReport, TagRow, Usage as Storage,
};
use serde::Serialize;

use super::times::precise;

#[derive(Debug, Serialize)]
pub(crate) struct Connection {
    name: String,
    location: String,
    provider: application::Provider,
    login: &'static str,
    status: &'static str,
}

impl Connection {
    pub(crate) fn of(info: &ConnectionInfo) -> Self {
        Self {
            name: info.name.clone(),
            location: info.location.clone(),
            provider: info.provider,
            login: info.login_method.as_str(),
            status: info.status().as_str(),
        }
    }
}

/// A connection that is not there any more, and the routes that went with it.
#[derive(Debug, Serialize)]
pub(crate) struct Removed {
    #[serde(flatten)]
    connection: Connection,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    removed_routes: Vec<String>,
}

impl Removed {
    pub(crate) fn of(info: &ConnectionInfo, removed_routes: Vec<String>) -> Self {
        Self {
            connection: Connection::of(info),
            removed_routes,
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Route {
    name: String,
    from: String,
    to: String,
    tag: String,
    own_tag: bool,
    referrers: String,
    platforms: Vec<String>,
    problem: Option<String>,
}

impl Route {
    pub(crate) fn of(info: &RouteInfo) -> Self {
        let route = info.route.clone();
        Self {
            referrers: route.referrers.to_string(),
            name: route.name,
            from: route.from,
            to: route.to,
            tag: route.tag,
            own_tag: route.own_tag,
            platforms: route.platforms,
            problem: info.problem.clone(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Check {
    name: String,
    steps: Vec<CheckedStep>,
}

/// A step of a check.
#[derive(Debug, Serialize)]
struct CheckedStep {
    step: &'static str,
    ok: Option<bool>,
    detail: String,
    hint: Option<String>,
    milliseconds: Option<u64>,
}

impl Check {
    pub(crate) fn of(name: &str, steps: &[CheckStep]) -> Self {
        let step = |step: &CheckStep| CheckedStep {
            step: step.step.as_str(),
            ok: step.ok,
            detail: step.detail.clone(),
            hint: step.hint.clone(),
            milliseconds: step.milliseconds,
        };
        Self {
            name: name.to_owned(),
            steps: steps.iter().map(step).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Sync {
    connections: Vec<Synced>,
}

#[derive(Debug, Serialize)]
struct Synced {
    name: String,
    repositories: u64,
    tags: u64,
    new: u64,
    moved: u64,
    gone: u64,
    requests: u64,
    milliseconds: u64,
    problems: Vec<Problem>,
}

#[derive(Debug, Serialize)]
struct Problem {
    repository: Option<String>,
    reference: Option<String>,
    code: &'static str,
    message: String,
    hint: Option<String>,
    retryable: bool,
}

impl Problem {
    fn of(problem: &RepositoryProblem) -> Self {
        Self {
            repository: problem.repository.as_ref().map(ToString::to_string),
            reference: problem.reference.clone(),
            code: problem.code.as_str(),
            message: problem.message.clone(),
            hint: problem.hint.clone(),
            retryable: problem.retryable,
        }
    }
}

impl Sync {
    pub(crate) fn of(reports: &[(String, SyncReport)]) -> Self {
        let synced = |(name, report): &(String, SyncReport)| Synced {
            name: name.clone(),
            repositories: report.repositories,
            tags: report.tags,
            new: report.new,
            moved: report.moved,
            gone: report.gone,
            requests: report.requests,
            milliseconds: report.milliseconds,
            problems: report.problems.iter().map(Problem::of).collect(),
        };
        Self {
            connections: reports.iter().map(synced).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct RepositoryLine {
    connection: String,
    repository: String,
    tags: u64,
    size_bytes: Option<u64>,
    updated: Option<String>,
}

impl RepositoryLine {
    pub(crate) fn of(connection: &str, row: &RepositoryRow) -> Self {
        Self {
            connection: connection.to_owned(),
            repository: row.name.to_string(),
            tags: row.tags,
            size_bytes: row.size.map(ByteSize::bytes),
            updated: row.updated.map(precise),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct TagLine {
    tag: String,
    digest: Option<String>,
    media_type: Option<String>,
    kind: Option<&'static str>,
    size_bytes: Option<u64>,
    size_counts: &'static str,
    created: Option<String>,
    pushed: Option<String>,
    platforms: Vec<String>,
    layers: Option<u64>,
    also_tagged: Vec<String>,
    labels: BTreeMap<String, String>,
}

impl TagLine {
    pub(crate) fn of(row: &TagRow) -> Self {
        Self {
            tag: row.tag.to_string(),
            digest: row.digest.as_ref().map(ToString::to_string),
            media_type: row.media_type.clone(),
            kind: row.kind.map(application::Kind::as_str),
            size_bytes: row.size.map(ByteSize::bytes),
            size_counts: row.size_counts.as_str(),
            created: row.created.map(precise),
            pushed: row.pushed.map(precise),
            platforms: row.platforms.clone(),
            layers: row.layers,
            also_tagged: row.also_tagged.iter().map(ToString::to_string).collect(),
            labels: row.labels.clone(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Hit {
    connection: String,
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
    matched: String,
    kind: &'static str,
}

impl Hit {
    pub(crate) fn of(hit: &SearchHit) -> Self {
        Self {
            connection: hit.connection_name.clone(),
            repository: hit.repository.to_string(),
            tag: hit.tag.as_ref().map(ToString::to_string),
            digest: hit.digest.as_ref().map(ToString::to_string),
            matched: hit.matched.clone(),
            kind: hit.kind.as_str(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Usage {
    stored_bytes: u64,
    tags: Vec<TagUsage>,
    untagged_bytes: Option<u64>,
    pub(crate) counted: String,
}

#[derive(Debug, Serialize)]
struct TagUsage {
    repository: String,
    tag: String,
    size_bytes: Option<u64>,
    unique_bytes: Option<u64>,
    shared_bytes: Option<u64>,
}

impl Usage {
    pub(crate) fn of(usage: &Storage) -> Self {
        let tags = usage.tags.iter().map(|tag| TagUsage {
            repository: tag.repository.to_string(),
            tag: tag.tag.to_string(),
            size_bytes: tag.size.map(ByteSize::bytes),
            unique_bytes: tag.unique.map(ByteSize::bytes),
            shared_bytes: tag.shared.map(ByteSize::bytes),
        });
        Self {
            stored_bytes: usage.stored.bytes(),
            tags: tags.collect(),
            untagged_bytes: usage.untagged.map(ByteSize::bytes),
            counted: counted(usage.unread),
        }
    }
}

/// What the figures of a usage count, in words.
fn counted(unread: u64) -> String {
    let what = "config and layers that a tag needs, each once, as stored; without manifests and attestations";
    match unread {
        0 => what.to_owned(),
        1 => format!("{what}; without 1 version that could not be read"),
        _ => format!("{what}; without {unread} versions that could not be read"),
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Command {
    tool: &'static str,
    command: String,
}

impl Command {
    pub(crate) fn of(line: &PullCommand) -> Self {
        Self {
            tool: line.tool,
            command: line.command.clone(),
        }
    }
}
