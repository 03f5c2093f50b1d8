/**
 * Changes that this window makes: planned, carried out, and undone while they can be. The one place for all kinds: a feature
 * brings a request and its words, `ChangeToasts` shows how far it is and what came of it, `PlanDialog` asks where one has to.
 *
 *     makeChange({ request, words }, (plan) => askForPlan({ … }))   plans and carries out at once, unless the plan asks for something
 *     executePlan(plan, words)                                      carries out a plan that was shown
 *
 * Neither rejects: what went wrong is told in the toast. Both give the outcome, or null where nothing was carried out.
 */
import {
  type ChangeRequest,
  executeChange,
  isCancelled,
  type Outcome,
  type Plan,
  type Problem,
  type Progress,
  planChange,
  toProblem,
} from "../../../ipc";
import { createStore } from "../../../shared/store";
import { type ChangeWords, undoWords } from "./words";

export interface Change {
  request: ChangeRequest;
  words: ChangeWords;
}

type Ending = "done" | "nothing" | "partial" | "failed" | "cancelled";

export interface RunningChange {
  id: string;
  words: ChangeWords;
  phase: "planning" | "executing";
  /** Of steps, or of bytes where it sends some; null: not known. */
  progress: { done: number; total: number; bytes: boolean } | null;
  /** null: it runs. */
  ended: Ending | null;
  outcome: Outcome | null;
  /** Why it was not carried out, or not to its end. */
  problem: Problem | null;
}

interface Undoable {
  journalId: string;
  words: ChangeWords;
}

interface Changes {
  /** Those that run, and those whose end nobody has put away. */
  runs: readonly RunningChange[];
  /** What this window did, the last at the end. */
  undoable: readonly Undoable[];
  /** Counts ends: who shows what a registry holds reads again. */
  ends: number;
}

const store = createStore<Changes>({ runs: [], undoable: [], ends: 0 });
const controllers = new Map<string, AbortController>();
const requested = new Set<string>();

export const useChanges = store.use;

function patch(id: string, part: Partial<RunningChange>): void {
  store.put({ ...store.get(), runs: store.get().runs.map((run) => (run.id === id ? { ...run, ...part } : run)) });
}

function begin(words: ChangeWords, phase: RunningChange["phase"]): { id: string; signal: AbortSignal } {
  const id = crypto.randomUUID();
  const controller = new AbortController();
  controllers.set(id, controller);
  const run: RunningChange = { id, words, phase, progress: null, ended: null, outcome: null, problem: null };
  store.put({ ...store.get(), runs: [...store.get().runs, run] });
  return { id, signal: controller.signal };
}

function end(id: string, ended: Ending, part: Partial<RunningChange> = {}): void {
  controllers.delete(id);
  patch(id, { ...part, ended });
  store.put({ ...store.get(), ends: store.get().ends + 1 });
}

/** Forgets a change that ended; its toast goes. */
export function putAway(id: string): void {
  controllers.delete(id);
  store.put({ ...store.get(), runs: store.get().runs.filter((run) => run.id !== id) });
}

/** The window that told of them goes. */
export function putAllAway(): void {
  store.put({ ...store.get(), runs: [] });
}

/** Something that a person has to see before it is carried out. */
export function asksSomething(plan: Plan): boolean {
  return plan.requirements.length > 0 || plan.typedName !== null || plan.unreadable.length > 0;
}

/** Plans and carries out at once; a plan that asks for something goes to `ask` instead. The same change does not run twice. */
export async function makeChange({ request, words }: Change, ask: (plan: Plan) => void, mustAsk = asksSomething): Promise<Outcome | null> {
  const key = JSON.stringify(request);
  if (requested.has(key)) return null;
  requested.add(key);
  const { id, signal } = begin(words, "planning");
  try {
    const plan = await planChange(request, { signal });
    if (mustAsk(plan)) {
      putAway(id);
      ask(plan);
      return null;
    }
    return await execute(id, signal, plan, words);
  } catch (error) {
    if (isCancelled(error)) putAway(id);
    else end(id, "failed", { problem: toProblem(error) });
    return null;
  } finally {
    requested.delete(key);
  }
}

/** Carries out a plan that was shown. */
export function executePlan(plan: Plan, words: ChangeWords): Promise<Outcome | null> {
  const { id, signal } = begin(words, "executing");
  return execute(id, signal, plan, words);
}

async function execute(id: string, signal: AbortSignal, plan: Plan, words: ChangeWords): Promise<Outcome | null> {
  patch(id, { phase: "executing", progress: plan.steps.length < 2 ? null : { done: 0, total: plan.steps.length, bytes: false } });
  try {
    const outcome = await executeChange(plan.planId, { signal, onProgress: (progress) => note(id, progress) });
    const ended = outcome.plan.steps.length === 0 ? "nothing" : endingOf(outcome);
    remember(outcome, plan, words);
    end(id, ended, { outcome });
    return outcome;
  } catch (error) {
    end(id, isCancelled(error) ? "cancelled" : "failed", { problem: isCancelled(error) ? null : toProblem(error) });
    return null;
  }
}

function endingOf({ state }: Outcome): Ending {
  return state === "done" || state === "partial" || state === "cancelled" ? state : "failed";
}

function note(id: string, progress: Progress): void {
  if (progress.type === "bytes" && progress.total !== null)
    patch(id, { progress: { done: progress.done, total: progress.total, bytes: true } });
  if (progress.type === "step" && progress.total !== null)
    patch(id, { progress: { done: progress.done, total: progress.total, bytes: false } });
}

/** What was done can be undone; an undo is not undone by the same key, or Ctrl+Z would only go to and fro. */
function remember({ journalId, done }: Outcome, { kind }: Plan, words: ChangeWords): void {
  if (journalId === null || done.length === 0 || kind === "undo") return;
  store.put({ ...store.get(), undoable: [...store.get().undoable, { journalId, words }] });
}

/** The last change of this window, unless it was undone. */
export function lastUndoable(): Undoable | undefined {
  return store.get().undoable.at(-1);
}

/** Undoes a change of this window at once, unless its undoing needs a look. Where that fails, the journal still offers it. */
export async function undoChange({ journalId, words }: Undoable, ask: (plan: Plan, undo: Change) => void): Promise<void> {
  const undo: Change = { request: { kind: "undo", id: journalId }, words: undoWords(words.what) };
  const shown = store.get().runs.find((run) => run.outcome?.journalId === journalId);
  if (shown) putAway(shown.id);
  forgetUndoable(journalId);
  await makeChange(
    undo,
    (plan) => ask(plan, undo),
    (plan) => asksSomething(plan) || plan.warnings.length > 0,
  );
}

/** It was undone, here or in the journal. */
export function forgetUndoable(journalId: string): void {
  store.put({ ...store.get(), undoable: store.get().undoable.filter((one) => one.journalId !== journalId) });
}

export function isChanging(): boolean {
  return controllers.size > 0;
}

export function cancelChange(id: string): void {
  controllers.get(id)?.abort();
}

/** Cancels the change that began last. */
export function cancelLastChange(): void {
  const last = [...controllers.keys()].at(-1);
  if (last !== undefined) cancelChange(last);
}
