//! What points at versions: by the referrers API, else by the fallback tag; and cosign's tags beside both.
//!
//! Source: distribution-spec 1.1, "Listing Referrers" and "Referrers Tag Schema"; cosign, `specs/SIGNATURE_SPEC.md`.

use artifact::{Descriptor, Digest, Kind, Manifest, RepositoryName, Tag};
use registry::{Completeness, ErrorCode, Operation, RawManifest, Registry, RegistryError, Target};

use super::choice::ReferrerChoice;

/// What a registry lists as pointing at a subject.
pub(crate) struct ListedReferrers {
    pub(crate) found: Vec<Descriptor>,
    /// Why there may be more.
    pub(crate) doubt: Option<String>,
}

/// What points at `subject`, by the API or else by the fallback tag.
pub(crate) async fn listed(
    registry: &dyn Registry,
    repository: &RepositoryName,
    subject: &Digest,
    operation: &Operation,
) -> Result<ListedReferrers, RegistryError> {
    match registry.referrers(repository, subject, operation).await {
        Ok(Some(listing)) => {
            let doubt = match listing.complete {
                Completeness::Complete => None,
                Completeness::Partial { reason } => Some(reason),
            };
            Ok(ListedReferrers {
                found: listing.items,
                doubt,
            })
        }
        Ok(None) => by_fallback_tag(registry, repository, subject, operation).await,
        Err(error) if error.code() == ErrorCode::NotFound => {
            by_fallback_tag(registry, repository, subject, operation).await
        }
        Err(error) => Err(error),
    }
}

async fn by_fallback_tag(
    registry: &dyn Registry,
    repository: &RepositoryName,
    subject: &Digest,
    operation: &Operation,
) -> Result<ListedReferrers, RegistryError> {
    let tag = Tag::of_referrers(subject);
    let list = found(
        registry
            .manifest(repository, &Target::Tag(tag.clone()), operation)
            .await,
    )?;
    let parsed = list.map(|list| Manifest::parse(Some(&list.media_type), &list.bytes));
    let (found, doubt) = match parsed {
        None => (Vec::new(), None),
        Some(Ok(Manifest::Index(index))) => (index.manifests, index.problems.into_iter().next()),
        Some(Ok(_)) => (Vec::new(), Some(format!("the tag {tag} holds no list"))),
        Some(Err(error)) => (Vec::new(), Some(format!("the tag {tag} cannot be read: {error}"))),
    };
    Ok(ListedReferrers { found, doubt })
}

/// One of cosign's tags and what it holds.
pub(crate) struct CosignTag {
    pub(crate) tag: Tag,
    pub(crate) kind: Kind,
    pub(crate) held: RawManifest,
}

/// What stands under cosign's tags for `subject`, as far as it is wanted.
pub(crate) async fn cosign_tags(
    registry: &dyn Registry,
    repository: &RepositoryName,
    subject: &Digest,
    choice: &ReferrerChoice,
    operation: &Operation,
) -> Result<Vec<CosignTag>, RegistryError> {
    let mut tags = Vec::new();
    for (suffix, kinds) in [
        ("sig", [Kind::Signature].as_slice()),
        ("att", &[Kind::Attestation, Kind::Sbom]),
        ("sbom", &[Kind::Sbom]),
    ] {
        if !kinds.iter().any(|kind| choice.takes(*kind)) {
            continue;
        }
        let Ok(tag) = format!("{}.{suffix}", Tag::of_referrers(subject)).parse::<Tag>() else {
            continue;
        };
        // A look first: some registries count every manifest that is read.
        let Some(resolved) = found(registry.resolve(repository, &tag.clone().into(), operation).await)? else {
            continue;
        };
        let held = registry
            .manifest(repository, &resolved.digest.into(), operation)
            .await?;
        let kind = match suffix {
            "sig" => Kind::Signature,
            "sbom" => Kind::Sbom,
            _ => kind_of_attestations(&held),
        };
        if choice.takes(kind) {
            tags.push(CosignTag { tag, kind, held });
        }
    }
    Ok(tags)
}

fn kind_of_attestations(manifest: &RawManifest) -> Kind {
    match Manifest::parse(Some(&manifest.media_type), &manifest.bytes) {
        Ok(parsed) if Kind::of(&parsed) == Kind::Sbom => Kind::Sbom,
        _ => Kind::Attestation,
    }
}

/// What is not there is nothing, not a failure.
pub(crate) fn found<T>(answer: Result<T, RegistryError>) -> Result<Option<T>, RegistryError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
