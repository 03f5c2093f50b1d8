//! The one who writes: takes what was read, in order, and commits it in batches on a thread of its own.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use artifact::{Descriptor, Digest, RepositoryName, Tag, summarize};
use registry::Clock;
use tokio::sync::{mpsc, oneshot};

use super::{
    contents::{ConfigSlot, ManifestSlot},
    version::Tree,
};
use crate::{
    CatalogError, Problem,
    record::{self, KeptVersion, LabelGate},
    store::{ConnectionLock, Store, Writing, held, milliseconds},
};

/// Facts that go into one transaction.
const BATCH: usize = 384;
/// A slow registry's rows are committed this often all the same.
pub(super) const LONGEST_WAIT: Duration = Duration::from_millis(250);
/// Batches that may wait for the disk before reading waits for them.
const WAITING_BATCHES: usize = 4;

/// Ends everything that still reads; why nothing can be written is told by [`Recorder::finish`], once.
const FAILED: CatalogError = CatalogError::Cancelled;

/// One fact to write.
pub(super) enum Entry {
    Listed {
        repository: i64,
        changes: TagChanges,
    },
    Manifest(ManifestSlot),
    Config(ConfigSlot),
    Version {
        repository: i64,
        tree: Box<Tree>,
    },
    Tag {
        repository: i64,
        tag: Tag,
        digest: Option<Digest>,
        problem: Option<Problem>,
    },
    ListedManifests {
        repository: i64,
        digests: Vec<Digest>,
    },
    Finished {
        repository: i64,
        partial_reason: Option<String>,
    },
    /// Counts again without saying that the repository was read to its end.
    Recount {
        repository: i64,
    },
    Failed {
        repository: i64,
        problem: Problem,
    },
    Referrers {
        repository: i64,
        subject: Digest,
        found: Vec<Descriptor>,
    },
    ReferrersApi {
        connection: i64,
        present: bool,
    },
    RepositoriesGone {
        connection: i64,
        listed: HashSet<RepositoryName>,
        gone_tags: Arc<Mutex<u64>>,
    },
    ConnectionDone {
        connection: i64,
        listed: bool,
        problem: Option<Problem>,
    },
    /// Answers once everything before it is committed.
    Barrier(Mutex<Option<oneshot::Sender<()>>>),
}

/// How a listing differs from the one before.
#[derive(Default)]
pub(super) struct TagChanges {
    pub(super) appeared: Vec<Tag>,
    pub(super) vanished: Vec<Tag>,
    /// Not in an incomplete listing.
    pub(super) missing: Vec<Tag>,
    /// Listed again after they were missing.
    pub(super) relisted: Vec<Tag>,
}

impl TagChanges {
    pub(super) fn is_empty(&self) -> bool {
        self.appeared.is_empty() && self.vanished.is_empty() && self.missing.is_empty() && self.relisted.is_empty()
    }
}

pub(super) struct Recorder {
    waiting: Mutex<Waiting>,
    batches: Option<mpsc::Sender<Vec<Entry>>>,
    failed: Arc<AtomicBool>,
    outcome: Option<oneshot::Receiver<Result<(), CatalogError>>>,
}

struct Waiting {
    entries: Vec<Entry>,
    since: Instant,
}

impl Recorder {
    pub(super) fn start(store: &Arc<Store>, clock: Clock, lock: ConnectionLock) -> Result<Self, CatalogError> {
        let (batches, received) = mpsc::channel(WAITING_BATCHES);
        let (tell, outcome) = oneshot::channel();
        let failed = Arc::new(AtomicBool::new(false));
        let writer = Writer {
            store: Arc::clone(store),
            clock,
            gate: LabelGate::default(),
            failed: Arc::clone(&failed),
            _lock: lock,
        };
        let spawned = std::thread::Builder::new()
            .name("berth-index".to_owned())
            .spawn(move || {
                // Nobody listens where the sync was dropped.
                let _ = tell.send(writer.run(received));
            });
        spawned.map_err(|error| CatalogError::Storage {
            path: store.path().to_owned(),
            detail: error.to_string(),
        })?;
        Ok(Self {
            waiting: Mutex::new(Waiting {
                entries: Vec::new(),
                since: Instant::now(),
            }),
            batches: Some(batches),
            failed,
            outcome: Some(outcome),
        })
    }

    /// Adds a fact; waits only while the disk is several batches behind.
    pub(super) async fn push(&self, entry: Entry) -> Result<(), CatalogError> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(FAILED);
        }
        let full = {
            let mut waiting = held(&self.waiting);
            if waiting.entries.is_empty() {
                waiting.since = Instant::now();
            }
            waiting.entries.push(entry);
            let due = waiting.entries.len() >= BATCH || waiting.since.elapsed() >= LONGEST_WAIT;
            due.then(|| std::mem::take(&mut waiting.entries))
        };
        match full {
            Some(batch) => self.send(batch).await,
            None => Ok(()),
        }
    }

    /// Hands on what has waited long enough, where no new fact comes that would. Never waits: whoever calls this does not
    /// poll the readers meanwhile, and they may hold the very places that it would wait for.
    pub(super) fn hand_on_overdue(&self) -> Result<(), CatalogError> {
        let Some(batches) = &self.batches else { return Ok(()) };
        let mut waiting = held(&self.waiting);
        if waiting.entries.is_empty() || waiting.since.elapsed() < LONGEST_WAIT {
            return Ok(());
        }
        match batches.try_reserve() {
            Ok(place) => {
                place.send(std::mem::take(&mut waiting.entries));
                Ok(())
            }
            // The disk is behind; it will come to these too.
            Err(mpsc::error::TrySendError::Full(())) => Ok(()),
            Err(mpsc::error::TrySendError::Closed(())) => Err(FAILED),
        }
    }

    async fn send(&self, batch: Vec<Entry>) -> Result<(), CatalogError> {
        let Some(batches) = &self.batches else { return Ok(()) };
        batches.send(batch).await.map_err(|_| FAILED)
    }

    /// Waits until everything that was added so far is committed.
    pub(super) async fn settle(&self) -> Result<(), CatalogError> {
        let (tell, settled) = oneshot::channel();
        self.push(Entry::Barrier(Mutex::new(Some(tell)))).await?;
        let rest = std::mem::take(&mut held(&self.waiting).entries);
        if !rest.is_empty() {
            self.send(rest).await?;
        }
        settled.await.map_err(|_| FAILED)
    }

    /// Commits everything that was added, and tells how that went.
    pub(super) async fn finish(mut self) -> Result<(), CatalogError> {
        let rest = std::mem::take(&mut held(&self.waiting).entries);
        if !rest.is_empty() {
            // Where nobody takes it any more the outcome says why.
            let _ = self.send(rest).await;
        }
        self.batches = None;
        match self.outcome.take() {
            Some(outcome) => outcome.await.unwrap_or(Err(CatalogError::Cancelled)),
            None => Ok(()),
        }
    }
}

/// A sync that is dropped half-way keeps what it has read.
impl Drop for Recorder {
    fn drop(&mut self) {
        let waiting = self.waiting.get_mut().unwrap_or_else(PoisonError::into_inner);
        let rest = std::mem::take(&mut waiting.entries);
        if let (Some(batches), false) = (&self.batches, rest.is_empty()) {
            // Where the disk is behind by all its batches, this last one is lost, and read again the next time.
            let _ = batches.try_send(rest);
        }
    }
}

struct Writer {
    store: Arc<Store>,
    clock: Clock,
    gate: LabelGate,
    failed: Arc<AtomicBool>,
    /// Until the last batch is written no other process begins.
    _lock: ConnectionLock,
}

impl Writer {
    fn run(mut self, mut batches: mpsc::Receiver<Vec<Entry>>) -> Result<(), CatalogError> {
        while let Some(batch) = batches.blocking_recv() {
            if let Err(error) = self.commit(&batch) {
                self.failed.store(true, Ordering::Relaxed);
                return Err(error);
            }
        }
        Ok(())
    }

    fn commit(&mut self, batch: &[Entry]) -> Result<(), CatalogError> {
        let now = self.clock.now();
        // Summing up is done before the transaction, which other processes wait for.
        let versions: Vec<KeptVersion> = batch
            .iter()
            .filter_map(|entry| match entry {
                Entry::Version { repository, tree } => {
                    Some(tree.keep(*repository, |root| summarize(root, &**tree, now)))
                }
                _ => None,
            })
            .collect();
        let gate = &mut self.gate;
        self.store.write(|writing| {
            let mut versions = versions.iter();
            let at = milliseconds(now);
            for repository in touched(batch) {
                record::mark_stale(writing, repository)?;
            }
            for entry in batch {
                match entry {
                    Entry::Version { .. } => {
                        if let Some(version) = versions.next() {
                            record::keep_version(writing, version, gate)?;
                        }
                    }
                    other => apply(writing, other, at)?,
                }
            }
            Ok(())
        })?;
        for entry in batch {
            if let Entry::Barrier(tell) = entry
                && let Some(tell) = held(tell).take()
            {
                let _ = tell.send(());
            }
        }
        Ok(())
    }
}

/// The repositories whose rows a batch changes.
fn touched(batch: &[Entry]) -> BTreeSet<i64> {
    let repository = |entry: &Entry| match entry {
        Entry::Listed { repository, .. }
        | Entry::Version { repository, .. }
        | Entry::Tag { repository, .. }
        | Entry::ListedManifests { repository, .. } => Some(*repository),
        _ => None,
    };
    batch.iter().filter_map(repository).collect()
}

fn apply(writing: &mut Writing<'_>, entry: &Entry, at: i64) -> rusqlite::Result<()> {
    match entry {
        Entry::Manifest(slot) => slot
            .get()
            .map_or(Ok(()), |manifest| record::keep_manifest(writing, manifest)),
        Entry::Config(slot) => slot.get().map_or(Ok(()), |config| {
            record::keep_config(writing, &config.digest, &config.bytes)
        }),
        Entry::Listed { repository, changes } => apply_listing(writing, *repository, changes, at),
        Entry::Tag {
            repository,
            tag,
            digest,
            problem,
        } => record::read(writing, *repository, tag, digest.as_ref(), problem.as_ref(), at),
        Entry::ListedManifests { repository, digests } => record::keep_listed_manifests(writing, *repository, digests),
        Entry::Finished {
            repository,
            partial_reason,
        } => {
            if record::is_stale(writing, *repository)? {
                record::note_tagged_referrers(writing, *repository)?;
                record::mark_signed(writing, *repository)?;
                record::recount(writing, *repository)?;
            }
            record::repository_finished(writing, *repository, partial_reason.as_deref(), at)
        }
        Entry::Recount { repository } => record::recount(writing, *repository),
        Entry::Failed { repository, problem } => record::repository_failed(writing, *repository, problem),
        Entry::Referrers {
            repository,
            subject,
            found,
        } => record::keep_referrers(writing, *repository, subject, found, at),
        Entry::ReferrersApi { connection, present } => record::learn_referrers_api(writing, *connection, *present, at),
        Entry::RepositoriesGone {
            connection,
            listed,
            gone_tags,
        } => {
            *held(gone_tags) = record::repositories_gone(writing, *connection, listed, at)?;
            Ok(())
        }
        Entry::ConnectionDone {
            connection,
            listed,
            problem,
        } => record::connection_done(writing, *connection, listed.then_some(at), problem.as_ref()),
        Entry::Version { .. } | Entry::Barrier(_) => Ok(()),
    }
}

fn apply_listing(writing: &Writing<'_>, repository: i64, changes: &TagChanges, at: i64) -> rusqlite::Result<()> {
    for tag in &changes.appeared {
        record::appear(writing, repository, tag, at)?;
    }
    for tag in &changes.vanished {
        record::vanish(writing, repository, tag, at)?;
    }
    for tag in &changes.missing {
        record::miss(writing, repository, tag)?;
    }
    for tag in &changes.relisted {
        record::relist(writing, repository, tag)?;
    }
    Ok(())
}
