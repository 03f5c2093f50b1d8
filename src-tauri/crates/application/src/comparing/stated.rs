//! Packages as the bills of materials of versions state them: referrers, or what `BuildKit` stores beside the platforms.

use artifact::{ByteSize, Descriptor, Digest, Kind, Manifest, Packages, media_type};
use registry::{Operation, RawManifest};

use crate::{ApplicationError, Berth, ComparedVersion, ComparisonAnswer, names::full_name};

/// Larger documents are not read; that of an image with all its files listed has some tens of megabytes.
const LARGEST: ByteSize = ByteSize(64_000_000);

impl Berth {
    /// One for each version; `None` if any of them has no bill of materials that can be read: lists of different origin
    /// are not compared.
    pub(super) async fn sboms(
        &self,
        answer: &ComparisonAnswer,
        operation: &Operation,
    ) -> Result<Option<Vec<Packages>>, ApplicationError> {
        let mut found = Vec::with_capacity(answer.versions.len());
        for version in &answer.versions {
            match self.sbom(version, operation).await {
                Ok(Some(packages)) => found.push(packages),
                Err(problem) if problem.is_cancelled() => return Err(problem),
                // The files tell it too.
                Ok(None) | Err(_) => return Ok(None),
            }
        }
        Ok(Some(found))
    }

    async fn sbom(
        &self,
        version: &ComparedVersion,
        operation: &Operation,
    ) -> Result<Option<Packages>, ApplicationError> {
        let connection = self.connection(&version.connection).await?;
        let record = self.record(&connection, &version.repository, &version.digest).await?;
        let full = full_name(&connection.location, &version.repository)?;
        let referrers = record.referrers.iter().filter(|referrer| referrer.kind == Kind::Sbom);
        let beside = record
            .summary
            .attestations
            .iter()
            .filter(|one| is_of(one, &record.summary.platforms, version));
        let candidates: Vec<Digest> = referrers
            .map(|one| one.digest.clone())
            .chain(beside.map(|one| one.digest.clone()))
            .collect();
        if candidates.is_empty() {
            return Ok(None);
        }
        let registry = self.registry(&version.connection).await?;
        for digest in candidates {
            let manifest = registry.manifest(&full, &digest.into(), operation).await?;
            for layer in statements(&manifest) {
                let bytes = registry
                    .small_blob(&full, &layer.digest, layer.size, LARGEST, operation)
                    .await?;
                if let Ok(packages) = Packages::of_sbom(&bytes) {
                    return Ok(Some(packages));
                }
            }
        }
        Ok(None)
    }
}

/// Whether an attestation is about the platform that is compared.
fn is_of(attestation: &Descriptor, platforms: &[artifact::PlatformSummary], version: &ComparedVersion) -> bool {
    let about = attestation.annotations.get("vnd.docker.reference.digest");
    platforms.iter().any(|platform| {
        Some(crate::reading::platform_name(platform)) == version.platform
            && about.is_some_and(|digest| *digest == platform.digest.to_string())
    })
}

/// The documents of a manifest that may be a bill of materials.
fn statements(manifest: &RawManifest) -> Vec<Descriptor> {
    let Ok(parsed) = Manifest::parse(Some(&manifest.media_type), &manifest.bytes) else {
        return Vec::new();
    };
    let is_document = |layer: &&Descriptor| media_type::essence(&layer.media_type).ends_with("json");
    parsed.layers().iter().filter(is_document).cloned().collect()
}
