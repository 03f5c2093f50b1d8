/** Changes as the program answers them: a look from the index, a plan that reads anew, exactly that plan done, and the journal. */
import type { Channel } from "@tauri-apps/api/core";
import type { ChangeRequest, Plan, Progress } from "../../bindings";
import { versionsOf } from "../answerVersions";
import { type KeptVersion, tagLabel } from "../data/versions";
import { problem, wait } from "../operation";
import type { World } from "../world";
import { keptPlanOf } from "./plans";
import { type At, placeKey } from "./state";

export { fittingRoutes } from "./copying";
export { historyOf as channelHistory } from "./history";
export { exportJournal, journalDetail, journalManifest, journalPage, journalSize, unsettledChanges } from "./journalAnswers";
export { executeChange } from "./run";

/** As many plans wait for their execution. */
const keptPlans = 8;

export function previewChange(world: World, request: ChangeRequest): Plan {
  const looked = request.kind === "prune" || request.kind === "delete" ? { ...request, backup: null } : request;
  return keptPlanOf(world, looked).plan;
}

interface Given {
  request: ChangeRequest;
  operation: string;
  progress: Channel<Progress>;
}

export async function planChange(world: World, { request, operation, progress }: Given): Promise<Plan> {
  const deletes = request.kind === "prune" || request.kind === "delete";
  const rounds = deletes ? 5 : 1;
  for (let done = 1; done <= rounds; done += 1) {
    progress.onmessage({ type: "step", what: "Reading tags anew", done: done * 6, total: rounds * 6 });
    await wait(world.wanted === "slow" ? 1500 : 50, operation);
  }
  if (world.wanted === "offline") throw problem("unreachable", "ghcr.io cannot be reached", "Check the network. Nothing was changed.");
  if (world.wanted === "moved" && deletes) moveStaging(world, request.kind === "prune" ? request.repositories[0] : request);
  const kept = keptPlanOf(world, request);
  const { plans } = world.changes;
  plans.set(kept.plan.planId, kept);
  const [oldest] = plans.keys();
  if (plans.size > keptPlans && oldest !== undefined) plans.delete(oldest);
  return kept.plan;
}

/** Somebody has pointed `staging` at 1.3.1 meanwhile. */
function moveStaging(world: World, at: At | undefined): void {
  if (at === undefined) return;
  const staging = tagLabel("staging", "half");
  const moved = versionsOf(world, at.connectionId, at.repository).map((version): KeptVersion => {
    const others = version.row.tags.filter((tag) => tag.name !== "staging");
    const tags = others.some((tag) => tag.name === "1.3.1") ? [...others, staging] : others;
    return { ...version, row: { ...version.row, tags } };
  });
  world.changes.versions.set(placeKey(at), moved);
}
