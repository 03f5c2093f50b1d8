//! What all changing verbs share: without `--yes` the plan is shown; with it, it is done and the outcome shown.

use application::{
    ApplicationError, ByteSize, ChangeRequest, Confirmed, ErrorCode, OutcomeAnswer, PlanAnswer, Transfer,
};

use crate::{
    exit::Exit,
    output::{
        changes,
        tables::{Column, section, table},
    },
    terminal::Terminal,
};

/// Shows the plan, or does it.
pub(super) async fn show_or_do(
    request: ChangeRequest,
    yes: bool,
    terminal: &Terminal,
) -> Result<Exit, ApplicationError> {
    let planned = terminal.berth.plan(request, &terminal.operation).await?;
    let plan = planned.answer();
    planned.meets_requirements()?;
    for unread in &plan.unreadable {
        terminal.warn(&format!("{}: {}", unread.reference, unread.problem));
    }
    for warning in &plan.warnings {
        terminal.warn(warning);
    }
    if !yes {
        terminal.answer(&changes::Plan::of(&plan), || shown(&plan, terminal))?;
        if !plan.steps.is_empty() {
            terminal.suggest("nothing was changed: add --yes to do it");
        }
        return Ok(Exit::Done);
    }
    if plan.steps.is_empty() && !plan.unreadable.is_empty() {
        return Err(unreadable(&plan));
    }
    if plan.steps.is_empty() && plan.hindered {
        return Err(hindered(&plan));
    }
    let outcome = terminal
        .berth
        .execute(planned, Confirmed::ByFlag, &terminal.operation)
        .await?;
    for failed in &outcome.failed {
        let hint = failed
            .hint
            .as_ref()
            .map(|hint| format!(" ({hint})"))
            .unwrap_or_default();
        terminal.warn(&format!(
            "{}: {}{hint}",
            reference(&outcome, failed.step),
            failed.message
        ));
    }
    for skipped in &outcome.skipped {
        terminal.warn(&format!(
            "{}: skipped: {}",
            reference(&outcome, skipped.step),
            skipped.reason
        ));
    }
    terminal.answer(&changes::Outcome::of(&outcome), || done(&outcome, terminal))?;
    if let Some(id) = outcome.journal_id.as_ref().filter(|_| !outcome.done.is_empty()) {
        let verb = if only_backed_up(&outcome) { "resume" } else { "undo" };
        terminal.suggest(&format!("berthctl journal {verb} {id}"));
    }
    Ok(exit(&outcome))
}

fn reference(outcome: &OutcomeAnswer, step: usize) -> &str {
    outcome.plan.steps.get(step).map_or("a step", |step| &step.reference)
}

fn exit(outcome: &OutcomeAnswer) -> Exit {
    match outcome.state {
        "cancelled" => Exit::Cancelled,
        "done" if outcome.plan.unreadable.is_empty() && !outcome.plan.hindered => Exit::Done,
        "failed" => Exit::Failed,
        _ if only_backed_up(outcome) => Exit::Failed,
        _ => Exit::Part,
    }
}

/// Whether a change that deletes came no further than its backup.
fn only_backed_up(outcome: &OutcomeAnswer) -> bool {
    let deletes = |step: usize| {
        let step = outcome.plan.steps.get(step);
        step.is_some_and(|step| step.action.starts_with("delete"))
    };
    matches!(outcome.plan.kind, "prune" | "delete") && !outcome.done.iter().any(|step| deletes(*step))
}

fn unreadable(plan: &PlanAnswer) -> ApplicationError {
    let first = plan.unreadable.first();
    let what = first.map_or_else(String::new, |unread| {
        format!("{}: {}", unread.reference, unread.problem)
    });
    ApplicationError::new(ErrorCode::Refused, format!("nothing was changed: {what}")).with_hint(
        "a repository that cannot be read in full is not pruned; see `berthctl sync` for what is wrong with it",
    )
}

fn hindered(plan: &PlanAnswer) -> ApplicationError {
    let why = plan.warnings.first().cloned().unwrap_or_default();
    ApplicationError::new(ErrorCode::Other, format!("nothing was deleted: {why}"))
}

/// What goes, what stays and why.
pub(super) fn shown(plan: &PlanAnswer, terminal: &Terminal) -> String {
    if plan.steps.is_empty() {
        return format!("nothing to do\n{}", kept(plan));
    }
    format!(
        "{}\n{}\n{}{}",
        steps(plan, terminal),
        summary(plan, terminal),
        kept(plan),
        protected(plan)
    )
}

fn steps(plan: &PlanAnswer, terminal: &Terminal) -> String {
    const COLUMNS: [Column; 5] = [
        Column::Left("ACTION"),
        Column::Left("REFERENCE"),
        Column::Left("TAGS"),
        Column::Right("SIZE"),
        Column::Left("REASON"),
    ];
    let lines = plan.steps.iter().map(|step| {
        let tags: Vec<&str> = step.tags.iter().map(application::Tag::as_str).collect();
        vec![
            step.action.to_owned(),
            step.reference.clone(),
            tags.join(", "),
            terminal.size(step.bytes),
            step.reason.clone(),
        ]
    });
    table(&COLUMNS, lines)
}

fn summary(plan: &PlanAnswer, terminal: &Terminal) -> String {
    let count = |action: &str| plan.steps.iter().filter(|step| step.action == action).count();
    let parts = [
        (
            usize::try_from(plan.deleted_tags).unwrap_or(usize::MAX),
            "tag",
            "deleted",
        ),
        (count("delete-manifest"), "digest", "deleted"),
        (count("copy-blob"), "blob", "sent"),
        (count("mount-blob"), "blob", "mounted"),
        (count("put-manifest"), "manifest", "put"),
    ];
    let mut words: Vec<String> = parts
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, noun, verb)| format!("{count} {noun}{} {verb}", if *count == 1 { "" } else { "s" }))
        .collect();
    let there: Vec<_> = plan.transfer.iter().flat_map(Transfer::skipped).collect();
    if !there.is_empty() {
        let bytes: ByteSize = there.iter().map(|blob| blob.size).sum();
        let blobs = if there.len() == 1 { "blob" } else { "blobs" };
        words.push(format!(
            "{} {blobs} there already ({})",
            there.len(),
            terminal.size(bytes)
        ));
    }
    if plan.reclaimed.bytes() > 0 {
        words.push(format!("{} reclaimed", terminal.size(plan.reclaimed)));
    }
    words.join(", ") + "\n"
}

fn kept(plan: &PlanAnswer) -> String {
    const COLUMNS: [Column; 4] = [
        Column::Left("KEPT"),
        Column::Left("REPOSITORY"),
        Column::Left("DIGEST"),
        Column::Left("BECAUSE"),
    ];
    let lines = plan.kept.iter().map(|kept| {
        vec![
            kept.tag.to_string(),
            kept.repository.clone(),
            kept.digest.short().to_owned(),
            kept.reason.clone(),
        ]
    });
    if plan.kept.is_empty() {
        return String::new();
    }
    section("", &table(&COLUMNS, lines)).trim_start().to_owned()
}

fn protected(plan: &PlanAnswer) -> String {
    const COLUMNS: [Column; 3] = [
        Column::Left("PROTECTED"),
        Column::Left("REPOSITORY"),
        Column::Left("BECAUSE"),
    ];
    if plan.protected.is_empty() {
        return String::new();
    }
    let lines = plan.protected.iter().map(|protected| {
        vec![
            protected.digest.short().to_owned(),
            protected.repository.clone(),
            protected.because.clone(),
        ]
    });
    "\n".to_owned() + &table(&COLUMNS, lines)
}

fn done(outcome: &OutcomeAnswer, terminal: &Terminal) -> String {
    let counts = [
        (outcome.done.len(), "done"),
        (outcome.failed.len(), "failed"),
        (outcome.skipped.len(), "skipped"),
    ];
    let words: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let steps = if words.is_empty() {
        "nothing to do".to_owned()
    } else {
        format!("steps: {}", words.join(", "))
    };
    let journal = outcome
        .journal_id
        .as_ref()
        .map(|id| format!("journal: {id}\n"))
        .unwrap_or_default();
    format!(
        "{}{}{steps}\n{journal}",
        summary(&outcome.plan, terminal),
        outcome_state(outcome)
    )
}

fn outcome_state(outcome: &OutcomeAnswer) -> String {
    format!("{}: {}\n", outcome.plan.kind, outcome.state)
}
