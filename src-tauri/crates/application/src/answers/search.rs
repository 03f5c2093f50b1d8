//! What was found, how to pull it, and the numbers beside the settings.

use std::path::PathBuf;

use artifact::{ByteSize, Digest, RepositoryName, Tag};
use catalog::{ConnectionId, SearchHitKind};
use chrono::{DateTime, Utc};

use crate::ApplicationError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    pub connection: ConnectionId,
    pub connection_name: String,
    /// Relative to the connection's path.
    pub repository: RepositoryName,
    pub tag: Option<Tag>,
    pub digest: Option<Digest>,
    pub matched: String,
    pub kind: SearchHitKind,
}

#[derive(Clone, Debug)]
pub struct SearchAnswer {
    pub hits: Vec<SearchHit>,
    pub milliseconds: u64,
}

/// A line to paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullCommand {
    /// The tool's name on the command line and in the settings: `docker`, `docker-run`, `kubernetes` …
    pub tool: &'static str,
    /// For people: "docker run".
    pub label: &'static str,
    /// One line for a shell, or a snippet of YAML or Python.
    pub command: String,
    /// What has to be known before it works.
    pub note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexStatistics {
    pub index: ByteSize,
    pub contents: ByteSize,
    pub tags: u64,
    pub manifests: u64,
    pub repositories: u64,
}

/// A file with authorities that are trusted besides the system's.
#[derive(Clone, Debug)]
pub struct TrustedFile {
    pub file: PathBuf,
    /// When the first of its certificates ends; `None`: that is not known.
    pub ends: Option<DateTime<Utc>>,
    /// Why it cannot be used.
    pub problem: Option<ApplicationError>,
}

/// How many tags the protected patterns cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProtectedCount {
    pub patterns: u64,
    pub tags: u64,
    pub total: u64,
    pub connections: u64,
}
