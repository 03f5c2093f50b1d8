//! The history of the detector's releases: one line for each of its forty versions, and for the builds beside them.

/// A build of the detector.
pub(super) struct Release {
    /// Its own tag: a version by semver, or the name of a branch build.
    pub(super) name: &'static str,
    /// How many days ago it was built.
    pub(super) days: i64,
    /// Which base image, torch and requirements it stands on.
    pub(super) base: usize,
    pub(super) torch: usize,
    pub(super) requirements: usize,
    /// Accuracy on the test set in thousandths; none for the first ones, which were not measured.
    pub(super) accuracy: Option<u32>,
    /// The other tags of the same build.
    pub(super) aliases: &'static [&'static str],
}

const fn release(
    name: &'static str,
    days: i64,
    (base, torch, requirements): (usize, usize, usize),
    accuracy: Option<u32>,
    aliases: &'static [&'static str],
) -> Release {
    Release {
        name,
        days,
        base,
        torch,
        requirements,
        accuracy,
        aliases,
    }
}

impl Release {
    /// From this version on there are builds for arm64, too.
    pub(super) fn has_two_platforms(&self) -> bool {
        self.days <= 281
    }

    pub(super) fn is_signed(&self) -> bool {
        self.days <= 208 && !self.name.contains("-beta") && !self.is_branch_build()
    }

    /// A list of packages and the origin of the build are published since 1.4.0.
    pub(super) fn is_documented(&self) -> bool {
        self.days <= 71 && !self.is_branch_build()
    }

    pub(super) fn is_branch_build(&self) -> bool {
        self.name.starts_with("pr-") || self.name.starts_with("nightly")
    }

    /// Patches train only the head again; everything else was trained for the minor version.
    pub(super) fn trained_backbone(&self) -> String {
        self.name.splitn(3, '.').take(2).collect::<Vec<_>>().join(".")
    }
}

/// Oldest first. The last lines are no versions: builds of branches.
pub(super) const RELEASES: &[Release] = &[
    release("0.8.0", 362, (0, 0, 0), None, &[]),
    release("0.9.0", 349, (0, 0, 0), None, &[]),
    release("0.9.1", 338, (0, 0, 0), None, &["0.9"]),
    release("1.0.0-rc.1", 326, (0, 0, 1), None, &[]),
    release("1.0.0", 318, (0, 0, 1), None, &[]),
    release("1.0.1", 309, (0, 0, 1), None, &[]),
    release("1.0.2", 297, (0, 0, 1), None, &["1.0"]),
    release("1.1.0-beta.1", 288, (0, 0, 2), Some(891), &[]),
    release("1.1.0-rc.1", 281, (0, 0, 2), Some(896), &[]),
    release("1.1.0", 274, (0, 0, 2), Some(899), &[]),
    release("1.1.1", 262, (0, 0, 2), Some(902), &[]),
    release("1.1.2", 251, (0, 0, 2), Some(902), &[]),
    release("1.1.3", 240, (0, 0, 3), Some(904), &["1.1"]),
    release("1.2.0-rc.1", 231, (0, 1, 3), Some(909), &[]),
    release("1.2.0-rc.2", 224, (0, 1, 3), Some(913), &[]),
    release("1.2.0", 217, (0, 1, 3), Some(915), &[]),
    release("1.2.1", 208, (0, 1, 3), Some(918), &["line-7"]),
    release("1.2.2", 196, (0, 1, 4), Some(917), &[]),
    release("1.2.3", 187, (0, 1, 4), Some(919), &[]),
    release("1.2.4", 176, (0, 1, 4), Some(921), &["1.2"]),
    release("1.3.0-beta.1", 169, (1, 2, 4), Some(922), &[]),
    release("1.3.0-rc.1", 161, (1, 2, 4), Some(927), &[]),
    release("1.3.0-rc.2", 155, (1, 2, 4), Some(926), &[]),
    release("1.3.0", 148, (1, 2, 5), Some(929), &[]),
    release("1.3.1", 139, (1, 2, 5), Some(934), &[]),
    release("1.3.2", 128, (1, 2, 5), Some(934), &["sha-8d41b7a"]),
    release("1.3.3", 117, (1, 2, 5), Some(936), &[]),
    release("1.3.4", 106, (1, 2, 6), Some(935), &[]),
    release("1.3.5", 98, (1, 2, 6), Some(937), &["1.3"]),
    release("1.4.0-beta.1", 92, (1, 2, 6), Some(936), &[]),
    release("1.4.0-rc.1", 85, (1, 2, 6), Some(939), &[]),
    release("1.4.0-rc.2", 79, (1, 2, 6), Some(940), &[]),
    release("1.4.0", 71, (1, 2, 6), Some(941), &[]),
    release("1.4.1", 58, (1, 2, 6), Some(944), &[]),
    release("1.4.2", 44, (1, 2, 6), Some(944), &["production"]),
    release("1.4.3", 33, (1, 2, 7), Some(946), &[]),
    release("1.4.4", 21, (1, 2, 7), Some(947), &["1.4", "latest", "staging"]),
    release("1.5.0-beta.1", 15, (1, 3, 7), Some(951), &[]),
    release("1.5.0-rc.1", 11, (1, 3, 7), Some(955), &[]),
    release("1.5.0-rc.2", 3, (1, 3, 7), Some(958), &[]),
    release("pr-218", 96, (1, 2, 6), None, &[]),
    release("pr-231", 8, (1, 3, 7), Some(952), &[]),
    release("nightly", 0, (1, 3, 7), Some(951), &[]),
];

/// What `nightly` was before: nothing names it any more.
pub(super) const LEFTOVER: Release = release("nightly-before", 1, (1, 3, 7), Some(950), &[]);
