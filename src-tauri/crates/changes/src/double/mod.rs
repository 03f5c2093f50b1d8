//! Registries in memory for tests: with the delete semantics of real ones, an account of every question, and faults.

mod faults;
mod layout;
mod plans;
mod reading;
mod state;
mod writing;

pub(crate) use faults::{Fuse, denied, unreachable};
pub(crate) use layout::{
    ATTESTATION, BUNDLE, BUNDLE_ED25519, Layout, MODEL, SIMPLE_SIGNING, Signed, signature_fixture,
};
pub(crate) use plans::{REPOSITORY, World, delete_manifest, delete_tag, plan, put, reach, step_after, world};
pub(crate) use state::{Contents, IMAGE, INDEX};

use std::sync::{Arc, Mutex, MutexGuard};

use artifact::{RepositoryName, Tag};
use catalog::ConnectionId;
use registry::{DeleteRules, DigestDelete, RegistryError, TagDelete};

use self::faults::Faults;
pub(crate) use self::state::State;
use crate::Located;

/// Whose ways a registry has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Semantics {
    /// distribution 2.8: a tag goes by a dummy manifest; a digest takes its tags along.
    Distribution2,
    /// distribution 3: a tag goes alone; a digest takes its tags along.
    Distribution3,
    /// go-containerregistry: a tag goes alone; a digest leaves its tags, which keep resolving.
    GoContainerregistry,
    /// A folder: a tag goes alone; with a digest its names go.
    Folder,
    /// Deletes are off.
    Off,
}

impl Semantics {
    pub(crate) const DELETING: [Self; 4] = [
        Self::Distribution2,
        Self::Distribution3,
        Self::GoContainerregistry,
        Self::Folder,
    ];

    pub(crate) const fn rules(self) -> DeleteRules {
        let (tag, digest) = match self {
            Self::Distribution2 => (TagDelete::DummyManifest, DigestDelete::TakesAllTags),
            Self::Distribution3 => (TagDelete::Alone, DigestDelete::TakesAllTags),
            Self::GoContainerregistry => (TagDelete::Alone, DigestDelete::LeavesTags),
            Self::Folder => (TagDelete::Alone, DigestDelete::Unknown),
            Self::Off => return DeleteRules::OFF,
        };
        DeleteRules {
            tag,
            digest,
            children: registry::ChildProtection::Unprotected,
            undo: registry::Undo::PutAgain,
        }
    }
}

/// The registry. Questions are told as `TAGS name`, `HEAD name:tag`, `GET name@digest`, `PUT name:tag`,
/// `DELETE name@digest`, `BLOB? name@digest`, `SEND name@digest`, `MOUNT name@digest`.
#[derive(Debug)]
pub(crate) struct MemoryRegistry {
    semantics: Semantics,
    concurrency: usize,
    state: Mutex<State>,
    faults: Faults,
}

impl MemoryRegistry {
    pub(crate) fn new(semantics: Semantics) -> Arc<Self> {
        Self::with_room(semantics, 4)
    }

    /// A registry that lets so many requests through side by side.
    pub(crate) fn with_room(semantics: Semantics, concurrency: usize) -> Arc<Self> {
        Arc::new(Self {
            semantics,
            concurrency,
            state: Mutex::default(),
            faults: Faults::default(),
        })
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panicked")
    }

    /// Every repository's tags and the digests that are there, but for lists that a put brought up to date: what they
    /// say depends on what came first.
    pub(crate) fn contents(&self) -> Contents {
        self.state().contents()
    }

    /// Fails the next `times` questions that contain `part`.
    pub(crate) fn refuse(&self, part: &str, times: usize, error: RegistryError) {
        self.faults.refuse(part, times, error);
    }

    /// Never answers questions that contain `part`, until they are cancelled; tells `reached` when one comes.
    pub(crate) fn hold(&self, part: &str) {
        self.faults.hold(part);
    }

    /// Does something to the registry just before it answers the first question that contains `part`.
    pub(crate) fn before(&self, part: &str, deed: impl FnOnce(&mut State) + Send + 'static) {
        self.faults.before(part, deed);
    }

    /// Wants every blob to be sent.
    pub(crate) fn decline_mounts(&self) {
        self.state().declines_mounts = true;
    }

    /// Waits until a question is held.
    pub(crate) async fn reached(&self) {
        self.faults.reached.notified().await;
    }

    /// Ends everything at a moment.
    pub(crate) fn burn(&self, fuse: &Fuse) {
        self.faults.set_fuse(fuse.clone());
    }

    /// Forgets all faults, and keeps the account of questions.
    pub(crate) fn mend_but_remember(&self) {
        self.faults.clear_but_account();
    }

    /// Forgets all faults and questions.
    pub(crate) fn mend(&self) {
        self.faults.clear();
    }

    /// The questions that were answered, in order, that begin so.
    pub(crate) fn asked(&self, beginning: &str) -> Vec<String> {
        self.faults.asked(beginning)
    }
}

/// The connection of most tests.
pub(crate) const CONNECTION: &str = "c";

pub(crate) fn at(repository: &str) -> Located {
    Located {
        connection: ConnectionId::from(CONNECTION),
        repository: name(repository),
    }
}

pub(crate) fn name(text: &str) -> RepositoryName {
    text.parse().expect("a repository's name")
}

pub(crate) fn tag(text: &str) -> Tag {
    text.parse().expect("a tag")
}
