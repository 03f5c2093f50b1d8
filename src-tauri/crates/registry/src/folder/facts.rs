//! What stands in the manifests of a layout: which others they list, and what they point at.

use std::collections::{HashMap, HashSet, VecDeque};

use artifact::{Descriptor, Digest, MAXIMUM_INDEX_DEPTH, Manifest};

use super::layout::{Layout, Snapshot};
use crate::{Completeness, Listing, Operation, RegistryError};

/// How many problems are told one by one.
const TOLD: usize = 50;

/// All manifests of a layout and who refers to whom.
#[derive(Debug, Default)]
pub(super) struct Facts {
    manifests: Vec<Descriptor>,
    /// Of all that stands in `manifests`.
    digests: HashSet<Digest>,
    referrers: HashMap<Digest, Vec<Descriptor>>,
    /// Manifests that could not be read: each might have listed or pointed at something.
    unreadable: usize,
    problems: Vec<String>,
}

impl Facts {
    /// Reads every manifest that `index.json` lists, and what those list that are indexes.
    pub(super) fn read(layout: &Layout, snapshot: &Snapshot, operation: &Operation) -> Result<Self, RegistryError> {
        let mut facts = Self::default();
        let mut seen: HashSet<Digest> = snapshot.manifests.iter().map(|listed| listed.digest.clone()).collect();
        let mut waiting: VecDeque<(Descriptor, usize)> =
            snapshot.manifests.iter().map(|listed| (listed.clone(), 0)).collect();
        while let Some((descriptor, depth)) = waiting.pop_front() {
            operation.check()?;
            let Some(manifest) = facts.open(layout, &descriptor, depth) else {
                continue;
            };
            facts.note_subject(&descriptor, &manifest);
            for child in manifest.children() {
                if depth < MAXIMUM_INDEX_DEPTH && seen.insert(child.digest.clone()) {
                    waiting.push_back((child.clone(), depth + 1));
                }
            }
            facts.manifests.push(descriptor);
        }
        facts.digests = facts.manifests.iter().map(|known| known.digest.clone()).collect();
        Ok(facts)
    }

    /// The manifest, if it is there and can be read; what is listed but cannot be read stays listed, with a problem.
    fn open(&mut self, layout: &Layout, descriptor: &Descriptor, depth: usize) -> Option<Manifest> {
        let declared = Some(descriptor.media_type.as_str());
        let problem = match layout.small(&descriptor.digest) {
            Ok(bytes) => match Manifest::parse(declared, &bytes) {
                Ok(manifest) => return Some(manifest),
                Err(error) => format!("{}: {error}", descriptor.digest),
            },
            // A copy of one platform leaves the others out of the layout but in the index: nothing is wrong.
            Err(RegistryError::NotFound { .. }) if depth > 0 => return None,
            Err(error) => error.to_string(),
        };
        self.unreadable += 1;
        if self.problems.len() < TOLD {
            self.problems.push(problem);
        }
        self.manifests.push(descriptor.clone());
        None
    }

    fn note_subject(&mut self, descriptor: &Descriptor, manifest: &Manifest) {
        let Some(subject) = manifest.subject() else {
            return;
        };
        // As the referrers API answers: the manifest's own annotations and artifact type.
        let referrer = Descriptor {
            annotations: manifest.annotations().clone(),
            artifact_type: manifest.artifact_type().map(str::to_owned),
            platform: None,
            ..descriptor.clone()
        };
        self.referrers.entry(subject.digest.clone()).or_default().push(referrer);
    }

    /// Whether a manifest belongs to the layout, or might: one that could not be read may list it.
    pub(super) fn may_hold(&self, digest: &Digest) -> bool {
        self.unreadable > 0 || self.digests.contains(digest)
    }

    pub(super) fn manifests(&self) -> Listing<Descriptor> {
        self.listing(self.manifests.clone())
    }

    pub(super) fn referrers(&self, subject: &Digest) -> Listing<Descriptor> {
        self.listing(self.referrers.get(subject).cloned().unwrap_or_default())
    }

    fn listing(&self, items: Vec<Descriptor>) -> Listing<Descriptor> {
        let complete = match self.unreadable {
            0 => Completeness::Complete,
            1 => Completeness::Partial {
                reason: "one manifest of the layout cannot be read".to_owned(),
            },
            count => Completeness::Partial {
                reason: format!("{count} manifests of the layout cannot be read"),
            },
        };
        Listing {
            items,
            complete,
            problems: self.problems.clone(),
        }
    }
}
