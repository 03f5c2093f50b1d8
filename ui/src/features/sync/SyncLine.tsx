/** A line of 2 px at the head of a pane while its connection is synchronised. It takes no room when nothing runs. */
import { Progress } from "@mantine/core";
import { useActivity } from "./activity";
import classes from "./SyncLine.module.css";

export function SyncLine({ connectionId }: { connectionId: string }) {
  const { running } = useActivity();
  const step = running.find((one) => one.connectionId === connectionId)?.step;
  if (!step || step.total === null || step.total === 0) return null;
  return (
    <Progress className={classes.line} value={(100 * step.done) / step.total} aria-label={`${step.what}: ${step.done} of ${step.total}`} />
  );
}
