/** Plans that are being carried out, and how they ended. They outlive the page, so that nothing is lost when somebody leaves it. */
import { executeChange, isCancelled, type Outcome, type Plan, type Problem, type Progress, toProblem, type Wait } from "../../../ipc";
import { createStore } from "../../../shared/store";

export interface Run {
  plan: Plan;
  step: { what: string; done: number; total: number | null } | null;
  waiting: Wait | null;
  /** Somebody wants it to stop; what has begun is finished first. */
  stopping: boolean;
  outcome: Outcome | null;
  /** Why it could not be carried out at all. */
  problem: Problem | null;
}

const store = createStore<ReadonlyMap<string, Run>>(new Map());
const controllers = new Map<string, AbortController>();

export function runKey(connectionId: string, repository: string): string {
  return `${connectionId} ${repository}`;
}

/** All of them, by their keys. */
export const useRuns = store.use;

export function useRun(key: string): Run | undefined {
  return store.use().get(key);
}

function change(key: string, part: Partial<Run>): void {
  const run = store.get().get(key);
  if (run !== undefined) store.put(new Map(store.get()).set(key, { ...run, ...part }));
}

function progressOf(progress: Progress): Partial<Run> {
  switch (progress.type) {
    case "step":
      return { step: { what: progress.what, done: progress.done, total: progress.total }, waiting: null };
    case "waiting":
      return { waiting: progress };
    default:
      return {};
  }
}

/** Does exactly this plan. Gives how it ended; null: it could not be done at all, and the run says why. */
export async function startRun(key: string, plan: Plan): Promise<Outcome | null> {
  if (controllers.has(key)) return null;
  const controller = new AbortController();
  controllers.set(key, controller);
  store.put(new Map(store.get()).set(key, { plan, step: null, waiting: null, stopping: false, outcome: null, problem: null }));
  try {
    const onProgress = (progress: Progress) => change(key, progressOf(progress));
    const outcome = await executeChange(plan.planId, { signal: controller.signal, onProgress });
    if (outcome.state === "done") forgetRun(key);
    else change(key, { outcome });
    return outcome;
  } catch (error) {
    if (isCancelled(error)) forgetRun(key);
    else change(key, { problem: toProblem(error) });
    return null;
  } finally {
    controllers.delete(key);
  }
}

export function stopRun(key: string): void {
  change(key, { stopping: true });
  controllers.get(key)?.abort();
}

export function forgetRun(key: string): void {
  const left = new Map(store.get());
  left.delete(key);
  store.put(left);
}
