//! What the steps of a plan free: configs and layers that no manifest that stays needs, each once. Manifests themselves
//! are not counted.

use artifact::{ByteSize, Digest};
use catalog::ConnectionId;
use hashbrown::HashSet;

use super::RepositoryPlan;
use crate::{Action, Snapshot, Step};

/// A registry keeps a blob once for all of its repositories.
type Blob<'a> = (&'a ConnectionId, &'a Digest);

/// Writes to each step what it frees, and gives the sum. A blob that several steps free counts at the first of them.
/// What repositories outside the plan need is not known here.
pub(super) fn attribute(repositories: &mut [RepositoryPlan<'_>]) -> ByteSize {
    let mut freed: HashSet<Blob<'_>> = repositories.iter().flat_map(|it| blobs(it, true)).collect();
    for repository in &*repositories {
        for blob in blobs(repository, false) {
            freed.remove(&blob);
        }
    }
    let mut all = ByteSize::ZERO;
    for repository in repositories {
        for step in &mut repository.steps {
            step.bytes = take(repository.snapshot, step, &mut freed);
            all += step.bytes;
        }
    }
    all
}

/// The blobs of the manifests that go, or of those that stay.
fn blobs<'a>(repository: &RepositoryPlan<'a>, of_going: bool) -> impl Iterator<Item = Blob<'a>> {
    let snapshot = repository.snapshot;
    let manifests = snapshot
        .manifests
        .iter()
        .filter(move |(digest, _)| repository.going.contains(*digest) == of_going);
    manifests.flat_map(move |(_, manifest)| {
        let connection = &snapshot.at.connection;
        manifest.blobs.iter().map(move |(digest, _)| (connection, digest))
    })
}

fn take<'a>(snapshot: &'a Snapshot, step: &Step, freed: &mut HashSet<Blob<'a>>) -> ByteSize {
    let manifest = match step.action {
        Action::DeleteManifest => snapshot.manifests.get(&step.digest),
        _ => None,
    };
    let blobs = manifest.map_or(&[][..], |manifest| manifest.blobs.as_slice());
    let connection = &snapshot.at.connection;
    let taken = blobs.iter().filter(|(digest, _)| freed.remove(&(connection, digest)));
    taken.map(|(_, size)| *size).sum()
}
