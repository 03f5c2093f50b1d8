/** Executing in the double: step by step, with progress, and each step only if the registry holds what it expects. */
import type { Channel } from "@tauri-apps/api/core";
import type { FailedStep, Outcome, PlannedStep, Progress, SkippedStep } from "../../bindings";
import type { World } from "../world";
import { applyStep, nameOf, pointedAt } from "./registry";
import type { At, KeptChange, KeptPlan } from "./state";

interface Run {
  planId: string;
  progress: Channel<Progress>;
  /** Waits, and rejects when the operation was cancelled. */
  pause: () => Promise<void>;
}

export async function executePlan(world: World, { planId, progress, pause }: Run): Promise<Outcome> {
  const kept = world.changes.plans.get(planId);
  if (kept === undefined) throw { code: "notFound", message: "This plan is not kept any more", hint: "Plan it again.", retryable: true };
  world.changes.plans.delete(planId);
  refuseUnmet(kept);
  const { steps } = kept.plan;
  const done: number[] = [];
  const failed: FailedStep[] = [];
  const skipped: SkippedStep[] = [];
  if (steps.length === 0) return { plan: kept.plan, journalId: null, state: "done", done, failed, skipped };
  const change = begin(world, kept);
  let cancelled = false;
  for (const [position, step] of steps.entries()) {
    const place = kept.at[position];
    const record = change.steps[position];
    if (place === undefined || record === undefined) continue;
    progress.onmessage({ type: "step", what: "Steps", done: position, total: steps.length });
    cancelled ||= await pause().then(
      () => false,
      () => true,
    );
    const failure = cancelled ? null : failureOf(world, place, step, position);
    if (cancelled) skipped.push({ step: position, reason: "cancelled" });
    else if (failure !== null) failed.push(failure);
    else {
      applyStep(world, place, step);
      done.push(position);
    }
    record.state = cancelled ? "skipped" : failure === null ? "done" : "failed";
    record.at = new Date().toISOString();
    record.message = cancelled ? "cancelled" : (failure?.message ?? null);
  }
  const state = cancelled ? "cancelled" : failed.length === 0 ? "done" : done.length === 0 ? "failed" : "partial";
  finish(world, kept, change, state, done.length);
  return { plan: kept.plan, journalId: change.entry.id, state, done, failed, skipped };
}

function refuseUnmet({ plan }: KeptPlan): void {
  const missing = plan.requirements.find((one) => !one.met);
  if (missing === undefined) return;
  throw { code: "refused", message: `The channel asks for ${missing.requirement}`, hint: missing.detail, retryable: false };
}

/** Why the registry does not do a step. */
function failureOf(world: World, place: At, step: PlannedStep, position: number): FailedStep | null {
  const [tag] = step.tags;
  const now = tag === undefined || step.action === "delete-manifest" ? step.expectedDigest : pointedAt(world, place, tag);
  if (world.wanted === "refused")
    return {
      step: position,
      code: "denied",
      message: `${nameOf(world, place)} may not be written`,
      hint: "Give the login the right to push.",
    };
  if (world.wanted !== "moved" && now === step.expectedDigest) return null;
  return { step: position, code: "conflict", message: `${tag} has moved to 4be1907c since the plan`, hint: "Synchronise and plan again." };
}

function begin(world: World, { plan, request, at }: KeptPlan): KeptChange {
  const change: KeptChange = {
    entry: {
      id: `change-${world.changes.journal.length + 1}`,
      kind: plan.kind,
      started: new Date().toISOString(),
      finished: null,
      state: "running",
      repositories: [...new Set(at.map((place) => nameOf(world, place)))],
      tags: [...new Set(plan.steps.flatMap((step) => step.tags))],
      steps: plan.steps.length,
      stepsDone: 0,
      by: "acme-bot",
      undoes: request.kind === "undo" ? request.id : null,
    },
    steps: plan.steps.map((step) => ({ step, state: "waiting", at: null, message: null })),
    at,
  };
  world.changes.journal.unshift(change);
  return change;
}

function finish(world: World, { request }: KeptPlan, change: KeptChange, state: string, done: number): void {
  change.entry.state = state;
  change.entry.finished = new Date().toISOString();
  change.entry.stepsDone = done;
  if (state !== "done") return;
  const id = request.kind === "undo" || request.kind === "resume" ? request.id : null;
  for (const { entry } of world.changes.journal) {
    if (entry.id !== id) continue;
    entry.state = request.kind === "undo" ? "undone" : "done";
    entry.finished ??= change.entry.finished;
  }
}
