/** How a change of the journal, or a step of it, stands. */
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconBan,
  IconCheck,
  IconCircleX,
  IconClock,
  IconRefresh,
  type Icon as TablerIcon,
} from "@tabler/icons-react";
import { Icon } from "../../../shared/Icon";
import classes from "./Journal.module.css";

const looks: Record<string, { icon: TablerIcon; label: string; tone?: "warn" | "danger" }> = {
  running: { icon: IconRefresh, label: "Running" },
  interrupted: { icon: IconClock, label: "Interrupted", tone: "warn" },
  done: { icon: IconCheck, label: "Done" },
  partial: { icon: IconAlertTriangle, label: "Done in part", tone: "warn" },
  failed: { icon: IconCircleX, label: "Failed", tone: "danger" },
  cancelled: { icon: IconBan, label: "Cancelled" },
  undone: { icon: IconArrowBackUp, label: "Undone" },
};

export function stateName(state: string): string {
  return looks[state]?.label ?? state;
}

export function StateMark({ state }: { state: string }) {
  const { icon, label, tone } = looks[state] ?? { icon: IconClock, label: state };
  return (
    <span className={classes.state} data-tone={tone}>
      <Icon of={icon} size="smallest" />
      <span>{label}</span>
    </span>
  );
}

const steps: Record<string, { icon: TablerIcon; label: string; tone?: "warn" | "danger" }> = {
  waiting: { icon: IconClock, label: "not begun" },
  begun: { icon: IconClock, label: "begun, not known to be done", tone: "warn" },
  done: { icon: IconCheck, label: "done" },
  failed: { icon: IconCircleX, label: "failed", tone: "danger" },
  skipped: { icon: IconBan, label: "skipped" },
};

/** What a step that was done did, by its action. */
const deeds: Record<string, string> = {
  "put-manifest": "set",
  "delete-tag": "untagged",
  "delete-manifest": "deleted",
  "copy-blob": "copied",
  "mount-blob": "mounted",
};

export function StepMark({ action, state, message }: { action: string; state: string; message: string | null }) {
  const { icon, tone, label: usual } = steps[state] ?? { icon: IconClock, label: state, tone: undefined };
  const label = state === "done" ? (deeds[action] ?? usual) : usual;
  const words = message === null || message === "" ? label : `${label}: ${message}`;
  return (
    <span className={classes.state} data-tone={tone} title={words}>
      <Icon of={icon} size="smallest" />
      <span>{words}</span>
    </span>
  );
}
