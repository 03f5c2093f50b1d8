//! Manifests as they are put, whether a blob is there, and what a registry's refusal to be written to means.
//! Source: distribution-spec 1.1, "Pushing Manifests".

use std::sync::Arc;

use artifact::{Digest, RepositoryName, Verifier, media_type};
use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderValue},
};

use super::{
    body::MANIFEST,
    exchange::{Ask, Exchange},
    failure::{Action, Complaint},
    message::{Body, Message},
    scope::Scope,
    session::ANSWER,
};
use crate::{Operation, Place, RawManifest, RegistryError, Target};

pub(super) const WRITE: Action = "write to this repository";
const READ: Action = "read this repository";

/// Codes that say that something is locked, whatever the status: Quay, Amazon, Harbor, and Google of what is in use.
const LOCKED: [&str; 4] = ["IMMUTABLE", "ALREADYEXISTS", "PRECONDITION", "GOOGLE_MANIFEST"];

impl Exchange {
    /// Whether the repository has a blob.
    pub(super) async fn holds_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        operation: &Operation,
    ) -> Result<bool, RegistryError> {
        let place = self.wire.place.with(format!("{repository}@{digest}"));
        let url = self.url(&format!("{repository}/blobs/{digest}"))?;
        let ask = Ask {
            message: Message::new(Method::HEAD, url, place),
            scope: Scope::pull(repository),
            action: READ,
        };
        let answer = self.fetch(&ask, ANSWER, operation).await?;
        match answer.status {
            StatusCode::OK => Ok(true),
            StatusCode::NOT_FOUND => Ok(false),
            _ => Err(answer.into_error(ask.message.place, READ)),
        }
    }

    /// Puts a manifest, and brings the fallback tag of its subject up to date where the registry takes no note of it.
    pub(super) async fn store_manifest(
        self: &Arc<Self>,
        repository: &RepositoryName,
        target: &Target,
        manifest: &RawManifest,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        let noted = self.push_manifest(repository, target, manifest, operation).await?;
        if noted {
            return Ok(());
        }
        self.note_referrer(repository, manifest, operation).await
    }

    /// Puts a manifest; says whether the registry took note of its subject.
    pub(super) async fn push_manifest(
        &self,
        repository: &RepositoryName,
        target: &Target,
        manifest: &RawManifest,
        operation: &Operation,
    ) -> Result<bool, RegistryError> {
        let place = self.wire.place.with(format!("{repository}{}", target.suffix()));
        let body = manifest_body(target, manifest, &place)?;
        let url = self.url(&format!("{repository}/manifests/{target}"))?;
        let mut message = Message::new(Method::PUT, url, place);
        message.body = body;
        let ask = Ask {
            message,
            scope: Scope::push(repository),
            action: WRITE,
        };
        let answer = self.fetch(&ask, ANSWER, operation).await?;
        let place = ask.message.place;
        if !answer.status.is_success() {
            return Err(refusal(answer.status, answer.complaint(), place, WRITE));
        }
        expect_stored(&answer.headers, &manifest.digest, &place)?;
        Ok(answer.headers.contains_key("oci-subject"))
    }
}

/// The manifest as it is sent, if it may be.
fn manifest_body(target: &Target, manifest: &RawManifest, place: &Place) -> Result<Body, RegistryError> {
    if media_type::is_schema1(&manifest.media_type) {
        return Err(RegistryError::Unsupported {
            place: place.clone(),
            what: "to put a manifest of schema 1: its digest would change".to_owned(),
            hint: Some("build or push the image again with a current tool"),
        });
    }
    if manifest.bytes.len() as u64 > MANIFEST.limit.0 {
        return Err(RegistryError::TooLarge {
            place: place.clone(),
            what: MANIFEST.what,
            limit: MANIFEST.limit,
        });
    }
    let mut verifier = Verifier::new(manifest.digest.clone());
    verifier.update(&manifest.bytes);
    let outcome = verifier.finish();
    let digest = outcome.map_err(|problem| RegistryError::mismatch(place, &manifest.digest, &problem))?;
    if let Target::Digest(wanted) = target
        && *wanted != digest
    {
        return Err(RegistryError::DigestMismatch {
            place: place.clone(),
            expected: Box::new(wanted.clone()),
            actual: digest.to_string().into(),
        });
    }
    let media_type = HeaderValue::from_str(&manifest.media_type).map_err(|_| RegistryError::InvalidAnswer {
        place: place.clone(),
        reason: "the media type of the manifest cannot be sent".to_owned(),
    })?;
    Ok(Body::Whole {
        media_type,
        bytes: manifest.bytes.clone(),
    })
}

/// Makes sure that the registry stored what it was sent, where it says what it stored.
pub(super) fn expect_stored(headers: &HeaderMap, sent: &Digest, place: &Place) -> Result<(), RegistryError> {
    let said = headers
        .get("docker-content-digest")
        .and_then(|value| value.to_str().ok());
    let said = said.and_then(|text| text.trim().parse::<Digest>().ok());
    match said {
        Some(said) if said.algorithm() == sent.algorithm() && said != *sent => Err(RegistryError::InvalidAnswer {
            place: place.clone(),
            reason: format!("it says that it stored {said}"),
        }),
        _ => Ok(()),
    }
}

/// What a refusal of a write means.
pub(super) fn refusal(status: StatusCode, complaint: Complaint, place: Place, action: Action) -> RegistryError {
    let is_locked = complaint.codes.iter().any(|code| {
        let code: String = code
            .to_ascii_uppercase()
            .chars()
            .filter(|character| *character != ' ')
            .collect();
        LOCKED.iter().any(|word| code.contains(word))
    });
    let is_client_error = status.is_client_error() && !matches!(status.as_u16(), 401 | 404 | 408 | 410 | 429);
    match status.as_u16() {
        _ if is_locked && is_client_error => RegistryError::Conflict {
            place,
            reason: complaint.reason,
        },
        _ if complaint.has("UNSUPPORTED") && is_client_error => RegistryError::Unsupported {
            place,
            what: action.to_owned(),
            hint: None,
        },
        400 | 411 | 413 | 414 | 415 | 416 | 422 | 428 | 431 => complaint.into_refusal(status, place, action),
        _ => complaint.into_error(status, place, action),
    }
}
