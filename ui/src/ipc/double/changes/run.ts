/** Executing in the double: step by step, with progress, and each step only if the registry holds what it expects. */
import type { Channel } from "@tauri-apps/api/core";
import type { FailedStep, JournalStep, Outcome, PlannedStep, Progress, ProgressPace, SkippedStep } from "../../bindings";
import { isCancelled, problem, wait } from "../operation";
import type { World } from "../world";
import { tallyOf } from "./journalAnswers";
import { applySteps, nameOf, pointedAt } from "./registry";
import type { At, KeptChange, KeptPlan } from "./state";

interface Given {
  planId: string;
  typedName: string | null;
  operation: string;
  progress: Channel<Progress>;
}

/** A long change takes as many breaths, a short one as many as it has steps. */
const breaths = 10;

export async function executeChange(world: World, { planId, typedName, operation, progress }: Given): Promise<Outcome> {
  const kept = world.changes.plans.get(planId);
  if (kept === undefined) throw problem("notFound", "This plan is not kept any more", "Plan it again.");
  const { typedName: asked } = kept.plan;
  if (asked !== null && typedName !== asked)
    throw { ...problem("refused", `This change waits until somebody types ${asked}`, "Type the name as it stands."), retryable: false };
  world.changes.plans.delete(planId);
  refuseUnmet(kept);
  const { plan, at } = kept;
  const { steps } = plan;
  const outcome: Outcome = { plan, journalId: null, state: "done", done: [], failed: [], skipped: [] };
  if (steps.length === 0) return outcome;
  const change = begin(world, kept);
  outcome.journalId = change.entry.id;
  const stride = Math.ceil(steps.length / breaths);
  for (let from = 0; from < steps.length; from += stride) {
    progress.onmessage({ type: "step", what: "Steps", done: from, total: steps.length });
    await send(world, kept, from, Math.min(steps.length, from + stride), { progress, operation });
    const done = new Map<At, PlannedStep[]>();
    for (let place = from; place < Math.min(steps.length, from + stride); place += 1) {
      const [where, step] = [at[place], steps[place]];
      if (where === undefined || step === undefined) continue;
      if (become(world, kept, place, isCancelled(operation), outcome, change)) done.set(where, [...(done.get(where) ?? []), step]);
    }
    for (const [where, those] of done) applySteps(world, where, those);
  }
  outcome.state = stateOf(outcome);
  finish(world, kept, change, outcome);
  return outcome;
}

/** Takes the time of some steps; of blobs it tells how far they are. */
async function send(
  world: World,
  { plan }: KeptPlan,
  from: number,
  until: number,
  { progress, operation }: Pick<Given, "progress" | "operation">,
) {
  const sums = plan.steps.slice(0, from).filter((step) => step.action === "copy-blob");
  const before = sums.reduce((sum, step) => sum + step.bytes, 0);
  const total = plan.steps.filter((step) => step.action === "copy-blob").reduce((sum, step) => sum + step.bytes, 0);
  const sending = [...plan.steps.entries()].slice(from, until).filter(([, step]) => step.action === "copy-blob");
  const rounds = sending.length > 0 ? 10 : 1;
  for (let round = 1; round <= rounds && !isCancelled(operation); round += 1) {
    await wait(paceOf(world) / rounds, operation).catch(() => undefined);
    const share = round / rounds;
    const parts = sending.map(([step, { bytes }]) => {
      const pace = paceOver(world, bytes, bytes * (1 - share));
      return { step, standing: "sent" as const, doneBytes: bytes * share, totalBytes: bytes, pace };
    });
    if (parts.length > 0) progress.onmessage({ type: "parts", parts });
    const done = before + sending.reduce((sum, [, { bytes }]) => sum + bytes * share, 0);
    const together = sending.reduce((sum, [, { bytes }]) => sum + bytes, 0);
    if (total > 0) progress.onmessage({ type: "bytes", done, total, pace: paceOver(world, together, total - done) });
  }
  const ended = Array.from({ length: until - from }, (_, position) => from + position);
  const parts = ended.map((step) => ({ step, standing: "done" as const, doneBytes: null, totalBytes: null, pace: null }));
  if (!isCancelled(operation)) progress.onmessage({ type: "parts", parts });
}

/** Writes down what becomes of a step; true: it is to be done. */
function become(world: World, kept: KeptPlan, place: number, cancelled: boolean, outcome: Outcome, change: KeptChange): boolean {
  const [where, step, record] = [kept.at[place], kept.plan.steps[place], change.steps[place]];
  if (where === undefined || step === undefined || record === undefined) return false;
  const failed = cancelled ? null : failureOf(world, kept, where, place);
  const skipped = cancelled ? "cancelled before it started" : skippedWhy(world, kept, step);
  record.at = new Date().toISOString();
  record.message = failed?.message ?? skipped;
  record.state = failed !== null ? "failed" : skipped !== null ? "skipped" : "done";
  if (failed !== null) outcome.failed.push(failed);
  else if (skipped !== null) outcome.skipped.push({ step: place, reason: skipped });
  else outcome.done.push(place);
  return record.state === "done";
}

/** All that is sent in one breath goes evenly. */
function paceOver(world: World, bytes: number, left: number): ProgressPace | null {
  const bytesPerSecond = Math.round((bytes * 1000) / paceOf(world));
  return bytesPerSecond === 0 ? null : { bytesPerSecond, secondsLeft: Math.ceil(left / bytesPerSecond) };
}

function paceOf({ wanted }: World): number {
  return wanted === "loading" ? 3000 : wanted === "slow" ? 600 : 50;
}

function refuseUnmet({ plan }: KeptPlan): void {
  const missing = plan.requirements.find((one) => !one.met);
  if (missing === undefined) return;
  throw { ...problem("refused", `The channel asks for ${missing.requirement}`, missing.detail), retryable: false };
}

/** In the world `refused` this tag does not go, and what belongs to its version stays with it. */
const refusedTag = "1.1.0";

/** Why the registry does not do a step. */
function failureOf(world: World, { plan, at, request }: KeptPlan, where: At, place: number): FailedStep | null {
  const step = plan.steps[place];
  const [tag] = step?.tags ?? [];
  if (step === undefined || tag === undefined || at[place] === undefined) return null;
  const moved = (name: string): FailedStep => ({
    step: place,
    code: "conflict",
    message: `${name} has moved to 4be1907c since the plan`,
    hint: "Synchronise and plan again.",
  });
  if (step.action === "delete-manifest") return world.wanted === "refused" && step.tags.includes(refusedTag) ? moved(refusedTag) : null;
  const isMove = request.kind === "promote" || request.kind === "rollback";
  if (world.wanted === "refused" && isMove)
    return {
      step: place,
      code: "denied",
      message: `${nameOf(world, where)} may not be written`,
      hint: "Give the login the right to push.",
    };
  return (world.wanted === "moved" && isMove) || pointedAt(world, where, tag) !== step.expectedDigest ? moved(tag) : null;
}

function skippedWhy(world: World, { plan }: KeptPlan, step: PlannedStep): string | null {
  if (world.wanted !== "refused") return null;
  const owner = plan.steps.find((one) => one.action === "delete-manifest" && one.tags.includes(refusedTag));
  return owner !== undefined && step.reason.endsWith(owner.digest.slice(7, 15)) ? "what it belongs to is still there" : null;
}

function stateOf({ done, failed, skipped }: { done: number[]; failed: FailedStep[]; skipped: SkippedStep[] }): string {
  if (skipped.some((one) => one.reason.startsWith("cancelled"))) return "cancelled";
  if (failed.length === 0) return "done";
  return done.length === 0 ? "failed" : "partial";
}

function begin(world: World, { plan, request, at }: KeptPlan): KeptChange {
  const steps = plan.steps.map((step): JournalStep => ({ step, state: "waiting", at: null, message: null }));
  const change: KeptChange = {
    entry: {
      id: `change-${world.changes.journal.length + 1}`,
      kind: plan.kind,
      started: new Date().toISOString(),
      finished: null,
      state: "running",
      repositories: [...new Set(at.map((place) => nameOf(world, place)))].filter((name) => !plan.backups.includes(name)),
      backups: plan.backups,
      tags: [...new Set(plan.steps.flatMap((step) => step.tags))],
      sources: [],
      targets: [...new Set(at.map((place) => nameOf(world, place).split("/")[0] ?? ""))],
      planned: tallyOf(steps, plan.backups),
      done: tallyOf([], plan.backups),
      by: "acme-bot",
      version: null,
      policy: null,
      computer: "ws-114",
      program: "window",
      undoes: request.kind === "undo" ? request.id : null,
      undoneBy: null,
    },
    steps,
    at,
  };
  world.changes.journal.unshift(change);
  return change;
}

function finish(world: World, { request }: KeptPlan, change: KeptChange, { state, done }: Outcome): void {
  change.entry.state = state;
  change.entry.finished = new Date().toISOString();
  const ended = change.steps.filter((_, position) => done.includes(position));
  change.entry.done = tallyOf(ended, change.entry.backups);
  if (state !== "done") return;
  const id = request.kind === "undo" || request.kind === "resume" ? request.id : null;
  for (const { entry } of world.changes.journal) {
    if (entry.id !== id) continue;
    entry.state = request.kind === "undo" ? "undone" : "done";
    entry.finished ??= change.entry.finished;
  }
}
