/** The numbers of a plan at its head: what goes, stays, is protected, was not read, and what that frees. */
import { Progress } from "@mantine/core";
import type { Plan } from "../../../ipc";
import { counted, formatCount, useFormat } from "../../../shared/format";
import text from "../../../shared/text.module.css";
import classes from "./PlanPage.module.css";
import type { PlanModel } from "./planModel";

interface PlanSummaryProps {
  plan: Plan;
  model: PlanModel;
}

export function PlanSummary({ plan, model }: PlanSummaryProps) {
  const { bytes } = useFormat();
  const { counts } = model;
  const goes = counts.versions > 0 || counts.tags === 0 ? `${counted(counts.versions, "version")} ${verb(counts.versions, "go")}` : null;
  const freed = plan.reclaimedBytes;
  const { storedBytes } = plan;
  const known = storedBytes !== null && storedBytes >= freed;
  const stopped = model.unread.length;
  return (
    <div className={classes.sums}>
      <Sum
        tone={counts.tags + counts.digests > 0 ? "danger" : undefined}
        label={goes === null ? "their versions stay" : counted(counts.versionTags, "tag")}
      >
        {goes ?? `${counted(counts.tags, "tag")} ${verb(counts.tags, "go")}`}
      </Sum>
      <Sum label={counted(counts.keptTags, "tag")}>{`${formatCount(counts.keptVersions)} ${verb(counts.keptVersions, "stay")}`}</Sum>
      {plan.protected.length > 0 ? <Sum label="by what stays">{formatCount(plan.protected.length)} protected</Sum> : null}
      {plan.unreadable.length > 0 ? (
        <Sum tone="warn" label={stopped === 1 ? "its repository stops" : `${formatCount(stopped)} repositories stop`}>
          {formatCount(plan.unreadable.length)} not read
        </Sum>
      ) : null}
      <div className={classes.freed}>
        <b>{bytes(freed)} freed</b>
        {known ? (
          <>
            <Progress
              size={8}
              color="var(--b-danger-fill)"
              className={classes.freedBar}
              aria-label={`${bytes(freed)} of ${bytes(storedBytes)} freed`}
              value={storedBytes === 0 ? 0 : (freed / storedBytes) * 100}
            />
            <span className={text.cut}>
              of {bytes(storedBytes)}, each blob counted once; {bytes(storedBytes - freed)} stay in use by versions that stay
            </span>
          </>
        ) : (
          <span className={text.cut}>each blob counted once; what other versions use stays</span>
        )}
      </div>
    </div>
  );
}

/** `1 version goes`, `9 versions go`. */
function verb(count: number, word: "go" | "stay"): string {
  return count === 1 ? (word === "go" ? "goes" : "stays") : word;
}

function Sum({ tone, label, children }: { tone?: "danger" | "warn" | undefined; label: string; children: React.ReactNode }) {
  return (
    <div>
      <b className={tone === undefined ? undefined : text[tone]}>{children}</b>
      <span>{label}</span>
    </div>
  );
}
