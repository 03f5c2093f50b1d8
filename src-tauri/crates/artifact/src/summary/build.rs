//! Walks from a version's manifest to its platforms and sums them up.
//!
//! Bounded: indexes inside indexes up to a depth, each manifest once.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};

use super::{
    ContentSource, SizeCounts, Summary,
    platform::{ReadPlatform, Reader, of},
    time::{annotated, first_believable},
};
use crate::{
    ByteSize, Descriptor, Digest, Kind, MAXIMUM_INDEX_DEPTH, Manifest, ModelCard, Platform, card::CardSources,
    problems::Problems,
};

pub(super) fn summary(root: &Digest, manifest: &Manifest, source: &dyn ContentSource, now: DateTime<Utc>) -> Summary {
    let mut walk = Walk {
        reader: Reader { source, now },
        visited: HashSet::from([root.clone()]),
        platforms: Vec::new(),
        attestations: Vec::new(),
        problems: Problems::default(),
    };
    walk.manifest(root, None, manifest, 0);
    walk.finish(manifest)
}

struct Walk<'a> {
    reader: Reader<'a>,
    visited: HashSet<Digest>,
    platforms: Vec<ReadPlatform>,
    attestations: Vec<Descriptor>,
    problems: Problems,
}

impl Walk<'_> {
    fn manifest(&mut self, digest: &Digest, platform: Option<&Platform>, manifest: &Manifest, depth: usize) {
        let read = match manifest {
            Manifest::Image(image) => self.reader.image(digest, platform, image, &mut self.problems),
            Manifest::Schema1(schema1) => self.reader.schema1(digest, schema1, &mut self.problems),
            Manifest::Index(index) => {
                for problem in &index.problems {
                    self.problems.note(problem.clone());
                }
                if !index.sizes_known {
                    self.problems.forget_sizes();
                }
                return index.manifests.iter().for_each(|child| self.child(child, depth + 1));
            }
        };
        if !read.summary.size_known {
            self.problems.forget_sizes();
        }
        self.platforms.push(read);
    }

    fn child(&mut self, child: &Descriptor, depth: usize) {
        if child.is_attestation() {
            self.attestations.push(child.clone());
            return;
        }
        if !self.visited.insert(child.digest.clone()) {
            return;
        }
        let name = of(child.platform.as_ref());
        if depth > MAXIMUM_INDEX_DEPTH {
            self.problems.note(format!(
                "indexes stand more than {MAXIMUM_INDEX_DEPTH} deep inside each other"
            ));
            self.problems.forget_sizes();
        } else if let Some(manifest) = self.reader.source.manifest(&child.digest) {
            self.manifest(&child.digest, child.platform.as_ref(), &manifest, depth);
        } else {
            self.problems.note(format!(
                "the manifest{name} ({}) has not been read",
                child.digest.short()
            ));
            self.problems.forget_sizes();
            self.platforms.push(Reader::unread(child));
        }
    }

    fn finish(self, root: &Manifest) -> Summary {
        let annotations = root.annotations().clone();
        let main = main_platform(&self.platforms);
        let kind = kind(root, main);
        let labels = labels(root, main);
        let newest = self
            .platforms
            .iter()
            .filter_map(|platform| platform.summary.created)
            .max();
        let created = newest.or_else(|| first_believable([annotated(&annotations)], self.reader.now));
        let (blobs, layer_count) = distinct(&self.platforms);
        let card = ModelCard::read(&CardSources {
            kind,
            config: main.and_then(|main| main.config.as_ref()),
            layers: main.map(|main| main.layers.as_slice()).unwrap_or_default(),
            labels: &said(&labels, main, &annotations),
            created,
        });
        let size = self
            .problems
            .sizes_known()
            .then(|| blobs.iter().map(|(_, size)| *size).sum::<ByteSize>());
        Summary {
            media_type: root.media_type().to_owned(),
            artifact_type: root.artifact_type().map(str::to_owned),
            kind,
            size,
            size_counts: if size.is_some() {
                SizeCounts::DistinctBlobs
            } else {
                SizeCounts::Unknown
            },
            created,
            layer_count,
            labels,
            card,
            attestations: self.attestations,
            subject: root.subject().map(|subject| subject.digest.clone()),
            problems: self.problems.into_told(),
            blobs,
            annotations,
            platforms: self.platforms.into_iter().map(|platform| platform.summary).collect(),
        }
    }
}

/// The platform that speaks for the version: linux/amd64, else the first.
fn main_platform(platforms: &[ReadPlatform]) -> Option<&ReadPlatform> {
    let is_default = |read: &&ReadPlatform| read.summary.platform.as_ref().is_some_and(Platform::is_default);
    platforms.iter().find(is_default).or_else(|| platforms.first())
}

/// An index that states nothing of its own is what its platforms are.
fn kind(root: &Manifest, main: Option<&ReadPlatform>) -> Kind {
    let own = Kind::of(root);
    match (root, main) {
        (Manifest::Index(index), Some(main)) if index.artifact_type.is_none() || own == Kind::Other => {
            let is_unread = main.summary.layers.is_empty() && main.config.is_none();
            if main.kind == Kind::Other && is_unread {
                own
            } else {
                main.kind
            }
        }
        _ => own,
    }
}

/// The labels of the main platform; those of an index are its annotations over them.
fn labels(root: &Manifest, main: Option<&ReadPlatform>) -> BTreeMap<String, String> {
    let mut labels = main.map(|main| main.labels.clone()).unwrap_or_default();
    if let Manifest::Index(index) = root {
        labels.extend(index.annotations.clone());
    }
    labels
}

/// Everything that is said about the version, for its card: annotations over labels, the version's over the platform's.
fn said(
    labels: &BTreeMap<String, String>,
    main: Option<&ReadPlatform>,
    annotations: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut said = labels.clone();
    said.extend(main.map(|main| main.annotations.clone()).unwrap_or_default());
    said.extend(annotations.clone());
    said
}

/// The distinct blobs in order of first appearance, and how many of them are layers.
fn distinct(platforms: &[ReadPlatform]) -> (Vec<(Digest, ByteSize)>, u64) {
    let mut seen = HashSet::new();
    let blobs = platforms.iter().flat_map(|platform| &platform.blobs);
    let blobs = blobs.filter(|(digest, _)| seen.insert(digest)).cloned().collect();
    let layers: HashSet<&Digest> = platforms
        .iter()
        .flat_map(|platform| &platform.summary.layers)
        .map(|layer| &layer.digest)
        .collect();
    (blobs, layers.len() as u64)
}
