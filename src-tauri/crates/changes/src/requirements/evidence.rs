//! Reads what a version has to show for the requirements of a channel: its signatures, bills of materials and metrics.
//!
//! Reads only, and only what the requirements ask for. Of an index its own referrers count, not those of its platforms;
//! bills of materials that `BuildKit` stores beside the platforms count too.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use artifact::{
    ByteSize, COSIGN_SIGNATURE_ANNOTATION, ContentSource, Descriptor, Digest, Kind, Manifest, SignatureDocument,
    media_type, summarize,
};
use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use registry::{Operation, RawManifest, Registry};

use super::Requirement;
use crate::{
    ChangeError, Located, ReferrerChoice, Selection, SourceArtifact,
    copy::{cosign_tags, found, listed},
    read_artifact,
};

/// The largest signature that is read; real ones have a few kilobytes, with certificates some more.
const LARGEST_SIGNATURE: ByteSize = ByteSize(1024 * 1024);
/// How many signatures of one version are verified.
const MOST_SIGNATURES: usize = 100;
/// How many referrers of one version are looked at.
const MOST_REFERRERS: usize = 1000;
/// The largest config that is read for its labels, and of how many platforms.
const LARGEST_CONFIG: ByteSize = ByteSize(4 * 1024 * 1024);
const MOST_CONFIGS: usize = 100;

/// What a version has to show.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    pub version: RawManifest,
    /// Manifests that hold a signature over this very digest, as far as their types and subjects say.
    pub signatures: Vec<FoundSignature>,
    /// Manifests that hold a bill of materials of it.
    pub sboms: Vec<Digest>,
    /// Of its model card.
    pub metrics: BTreeMap<String, f64>,
}

/// A manifest that holds signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundSignature {
    pub digest: Digest,
    /// What can be verified. Empty where no key was asked for, and for formats that are not known.
    pub documents: Vec<SignatureDocument>,
}

/// Reads what `requirements` ask for of a version.
///
/// # Errors
/// When the version is not there, or when the registry fails: nothing is taken for met that could not be read.
pub async fn read_evidence(
    registry: &dyn Registry,
    at: &Located,
    digest: &Digest,
    requirements: &[Requirement],
    now: DateTime<Utc>,
    operation: &Operation,
) -> Result<Evidence, ChangeError> {
    let search = Search {
        registry,
        at,
        operation,
        side_by_side: registry.traits().concurrency.max(1),
    };
    let asks = |what: fn(&Requirement) -> bool| requirements.iter().any(what);
    let mut evidence = Evidence {
        version: registry
            .manifest(&at.repository, &digest.clone().into(), operation)
            .await?,
        signatures: Vec::new(),
        sboms: Vec::new(),
        metrics: BTreeMap::new(),
    };
    let asks_for_signature = asks(|it| matches!(it, Requirement::Signature { .. }));
    let asks_for_sbom = asks(|it| matches!(it, Requirement::Sbom));
    if asks_for_signature || asks_for_sbom {
        let has_key = asks(|it| matches!(it, Requirement::Signature { public_key: Some(_) }));
        let beside = search.beside(digest).await?;
        evidence.signatures = search.signatures(&beside, has_key).await?;
        evidence.sboms = beside
            .iter()
            .filter(|one| one.holds_sbom())
            .map(|one| one.digest.clone())
            .collect();
    }
    let asks_for_metric = asks(|it| matches!(it, Requirement::Metric(_)));
    if asks_for_metric || (asks_for_sbom && evidence.sboms.is_empty()) {
        let target = digest.clone().into();
        let version = read_artifact(registry, at, &target, &Selection::default(), operation).await?;
        evidence.sboms.extend(sboms_of_buildkit(&version));
        if asks_for_metric {
            evidence.metrics = search.metrics(&version, now).await?;
        }
    }
    Ok(evidence)
}

/// Something that points at the version.
struct Beside {
    digest: Digest,
    parsed: Manifest,
    kind: Kind,
}

impl Beside {
    fn read(raw: &RawManifest) -> Option<Self> {
        let parsed = Manifest::parse(Some(&raw.media_type), &raw.bytes).ok()?;
        Some(Self {
            digest: raw.digest.clone(),
            kind: Kind::of(&parsed),
            parsed,
        })
    }

    /// One manifest may carry several statements, of which one is a bill of materials.
    fn holds_sbom(&self) -> bool {
        let is_sbom = |layer: &Descriptor| Kind::of_artifact_type(&layer.media_type, &layer.annotations) == Kind::Sbom;
        self.kind == Kind::Sbom || self.parsed.layers().iter().any(is_sbom)
    }
}

/// Statements that `BuildKit` stored in the index itself.
fn sboms_of_buildkit(version: &SourceArtifact) -> Vec<Digest> {
    let read: Vec<Beside> = version
        .manifests
        .values()
        .filter_map(|one| Beside::read(&one.raw))
        .collect();
    let children = read.iter().flat_map(|one| one.parsed.children());
    let attestations: BTreeSet<&Digest> = children
        .filter(|child| child.is_attestation())
        .map(|child| &child.digest)
        .collect();
    let is_sbom = |one: &&Beside| attestations.contains(&one.digest) && one.holds_sbom();
    read.iter().filter(is_sbom).map(|one| one.digest.clone()).collect()
}

struct Search<'a> {
    registry: &'a dyn Registry,
    at: &'a Located,
    operation: &'a Operation,
    side_by_side: usize,
}

impl Search<'_> {
    /// What points at the version and says so itself, and what stands under cosign's tags.
    async fn beside(&self, subject: &Digest) -> Result<Vec<Beside>, ChangeError> {
        let (registry, repository, operation) = (self.registry, &self.at.repository, self.operation);
        let listed = listed(registry, repository, subject, operation).await?;
        let digests: BTreeSet<Digest> = listed
            .found
            .into_iter()
            .map(|one| one.digest)
            .take(MOST_REFERRERS)
            .collect();
        let read: Vec<Option<RawManifest>> = stream::iter(digests)
            .map(|digest| async move { found(registry.manifest(repository, &digest.into(), operation).await) })
            .buffered(self.side_by_side)
            .try_collect()
            .await?;
        let points_here = |one: &Beside| one.parsed.subject().is_some_and(|found| found.digest == *subject);
        let mut beside: Vec<Beside> = read
            .iter()
            .flatten()
            .filter_map(Beside::read)
            .filter(points_here)
            .collect();
        for tag in cosign_tags(registry, repository, subject, &ReferrerChoice::All, operation).await? {
            beside.extend(Beside::read(&tag.held).map(|one| Beside { kind: tag.kind, ..one }));
        }
        Ok(beside)
    }

    async fn signatures(&self, beside: &[Beside], with_documents: bool) -> Result<Vec<FoundSignature>, ChangeError> {
        let mut signatures = Vec::new();
        let mut left = MOST_SIGNATURES;
        for one in beside.iter().filter(|one| one.kind == Kind::Signature) {
            let layers = one.parsed.layers();
            let layers = if with_documents {
                layers.get(..left.min(layers.len()))
            } else {
                None
            };
            let layers = layers.unwrap_or_default();
            left -= layers.len();
            signatures.push(FoundSignature {
                digest: one.digest.clone(),
                documents: self.documents(layers).await?,
            });
        }
        Ok(signatures)
    }

    async fn documents(&self, layers: &[Descriptor]) -> Result<Vec<SignatureDocument>, ChangeError> {
        let documents: Vec<Option<SignatureDocument>> = stream::iter(layers.to_vec())
            .map(|layer| self.document(layer))
            .buffered(self.side_by_side)
            .try_collect()
            .await?;
        Ok(documents.into_iter().flatten().collect())
    }

    /// One signature; `None` where it is in no format that is known, larger than any, or gone.
    async fn document(&self, layer: Descriptor) -> Result<Option<SignatureDocument>, ChangeError> {
        let essence = media_type::essence(&layer.media_type);
        let is_bundle = essence.starts_with("application/vnd.dev.sigstore.bundle");
        let signature = layer.annotations.get(COSIGN_SIGNATURE_ANNOTATION);
        let is_simple = essence == media_type::COSIGN_SIGNATURE_LAYER && signature.is_some();
        if !(is_bundle || is_simple) || layer.size > LARGEST_SIGNATURE {
            return Ok(None);
        }
        let content = self
            .registry
            .small_blob(
                &self.at.repository,
                &layer.digest,
                layer.size,
                LARGEST_SIGNATURE,
                self.operation,
            )
            .await;
        let content = found(content)?.map(|content| content.to_vec());
        Ok(content.map(|content| match signature {
            Some(signature) if is_simple => SignatureDocument::SimpleSigning {
                payload: content,
                signature: signature.clone(),
            },
            _ => SignatureDocument::Bundle(content),
        }))
    }

    async fn metrics(
        &self,
        version: &SourceArtifact,
        now: DateTime<Utc>,
    ) -> Result<BTreeMap<String, f64>, ChangeError> {
        let mut content = Content::default();
        for digest in version.bottom_up([&version.root]) {
            let raw = version.manifests.get(digest).map(|manifest| &manifest.raw);
            let parsed = raw.and_then(|raw| Manifest::parse(Some(&raw.media_type), &raw.bytes).ok());
            if let Some(parsed) = parsed {
                content.manifests.insert(digest.clone(), Arc::new(parsed));
            }
        }
        let configs: Vec<Descriptor> = version
            .bottom_up([&version.root])
            .into_iter()
            .filter_map(|digest| content.manifests.get(digest)?.config().cloned())
            .filter(|config| config.size <= LARGEST_CONFIG)
            .take(MOST_CONFIGS)
            .collect();
        content.configs = stream::iter(configs)
            .map(|config| async move {
                let read = self
                    .registry
                    .small_blob(
                        &self.at.repository,
                        &config.digest,
                        config.size,
                        LARGEST_CONFIG,
                        self.operation,
                    )
                    .await?;
                Ok::<_, ChangeError>((config.digest, Arc::from(read.as_ref())))
            })
            .buffer_unordered(self.side_by_side)
            .try_collect()
            .await?;
        Ok(summarize(&version.root, &content, now).card.metrics)
    }
}

/// What a summary is made of.
#[derive(Default)]
struct Content {
    manifests: HashMap<Digest, Arc<Manifest>>,
    configs: HashMap<Digest, Arc<[u8]>>,
}

impl ContentSource for Content {
    fn manifest(&self, digest: &Digest) -> Option<Arc<Manifest>> {
        self.manifests.get(digest).cloned()
    }

    fn config(&self, digest: &Digest) -> Option<Arc<[u8]>> {
        self.configs.get(digest).cloned()
    }
}
