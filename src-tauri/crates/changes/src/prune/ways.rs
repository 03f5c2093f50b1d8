//! What a registry's delete rules allow a plan to do. Errs on the safe side: what is not known to be safe is not done.

use registry::{DeleteRules, DigestDelete, TagDelete};

use crate::KeepReason;

/// How things can be deleted in a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ways {
    /// A tag can go while its version stays.
    pub(super) alone: bool,
    pub(super) whole: Whole,
    /// What points at a manifest has to go before it, as the registry refuses the other order (providers.md, D.4).
    pub(super) referrers_first: bool,
}

/// How a version goes with all its tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// One delete by digest takes its tags along.
    DigestTakesTags,
    /// Each tag, then the digest.
    TagsThenDigest,
    DeletesOff,
    NoSafeWay,
}

impl Ways {
    pub(super) const fn of(rules: DeleteRules) -> Self {
        // The detour over a dummy ends with a delete by digest.
        let dummy = matches!(rules.tag, TagDelete::DummyManifest) && !matches!(rules.digest, DigestDelete::Unsupported);
        let alone = dummy || matches!(rules.tag, TagDelete::Alone);
        let whole = match (rules.tag, rules.digest) {
            (_, DigestDelete::Unsupported) => Whole::DeletesOff,
            // A registry that takes a tag for a malformed digest is distribution 2, where the tags of a digest go with
            // it (providers.md, D), though no probe tells. A dummy for each tag would only add ways to fail.
            (_, DigestDelete::TakesAllTags) | (TagDelete::DummyManifest, DigestDelete::Unknown) => {
                Whole::DigestTakesTags
            }
            (TagDelete::Alone | TagDelete::DummyManifest, _) => Whole::TagsThenDigest,
            // `LastTagTakesVersion` and `TakesVersion` would destroy at the tag what the later step has to check, and
            // no provider's own interface is spoken here.
            _ => Whole::NoSafeWay,
        };
        Self {
            alone,
            whole,
            referrers_first: matches!(rules.digest, DigestDelete::RefusedWhileTagged),
        }
    }

    /// Why no version can go.
    pub(super) const fn obstacle(self) -> Option<KeepReason> {
        match self.whole {
            Whole::DeletesOff => Some(KeepReason::DeletesOff),
            Whole::NoSafeWay => Some(KeepReason::NoSafeWay),
            Whole::DigestTakesTags | Whole::TagsThenDigest => None,
        }
    }
}
