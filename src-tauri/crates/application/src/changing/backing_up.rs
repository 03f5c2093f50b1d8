//! What a clean-up deletes, copied into a folder first: the plan is made anew with the steps of the backup before it.

use std::collections::{BTreeMap, BTreeSet};

use artifact::RepositoryName;
use changes::{Located, read_going, read_target, with_backup};
use registry::Operation;

use super::planning::Planned;
use crate::{ApplicationError, BackupAt, Berth, Location, RepositoryAt, names::relative_name};

impl Berth {
    /// The same with a backup of all that goes, if one is wanted. No delete starts before the backup is whole.
    pub(super) async fn backed_up(
        &self,
        mut planned: Planned,
        backup: Option<BackupAt>,
        operation: &Operation,
    ) -> Result<Planned, ApplicationError> {
        let Some(backup) = backup else { return Ok(planned) };
        self.is_folder(&backup).await?;
        let registry = self.writable_registry(&backup.connection).await?;
        let places: BTreeSet<&Located> = planned.plan.steps.iter().map(|step| &step.at).collect();
        let mut taken: BTreeMap<Located, &Located> = BTreeMap::new();
        let mut backups = Vec::new();
        for at in places.iter().copied() {
            let source = self.registry(&at.connection).await?;
            let Some(going) = read_going(&*source, at, &planned.plan, operation).await? else {
                continue;
            };
            let target = self.place_of_backup(&backup, at).await?;
            if places.contains(&target) {
                return Err(beside_itself(&target));
            }
            if let Some(other) = taken.insert(target.clone(), at) {
                return Err(shared(&target, other, at));
            }
            registry.may_write(&target.repository, operation).await?;
            let state = read_target(&*registry, &target, &going.needed(), &going.tags(), operation).await?;
            backups.push((going, state));
        }
        let (plan, count) = with_backup((*planned.plan).clone(), &backups);
        let mut explanation = (*planned.explanation).clone();
        let steps = explanation.versions.iter_mut().flat_map(|version| &mut version.steps);
        steps.for_each(|place| *place += count);
        planned.plan = plan.into();
        planned.explanation = explanation.into();
        Ok(planned)
    }

    async fn is_folder(&self, backup: &BackupAt) -> Result<(), ApplicationError> {
        let connection = self.connection(&backup.connection).await?;
        if matches!(connection.location, Location::Folder(_)) {
            return Ok(());
        }
        Err(ApplicationError::invalid(format!(
            "{} is a registry; a backup goes into a folder",
            connection.name
        ))
        .with_hint("add a folder for it: `berthctl connection add backup /path/to/folder`"))
    }

    /// Each repository has its own in the backup, of the same name.
    async fn place_of_backup(&self, backup: &BackupAt, at: &Located) -> Result<Located, ApplicationError> {
        let location = self.connection(&at.connection).await?.location;
        let name = relative_name(&location, &at.repository);
        let repository: RepositoryName = match &backup.prefix {
            Some(prefix) => format!("{prefix}/{name}").parse()?,
            None => name,
        };
        let connection = backup.connection.clone();
        self.located(&RepositoryAt { connection, repository }).await
    }
}

fn beside_itself(target: &Located) -> ApplicationError {
    ApplicationError::invalid(format!("{} would be backed up into itself", target.repository))
        .with_hint("name another folder, or a place in it: CONNECTION/backup")
}

fn shared(target: &Located, one: &Located, other: &Located) -> ApplicationError {
    ApplicationError::invalid(format!(
        "{} and {} would share {} in the backup",
        one.repository, other.repository, target.repository
    ))
    .with_hint("clean them up one after the other, each with a place of its own: CONNECTION/one, CONNECTION/other")
}
