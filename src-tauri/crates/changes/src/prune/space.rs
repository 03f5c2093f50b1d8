//! What the steps of a plan free: configs and layers that no manifest that stays needs, each once. Manifests themselves
//! are not counted.

use artifact::{ByteSize, Digest};
use catalog::ConnectionId;
use hashbrown::{HashMap, HashSet};

use super::RepositoryPlan;
use crate::{Action, Snapshot, Step};

/// A registry keeps a blob once for all of its repositories.
pub(super) type Blob<'a> = (&'a ConnectionId, &'a Digest);

/// The blobs that only manifests that go need, each with its size. Of each repository: what is there, and what goes.
pub(super) fn only_going<'a, 'b>(
    parts: &(impl Iterator<Item = (&'a Snapshot, &'b HashSet<&'b Digest>)> + Clone),
) -> HashMap<Blob<'a>, ByteSize> {
    let blobs = |of_going: bool| {
        parts.clone().flat_map(move |(snapshot, going)| {
            let manifests = snapshot.manifests.iter();
            let chosen = manifests.filter(move |(digest, _)| going.contains(*digest) == of_going);
            chosen.flat_map(move |(_, manifest)| {
                let connection = &snapshot.at.connection;
                manifest
                    .blobs
                    .iter()
                    .map(move |(digest, size)| ((connection, digest), *size))
            })
        })
    };
    let mut freed: HashMap<Blob<'a>, ByteSize> = blobs(true).collect();
    for (blob, _) in blobs(false) {
        freed.remove(&blob);
    }
    freed
}

/// Writes to each step what it frees, and gives the sum. A blob that several steps free counts at the first of them.
/// What repositories outside the plan need is not known here.
pub(super) fn attribute(repositories: &mut [RepositoryPlan<'_>]) -> ByteSize {
    let parts = repositories
        .iter()
        .map(|repository| (repository.snapshot, &repository.going));
    let mut freed = only_going(&parts);
    let mut all = ByteSize::ZERO;
    for repository in repositories {
        for step in &mut repository.steps {
            step.bytes = take(repository.snapshot, step, &mut freed);
            all += step.bytes;
        }
    }
    all
}

fn take<'a>(snapshot: &'a Snapshot, step: &Step, freed: &mut HashMap<Blob<'a>, ByteSize>) -> ByteSize {
    let manifest = match step.action {
        Action::DeleteManifest => snapshot.manifests.get(&step.digest),
        _ => None,
    };
    let blobs = manifest.map_or(&[][..], |manifest| manifest.blobs.as_slice());
    let connection = &snapshot.at.connection;
    let taken = blobs
        .iter()
        .filter(|(digest, _)| freed.remove(&(connection, digest)).is_some());
    taken.map(|(_, size)| *size).sum()
}
