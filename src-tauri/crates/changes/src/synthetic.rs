//! A made-up snapshot for benchmarks: the shape of a repository that has been pushed to for years.
//!
//! The same number of tags always gives the same snapshot.

use std::collections::HashMap;

use artifact::{ByteSize, Digest, NameError, RepositoryName, Tag};
use catalog::ConnectionId;
use chrono::{DateTime, TimeDelta, Utc};
use registry::{ChildProtection, DeleteRules, DigestDelete, TagDelete, Undo};

use crate::{Located, Snapshot, SnapshotManifest, SnapshotTag};

/// Of five tags one is an alias of the version before it.
const TAGS_PER_ALIAS: usize = 5;
/// Every so many versions one is signed, and the signature is tagged.
const VERSIONS_PER_SIGNATURE: usize = 4;
/// Layers of one platform; all but one of them are shared with its neighbours.
const LAYERS: usize = 5;
/// Versions that share their lower layers.
const NEIGHBOURS: usize = 20;

/// A repository with so many tags besides those of signatures: indexes of two platforms, one hour apart, the newest made
/// at `now`. 10,000 tags stand for 26,000 manifests.
///
/// # Errors
/// None that a caller could cause; names are parsed.
pub fn snapshot(tags: usize, now: DateTime<Utc>) -> Result<Snapshot, NameError> {
    let repository: RepositoryName = "vision/defect-detector".parse()?;
    let mut snapshot = Snapshot {
        at: Located {
            connection: ConnectionId::new("synthetic"),
            repository,
        },
        tags: Vec::new(),
        manifests: HashMap::new(),
        unreadable: Vec::new(),
        untagged: Vec::new(),
        lists_manifests: true,
        rules: DeleteRules {
            tag: TagDelete::Alone,
            digest: DigestDelete::Unknown,
            children: ChildProtection::Unprotected,
            undo: Undo::PutAgain,
        },
    };
    let versions = tags - tags / TAGS_PER_ALIAS;
    for number in 0..versions {
        let age = i32::try_from(versions - number - 1).unwrap_or(i32::MAX);
        add_version(&mut snapshot, number, now - TimeDelta::hours(1) * age)?;
    }
    Ok(snapshot)
}

fn add_version(snapshot: &mut Snapshot, number: usize, created: DateTime<Utc>) -> Result<(), NameError> {
    let index = named("index", number);
    let children: Vec<Digest> = ["amd64", "arm64"].map(|platform| named(platform, number)).to_vec();
    for child in &children {
        let manifest = SnapshotManifest {
            created: Some(created),
            blobs: blobs(child, number),
            ..SnapshotManifest::default()
        };
        snapshot.manifests.insert(child.clone(), manifest);
    }
    let manifest = SnapshotManifest {
        created: Some(created),
        children,
        ..SnapshotManifest::default()
    };
    snapshot.manifests.insert(index.clone(), manifest);
    if number.is_multiple_of(VERSIONS_PER_SIGNATURE) {
        let signature = named("signature", number);
        tag(snapshot, &format!("sha256-{}.sig", index.hex()), &signature)?;
        snapshot.manifests.insert(signature, SnapshotManifest::default());
        tag(snapshot, &format!("build-{number}"), &index)?;
    }
    let version = format!("{}.{}.{}", number / 400, number / 20 % 20, number % 20);
    tag(snapshot, &version, &index)
}

fn blobs(image: &Digest, number: usize) -> Vec<(Digest, ByteSize)> {
    let shared = (1..LAYERS).map(|layer| named("layer", number / NEIGHBOURS * LAYERS + layer));
    let own = Digest::of(image.hex().as_bytes());
    shared
        .chain([own])
        .map(|digest| (digest, ByteSize(20_000_000)))
        .collect()
}

fn tag(snapshot: &mut Snapshot, name: &str, digest: &Digest) -> Result<(), NameError> {
    snapshot.tags.push(SnapshotTag {
        tag: name.parse::<Tag>()?,
        digest: digest.clone(),
        pushed: None,
        pulled: None,
    });
    Ok(())
}

fn named(kind: &str, number: usize) -> Digest {
    Digest::of(format!("{kind} {number}").as_bytes())
}
