//! What a long operation tells while it runs.

use serde::Serialize;
use specta::Type;

#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum WaitReason {
    RateLimited,
    ServerBusy,
    Unreachable,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Progress {
    Step {
        what: String,
        done: u64,
        total: Option<u64>,
    },
    Bytes {
        done: u64,
        total: Option<u64>,
    },
    Waiting {
        reason: WaitReason,
        host: String,
        until: String,
    },
    Requests {
        count: u64,
    },
    /// What a registry wants its users to know.
    Warned {
        host: String,
        text: String,
    },
}
