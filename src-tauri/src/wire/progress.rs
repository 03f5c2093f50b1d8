//! What a long operation tells while it runs.

use application as app;
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
        /// Null while it is not known.
        pace: Option<ProgressPace>,
    },
    /// How far single steps of a plan are: those of which something is new.
    Parts {
        parts: Vec<PartProgress>,
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

/// How far one step of a plan is.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PartProgress {
    /// Its place in the plan's steps.
    pub step: u64,
    pub standing: Standing,
    /// Sent so far, of what it sends; null where it sends no blob, or has ended.
    pub done_bytes: Option<u64>,
    pub total_bytes: Option<u64>,
    /// Null while it is not known.
    pub pace: Option<ProgressPace>,
}

/// How fast bytes go over the last seconds, and how long the rest takes by that.
#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProgressPace {
    pub bytes_per_second: u64,
    pub seconds_left: u64,
}

impl ProgressPace {
    pub(crate) fn of(pace: &app::Pace, total: app::ByteSize) -> Option<Self> {
        Some(Self {
            bytes_per_second: pace.per_second()?.bytes(),
            seconds_left: pace.left(total)?.as_secs(),
        })
    }
}

#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    Sent,
    Done,
    Failed,
    Skipped,
}
