//! What a policy or a person says of each tag and each untagged manifest, before anybody asks who needs it.

use std::rc::Rc;

use super::graph::Graph;
use crate::KeepReason;

/// What is said of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TagVerdict {
    /// Stays, and stands nowhere in the plan.
    NotConsidered,
    Stays(KeepReason),
    Goes {
        /// Even while its version stays.
        each_tag: bool,
        why: Rc<str>,
    },
}

/// What is said of a manifest without a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LeftoverVerdict {
    /// Stays, and stands nowhere in the plan.
    NotConsidered,
    /// Its age is under the limit or unknown.
    TooYoung,
    Goes(Rc<str>),
}

/// What is said of a whole repository.
pub(super) struct Verdicts {
    /// By the number of the tag.
    pub(super) tags: Vec<TagVerdict>,
    /// By node; of those without a tag.
    pub(super) leftovers: Vec<LeftoverVerdict>,
}

impl Verdicts {
    /// Nothing is considered.
    pub(super) fn none(graph: &Graph<'_>) -> Self {
        Self {
            tags: vec![TagVerdict::NotConsidered; graph.tags.len()],
            leftovers: vec![LeftoverVerdict::NotConsidered; graph.digests.len()],
        }
    }
}

impl TagVerdict {
    /// What two policies say together: a tag goes only if all that consider it let it go, and alone only if all do.
    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotConsidered, verdict) | (verdict, Self::NotConsidered) => verdict,
            (Self::Stays(reason), _) | (_, Self::Stays(reason)) => Self::Stays(reason),
            (
                Self::Goes { each_tag, why },
                Self::Goes {
                    each_tag: other_alone, ..
                },
            ) => Self::Goes {
                each_tag: each_tag && other_alone,
                why,
            },
        }
    }
}

impl LeftoverVerdict {
    /// As for tags.
    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::TooYoung, _) | (_, Self::TooYoung) => Self::TooYoung,
            (Self::NotConsidered, verdict) | (verdict, _) => verdict,
        }
    }
}
