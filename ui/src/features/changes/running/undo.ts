/** Undoing, finishing and rolling back what the journal holds: each a plan of its own, shown first where one has to look. */
import type { JournalEntry, Plan } from "../../../ipc";
import type { Change } from "./changes";
import { askForPlan } from "./planDialog";
import { capital, entryNoun, finishWords, rollBackWords, undoWords } from "./words";

/** The plan of an undo that needs a look. */
export function askForUndo(plan: Plan, undo: Change): void {
  const undoes = undo.request.kind === "undo" ? { undoes: undo.request.id } : {};
  askForPlan({ ...undo, ...undoes, plan, title: capital(undo.words.doing.replace(/^Undoing/, "undo")), verb: "Undo" });
}

export function askToUndo(entry: JournalEntry): void {
  const what = entryNoun(entry);
  askForPlan({ request: { kind: "undo", id: entry.id }, words: undoWords(what), title: `Undo ${what}`, verb: "Undo", undoes: entry.id });
}

/** The undo of a change that did not come to its end. */
export function askToRollBack(entry: JournalEntry): void {
  const what = entryNoun(entry);
  const words = rollBackWords(what);
  askForPlan({ request: { kind: "undo", id: entry.id }, words, title: `Roll back ${what}`, verb: "Roll back", undoes: entry.id });
}

export function askToFinish(entry: JournalEntry): void {
  const what = entryNoun(entry);
  askForPlan({ request: { kind: "resume", id: entry.id }, words: finishWords(what), title: `Finish ${what}`, verb: "Finish it" });
}
