/** Changes as the program answers them: a look from the index, a plan that reads anew, and exactly that plan done. */
import type { Channel } from "@tauri-apps/api/core";
import type { ChangeRequest, Outcome, Plan, PlannedStep, Progress } from "../../bindings";
import { repositoryKey, versionsOf } from "../answerVersions";
import { type KeptVersion, tagLabel } from "../data/versions";
import { isCancelled, problem, wait } from "../operation";
import { digestOf } from "../random";
import type { World } from "../world";
import { judgeChosen, judgeRules } from "./judge";
import type { KeptPlan } from "./keptPlan";
import { planOf } from "./planning";

interface Given {
  request: ChangeRequest;
  planId: string;
  operation: string;
  progress: Channel<Progress>;
}

/** As many plans wait for their execution. */
const keptPlans = 8;

function planned(world: World, request: ChangeRequest): KeptPlan {
  if (request.kind === "undo") return plannedUndo(world, request);
  if (request.kind !== "prune" && request.kind !== "delete") throw problem("other", `The double does not plan ${request.kind}`);
  const connection = world.connections.find((one) => one.id === request.connectionId);
  if (connection === undefined) throw problem("notFound", `There is no connection ${request.connectionId}`);
  const versions = versionsOf(world, request.connectionId, request.repository);
  const { protectedTags } = world.settings;
  const judge =
    request.kind === "prune" ? judgeRules(request.rules, versions, protectedTags) : judgeChosen(request, versions, protectedTags);
  const { plan, after } = planOf({ connection, repository: request.repository, versions, judge, kind: request.kind });
  return { plan, after, request, key: repositoryKey(request.connectionId, request.repository) };
}

function plannedUndo(world: World, request: Extract<ChangeRequest, { kind: "undo" }>): KeptPlan {
  const entry = world.journal.get(request.id);
  if (entry === undefined) throw problem("notFound", `There is no change ${request.id} in the journal`);
  if (world.wanted === "collected")
    throw problem("refused", "12 blobs of 9 versions are gone from the registry", "Push them again from where they were built.");
  const here = new Set((world.changed.get(entry.key) ?? []).map((version) => version.row.digest));
  const steps: PlannedStep[] = entry.before
    .filter((version) => !here.has(version.row.digest))
    .map(({ row }) => ({
      action: "put-manifest",
      reference: `${entry.key}@${row.digest}`,
      digest: row.digest,
      expectedDigest: null,
      tags: row.tags.map((tag) => tag.name),
      reason: "was deleted",
      bytes: 0,
    }));
  const plan: Plan = {
    kind: "undo",
    planId: digestOf(`undo ${request.id}`).slice(7, 23),
    steps,
    kept: [],
    protected: [],
    unreadable: [],
    reclaimedBytes: 0,
    deletedTags: 0,
    warnings: [],
    requirements: [],
    typedName: null,
  };
  return { plan, after: entry.before, request, key: entry.key };
}

export function previewChange(world: World, request: ChangeRequest): Plan {
  return planned(world, request).plan;
}

export async function planChange(world: World, { request, operation, progress }: Given): Promise<Plan> {
  for (let done = 1; done <= 5; done += 1) {
    progress.onmessage({ type: "step", what: "Reading tags anew", done: done * 6, total: 30 });
    await wait(world.wanted === "slow" ? 1500 : 50, operation);
  }
  if (world.wanted === "offline") throw problem("unreachable", "ghcr.io cannot be reached", "Check the network. Nothing was changed.");
  if (world.wanted === "moved" && (request.kind === "prune" || request.kind === "delete")) moveTag(world, request);
  const kept = planned(world, request);
  world.plans.set(kept.plan.planId, kept);
  const [oldest] = world.plans.keys();
  if (world.plans.size > keptPlans && oldest !== undefined) world.plans.delete(oldest);
  return kept.plan;
}

/** Somebody has pointed `staging` at 1.3.1 meanwhile. */
function moveTag(world: World, request: Extract<ChangeRequest, { kind: "prune" | "delete" }>): void {
  const key = repositoryKey(request.connectionId, request.repository);
  const staging = tagLabel("staging", "half");
  const moved = versionsOf(world, request.connectionId, request.repository).map((version): KeptVersion => {
    const others = version.row.tags.filter((tag) => tag.name !== "staging");
    const tags = others.some((tag) => tag.name === "1.3.1") ? [...others, staging] : others;
    return { ...version, row: { ...version.row, tags } };
  });
  world.changed.set(key, moved);
}

export async function executeChange(world: World, { planId, operation, progress }: Given): Promise<Outcome> {
  const kept = world.plans.get(planId);
  if (kept === undefined) throw problem("notFound", "this plan is not kept any more", "Plan it again.");
  world.plans.delete(planId);
  const { plan, key } = kept;
  const outcome: Outcome = { plan, journalId: null, state: "done", done: [], failed: [], skipped: [] };
  if (plan.steps.length === 0) return outcome;
  const total = plan.steps.length;
  const pause = Math.max(1, Math.ceil(total / 20));
  for (const [place, step] of plan.steps.entries()) {
    if (place % pause === 0 && !isCancelled(operation)) {
      progress.onmessage({ type: "step", what: "Deleting", done: place, total });
      await wait(world.wanted === "slow" ? 600 : 50, operation).catch(() => undefined);
    }
    become(world, outcome, place, step, isCancelled(operation));
  }
  outcome.state = stateOf(outcome, total);
  outcome.journalId = `change-${world.journal.size + 1}`;
  const connectionId = key.slice(0, key.indexOf(" "));
  const before = versionsOf(world, connectionId, key.slice(connectionId.length + 1));
  world.journal.set(outcome.journalId, { key, before });
  const left = new Set([...outcome.failed, ...outcome.skipped].map((one) => plan.steps[one.step]?.digest));
  world.changed.set(key, left.size === 0 ? kept.after : partly(before, kept.after, left));
  world.revision += 1;
  return outcome;
}

const refusedTag = "1.1.0";

function become(world: World, outcome: Outcome, place: number, step: PlannedStep, cancelled: boolean): void {
  const { steps } = outcome.plan;
  const owner = steps.find((one) => one.tags.includes(refusedTag));
  if (cancelled) outcome.skipped.push({ step: place, reason: "cancelled before it started" });
  else if (world.wanted === "refused" && owner === step)
    outcome.failed.push({
      step: place,
      code: "conflict",
      message: `${refusedTag} has moved to 4be1907c since the plan`,
      hint: "Plan again to see what it holds now.",
    });
  else if (world.wanted === "refused" && owner !== undefined && step.reason.endsWith(owner.digest.slice(7, 15)))
    outcome.skipped.push({ step: place, reason: "what it belongs to is still there" });
  else outcome.done.push(place);
}

function stateOf({ done, skipped }: Outcome, total: number): string {
  if (done.length === total) return "done";
  if (skipped.some((one) => one.reason.startsWith("cancelled"))) return "cancelled";
  return done.length > 0 ? "partial" : "failed";
}

/** What was not done is as before. */
function partly(before: KeptVersion[], after: KeptVersion[], left: ReadonlySet<string | undefined>): KeptVersion[] {
  const now = new Map(after.map((version) => [version.row.digest, version]));
  return before.flatMap((version) => (left.has(version.row.digest) ? [version] : (now.get(version.row.digest) ?? [])));
}
