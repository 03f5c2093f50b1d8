//! Changes in their wire form, and the window's requests on their way in.

use application as app;

use super::{
    BackupPlace, ChangeRequest, FailedStep, FittingRoute, KeptTag, Outcome, Plan, PlannedStep, Pointing, Problem,
    ProtectedDigest, PruneRules, ReferrerKind, Requirement, SkippedStep, Transfer, TransferBlob, UnreadablePart,
    from::{count, each, hint, optional_time, same_names, sentence},
    parse,
};

impl TryFrom<ChangeRequest> for app::ChangeRequest {
    type Error = Problem;

    fn try_from(request: ChangeRequest) -> Result<Self, Problem> {
        Ok(match request {
            ChangeRequest::Prune {
                repositories,
                rules,
                backup,
            } => Self::Prune {
                repositories: repositories
                    .into_iter()
                    .map(|place| at(place.connection_id, &place.repository))
                    .collect::<Result<_, _>>()?,
                rules: app::PruneRules::Flags(rules.into()),
                backup: backup.map(TryInto::try_into).transpose()?,
            },
            ChangeRequest::Delete {
                connection_id,
                repository,
                tags,
                digests,
                each_tag,
                protected_too,
                backup,
            } => Self::Delete {
                at: at(connection_id, &repository)?,
                chosen: app::ChosenVersions {
                    tags: all(&tags)?,
                    digests: all(&digests)?,
                    each_tag,
                    protected_too,
                },
                backup: backup.map(TryInto::try_into).transpose()?,
            },
            ChangeRequest::Promote {
                connection_id,
                repository,
                digest,
                to,
            } => Self::Promote {
                at: at(connection_id, &repository)?,
                version: app::Version::Digest(parse(&digest)?),
                to: parse(&to)?,
                also_tags: Vec::new(),
            },
            ChangeRequest::Rollback {
                connection_id,
                repository,
                channel,
            } => Self::Rollback {
                at: at(connection_id, &repository)?,
                channel: parse(&channel)?,
            },
            ChangeRequest::Copy {
                connection_id,
                repository,
                digest,
                target_connection_id,
                target_repository,
                target_tags,
                referrers,
                platforms,
                promotes,
            } => {
                let at_source = at(connection_id, &repository)?;
                let version = app::Version::Digest(parse(&digest)?);
                let to = app::CopyTarget {
                    at: at(target_connection_id, &target_repository)?,
                    tags: all(&target_tags)?,
                };
                let wish = app::CopyWish {
                    referrers: choice(referrers),
                    platforms: all(&platforms)?,
                    also_tags: Vec::new(),
                };
                if promotes {
                    Self::PromoteElsewhere {
                        at: at_source,
                        version,
                        to,
                        wish,
                    }
                } else {
                    Self::Copy {
                        at: at_source,
                        version,
                        to,
                        wish,
                    }
                }
            }
            ChangeRequest::Undo { id } => Self::Undo { id },
            ChangeRequest::Resume { id } => Self::Resume { id },
        })
    }
}

impl TryFrom<BackupPlace> for app::BackupAt {
    type Error = Problem;

    fn try_from(BackupPlace { connection_id, prefix }: BackupPlace) -> Result<Self, Problem> {
        let prefix = prefix.trim().trim_end_matches('/');
        Ok(Self {
            connection: connection_id.into(),
            prefix: if prefix.is_empty() { None } else { Some(parse(prefix)?) },
        })
    }
}

same_names!(ReferrerKind => app::Kind: Signature, Sbom, Attestation, Other);

/// Null stands for all.
pub(super) fn choice(kinds: Option<Vec<ReferrerKind>>) -> app::ReferrerChoice {
    match kinds {
        None => app::ReferrerChoice::All,
        Some(kinds) => app::ReferrerChoice::of(kinds.into_iter().map(Into::into)),
    }
}

pub(super) fn kinds(choice: &app::ReferrerChoice) -> Option<Vec<ReferrerKind>> {
    let all = [
        (app::Kind::Signature, ReferrerKind::Signature),
        (app::Kind::Sbom, ReferrerKind::Sbom),
        (app::Kind::Attestation, ReferrerKind::Attestation),
        (app::Kind::Other, ReferrerKind::Other),
    ];
    match choice {
        app::ReferrerChoice::All => None,
        some => Some(
            all.iter()
                .filter(|(kind, _)| some.takes(*kind))
                .map(|(_, kind)| *kind)
                .collect(),
        ),
    }
}

impl From<app::FittingRoute> for FittingRoute {
    fn from(route: app::FittingRoute) -> Self {
        Self {
            name: route.name,
            target_connection_id: route.to.at.connection.as_str().to_owned(),
            target_repository: route.to.at.repository.to_string(),
            tags: route.to.tags.iter().map(ToString::to_string).collect(),
            referrers: kinds(&route.wish.referrers),
            platforms: route.wish.platforms.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<app::Transfer> for Transfer {
    fn from(transfer: app::Transfer) -> Self {
        Self {
            found: transfer.found.to_string(),
            arrives: transfer.arrives.to_string(),
            blobs: each(transfer.blobs),
        }
    }
}

impl From<app::TransferBlob> for TransferBlob {
    fn from(blob: app::TransferBlob) -> Self {
        let role = match blob.role {
            app::BlobRole::Layer => "layer",
            app::BlobRole::Config => "config",
            app::BlobRole::Of(kind) => kind.as_str(),
        };
        Self {
            digest: blob.digest.to_string(),
            bytes: blob.size.bytes(),
            role: role.to_owned(),
            platforms: blob.platforms,
            step: blob.step.map(count),
        }
    }
}

fn at(connection_id: String, repository: &str) -> Result<app::RepositoryAt, Problem> {
    Ok(app::RepositoryAt {
        connection: connection_id.into(),
        repository: parse(repository)?,
    })
}

fn all<T: std::str::FromStr<Err: std::fmt::Display>>(texts: &[String]) -> Result<Vec<T>, Problem> {
    texts.iter().map(|text| parse(text)).collect()
}

impl From<PruneRules> for app::RuleFlags {
    fn from(rules: PruneRules) -> Self {
        Self {
            matching: rules.matching,
            keep_last: rules.keep_last,
            keep_last_releases: rules.keep_last_releases,
            group_by: rules.group_by,
            older_than: rules.older_than,
            not_pulled_for: rules.not_pulled_for,
            keep: rules.keep,
            keep_semver: rules.keep_semver,
            untagged: rules.untagged,
            each_tag: rules.each_tag,
        }
    }
}

impl From<app::PlanAnswer> for Plan {
    fn from(plan: app::PlanAnswer) -> Self {
        Self {
            kind: plan.kind.to_owned(),
            plan_id: plan.plan_id,
            steps: each(plan.steps),
            kept: each(plan.kept),
            protected: each(plan.protected),
            unreadable: each(plan.unreadable),
            reclaimed_bytes: plan.reclaimed.bytes(),
            deleted_tags: plan.deleted_tags,
            warnings: plan.warnings.into_iter().map(sentence).collect(),
            requirements: each(plan.requirements),
            typed_name: plan.typed_name,
            transfer: plan.transfer.map(Into::into),
            versions: each(plan.versions),
            stored_bytes: plan.stored.map(app::ByteSize::bytes),
            backups: plan.backups,
            overtaken: plan.overtaken.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<app::PlannedStep> for PlannedStep {
    fn from(step: app::PlannedStep) -> Self {
        Self {
            action: step.action.to_owned(),
            reference: step.reference,
            digest: step.digest.to_string(),
            expected_digest: step.expected.map(|digest| digest.to_string()),
            tags: step.tags.iter().map(ToString::to_string).collect(),
            reason: step.reason,
            bytes: step.bytes.bytes(),
        }
    }
}

impl From<app::Kept> for KeptTag {
    fn from(kept: app::Kept) -> Self {
        Self {
            repository: kept.repository,
            tag: kept.tag.to_string(),
            digest: kept.digest.to_string(),
            reason: kept.reason,
            why: kept.why.into(),
        }
    }
}

impl From<app::Protected> for ProtectedDigest {
    fn from(protected: app::Protected) -> Self {
        Self {
            repository: protected.repository,
            digest: protected.digest.to_string(),
            because: protected.because,
            why: protected.why.into(),
        }
    }
}

impl From<app::Unread> for UnreadablePart {
    fn from(unread: app::Unread) -> Self {
        Self {
            repository: unread.repository,
            reference: unread.reference,
            problem: unread.problem,
        }
    }
}

impl From<app::RequirementAnswer> for Requirement {
    fn from(requirement: app::RequirementAnswer) -> Self {
        Self {
            requirement: requirement.requirement,
            met: requirement.met,
            detail: requirement.detail,
        }
    }
}

impl From<app::OutcomeAnswer> for Outcome {
    fn from(outcome: app::OutcomeAnswer) -> Self {
        Self {
            plan: outcome.plan.into(),
            journal_id: outcome.journal_id,
            state: outcome.state.to_owned(),
            done: outcome.done.into_iter().map(count).collect(),
            failed: each(outcome.failed),
            skipped: each(outcome.skipped),
        }
    }
}

impl From<app::FailedStep> for FailedStep {
    fn from(failed: app::FailedStep) -> Self {
        Self {
            step: count(failed.step),
            code: failed.code.into(),
            message: sentence(failed.message),
            hint: failed.hint.map(hint),
        }
    }
}

impl From<app::SkippedStep> for SkippedStep {
    fn from(skipped: app::SkippedStep) -> Self {
        Self {
            step: count(skipped.step),
            reason: skipped.reason,
        }
    }
}

impl From<app::Pointing> for Pointing {
    fn from(pointing: app::Pointing) -> Self {
        Self {
            digest: pointing.digest.to_string(),
            tags: pointing.tags.iter().map(ToString::to_string).collect(),
            since: optional_time(pointing.since),
            until: optional_time(pointing.until),
            by: pointing.by,
        }
    }
}
