//! `prune CONNECTION/REPOSITORY… [rules]`.

use application::{ApplicationError, ChangeRequest, PruneRules, RuleFlags};

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
    let rules = match arguments.policy {
        Some(file) => PruneRules::File(file),
        None => PruneRules::Flags(flags(arguments.rules)),
    };
    show_or_do(ChangeRequest::Prune { repositories, rules }, arguments.yes, terminal).await
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
