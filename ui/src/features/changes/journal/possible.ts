/** What can still be done with a change of the journal, as far as its state tells. Its plan may still be refused. Pure. */
import type { JournalEntry } from "../../../ipc";

export type Possibility = "undo" | "finish" | "rollBack";

export function possibilities(entry: JournalEntry): Possibility[] {
  if (entry.state === "interrupted") return ["finish", "rollBack"];
  if (entry.state === "running" || entry.state === "undone" || entry.stepsDone === 0) return [];
  return [entry.state === "done" ? "undo" : "rollBack"];
}
