//! What people must know of a plan besides its steps: what the registry does later, what cannot be undone, and what its
//! administrator has to allow.

use std::collections::BTreeMap;

use catalog::ConnectionId;
use registry::Undo;

use super::RepositoryPlan;
use crate::KeepReason;

/// How many repositories a warning names.
const NAMED: usize = 3;
/// What a warning promises of undoing, at its end.
const UNTIL_COLLECTED: &str = "; until then this can be undone";
const FOR_DAYS: &str = ": this can be undone for ";
const NOT_AT_ALL: &str = ": this cannot be undone";
/// What holds instead where all that goes stands in a backup.
const FROM_BACKUP: &str = "this can be undone for as long as the backup is kept";

/// What is said of a repository; those of one connection that say the same are named together.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Warning {
    DeletesOff,
    NoSafeWay,
    NoReleases { count: usize },
    FreedLater,
    StaysOnDisk,
    Restorable { days: u16 },
    NoUndo,
}

/// Everything that is to be said, each once per connection.
pub(super) fn warnings(repositories: &[RepositoryPlan<'_>]) -> Vec<String> {
    let mut about: BTreeMap<(&ConnectionId, Warning), Vec<&str>> = BTreeMap::new();
    for repository in repositories {
        for warning in of(repository) {
            let at = &repository.snapshot.at;
            about
                .entry((&at.connection, warning))
                .or_default()
                .push(at.repository.as_str());
        }
    }
    let told = about.iter().map(|((_, warning), names)| warning.text(&named(names)));
    told.collect()
}

/// The warnings of a plan whose deletes wait for a backup: what the registry keeps does not matter to its undo any more.
pub(crate) fn promised_by_backup(warnings: Vec<String>) -> Vec<String> {
    let others = warnings.into_iter().filter_map(|warning| {
        let about_undo = warning.ends_with(NOT_AT_ALL) || warning.contains(FOR_DAYS);
        let kept = warning.strip_suffix(UNTIL_COLLECTED).unwrap_or(&warning).to_owned();
        (!about_undo).then_some(kept)
    });
    others.chain([FROM_BACKUP.to_owned()]).collect()
}

fn of(repository: &RepositoryPlan<'_>) -> Vec<Warning> {
    let hindered = repository.obstacle.as_ref().map(|obstacle| match obstacle {
        KeepReason::DeletesOff => Warning::DeletesOff,
        _ => Warning::NoSafeWay,
    });
    let deletes_a_version = !repository.going.is_empty();
    let later = match repository.snapshot.rules.undo {
        Undo::PutAgain if deletes_a_version => Some(Warning::FreedLater),
        Undo::PutAgainFromDisk if deletes_a_version => Some(Warning::StaysOnDisk),
        Undo::Restore { days } if deletes_a_version => Some(Warning::Restorable { days }),
        Undo::None if deletes_a_version => Some(Warning::NoUndo),
        _ => None,
    };
    let count = repository.no_releases;
    let others = (count > 0).then_some(Warning::NoReleases { count });
    hindered.into_iter().chain(others).chain(later).collect()
}

impl Warning {
    fn text(&self, names: &str) -> String {
        match self {
            Self::DeletesOff => format!(
                "{names}: deletes are off in this registry; its administrator has to allow them \
                 (distribution: REGISTRY_STORAGE_DELETE_ENABLED=true)"
            ),
            Self::NoSafeWay => format!(
                "{names}: no safe way to delete versions in this registry is known; delete them on the provider's own page"
            ),
            Self::NoReleases { count: 1 } => {
                format!("{names}: 1 tag that is no release goes too; keep it with --keep PATTERN, or give an age")
            }
            Self::NoReleases { count } => format!(
                "{names}: {count} tags that are no releases go too; keep them with --keep PATTERN, or give an age"
            ),
            Self::FreedLater => {
                format!("{names}: the space is free only when the registry collects its garbage{UNTIL_COLLECTED}")
            }
            Self::StaysOnDisk => format!(
                "{names}: the space is free only when what stays is copied into a new folder or archive and this one is \
                 removed{UNTIL_COLLECTED}"
            ),
            Self::Restorable { days } => format!("{names}{FOR_DAYS}{days} days"),
            Self::NoUndo => format!("{names}{NOT_AT_ALL}"),
        }
    }
}

/// `a, b, c and 4 more`.
fn named(names: &[&str]) -> String {
    let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
