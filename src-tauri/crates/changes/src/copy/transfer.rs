//! What a copy does with each blob: sent, mounted, or there already. Pure; for people who look at a plan.

use std::collections::BTreeMap;

use artifact::{ByteSize, Digest, Kind, Manifest};

use super::source::{SourceArtifact, SourceManifest};
use crate::{Action, Plan};

/// A copy by its blobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// What the source's tag or digest stands for.
    pub found: Digest,
    /// What arrives: the same, unless platforms were chosen.
    pub arrives: Digest,
    /// Every blob that the version and what travels with it needs, each once, in the order of the plan; what is there
    /// already at the end.
    pub blobs: Vec<TransferBlob>,
}

impl Transfer {
    /// What is there already.
    pub fn skipped(&self) -> impl Iterator<Item = &TransferBlob> {
        self.blobs.iter().filter(|blob| blob.step.is_none())
    }
}

/// A blob of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferBlob {
    pub digest: Digest,
    pub size: ByteSize,
    pub role: BlobRole,
    /// The platforms that need it; empty for what belongs to none.
    pub platforms: Vec<String>,
    /// The step that brings it; none: it is there already.
    pub step: Option<usize>,
}

/// What a blob is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlobRole {
    Layer,
    Config,
    /// A part of a signature, an SBOM or an attestation.
    Of(Kind),
}

/// What `plan`, which was made of `source`, does with each blob.
pub fn transfer_of(source: &SourceArtifact, plan: &Plan) -> Transfer {
    let bringing = |action: &Action| matches!(action, Action::CopyBlob { .. } | Action::MountBlob { .. });
    let steps = plan.steps.iter().enumerate();
    let steps: BTreeMap<&Digest, usize> = steps
        .filter(|(_, step)| bringing(&step.action))
        .map(|(place, step)| (&step.digest, place))
        .collect();
    let mut blobs: BTreeMap<&Digest, TransferBlob> = BTreeMap::new();
    for manifest in source.manifests.values() {
        add(manifest, &steps, &mut blobs);
    }
    let mut blobs: Vec<TransferBlob> = blobs.into_values().collect();
    blobs.sort_by_key(|blob| (blob.step.unwrap_or(usize::MAX), std::cmp::Reverse(blob.size)));
    Transfer {
        found: source.found.clone(),
        arrives: source.root.clone(),
        blobs,
    }
}

fn add<'a>(
    manifest: &'a SourceManifest,
    steps: &BTreeMap<&Digest, usize>,
    blobs: &mut BTreeMap<&'a Digest, TransferBlob>,
) {
    let parsed = Manifest::parse(Some(&manifest.raw.media_type), &manifest.raw.bytes).ok();
    let kind = parsed.as_ref().map(Kind::of);
    let config = parsed.as_ref().and_then(Manifest::config).map(|config| &config.digest);
    for blob in &manifest.blobs {
        let role = match kind {
            Some(kind @ (Kind::Signature | Kind::Sbom | Kind::Attestation)) => BlobRole::Of(kind),
            _ if config == Some(&blob.digest) => BlobRole::Config,
            _ => BlobRole::Layer,
        };
        let known = blobs.entry(&blob.digest).or_insert_with(|| TransferBlob {
            digest: blob.digest.clone(),
            size: blob.size,
            role,
            platforms: Vec::new(),
            step: steps.get(&blob.digest).copied(),
        });
        // A name of a platform has a slash in it, as no other name has.
        if manifest.name.contains('/') && !known.platforms.contains(&manifest.name) {
            known.platforms.push(manifest.name.clone());
        }
    }
}
