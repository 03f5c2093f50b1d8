/** What can still be done with a change of the journal, as far as its state tells. Its plan may still be refused. Pure. */
import type { JournalEntry } from "../../../ipc";

export type Possibility = "undo" | "finish" | "rollBack";

export function possibilities(entry: JournalEntry): Possibility[] {
  const { state, done } = entry;
  if (state === "interrupted") return ["finish", "rollBack"];
  if (state === "running" || state === "undone") return [];
  const undo: Possibility[] = done.steps > 0 ? ["undo"] : [];
  return state === "done" ? undo : [...undo, "finish"];
}
