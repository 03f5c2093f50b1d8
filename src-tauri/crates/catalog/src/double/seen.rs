//! An index in a folder of its own, with a clock that tests turn.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use artifact::{Descriptor, Digest, RepositoryName};
use chrono::{DateTime, TimeDelta, Utc};
use registry::{Clock, Operation, Registry};
use tempfile::TempDir;

use super::{MemoryRegistry, name, tag};
use crate::{CatalogError, ConnectionId, Index, Problem, Scope, Sync, SyncReport, TagMove, VersionRow, VersionsQuery};

pub(crate) const CONNECTION: &str = "c1";

/// 2026-06-01, some months after the versions that the double makes.
const BEGIN: i64 = 1_780_272_000_000;

pub(crate) struct Seen {
    pub(crate) folder: Arc<TempDir>,
    pub(crate) index: Index,
    time: Arc<AtomicI64>,
    pub(crate) pinned: Vec<RepositoryName>,
}

impl Seen {
    pub(crate) fn new() -> Self {
        Self::of(Arc::new(tempfile::tempdir().expect("a temporary folder")))
    }

    pub(crate) fn of(folder: Arc<TempDir>) -> Self {
        let index = Index::open(&folder.path().join("index.sqlite"))
            .expect("a new index")
            .index;
        Self {
            folder,
            index,
            time: Arc::new(AtomicI64::new(BEGIN)),
            pinned: Vec::new(),
        }
    }

    /// The folder, with nothing open in it.
    pub(crate) fn closed(self) -> Arc<TempDir> {
        self.folder
    }

    /// The same folder as another process, or the same program later, sees it.
    pub(crate) fn opened_again(&self) -> Self {
        let index = Index::open(&self.folder.path().join("index.sqlite"))
            .expect("the index opens")
            .index;
        Self {
            folder: Arc::clone(&self.folder),
            index,
            time: Arc::clone(&self.time),
            pinned: Vec::new(),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.time.load(Ordering::Relaxed)).expect("a time")
    }

    pub(crate) fn clock(&self) -> Clock {
        let time = Arc::clone(&self.time);
        Clock::new(move || DateTime::from_timestamp_millis(time.load(Ordering::Relaxed)).unwrap_or_default())
    }

    pub(crate) fn wait(&self, time: TimeDelta) {
        self.time.fetch_add(time.num_milliseconds(), Ordering::Relaxed);
    }

    /// Syncs everything, which has to succeed.
    pub(crate) async fn sync(&self, registry: &Arc<MemoryRegistry>) -> SyncReport {
        self.try_sync(registry, CONNECTION, &Operation::unobserved())
            .await
            .expect("the registry is read")
    }

    pub(crate) async fn try_sync(
        &self,
        registry: &Arc<MemoryRegistry>,
        connection: &str,
        operation: &Operation,
    ) -> Result<SyncReport, CatalogError> {
        self.sync_scope(registry, connection, Scope::All, operation).await
    }

    pub(crate) async fn read_version(
        &self,
        registry: &Arc<MemoryRegistry>,
        repository: &str,
        digest: &Digest,
    ) -> Result<SyncReport, CatalogError> {
        let scope = Scope::Version(name(repository), digest.clone());
        self.sync_scope(registry, CONNECTION, scope, &Operation::unobserved())
            .await
    }

    async fn sync_scope(
        &self,
        registry: &Arc<MemoryRegistry>,
        connection: &str,
        scope: Scope,
        operation: &Operation,
    ) -> Result<SyncReport, CatalogError> {
        let connection = ConnectionId::from(connection);
        let registry: Arc<dyn Registry> = Arc::<MemoryRegistry>::clone(registry);
        let sync = Sync {
            connection: &connection,
            registry,
            pinned: &self.pinned,
            scope,
            first: None,
            now: self.clock(),
        };
        self.index.sync(sync, operation).await
    }

    /// All rows of a repository, highest version first.
    pub(crate) fn rows(&self, repository: &str) -> Vec<VersionRow> {
        let view = self
            .index
            .versions(&query(repository))
            .expect("the repository was read");
        view.rows(0..view.versions).expect("rows")
    }

    /// The first tag of each row.
    pub(crate) fn tags(&self, repository: &str) -> Vec<String> {
        self.rows(repository)
            .iter()
            .map(|row| row.tags.first().cloned().unwrap_or_default())
            .collect()
    }

    pub(crate) fn moves(&self, repository: &str, tagged: &str) -> Vec<TagMove> {
        self.index
            .tag_moves(&CONNECTION.into(), &name(repository), &tag(tagged))
            .expect("moves")
    }

    /// The problem of the row with this tag.
    pub(crate) fn problem(&self, repository: &str, tagged: &str) -> Option<Problem> {
        let row = self
            .rows(repository)
            .into_iter()
            .find(|row| row.tags.iter().any(|tag| tag == tagged));
        row.expect("the tag has a row").problem
    }
}

/// All versions of a repository, highest first.
pub(crate) fn query(repository: &str) -> VersionsQuery {
    VersionsQuery::new(CONNECTION.into(), name(repository))
}

impl MemoryRegistry {
    /// A repository with one image per tag, each over a base layer of its own size.
    pub(crate) fn fill(&self, repository: &str, tags: &[&str]) -> Vec<Descriptor> {
        let version = |tagged: &&str| {
            let layers = [("base", 1000), (*tagged, 10)];
            let image = self.image(&layers, &[("version", tagged), ("repository", repository)]);
            self.tag(repository, tagged, &image);
            image
        };
        tags.iter().map(version).collect()
    }
}
