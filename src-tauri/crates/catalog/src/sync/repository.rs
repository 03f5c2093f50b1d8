//! Reading one repository: its tags, then what each points at.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use artifact::{Digest, RepositoryName, Tag};
use futures::{StreamExt, stream};
use registry::{Completeness, ErrorCode, ListedTag, Listing, ProgressEvent, RegistryError, Target};
use tokio::sync::OnceCell;

use super::{
    contents::ManifestSlot,
    list::{self, Known},
    recorder::Entry,
    run::Run,
    version,
};
use crate::{CatalogError, Problem, store::held};

/// Tags of one repository that are under way at once; all repositories together are bound by the run.
pub(super) const TAGS_SIDE_BY_SIDE: usize = 64;
/// Progress is told after this many tags.
const TOLD_EVERY: u64 = 25;

/// A repository while it is read.
pub(super) struct Reading<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) name: &'a RepositoryName,
    pub(super) id: i64,
    known: Known,
    /// Versions of this reading, so that the aliases of one digest read it once.
    versions: Mutex<HashMap<Digest, Arc<OnceCell<Option<Problem>>>>>,
    done: AtomicU64,
    problems: Mutex<Vec<Problem>>,
}

/// What the reading of one repository found.
#[derive(Default)]
pub(super) struct RepositoryReport {
    pub(super) tags: u64,
    pub(super) new: u64,
    pub(super) moved: u64,
    pub(super) gone: u64,
    pub(super) problems: Vec<Problem>,
}

/// Why a repository could not be read at all.
pub(super) enum Failure {
    Registry(RegistryError),
    Catalog(CatalogError),
}

impl From<CatalogError> for Failure {
    fn from(error: CatalogError) -> Self {
        Self::Catalog(error)
    }
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        Self::Registry(error)
    }
}

impl From<Failure> for CatalogError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Registry(RegistryError::Cancelled) => Self::Cancelled,
            Failure::Registry(error) => error.into(),
            Failure::Catalog(error) => error,
        }
    }
}

/// Reads a repository and everything in it; `listed`: the registry's own list names it.
pub(super) async fn read(run: &Run<'_>, name: &RepositoryName, listed: bool) -> Result<RepositoryReport, Failure> {
    let listing = match run.registry.tags(name, run.operation).await {
        // A repository that was emptied stays listed by some registries, and has no tags.
        Err(error) if listed && error.code() == ErrorCode::NotFound => Listing::complete(Vec::new()),
        Err(error) => return Err(fail(run, name, error).await?),
        Ok(listing) => listing,
    };
    let id = run.repository_id(name).await?;
    let known = list::load_known(&run.store, id).await?;
    let listing = list::doubt_emptiness(run, name, listing, &known).await?;
    let (tags, differences) = list::compare(&listing, &known);
    let mut report = RepositoryReport {
        tags: list::count(tags.iter().map(|tag| &tag.tag)),
        gone: list::count(differences.vanished.iter()),
        problems: listing.problems.iter().map(|problem| refused(name, problem)).collect(),
        ..RepositoryReport::default()
    };
    if !differences.is_empty() {
        run.recorder
            .push(Entry::Listed {
                repository: id,
                changes: differences,
            })
            .await?;
    }
    let reading = Reading {
        run,
        name,
        id,
        known,
        versions: Mutex::default(),
        done: AtomicU64::new(0),
        problems: Mutex::default(),
    };
    let total = tags.len() as u64;
    reading.tell(total);
    let outcome = reading.tags(tags, &mut report).await;
    reading.finish(outcome, &listing, report).await
}

/// Reads one version that no tag needs to lead to.
pub(super) async fn read_version(run: &Run<'_>, name: &RepositoryName, digest: &Digest) -> Result<(), Failure> {
    let id = run.repository_id(name).await?;
    let reading = Reading {
        run,
        name,
        id,
        known: Known::default(),
        versions: Mutex::default(),
        done: AtomicU64::new(0),
        problems: Mutex::default(),
    };
    let tree = version::read(&reading, digest, None, &digest.to_string()).await??;
    let entry = Entry::Version {
        repository: id,
        tree: Box::new(tree),
    };
    Ok(run.recorder.push(entry).await?)
}

async fn fail(run: &Run<'_>, name: &RepositoryName, error: RegistryError) -> Result<Failure, CatalogError> {
    if error.code() != ErrorCode::Cancelled
        && let Some(id) = run.known_repository_id(name).await?
    {
        let problem = Problem::of(Some(name), None, &error);
        run.recorder
            .push(Entry::Failed {
                repository: id,
                problem,
            })
            .await?;
    }
    Ok(Failure::Registry(error))
}

fn refused(name: &RepositoryName, message: &str) -> Problem {
    Problem {
        repository: Some(name.clone()),
        reference: None,
        code: ErrorCode::InvalidAnswer,
        message: message.to_owned(),
        hint: None,
        retryable: false,
    }
}

/// What happened to one tag.
enum Outcome {
    New,
    Moved,
    Same,
    Cancelled,
}

impl Reading<'_> {
    async fn tags(&self, tags: Vec<ListedTag>, report: &mut RepositoryReport) -> Result<bool, CatalogError> {
        let total = tags.len() as u64;
        let mut outcomes = stream::iter(tags)
            .map(|tag| self.tag(tag))
            .buffer_unordered(TAGS_SIDE_BY_SIDE);
        while let Some(outcome) = outcomes.next().await {
            let (hidden, outcome) = outcome?;
            match outcome {
                Outcome::Cancelled => return Ok(false),
                Outcome::New if !hidden => report.new += 1,
                Outcome::Moved if !hidden => report.moved += 1,
                Outcome::New | Outcome::Moved | Outcome::Same => {}
            }
            self.done.fetch_add(1, Ordering::Relaxed);
            self.tell(total);
        }
        Ok(true)
    }

    fn tell(&self, total: u64) {
        let done = self.done.load(Ordering::Relaxed);
        if done.is_multiple_of(TOLD_EVERY) || done == total {
            let what = self.name.to_string();
            self.run.operation.report(&ProgressEvent::Step {
                what,
                done,
                total: Some(total),
            });
        }
    }

    async fn tag(&self, listed: ListedTag) -> Result<(bool, Outcome), CatalogError> {
        let _place = self.run.places.acquire().await;
        let hidden = listed.tag.is_referrer_name();
        let before = self.known.digest(&listed.tag);
        let failed_before = self.known.has_problem(&listed.tag);
        match self.point(&listed, before).await {
            Ok((digest, slot)) => {
                let problem = match self.version(&listed.tag, &digest, slot).await? {
                    Ok(problem) => problem,
                    Err(RegistryError::Cancelled) => return Ok((hidden, Outcome::Cancelled)),
                    Err(error) => Some(self.problem(&listed.tag, &error)),
                };
                let same = before == Some(&digest);
                if !same || problem.is_some() || failed_before {
                    self.write(listed.tag, Some(digest), problem).await?;
                }
                let outcome = match before {
                    None => Outcome::New,
                    Some(_) if same => Outcome::Same,
                    Some(_) => Outcome::Moved,
                };
                Ok((hidden, outcome))
            }
            Err(Failure::Registry(RegistryError::Cancelled)) => Ok((hidden, Outcome::Cancelled)),
            Err(Failure::Catalog(error)) => Err(error),
            Err(Failure::Registry(error)) => {
                let problem = self.problem(&listed.tag, &error);
                let outcome = if before.is_none() { Outcome::New } else { Outcome::Same };
                self.write(listed.tag, None, Some(problem)).await?;
                Ok((hidden, outcome))
            }
        }
    }

    /// Where the tag points: as listed; by HEAD if it was seen before or a GET counts as a pull; else by GET at once.
    async fn point(
        &self,
        listed: &ListedTag,
        before: Option<&Digest>,
    ) -> Result<(Digest, Option<ManifestSlot>), Failure> {
        if let Some(digest) = &listed.digest {
            return Ok((digest.clone(), None));
        }
        let (registry, operation) = (&self.run.registry, self.run.operation);
        let target = Target::Tag(listed.tag.clone());
        if before.is_some() || self.run.get_counts_as_pull {
            let resolved = registry.resolve(self.name, &target, operation).await?;
            return Ok((resolved.digest, None));
        }
        let raw = registry.manifest(self.name, &target, operation).await?;
        let digest = raw.digest.clone();
        let read = self.run.contents.adopt(raw).await;
        if read.fetched {
            self.run.recorder.push(Entry::Manifest(Arc::clone(&read.slot))).await?;
        }
        Ok((digest, Some(read.slot)))
    }

    /// Reads the version unless the index has it whole. A problem that it has been shown with stays on its own row.
    async fn version(
        &self,
        tag: &Tag,
        digest: &Digest,
        slot: Option<ManifestSlot>,
    ) -> Result<Result<Option<Problem>, RegistryError>, CatalogError> {
        if self.known.is_complete(digest) {
            return Ok(Ok(None));
        }
        if tag.is_referrer_name() {
            return self.pointer(digest, slot).await;
        }
        let cell = Arc::clone(held(&self.versions).entry(digest.clone()).or_default());
        let mut failure = None;
        let read = || async {
            match version::read(self, digest, slot, tag.as_str()).await {
                Ok(Ok(tree)) => {
                    let entry = Entry::Version {
                        repository: self.id,
                        tree: Box::new(tree),
                    };
                    self.run
                        .recorder
                        .push(entry)
                        .await
                        .map_err(Failure::Catalog)
                        .map(|()| None)
                }
                Ok(Err(RegistryError::Cancelled)) => Err(Failure::Registry(RegistryError::Cancelled)),
                Ok(Err(error)) => {
                    let problem = Problem::of(Some(self.name), Some(tag.to_string()), &error);
                    failure = Some(error);
                    Ok(Some(problem))
                }
                Err(error) => Err(Failure::Catalog(error)),
            }
        };
        match cell.get_or_try_init(read).await {
            Ok(problem) => match failure {
                Some(error) => Ok(Err(error)),
                None => Ok(Ok(problem.clone())),
            },
            Err(Failure::Registry(error)) => Ok(Err(error)),
            Err(Failure::Catalog(error)) => Err(error),
        }
    }

    /// A signature's or fallback list's own manifest; its blobs are not needed.
    async fn pointer(
        &self,
        digest: &Digest,
        slot: Option<ManifestSlot>,
    ) -> Result<Result<Option<Problem>, RegistryError>, CatalogError> {
        if slot.is_some() {
            return Ok(Ok(None));
        }
        Ok(version::manifest(self, digest).await?.map(|_| None))
    }

    async fn write(&self, tag: Tag, digest: Option<Digest>, problem: Option<Problem>) -> Result<(), CatalogError> {
        self.run
            .recorder
            .push(Entry::Tag {
                repository: self.id,
                tag,
                digest,
                problem,
            })
            .await
    }

    fn problem(&self, tag: &Tag, error: &RegistryError) -> Problem {
        let problem = Problem::of(Some(self.name), Some(tag.to_string()), error);
        held(&self.problems).push(problem.clone());
        problem
    }

    async fn finish(
        self,
        outcome: Result<bool, CatalogError>,
        listing: &Listing<ListedTag>,
        mut report: RepositoryReport,
    ) -> Result<RepositoryReport, Failure> {
        let whole = outcome? && !self.run.operation.cancel.is_cancelled();
        if !whole {
            self.run.recorder.push(Entry::Recount { repository: self.id }).await?;
            return Err(Failure::Registry(RegistryError::Cancelled));
        }
        self.untagged().await?;
        report.problems.append(&mut held(&self.problems));
        let partial_reason = match &listing.complete {
            Completeness::Complete => None,
            Completeness::Partial { reason } => Some(reason.clone()),
        };
        if let Some(reason) = &partial_reason {
            report.problems.push(refused(
                self.name,
                &format!("the list of tags is not complete: {reason}"),
            ));
        }
        self.run
            .recorder
            .push(Entry::Finished {
                repository: self.id,
                partial_reason,
            })
            .await?;
        Ok(report)
    }

    /// Reads manifests without a tag, where the registry lists them.
    async fn untagged(&self) -> Result<(), Failure> {
        let listing = match self.run.registry.manifests(self.name, self.run.operation).await {
            Ok(Some(listing)) => listing,
            Ok(None) | Err(RegistryError::Unsupported { .. }) => return Ok(()),
            Err(RegistryError::Cancelled) => return Err(Failure::Registry(RegistryError::Cancelled)),
            Err(error) => {
                held(&self.problems).push(Problem::of(Some(self.name), None, &error));
                return Ok(());
            }
        };
        let digests: Vec<Digest> = listing.items.into_iter().map(|descriptor| descriptor.digest).collect();
        let unread: HashSet<Digest> = digests
            .iter()
            .filter(|digest| !self.known.is_complete(digest))
            .cloned()
            .collect();
        let mut reads = stream::iter(unread)
            .map(|digest| async move {
                let read = version::manifest(self, &digest).await;
                (digest, read)
            })
            .buffer_unordered(TAGS_SIDE_BY_SIDE);
        while let Some((digest, read)) = reads.next().await {
            match read? {
                Ok(_) => {}
                Err(RegistryError::Cancelled) => return Err(Failure::Registry(RegistryError::Cancelled)),
                Err(error) => {
                    held(&self.problems).push(Problem::of(Some(self.name), Some(digest.to_string()), &error));
                }
            }
        }
        drop(reads);
        if listing.complete == Completeness::Complete
            && self.known.listed_manifests != digests.iter().cloned().collect()
        {
            self.run
                .recorder
                .push(Entry::ListedManifests {
                    repository: self.id,
                    digests,
                })
                .await?;
        }
        Ok(())
    }
}
