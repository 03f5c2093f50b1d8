//! What the steps of one run share: the plan, the registries, the journal's writer, and who may send at the moment.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use artifact::{ByteSize, Digest, Manifest, RepositoryName, Tag};
use catalog::{ConnectionId, Index};
use registry::{Clock, Operation, RegistryError, Target, WritableRegistry, dummy_manifest};
use tokio::sync::Semaphore;

use super::{Parties, guard::Guards, progress::Transfers};
use crate::{
    Action, ChangeError, KeepReason, KeptTag, Located, Step,
    journal::{Manifests, Recorder},
};

/// Steps of one kind, of a repository or (without one) of a connection: refused once, refused always.
type Kind = (ConnectionId, Option<RepositoryName>, &'static str);

pub(super) struct Work {
    pub(super) steps: Vec<Step>,
    /// Which steps were done before this run.
    pub(super) done_before: Vec<bool>,
    pub(super) kept: HashSet<(Located, Tag, Digest)>,
    /// Of those the protected ones: they are watched while deletes go on.
    pub(super) protected: HashSet<(Located, Tag)>,
    pub(super) manifests: Manifests,
    pub(super) parties: Parties,
    pub(super) index: Option<Index>,
    pub(super) clock: Clock,
    pub(super) recorder: Recorder,
    pub(super) guards: Guards,
    pub(super) transfers: Transfers,
    /// Cancelled with the person's wish: for everything that may be broken off at any point.
    pub(super) operation: Operation,
    /// Never cancelled: a write that was begun is brought to its end.
    pub(super) writing: Operation,
    word: String,
    places: HashMap<ConnectionId, Semaphore>,
    halts: Mutex<HashMap<Kind, Halt>>,
}

/// What is known of a kind of steps.
enum Halt {
    /// At least one was done: a later refusal is that step's own.
    Works,
    Stopped(String),
}

/// What a run is made of.
pub(super) struct Parts {
    pub(super) steps: Vec<Step>,
    pub(super) done_before: Vec<bool>,
    pub(super) kept: Vec<KeptTag>,
    pub(super) manifests: Manifests,
    pub(super) parties: Parties,
    pub(super) index: Option<Index>,
    pub(super) clock: Clock,
    pub(super) recorder: Recorder,
    pub(super) word: String,
    pub(super) operation: Operation,
}

impl Work {
    pub(super) fn new(parts: Parts) -> Self {
        let room = |(id, registry): (&ConnectionId, &Arc<dyn WritableRegistry>)| {
            (id.clone(), Semaphore::new(registry.traits().concurrency.max(1)))
        };
        let protected = parts.kept.iter().filter(|kept| kept.reason == KeepReason::Protected);
        let protected = protected.map(|kept| (kept.at.clone(), kept.tag.clone())).collect();
        let kept = parts.kept.into_iter().map(|kept| (kept.at, kept.tag, kept.digest));
        Self {
            places: parts.parties.each().map(room).collect(),
            guards: Guards::new(&parts.steps, &parts.done_before),
            transfers: Transfers::new(&parts.steps, &parts.operation),
            writing: Operation::new(Arc::clone(&parts.operation.progress)),
            kept: kept.collect(),
            protected,
            steps: parts.steps,
            done_before: parts.done_before,
            manifests: parts.manifests,
            parties: parts.parties,
            index: parts.index,
            clock: parts.clock,
            recorder: parts.recorder,
            operation: parts.operation,
            word: parts.word,
            halts: Mutex::default(),
        }
    }

    pub(super) fn registry(&self, at: &Located) -> Result<&Arc<dyn WritableRegistry>, RegistryError> {
        self.parties
            .registry(&at.connection)
            .map_err(|error| unknown_connection(&error))
    }

    /// How many steps of a connection send side by side.
    pub(super) fn room(&self, connection: &ConnectionId) -> usize {
        self.parties
            .registry(connection)
            .map_or(1, |registry| registry.traits().concurrency.max(1))
    }

    /// Waits for a place among those that may send to a connection.
    pub(super) async fn enter(&self, connection: &ConnectionId) -> Option<tokio::sync::SemaphorePermit<'_>> {
        // Nobody closes a semaphore of ours.
        self.places.get(connection)?.acquire().await.ok()
    }

    /// The word of a step's dummy manifest: no other step of any change has it.
    pub(super) fn unique(&self, place: usize) -> String {
        unique(&self.word, place)
    }

    /// What a tag or digest holds just now; `None`: nothing.
    pub(super) async fn held(&self, at: &Located, target: &Target) -> Result<Option<Digest>, RegistryError> {
        self.held_by(at, target, &self.operation).await
    }

    /// The same after a write, which is looked at whatever the person wishes.
    pub(super) async fn left(&self, at: &Located, target: &Target) -> Result<Option<Digest>, RegistryError> {
        self.held_by(at, target, &self.writing).await
    }

    async fn held_by(
        &self,
        at: &Located,
        target: &Target,
        operation: &Operation,
    ) -> Result<Option<Digest>, RegistryError> {
        held(self.registry(at)?.as_ref(), &at.repository, target, operation).await
    }

    /// Why no further step of this kind is started, if so.
    pub(super) fn halted(&self, step: &Step) -> Option<String> {
        let halts = self.halts.lock().unwrap_or_else(PoisonError::into_inner);
        [here(step), anywhere(step)]
            .iter()
            .find_map(|kind| match halts.get(kind) {
                Some(Halt::Stopped(reason)) => Some(reason.clone()),
                Some(Halt::Works) | None => None,
            })
    }

    pub(super) fn note_success(&self, step: &Step) {
        let mut halts = self.halts.lock().unwrap_or_else(PoisonError::into_inner);
        halts.entry(here(step)).or_insert(Halt::Works);
    }

    /// A login that is refused ends all steps of the kind on its connection; a repository that cannot do it ends those on
    /// it, unless it just did.
    pub(super) fn note_failure(&self, step: &Step, error: &RegistryError) {
        let mut halts = self.halts.lock().unwrap_or_else(PoisonError::into_inner);
        let stopped = Halt::Stopped(format!("not tried after another was refused: {error}"));
        match error {
            RegistryError::LoginRequired { .. }
            | RegistryError::LoginRefused { .. }
            | RegistryError::LoginExpired { .. } => {
                halts.insert(anywhere(step), stopped);
            }
            RegistryError::Unsupported { .. } => {
                halts.entry(here(step)).or_insert(stopped);
            }
            _ => {}
        }
    }

    /// How large a blob is: as a manifest of the plan says, else as its step does.
    pub(super) fn blob_size(&self, step: &Step) -> ByteSize {
        let of = |manifest: &registry::RawManifest| {
            let read = Manifest::parse(Some(&manifest.media_type), &manifest.bytes).ok()?;
            let Manifest::Image(image) = read else {
                return None;
            };
            let mut blobs = image.config.iter().chain(&image.layers);
            blobs.find(|blob| blob.digest == step.digest).map(|blob| blob.size)
        };
        match step.action {
            Action::MountBlob { .. } => self.manifests.values().find_map(of).unwrap_or(step.bytes),
            _ => step.bytes,
        }
    }
}

/// The word of the dummy manifest of a change's step.
pub(crate) fn unique(word: &str, place: usize) -> String {
    format!("{word}-{place}")
}

/// The dummy manifest that a change's step may have left on its tag.
pub(crate) fn dummy(word: &str, place: usize) -> Digest {
    dummy_manifest(&unique(word, place)).digest
}

/// What a tag or digest holds just now; `None`: nothing.
pub(crate) async fn held(
    registry: &dyn WritableRegistry,
    repository: &RepositoryName,
    target: &Target,
    operation: &Operation,
) -> Result<Option<Digest>, RegistryError> {
    match registry.resolve(repository, target, operation).await {
        Ok(resolved) => Ok(Some(resolved.digest)),
        Err(RegistryError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn here(step: &Step) -> Kind {
    let Located { connection, repository } = &step.at;
    (connection.clone(), Some(repository.clone()), step.action.as_str())
}

fn anywhere(step: &Step) -> Kind {
    (step.at.connection.clone(), None, step.action.as_str())
}

fn unknown_connection(error: &ChangeError) -> RegistryError {
    RegistryError::Configuration {
        message: error.to_string(),
        hint: None,
    }
}
