//! Deletes: each looks just before whether the tag or digest still holds what the plan saw, and afterwards what is left.

use artifact::Digest;
use registry::{ErrorCode, RegistryError, Target};

use super::{guard, work::Work};
use crate::{Step, journal::StepEnd};

pub(super) async fn tag(work: &Work, place: usize, step: &Step) -> Result<StepEnd, RegistryError> {
    let Some(tag) = &step.tag else {
        return Ok(skipped("the step names no tag"));
    };
    let target = Target::Tag(tag.clone());
    let expected = step.expected.as_ref().unwrap_or(&step.digest);
    if let Some(reason) = guard::objection(work, step).await? {
        return Ok(skipped(reason));
    }
    match work.held(&step.at, &target).await? {
        None => return Ok(StepEnd::Done),
        // Our own dummy manifest: an earlier run of this step ended between putting and deleting it.
        Some(held) if held == *expected || held == super::dummy_of(work, place) => {}
        Some(held) => return Ok(moved(&target, Some(&held))),
    }
    let registry = work.registry(&step.at)?;
    let unique = work.unique(place);
    match registry
        .delete_tag(&step.at.repository, tag, &unique, &work.writing)
        .await
    {
        Ok(_) | Err(RegistryError::NotFound { .. }) => {}
        Err(error) => return Err(error),
    }
    let left = work.left(&step.at, &target).await?;
    Ok(left.map_or(StepEnd::Done, |held| still_there(&target, &held)))
}

pub(super) async fn manifest(work: &Work, step: &Step) -> Result<StepEnd, RegistryError> {
    if let Some(reason) = guard::objection(work, step).await? {
        return Ok(skipped(reason));
    }
    for tag in &step.tags {
        let target = Target::Tag(tag.clone());
        match work.held(&step.at, &target).await? {
            Some(held) if held != step.digest => return Ok(moved(&target, Some(&held))),
            Some(_) | None => {}
        }
    }
    let digest = Target::Digest(step.digest.clone());
    let registry = work.registry(&step.at)?;
    match registry
        .delete_manifest(&step.at.repository, &step.digest, &work.writing)
        .await
    {
        Ok(_) | Err(RegistryError::NotFound { .. }) => {}
        Err(error) => return Err(error),
    }
    if let Some(held) = work.left(&step.at, &digest).await? {
        return Ok(still_there(&digest, &held));
    }
    for tag in &step.tags {
        let target = Target::Tag(tag.clone());
        let left = work.left(&step.at, &target).await?;
        if let Some(held) = left.filter(|held| *held == step.digest) {
            return Ok(still_there(&target, &held));
        }
    }
    Ok(StepEnd::Done)
}

pub(super) fn skipped(reason: impl Into<String>) -> StepEnd {
    StepEnd::Skipped { reason: reason.into() }
}

/// The end of a step whose tag or digest holds something else than the plan saw.
pub(super) fn moved(target: &Target, held: Option<&Digest>) -> StepEnd {
    skipped(match held {
        Some(held) => format!("moved: {target} holds {} by now", held.short()),
        None => format!("moved: {target} is gone by now"),
    })
}

fn still_there(target: &Target, held: &Digest) -> StepEnd {
    StepEnd::Failed {
        code: ErrorCode::Conflict.as_str().to_owned(),
        message: format!(
            "the registry took the delete, but {target} is still there (it holds {})",
            held.short()
        ),
        hint: Some("it may delete later by itself, or keep the version for something else: look again".to_owned()),
    }
}
