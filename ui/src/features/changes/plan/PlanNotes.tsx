/** What one should know before reading a plan's rows: that it changed, how it ended, what the registry will not do. */
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Outcome, Plan } from "../../../ipc";
import { counted } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { type Difference, namesWords } from "./difference";
import { otherWarnings } from "./foot";
import classes from "./PlanPage.module.css";

export function DifferenceNote({ difference }: { difference: Difference }) {
  const parts = [
    difference.more.length > 0 ? `Now it also deletes ${namesWords(difference.more)}.` : null,
    difference.fewer.length > 0 ? `It does not delete ${namesWords(difference.fewer)} any more.` : null,
  ].filter((part) => part !== null);
  return (
    <Note tone="warn">
      <b>The registry has changed since this was planned.</b> {parts.join(" ")} This is the new plan; nothing is deleted yet.
    </Note>
  );
}

export function EndNote({ outcome }: { outcome: Outcome }) {
  const { failed, skipped, done } = outcome;
  const counts = `${counted(done.length, "step")} done, ${failed.length} failed, ${skipped.length} skipped.`;
  const title =
    outcome.state === "cancelled" ? "Cancelled." : outcome.state === "failed" ? "It failed: nothing was deleted." : "It was done in part.";
  return (
    <Note tone={failed.length > 0 ? "danger" : "warn"} alert={failed.length > 0}>
      <b>{title}</b> {counts} What failed or was skipped is still there.
    </Note>
  );
}

/** What the plan says of the registry, besides undoing. */
export function PlainNotes({ plan }: { plan: Plan }) {
  return otherWarnings(plan).map((warning) => (
    <Note key={warning} tone="plain">
      {warning}
    </Note>
  ));
}

function Note({ tone, alert = false, children }: { tone: "warn" | "danger" | "plain"; alert?: boolean; children: ReactNode }) {
  return (
    <div role={alert ? "alert" : "status"} className={classes.note} data-tone={tone}>
      <Icon of={tone === "plain" ? IconInfoCircle : IconAlertTriangle} />
      <p>{children}</p>
    </div>
  );
}
