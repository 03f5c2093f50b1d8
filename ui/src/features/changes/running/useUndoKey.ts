/** Ctrl+Z undoes the last change of this window at once; where it made none, the last of the journal, shown first. */
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import type { JournalEntry } from "../../../ipc";
import { newestChangesQuery } from "../../../ipc/queries/changes";
import { useAction } from "../../../shared/keys";
import { lastUndoable, undoChange } from "./changes";
import { askForUndo, askToUndo } from "./undo";

export function useUndoKey(): void {
  const client = useQueryClient();
  useAction("undo", () => {
    const last = lastUndoable();
    if (last !== undefined) {
      void undoChange(last, askForUndo);
      return;
    }
    void client.fetchQuery({ ...newestChangesQuery, staleTime: 0 }).then(
      ({ items }) => {
        const entry = items.find(canUndo);
        if (entry === undefined) notifications.show({ message: "There is nothing to undo" });
        else askToUndo(entry);
      },
      // The journal's own page says what is wrong with it.
      () => notifications.show({ message: "The journal could not be read" }),
    );
  });
}

/** Undoing may still be refused: only its plan tells. */
export function canUndo(entry: JournalEntry): boolean {
  return entry.kind !== "undo" && entry.state !== "running" && entry.state !== "undone" && entry.stepsDone > 0;
}
