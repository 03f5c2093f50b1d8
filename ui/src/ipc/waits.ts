/** What waits now, over all long commands: a host that asked for patience, say. Whoever waits can see it, wherever it was asked. */
import { createStore } from "../shared/store";
import type { Progress } from "./bindings";

export type Wait = Extract<Progress, { type: "waiting" }>;

const store = createStore<ReadonlyMap<string, Wait>>(new Map());

/** A command said how far it is: it waits, or goes on. */
export function noteWait(operation: string, progress: Progress): void {
  if (progress.type !== "waiting") endWait(operation);
  else store.put(new Map(store.get()).set(operation, progress));
}

export function endWait(operation: string): void {
  if (!store.get().has(operation)) return;
  const left = new Map(store.get());
  left.delete(operation);
  store.put(left);
}

export const useWaits = store.use;
