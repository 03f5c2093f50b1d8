//! A registry in memory for tests: keeps account of every question, and fails, waits or lists half where it is told to.

mod seen;
mod values;

pub(crate) use seen::{CONNECTION, Seen, query};
pub(crate) use values::{denied, layer, name, not_found, tag, unreachable};

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
};

use artifact::{ByteSize, Descriptor, Digest, RepositoryName, Tag};
use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};
use registry::{
    BlobStream, CheckStep, Clock, Completeness, DeleteRules, ListedTag, Listing, Operation, Place, Provider,
    RawManifest, Registry, RegistryError, RegistryTraits, Resolved, Target,
};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::store::held;

pub(crate) const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(crate) const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
pub(crate) const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// The registry. Questions are told as `TAGS name`, `HEAD name:tag`, `GET name@digest`, `BLOB name@digest`, ….
#[derive(Debug, Default)]
pub(crate) struct MemoryRegistry {
    state: Mutex<State>,
    /// Told when somebody waits at the question of [`MemoryRegistry::hold`].
    pub(crate) reached: Notify,
}

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit that some registries have")]
struct State {
    repositories: BTreeMap<RepositoryName, BTreeMap<Tag, Digest>>,
    manifests: HashMap<Digest, (String, Bytes)>,
    blobs: HashMap<Digest, Bytes>,
    asked: Vec<String>,
    refused: Vec<(String, RegistryError)>,
    held: Option<String>,
    partial: Option<String>,
    referrers: Option<HashMap<Digest, Vec<Descriptor>>>,
    lists_no_tags: bool,
    lists_no_repositories: bool,
    lists_manifests: bool,
    get_counts_as_pull: bool,
}

impl MemoryRegistry {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Stores an image with these layers (a name, and a size in bytes) and labels, without a tag.
    pub(crate) fn image(&self, layers: &[(&str, u64)], labels: &[(&str, &str)]) -> Descriptor {
        self.image_for("amd64", layers, labels)
    }

    pub(crate) fn image_for(&self, architecture: &str, layers: &[(&str, u64)], labels: &[(&str, &str)]) -> Descriptor {
        let labels: BTreeMap<_, _> = labels.iter().copied().collect();
        let created = labels.get("created").copied().unwrap_or("2026-03-04T05:06:07Z");
        let config = json!({ "architecture": architecture, "os": "linux", "created": created,
            "config": { "Labels": labels }, "rootfs": { "type": "layers", "diff_ids": [] } });
        let config = self.blob_of(config.to_string().as_bytes());
        let layers: Vec<Value> = layers
            .iter()
            .map(|(name, size)| json!({ "mediaType": LAYER, "digest": layer(name).to_string(), "size": size }))
            .collect();
        let manifest = json!({ "schemaVersion": 2, "mediaType": IMAGE, "layers": layers,
            "config": { "mediaType": CONFIG, "digest": config.0.to_string(), "size": config.1 } });
        self.manifest_of(IMAGE, &manifest)
    }

    /// Stores an index of images for amd64 and arm64.
    pub(crate) fn two_platforms(&self, layers: &[(&str, u64)]) -> Descriptor {
        let children: Vec<Value> = ["amd64", "arm64"]
            .iter()
            .map(|architecture| {
                let child = self.image_for(architecture, layers, &[]);
                json!({ "mediaType": IMAGE, "digest": child.digest.to_string(), "size": child.size.bytes(),
                    "platform": { "os": "linux", "architecture": architecture } })
            })
            .collect();
        self.manifest_of(
            INDEX,
            &json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": children }),
        )
    }

    pub(crate) fn manifest_of(&self, media_type: &str, manifest: &Value) -> Descriptor {
        self.raw_manifest(media_type, manifest.to_string().into_bytes())
    }

    pub(crate) fn raw_manifest(&self, media_type: &str, bytes: Vec<u8>) -> Descriptor {
        let descriptor = Descriptor::new(media_type, Digest::of(&bytes), ByteSize(bytes.len() as u64));
        let kept = (media_type.to_owned(), Bytes::from(bytes));
        held(&self.state).manifests.insert(descriptor.digest.clone(), kept);
        descriptor
    }

    pub(crate) fn blob_of(&self, bytes: &[u8]) -> (Digest, usize) {
        let digest = Digest::of(bytes);
        held(&self.state)
            .blobs
            .insert(digest.clone(), Bytes::copy_from_slice(bytes));
        (digest, bytes.len())
    }

    /// A manifest's bytes.
    pub(crate) fn bytes(&self, digest: &Digest) -> Bytes {
        held(&self.state)
            .manifests
            .get(digest)
            .expect("it was stored")
            .1
            .clone()
    }

    pub(crate) fn tag(&self, repository: &str, tag: &str, version: &Descriptor) {
        let mut state = held(&self.state);
        state
            .repositories
            .entry(name(repository))
            .or_default()
            .insert(self::tag(tag), version.digest.clone());
    }

    pub(crate) fn untag(&self, repository: &str, tag: &str) {
        if let Some(tags) = held(&self.state).repositories.get_mut(&name(repository)) {
            tags.remove(&self::tag(tag));
        }
    }

    pub(crate) fn drop_repository(&self, repository: &str) {
        held(&self.state).repositories.remove(&name(repository));
    }

    /// Fails every question that contains `part`, until [`MemoryRegistry::allow_all`].
    pub(crate) fn refuse(&self, part: &str, error: RegistryError) {
        held(&self.state).refused.push((part.to_owned(), error));
    }

    pub(crate) fn allow_all(&self) {
        let mut state = held(&self.state);
        state.refused.clear();
        state.held = None;
        state.partial = None;
        state.lists_no_tags = false;
        state.lists_no_repositories = false;
    }

    /// Never answers questions that contain `part`, and tells `reached` when one comes.
    pub(crate) fn hold(&self, part: &str) {
        held(&self.state).held = Some(part.to_owned());
    }

    /// Lists are told to be incomplete, for this reason.
    pub(crate) fn list_partially(&self, reason: &str) {
        held(&self.state).partial = Some(reason.to_owned());
    }

    /// Answers an empty list of tags, whatever there is.
    pub(crate) fn list_no_tags(&self) {
        held(&self.state).lists_no_tags = true;
    }

    /// Answers an empty list of repositories, whatever there is.
    pub(crate) fn list_no_repositories(&self) {
        held(&self.state).lists_no_repositories = true;
    }

    /// Has the referrers API from now on.
    pub(crate) fn point_at(&self, subject: &Descriptor, referrers: Vec<Descriptor>) {
        let mut state = held(&self.state);
        state
            .referrers
            .get_or_insert_default()
            .insert(subject.digest.clone(), referrers);
    }

    pub(crate) fn list_manifests(&self) {
        held(&self.state).lists_manifests = true;
    }

    pub(crate) fn count_gets_as_pulls(&self) {
        held(&self.state).get_counts_as_pull = true;
    }

    /// The questions that begin so, since the last [`MemoryRegistry::forget_questions`].
    pub(crate) fn asked(&self, beginning: &str) -> Vec<String> {
        held(&self.state)
            .asked
            .iter()
            .filter(|asked| asked.starts_with(beginning))
            .cloned()
            .collect()
    }

    pub(crate) fn forget_questions(&self) {
        held(&self.state).asked.clear();
    }

    async fn ask(&self, question: String, operation: &Operation) -> Result<(), RegistryError> {
        operation.check()?;
        let holds = {
            let mut state = held(&self.state);
            state.asked.push(question.clone());
            if let Some((_, error)) = state.refused.iter().find(|(part, _)| question.contains(part)) {
                return Err(error.clone());
            }
            state.held.as_ref().is_some_and(|part| question.contains(part))
        };
        // Other questions get their turn, as they do over a network.
        tokio::task::yield_now().await;
        if holds {
            self.reached.notify_one();
            operation.or_cancelled(std::future::pending::<()>()).await?;
        }
        Ok(())
    }

    fn listing<T>(&self, items: Vec<T>) -> Listing<T> {
        let mut listing = Listing::complete(items);
        if let Some(reason) = &held(&self.state).partial {
            listing.complete = Completeness::Partial { reason: reason.clone() };
        }
        listing
    }

    fn find(&self, repository: &RepositoryName, target: &Target) -> Result<RawManifest, RegistryError> {
        let state = held(&self.state);
        let digest = match target {
            Target::Digest(digest) => Some(digest),
            Target::Tag(tag) => state.repositories.get(repository).and_then(|tags| tags.get(tag)),
        };
        let found = digest.and_then(|digest| Some((digest, state.manifests.get(digest)?)));
        let (digest, (media_type, bytes)) =
            found.ok_or_else(|| not_found(&format!("{repository}{}", target.suffix())))?;
        Ok(RawManifest {
            digest: digest.clone(),
            media_type: media_type.clone(),
            bytes: bytes.clone(),
        })
    }
}

#[async_trait]
impl Registry for MemoryRegistry {
    async fn repositories(&self, operation: &Operation) -> Result<Listing<RepositoryName>, RegistryError> {
        self.ask("REPOSITORIES".to_owned(), operation).await?;
        let mut names: Vec<_> = held(&self.state).repositories.keys().cloned().collect();
        names.retain(|_| !held(&self.state).lists_no_repositories);
        Ok(self.listing(names))
    }

    async fn tags(
        &self,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<Listing<ListedTag>, RegistryError> {
        self.ask(format!("TAGS {repository}"), operation).await?;
        let tags = held(&self.state).repositories.get(repository).cloned();
        let mut tags = tags.ok_or_else(|| not_found(repository.as_str()))?;
        tags.retain(|_, _| !held(&self.state).lists_no_tags);
        Ok(self.listing(tags.into_keys().map(|tag| ListedTag { tag, digest: None }).collect()))
    }

    async fn manifests(
        &self,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError> {
        if !held(&self.state).lists_manifests {
            return Ok(None);
        }
        self.ask(format!("MANIFESTS {repository}"), operation).await?;
        let state = held(&self.state);
        let descriptor = |(digest, (media_type, bytes)): (&Digest, &(String, Bytes))| {
            Descriptor::new(media_type, digest.clone(), ByteSize(bytes.len() as u64))
        };
        Ok(Some(Listing::complete(
            state.manifests.iter().map(descriptor).collect(),
        )))
    }

    async fn resolve(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<Resolved, RegistryError> {
        self.ask(format!("HEAD {repository}{}", target.suffix()), operation)
            .await?;
        let found = self.find(repository, target)?;
        let size = Some(ByteSize(found.bytes.len() as u64));
        Ok(Resolved {
            digest: found.digest,
            media_type: Some(found.media_type),
            size,
        })
    }

    async fn manifest(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<RawManifest, RegistryError> {
        self.ask(format!("GET {repository}{}", target.suffix()), operation)
            .await?;
        self.find(repository, target)
    }

    async fn blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        _size: ByteSize,
        operation: &Operation,
    ) -> Result<BlobStream, RegistryError> {
        self.ask(format!("BLOB {repository}@{digest}"), operation).await?;
        let blob = held(&self.state).blobs.get(digest).cloned();
        let blob = blob.ok_or_else(|| not_found(&format!("{repository}@{digest}")))?;
        Ok(stream::iter([Ok(blob)]).boxed())
    }

    async fn referrers(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        operation: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError> {
        self.ask(format!("REFERRERS {repository}@{subject}"), operation).await?;
        let state = held(&self.state);
        Ok(state
            .referrers
            .as_ref()
            .map(|all| Listing::complete(all.get(subject).cloned().unwrap_or_default())))
    }

    async fn check(&self, _operation: &Operation, _clock: &Clock) -> Vec<CheckStep> {
        Vec::new()
    }

    async fn delete_rules(
        &self,
        _repository: &RepositoryName,
        _operation: &Operation,
    ) -> Result<DeleteRules, RegistryError> {
        Err(RegistryError::Unsupported {
            place: self.place(),
            what: "deleting".to_owned(),
            hint: None,
        })
    }

    fn traits(&self) -> RegistryTraits {
        let state = held(&self.state);
        RegistryTraits {
            get_counts_as_pull: state.get_counts_as_pull,
            provider: Provider::guess("registry.test"),
            requests: state.asked.len() as u64,
            concurrency: 8,
        }
    }

    fn place(&self) -> Place {
        Place::registry("registry.test")
    }
}
