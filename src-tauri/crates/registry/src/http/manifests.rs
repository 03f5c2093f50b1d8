//! Manifests: what a tag points at, and the bytes behind it, always checked against a digest computed here.

use artifact::{ByteSize, Descriptor, Digest, MANIFEST_ACCEPT, Manifest, RepositoryName, Verifier, media_type};
use bytes::Bytes;
use reqwest::{Method, StatusCode, header::CONTENT_TYPE};
use serde::Deserialize;

use super::{
    body::{MANIFEST, PAGE, promised_length},
    exchange::{Ask, Exchange, Fetched},
    message::Message,
    pages::{Format, Most, json},
    schema1,
    scope::Scope,
};
use crate::{Listing, Operation, Place, RawManifest, RegistryError, Resolved, Target, text::visible};

const READ: &str = "read this repository";
const DIGEST_HEADER: &str = "docker-content-digest";

impl Exchange {
    /// What a tag or digest stands for: by HEAD, and by GET where the answer lacks the digest (unless that would be
    /// counted against the user's allowance).
    pub(super) async fn resolve_target(
        &self,
        repository: &RepositoryName,
        target: &Target,
        get_counts_as_pull: bool,
        operation: &Operation,
    ) -> Result<Resolved, RegistryError> {
        let ask = self.manifest_ask(Method::HEAD, repository, target)?;
        let answer = self.fetch(&ask, MANIFEST, operation).await?;
        let place = &ask.message.place;
        let is_unknown_method = matches!(answer.status.as_u16(), 405 | 501);
        if answer.status != StatusCode::OK && !is_unknown_method {
            return Err(answer.into_error(place.clone(), READ));
        }
        let digest = digest_header(&answer).filter(|_| !is_unknown_method);
        let Some(digest) = digest else {
            if get_counts_as_pull {
                let reason = "it does not tell the digest without being read".to_owned();
                return Err(RegistryError::InvalidAnswer {
                    place: place.clone(),
                    reason,
                });
            }
            let manifest = self.fetch_manifest(repository, target, operation).await?;
            let size = Some(ByteSize(manifest.bytes.len() as u64));
            return Ok(Resolved {
                digest: manifest.digest,
                media_type: Some(manifest.media_type),
                size,
            });
        };
        expect_digest(target, &digest, place)?;
        Ok(Resolved {
            digest,
            media_type: answer.header(CONTENT_TYPE.as_str()).and_then(declared_type),
            size: promised_length(&answer.headers).map(ByteSize),
        })
    }

    /// A manifest's bytes, checked against what was asked for, or against the digest that the registry names.
    pub(super) async fn fetch_manifest(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<RawManifest, RegistryError> {
        let ask = self.manifest_ask(Method::GET, repository, target)?;
        let answer = self.fetch(&ask, MANIFEST, operation).await?;
        let place = &ask.message.place;
        if answer.status != StatusCode::OK {
            return Err(answer.into_error(place.clone(), READ));
        }
        if super::failure::looks_like_html(&answer.headers, &answer.body) {
            let reason = "a web page came instead of a manifest".to_owned();
            return Err(RegistryError::NotARegistry {
                place: place.clone(),
                reason,
            });
        }
        let declared = answer.header(CONTENT_TYPE.as_str()).and_then(declared_type);
        let may_be_signed = declared.as_deref().is_none_or(media_type::is_schema1);
        let payload = may_be_signed.then(|| schema1::payload(&answer.body)).flatten();
        let bytes = payload.unwrap_or_else(|| answer.body.clone());
        let digest = match target {
            Target::Digest(digest) => verified(digest, &bytes, place)?,
            Target::Tag(_) => match digest_header(&answer) {
                Some(digest) => verified(&digest, &bytes, place)?,
                None => Digest::of(&bytes),
            },
        };
        let media_type = declared
            .or_else(|| inner_media_type(&answer.body))
            .unwrap_or_else(|| "application/octet-stream".to_owned());
        Ok(RawManifest {
            digest,
            media_type,
            bytes,
        })
    }

    fn manifest_ask(&self, method: Method, repository: &RepositoryName, target: &Target) -> Result<Ask, RegistryError> {
        let place = self.wire.place.with(format!("{repository}{}", target.suffix()));
        let url = self.url(&format!("{repository}/manifests/{target}"))?;
        let mut message = Message::new(method, url, place);
        message.accept = Some(MANIFEST_ACCEPT);
        Ok(Ask {
            message,
            scope: Scope::pull(repository),
            action: READ,
        })
    }

    /// What points at `subject`; `None` where the host has no referrers API, which is asked once.
    pub(super) async fn list_referrers(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        operation: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError> {
        let host = &self.authority.host;
        if host.has_referrers() == Some(false) {
            return Ok(None);
        }
        let place = self.wire.place.with(format!("{repository}@{subject}"));
        let mut message = Message::new(
            Method::GET,
            self.url(&format!("{repository}/referrers/{subject}"))?,
            place,
        );
        message.accept = Some(media_type::OCI_INDEX);
        let ask = Ask {
            message,
            scope: Scope::pull(repository),
            action: READ,
        };
        let first = self.fetch(&ask, PAGE, operation).await?;
        match first.status {
            StatusCode::OK if is_index(&first) => host.learn_referrers(true),
            // A host that has shown the API once may still not know one subject.
            StatusCode::OK | StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => {
                let names_the_subject = ["NAME_UNKNOWN", "MANIFEST_UNKNOWN"]
                    .iter()
                    .any(|code| first.complaint().has(code));
                if host.has_referrers().is_none() && !names_the_subject {
                    host.learn_referrers(false);
                }
                return Ok(None);
            }
            _ => return Err(first.into_error(ask.message.place, READ)),
        }
        let format = Format {
            what: "referrers",
            read: referrers_of,
            key: |referrer: &Referrer| referrer.key.as_str(),
            most: Most::OF_ANY_LIST,
        };
        let pages = self.pages(ask, first, &format, operation).await?;
        let items = pages.items.into_iter().map(|referrer| referrer.descriptor).collect();
        Ok(Some(Listing {
            items,
            complete: pages.complete,
            problems: Vec::new(),
        }))
    }
}

/// A referrer with its digest as text.
struct Referrer {
    key: String,
    descriptor: Descriptor,
}

fn referrers_of(page: &Fetched, place: &Place) -> Result<Vec<Referrer>, RegistryError> {
    // Says what is wrong with a page that is no JSON better than the manifest's own reader.
    let _: serde::de::IgnoredAny = json(page, place)?;
    let manifest = Manifest::parse(Some(media_type::OCI_INDEX), &page.body).map_err(|problem| {
        let reason = visible(&problem.to_string(), crate::text::SHOWN_CHARACTERS);
        RegistryError::InvalidAnswer {
            place: place.clone(),
            reason,
        }
    })?;
    let referrer = |descriptor: &Descriptor| Referrer {
        key: descriptor.digest.to_string(),
        descriptor: descriptor.clone(),
    };
    Ok(manifest.children().iter().map(referrer).collect())
}

fn is_index(answer: &Fetched) -> bool {
    let declared = answer.header(CONTENT_TYPE.as_str()).and_then(declared_type);
    match declared.as_deref() {
        Some(declared) => media_type::is_index(declared),
        None => inner_media_type(&answer.body).is_some_and(|inner| media_type::is_index(&inner)),
    }
}

/// The digest that the registry names, if it is one.
fn digest_header(answer: &Fetched) -> Option<Digest> {
    answer.header(DIGEST_HEADER)?.trim().parse().ok()
}

/// The digest, if the bytes are its content.
fn verified(expected: &Digest, bytes: &Bytes, place: &Place) -> Result<Digest, RegistryError> {
    let mut verifier = Verifier::new(expected.clone());
    verifier.update(bytes);
    verifier
        .finish()
        .map_err(|problem| RegistryError::mismatch(place, expected, &problem))
}

/// A HEAD for a digest that answers with another one.
fn expect_digest(target: &Target, digest: &Digest, place: &Place) -> Result<(), RegistryError> {
    match target {
        Target::Digest(expected) if expected.algorithm() == digest.algorithm() && expected != digest => {
            Err(RegistryError::DigestMismatch {
                place: place.clone(),
                expected: Box::new(expected.clone()),
                actual: digest.to_string().into(),
            })
        }
        _ => Ok(()),
    }
}

/// The media type that a header declares, without parameters; none for those that say nothing about a manifest.
fn declared_type(header: &str) -> Option<String> {
    let essence = media_type::essence(header).to_ascii_lowercase();
    let says_nothing = matches!(
        essence.as_str(),
        "" | "application/json" | "application/octet-stream" | "text/plain" | "binary/octet-stream"
    );
    (!says_nothing).then(|| visible(&essence, 200))
}

/// The media type that a manifest names itself.
fn inner_media_type(bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Named {
        media_type: Option<String>,
    }
    serde_json::from_slice::<Named>(bytes)
        .ok()?
        .media_type
        .as_deref()
        .and_then(declared_type)
}
