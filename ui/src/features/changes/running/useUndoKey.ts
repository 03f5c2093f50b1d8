/** Ctrl+Z undoes the last change of this window at once; where it made none, the last of the journal, shown first. */
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { unsettledQuery } from "../../../ipc/queries/changes";
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
    // Undoing may still be refused: only its plan tells.
    void client.fetchQuery({ ...unsettledQuery, staleTime: 0 }).then(
      ({ undoable }) => {
        if (undoable === null) notifications.show({ message: "There is nothing to undo" });
        else askToUndo(undoable);
      },
      // The journal's own page says what is wrong with it.
      () => notifications.show({ message: "The journal could not be read" }),
    );
  });
}
