//! One sync of a connection from its lock to its report.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    pin::pin,
    sync::{Arc, Mutex},
    time::Instant,
};

use artifact::RepositoryName;
use futures::{StreamExt, stream};
use registry::{Completeness, ErrorCode, Operation, ProgressEvent, Registry, RegistryError};
use tokio::sync::Semaphore;

use super::{
    Scope, Sync, SyncReport,
    contents::Contents,
    list::doubt_no_repositories,
    lock,
    recorder::{Entry, LONGEST_WAIT, Recorder},
    referrers,
    repository::{self, Failure, RepositoryReport, TAGS_SIDE_BY_SIDE},
};
use crate::{
    CatalogError, ConnectionId, Problem, record,
    store::{ConnectionLock, Locks, Store, held},
};

/// Repositories that are read side by side; small ones would otherwise wait for each other's answers.
const REPOSITORIES_SIDE_BY_SIDE: usize = 32;

/// Problems that a report names.
const MOST_PROBLEMS: usize = 500;

/// What all parts of one sync share.
pub(super) struct Run<'a> {
    pub(super) store: Arc<Store>,
    pub(super) registry: Arc<dyn Registry>,
    pub(super) operation: &'a Operation,
    pub(super) recorder: Recorder,
    pub(super) contents: Contents,
    /// Tags under way over all repositories; the HTTP layer bounds the requests.
    pub(super) places: Semaphore,
    pub(super) get_counts_as_pull: bool,
    pub(super) connection: i64,
    ids: Mutex<HashMap<RepositoryName, i64>>,
}

/// Runs a sync; see [`crate::Index::sync`].
pub(crate) async fn run(
    store: &Arc<Store>,
    locks: &Locks,
    sync: Sync<'_>,
    operation: &Operation,
) -> Result<SyncReport, CatalogError> {
    let started = Instant::now();
    let lock = lock::wait(store, locks, sync.connection, operation).await?;
    let requests = sync.registry.traits().requests;
    let run = Run::begin(store, &sync, operation, lock).await?;
    let outcome = run.all_with_rows_in_time(&sync).await;
    // What was read is kept also where the reading was cancelled or failed. An index that cannot be written has ended
    // the reading, so its reason comes first.
    run.recorder.finish().await?;
    let (mut report, gone_tags) = outcome?;
    report.gone += *held(&gone_tags);
    report.requests = sync.registry.traits().requests.saturating_sub(requests);
    report.milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(report)
}

/// The repositories to read.
struct Targets {
    /// Each with whether the registry's own list names it.
    repositories: BTreeMap<RepositoryName, bool>,
    problems: Vec<Problem>,
    /// Why there is no list.
    failure: Option<RegistryError>,
}

impl<'a> Run<'a> {
    async fn begin(
        store: &Arc<Store>,
        sync: &Sync<'_>,
        operation: &'a Operation,
        lock: ConnectionLock,
    ) -> Result<Self, CatalogError> {
        let connection = ensure_connection(store, sync.connection).await?;
        let registry = Arc::clone(&sync.registry);
        Ok(Self {
            recorder: Recorder::start(store, sync.now.clone(), lock)?,
            contents: Contents::new(Arc::clone(store), Arc::clone(&registry)),
            places: Semaphore::new(TAGS_SIDE_BY_SIDE),
            get_counts_as_pull: registry.traits().get_counts_as_pull,
            store: Arc::clone(store),
            registry,
            operation,
            connection,
            ids: Mutex::default(),
        })
    }

    /// Reads everything; what was read is in the index shortly after, also while the registry is waited for.
    async fn all_with_rows_in_time(&self, sync: &Sync<'_>) -> Result<(SyncReport, Arc<Mutex<u64>>), CatalogError> {
        let mut work = pin!(self.all(sync));
        loop {
            tokio::select! {
                outcome = &mut work => return outcome,
                () = tokio::time::sleep(LONGEST_WAIT) => self.recorder.hand_on_overdue()?,
            }
        }
    }

    async fn all(&self, sync: &Sync<'_>) -> Result<(SyncReport, Arc<Mutex<u64>>), CatalogError> {
        let gone_tags = Arc::new(Mutex::new(0));
        if let Scope::Version(repository, digest) = &sync.scope {
            return match repository::read_version(self, repository, digest).await {
                Ok(()) => Ok((SyncReport::default(), gone_tags)),
                Err(failure) => Err(failure.into()),
            };
        }
        let targets = self.targets(sync, &gone_tags).await?;
        let mut report = SyncReport {
            problems: targets.problems,
            ..SyncReport::default()
        };
        let mut failure = targets.failure;
        let mut others = targets.repositories;
        let total = others.len() as u64;
        let first = sync.first.and_then(|name| others.remove_entry(name));
        let read_one = |(name, listed): (RepositoryName, bool)| async move {
            let outcome = repository::read(self, &name, listed).await;
            (name, outcome)
        };
        let first = stream::iter(first).then(read_one);
        let others = stream::iter(others)
            .map(read_one)
            .buffer_unordered(REPOSITORIES_SIDE_BY_SIDE);
        let mut readings = Box::pin(first.chain(others));
        let mut read = Vec::new();
        let mut done = 0;
        while let Some((name, outcome)) = readings.next().await {
            done += 1;
            self.operation.report(&ProgressEvent::Step {
                what: "repositories".to_owned(),
                done,
                total: Some(total),
            });
            match outcome {
                Ok(found) => {
                    add(&mut report, found);
                    read.push(name);
                }
                Err(failure @ (Failure::Registry(RegistryError::Cancelled) | Failure::Catalog(_))) => {
                    return Err(failure.into());
                }
                Err(Failure::Registry(error)) => {
                    report.problems.push(Problem::of(Some(&name), None, &error));
                    failure.get_or_insert(error);
                }
            }
        }
        drop(readings);
        match failure {
            Some(error) if report.repositories == 0 => return Err(error.into()),
            _ => {}
        }
        referrers::read_all(self, &read, &sync.now).await?;
        cut(&mut report.problems);
        Ok((report, gone_tags))
    }

    async fn targets(&self, sync: &Sync<'_>, gone_tags: &Arc<Mutex<u64>>) -> Result<Targets, CatalogError> {
        let pinned = sync.pinned.iter().map(|name| (name.clone(), false));
        if let Scope::Repository(name) = &sync.scope {
            let repositories = BTreeMap::from([(name.clone(), false)]);
            return Ok(Targets {
                repositories,
                problems: Vec::new(),
                failure: None,
            });
        }
        let connection = self.connection;
        let listing = match self.registry.repositories(self.operation).await {
            Ok(listing) => doubt_no_repositories(self, listing, sync.pinned).await?,
            Err(RegistryError::Cancelled) => return Err(CatalogError::Cancelled),
            Err(error) => {
                let problem = Problem::of(None, None, &error);
                let entry = Entry::ConnectionDone {
                    connection,
                    listed: false,
                    problem: Some(problem.clone()),
                };
                self.recorder.push(entry).await?;
                // Whoever pinned repositories knows that the registry does not list: that is said, and no failure.
                let expected = matches!(error.code(), ErrorCode::Denied | ErrorCode::NotFound | ErrorCode::Other);
                let failure = if expected && !sync.pinned.is_empty() {
                    None
                } else {
                    Some(error)
                };
                return Ok(Targets {
                    repositories: pinned.collect(),
                    problems: vec![problem],
                    failure,
                });
            }
        };
        let mut repositories: BTreeMap<RepositoryName, bool> = pinned.collect();
        repositories.extend(listing.items.iter().map(|name| (name.clone(), true)));
        let mut problems: Vec<Problem> = listing.problems.iter().map(|problem| trouble(problem)).collect();
        if let Completeness::Partial { reason } = &listing.complete {
            problems.push(trouble(&format!("the list of repositories is not complete: {reason}")));
        } else {
            let listed: HashSet<RepositoryName> = repositories.keys().cloned().collect();
            let gone_tags = Arc::clone(gone_tags);
            self.recorder
                .push(Entry::RepositoriesGone {
                    connection,
                    listed,
                    gone_tags,
                })
                .await?;
        }
        let problem = problems.first().cloned();
        self.recorder
            .push(Entry::ConnectionDone {
                connection,
                listed: true,
                problem,
            })
            .await?;
        self.make_ids(&listing.items).await?;
        Ok(Targets {
            repositories,
            problems,
            failure: None,
        })
    }

    /// Gives all listed repositories their rows at once.
    async fn make_ids(&self, names: &[RepositoryName]) -> Result<(), CatalogError> {
        let (store, connection, names) = (Arc::clone(&self.store), self.connection, names.to_vec());
        let made = blocking(move || {
            store.write(|writing| {
                let id = |name: RepositoryName| Ok((record::ensure_repository(writing, connection, &name)?, name));
                names.into_iter().map(id).collect::<rusqlite::Result<Vec<_>>>()
            })
        });
        let made = made.await?;
        held(&self.ids).extend(made.into_iter().map(|(id, name)| (name, id)));
        Ok(())
    }

    /// The id of a repository's row, made if there is none.
    pub(super) async fn repository_id(&self, name: &RepositoryName) -> Result<i64, CatalogError> {
        if let Some(id) = held(&self.ids).get(name) {
            return Ok(*id);
        }
        self.make_ids(std::slice::from_ref(name)).await?;
        held(&self.ids)
            .get(name)
            .copied()
            .ok_or_else(|| CatalogError::NotFound(name.to_string()))
    }

    /// The id of a repository's row, if it has one.
    pub(super) async fn known_repository_id(&self, name: &RepositoryName) -> Result<Option<i64>, CatalogError> {
        if let Some(id) = held(&self.ids).get(name) {
            return Ok(Some(*id));
        }
        let (store, connection, name) = (Arc::clone(&self.store), self.connection, name.to_string());
        blocking(move || {
            store.read(|reading| {
                let select = "SELECT id FROM repositories WHERE connection = ?1 AND name = ?2";
                rusqlite::OptionalExtension::optional(
                    reading
                        .prepare_cached(select)?
                        .query_row((connection, name), |row| row.get(0)),
                )
            })
        })
        .await
    }
}

fn add(report: &mut SyncReport, found: RepositoryReport) {
    report.repositories += 1;
    report.tags += found.tags;
    report.new += found.new;
    report.moved += found.moved;
    report.gone += found.gone;
    report.problems.extend(found.problems);
}

/// Keeps the first problems; a last one tells how many there are besides.
fn cut(problems: &mut Vec<Problem>) {
    let more = problems.len().saturating_sub(MOST_PROBLEMS);
    if more > 0 {
        problems.truncate(MOST_PROBLEMS);
        problems.push(trouble(&format!(
            "and {more} more problems; each stands with its version"
        )));
    }
}

fn trouble(message: &str) -> Problem {
    Problem {
        repository: None,
        reference: None,
        code: ErrorCode::InvalidAnswer,
        message: message.to_owned(),
        hint: None,
        retryable: false,
    }
}

async fn ensure_connection(store: &Arc<Store>, name: &ConnectionId) -> Result<i64, CatalogError> {
    let (store, name) = (Arc::clone(store), name.clone());
    blocking(move || store.write(|writing| record::ensure_connection(writing, &name))).await
}

/// Runs work on the index away from the task that the requests run on.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CatalogError> + Send + 'static,
) -> Result<T, CatalogError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(CatalogError::Cancelled))
}
