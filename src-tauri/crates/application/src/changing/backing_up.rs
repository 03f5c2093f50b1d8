//! What a clean-up deletes, copied into a folder or an archive first: the plan is made anew with the steps of the backup before it.

use std::collections::{BTreeMap, BTreeSet};

use artifact::RepositoryName;
use changes::{Located, read_going, read_target, with_backup};
use registry::Operation;

use super::planning::Planned;
use crate::{
    ApplicationError, BackupAt, Berth, Location, RepositoryAt, connections::open_folder, names::relative_name,
};

impl Berth {
    /// The same with a backup of all that goes, if one is wanted. No delete starts before the backup is whole.
    pub(super) async fn backed_up(
        &self,
        mut planned: Planned,
        backup: Option<BackupAt>,
        operation: &Operation,
    ) -> Result<Planned, ApplicationError> {
        let Some(backup) = backup else { return Ok(planned) };
        let only = self.only_repository_of(&backup).await?;
        let registry = self.writable_registry(&backup.connection).await?;
        let places: BTreeSet<&Located> = planned.plan.steps.iter().map(|step| &step.at).collect();
        let mut taken: BTreeMap<Located, &Located> = BTreeMap::new();
        let mut backups = Vec::new();
        for at in places.iter().copied() {
            let source = self.registry(&at.connection).await?;
            let Some(going) = read_going(&*source, at, &planned.plan, operation).await? else {
                continue;
            };
            let target = match &only {
                Some(only) => self.located_in_backup(&backup, only.clone()).await?,
                None => self.place_of_backup(&backup, at).await?,
            };
            if places.contains(&target) {
                return Err(beside_itself(&target));
            }
            if let Some(other) = taken.insert(target.clone(), at) {
                return Err(match only {
                    Some(_) => too_many(&target, other, at),
                    None => shared(&target, other, at),
                });
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

    /// The repository that a backup goes into if its place holds one alone, as an archive does. It takes no other name,
    /// so a part of one is refused rather than dropped.
    async fn only_repository_of(&self, backup: &BackupAt) -> Result<Option<RepositoryName>, ApplicationError> {
        let connection = self.connection(&backup.connection).await?;
        let Location::Folder(path) = connection.location else {
            return Err(no_folder(&connection.name));
        };
        let only = self
            .blocking(move |_| -> Result<_, ApplicationError> { Ok(open_folder(&path)?.only_repository().cloned()) })
            .await?;
        match (&only, &backup.prefix) {
            (Some(only), Some(prefix)) if prefix != only => Err(no_place_in(&connection.name, only)),
            _ => Ok(only),
        }
    }

    /// Each repository has its own in the backup, of the same name.
    async fn place_of_backup(&self, backup: &BackupAt, at: &Located) -> Result<Located, ApplicationError> {
        let location = self.connection(&at.connection).await?.location;
        let name = relative_name(&location, &at.repository);
        let repository: RepositoryName = match &backup.prefix {
            Some(prefix) => format!("{prefix}/{name}").parse()?,
            None => name,
        };
        self.located_in_backup(backup, repository).await
    }

    async fn located_in_backup(
        &self,
        backup: &BackupAt,
        repository: RepositoryName,
    ) -> Result<Located, ApplicationError> {
        let connection = backup.connection.clone();
        self.located(&RepositoryAt { connection, repository }).await
    }
}

fn no_folder(name: &str) -> ApplicationError {
    ApplicationError::invalid(format!(
        "{name} is a registry; a backup goes into a folder or an archive"
    ))
    .with_hint("make one for it: `berthctl connection add backup /path/to/folder --new`")
}

fn no_place_in(name: &str, only: &RepositoryName) -> ApplicationError {
    ApplicationError::invalid(format!("{name} is one repository, {only}, and has no places in it"))
        .with_hint(format!("name it alone: --backup {name}"))
}

fn too_many(target: &Located, one: &Located, other: &Located) -> ApplicationError {
    ApplicationError::invalid(format!(
        "{} and {} would share {}, which is one repository",
        one.repository, other.repository, target.repository
    ))
    .with_hint(
        "clean them up one after the other, each with an archive of its own; or name a folder, which holds any number",
    )
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
