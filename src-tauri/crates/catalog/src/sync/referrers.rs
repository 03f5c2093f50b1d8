//! What points at versions, read after the rows are complete.
//!
//! Whether a host has the referrers API is learned once; without it the fallback tags among the tags suffice.

use std::sync::Arc;

use artifact::{Descriptor, Digest, RepositoryName};
use futures::{StreamExt, stream};
use registry::{Clock, ErrorCode, Operation, Registry, RegistryError};

use super::{
    recorder::Entry,
    repository::TAGS_SIDE_BY_SIDE,
    run::{Run, blocking},
};
use crate::{
    CatalogError, ConnectionId,
    record::{self, range},
    store::{Store, digest_of, milliseconds},
    versions::facts::{find_repository, require_repository},
};

const HOUR: i64 = 60 * 60 * 1000;
/// A host that had no referrers API is asked again after a day.
const FORGOTTEN_AFTER: i64 = 24 * HOUR;

/// After so many failures in a row nothing more is asked: each may have taken all tries, with their waits.
const MOST_FAILURES: usize = 3;

/// What one answer tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Kept,
    NoApi,
    /// It tells nothing of the API. `passing`: the registry is in trouble, not only this repository closed.
    Failed {
        passing: bool,
    },
}

/// How the reading of one repository ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Well,
    NoApi,
    /// The registry is in trouble: the next refresh tries again.
    GaveUp,
}

/// Failures since the last answer.
#[derive(Default)]
struct Failures {
    in_a_row: usize,
}

impl Failures {
    /// Whether to go on after this answer.
    fn end(&mut self, answer: Answer) -> Option<Ended> {
        match answer {
            Answer::NoApi => Some(Ended::NoApi),
            Answer::Kept => {
                self.in_a_row = 0;
                None
            }
            Answer::Failed { passing } => {
                self.in_a_row += 1;
                let ended = if passing { Ended::GaveUp } else { Ended::Well };
                (self.in_a_row >= MOST_FAILURES).then_some(ended)
            }
        }
    }
}

/// Reads the referrers of all versions of these repositories that were not read within the hour.
pub(super) async fn read_all(
    run: &Run<'_>,
    repositories: &[RepositoryName],
    clock: &Clock,
) -> Result<(), CatalogError> {
    let now = milliseconds(clock.now());
    if known_support(run, now).await? == Some(false) {
        return Ok(());
    }
    run.recorder.settle().await?;
    let mut learned = false;
    for name in repositories {
        match read_repository(run, name, now, &mut learned).await? {
            Ended::Well => {}
            Ended::GaveUp => break,
            Ended::NoApi => {
                let entry = Entry::ReferrersApi {
                    connection: run.connection,
                    present: false,
                };
                return run.recorder.push(entry).await;
            }
        }
    }
    if learned {
        run.recorder
            .push(Entry::ReferrersApi {
                connection: run.connection,
                present: true,
            })
            .await?;
    }
    Ok(())
}

/// One version after the other until one answer has told that the API is there, then side by side.
async fn read_repository(
    run: &Run<'_>,
    name: &RepositoryName,
    now: i64,
    learned: &mut bool,
) -> Result<Ended, CatalogError> {
    let id = run.repository_id(name).await?;
    let mut due = due_versions(run, id, now).await?;
    let mut failures = Failures::default();
    while !*learned && let Some(subject) = due.pop() {
        let answer = read_one(run, name, id, &subject).await?;
        *learned = answer == Answer::Kept;
        if let Some(ended) = failures.end(answer) {
            return Ok(ended);
        }
    }
    let mut reads = stream::iter(due)
        .map(|subject| async move { read_one(run, name, id, &subject).await })
        .buffer_unordered(TAGS_SIDE_BY_SIDE);
    while let Some(answer) = reads.next().await {
        let answer = answer?;
        // The API is known to be there: one odd answer does not take that back.
        if answer != Answer::NoApi
            && let Some(ended) = failures.end(answer)
        {
            return Ok(ended);
        }
    }
    Ok(Ended::Well)
}

/// A failure is not told: the rows are complete.
async fn read_one(
    run: &Run<'_>,
    name: &RepositoryName,
    repository: i64,
    subject: &Digest,
) -> Result<Answer, CatalogError> {
    match run.registry.referrers(name, subject, run.operation).await {
        Ok(Some(listing)) => {
            let found = listing.items;
            run.recorder
                .push(Entry::Referrers {
                    repository,
                    subject: subject.clone(),
                    found,
                })
                .await?;
            Ok(Answer::Kept)
        }
        Ok(None) => Ok(Answer::NoApi),
        Err(RegistryError::Cancelled) => Err(CatalogError::Cancelled),
        Err(error) => {
            tracing::debug!(%error, %subject, "the referrers could not be read");
            Ok(Answer::Failed {
                passing: error.retryable(),
            })
        }
    }
}

async fn known_support(run: &Run<'_>, now: i64) -> Result<Option<bool>, CatalogError> {
    let (store, connection) = (Arc::clone(&run.store), run.connection);
    blocking(move || {
        store.read(|reading| {
            let select = "SELECT referrers_api FROM connections WHERE id = ?1 AND referrers_api_at > ?2";
            let mut statement = reading.prepare_cached(select)?;
            let mut rows = statement.query((connection, now - FORGOTTEN_AFTER))?;
            rows.next()?.map_or(Ok(None), |row| row.get(0))
        })
    })
    .await
}

/// Tagged versions whose referrers were not read within the hour.
async fn due_versions(run: &Run<'_>, repository: i64, now: i64) -> Result<Vec<Digest>, CatalogError> {
    let store = Arc::clone(&run.store);
    blocking(move || {
        store.read(|reading| {
            let (first, last) = range(repository);
            let select = "SELECT DISTINCT digests.digest FROM tags JOIN digests ON digests.id = tags.digest
                LEFT JOIN versions ON versions.digest = tags.digest AND versions.repository = ?4
                WHERE tags.id BETWEEN ?1 AND ?2 AND hidden = 0
                  AND (referrers_read_at IS NULL OR referrers_read_at <= ?3)";
            let mut statement = reading.prepare_cached(select)?;
            let mut rows = statement.query((first, last, now - HOUR, repository))?;
            let mut due = Vec::new();
            while let Some(row) = rows.next()? {
                due.extend(digest_of(row.get_ref(0)?.as_blob()?));
            }
            Ok(due)
        })
    })
    .await
}

/// What the registry names as pointing at `digest` now, kept in the index. `false`: it has no referrers API.
pub(crate) async fn refresh(
    store: &Arc<Store>,
    connection: &ConnectionId,
    repository: &RepositoryName,
    digest: &Digest,
    registry: &Arc<dyn Registry>,
    clock: &Clock,
    operation: &Operation,
) -> Result<bool, CatalogError> {
    require_repository(store, connection, repository)?;
    let found: Vec<Descriptor> = match registry.referrers(repository, digest, operation).await {
        Ok(Some(listing)) => listing.items,
        Ok(None) => return Ok(false),
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(false),
        Err(RegistryError::Cancelled) => return Err(CatalogError::Cancelled),
        Err(error) => return Err(error.into()),
    };
    let (store, subject, at) = (Arc::clone(store), digest.clone(), milliseconds(clock.now()));
    let (connection, repository) = (connection.clone(), repository.clone());
    blocking(move || {
        store.write(|writing| {
            // The answer took its time: the repository may be forgotten, and its row another's.
            match find_repository(&writing.transaction, &connection, &repository)? {
                Some(known) => record::keep_referrers(writing, known.id, &subject, &found, at),
                None => Ok(()),
            }
        })
    })
    .await?;
    Ok(true)
}
