//! Reading one version whole: its manifest, its platforms down to a depth, their configs.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use artifact::{ContentSource, Descriptor, Digest, MAXIMUM_INDEX_DEPTH, Manifest, Summary};
use futures::{StreamExt, stream};
use registry::{ErrorCode, RegistryError};

use super::{
    contents::{ConfigSlot, ContentError, ManifestSlot},
    recorder::Entry,
    repository::Reading,
};
use crate::{CatalogError, Problem, record::KeptVersion};

/// Manifests of one version that are read at most; real ones have some tens.
const MOST_MANIFESTS: usize = 512;
/// Parts of one version that are read side by side.
const SIDE_BY_SIDE: usize = 16;

/// The content of one version, as far as it could be read.
pub(super) struct Tree {
    root: Digest,
    reference: String,
    repository: artifact::RepositoryName,
    manifests: HashMap<Digest, ManifestSlot>,
    configs: HashMap<Digest, ConfigSlot>,
    problem: Option<Problem>,
    complete: bool,
}

impl ContentSource for Tree {
    fn manifest(&self, digest: &Digest) -> Option<Arc<Manifest>> {
        self.manifests.get(digest)?.get()?.manifest().cloned()
    }

    fn config(&self, digest: &Digest) -> Option<Arc<[u8]>> {
        Some(Arc::clone(&self.configs.get(digest)?.get()?.bytes))
    }
}

impl Tree {
    fn new(reading: &Reading<'_>, root: &Digest, reference: &str) -> Self {
        Self {
            root: root.clone(),
            reference: reference.to_owned(),
            repository: reading.name.clone(),
            manifests: HashMap::new(),
            configs: HashMap::new(),
            problem: None,
            complete: true,
        }
    }

    /// The row of the version.
    pub(super) fn keep(&self, repository: i64, summarize: impl FnOnce(&Digest) -> Summary) -> KeptVersion {
        let summary = summarize(&self.root);
        let unparsed = self
            .manifests
            .get(&self.root)
            .and_then(|slot| slot.get()?.parsed.as_ref().err());
        let own = unparsed
            .or_else(|| summary.problems.first())
            .map(|message| self.trouble(message));
        KeptVersion {
            repository,
            digest: self.root.clone(),
            problem: self.problem.clone().or(own),
            complete: self.complete,
            summary,
        }
    }

    fn trouble(&self, message: &str) -> Problem {
        Problem {
            repository: Some(self.repository.clone()),
            reference: Some(self.reference.clone()),
            code: ErrorCode::InvalidAnswer,
            message: message.to_owned(),
            hint: None,
            retryable: false,
        }
    }

    fn note(&mut self, error: &RegistryError, part: &Digest) {
        // What the registry surely does not have is not asked for again with every sync.
        if error.code() != ErrorCode::NotFound {
            self.complete = false;
        }
        if self.problem.is_none() {
            let mut problem = Problem::of(Some(&self.repository), Some(self.reference.clone()), error);
            if part != &self.root {
                problem.message = format!("a part of it could not be read: {}", problem.message);
            }
            self.problem = Some(problem);
        }
    }
}

/// One manifest to read, and what is known of it beforehand.
struct Part {
    digest: Digest,
    given: Option<ManifestSlot>,
    attestation: bool,
}

impl Part {
    fn child(descriptor: &Descriptor) -> Self {
        Self {
            digest: descriptor.digest.clone(),
            given: None,
            attestation: descriptor.is_attestation(),
        }
    }
}

/// A manifest with its config, or why they could not be read.
struct PartRead {
    digest: Digest,
    manifest: Result<ManifestSlot, RegistryError>,
    config: Option<Result<ConfigSlot, (Digest, RegistryError)>>,
}

/// Reads the version of `root`; the content itself is handed on to be written at once, the row afterwards.
///
/// # Errors
/// [`RegistryError`] inside of the tree where a part fails; the outer error ends the sync.
pub(super) async fn read(
    reading: &Reading<'_>,
    root: &Digest,
    given: Option<ManifestSlot>,
    reference: &str,
) -> Result<Result<Tree, RegistryError>, CatalogError> {
    let mut tree = Tree::new(reading, root, reference);
    let mut seen: HashSet<Digest> = HashSet::from([root.clone()]);
    let mut level = vec![Part {
        digest: root.clone(),
        given,
        attestation: false,
    }];
    for _ in 0..=MAXIMUM_INDEX_DEPTH {
        let mut next = Vec::new();
        let mut parts = stream::iter(level.into_iter().map(|part| read_part(reading, part))).buffered(SIDE_BY_SIDE);
        while let Some(part) = parts.next().await {
            let part = part?;
            match part.manifest {
                Ok(slot) => {
                    let manifest = slot.get().and_then(|known| known.manifest().cloned());
                    tree.manifests.insert(part.digest, slot);
                    for child in manifest.iter().flat_map(|manifest| manifest.children()) {
                        if seen.len() < MOST_MANIFESTS && seen.insert(child.digest.clone()) {
                            next.push(Part::child(child));
                        }
                    }
                }
                Err(RegistryError::Cancelled) => return Ok(Err(RegistryError::Cancelled)),
                Err(error) if &part.digest == root => return Ok(Err(error)),
                Err(error) => tree.note(&error, &part.digest),
            }
            match part.config {
                Some(Ok(slot)) => {
                    if let Some(config) = slot.get() {
                        tree.configs.insert(config.digest.clone(), Arc::clone(&slot));
                    }
                }
                Some(Err((_, RegistryError::Cancelled))) => return Ok(Err(RegistryError::Cancelled)),
                Some(Err((digest, error))) => tree.note(&error, &digest),
                None => {}
            }
        }
        if next.is_empty() {
            break;
        }
        level = next;
    }
    Ok(Ok(tree))
}

async fn read_part(reading: &Reading<'_>, part: Part) -> Result<PartRead, CatalogError> {
    let slot = match part.given {
        Some(slot) => slot,
        None => match manifest(reading, &part.digest).await? {
            Ok(slot) => slot,
            Err(error) => {
                return Ok(PartRead {
                    digest: part.digest,
                    manifest: Err(error),
                    config: None,
                });
            }
        },
    };
    let descriptor = slot.get().and_then(|known| known.manifest()?.config().cloned());
    let config = match descriptor {
        Some(descriptor) if !part.attestation => Some(config(reading, &descriptor).await?),
        _ => None,
    };
    Ok(PartRead {
        digest: part.digest,
        manifest: Ok(slot),
        config,
    })
}

/// A manifest by digest, handed on to be written if the index lacks it.
pub(super) async fn manifest(
    reading: &Reading<'_>,
    digest: &Digest,
) -> Result<Result<ManifestSlot, RegistryError>, CatalogError> {
    match reading
        .run
        .contents
        .manifest(reading.name, digest, reading.run.operation)
        .await
    {
        Ok(read) => {
            if read.fetched {
                reading
                    .run
                    .recorder
                    .push(Entry::Manifest(Arc::clone(&read.slot)))
                    .await?;
            }
            Ok(Ok(read.slot))
        }
        Err(ContentError::Registry(error)) => Ok(Err(error)),
        Err(ContentError::Catalog(error)) => Err(error),
    }
}

async fn config(
    reading: &Reading<'_>,
    descriptor: &Descriptor,
) -> Result<Result<ConfigSlot, (Digest, RegistryError)>, CatalogError> {
    match reading
        .run
        .contents
        .config(reading.name, descriptor, reading.run.operation)
        .await
    {
        Ok(read) => {
            if read.fetched {
                reading.run.recorder.push(Entry::Config(Arc::clone(&read.slot))).await?;
            }
            Ok(Ok(read.slot))
        }
        Err(ContentError::Registry(error)) => Ok(Err((descriptor.digest.clone(), error))),
        Err(ContentError::Catalog(error)) => Err(error),
    }
}
