/** How far a row is: in words, with a mark. */
import { IconAlertTriangle, IconBan, IconCheck, IconClock } from "@tabler/icons-react";
import { Icon } from "../../../shared/Icon";
import classes from "./CopyPage.module.css";
import type { RowState } from "./copyModel";

interface StateCellProps {
  state: RowState;
  done: string;
  waits: string;
  /** While it sends, if it is known. */
  pace: string;
}

export function StateCell({ state, done, waits, pace }: StateCellProps) {
  switch (state.name) {
    case "sends":
      return <span className={classes.pace}>{pace === "" ? "sends" : pace}</span>;
    case "done":
      return (
        <span className={classes.state}>
          <Icon of={IconCheck} size="smallest" />
          {done}
        </span>
      );
    case "failed":
      return (
        <span className={`${classes.state} ${classes.failed}`} title={state.message}>
          <Icon of={IconAlertTriangle} size="smallest" />
          failed
        </span>
      );
    case "skipped":
      return (
        <span className={classes.state} title={state.reason}>
          <Icon of={IconBan} size="smallest" />
          not done
        </span>
      );
    case "waits":
      return (
        <span className={classes.state}>
          <Icon of={IconClock} size="smallest" />
          {waits}
        </span>
      );
  }
}
