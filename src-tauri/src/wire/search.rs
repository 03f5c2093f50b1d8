//! Search in the index, and the commands that pull a version.

use serde::Serialize;
use specta::Type;

#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum HitKind {
    Repository,
    Tag,
    Digest,
    Label,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchHit {
    pub connection_id: String,
    pub connection: String,
    pub repository: String,
    pub tag: Option<String>,
    pub digest: Option<String>,
    pub matched: String,
    pub kind: HitKind,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchAnswer {
    pub hits: Vec<SearchHit>,
    pub milliseconds: u64,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PullCommand {
    pub tool: String,
    pub label: String,
    pub command: String,
    pub note: Option<String>,
}
