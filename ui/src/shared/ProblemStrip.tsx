/** An error in the pane it concerns: what happened, what still works or did not change, one thing to do. Never a dialog. */
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconClock, IconCloudOff, IconKey, IconLock, IconShield, type Icon as TablerIcon } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import type { ErrorCode, Problem } from "../ipc";
import { Icon } from "./Icon";
import classes from "./ProblemStrip.module.css";

type Tone = "warn" | "danger";

const looks: Partial<Record<ErrorCode, { icon: TablerIcon; tone: Tone }>> = {
  loginExpired: { icon: IconKey, tone: "warn" },
  loginRequired: { icon: IconKey, tone: "warn" },
  denied: { icon: IconKey, tone: "warn" },
  rateLimited: { icon: IconClock, tone: "warn" },
  keychainUnavailable: { icon: IconLock, tone: "warn" },
  unreachable: { icon: IconCloudOff, tone: "warn" },
  offline: { icon: IconCloudOff, tone: "warn" },
  untrustedCertificate: { icon: IconShield, tone: "danger" },
};

interface ProblemStripProps {
  problem: Problem;
  /** What happened, in one line; the problem's message when left out. */
  title?: string;
  /** What still works or did not change. */
  still?: ReactNode;
  /** The one thing to do. */
  action?: { label: string; run: () => void; main?: boolean } | undefined;
  /** Tinted, at the head of a pane. */
  banner?: boolean;
}

export function ProblemStrip({ problem, title, still, action, banner = false }: ProblemStripProps) {
  const [open, setOpen] = useState(false);
  const details = useId();
  const { icon, tone } = looks[problem.code] ?? { icon: IconAlertTriangle, tone: "danger" as const };
  const heading = title ?? problem.message;
  const second = still ?? problem.hint;
  const more = [title === undefined ? null : problem.message, still === undefined ? null : problem.hint].filter((text) => text !== null);
  return (
    <div role="alert" className={classes.strip} data-tone={tone} data-banner={banner || undefined}>
      <Icon of={icon} className={classes.icon} />
      <div className={classes.words}>
        <b>{heading}</b>
        {second ? <p>{second}</p> : null}
        {open ? (
          <pre id={details} className={classes.details}>
            {[...more, `code: ${problem.code}`].join("\n")}
          </pre>
        ) : null}
      </div>
      <span className={classes.actions}>
        {action ? (
          <Button size="xs" variant={action.main ? "filled" : "default"} onClick={action.run}>
            {action.label}
          </Button>
        ) : null}
        <Button size="xs" aria-expanded={open} aria-controls={details} onClick={() => setOpen(!open)}>
          Details
        </Button>
      </span>
    </div>
  );
}
