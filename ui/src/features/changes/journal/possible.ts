/** What can still be done with a change of the journal, as far as its state tells. Its plan may still be refused. Pure. */
import type { JournalDetail, JournalEntry } from "../../../ipc";

export type Possibility = "undo" | "finish" | "rollBack";

export function possibilities(entry: JournalEntry): Possibility[] {
  const { state, done } = entry;
  if (state === "interrupted") return ["finish", "rollBack"];
  if (state === "running" || state === "undone") return [];
  const undo: Possibility[] = done.steps > 0 ? ["undo"] : [];
  return state === "done" ? undo : [...undo, "finish"];
}

export interface Line {
  what: Possibility;
  /** What there is to say without a plan; null: its plan tells. */
  why: string | null;
}

/** A line for each, in this order, also for what is not possible. */
export function linesOf({ entry, steps }: Pick<JournalDetail, "entry" | "steps">): Line[] {
  const possible = possibilities(entry);
  const halfDone = steps.some((one) => one.state === "begun");
  if (entry.state === "running" || entry.state === "undone") return [];
  if (entry.state === "interrupted")
    return [
      { what: "undo", why: "The same as Roll back here: the change did not come to its end." },
      { what: "finish", why: null },
      { what: "rollBack", why: null },
    ];
  const undo = possible.includes("undo");
  return [
    { what: "undo", why: undo ? null : "Nothing of it was done: there is nothing to take back." },
    { what: "finish", why: possible.includes("finish") ? null : "Every step is done." },
    { what: "rollBack", why: halfDone ? null : "The same as Undo here: no step is half done." },
  ];
}
