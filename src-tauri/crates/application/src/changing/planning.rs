//! From a request to a plan that can be carried out.

use std::{collections::VecDeque, sync::Arc};

use artifact::ByteSize;
use changes::{ChangeId, ChangeKind, Explanation, OvertakenTag, Plan, RequirementOutcome, Transfer, require_all};
use registry::{ErrorCode, Operation};

use super::{naming::Names, shown};
use crate::{ApplicationError, Berth, ChangeRequest, OutcomeAnswer, PlanAnswer, berth::lock};

/// Plans that the window was shown and may still want carried out.
const KEPT_PLANS: usize = 16;

/// A plan that can be shown and carried out.
#[derive(Clone, Debug)]
pub struct Planned {
    pub(super) plan: Arc<Plan>,
    /// What it means, where it deletes.
    pub(super) explanation: Arc<Explanation>,
    pub(super) way: Way,
    pub(super) names: Names,
    /// What the channels ask for that it moves, and whether the version has it.
    pub(super) requirements: Vec<RequirementOutcome>,
    /// The names of these channels.
    pub(super) asking: Vec<String>,
    pub(super) typed_name: Option<String>,
    /// Of a copy: what happens to each blob.
    pub(super) transfer: Option<Transfer>,
    /// The retention policy that it was made by, where that has a name.
    pub(super) policy: Option<String>,
    /// What is left of a change: tags that hold something else by now.
    pub(super) overtaken: Vec<OvertakenTag>,
}

/// How a person confirmed a plan that asks for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed<'a> {
    /// What was typed in the window; nothing where nothing was asked for.
    Typed(Option<&'a str>),
    /// `--yes` in a terminal, behind the plan that it printed before.
    ByFlag,
}

/// What carrying out means for the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A change of its own.
    New,
    Undo(ChangeId),
    /// Under the entry that is there.
    Resume(ChangeId),
}

/// The plans that the window was shown last, oldest first.
#[derive(Debug, Default)]
pub(crate) struct KeptPlans(VecDeque<(String, Planned)>);

impl Planned {
    pub(super) fn new(plan: Plan, way: Way, names: Names) -> Self {
        Self {
            plan: Arc::new(plan),
            explanation: Arc::default(),
            way,
            names,
            requirements: Vec::new(),
            asking: Vec::new(),
            typed_name: None,
            transfer: None,
            policy: None,
            overtaken: Vec::new(),
        }
    }

    /// What it does, for people and scripts.
    pub fn answer(&self) -> PlanAnswer {
        let plan = shown::plan(&self.plan, &self.names);
        let overtaken = self.overtaken.iter().map(|tag| shown::overtaken(tag, &self.names));
        PlanAnswer {
            warnings: plan.warnings.iter().cloned().chain(overtaken).collect(),
            overtaken: self.overtaken.iter().map(|tag| tag.tag.clone()).collect(),
            requirements: self.requirements.iter().map(shown::requirement).collect(),
            typed_name: self.typed_name.clone(),
            transfer: self.transfer.clone(),
            versions: shown::versions(&self.explanation, &self.names),
            stored: (self.explanation.stored != ByteSize::ZERO).then_some(self.explanation.stored),
            ..plan
        }
    }
}

impl Planned {
    /// Whether a person confirmed what the plan asks to be confirmed.
    ///
    /// # Errors
    /// With the code `refused`, and what has to be typed.
    pub fn is_confirmed(&self, confirmation: Confirmed<'_>) -> Result<(), ApplicationError> {
        let Some(name) = &self.typed_name else { return Ok(()) };
        match confirmation {
            Confirmed::ByFlag => Ok(()),
            Confirmed::Typed(Some(typed)) if typed.trim() == name => Ok(()),
            Confirmed::Typed(_) => Err(ApplicationError::new(
                ErrorCode::Refused,
                format!("this change waits until somebody types {name}"),
            )
            .with_hint("type the name as it stands, then go on; nothing was changed")),
        }
    }

    /// Whether the version has what the channels ask for.
    ///
    /// # Errors
    /// With the code `refused`, and what is missing.
    pub fn meets_requirements(&self) -> Result<(), ApplicationError> {
        Ok(require_all(&self.asking.join(", "), &self.requirements)?)
    }
}

impl Berth {
    /// The plan for a request, with everything that may have changed read anew.
    ///
    /// # Errors
    /// If it cannot be understood, something cannot be read, or a safety rule forbids it (code `refused`).
    pub async fn plan(&self, request: ChangeRequest, operation: &Operation) -> Result<Planned, ApplicationError> {
        match request {
            ChangeRequest::Prune {
                repositories,
                rules,
                backup,
            } => {
                let planned = self.plan_prune(&repositories, rules, operation).await?;
                self.backed_up(planned, backup, operation).await
            }
            ChangeRequest::Delete { at, chosen, backup } => {
                let planned = self.plan_delete(&at, chosen, operation).await?;
                self.backed_up(planned, backup, operation).await
            }
            ChangeRequest::Undo { id } => self.plan_undo(&id, operation).await,
            ChangeRequest::Resume { id } => self.plan_resume(&id, operation).await,
            ChangeRequest::Promote {
                at,
                version,
                to,
                also_tags,
            } => self.plan_promotion(&at, &version, &to, also_tags, operation).await,
            ChangeRequest::Rollback { at, channel } => self.plan_rollback(&at, &channel, operation).await,
            ChangeRequest::PromoteElsewhere { at, version, to, wish } => {
                // Some platforms alone are another version: to take them there is a copy.
                let kind = if wish.platforms.is_empty() {
                    ChangeKind::Promote
                } else {
                    ChangeKind::Copy
                };
                self.plan_transfer(&at, &version, &to, &wish, kind, operation).await
            }
            ChangeRequest::Copy { at, version, to, wish } => {
                self.plan_transfer(&at, &version, &to, &wish, ChangeKind::Copy, operation)
                    .await
            }
        }
    }

    /// What a request would do as the index knows it: at once, and not to be carried out. Only undo and resume look at
    /// the registry, and a way back does: what they would do is not known without.
    ///
    /// # Errors
    /// If a repository was never synced, or as [`Berth::plan`].
    pub async fn preview(&self, request: ChangeRequest) -> Result<PlanAnswer, ApplicationError> {
        let (plan, explanation) = match request {
            ChangeRequest::Prune {
                repositories, rules, ..
            } => self.preview_prune(&repositories, rules).await?,
            ChangeRequest::Delete { at, chosen, .. } => self.preview_delete(&at, chosen).await?,
            ChangeRequest::Promote { at, version, to, .. } => {
                let plan = self.preview_promotion(&at, &version, &to).await?;
                (plan, Explanation::default())
            }
            ChangeRequest::Undo { .. } | ChangeRequest::Resume { .. } | ChangeRequest::Rollback { .. } => {
                return Ok(self.plan(request, &Operation::unobserved()).await?.answer());
            }
            ChangeRequest::PromoteElsewhere { .. } | ChangeRequest::Copy { .. } => {
                return Err(ApplicationError::invalid(
                    "a copy has no preview: it is planned at once",
                ));
            }
        };
        let mut planned = Planned::new(plan, Way::New, self.names().await?);
        planned.explanation = Arc::new(explanation);
        Ok(planned.answer())
    }

    /// The same as [`Berth::plan`], kept so that [`Berth::execute_kept`] can carry out just this plan.
    ///
    /// # Errors
    /// As [`Berth::plan`].
    pub async fn plan_and_keep(
        &self,
        request: ChangeRequest,
        operation: &Operation,
    ) -> Result<PlanAnswer, ApplicationError> {
        let planned = self.plan(request, operation).await?;
        let answer = planned.answer();
        let mut kept = lock(&self.inner.plans);
        kept.0.retain(|(id, _)| *id != answer.plan_id);
        kept.0.push_back((answer.plan_id.clone(), planned));
        while kept.0.len() > KEPT_PLANS {
            kept.0.pop_front();
        }
        Ok(answer)
    }

    /// Carries out a plan that [`Berth::plan_and_keep`] showed, once. `typed`: the name that a person typed. A plan that
    /// still waits for its name is kept.
    ///
    /// # Errors
    /// If the plan is not kept any more, or as [`Berth::execute`].
    pub async fn execute_kept(
        &self,
        plan_id: &str,
        typed: Option<&str>,
        operation: &Operation,
    ) -> Result<OutcomeAnswer, ApplicationError> {
        let found = {
            let mut kept = lock(&self.inner.plans);
            let place = kept.0.iter().position(|(id, _)| id == plan_id);
            if let Some((_, planned)) = place.and_then(|place| kept.0.get(place)) {
                planned.is_confirmed(Confirmed::Typed(typed))?;
            }
            place.and_then(|place| kept.0.remove(place))
        };
        let (_, planned) = found.ok_or_else(|| {
            ApplicationError::not_found("this plan was carried out already, or is too old").with_hint("plan it anew")
        })?;
        self.execute(planned, Confirmed::Typed(typed), operation).await
    }
}
