/** Deletions that go on, or ended with something left, while another page is shown: each a toast that leads back to it. */
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { counted, formatCount } from "../../../shared/format";
import { type Run, useRuns } from "./runs";
import classes from "./undo.module.css";

interface RunsElsewhereProps {
  /** The key of the plan that is on screen; null: none. */
  shown: string | null;
  onShow: (connectionId: string, repository: string, change: "prune" | "delete") => void;
}

export function RunsElsewhere({ shown, onShow }: RunsElsewhereProps) {
  const runs = useRuns();
  return [...runs].filter(([key]) => key !== shown).map(([key, run]) => <RunToast key={key} place={key} run={run} onShow={onShow} />);
}

/** Shows nothing by itself: the toast comes with it and goes with it. */
function RunToast({ place, run, onShow }: { place: string; run: Run } & Pick<RunsElsewhereProps, "onShow">) {
  const id = `run ${place}`;
  const connectionId = place.slice(0, place.indexOf(" "));
  const repository = place.slice(connectionId.length + 1);
  useEffect(() => {
    notifications.show({ id, message: "", autoClose: false, withCloseButton: false });
    return () => void notifications.hide(id);
  }, [id]);
  useEffect(() => {
    notifications.update({
      id,
      loading: run.outcome === null && run.problem === null,
      message: (
        <span className={classes.line}>
          <span className={classes.words}>{words(repository, run)}</span>
          <Button size="xs" onClick={() => onShow(connectionId, repository, run.plan.kind === "delete" ? "delete" : "prune")}>
            Show
          </Button>
        </span>
      ),
    });
  }, [id, run, connectionId, repository, onShow]);
  return null;
}

function words(repository: string, { plan, step, outcome, problem }: Run): string {
  if (problem !== null) return `The deletion in ${repository} did not begin: ${problem.message}`;
  if (outcome === null)
    return `Deleting in ${repository}: ${formatCount(step?.done ?? 0)} of ${counted(step?.total ?? plan.steps.length, "step")}`;
  const left = outcome.failed.length + outcome.skipped.length;
  return `The deletion in ${repository} ended with ${counted(left, "step")} not done`;
}
