/** What long commands tell by the way, whoever asked: a host that wants patience, a registry with news for its users. */
import { createStore } from "../shared/store";
import type { Progress } from "./bindings";

export type Wait = Extract<Progress, { type: "waiting" }>;

const store = createStore<ReadonlyMap<string, Wait>>(new Map());

/** A command said how far it is: it waits, goes on, or was warned. */
export function noteWait(operation: string, progress: Progress): void {
  if (progress.type === "warned") noteWarning(progress);
  else if (progress.type !== "waiting") endWait(operation);
  else store.put(new Map(store.get()).set(operation, progress));
}

export function endWait(operation: string): void {
  if (!store.get().has(operation)) return;
  const left = new Map(store.get());
  left.delete(operation);
  store.put(left);
}

export const useWaits = store.use;

export type Warning = Extract<Progress, { type: "warned" }>;

const warnings = createStore<readonly Warning[]>([]);

function noteWarning(warning: Warning): void {
  warnings.put([...warnings.get(), warning]);
}

/** What registries have warned of since the window opened; the program tells each once. */
export const useWarnings = warnings.use;
