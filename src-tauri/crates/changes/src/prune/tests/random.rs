//! Random registries and policies: aliases, nested and shared indexes, referrers of referrers, subjects inside other
//! indexes, fallback and cosign tags, any delete rules.

use std::collections::BTreeMap;

use artifact::{ByteSize, Digest};
use proptest::{bool::weighted, collection::vec, option, prelude::*, sample::subsequence};
use registry::{ChildProtection, DeleteRules, DigestDelete, TagDelete, Undo};

use super::repository::*;
use crate::{Policy, Snapshot, SnapshotManifest};

/// Names of all kinds. Several are of the same release.
pub(super) const NAMES: [&str; 16] = [
    "1.0.0",
    "v1.0.0",
    "1.1.0",
    "2.0.0",
    "2.0.0-rc.1",
    "2.0.0-onnx",
    "nightly-1",
    "nightly-2",
    "nightly-3",
    "main-1",
    "main-2",
    "latest",
    "production",
    "staging",
    "8d41b7a",
    "golden",
];

const ENDINGS: [&str; 4] = ["", ".sig", ".att", ".sbom"];

/// What a manifest is made of, by the numbers of others.
#[derive(Clone, Debug)]
struct Made {
    days: Option<i64>,
    children: Vec<usize>,
    subject: Option<usize>,
    listed: Vec<usize>,
    blobs: Vec<u64>,
}

fn made() -> impl Strategy<Value = Made> {
    let children = prop_oneof![2 => Just(Vec::new()), 1 => vec(0..32_usize, 1..4)];
    let listed = prop_oneof![5 => Just(Vec::new()), 1 => vec(0..32_usize, 1..3)];
    (
        option::weighted(0.85, 0..5_i64),
        children,
        option::weighted(0.25, 0..32_usize),
        listed,
        vec(0..12_u64, 0..3),
    )
        .prop_map(|(days, children, subject, listed, blobs)| Made {
            days: days.map(|days| days * 10),
            children,
            subject,
            listed,
            blobs,
        })
}

/// Tags by name: the number of the manifest, and how many days ago it was pushed and pulled.
type Tagged = (&'static str, usize, Option<i64>, Option<i64>);

fn tags() -> impl Strategy<Value = Vec<Tagged>> {
    let seen = (
        0..32_usize,
        option::weighted(0.3, 0..60_i64),
        option::weighted(0.5, 0..60_i64),
    );
    (subsequence(NAMES.to_vec(), 0..=8), vec(seen, NAMES.len())).prop_map(|(names, seen)| {
        let tagged = names.into_iter().zip(seen);
        tagged
            .map(|(name, (node, pushed, pulled))| (name, node, pushed, pulled))
            .collect()
    })
}

pub(super) fn rules() -> impl Strategy<Value = DeleteRules> {
    let tag = prop_oneof![
        6 => Just(TagDelete::Alone),
        4 => Just(TagDelete::DummyManifest),
        1 => Just(TagDelete::LastTagTakesVersion),
        1 => Just(TagDelete::TakesVersion),
        1 => Just(TagDelete::ProviderInterface),
        1 => Just(TagDelete::Unsupported),
    ];
    let digest = prop_oneof![
        3 => Just(DigestDelete::TakesAllTags),
        3 => Just(DigestDelete::LeavesTags),
        3 => Just(DigestDelete::Unknown),
        3 => Just(DigestDelete::RefusedWhileTagged),
        1 => Just(DigestDelete::Unsupported),
    ];
    let children = prop_oneof![Just(ChildProtection::Protected), Just(ChildProtection::Unprotected)];
    (tag, digest, children).prop_map(|(tag, digest, children)| DeleteRules {
        tag,
        digest,
        children,
        undo: Undo::PutAgain,
    })
}

/// A repository that was read in full. Children and subjects come before what holds their digest, as they must.
pub(super) fn snapshot() -> impl Strategy<Value = Snapshot> {
    let attached = vec((0..34_usize, 0..ENDINGS.len(), 0..32_usize), 0..4);
    (vec(made(), 1..14), tags(), attached, rules()).prop_map(|(made, tags, attached, rules)| {
        let mut repository = Repository::new().with_rules(rules);
        let name = |number: usize| format!("manifest {number}");
        let count = made.len();
        for (number, made) in made.iter().enumerate() {
            let earlier = |other: &usize| (number > 0).then(|| digest(&name(other % number.max(1))));
            let manifest = SnapshotManifest {
                created: made.days.map(days_ago),
                children: made.children.iter().filter_map(earlier).collect(),
                subject: made.subject.as_ref().and_then(earlier),
                referrers: made.listed.iter().map(|other| digest(&name(other % count))).collect(),
                blobs: made
                    .blobs
                    .iter()
                    .map(|blob| (blob_digest(*blob), ByteSize(1 << blob)))
                    .collect(),
                ..SnapshotManifest::default()
            };
            repository.0.untagged.push(digest(&name(number)));
            repository.0.manifests.insert(digest(&name(number)), manifest);
        }
        for (tag, node, pushed, pulled) in tags {
            repository.tag_seen(tag, &name(node % count), pushed, pulled);
        }
        // Each name once; now and then the subject is not here.
        let attached: BTreeMap<String, usize> = attached
            .into_iter()
            .map(|(subject, ending, node)| {
                (
                    super::repository::attached(&name(subject % (count + 1)), ENDINGS[ending]),
                    node,
                )
            })
            .collect();
        for (tag, node) in attached {
            repository.tag(&tag, &name(node % count));
        }
        repository.0
    })
}

fn blob_digest(blob: u64) -> Digest {
    digest(&format!("blob {blob}"))
}

pub(super) fn policy() -> impl Strategy<Value = Policy> {
    let rules = (
        option::weighted(0.35, 0..3_u32),
        option::weighted(0.15, 0..3_u32),
        option::weighted(0.4, prop_oneof![Just("5d"), Just("5d"), Just("20d")]),
        option::weighted(0.1, Just("10d")),
    );
    let names = (
        prop_oneof![3 => Just("*"), 1 => Just("*[0-9]"), 1 => Just("nightly-*"), 3 => Just("?*")],
        option::weighted(0.3, Just("^([a-z]+)-")),
        option::weighted(0.2, Just("golden")),
    );
    let flags = (weighted(0.15), weighted(0.6), any::<bool>());
    (rules, names, flags).prop_map(|(rules, names, flags)| Policy {
        matching: names.0.parse().expect("a pattern"),
        keep_last: rules.0,
        keep_last_releases: rules.1,
        older_than: rules.2.map(|text| text.parse().expect("a period")),
        not_pulled_for: rules.3.map(|text| text.parse().expect("a period")),
        group_by: names.1.map(|text| text.parse().expect("an expression")),
        keep: names.2.iter().map(|text| text.parse().expect("a pattern")).collect(),
        keep_semver: flags.0,
        untagged: flags.1,
        each_tag: flags.2,
        ..Policy::default()
    })
}
