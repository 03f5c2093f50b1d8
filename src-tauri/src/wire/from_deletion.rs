//! What a plan that deletes means, in its wire form.

use application as app;

use super::{
    Along, GoReason, GoingVersion, KeepReason, ProtectionReason,
    from::{count, each},
};

impl From<app::GoingVersion> for GoingVersion {
    fn from(version: app::GoingVersion) -> Self {
        Self {
            repository: version.repository,
            digest: version.digest.to_string(),
            tags: version.tags.iter().map(ToString::to_string).collect(),
            whole: version.whole,
            steps: version.steps.into_iter().map(count).collect(),
            along: version.along.into(),
            why: each(version.why),
            size_bytes: version.size.bytes(),
            freed: each(version.freed),
            freed_bytes: version.freed_size.bytes(),
            only_here_bytes: version.only_here.bytes(),
        }
    }
}

impl From<app::Along> for Along {
    fn from(along: app::Along) -> Self {
        Self {
            platforms: along.platforms,
            sboms: along.sboms,
            attestations: along.attestations,
            signatures: along.signatures,
            others: along.others,
        }
    }
}

impl From<app::GoReason> for GoReason {
    fn from(reason: app::GoReason) -> Self {
        match reason {
            app::GoReason::Chosen => Self::Chosen,
            app::GoReason::Untagged => Self::Untagged,
            app::GoReason::NotOfLast(count) => Self::NotOfLast { count },
            app::GoReason::NotOfLastReleases(count) => Self::NotOfLastReleases { count },
            app::GoReason::PreRelease => Self::PreRelease,
            app::GoReason::NoRelease => Self::NoRelease,
            app::GoReason::Matches(pattern) => Self::Matches { pattern },
            app::GoReason::Age(days) => Self::Age { days },
            app::GoReason::NotPulled(days) => Self::NotPulled { days },
        }
    }
}

impl From<app::KeepReason> for KeepReason {
    fn from(reason: app::KeepReason) -> Self {
        match reason {
            app::KeepReason::Protected => Self::Protected,
            app::KeepReason::SameVersion(tag) => Self::SameVersion { tag: tag.to_string() },
            app::KeepReason::KeepLast(count) => Self::KeepLast { count },
            app::KeepReason::Tie(count) => Self::Tie { count },
            app::KeepReason::KeepLastReleases(count) => Self::KeepLastReleases { count },
            app::KeepReason::Pattern(pattern) => Self::Pattern { pattern },
            app::KeepReason::Semver => Self::Release,
            app::KeepReason::Younger(period) => Self::Younger {
                than: period.to_string(),
            },
            app::KeepReason::PulledLately(period) => Self::PulledLately {
                within: period.to_string(),
            },
            app::KeepReason::UnknownAge => Self::UnknownAge,
            app::KeepReason::UnknownPull => Self::UnknownPull,
            app::KeepReason::NoRule => Self::NoRule,
            app::KeepReason::Unreadable => Self::Unreadable,
            app::KeepReason::CannotGoAlone => Self::CannotGoAlone,
            app::KeepReason::BelongsTo(digest) => Self::BelongsTo {
                digest: digest.to_string(),
            },
            app::KeepReason::DeletesOff => Self::DeletesOff,
            app::KeepReason::NoSafeWay => Self::NoSafeWay,
        }
    }
}

impl From<app::ProtectionReason> for ProtectionReason {
    fn from(reason: app::ProtectionReason) -> Self {
        match reason {
            app::ProtectionReason::ChildOf(digest) => Self::ChildOf {
                digest: digest.to_string(),
            },
            app::ProtectionReason::ReferrerOf(digest) => Self::ReferrerOf {
                digest: digest.to_string(),
            },
            app::ProtectionReason::TaggedAs(tag) => Self::TaggedAs { tag: tag.to_string() },
            app::ProtectionReason::Age => Self::Age,
        }
    }
}
