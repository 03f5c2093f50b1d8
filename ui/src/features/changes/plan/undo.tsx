/** The toast after a deletion: it offers to undo it, does so as a plan of its own, and tells how that ended. */
import { Button, Kbd } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck } from "@tabler/icons-react";
import type { QueryClient } from "@tanstack/react-query";
import { executeChange, type Outcome, type Plan, planChange, toProblem } from "../../../ipc";
import { indexRoot } from "../../../ipc/queries/keys";
import { Icon } from "../../../shared/Icon";
import { createStore } from "../../../shared/store";
import classes from "./undo.module.css";
import { deletionWords } from "./words";

export interface Undoable {
  journalId: string;
  /** What was done: "Deleted 13 tags". */
  done: string;
}

/** The last deletion of this window that nobody has undone. */
const last = createStore<Undoable | null>(null);
export const useUndoable = last.use;

const toast = (undoable: Undoable) => `undo ${undoable.journalId}`;

/** `key` is what undoes it from the keyboard. */
export function offerUndo(undoable: Undoable, client: QueryClient, key: string): void {
  last.put(undoable);
  notifications.show({
    id: toast(undoable),
    message: (
      <span className={classes.line}>
        <Icon of={IconCheck} className={classes.done} />
        <span className={classes.words}>{undoable.done}</span>
        <Button size="xs" rightSection={<Kbd>{key}</Kbd>} onClick={() => void undo(undoable, client)}>
          Undo
        </Button>
      </span>
    ),
  });
}

/** Plans the undo, does it, and says how it ended. Never rejects. */
export async function undo(undoable: Undoable, client: QueryClient): Promise<void> {
  if (last.get()?.journalId === undoable.journalId) last.put(null);
  notifications.hide(toast(undoable));
  const id = notifications.show({ message: `Undoing: ${undoable.done}`, loading: true, autoClose: false, withCloseButton: false });
  const say = (message: string, stays: boolean) =>
    notifications.update({
      id,
      message,
      loading: false,
      withCloseButton: true,
      autoClose: stays ? false : 10_000,
      role: stays ? "alert" : "status",
    });
  try {
    const plan = await planChange({ kind: "undo", id: undoable.journalId });
    if (plan.steps.length === 0) {
      say("There is nothing to undo: all of it is there", false);
      return;
    }
    const outcome = await executeChange(plan.planId);
    say(endWords(outcome), outcome.state !== "done");
  } catch (error) {
    const { message, hint } = toProblem(error);
    say(`It was not undone: ${message}.${hint === null ? "" : ` ${hint}`}`.replace("..", "."), true);
  } finally {
    await client.invalidateQueries({ queryKey: indexRoot });
  }
}

function endWords(outcome: Outcome): string {
  if (outcome.state === "done") return `Undone: ${backWords(outcome.plan)}`;
  const [first] = outcome.failed;
  const why = first === undefined ? (outcome.skipped[0]?.reason ?? "") : first.message;
  return `Undone in part: ${outcome.done.length} of ${outcome.plan.steps.length} steps. ${why}`;
}

function backWords({ steps }: Plan): string {
  const put = steps.filter((step) => step.action === "put-manifest");
  const words = deletionWords({
    tags: put.reduce((sum, step) => sum + step.tags.length, 0),
    digests: new Set(put.map((step) => step.digest)).size,
  });
  return words === "" ? "all of it is back" : `${words} are back`;
}
