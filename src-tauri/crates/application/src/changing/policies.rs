//! Saved policies: kept in the settings, carried to and from files of policies, and which repositories they cover.

use std::{fs, io::Write, path::Path};

use changes::{Pattern, Policy, PolicySet};
use registry::ErrorCode;

use super::deleting::{policy_of, read_policies, typed};
use crate::{
    ApplicationError, Berth, CoveredRepository, NamedPolicy, RepositoryAt, RuleFlags,
    names::relative_name,
    settings::{Saved, SavedPolicy, SettingsError},
};

/// Names stand in a menu and in a command line.
const LONGEST_NAME: usize = 100;

impl Berth {
    /// All saved policies, in the order of the file, each with the repositories of the index that it covers.
    ///
    /// # Errors
    /// If settings or index cannot be read.
    pub async fn policies(&self) -> Result<Vec<NamedPolicy>, ApplicationError> {
        let saved = self.saved().await?;
        let all = self.all_covered(&saved).await?;
        let named = saved.policies.iter().map(|policy| named(policy, &all));
        Ok(named.collect())
    }

    /// The repositories of the index that patterns cover, for a policy that is being written.
    ///
    /// # Errors
    /// If one is no pattern, or settings or index cannot be read.
    pub async fn covered(&self, patterns: &[String]) -> Result<Vec<CoveredRepository>, ApplicationError> {
        let policy = Policy {
            repositories: patterns_of(patterns)?,
            ..Policy::default()
        };
        let all = self.all_covered(&*self.saved().await?).await?;
        Ok(covered_by(&policy, &all))
    }

    /// Saves rules under a name, for the repositories that patterns name. `replaces`: the policy that this is now; none:
    /// it is new.
    ///
    /// # Errors
    /// If the rules let nothing go, a pattern is none, or another policy has the name.
    pub async fn save_policy(
        &self,
        name: &str,
        patterns: &[String],
        rules: &RuleFlags,
        replaces: Option<&str>,
    ) -> Result<(), ApplicationError> {
        let name = checked_name(name)?;
        let policy = Policy {
            name: Some(name.clone()),
            repositories: patterns_of(patterns)?,
            ..policy_of(rules)?
        };
        policy.check()?;
        let (saved, replaces) = (made(&name, policy)?, replaces.map(str::to_owned));
        self.change_policies(move |policies| {
            let place = match &replaces {
                Some(old) => Some(place_of(policies, old)?),
                None => None,
            };
            let twin = policies.iter().position(|other| same_name(&other.name, &name));
            if twin.is_some_and(|twin| Some(twin) != place) {
                return Err(taken(&[name]));
            }
            match place.and_then(|place| policies.get_mut(place)) {
                Some(old) => *old = saved,
                None => policies.push(saved),
            }
            Ok(())
        })
        .await
    }

    /// Forgets a policy.
    ///
    /// # Errors
    /// If there is none of this name.
    pub async fn remove_policy(&self, name: &str) -> Result<(), ApplicationError> {
        let name = name.to_owned();
        self.change_policies(move |policies| {
            let place = place_of(policies, &name)?;
            policies.remove(place);
            Ok(())
        })
        .await
    }

    /// Policies as the text that `berthctl prune --policy` and an import read; all of them without names.
    ///
    /// # Errors
    /// If one is not there or cannot be used, or there is none.
    pub async fn export_policies(&self, names: &[String]) -> Result<String, ApplicationError> {
        let saved = self.saved().await?;
        let mut wanted = Vec::new();
        if names.is_empty() {
            let usable = saved.policies.iter().filter_map(|policy| policy.rules.as_ref().ok());
            wanted.extend(usable.cloned());
        }
        for name in names {
            wanted.push(usable(&saved, name)?.clone());
        }
        if wanted.is_empty() {
            return Err(ApplicationError::not_found("no policy is saved").with_hint("save one first"));
        }
        Ok(PolicySet::new(wanted)?.to_toml()?)
    }

    /// The same into a file. One that is there is replaced.
    ///
    /// # Errors
    /// As [`Berth::export_policies`], or if the file cannot be written.
    pub async fn export_policies_to(&self, names: &[String], file: &Path) -> Result<(), ApplicationError> {
        let (text, file) = (self.export_policies(names).await?, file.to_owned());
        self.blocking(move |_| {
            let written = fs::File::create(&file).and_then(|mut open| open.write_all(text.as_bytes()));
            written.map_err(|error| {
                ApplicationError::new(
                    ErrorCode::Storage,
                    format!("{} cannot be written: {error}", file.display()),
                )
                .with_hint("choose another place")
            })
        })
        .await
    }

    /// Saves the policies of a file: all of them, or none. Gives their names. `replace`: those of the same name go.
    ///
    /// # Errors
    /// With line and column for what is no policy; for one without a name; and if names are taken.
    pub async fn import_policies(&self, file: &Path, replace: bool) -> Result<Vec<String>, ApplicationError> {
        let path = file.to_owned();
        let set = self.blocking(move |_| read_policies(&path)).await?;
        let mut read: Vec<SavedPolicy> = Vec::new();
        for policy in set.policies() {
            let name = policy.name.as_deref().ok_or_else(|| {
                ApplicationError::invalid(format!("{}: a policy has no name", file.display()))
                    .with_hint("give each [[policy]] a line name = \"…\"")
            })?;
            let name = checked_name(name)?;
            if read.iter().any(|other| same_name(&other.name, &name)) {
                return Err(
                    ApplicationError::invalid(format!("{}: two policies are called {name}", file.display()))
                        .with_hint("give one of them another name"),
                );
            }
            read.push(made(&name, policy.clone())?);
        }
        let names = read.iter().map(|policy| policy.name.clone()).collect();
        self.change_policies(move |policies| {
            let clashes: Vec<String> = read
                .iter()
                .filter(|new| {
                    policies
                        .iter()
                        .any(|old| same_name(&old.name, &new.name) && old.rules != new.rules)
                })
                .map(|new| new.name.clone())
                .collect();
            if !clashes.is_empty() && !replace {
                return Err(taken(&clashes));
            }
            for new in read {
                match policies.iter_mut().find(|old| same_name(&old.name, &new.name)) {
                    Some(old) => *old = new,
                    None => policies.push(new),
                }
            }
            Ok(())
        })
        .await?;
        Ok(names)
    }

    /// A saved policy, and the repositories of the index that it covers.
    ///
    /// # Errors
    /// If it is not there or cannot be used, or settings or index cannot be read.
    pub async fn policy(&self, name: &str) -> Result<NamedPolicy, ApplicationError> {
        let saved = self.saved().await?;
        let place = place_of(&saved.policies, name)?;
        let all = self.all_covered(&saved).await?;
        let found = saved.policies.get(place).map(|policy| named(policy, &all));
        found.ok_or_else(|| missing(&saved.policies, name))
    }

    /// A saved policy for a plan.
    pub(super) async fn policy_set(&self, name: &str) -> Result<PolicySet, ApplicationError> {
        let saved = self.saved().await?;
        Ok(PolicySet::new(vec![usable(&saved, name)?.clone()])?)
    }

    async fn change_policies<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Vec<SavedPolicy>) -> Result<T, ApplicationError> + Send + 'static,
    ) -> Result<T, ApplicationError> {
        self.blocking(move |inner| inner.settings.update(|saved| change(&mut saved.policies)))
            .await
    }

    /// Every repository that the index knows of connections that are there.
    async fn all_covered(&self, saved: &Saved) -> Result<Vec<CoveredRepository>, ApplicationError> {
        let rows = self.ask(|index| index.repositories(None)).await?;
        let known = rows.into_iter().filter_map(|row| {
            let connection = saved.connection(&row.connection).ok()?;
            Some(CoveredRepository {
                connection_name: connection.name.clone(),
                at: RepositoryAt {
                    repository: relative_name(&connection.location, &row.name),
                    connection: row.connection,
                },
                tags: row.tags,
            })
        });
        Ok(known.collect())
    }
}

fn covered_by(policy: &Policy, all: &[CoveredRepository]) -> Vec<CoveredRepository> {
    let covers = |one: &&CoveredRepository| policy.is_for(&one.connection_name, &one.at.repository);
    all.iter().filter(covers).cloned().collect()
}

fn named(policy: &SavedPolicy, all: &[CoveredRepository]) -> NamedPolicy {
    let rules = policy.rules.as_ref().ok();
    NamedPolicy {
        name: policy.name.clone(),
        patterns: rules.map_or_else(Vec::new, |rules| {
            rules.repositories.iter().map(ToString::to_string).collect()
        }),
        rules: rules.map(flags_of),
        problem: policy.rules.as_ref().err().cloned(),
        covers: rules.map_or_else(Vec::new, |rules| covered_by(rules, all)),
    }
}

/// A policy's rules as they would be typed.
fn flags_of(policy: &Policy) -> RuleFlags {
    RuleFlags {
        matching: (!policy.matching.is_everything()).then(|| policy.matching.to_string()),
        keep_last: policy.keep_last,
        keep_last_releases: policy.keep_last_releases,
        group_by: policy.group_by.as_ref().map(ToString::to_string),
        older_than: policy.older_than.map(|period| period.to_string()),
        not_pulled_for: policy.not_pulled_for.map(|period| period.to_string()),
        keep: policy.keep.iter().map(ToString::to_string).collect(),
        keep_semver: policy.keep_semver,
        untagged: policy.untagged,
        each_tag: policy.each_tag,
    }
}

fn patterns_of(patterns: &[String]) -> Result<Vec<Pattern>, ApplicationError> {
    patterns.iter().map(|pattern| typed(pattern.trim())).collect()
}

fn checked_name(name: &str) -> Result<String, ApplicationError> {
    let name = name.trim();
    let is_plain = !name.chars().any(char::is_control);
    if name.is_empty() || name.chars().count() > LONGEST_NAME || !is_plain {
        return Err(
            ApplicationError::invalid(format!("a policy needs a name of at most {LONGEST_NAME} characters"))
                .with_hint("write it in one line"),
        );
    }
    Ok(name.to_owned())
}

fn made(name: &str, policy: Policy) -> Result<SavedPolicy, ApplicationError> {
    SavedPolicy::new(name, policy).map_err(|error| SettingsError::Form(error.to_string()).into())
}

/// Whatever the case of the letters.
fn same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn place_of(policies: &[SavedPolicy], name: &str) -> Result<usize, ApplicationError> {
    let exact = policies.iter().position(|policy| policy.name == name);
    let found = exact.or_else(|| policies.iter().position(|policy| same_name(&policy.name, name)));
    found.ok_or_else(|| missing(policies, name))
}

fn usable<'a>(saved: &'a Saved, name: &str) -> Result<&'a Policy, ApplicationError> {
    let place = place_of(&saved.policies, name)?;
    let policy = saved
        .policies
        .get(place)
        .ok_or_else(|| missing(&saved.policies, name))?;
    policy.rules.as_ref().map_err(|problem| {
        ApplicationError::invalid(format!("the policy {name:?} cannot be used: {problem}"))
            .with_hint("correct it in settings.toml, or remove it")
    })
}

fn missing(policies: &[SavedPolicy], name: &str) -> ApplicationError {
    let known: Vec<&str> = policies.iter().map(|policy| policy.name.as_str()).collect();
    let hint = if known.is_empty() {
        "no policy is saved yet; `berthctl policy import FILE` reads them from a file".to_owned()
    } else {
        format!("saved are: {}", known.join(", "))
    };
    ApplicationError::not_found(format!("no policy is called {name:?}")).with_hint(hint)
}

fn taken(names: &[String]) -> ApplicationError {
    let are = if names.len() == 1 { "is" } else { "are" };
    ApplicationError::new(
        ErrorCode::Conflict,
        format!("{} {are} saved already, with other rules", names.join(", ")),
    )
    .with_hint("choose another name, or replace what is saved")
}
