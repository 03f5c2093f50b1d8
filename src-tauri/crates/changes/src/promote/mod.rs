//! Promotion of a version to a tag, here or elsewhere, and the way back. Pure, but for what a way back has to read.
//!
//! A promotion never changes a digest. Within one repository what points at a version belongs to it already, so nothing
//! but the tag is put; elsewhere it is a copy of every platform.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use artifact::{Digest, Manifest, Tag, media_type};
use registry::{ErrorCode, Operation, Provider, RawManifest, Target, WritableRegistry};

use crate::{
    ChangeError, ChangeKind, Located, Plan, Selection, SourceArtifact, TargetState,
    copy::{plan_of, plan_transfer, schema1, tag_step},
    read_artifact, read_target,
};

/// The plan to put `version`, a manifest of the same repository, on the target's tags, byte for byte.
///
/// # Errors
/// [`ChangeError::Refused`] for schema 1, whose digest would not stay.
pub fn plan_promote(version: &RawManifest, target: &TargetState) -> Result<Plan, ChangeError> {
    plan_tags(ChangeKind::Promote, version, target)
}

/// The plan to promote to another repository, of this or another connection: a copy that keeps the digest.
///
/// # Errors
/// [`ChangeError::InvalidInput`] if only some platforms were read: their new index would be another version.
pub fn plan_promote_to(source: &SourceArtifact, target: &TargetState) -> Result<Plan, ChangeError> {
    if !source.keeps_digest() {
        return Err(ChangeError::invalid(
            "a promotion takes a version whole, with all its platforms",
            "copy the platforms you want first, then promote that version",
        ));
    }
    let mut plan = plan_transfer(ChangeKind::Promote, source, target);
    plan.warnings.extend(warning_of(target));
    Ok(plan)
}

/// The version that a channel held before: the last one in its history, newest first, that is not the present one. Rolling
/// back twice leads forward again, as the way back is a move like any other.
pub fn version_before<'a>(
    history: impl IntoIterator<Item = &'a Digest>,
    present: Option<&Digest>,
) -> Option<&'a Digest> {
    history.into_iter().find(|digest| Some(*digest) != present)
}

/// The version that a channel goes back to, and what is there of it.
#[derive(Clone, Debug)]
pub struct Rollback {
    pub before: SourceArtifact,
    pub target: TargetState,
}

/// Reads what a way back needs. `history` is the channel's, newest first.
///
/// # Errors
/// [`ChangeError::Refused`] if no other version is known, or if its manifest or a part of it is gone.
pub async fn read_rollback(
    registry: &dyn WritableRegistry,
    at: &Located,
    channel: &Tag,
    history: &[Digest],
    operation: &Operation,
) -> Result<Rollback, ChangeError> {
    let present = match registry
        .resolve(&at.repository, &channel.clone().into(), operation)
        .await
    {
        Ok(resolved) => Some(resolved.digest),
        Err(error) if error.code() == ErrorCode::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    let Some(before) = version_before(history, present.as_ref()) else {
        return Err(ChangeError::refused(
            format!("no version is known that {channel} held before"),
            "promote the version that it shall hold",
        ));
    };
    let target = Target::Digest(before.clone());
    let before = match read_artifact(registry, at, &target, &Selection::default(), operation).await {
        Ok(read) => read,
        Err(error) if error.code() == ErrorCode::NotFound => return Err(gone(channel, before, &error.to_string())),
        Err(error) => return Err(error),
    };
    let target = read_target(registry, at, &before.needed(), std::slice::from_ref(channel), operation).await?;
    Ok(Rollback { before, target })
}

/// The plan to put a channel back.
///
/// # Errors
/// [`ChangeError::Refused`] if a part of the version is gone: the channel would point at something incomplete.
pub fn plan_rollback(rollback: &Rollback) -> Result<Plan, ChangeError> {
    let Rollback { before, target } = rollback;
    let needed = before.needed();
    let missing = needed
        .manifests
        .difference(&target.manifests)
        .chain(needed.blobs.difference(&target.blobs))
        .next();
    let channel = target.tags.first().map(|tag| &tag.tag);
    match (missing, channel, before.manifests.get(&before.root)) {
        (Some(missing), Some(channel), _) => Err(gone(channel, &before.root, &format!("{missing} was not found"))),
        (_, _, Some(root)) => plan_tags(ChangeKind::Rollback, &root.raw, target),
        _ => Err(ChangeError::NotFound(format!("{} was not read", before.root))),
    }
}

fn gone(channel: &Tag, before: &Digest, reason: &str) -> ChangeError {
    ChangeError::refused(
        format!("{channel} cannot go back to {}: {reason}", before.short()),
        "promote another version, or bring this one back first, by an undo or from another registry",
    )
}

/// One step for each tag that does not hold the version yet.
fn plan_tags(kind: ChangeKind, version: &RawManifest, target: &TargetState) -> Result<Plan, ChangeError> {
    let is_schema1 = media_type::is_schema1(&version.media_type)
        || matches!(
            Manifest::parse(Some(&version.media_type), &version.bytes),
            Ok(Manifest::Schema1(_))
        );
    if is_schema1 {
        return Err(schema1(&version.digest));
    }
    let (mut steps, mut warnings, mut manifests) = (Vec::new(), Vec::new(), BTreeMap::new());
    for tag in target
        .tags
        .iter()
        .filter(|tag| tag.holds.as_ref() != Some(&version.digest))
    {
        let (step, warning) = tag_step(target, (&tag.tag, tag.holds.as_ref()), version, Vec::new());
        steps.push(step);
        warnings.extend(warning);
        manifests.insert(version.digest.clone(), version.clone());
        let replaced = tag.holds.as_ref().and_then(|before| target.replaced.get(before));
        manifests.extend(replaced.map(|raw| (raw.digest.clone(), raw.clone())));
    }
    if steps.is_empty() {
        warnings.push("everything is already there: nothing has to be done".to_owned());
    }
    warnings.extend(warning_of(target));
    Ok(plan_of(kind, steps, manifests, warnings))
}

/// What a provider does later to what was promoted.
fn warning_of(target: &TargetState) -> Option<String> {
    matches!(target.provider, Provider::Ecr).then(|| {
        "Amazon ECR's lifecycle policies count from the day of the first push: a promoted version may expire all the same"
            .to_owned()
    })
}
