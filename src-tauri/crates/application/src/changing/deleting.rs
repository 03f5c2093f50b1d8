//! Plans that delete: by rules, or what was chosen by hand. Everything that may have changed is read anew first.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fs,
    path::Path,
    str::FromStr,
    sync::Arc,
};

use artifact::{Digest, RepositoryName, Tag};
use changes::{
    Action, Chosen, Explanation, Located, Pattern, Plan, Policy, PolicySet, ProtectedTags, Pruning, Reading, Snapshot,
    Unreadable, explain_delete, explain_prune, plan_delete, plan_prune,
};
use registry::{ChildProtection, DeleteRules, DigestDelete, Operation, RawManifest, TagDelete, Undo};

use super::planning::{Planned, Way};
use crate::{ApplicationError, Berth, ChosenVersions, PruneRules, RepositoryAt, RuleFlags, names::relative_name};

/// Rounds of reading what points at what would go: referrers of referrers are rarely deeper than two.
const ROUNDS: usize = 8;
/// The names of more repositories than these are not typed one by one.
const NAMES_TYPED: usize = 3;
/// Real files of policies have some kilobytes.
const LARGEST_POLICY_FILE: u64 = 1 << 20;

/// What a preview takes for granted of a registry that was not asked: which tags go does not depend on it.
const ASSUMED: DeleteRules = DeleteRules {
    tag: TagDelete::Alone,
    digest: DigestDelete::Unknown,
    children: ChildProtection::Unprotected,
    undo: Undo::PutAgain,
};

/// A repository that is to be cleaned, and how.
struct Wanted {
    at: Located,
    connection_name: String,
    /// As policies name it.
    relative: RepositoryName,
    /// Whether manifests without a tag matter.
    leftovers: bool,
}

impl Berth {
    pub(super) async fn plan_prune(
        &self,
        repositories: &[RepositoryAt],
        rules: PruneRules,
        operation: &Operation,
    ) -> Result<Planned, ApplicationError> {
        let (set, protected) = (self.policies_of(rules).await?, self.protected_tags().await?);
        let wanted = self.to_clean(repositories, &set).await?;
        let mut snapshots = Vec::new();
        let mut failed: Option<ApplicationError> = None;
        let count = wanted.len();
        for wanted in wanted {
            match self.read_anew(&wanted, operation).await {
                Ok(snapshot) => snapshots.push((snapshot, wanted)),
                Err(error) if error.is_cancelled() || count == 1 => return Err(error),
                // One that cannot be read at all is left alone; the others go on.
                Err(error) => {
                    snapshots.push((self.unread_snapshot(&wanted, &error).await?, wanted));
                    failed.get_or_insert(error);
                }
            }
        }
        if let Some(error) = failed
            && snapshots.iter().all(|(snapshot, _)| !snapshot.unreadable.is_empty())
        {
            return Err(error);
        }
        let now = self.now();
        let plan_all = |snapshots: &[(Snapshot, Wanted)]| plan_prune(&prunings(snapshots, &set), &protected, now);
        let plan = self
            .with_referrers(&mut snapshots, |snapshots| Ok(plan_all(snapshots)), operation)
            .await?;
        let explanation = explain_prune(&prunings(&snapshots, &set), &plan, now);
        let mut planned = self.deletion(plan, explanation, &snapshots).await?;
        planned.policy = policy_names(&snapshots, &set);
        Ok(planned)
    }

    async fn read_anew(&self, wanted: &Wanted, operation: &Operation) -> Result<Snapshot, ApplicationError> {
        self.sync(&wanted.at.connection, Some(&wanted.relative), None, operation)
            .await?;
        self.snapshot(wanted, operation).await
    }

    /// What the index knows of a repository that cannot be read now. It stops the repository: nothing of it goes.
    async fn unread_snapshot(&self, wanted: &Wanted, error: &ApplicationError) -> Result<Snapshot, ApplicationError> {
        let known = self.known_snapshot(&wanted.at).await;
        let mut snapshot = match known {
            Ok(snapshot) => snapshot,
            Err(_) => Snapshot::of(
                wanted.at.clone(),
                catalog::RepositoryContent::default(),
                ASSUMED,
                &HashMap::new(),
            ),
        };
        snapshot.unreadable.push(Unreadable {
            at: wanted.at.clone(),
            reference: wanted.at.repository.to_string(),
            problem: error.message.clone(),
        });
        Ok(snapshot)
    }

    pub(super) async fn plan_delete(
        &self,
        at: &RepositoryAt,
        chosen: ChosenVersions,
        operation: &Operation,
    ) -> Result<Planned, ApplicationError> {
        let protected = self.protected_tags().await?;
        let wanted = Wanted {
            at: self.located(at).await?,
            connection_name: self.connection(&at.connection).await?.name,
            relative: at.repository.clone(),
            leftovers: false,
        };
        self.sync(&at.connection, Some(&at.repository), None, operation).await?;
        let mut snapshots = vec![(self.snapshot(&wanted, operation).await?, wanted)];
        let asks = chosen.protected_too;
        let chosen = picked(chosen);
        let plan_one = |snapshots: &[(Snapshot, Wanted)]| match snapshots {
            [(snapshot, _), ..] => Ok(plan_delete(snapshot, &chosen, &protected)?),
            [] => Err(ApplicationError::not_found("there is nothing to delete from")),
        };
        let plan = self.with_referrers(&mut snapshots, plan_one, operation).await?;
        let explanation = snapshots
            .first()
            .map(|(snapshot, _)| explain_delete(snapshot, &plan, self.now()));
        let mut planned = self.deletion(plan, explanation.unwrap_or_default(), &snapshots).await?;
        if asks && planned.typed_name.is_none() {
            planned.typed_name = Some(at.repository.to_string());
        }
        Ok(planned)
    }

    /// A clean-up as the index knows the repositories. One that was never read is told as such.
    pub(super) async fn preview_prune(
        &self,
        repositories: &[RepositoryAt],
        rules: PruneRules,
    ) -> Result<(Plan, Explanation), ApplicationError> {
        let (set, protected, now) = (self.policies_of(rules).await?, self.protected_tags().await?, self.now());
        let wanted = self.to_clean(repositories, &set).await?;
        let (mut snapshots, count) = (Vec::new(), wanted.len());
        for wanted in wanted {
            let snapshot = match self.known_snapshot(&wanted.at).await {
                Err(error) if count > 1 => self.unread_snapshot(&wanted, &error).await?,
                known => known?,
            };
            snapshots.push((snapshot, wanted));
        }
        self.blocking(move |_| {
            let prunings = prunings(&snapshots, &set);
            let plan = plan_prune(&prunings, &protected, now);
            let explanation = explain_prune(&prunings, &plan, now);
            Ok::<_, ApplicationError>((plan, explanation))
        })
        .await
    }

    /// A choice by hand as the index knows the repository.
    pub(super) async fn preview_delete(
        &self,
        at: &RepositoryAt,
        chosen: ChosenVersions,
    ) -> Result<(Plan, Explanation), ApplicationError> {
        let snapshot = self.known_snapshot(&self.located(at).await?).await?;
        let plan = plan_delete(&snapshot, &picked(chosen), &self.protected_tags().await?)?;
        let explanation = explain_delete(&snapshot, &plan, self.now());
        Ok((plan, explanation))
    }

    /// Reads what points at what would go, plans again, and so on until nothing new is found.
    async fn with_referrers(
        &self,
        snapshots: &mut [(Snapshot, Wanted)],
        plan: impl Fn(&[(Snapshot, Wanted)]) -> Result<Plan, ApplicationError>,
        operation: &Operation,
    ) -> Result<Plan, ApplicationError> {
        let mut asked: HashSet<(Located, Digest)> = HashSet::new();
        for _ in 0..ROUNDS {
            let planned = plan(snapshots)?;
            let going = deleted(&planned).filter(|one| !asked.contains(one)).collect::<Vec<_>>();
            if going.is_empty() {
                return Ok(planned);
            }
            for (snapshot, wanted) in snapshots.iter_mut() {
                let here: HashSet<Digest> = going
                    .iter()
                    .filter(|(at, _)| *at == wanted.at)
                    .map(|(_, digest)| digest.clone())
                    .collect();
                if here.is_empty() {
                    continue;
                }
                self.reading(&wanted.at)
                    .await?
                    .refresh_referrers(&here, operation)
                    .await?;
                *snapshot = self.snapshot(wanted, operation).await?;
            }
            asked.extend(going);
        }
        Err(ApplicationError::new(
            registry::ErrorCode::Refused,
            "what points at these versions does not come to an end",
        ))
    }

    /// With what it means, the bytes of all that goes, for the journal, and the question whether to ask for a name.
    async fn deletion(
        &self,
        mut plan: Plan,
        explanation: Explanation,
        snapshots: &[(Snapshot, Wanted)],
    ) -> Result<Planned, ApplicationError> {
        let digests: BTreeSet<Digest> = plan.steps.iter().map(|step| step.digest.clone()).collect();
        plan.manifests = self
            .ask(move |index| {
                let mut manifests = BTreeMap::new();
                for digest in digests {
                    if let Some((media_type, bytes)) = index.manifest_bytes(&digest)? {
                        let raw = RawManifest {
                            digest: digest.clone(),
                            media_type,
                            bytes,
                        };
                        manifests.insert(digest, raw);
                    }
                }
                Ok(manifests)
            })
            .await?;
        let typed_name = typed_name(&plan, snapshots);
        let mut planned = Planned::new(plan, Way::New, self.names().await?);
        planned.explanation = Arc::new(explanation);
        planned.typed_name = typed_name;
        Ok(planned)
    }

    async fn reading(&self, at: &Located) -> Result<Reading<'_>, ApplicationError> {
        Ok(Reading {
            index: &self.inner.index,
            registry: self.registry(&at.connection).await?,
            at: at.clone(),
            clock: &self.inner.clock,
        })
    }

    async fn snapshot(&self, wanted: &Wanted, operation: &Operation) -> Result<Snapshot, ApplicationError> {
        Ok(self
            .reading(&wanted.at)
            .await?
            .snapshot(wanted.leftovers, operation)
            .await?)
    }

    /// As the index knows it; what a delete takes along is not asked for.
    async fn known_snapshot(&self, at: &Located) -> Result<Snapshot, ApplicationError> {
        let provider = self.connection(&at.connection).await?.location.provider();
        let rules = DeleteRules::known(provider).unwrap_or(ASSUMED);
        let (at, now) = (at.clone(), self.now());
        self.ask(move |index| {
            let content = index.content(&at.connection, &at.repository, now)?;
            Ok(Snapshot::of(at, content, rules, &HashMap::new()))
        })
        .await
    }

    async fn to_clean(&self, repositories: &[RepositoryAt], set: &PolicySet) -> Result<Vec<Wanted>, ApplicationError> {
        let mut wanted = Vec::new();
        for at in repositories {
            let connection = self.connection(&at.connection).await?;
            let located = self.located(at).await?;
            if wanted.iter().any(|one: &Wanted| one.at == located) {
                continue;
            }
            let relative = relative_name(&connection.location, &located.repository);
            let policies = set.for_repository(&connection.name, &relative);
            if policies.is_empty() {
                return Err(
                    ApplicationError::invalid(format!("no policy is for {}/{relative}", connection.name))
                        .with_hint("add the repository to `repositories` of a policy"),
                );
            }
            wanted.push(Wanted {
                connection_name: connection.name,
                leftovers: policies.iter().any(|policy| policy.untagged),
                at: located,
                relative,
            });
        }
        Ok(wanted)
    }

    async fn protected_tags(&self) -> Result<ProtectedTags, ApplicationError> {
        let settings = self.preferences().await?;
        Ok(ProtectedTags::parse(&settings.protected_tags)?)
    }

    async fn policies_of(&self, rules: PruneRules) -> Result<PolicySet, ApplicationError> {
        match rules {
            PruneRules::Flags(flags) => Ok(PolicySet::new(vec![policy_of(&flags)?])?),
            PruneRules::File(path) => self.blocking(move |_| read_policies(&path)).await,
            PruneRules::Saved(name) => self.policy_set(&name).await,
        }
    }
}

fn prunings<'a>(snapshots: &'a [(Snapshot, Wanted)], set: &'a PolicySet) -> Vec<Pruning<'a>> {
    let pruning = |(snapshot, wanted): &'a (Snapshot, Wanted)| Pruning {
        snapshot,
        policies: set.for_repository(&wanted.connection_name, &wanted.relative),
    };
    snapshots.iter().map(pruning).collect()
}

/// What a person types before over half of the tags of a repository go: its name; those of some; how many they are.
fn typed_name(plan: &Plan, snapshots: &[(Snapshot, Wanted)]) -> Option<String> {
    let mut going: HashMap<&Located, BTreeSet<&Tag>> = HashMap::new();
    for step in &plan.steps {
        let tags = step.tags.iter().filter(|tag| !tag.is_referrer_name());
        going.entry(&step.at).or_default().extend(tags);
    }
    let over_half = snapshots.iter().filter(|(snapshot, wanted)| {
        let all = snapshot.tags.iter().filter(|tag| !tag.tag.is_referrer_name()).count();
        going
            .get(&wanted.at)
            .is_some_and(|tags| tags.len().saturating_mul(2) > all)
    });
    let names: Vec<String> = over_half.map(|(_, wanted)| wanted.relative.to_string()).collect();
    match names.len() {
        0 => None,
        count if count > NAMES_TYPED => Some(format!("{count} repositories")),
        _ => Some(names.join(", ")),
    }
}

/// What the policies are called that ruled; none where they were flags.
fn policy_names(snapshots: &[(Snapshot, Wanted)], set: &PolicySet) -> Option<String> {
    let prunings = prunings(snapshots, set);
    let ruled = prunings.iter().flat_map(|pruning| &pruning.policies);
    let names: BTreeSet<&str> = ruled.filter_map(|policy| policy.name.as_deref()).collect();
    (!names.is_empty()).then(|| names.into_iter().collect::<Vec<_>>().join(", "))
}

pub(super) fn read_policies(path: &Path) -> Result<PolicySet, ApplicationError> {
    let unread = |error: std::io::Error| {
        ApplicationError::invalid(format!("{} cannot be read: {error}", path.display()))
            .with_hint("name a file of policies, as `berthctl prune --help` describes it")
    };
    let length = fs::metadata(path).map_err(unread)?.len();
    if length > LARGEST_POLICY_FILE {
        return Err(ApplicationError::invalid(format!(
            "{} is no file of policies: it is too large",
            path.display()
        )));
    }
    let text = fs::read_to_string(path).map_err(unread)?;
    PolicySet::from_toml(&text).map_err(|error| {
        let problem = ApplicationError::from(error);
        ApplicationError {
            message: format!("{}: {}", path.display(), problem.message),
            ..problem
        }
    })
}

/// The rules as they were typed, for every repository that they are asked for.
pub(super) fn policy_of(flags: &RuleFlags) -> Result<Policy, ApplicationError> {
    let keep = flags.keep.iter().map(|pattern| typed(pattern));
    Ok(Policy {
        matching: flags.matching.as_deref().map_or(Ok(Pattern::everything()), typed)?,
        keep_last: flags.keep_last,
        keep_last_releases: flags.keep_last_releases,
        group_by: flags.group_by.as_deref().map(typed).transpose()?,
        older_than: flags.older_than.as_deref().map(typed).transpose()?,
        not_pulled_for: flags.not_pulled_for.as_deref().map(typed).transpose()?,
        keep: keep.collect::<Result<_, _>>()?,
        keep_semver: flags.keep_semver,
        untagged: flags.untagged,
        each_tag: flags.each_tag,
        ..Policy::default()
    })
}

/// What was typed as a pattern, an expression or a length of time.
pub(super) fn typed<T>(text: &str) -> Result<T, ApplicationError>
where
    T: FromStr,
    ApplicationError: From<T::Err>,
{
    Ok(text.parse()?)
}

fn picked(chosen: ChosenVersions) -> Chosen {
    Chosen {
        tags: chosen.tags,
        digests: chosen.digests,
        each_tag: chosen.each_tag,
        protected_confirmed: chosen.protected_too,
    }
}

/// The manifests that a plan deletes.
fn deleted(plan: &Plan) -> impl Iterator<Item = (Located, Digest)> {
    plan.steps
        .iter()
        .filter(|step| step.action == Action::DeleteManifest)
        .map(|step| (step.at.clone(), step.digest.clone()))
}
