//! `prune CONNECTION/REPOSITORY… [rules]`, and `prune --saved NAME`.

use application::{ApplicationError, BackupAt, ChangeRequest, PruneRules, RepositoryAt, RuleFlags};

use super::change::show_or_do;
use crate::{
    arguments::{Prune, Rules},
    exit::Exit,
    terminal::Terminal,
};

pub(super) async fn run(arguments: Prune, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let mut repositories = Vec::new();
    for repository in &arguments.repositories {
        repositories.push(terminal.repository(repository).await?);
    }
    if let (Some(name), true) = (&arguments.saved, repositories.is_empty()) {
        repositories = covered(name, terminal).await?;
    }
    let rules = match (arguments.saved, arguments.policy) {
        (Some(name), _) => PruneRules::Saved(name),
        (None, Some(file)) => PruneRules::File(file),
        (None, None) if lets_nothing_go(&arguments.rules) => return Err(nothing_selected()),
        (None, None) => PruneRules::Flags(flags(arguments.rules)),
    };
    let backup = match &arguments.backup {
        Some(place) => Some(backup_at(place, terminal).await?),
        None => None,
    };
    let request = ChangeRequest::Prune {
        repositories,
        rules,
        backup,
    };
    show_or_do(request, arguments.yes, terminal).await
}

/// The connection of a folder or an archive; in a folder perhaps with a place in it.
async fn backup_at(place: &str, terminal: &Terminal) -> Result<BackupAt, ApplicationError> {
    let found = terminal.berth.find(place).await?;
    if found.tag.is_some() || found.digest.is_some() {
        return Err(ApplicationError::invalid(format!(
            "{place} names a version; a backup needs a folder or an archive"
        ))
        .with_hint(format!(
            "leave the tag or digest out: --backup {}",
            found.connection_name
        )));
    }
    Ok(BackupAt {
        connection: found.connection,
        prefix: found.repository,
    })
}

/// The repositories of the index that a saved policy is for.
async fn covered(name: &str, terminal: &Terminal) -> Result<Vec<RepositoryAt>, ApplicationError> {
    let policy = terminal.berth.policy(name).await?;
    if policy.covers.is_empty() && policy.problem.is_none() {
        return Err(ApplicationError::invalid(format!(
            "no repository in the index matches {} of the policy {:?}",
            policy.patterns.join(", "),
            policy.name
        ))
        .with_hint("`berthctl sync` reads which repositories there are; or name them"));
    }
    Ok(policy.covers.into_iter().map(|covered| covered.at).collect())
}

fn lets_nothing_go(rules: &Rules) -> bool {
    rules.keep_last.is_none()
        && rules.keep_last_releases.is_none()
        && rules.older_than.is_none()
        && rules.not_pulled_for.is_none()
        && rules.matching.as_deref().is_none_or(|pattern| pattern == "*")
        && !rules.untagged
}

fn nothing_selected() -> ApplicationError {
    ApplicationError::invalid("no rule lets a tag go").with_hint(
        "add --keep-last N, --keep-last-releases N, --older-than 30d, --not-pulled-for 90d, a --match other than '*', or \
         --untagged",
    )
}

fn flags(rules: Rules) -> RuleFlags {
    RuleFlags {
        matching: rules.matching,
        keep_last: rules.keep_last,
        keep_last_releases: rules.keep_last_releases,
        group_by: rules.group_by,
        older_than: rules.older_than,
        not_pulled_for: rules.not_pulled_for,
        keep: rules.keep,
        keep_semver: rules.keep_semver,
        untagged: rules.untagged,
        each_tag: rules.each_tag,
    }
}
