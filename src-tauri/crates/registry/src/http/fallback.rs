//! The list of referrers under a tag, for registries that do not take note of a manifest's subject.
//! Source: distribution-spec 1.1, "Pushing Manifests with Subject" and "Referrers Tag Schema".

use std::{collections::HashSet, sync::Arc};

use artifact::{Digest, Manifest, RepositoryName, Tag, media_type};
use serde_json::{Map, Value, json};

use super::exchange::Exchange;
use crate::{Operation, Place, RawManifest, RegistryError, Target};

/// How often the list is read again because somebody else changed it in between.
const ROUNDS: u32 = 3;

impl Exchange {
    /// Enters a manifest with a subject into the list under the subject's fallback tag. One without is nobody's.
    pub(super) async fn note_referrer(
        self: &Arc<Self>,
        repository: &RepositoryName,
        manifest: &RawManifest,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        let Ok(read) = Manifest::parse(Some(&manifest.media_type), &manifest.bytes) else {
            return Ok(());
        };
        let Some(subject) = read.subject() else {
            return Ok(());
        };
        let target = Target::Tag(Tag::of_referrers(&subject.digest));
        let entry = entry_of(manifest, &read);
        // Of this program only one at a time reads and puts a list; others are found out about.
        let _alone = operation.or_cancelled(self.authority.host.fallback.lock()).await?;
        let mut rounds = 0;
        loop {
            let held = self.list_under(repository, &target, operation).await?;
            let place = self.wire.place.with(format!("{repository}{}", target.suffix()));
            let Some(list) = with_entry(held.as_ref(), &entry, &manifest.digest, &place)? else {
                return Ok(());
            };
            rounds += 1;
            if rounds > ROUNDS {
                let reason = "somebody else keeps changing the list of what belongs to the same version".to_owned();
                return Err(RegistryError::Conflict { place, reason });
            }
            let before = held.map(|held| held.digest);
            if self.digest_under(repository, &target, operation).await? == before {
                let put = self.put_list(repository, &target, list, operation).await?;
                // Who put at the same moment did not see this entry: whatever is there now is read once more.
                if self.digest_under(repository, &target, operation).await? == Some(put) {
                    return Ok(());
                }
            }
        }
    }

    /// Puts the list; says under which digest. A registry that wants everything in a list to be there gets it without
    /// what has been deleted since.
    async fn put_list(
        &self,
        repository: &RepositoryName,
        target: &Target,
        list: RawManifest,
        operation: &Operation,
    ) -> Result<Digest, RegistryError> {
        match self.push_manifest(repository, target, &list, operation).await {
            Ok(_) => return Ok(list.digest),
            Err(RegistryError::Refused { .. }) => {}
            Err(error) => return Err(error),
        }
        let mut gone = HashSet::new();
        let read = Manifest::parse(Some(&list.media_type), &list.bytes).ok();
        for entry in read.iter().flat_map(Manifest::children) {
            let at = Target::Digest(entry.digest.clone());
            if self.digest_under(repository, &at, operation).await?.is_none() {
                gone.insert(entry.digest.to_string());
            }
        }
        let shorter = without(&list, &gone);
        self.push_manifest(repository, target, &shorter, operation).await?;
        Ok(shorter.digest)
    }

    async fn list_under(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<Option<RawManifest>, RegistryError> {
        absent_is_none(self.fetch_manifest(repository, target, operation).await)
    }

    async fn digest_under(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<Option<Digest>, RegistryError> {
        let resolved = self.resolve_target(repository, target, false, operation).await;
        Ok(absent_is_none(resolved)?.map(|resolved| resolved.digest))
    }
}

/// Nothing where nothing is found.
pub(super) fn absent_is_none<T>(outcome: Result<T, RegistryError>) -> Result<Option<T>, RegistryError> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(RegistryError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The descriptor of a referrer, with what a list says of it.
fn entry_of(manifest: &RawManifest, read: &Manifest) -> Value {
    let artifact_type = match read {
        // Here an image's own config type counts as well.
        Manifest::Image(image) => {
            let of_config = || image.config.as_ref().map(|config| config.media_type.clone());
            let stated = image.artifact_type.clone().filter(|stated| !stated.is_empty());
            stated.or_else(of_config)
        }
        _ => read.artifact_type().map(str::to_owned),
    };
    let mut entry = Map::new();
    entry.insert("mediaType".to_owned(), json!(manifest.media_type));
    entry.insert("digest".to_owned(), json!(manifest.digest.to_string()));
    entry.insert("size".to_owned(), json!(manifest.bytes.len()));
    if let Some(artifact_type) = artifact_type {
        entry.insert("artifactType".to_owned(), json!(artifact_type));
    }
    if !read.annotations().is_empty() {
        entry.insert("annotations".to_owned(), json!(read.annotations()));
    }
    Value::Object(entry)
}

/// The list with the entry in it, all else as it was; `None` if it stands there already.
///
/// # Errors
/// [`RegistryError::Conflict`] if the tag holds something else than a list, which is left alone.
fn with_entry(
    held: Option<&RawManifest>,
    entry: &Value,
    digest: &Digest,
    place: &Place,
) -> Result<Option<RawManifest>, RegistryError> {
    let conflict = || RegistryError::Conflict {
        place: place.clone(),
        reason: "the tag holds no list of referrers; it is left as it is".to_owned(),
    };
    let mut list = match held {
        Some(held) if media_type::is_index(&held.media_type) => {
            serde_json::from_slice::<Map<String, Value>>(&held.bytes).map_err(|_| conflict())?
        }
        Some(_) => return Err(conflict()),
        None => empty_list(),
    };
    let entries = list.entry("manifests").or_insert_with(|| json!([]));
    if entries.is_null() {
        *entries = json!([]);
    }
    let entries = entries.as_array_mut().ok_or_else(conflict)?;
    if entries.contains(entry) {
        return Ok(None);
    }
    let digest = digest.to_string();
    entries.retain(|other| other.get("digest").and_then(Value::as_str) != Some(&digest));
    entries.push(entry.clone());
    Ok(Some(list_of(list)))
}

/// The list without these digests.
fn without(list: &RawManifest, gone: &HashSet<String>) -> RawManifest {
    let mut document: Map<String, Value> = serde_json::from_slice(&list.bytes).unwrap_or_else(|_| empty_list());
    if let Some(entries) = document.get_mut("manifests").and_then(Value::as_array_mut) {
        let is_gone = |digest: &str| gone.contains(digest);
        entries.retain(|entry| !entry.get("digest").and_then(Value::as_str).is_some_and(is_gone));
    }
    list_of(document)
}

fn list_of(document: Map<String, Value>) -> RawManifest {
    let bytes = Value::Object(document).to_string().into_bytes();
    RawManifest {
        digest: Digest::of(&bytes),
        media_type: media_type::OCI_INDEX.to_owned(),
        bytes: bytes.into(),
    }
}

fn empty_list() -> Map<String, Value> {
    let mut list = Map::new();
    list.insert("schemaVersion".to_owned(), json!(2));
    list.insert("mediaType".to_owned(), json!(media_type::OCI_INDEX));
    list.insert("manifests".to_owned(), json!([]));
    list
}
