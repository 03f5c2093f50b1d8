/**
 * Changes that this window makes: planned, carried out, and undone while they can be. The one place for all kinds: a feature
 * brings a request and its words, `ChangeToasts` shows how far it is and what came of it, `PlanDialog` asks where one has to.
 *
 *     makeChange({ request, words }, (plan) => askForPlan({ … }))   plans and carries out at once, unless the plan asks for something
 *     executePlan(plan, words)                                      carries out a plan that was shown
 *     executePlan(plan, words, place)                               the same, where a page shows it: the toast waits till nobody looks
 *     executePlan(plan, words, place, typedName)                    the same with the name that the plan asks for
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
  type Wait,
} from "../../../ipc";
import { createStore } from "../../../shared/store";
import { noParts, noted, type Parts } from "./parts";
import { type ChangeWords, undoWords } from "./words";

export interface Change {
  request: ChangeRequest;
  words: ChangeWords;
}

type Ending = "done" | "nothing" | "partial" | "failed" | "cancelled";

export interface RunningChange {
  id: string;
  words: ChangeWords;
  /** Which page shows it, whoever looks at that; null: only a toast does. */
  place: string | null;
  /** What is carried out; null: it is still planned. */
  plan: Plan | null;
  /** Of steps, or of bytes where it sends some; null: not known. */
  progress: { done: number; total: number; bytes: boolean } | null;
  /** How far single steps are, and how fast all of it goes. */
  parts: Parts;
  /** A registry that asks to wait. */
  waiting: Wait | null;
  /** Somebody wants it to stop; what has begun is finished first. */
  stopping: boolean;
  /** null: it runs. */
  ended: Ending | null;
  outcome: Outcome | null;
  /** Why it was not carried out, or not to its end. */
  problem: Problem | null;
  /** It ended while somebody looked at its page. */
  seen: boolean;
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
  /** Pages of changes that somebody looks at. */
  watched: readonly string[];
}

const store = createStore<Changes>({ runs: [], undoable: [], ends: 0, watched: [] });
const controllers = new Map<string, AbortController>();
const requested = new Set<string>();

export const useChanges = store.use;

function patch(id: string, part: Partial<RunningChange>): void {
  store.put({ ...store.get(), runs: store.get().runs.map((run) => (run.id === id ? { ...run, ...part } : run)) });
}

function begin(words: ChangeWords, place: string | null): { id: string; signal: AbortSignal } {
  const id = crypto.randomUUID();
  const controller = new AbortController();
  controllers.set(id, controller);
  const still = { progress: null, parts: noParts, waiting: null, stopping: false, ended: null, outcome: null, problem: null, seen: false };
  // What is planned anew at a place takes the place of what ended there.
  const others = store.get().runs.filter((run) => place === null || run.place !== place || run.ended === "done");
  store.put({ ...store.get(), runs: [...others, { id, words, place, plan: null, ...still }] });
  return { id, signal: controller.signal };
}

function end(id: string, ended: Ending, part: Partial<RunningChange> = {}): void {
  controllers.delete(id);
  const { runs, watched } = store.get();
  const place = runs.find((run) => run.id === id)?.place ?? null;
  patch(id, { ...part, ended, waiting: null, seen: place !== null && watched.includes(place) });
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
  const { id, signal } = begin(words, null);
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

/** Carries out a plan that was shown. One at a time in a place. */
export async function executePlan(
  plan: Plan,
  words: ChangeWords,
  place: string | null = null,
  typedName: string | null = null,
): Promise<Outcome | null> {
  if (place !== null && store.get().runs.some((run) => run.place === place && run.ended === null)) return null;
  const { id, signal } = begin(words, place);
  return execute(id, signal, plan, words, typedName);
}

/** What runs at a place, or ended there other than well. */
export function runAt({ runs }: Changes, place: string): RunningChange | undefined {
  return runs.find((run) => run.place === place && run.ended !== "done" && run.ended !== "nothing");
}

/** Forgets how it ended there. */
export function putAwayAt(place: string): void {
  const run = runAt(store.get(), place);
  if (run !== undefined && run.ended !== null) putAway(run.id);
}

/** Somebody looks at this place, until the function that is given back is called. */
export function watchPlace(place: string): () => void {
  store.put({ ...store.get(), watched: [...store.get().watched, place] });
  return () => {
    const left = [...store.get().watched];
    left.splice(left.indexOf(place), 1);
    store.put({ ...store.get(), watched: left });
  };
}

/** No page tells of it: a toast does. */
export function needsToast({ place, ended, seen }: RunningChange, watched: readonly string[]): boolean {
  // The page of a copy stays and tells of its end; that of a deletion closes when all is done.
  const closes = !place?.startsWith("copy ");
  if (place === null || (closes && (ended === "done" || ended === "nothing"))) return true;
  return !seen && !watched.includes(place);
}

async function execute(
  id: string,
  signal: AbortSignal,
  plan: Plan,
  words: ChangeWords,
  typedName: string | null = null,
): Promise<Outcome | null> {
  patch(id, { plan, progress: plan.steps.length < 2 ? null : { done: 0, total: plan.steps.length, bytes: false } });
  try {
    const outcome = await executeChange(plan.planId, typedName, { signal, onProgress: (progress) => note(id, progress) });
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
  if (progress.type === "parts" || progress.type === "bytes") notePart(id, progress);
  if (progress.type === "waiting") patch(id, { waiting: progress });
  if (progress.type !== "bytes" && progress.type !== "step") return;
  const { type, done, total } = progress;
  patch(id, { waiting: null, ...(total === null ? {} : { progress: { done, total, bytes: type === "bytes" } }) });
}

function notePart(id: string, progress: Progress): void {
  const run = store.get().runs.find((one) => one.id === id);
  if (run !== undefined) patch(id, { parts: noted(run.parts, progress) });
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

/** Undoes what was just done, as its outcome names it. */
export async function undoOutcome({ journalId }: Outcome, ask: (plan: Plan, undo: Change) => void): Promise<void> {
  const one = store.get().undoable.find((undoable) => undoable.journalId === journalId);
  if (one !== undefined) await undoChange(one, ask);
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
  patch(id, { stopping: true });
  controllers.get(id)?.abort();
}

/** Cancels the change that began last, of those that a toast tells of. */
export function cancelLastChange(): void {
  const { runs, watched } = store.get();
  const last = runs.findLast((run) => run.ended === null && needsToast(run, watched));
  if (last !== undefined) cancelChange(last.id);
}
