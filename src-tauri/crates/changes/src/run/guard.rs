//! Looks at a repository before its first delete, and again while deletes go on: what points at it that the plan did not
//! know of.
//!
//! A tag that came or moved since the plan was made keeps what it reaches. Only reads.

use std::collections::{BTreeSet, HashMap, HashSet};

use artifact::{Digest, Manifest, Tag, media_type};
use futures::{StreamExt, stream};
use registry::{Completeness, ListedTag, RawManifest, RegistryError, Resolved, Target};
use tokio::{
    sync::Mutex,
    time::{Duration, Instant},
};

use super::{check::children, work::Work};
use crate::{Action, Located, Step};

/// How old a look may be when something is deleted: what is tagged within this time may be lost, as it may within any
/// single delete.
#[cfg(not(test))]
const LOOK_HOLDS: Duration = Duration::from_millis(500);
/// Tests wait for nothing.
#[cfg(test)]
const LOOK_HOLDS: Duration = Duration::ZERO;

/// One guard per repository in which manifests are deleted.
#[derive(Default)]
pub(super) struct Guards {
    by_place: HashMap<Located, Mutex<Guard>>,
}

/// What the looks found so far.
#[derive(Default)]
struct Guard {
    /// When the last look began.
    looked: Option<Instant>,
    /// The tags that it listed.
    seen: HashSet<Tag>,
    /// Digests of the plan that something needs, with the tag that does.
    spared: HashMap<Digest, String>,
    /// Why the repository could not be read in full: nothing of it is deleted.
    closed: Option<String>,
}

impl Guards {
    pub(super) fn new(steps: &[Step], done: &[bool]) -> Self {
        let deletes = steps.iter().enumerate().filter(|(place, step)| {
            step.action == Action::DeleteManifest && !done.get(*place).copied().unwrap_or(false)
        });
        let places = deletes.map(|(_, step)| (step.at.clone(), Mutex::default()));
        Self {
            by_place: places.collect(),
        }
    }
}

/// Why a delete is not made, if something stands against it.
pub(super) async fn objection(work: &Work, step: &Step) -> Result<Option<String>, RegistryError> {
    let Some(guard) = work.guards.by_place.get(&step.at) else {
        return Ok(None);
    };
    let mut guard = guard.lock().await;
    if guard.closed.is_none() && guard.looked.is_none_or(|looked| looked.elapsed() > LOOK_HOLDS) {
        let began = Instant::now();
        match look(work, &step.at, &guard).await? {
            Ok(look) => guard.learn(look, began),
            Err(reason) => guard.closed = Some(reason),
        }
    }
    if let Some(reason) = &guard.closed {
        return Ok(Some(format!(
            "the repository could not be read in full just before: {reason}"
        )));
    }
    let subject = step.tag.as_ref().and_then(Tag::referrer_subject);
    let mut needed = std::iter::once(&step.digest).chain(subject.as_ref());
    Ok(needed
        .find_map(|digest| guard.spared.get(digest))
        .map(|tag| format!("the tag {tag}, which the plan did not know there, needs it")))
}

impl Guard {
    fn learn(&mut self, look: Look, began: Instant) {
        self.looked = Some(began);
        self.seen = look.seen;
        self.spared.extend(look.spared);
    }
}

/// What one look found.
struct Look {
    seen: HashSet<Tag>,
    spared: HashMap<Digest, String>,
}

/// The first look asks what every tag holds; later ones ask of those that are new since, and of the protected ones.
///
/// The inner error is why the repository could not be read in full.
async fn look(work: &Work, at: &Located, before: &Guard) -> Result<Result<Look, String>, RegistryError> {
    let registry = work.registry(at)?;
    let listing = match registry.tags(&at.repository, &work.operation).await {
        Ok(listing) => listing,
        Err(RegistryError::Cancelled) => return Err(RegistryError::Cancelled),
        Err(error) => return Ok(Err(error.to_string())),
    };
    if let Completeness::Partial { reason } = listing.complete {
        return Ok(Err(reason));
    }
    if let Some(problem) = listing.problems.into_iter().next() {
        return Ok(Err(problem));
    }
    let planned = planned(work, at);
    let seen: HashSet<Tag> = listing.items.iter().map(|listed| listed.tag.clone()).collect();
    let asked = listing.items.into_iter().filter(|listed| {
        before.looked.is_none()
            || listed.digest.is_some()
            || !before.seen.contains(&listed.tag)
            || work.protected.contains(&(at.clone(), listed.tag.clone()))
    });
    let looks = stream::iter(asked).map(|listed| resolve(work, at, listed));
    let mut looks = looks.buffer_unordered(work.room(&at.connection));
    let mut unknown = Vec::new();
    while let Some((tag, found)) = looks.next().await {
        match found {
            Ok(found) if planned.contains(&(&tag, &found.digest)) => {}
            Ok(found) if work.kept.contains(&(at.clone(), tag.clone(), found.digest.clone())) => {}
            Ok(found) => unknown.push((tag, found)),
            // Gone since it was listed.
            Err(RegistryError::NotFound { .. }) => {}
            Err(RegistryError::Cancelled) => return Err(RegistryError::Cancelled),
            Err(error) => return Ok(Err(error.to_string())),
        }
    }
    drop(looks);
    let spared = spare(work, at, unknown).await?;
    Ok(spared.map(|spared| Look { seen, spared }))
}

/// Tags that go, with what they hold: no reason to keep anything. Those of steps that were done are not among them: such
/// a tag that is there again is a new one.
fn planned<'a>(work: &'a Work, at: &Located) -> HashSet<(&'a Tag, &'a Digest)> {
    let steps = work.steps.iter().enumerate();
    let open = steps.filter(|(place, step)| {
        step.at == *at
            && !work.done_before.get(*place).copied().unwrap_or(false)
            && matches!(step.action, Action::DeleteTag | Action::DeleteManifest)
    });
    open.flat_map(|(_, step)| step.tags.iter().chain(&step.tag).map(move |tag| (tag, &step.digest)))
        .collect()
}

async fn resolve(work: &Work, at: &Located, listed: ListedTag) -> (Tag, Result<Resolved, RegistryError>) {
    let found = match (listed.digest, work.registry(at)) {
        (Some(digest), _) => Ok(Resolved {
            digest,
            media_type: None,
            size: None,
        }),
        (None, Ok(registry)) => {
            let target = Target::Tag(listed.tag.clone());
            registry.resolve(&at.repository, &target, &work.operation).await
        }
        (None, Err(error)) => Err(error),
    };
    (listed.tag, found)
}

/// Everything of the plan that the unknown tags reach: their digests, the children of these, and what belongs to them.
async fn spare(
    work: &Work,
    at: &Located,
    unknown: Vec<(Tag, Resolved)>,
) -> Result<Result<HashMap<Digest, String>, String>, RegistryError> {
    let mut spared: HashMap<Digest, String> = HashMap::new();
    let mut open: Vec<(Digest, Option<String>, String)> = unknown
        .into_iter()
        .map(|(tag, found)| (found.digest, found.media_type, tag.to_string()))
        .collect();
    let going = going(work, at);
    let referrers = referrers(work, &going);
    while let Some((digest, media_type, tag)) = open.pop() {
        if spared.contains_key(&digest) {
            continue;
        }
        spared.insert(digest.clone(), tag.clone());
        for referrer in referrers.get(&digest).into_iter().flatten() {
            open.push((referrer.clone(), None, tag.clone()));
        }
        // What no index is has no children, and is not worth a request.
        if media_type
            .is_some_and(|media_type| media_type::is_manifest(&media_type) && !media_type::is_index(&media_type))
        {
            continue;
        }
        match manifest(work, at, &digest).await {
            Ok(manifest) => {
                let below = children(&manifest).into_iter();
                open.extend(below.map(|child| (child, None, tag.clone())));
            }
            Err(RegistryError::NotFound { .. }) => {}
            Err(RegistryError::Cancelled) => return Err(RegistryError::Cancelled),
            Err(error) => return Ok(Err(error.to_string())),
        }
    }
    spared.retain(|digest, _| going.contains(digest));
    Ok(Ok(spared))
}

/// The manifests that the plan deletes there.
fn going(work: &Work, at: &Located) -> BTreeSet<Digest> {
    let deletes = work
        .steps
        .iter()
        .filter(|step| step.at == *at && step.action == Action::DeleteManifest);
    deletes.map(|step| step.digest.clone()).collect()
}

/// By subject, what of the plan belongs to it.
fn referrers(work: &Work, going: &BTreeSet<Digest>) -> HashMap<Digest, Vec<Digest>> {
    let mut by_subject: HashMap<Digest, Vec<Digest>> = HashMap::new();
    for digest in going {
        let manifest = work.manifests.get(digest);
        let read = manifest.and_then(|raw| Manifest::parse(Some(&raw.media_type), &raw.bytes).ok());
        if let Some(subject) = read.as_ref().and_then(Manifest::subject) {
            by_subject
                .entry(subject.digest.clone())
                .or_default()
                .push(digest.clone());
        }
    }
    // Cosign's tags name their subject.
    for step in &work.steps {
        if let Some(subject) = step.tag.iter().chain(&step.tags).find_map(Tag::referrer_subject) {
            by_subject.entry(subject).or_default().push(step.digest.clone());
        }
    }
    by_subject
}

/// A manifest's verified bytes, from wherever they are at hand.
async fn manifest(work: &Work, at: &Located, digest: &Digest) -> Result<RawManifest, RegistryError> {
    if let Some(manifest) = work.manifests.get(digest) {
        return Ok(manifest.clone());
    }
    if let Some(index) = &work.index
        && let Ok(Some((media_type, bytes))) = index.manifest_bytes(digest)
    {
        return Ok(RawManifest {
            digest: digest.clone(),
            media_type,
            bytes,
        });
    }
    let target = Target::Digest(digest.clone());
    work.registry(at)?
        .manifest(&at.repository, &target, &work.operation)
        .await
}
