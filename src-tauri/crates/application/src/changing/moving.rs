//! Plans that move tags and copy versions: promotion, the way back, copies to other repositories and connections.

use std::collections::{BTreeMap, BTreeSet};

use artifact::{Digest, Tag};
use changes::{
    ChangeKind, Confirmation, Located, Plan, PlatformChoice, Requirement, Selection, TargetState, TargetTag,
    check_requirements, plan_copy, plan_promote, plan_promote_to, plan_rollback, read_artifact, read_evidence,
    read_rollback, read_target, transfer_of,
};
use registry::{Operation, Place, RawManifest, Target, WritableRegistry};

use super::planning::{Planned, Way};
use crate::{ApplicationError, Berth, CopyTarget, CopyWish, RepositoryAt, Version};

impl Berth {
    /// A tag of the same repository; nothing is copied.
    pub(super) async fn plan_promotion(
        &self,
        at: &RepositoryAt,
        version: &Version,
        to: &Tag,
        also_tags: Vec<Tag>,
        operation: &Operation,
    ) -> Result<Planned, ApplicationError> {
        let (located, registry) = (self.located(at).await?, self.writable_registry(&at.connection).await?);
        let asked = target_of(version);
        let source = read_artifact(&*registry, &located, &asked, &Selection::default(), operation).await?;
        let tags: Vec<Tag> = std::iter::once(to.clone()).chain(also_tags).collect();
        let target = read_target(&*registry, &located, &source.needed(), &tags, operation).await?;
        let root = source
            .manifests
            .get(&source.root)
            .ok_or_else(|| ApplicationError::not_found(format!("{} was not read", source.root)))?;
        let plan = plan_promote(&root.raw, &target)?;
        let planned = Planned::new(plan, Way::New, self.names().await?);
        self.with_requirements(planned, &*registry, &located, &source.root, &tags, operation)
            .await
    }

    /// The same as the index knows it.
    pub(super) async fn preview_promotion(
        &self,
        at: &RepositoryAt,
        version: &Version,
        to: &Tag,
    ) -> Result<Plan, ApplicationError> {
        let located = self.located(at).await?;
        let location = self.connection(&at.connection).await?.location;
        let (place, provider) = (Place::registry(location.to_string()), location.provider());
        let (version, to) = (version.clone(), to.clone());
        self.blocking(move |inner| {
            let held = |tag: &Tag| inner.index.tag(&located.connection, &located.repository, tag);
            let digest = match version {
                Version::Digest(digest) => Some(digest),
                Version::Tag(tag) => held(&tag)?.and_then(|record| record.digest),
            };
            let digest = digest.ok_or_else(|| ApplicationError::not_found("this version was not read yet"))?;
            let (media_type, bytes) = inner
                .index
                .manifest_bytes(&digest)?
                .ok_or_else(|| ApplicationError::not_found(format!("{digest} was not read yet")))?;
            let target = TargetState {
                tags: vec![TargetTag {
                    holds: held(&to)?.and_then(|record| record.digest),
                    tag: to,
                }],
                at: located.clone(),
                place,
                provider,
                referrer_tags: BTreeMap::new(),
                manifests: BTreeSet::new(),
                blobs: BTreeSet::new(),
                unlisted: BTreeSet::new(),
                replaced: BTreeMap::new(),
            };
            let raw = RawManifest {
                digest,
                media_type,
                bytes,
            };
            Ok::<_, ApplicationError>(plan_promote(&raw, &target)?)
        })
        .await
    }

    pub(super) async fn plan_rollback(
        &self,
        at: &RepositoryAt,
        channel: &Tag,
        operation: &Operation,
    ) -> Result<Planned, ApplicationError> {
        // What moved since the last look belongs to the history.
        self.sync(&at.connection, Some(&at.repository), None, operation).await?;
        let history: Vec<Digest> = self
            .channel_history(at, channel)
            .await?
            .into_iter()
            .map(|pointing| pointing.digest)
            .collect();
        let (located, registry) = (self.located(at).await?, self.writable_registry(&at.connection).await?);
        let rollback = read_rollback(&*registry, &located, channel, &history, operation).await?;
        let plan = plan_rollback(&rollback)?;
        Ok(Planned::new(plan, Way::New, self.names().await?))
    }

    /// To another repository, of this or another connection.
    pub(super) async fn plan_transfer(
        &self,
        at: &RepositoryAt,
        version: &Version,
        to: &CopyTarget,
        wish: &CopyWish,
        kind: ChangeKind,
        operation: &Operation,
    ) -> Result<Planned, ApplicationError> {
        let (from, target_at) = (self.located(at).await?, self.located(&to.at).await?);
        let source_registry = self.writable_registry(&at.connection).await?;
        let target_registry = self.writable_registry(&to.at.connection).await?;
        let source = read_artifact(
            &*source_registry,
            &from,
            &target_of(version),
            &selection(wish),
            operation,
        )
        .await?;
        // What the copy is for moves last.
        let tags: Vec<Tag> = wish.also_tags.iter().chain(&to.tags).cloned().collect();
        let target = read_target(&*target_registry, &target_at, &source.needed(), &tags, operation).await?;
        let plan = match kind {
            ChangeKind::Promote => plan_promote_to(&source, &target)?,
            _ => plan_copy(&source, &target),
        };
        if !plan.steps.is_empty() {
            target_registry.may_write(&target_at.repository, operation).await?;
        }
        let transfer = transfer_of(&source, &plan);
        let planned = Planned {
            transfer: Some(transfer),
            ..Planned::new(plan, Way::New, self.names().await?)
        };
        let planned = self
            .with_requirements(planned, &*source_registry, &from, &source.found, &tags, operation)
            .await?;
        Ok(if source.keeps_digest() {
            planned
        } else {
            without_signature(planned)
        })
    }

    /// With what the channels among these tags ask for, and whether the version has it.
    async fn with_requirements(
        &self,
        mut planned: Planned,
        registry: &dyn WritableRegistry,
        at: &Located,
        digest: &Digest,
        tags: &[Tag],
        operation: &Operation,
    ) -> Result<Planned, ApplicationError> {
        let settings = self.preferences().await?;
        let channels = settings
            .channels
            .iter()
            .filter(|channel| !channel.requires.is_empty() && tags.iter().any(|tag| tag.as_str() == channel.name));
        let mut wanted: Vec<Requirement> = Vec::new();
        for channel in channels {
            if channel.requires.contains(&Requirement::Confirmation) {
                planned.typed_name = Some(channel.name.clone());
            }
            planned.asking.push(channel.name.clone());
            wanted.extend(
                channel
                    .requires
                    .iter()
                    .filter(|one| **one != Requirement::Confirmation)
                    .cloned(),
            );
        }
        if wanted.is_empty() {
            return Ok(planned);
        }
        let evidence = read_evidence(registry, at, digest, &wanted, self.now(), operation).await?;
        planned.requirements = check_requirements(&wanted, &evidence, Confirmation::default());
        Ok(planned)
    }
}

/// Whoever signed the version did not sign the index of some of its platforms.
fn without_signature(mut planned: Planned) -> Planned {
    for one in &mut planned.requirements {
        if matches!(one.requirement, Requirement::Signature { .. }) {
            one.met = false;
            "only some platforms arrive, as an index that nobody signed".clone_into(&mut one.detail);
        }
    }
    planned
}

fn target_of(version: &Version) -> Target {
    match version {
        Version::Tag(tag) => Target::Tag(tag.clone()),
        Version::Digest(digest) => Target::Digest(digest.clone()),
    }
}

fn selection(wish: &CopyWish) -> Selection {
    Selection {
        platforms: if wish.platforms.is_empty() {
            PlatformChoice::All
        } else {
            PlatformChoice::Chosen(wish.platforms.clone())
        },
        referrers: wish.referrers.clone(),
    }
}
