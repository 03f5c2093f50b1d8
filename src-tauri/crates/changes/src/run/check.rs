//! What a plan must bring along before anything of it is journaled or sent, and what is fetched for its undo.

use std::collections::BTreeSet;

use artifact::{Digest, Manifest, Verifier};
use futures::{StreamExt, TryStreamExt, stream};
use registry::{Operation, RawManifest, RegistryError, Target};

use super::Parties;
use crate::{Action, ChangeError, Located, Plan, Step, journal::Manifests};

/// Manifests that are read side by side.
const SIDE_BY_SIDE: usize = 8;

/// # Errors
/// [`ChangeError::Refused`] if a step waits for one that does not stand before it, or if the bytes of a manifest that a
/// step puts or deletes are missing or wrong.
pub(super) fn check(plan: &Plan) -> Result<(), ChangeError> {
    for (place, step) in plan.steps.iter().enumerate() {
        if step.after.iter().any(|before| *before >= place) {
            return Err(unfit(place, "waits for a step that does not stand before it"));
        }
        if !matches!(step.action, Action::PutManifest | Action::DeleteManifest) {
            continue;
        }
        let Some(manifest) = plan.manifests.get(&step.digest) else {
            return Err(unfit(place, "has no bytes of its manifest, so it could not be undone"));
        };
        if manifest.digest != step.digest {
            return Err(unfit(place, "has the bytes of another manifest"));
        }
    }
    for (digest, manifest) in &plan.manifests {
        let mut verifier = Verifier::new(digest.clone());
        verifier.update(&manifest.bytes);
        if let Err(error) = verifier.finish() {
            let message = format!("a manifest of the plan is not what its digest says: {error}");
            return Err(ChangeError::refused(message, "make the plan again"));
        }
    }
    Ok(())
}

fn unfit(place: usize, problem: &str) -> ChangeError {
    ChangeError::refused(
        format!("step {place} of the plan {problem}"),
        "make the plan again; nothing was changed",
    )
}

/// Reads what an undo will need beyond the plan's own manifests: what a tag holds before it moves or goes. What the
/// registry does not have any more cannot be kept, and is no hindrance.
pub(super) async fn read_for_undo(
    plan: &Plan,
    parties: &Parties,
    operation: &Operation,
) -> Result<Manifests, ChangeError> {
    let wanted: BTreeSet<(Located, Digest)> = plan
        .steps
        .iter()
        .filter_map(|step| Some((step.at.clone(), held_before(step)?.clone())))
        .filter(|(_, digest)| !plan.manifests.contains_key(digest))
        .collect();
    let read = stream::iter(wanted).map(|(at, digest)| read(at, digest, parties, operation));
    let found: Vec<Option<RawManifest>> = read.buffer_unordered(SIDE_BY_SIDE).try_collect().await?;
    let manifests = found.into_iter().flatten();
    Ok(manifests.map(|manifest| (manifest.digest.clone(), manifest)).collect())
}

/// What a step's tag holds before the step.
fn held_before(step: &Step) -> Option<&Digest> {
    match step.action {
        Action::PutManifest => step.expected.as_ref(),
        Action::DeleteTag => Some(&step.digest),
        Action::DeleteManifest | Action::CopyBlob { .. } | Action::MountBlob { .. } => None,
    }
}

async fn read(
    at: Located,
    digest: Digest,
    parties: &Parties,
    operation: &Operation,
) -> Result<Option<RawManifest>, ChangeError> {
    let registry = parties.registry(&at.connection)?;
    let target = Target::Digest(digest);
    match registry.manifest(&at.repository, &target, operation).await {
        Ok(manifest) => Ok(Some(manifest)),
        Err(RegistryError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The digests of the manifests that a manifest lists; none if it cannot be read.
pub(crate) fn children(manifest: &RawManifest) -> Vec<Digest> {
    let read = Manifest::parse(Some(&manifest.media_type), &manifest.bytes);
    read.map(|read| read.children().iter().map(|child| child.digest.clone()).collect())
        .unwrap_or_default()
}
